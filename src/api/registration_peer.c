/* /peer/v1/registrations: letters of title registration between nodes, and those that govern/ puts into the outbox. What a
 * letter means is judged in govern/registration_take. */
#include "api/registration.h"
#include "base/limits.h"
#include "govern/registration_letter.h"
#include "govern/registration_take.h"
#include "recognise/interlock.h"

static err take_step(struct ctx *c, struct call *k)
{
	return registration_take(c, k->acts, k->caller, k->body, &k->index);
}

static err say_taken(struct ctx *c, struct call *k)
{
	struct json *shown;
	TRY(interlock_show(c, k->acts, k->caller, k->index, &shown));
	return call_json(c, k, 200, shown);
}

// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/peer/v1/registrations", .scope = SCOPE_PEER, .takes_json = true, .act = take_step, .say = say_taken,
		.doc = "A step of the other side in a title registration; the answer proves that it is recorded."},
};
// clang-format on
const struct routes registration_peer_routes = {rows, countof(rows)};

static err render(struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct organisation o;
	struct json *told;
	err e = organisation_approved(c, acts_db(n), row->peer, &o);
	ENSURE(e != ERR_FORBIDDEN, c, ERR_PEER_UNREACHABLE, "%.*s is not an approved party now",
		FMT(row->peer));
	TRY(e);
	TRY(registration_tell(c, n, row->peer, row->index, &told));
	ret->method = "POST";
	TRY(arena_fmt(c, &ret->url, "%.*s/peer/v1/registrations", FMT(o.url)));
	return json_write(c, told, false, LIMIT_HTTP_BODY, &ret->body);
}

/* A no that will not become a yes ends an application, and its registrar's words say why. */
static err answered(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	if (r->status >= 200 && r->status < 300 && r->json != NULL)
		return registration_taken(c, n, row->peer, row->index, r->json);
	bool again = r->status == 404 || r->status == 408 || r->status == 409 || r->status == 425 ||
		     r->status == 429;
	bool no = r->status >= 400 && r->status < 500 && !again;
	struct str detail = str_sub(json_text(json_get(r->json, "detail")), 0, 1000), why;
	while (!str_is_utf8(detail))
		detail.n--;
	TRY(arena_fmt(c, &why, "answered %d: %.*s", r->status, FMT(detail)));
	if (no)
		TRY(registration_bounced(c, n, row->index, why));
	return fail(c, no ? ERR_PEER_REFUSED : ERR_PEER_UNREACHABLE, "%.*s %.*s", FMT(row->peer),
		FMT(str_sub(why, 0, 200)));
}

static const struct renderer kinds[] = {{"registration.step", render, answered}};
const struct renderers registration_renderers = {kinds, countof(kinds)};
