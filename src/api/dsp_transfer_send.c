/* The messages of a transfer that this node sends (kinds in delivery/delivery_follow.h). Each is made from the row and the
 * act that caused it, so a message sent again says the same; what an answer means is told to delivery/. */
#include "act/content.h"
#include "api/dsp_message.h"
#include "api/dsp_negotiation.h"
#include "api/dsp_transfer.h"
#include "base/limits.h"
#include "delivery/delivery_follow.h"
#include "delivery/delivery_states.h"
#include "delivery/delivery_store.h"
#include "delivery/delivery_take.h"
#include "recognise/interlock.h"

/* Where the peer's paths begin: the address that it or a person named, else its own base. */
static err base_of(struct ctx *c, struct acts *n, const struct delivery_row *d, struct str *ret)
{
	struct organisation o;
	TRY(organisation_approved(c, acts_db(n), d->peer, &o));
	*ret = d->address.n > 0 ? d->address : o.dsp;
	while (str_ends(*ret, STR("/")))
		ret->n--;
	ENSURE(ret->n > 0, c, ERR_FORBIDDEN_ADDRESS, "no address of %.*s is known", FMT(d->peer));
	return OK;
}

static err finish(struct ctx *c, struct acts *n, const struct delivery_row *d, const char *path,
	const struct json *j, struct message *ret)
{
	struct str base;
	TRY(base_of(c, n, d, &base));
	ret->method = "POST";
	TRY(arena_fmt(c, &ret->url, "%.*s/transfers/%.*s/%s", FMT(base), FMT(d->peer_pid), path));
	return json_write(c, j, false, LIMIT_HTTP_BODY, &ret->body);
}

/* A message of that type, with a reason where there is one. */
static err message_of(
	struct ctx *c, const struct delivery_row *d, enum dsp_type type, struct dsp_message *ret)
{
	bool provider = d->role == AGREEMENT_PROVIDER;
	ENSURE(d->peer_pid.n > 0, c, ERR_GONE, "the other party never answered");
	*ret = (struct dsp_message){.type = type,
		.provider_pid = provider ? d->pid : d->peer_pid,
		.consumer_pid = provider ? d->peer_pid : d->pid};
	return OK;
}

/* What a joined party gets beside the message: the proof of the act, its document and our signature on it. */
static err show(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct hash *document, const struct hash *signature, struct json **ret)
{
	const struct json *j;
	struct str text;
	TRY(interlock_show(c, n, row->peer, row->index, ret));
	TRY(content_get_json(c, acts_db(n), document, &j));
	TRY(content_get(c, acts_db(n), signature, &text));
	json_set(ret, "document", json_copy(c, j));
	json_set_str(c, ret, "signature", text);
	return OK;
}

static err render_ask(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct delivery_row d;
	struct json *shugu = NULL;
	struct str callback, base;
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	ENSURE(delivery_is_open(d.state), c, ERR_GONE, "this delivery has ended");
	TRY(arena_fmt(c, &callback, "%.*s" DSP_CALLBACK, FMT(acts_self(n)->url)));
	if (d.joined)
		TRY(show(c, n, row, &d.request, &d.request_signature, &shugu));
	const struct dsp_message m = {.type = DSP_TRANSFER_REQUEST,
		.consumer_pid = d.pid,
		.agreement_id = d.agreement,
		.format = STR(DSP_PULL),
		.callback = callback,
		.shugu = shugu};
	TRY(base_of(c, n, &d, &base));
	ret->method = "POST";
	TRY(arena_fmt(c, &ret->url, "%.*s/transfers/request", FMT(base)));
	return json_write(c, dsp_message_json(c, &m), false, LIMIT_HTTP_BODY, &ret->body);
}

static err set_address(
	struct ctx *c, struct acts *n, const struct delivery_row *d, struct dsp_message *m)
{
	struct delivery_token token;
	TRY(delivery_store_token(c, acts_db(n), d->id, &token));
	m->address =
		(struct dsp_address){STR(DSP_HTTP), token.endpoint, token.token, STR("bearer")};
	return OK;
}

