/* The messages of a negotiation that this node sends (kinds in contract/agreement_follow.h). Each is made from the row and
 * the act that caused it, so a message sent again says the same; what an answer means is told to contract/. */
#include "act/content.h"
#include "api/dsp_message.h"
#include "api/dsp_negotiation.h"
#include "base/limits.h"
#include "contract/agreement_states.h"
#include "contract/agreement_take.h"
#include "recognise/interlock.h"

/* Where the peer's paths begin: its callback address, or its own base when we are the consumer. */
static err base_of(struct ctx *c, struct acts *n, const struct agreement_row *r, struct str *ret)
{
	struct organisation o;
	TRY(organisation_approved(c, acts_db(n), r->peer, &o));
	*ret = r->address.n > 0 ? r->address : o.dsp;
	while (str_ends(*ret, STR("/")))
		ret->n--;
	ENSURE(ret->n > 0, c, ERR_FORBIDDEN_ADDRESS, "no address of %.*s is known", FMT(r->peer));
	return OK;
}

static void set_pids(struct dsp_message *m, const struct agreement_row *r)
{
	bool provider = r->role == AGREEMENT_PROVIDER;
	m->provider_pid = provider ? r->negotiation : r->peer_pid;
	m->consumer_pid = provider ? r->peer_pid : r->negotiation;
}

/* What a joined party gets beside the message: the proof of the act, and the members that row has. */
static err show(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct agreement_row *r, struct json **ret)
{
	*ret = NULL;
	return r->joined ? interlock_show(c, n, r->peer, row->index, ret) : OK;
}

static err put_signature(
	struct ctx *c, struct acts *n, const struct hash *digest, struct json **shugu)
{
	struct str text;
	TRY(content_get(c, acts_db(n), digest, &text));
	json_set_str(c, shugu, "signature", text);
	return OK;
}

static err finish(struct ctx *c, struct acts *n, const struct agreement_row *r, const char *path,
	const struct json *j, struct message *ret)
{
	struct str base;
	TRY(base_of(c, n, r, &base));
	ret->method = "POST";
	if (r->peer_pid.n > 0)
		TRY(arena_fmt(c, &ret->url, "%.*s/negotiations/%.*s/%s", FMT(base),
			FMT(r->peer_pid), path));
	else
		TRY(arena_fmt(c, &ret->url, "%.*s/negotiations/%s", FMT(base), path));
	return json_write(c, j, false, LIMIT_HTTP_BODY, &ret->body);
}

/* The row, if the negotiation still is where this message belongs. */
static err open_row(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct agreement_row *ret)
{
	TRY(agreement_find(c, acts_db(n), row->subject, ret));
	ENSURE(ret->state != AGREEMENT_TERMINATED, c, ERR_GONE, "this negotiation has ended");
	return OK;
}

static err render_request(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct agreement_row r;
	struct json *shugu;
	struct str callback;
	TRY(open_row(c, n, row, &r));
	TRY(show(c, n, row, &r, &shugu));
	TRY(arena_fmt(c, &callback, "%.*s" DSP_CALLBACK, FMT(acts_self(n)->url)));
	const struct dsp_message m = {.type = DSP_CONTRACT_REQUEST,
		.consumer_pid = r.negotiation,
		.callback = callback,
		.offer = {.id = r.offer, .target = r.product, .json = r.terms},
		.shugu = shugu};
	r.peer_pid.n = 0; /* a first request goes to the collection, also when it is repeated */
	return finish(c, n, &r, "request", dsp_message_json(c, &m), ret);
}

/* The offer as it was asked for, which is as it stands in the catalogue: the act says no more. */
static err render_bargain(struct ctx *c, struct acts *n, const struct outbox_row *row,
	enum dsp_type type, struct message *ret)
{
	struct agreement_row r;
	TRY(open_row(c, n, row, &r));
	struct dsp_message m = {
		.type = type, .offer = {.id = r.offer, .target = r.product, .json = r.terms}};
	set_pids(&m, &r);
	return finish(c, n, &r, type == DSP_CONTRACT_OFFER ? "offers" : "request",
		dsp_message_json(c, &m), ret);
}

static err render_bid(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render_bargain(c, n, row, DSP_CONTRACT_OFFER, ret);
}

static err render_counter(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render_bargain(c, n, row, DSP_CONTRACT_REQUEST, ret);
}

static err render_event(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const char *event, struct message *ret)
{
	struct agreement_row r;
	struct json *shugu;
	TRY(open_row(c, n, row, &r));
	TRY(show(c, n, row, &r, &shugu));
	struct dsp_message m = {
		.type = DSP_NEGOTIATION_EVENT, .event = str_z(event), .shugu = shugu};
	set_pids(&m, &r);
	return finish(c, n, &r, "events", dsp_message_json(c, &m), ret);
}

static err render_accept(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render_event(c, n, row, "ACCEPTED", ret);
}

static err render_concluded(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	return render_event(c, n, row, "FINALIZED", ret);
}

/* The agreement goes out as it was digested for G, byte for byte in canonical meaning. */
static err render_offer(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct agreement_row r;
	struct json *shugu;
	const struct json *policy, *document;
	struct dsp_message m = {.type = DSP_CONTRACT_AGREEMENT};
	TRY(open_row(c, n, row, &r));
	TRY(content_get_json(c, acts_db(n), &r.policy, &policy));
	TRY(content_get_json(c, acts_db(n), &r.document, &document));
	TRY(show(c, n, row, &r, &shugu));
	if (r.joined) {
		json_set(&shugu, "document", json_copy(c, document));
		TRY(put_signature(c, n, &r.provider_signature, &shugu));
	}
	TRY(dsp_policy_read(c, policy, DSP_AGREEMENT_POLICY, &m.agreement));
	m.shugu = shugu;
	set_pids(&m, &r);
	struct json *j = dsp_message_json(c, &m);
	json_set(&j, "agreement", json_copy(c, policy));
	return finish(c, n, &r, "agreement", j, ret);
}

