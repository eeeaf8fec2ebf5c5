/* /peer/v1: invoices between nodes (docs/FORMATS.md, 15), and the messages that invoice/ puts into the outbox. What a
 * message means is judged in invoice/invoice_take. */
#include "api/invoice.h"
#include "base/limits.h"
#include "invoice/invoice_build.h"
#include "invoice/invoice_take.h"
#include "party/organisation.h"

/* Leaves the id of the row for say(). */
static err left(struct ctx *c, struct call *k, struct str id)
{
	struct str *kept;
	NEW(c, kept);
	*kept = id;
	k->state = kept;
	return OK;
}

/* 200 with what is told, 202 while a person decides. */
static err say_told(struct ctx *c, struct call *k, const struct json *told)
{
	return told != NULL ? call_json(c, k, 200, told) : call_json(c, k, 202, json_object(c));
}

static err say_nothing(struct ctx *c, struct call *k)
{
	return call_json(c, k, 200, json_object(c));
}

static err issue(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	TRY(invoice_take_issue(c, k->acts, k->caller, k->body, &r));
	return left(c, k, r.id);
}

static err say_answer(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	struct json *told;
	TRY(invoice_record_find(c, acts_db(k->acts), *(struct str *)k->state, &r));
	TRY(invoice_tell_answer(c, k->acts, &r, &told));
	return say_told(c, k, told);
}

static err accept(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	return invoice_take_accept(c, k->acts, k->caller, k->param[0], k->body, &r);
}

static err dispute(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	return invoice_take_dispute(c, k->acts, k->caller, k->body, &r);
}

static err correct(struct ctx *c, struct call *k)
{
	struct correction_row x;
	TRY(invoice_take_correct(c, k->acts, k->caller, k->body, &x));
	return left(c, k, x.id);
}

static err say_correction(struct ctx *c, struct call *k)
{
	struct correction_row x;
	struct json *told;
	TRY(invoice_record_correction(c, acts_db(k->acts), *(struct str *)k->state, &x));
	TRY(invoice_tell_correction_answer(c, k->acts, &x, &told));
	return say_told(c, k, told);
}

static err answer_correction(struct ctx *c, struct call *k)
{
	struct correction_row x;
	return invoice_take_correction_answer(c, k->acts, k->caller, k->param[0], k->body, &x);
}

static err say_status(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	struct json *z;
	TRY(invoice_record_find(c, acts_db(k->acts), k->param[0], &r));
	ENSURE(str_eq(r.peer, k->caller), c, ERR_NOT_FOUND, "there is no such invoice");
	TRY(invoice_status(c, k->acts, &r, &z));
	return call_json(c, k, 200, z);
}

// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/peer/v1/invoices", .scope = SCOPE_PEER, .takes_json = true, .act = issue, .say = say_answer,
		.doc = "An invoice from the provider; the answer accepts or disputes it, or a person decides."},
	{.method = "POST", .path = "/peer/v1/invoices/{id}/acceptance", .scope = SCOPE_PEER, .takes_json = true, .act = accept,
		.say = say_nothing, .doc = "The consumer's signature on an invoice, where a person decided."},
	{.method = "GET", .path = "/peer/v1/invoices/{id}/status", .scope = SCOPE_PEER, .say = say_status,
		.doc = "Where an invoice stands, signed, under the newest head."},
	{.method = "POST", .path = "/peer/v1/disputes", .scope = SCOPE_PEER, .takes_json = true, .act = dispute, .say = say_nothing,
		.doc = "The other side disputes an invoice."},
	{.method = "POST", .path = "/peer/v1/corrections", .scope = SCOPE_PEER, .takes_json = true, .act = correct, .say = say_correction,
		.doc = "The other side proposes a correction; the answer agrees or declines, or a person decides."},
	{.method = "POST", .path = "/peer/v1/corrections/{id}/answer", .scope = SCOPE_PEER, .takes_json = true, .act = answer_correction,
		.say = say_nothing, .doc = "The answer to a correction of ours, where a person decided."},
};
// clang-format on
const struct routes invoice_peer_routes = {rows, countof(rows)};

static err render(struct ctx *c, struct acts *n, const struct outbox_row *row, const char *path,
	struct message *ret)
{
	struct organisation o;
	struct json *told;
	err e = organisation_approved(c, acts_db(n), row->peer, &o);
	/* What was signed for a party that was withdrawn since is kept: it may come back, else the log says undelivered. */
	ENSURE(e != ERR_FORBIDDEN, c, ERR_PEER_UNREACHABLE, "%.*s is not an approved party now",
		FMT(row->peer));
	TRY(e);
	TRY(invoice_tell(c, n, row->peer, row->index, &told));
	ret->method = "POST";
	TRY(arena_fmt(c, &ret->url, "%.*s/peer/v1/%s", FMT(o.url), path));
	return json_write(c, told, false, LIMIT_HTTP_BODY, &ret->body);
}

static err render_issue(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render(c, n, row, "invoices", ret);
}

static err render_accept(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct str path;
	TRY(arena_fmt(c, &path, "invoices/%.*s/acceptance", FMT(row->subject)));
	return render(c, n, row, path.p, ret);
}

static err render_dispute(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render(c, n, row, "disputes", ret);
}

static err render_correct(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render(c, n, row, "corrections", ret);
}

static err render_correction_answer(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct entry e;
	struct str path;
	TRY(acts_entry(c, n, row->index, &e));
	TRY(arena_fmt(c, &path, "corrections/%.*s/answer",
		FMT(json_text(json_get(e.body, "correction")))));
	return render(c, n, row, path.p, ret);
}

/* A no that will not become a yes, or one that may: as the courier itself judges where nobody reads the answer. */
static err judged(struct ctx *c, const struct outbox_row *row, const struct reply *r)
{
	bool again = r->status == 404 || r->status == 408 || r->status == 409 || r->status == 425 ||
		     r->status == 429;
	bool no = r->status >= 400 && r->status < 500 && !again;
	struct str detail = json_text(json_get(r->json, "detail"));
	return fail(c, no ? ERR_PEER_REFUSED : ERR_PEER_UNREACHABLE,
		"%.*s answered %d to %.*s: %.*s", FMT(row->peer), r->status, FMT(row->kind),
		FMT(str_sub(detail, 0, 200)));
}

static bool is_yes(const struct reply *r)
{
	return r->status >= 200 && r->status < 300 && r->json != NULL;
}

static err answered_issue(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct invoice_record record;
	if (!is_yes(r))
		return judged(c, row, r);
	if (r->status == 202)
		return OK;
	if (json_get(r->json, "document") != NULL)
		return invoice_take_dispute(c, n, row->peer, r->json, &record);
	return invoice_take_accept(c, n, row->peer, row->subject, r->json, &record);
}

static err answered_correct(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct entry e;
	struct correction_row x;
	if (!is_yes(r))
		return judged(c, row, r);
	if (r->status == 202)
		return OK;
	TRY(acts_entry(c, n, row->index, &e));
	return invoice_take_correction_answer(
		c, n, row->peer, json_text(json_get(e.body, "correction")), r->json, &x);
}

static const struct renderer renderers[] = {
	{"invoice.issue", render_issue, answered_issue},
	{"invoice.accept", render_accept, NULL},
	{"invoice.dispute", render_dispute, NULL},
	{"invoice.correct", render_correct, answered_correct},
	{"invoice.agree", render_correction_answer, NULL},
	{"invoice.decline", render_correction_answer, NULL},
};
const struct renderers invoice_renderers = {renderers, countof(renderers)};