/* Nothing is opened to the other party under an agreement that has ended. */
static err agreement_holds(struct ctx *c, struct acts *n, const struct delivery_row *d)
{
	struct agreement_row a;
	TRY(agreement_find(c, acts_db(n), d->agreement, &a));
	ENSURE(a.state != AGREEMENT_TERMINATED, c, ERR_GONE, "the agreement was ended: %.*s",
		FMT(a.reason));
	return OK;
}

static err render_start(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct delivery_row d;
	struct dsp_message m;
	struct json *shugu = NULL;
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	ENSURE(delivery_is_open(d.state), c, ERR_GONE, "this delivery has ended");
	TRY(agreement_holds(c, n, &d));
	TRY(message_of(c, &d, DSP_TRANSFER_START, &m));
	TRY(set_address(c, n, &d, &m));
	if (d.joined)
		TRY(show(c, n, row, &d.manifest, &d.manifest_signature, &shugu));
	m.shugu = shugu;
	return finish(c, n, &d, "start", dsp_message_json(c, &m), ret);
}

/* The provider that resumes says again where the data lies. */
static err render_resume(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct delivery_row d;
	struct dsp_message m;
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	TRY(message_of(c, &d, DSP_TRANSFER_START, &m));
	TRY(agreement_holds(c, n, &d));
	if (d.role == AGREEMENT_PROVIDER)
		TRY(set_address(c, n, &d, &m));
	return finish(c, n, &d, "start", dsp_message_json(c, &m), ret);
}

/* Why, as the act says that this row tells of. */
static err reason_of(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct dsp_message *m)
{
	struct entry e;
	TRY(acts_entry(c, n, row->index, &e));
	struct str reason = json_text(json_get(e.body, "reason"));
	if (reason.n == 0)
		return OK;
	TRY(arena_str(c, reason, &reason));
	m->reason = dsp_reason(c, reason);
	m->code = STR("stopped");
	return OK;
}

static err render_change(struct ctx *c, struct acts *n, const struct outbox_row *row,
	enum dsp_type type, const char *path, struct message *ret)
{
	struct delivery_row d;
	struct dsp_message m;
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	TRY(message_of(c, &d, type, &m));
	TRY(reason_of(c, n, row, &m));
	return finish(c, n, &d, path, dsp_message_json(c, &m), ret);
}

static err render_suspend(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render_change(c, n, row, DSP_TRANSFER_SUSPENSION, "suspension", ret);
}

static err render_terminate(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render_change(c, n, row, DSP_TRANSFER_TERMINATION, "termination", ret);
}

static err render_complete(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct delivery_row d;
	struct dsp_message m;
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	TRY(message_of(c, &d, DSP_TRANSFER_COMPLETION, &m));
	return finish(c, n, &d, "completion", dsp_message_json(c, &m), ret);
}

static err render_receive(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct delivery_row d;
	struct dsp_message m;
	struct json *shugu;
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	bool complete = str_is(d.result, "complete");
	TRY(message_of(c, &d, complete ? DSP_TRANSFER_COMPLETION : DSP_TRANSFER_TERMINATION, &m));
	TRY(show(c, n, row, &d.receipt, &d.receipt_signature, &shugu));
	m.shugu = shugu;
	if (!complete) {
		m.code = STR("refused");
		m.reason = dsp_reason(c, STR("what came is not what was signed"));
	}
	return finish(
		c, n, &d, complete ? "completion" : "termination", dsp_message_json(c, &m), ret);
}