static err render_conclude(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct agreement_row r;
	struct json *shugu;
	TRY(open_row(c, n, row, &r));
	TRY(show(c, n, row, &r, &shugu));
	if (r.joined)
		TRY(put_signature(c, n, &r.consumer_signature, &shugu));
	struct dsp_message m = {.type = DSP_AGREEMENT_VERIFICATION, .shugu = shugu};
	set_pids(&m, &r);
	return finish(c, n, &r, "agreement/verification", dsp_message_json(c, &m), ret);
}

static err render_terminate(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct agreement_row r;
	struct json *shugu;
	TRY(agreement_find(c, acts_db(n), row->subject, &r));
	ENSURE(r.peer_pid.n > 0, c, ERR_GONE, "the other party never answered");
	TRY(show(c, n, row, &r, &shugu));
	struct dsp_message m = {.type = DSP_NEGOTIATION_TERMINATION,
		.code = STR("terminated"),
		.reason = dsp_reason(c, r.reason),
		.shugu = shugu};
	set_pids(&m, &r);
	return finish(c, n, &r, "termination", dsp_message_json(c, &m), ret);
}

static err render_revoke(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct agreement_row r;
	struct organisation o;
	struct json *shugu, *j = json_object(c);
	TRY(agreement_find(c, acts_db(n), row->subject, &r));
	TRY(organisation_approved(c, acts_db(n), r.peer, &o));
	TRY(show(c, n, row, &r, &shugu));
	json_set_str(c, &j, "reason", r.reason);
	json_set(&j, "shugu", shugu);
	ret->method = "POST";
	TRY(arena_fmt(c, &ret->url, "%.*s/peer/v1/agreements/%.*s/termination", FMT(o.url),
		FMT(r.agreement)));
	return json_write(c, j, false, LIMIT_HTTP_BODY, &ret->body);
}

/* A final no ends the negotiation here too. What a peer says for the moment (404 and 409 among it: its own side may not be
 * so far yet) is tried again. */
static err refused(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	bool later = r->status >= 500 || r->status == 401 || r->status == 404 || r->status == 408 ||
		     r->status == 409 || r->status == 425 || r->status == 429;
	struct str said = dsp_reason_text(json_get(r->json, "reason")), reason;
	if (said.n == 0)
		said = json_text(json_get(r->json, "detail"));
	ENSURE(!later, c, ERR_PEER_UNREACHABLE, "%.*s answered %d: %.*s", FMT(row->peer), r->status,
		FMT(str_sub(said, 0, 300)));
	TRY(arena_fmt(c, &reason, "the other party refused (%d): %.*s", r->status,
		FMT(str_sub(said, 0, LIMIT_REASON / 2))));
	TRY(take_refusal(c, n, row->subject, reason));
	return fail(c, ERR_PEER_REFUSED, "%.*s", FMT(reason));
}

static bool is_yes(const struct reply *r)
{
	return r->status >= 200 && r->status < 300;
}

static err answered_request(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct dsp_message m;
	if (!is_yes(r))
		return refused(c, n, row, r);
	TRY(dsp_message_read(c, r->json, DSP_NEGOTIATION, &m));
	ENSURE(str_eq(m.consumer_pid, row->subject), c, ERR_PEER_UNREACHABLE,
		"the answer is about another negotiation");
	return take_answer(c, n, row->subject, m.provider_pid, (struct str){"", 0});
}

static err answered_step(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct reply *r, enum agreement_state state)
{
	if (!is_yes(r))
		return refused(c, n, row, r);
	return take_answer(
		c, n, row->subject, (struct str){"", 0}, str_z(agreement_state_name(state)));
}

static err answered_bid(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	return answered_step(c, n, row, r, AGREEMENT_OFFERED);
}

static err answered_counter(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	return answered_step(c, n, row, r, AGREEMENT_REQUESTED);
}

static err answered_accept(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	return answered_step(c, n, row, r, AGREEMENT_ACCEPTED);
}

static err answered_offer(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	return answered_step(c, n, row, r, AGREEMENT_AGREED);
}

static err answered_conclude(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	return answered_step(c, n, row, r, AGREEMENT_VERIFIED);
}

/* Both are bound already (PROTOCOL, row 3): a no to the last word changes nothing, it only leaves it unsaid. */
static err answered_concluded(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	ENSURE(is_yes(r), c, ERR_PEER_UNREACHABLE, "%.*s answered %d to FINALIZED", FMT(row->peer),
		r->status);
	return take_finalized(c, n, row->subject);
}

static const struct renderer renderers[] = {
	{"agreement.request", render_request, answered_request},
	{"agreement.bid", render_bid, answered_bid},
	{"agreement.counter", render_counter, answered_counter},
	{"agreement.accept", render_accept, answered_accept},
	{"agreement.offer", render_offer, answered_offer},
	{"agreement.conclude", render_conclude, answered_conclude},
	{"agreement.concluded", render_concluded, answered_concluded},
	{"agreement.terminate", render_terminate, NULL},
	{"agreement.revoke", render_revoke, NULL},
};
const struct renderers dsp_negotiation_renderers = {renderers, countof(renderers)};
