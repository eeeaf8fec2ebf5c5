/* /peer/v1/mailbox: what waits for a party that nobody can call (docs/FORMATS.md, 17). It asks, waits for at most
 * LIMIT_MAILBOX_MS, does what the messages say as if it had been called, and posts its answers. A row stays until it is
 * answered; collected again it says the same. */
#include "api/mailbox.h"

#include "api/auth.h"
#include "api/post.h"
#include "base/limits.h"
#include "party/organisation.h"

#define ROWS 64u
/* What the rows of one answer may need in JSON beside their bodies is far below the rest of LIMIT_HTTP_BODY. */
#define BODIES_MAX (LIMIT_HTTP_BODY / 2)

static err row_json(struct ctx *c, struct call *k, const struct outbox_row *row,
	const struct message *m, struct json **ret)
{
	struct json *o = json_object(c);
	struct str name, path, token;
	TRY(post_name(c, row, &name));
	TRY(post_path(c, k->post, row->peer, m->url, &path));
	TRY(auth_token(c, k->acts, row->peer, &token));
	json_set_str(c, &o, "row", name);
	json_set_str(c, &o, "method", str_z(m->method));
	json_set_str(c, &o, "path", path);
	json_set_str(c, &o, "authorization", token);
	json_set_str(c, &o, "body", m->body.p != NULL ? m->body : STR(""));
	*ret = o;
	return OK;
}

/* A row that cannot be rendered any more is left out, and the courier drops it. */
static err push_row(struct ctx *c, struct call *k, const struct outbox_row *row, size_t *room,
	struct json **rows)
{
	struct message m = {.method = "POST"};
	struct str name;
	struct json *o;
	err e = post_render(c, k->post, row, &m);
	if (e != OK && !err_is_fault(e)) {
		TRY(post_name(c, row, &name));
		return courier_collected(c, k->courier, row->peer, name, 0, STR(""));
	}
	TRY(e);
	if (m.body.n > *room && *room < BODIES_MAX) {
		*room = 0;
		return OK;
	}
	*room -= m.body.n < *room ? m.body.n : *room;
	TRY(row_json(c, k, row, &m, &o));
	json_push(rows, o);
	return OK;
}

static err list(struct ctx *c, struct call *k, struct json **ret)
{
	struct outbox_row *rows;
	struct json *all = json_array(c);
	size_t n = 0, room = BODIES_MAX;
	NEW_N(c, rows, ROWS);
	TRY(outbox_of_peer(c, k->acts, k->caller, rows, ROWS, &n));
	for (size_t i = 0; i < n && room > 0; i++)
		TRY(push_row(c, k, &rows[i], &room, &all));
	*ret = all;
	return OK;
}

/* Only who cannot be called has a mailbox: for the others the courier is on its way. */
static err check_caller(struct ctx *c, struct call *k)
{
	struct organisation o;
	TRY(organisation_find(c, acts_db(k->acts), k->caller, &o));
	ENSURE(o.outbound, c, ERR_BAD_STATE, "%.*s can be called and is", FMT(o.did));
	ENSURE(k->courier != NULL, c, ERR_BUSY, "no node runs here");
	return OK;
}

static err say_rows(struct ctx *c, struct call *k)
{
	struct json *rows, *o = json_object(c);
	int64_t now = env_now_ms(acts_env(k->acts));
	TRY(check_caller(c, k));
	if (k->until_ms == 0)
		k->until_ms = now + LIMIT_MAILBOX_MS;
	TRY(list(c, k, &rows));
	k->waits = rows != NULL && rows->n == 0;
	if (k->waits && now < k->until_ms)
		return OK;
	json_set(&o, "rows", rows);
	return call_json(c, k, 200, o);
}

struct given {
	struct str row, body;
	int64_t status;
};

static const struct json_field given_fields[] = {
	{"row", JSON_K_TEXT, false, offsetof(struct given, row), 64, NULL},
	{"status", JSON_K_INT, false, offsetof(struct given, status), 0, NULL},
	{"body", JSON_K_TEXT, false, offsetof(struct given, body), LIMIT_HTTP_BODY, NULL},
};

static err take_answers(struct ctx *c, struct call *k)
{
	const struct json *all = json_get(k->body, "answers");
	struct given g;
	TRY(check_caller(c, k));
	ENSURE(all != NULL && all->type == JSON_ARRAY && all->n <= ROWS, c, ERR_BAD_VALUE,
		"answers must be an array of at most %u", ROWS);
	for (const struct json *j = all->first; j != NULL; j = j->next) {
		TRY(json_read(c, j, given_fields, countof(given_fields), false, &g));
		ENSURE(g.status >= 200 && g.status <= 599, c, ERR_BAD_VALUE, "this is no status");
	}
	for (const struct json *j = all->first; j != NULL; j = j->next) {
		TRY(json_read(c, j, given_fields, countof(given_fields), false, &g));
		TRY(courier_collected(c, k->courier, k->caller, g.row, (int)g.status, g.body));
	}
	return OK;
}

static err say_taken(struct ctx *c, struct call *k)
{
	return call_json(c, k, 200, json_object(c));
}

static const struct json_field answers_fields[] = {
	{.name = "answers", .kind = JSON_K_ARRAY},
};

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/peer/v1/mailbox", .scope = SCOPE_KNOWN, .say = say_rows,
		.doc = "What waits for a party that cannot be called; waits itself for up to 50 seconds."},
	{.method = "POST", .path = "/peer/v1/mailbox/answers", .scope = SCOPE_KNOWN, TAKES(answers_fields), .act = take_answers, .say = say_taken,
		.doc = "What that party has to say to it."},
};
// clang-format on
const struct routes mailbox_routes = {rows, countof(rows)};