static err render_receipt(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct delivery_row d;
	struct organisation o;
	struct json *shugu, *j = json_object(c);
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	TRY(organisation_approved(c, acts_db(n), d.peer, &o));
	TRY(show(c, n, row, &d.receipt, &d.receipt_signature, &shugu));
	json_set(&j, "shugu", shugu);
	ret->method = "POST";
	TRY(arena_fmt(c, &ret->url, "%.*s/peer/v1/deliveries/%.*s/receipt", FMT(o.url), FMT(d.id)));
	return json_write(c, j, false, LIMIT_HTTP_BODY, &ret->body);
}

static bool is_yes(const struct reply *r)
{
	return r->status >= 200 && r->status < 300;
}

static struct str said(const struct reply *r)
{
	struct str reason = dsp_reason_text(json_get(r->json, "reason"));
	return reason.n > 0 ? reason : json_text(json_get(r->json, "detail"));
}

/* What a peer says for the moment (404 and 409 among it: its own side may not be so far yet) is tried again. */
static err later(struct ctx *c, const struct outbox_row *row, const struct reply *r)
{
	bool again = r->status >= 500 || r->status == 401 || r->status == 404 || r->status == 408 ||
		     r->status == 409 || r->status == 425 || r->status == 429;
	ENSURE(!again, c, ERR_PEER_UNREACHABLE, "%.*s answered %d: %.*s", FMT(row->peer), r->status,
		FMT(str_sub(said(r), 0, 300)));
	return OK;
}

/* A final no ends the delivery here too. */
static err refused(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct str reason;
	TRY(later(c, row, r));
	TRY(arena_fmt(c, &reason, "the other party refused (%d): %.*s", r->status,
		FMT(str_sub(said(r), 0, LIMIT_REASON / 2))));
	TRY(delivery_take_refusal(c, n, row->subject, reason));
	return fail(c, ERR_PEER_REFUSED, "%.*s", FMT(reason));
}

static err answered_ask(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct dsp_message m;
	if (!is_yes(r))
		return refused(c, n, row, r);
	TRY(dsp_message_read(c, r->json, DSP_TRANSFER, &m));
	ENSURE(str_eq(m.consumer_pid, row->subject), c, ERR_PEER_UNREACHABLE,
		"the answer is about another transfer");
	return delivery_take_answer(c, n, row->subject, m.provider_pid, (struct str){"", 0});
}

static err answered_step(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct reply *r, enum delivery_state state)
{
	if (!is_yes(r))
		return refused(c, n, row, r);
	return delivery_take_answer(
		c, n, row->subject, (struct str){"", 0}, str_z(delivery_state_name(state)));
}

static err answered_start(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	return answered_step(c, n, row, r, DELIVERY_STARTED);
}

static err answered_suspend(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	return answered_step(c, n, row, r, DELIVERY_SUSPENDED);
}

/* Row 8a. A joined party that says yes without its proof is asked again. */
static err answered_receipt(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	if (is_yes(r))
		return delivery_take_end(c, n, row->subject, json_get(r->json, "shugu"));
	TRY(later(c, row, r));
	return fail(c, ERR_PEER_REFUSED, "the other party refused the receipt (%d): %.*s",
		r->status, FMT(str_sub(said(r), 0, 300)));
}

/* Where the transfer takes no message any more, the receipt goes its own way. */
static err answered_receive(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct delivery_row d;
	if (r->status != 400)
		return answered_receipt(c, n, row, r);
	TRY(delivery_find(c, acts_db(n), row->subject, &d));
	return delivery_post_receipt(c, n, &d);
}

static const struct renderer renderers[] = {
	{"delivery.ask", render_ask, answered_ask},
	{"delivery.start", render_start, answered_start},
	{"delivery.receive", render_receive, answered_receive},
	{"delivery.receipt", render_receipt, answered_receipt},
	{"delivery.suspend", render_suspend, answered_suspend},
	{"delivery.resume", render_resume, answered_start},
	{"delivery.terminate", render_terminate, NULL},
	{"delivery.complete", render_complete, NULL},
};
const struct renderers dsp_transfer_renderers = {renderers, countof(renderers)};
