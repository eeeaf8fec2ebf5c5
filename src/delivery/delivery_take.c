#include "delivery/delivery_take.h"

#include "act/content.h"
#include "base/limits.h"
#include "codec/uuid.h"
#include "contract/agreement_body.h"
#include "delivery/delivery_body.h"
#include "delivery/delivery_follow.h"
#include "delivery/delivery_paper.h"
#include "delivery/delivery_states.h"
#include "delivery/delivery_store.h"
#include "recognise/interlock.h"

static err command(struct ctx *c, struct acts *n, const char *type, struct str actor,
	struct str subject, struct json *body)
{
	const struct act a = {str_z(type), actor, subject, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err delivery_take_find(struct ctx *c, struct acts *n, struct str peer, struct str pid,
	enum agreement_role role, struct delivery_row *ret)
{
	struct delivery_row d;
	TRY(delivery_find(c, acts_db(n), pid, &d));
	ENSURE(str_eq(d.pid, pid) && str_eq(d.peer, peer) && d.role == role, c, ERR_NOT_FOUND,
		"there is no delivery %.*s", FMT(str_sub(pid, 0, 100)));
	*ret = d;
	return OK;
}

/* As delivery_take_find, and the message names the process of the sender that is known here. */
static err find_theirs(struct ctx *c, struct acts *n, const struct delivery_message *in,
	enum agreement_role role, struct delivery_row *ret)
{
	struct delivery_row d;
	TRY(delivery_take_find(c, n, in->peer, in->pid, role, &d));
	ENSURE(d.peer_pid.n == 0 || str_eq(d.peer_pid, in->peer_pid), c, ERR_BAD_VALUE,
		"the other party's process id is %.*s", FMT(d.peer_pid));
	*ret = d;
	return OK;
}

/* The proof that the sender's log holds that act of this delivery, and in it this document and signature; what was shown
 * goes into the body of the act that says we took it. */
static err take_evidence(struct ctx *c, struct acts *n, const struct delivery_message *in,
	const char *type, const char *side, struct str delivery, const struct delivery_paper *p,
	struct json **body)
{
	struct organisation peer;
	struct evidence e;
	struct str signature;
	TRY(organisation_find(c, acts_db(n), in->peer, &peer));
	TRY(interlock_take(c, n, &peer, in->shugu, type, &e));
	ENSURE(str_eq(e.subject, delivery), c, ERR_BAD_PROOF,
		"the act that is proved is of another delivery");
	TRY(content_get(c, acts_db(n), &p->signature, &signature));
	TRY(evidence_holds(c, &e, type, &p->document, side, signature));
	const struct place at = {peer.origin, e.index, e.leaf, true};
	json_set(body, "place", place_json(c, &at));
	return interlock_write(c, n, &peer, &e, body);
}

static err check_address(struct ctx *c, struct acts *n, struct str peer, struct str address)
{
	struct organisation o;
	TRY(organisation_find(c, acts_db(n), peer, &o));
	return organisation_address(c, &o, address);
}

/* An agreement in which the sender is the consumer; another party's is as if it were not there. */
static err agreed(
	struct ctx *c, struct acts *n, const struct delivery_message *in, struct agreement_row *ret)
{
	TRY(agreement_find(c, acts_db(n), in->agreement, ret));
	ENSURE(str_eq(ret->agreement, in->agreement) && str_eq(ret->peer, in->peer) &&
			ret->role == AGREEMENT_PROVIDER,
		c, ERR_NOT_FOUND, "there is no negotiation or agreement %.*s",
		FMT(str_sub(in->agreement, 0, 100)));
	return OK;
}

/* The delivery's id is the consumer's own where it signs for it; a plain connector's means nothing beyond it. */
static err new_request(
	struct ctx *c, struct acts *n, const struct delivery_message *in, struct delivery_row *ret)
{
	struct agreement_row g;
	struct delivery_paper q;
	struct str pid, id;
	struct json *body = json_object(c);
	uint8_t bytes[UUID_BYTES];
	TRY(agreed(c, n, in, &g));
	TRY(check_address(c, n, in->peer, in->address));
	TRY(uuid_new_urn(c, acts_env(n), &pid));
	id = g.joined ? in->peer_pid : pid;
	json_set_str(c, &body, "agreement", g.agreement);
	json_set_str(c, &body, "party", in->peer);
	json_set_str(c, &body, "pid", pid);
	json_set_str(c, &body, "peerPid", in->peer_pid);
	json_set_str(c, &body, "address", in->address);
	if (g.joined) {
		ENSURE(id.n == UUID_URN && uuid_parse(id, bytes), c, ERR_BAD_VALUE,
			"consumerPid must be a delivery id, urn:uuid:...");
		TRY(delivery_paper_take_request(c, n, &g, id, in->shugu, &q));
		TRY(take_evidence(c, n, in, "delivery.ask", "consumer", id, &q, &body));
		delivery_body_sign(c, &body, &q.document, "consumer", &q.signature);
	}
	TRY(command(c, n, "delivery.asked", in->peer, id, body));
	return delivery_find(c, acts_db(n), id, ret);
}

/* The same consumer asks again: for the same, or it contradicts itself. */
static err repeated(struct ctx *c, struct acts *n, const struct delivery_message *in,
	const struct delivery_row *d)
{
	ENSURE(str_eq(d->agreement, in->agreement), c, ERR_CONFLICT,
		"this consumerPid was used before, under another agreement");
	if (!d->joined)
		return OK;
	struct hash digest;
	const struct json *document = json_get(in->shugu, "document");
	ENSURE(document != NULL, c, ERR_EVIDENCE_MISSING, "the signed request is missing");
	TRY(jws_digest(c, document, &digest));
	ENSURE(hash_eq(&digest, &d->request), c, ERR_CONFLICT,
		"another request with this consumerPid was taken before");
	bool owed = d->start.known && !d->has_receipt && delivery_is_open(d->state);
	return owed ? delivery_repeat_start(c, n, d) : OK;
}

err delivery_take_request(
	struct ctx *c, struct acts *n, const struct delivery_message *in, struct delivery_row *ret)
{
	struct delivery_row d;
	err e = delivery_of_peer(c, acts_db(n), AGREEMENT_PROVIDER, in->peer, in->peer_pid, &d);
	if (e == ERR_NOT_FOUND)
		return new_request(c, n, in, ret);
	TRY(e);
	TRY(repeated(c, n, in, &d));
	*ret = d;
	return OK;
}

static err begin(struct ctx *c, struct acts *n, const struct delivery_message *in,
	const struct delivery_row *d)
{
	struct agreement_row g;
	struct delivery_paper m;
	struct json *body = json_object(c);
	const struct delivery_token token = {in->endpoint, in->token};
	json_set_str(c, &body, "peerPid", in->peer_pid);
	if (d->joined) {
		TRY(check_address(c, n, in->peer, in->endpoint));
		TRY(agreement_find(c, acts_db(n), d->agreement, &g));
		TRY(delivery_paper_take_manifest(c, n, &g, d, in->shugu, in->token, &m));
		TRY(take_evidence(c, n, in, "delivery.start", "provider", d->id, &m, &body));
		delivery_body_sign(c, &body, &m.document, "provider", &m.signature);
	}
	if (in->endpoint.n > 0)
		TRY(delivery_store_put_token(c, acts_db(n), d->id, &token));
	return command(c, n, "delivery.started", in->peer, d->id, body);
}

static err changed(struct ctx *c, struct acts *n, const struct delivery_message *in,
	const struct delivery_row *d, const char *type)
{
	struct json *body = json_object(c);
	json_set(&body, "by", json_z(c, "peer"));
	if (in->reason.n > 0)
		json_set_str(c, &body, "reason", str_sub(in->reason, 0, LIMIT_REASON));
	return command(c, n, type, in->peer, d->id, body);
}

/* A start that brings a manifest, after one was taken: its answer was lost. The other side resumes without. */
static bool repeats_start(const struct delivery_row *d, const struct delivery_message *in)
{
	return d->joined && d->has_manifest && json_get(in->shugu, "document") != NULL;
}

/* The manifest that is known, once more: what opens the data may have been lost here. Where the delivery stands, it
 * stays. */
static err started_again(struct ctx *c, struct acts *n, const struct delivery_message *in,
	const struct delivery_row *d)
{
	const struct json *document = json_get(in->shugu, "document");
	const struct delivery_token token = {in->endpoint, in->token};
	struct hash digest;
	struct manifest m;
	struct hash opens = hash_of(in->token);
	if (!repeats_start(d, in))
		return OK;
	TRY(jws_digest(c, document, &digest));
	ENSURE(hash_eq(&digest, &d->manifest), c, ERR_CONFLICT,
		"another manifest of this delivery was taken before");
	if (d->state != DELIVERY_STARTED)
		return OK;
	TRY(manifest_read(c, document, &m));
	ENSURE(hash_eq(&m.token, &opens), c, ERR_BAD_DIGEST,
		"the token is not the one in the manifest");
	TRY(check_address(c, n, in->peer, in->endpoint));
	return delivery_store_put_token(c, acts_db(n), d->id, &token);
}

err delivery_take_start(struct ctx *c, struct acts *n, const struct delivery_message *in,
	enum agreement_role role, struct delivery_row *ret)
{
	struct delivery_row d;
	TRY(find_theirs(c, n, in, role, &d));
	bool by_provider = role == AGREEMENT_CONSUMER;
	bool again = d.state == DELIVERY_STARTED ? !d.waits : repeats_start(&d, in);
	if (by_provider && again)
		TRY(started_again(c, n, in, &d));
	else if (d.state == DELIVERY_REQUESTED && by_provider)
		TRY(begin(c, n, in, &d));
	else
		TRY(changed(c, n, in, &d, "delivery.resume"));
	return delivery_find(c, acts_db(n), d.id, ret);
}

static err end_body(struct ctx *c, struct acts *n, struct json **ret)
{
	struct json *body = json_object(c);
	json_set(&body, "by", json_z(c, "peer"));
	json_set_str(c, &body, "origin", acts_self(n)->origin);
	*ret = body;
	return OK;
}

/* Row 8, by whichever way it came. */
static err take_receipt(struct ctx *c, struct acts *n, const struct delivery_message *in,
	const struct delivery_row *d)
{
	struct agreement_row g;
	struct delivery_paper r;
	struct receipt receipt;
	struct json *body;
	ENSURE(d->has_manifest && d->has_request, c, ERR_BAD_STATE,
		"there is nothing to take a receipt for");
	TRY(agreement_find(c, acts_db(n), d->agreement, &g));
	TRY(delivery_paper_take_receipt(c, n, &g, d, in->shugu, &receipt, &r));
	if (d->has_receipt) {
		ENSURE(hash_eq(&d->receipt, &r.document), c, ERR_CONFLICT,
			"another receipt of this delivery was taken before");
		return OK;
	}
	TRY(end_body(c, n, &body));
	TRY(take_evidence(c, n, in, "delivery.receive", "consumer", d->id, &r, &body));
	delivery_body_sign(c, &body, &r.document, "consumer", &r.signature);
	json_set_str(c, &body, "result", receipt.result);
	json_set(&body, "ranges", json_copy(c, receipt.ranges_json));
	if (in->reason.n > 0)
		json_set_str(c, &body, "reason", str_sub(in->reason, 0, LIMIT_REASON));
	return command(c, n, "delivery.end", in->peer, d->id, body);
}

err delivery_take_receipt(
	struct ctx *c, struct acts *n, const struct delivery_message *in, struct delivery_row *ret)
{
	struct delivery_row d;
	TRY(delivery_find(c, acts_db(n), in->pid, &d));
	ENSURE(str_eq(d.id, in->pid) && str_eq(d.peer, in->peer) && d.role == AGREEMENT_PROVIDER, c,
		ERR_NOT_FOUND, "there is no delivery %.*s", FMT(str_sub(in->pid, 0, 100)));
	TRY(take_receipt(c, n, in, &d));
	return delivery_find(c, acts_db(n), d.id, ret);
}

static bool has_receipt(const struct delivery_message *in)
{
	return json_get(in->shugu, "document") != NULL;
}

/* A receipt that was taken before, sent again. */
static bool repeats_receipt(const struct delivery_row *d, const struct delivery_message *in)
{
	return d->has_receipt && d->role == AGREEMENT_PROVIDER && has_receipt(in);
}

err delivery_take_completion(struct ctx *c, struct acts *n, const struct delivery_message *in,
	enum agreement_role role, struct delivery_row *ret)
{
	struct delivery_row d;
	enum delivery_state next;
	struct json *body;
	enum agreement_role sender =
		role == AGREEMENT_PROVIDER ? AGREEMENT_CONSUMER : AGREEMENT_PROVIDER;
	TRY(find_theirs(c, n, in, role, &d));
	*ret = d;
	if (d.state == DELIVERY_COMPLETED && !has_receipt(in))
		return OK;
	if (!repeats_receipt(&d, in))
		TRY(delivery_step(c, d.state, DELIVERY_COMPLETE, sender, &next));
	if (d.joined) {
		ENSURE(role == AGREEMENT_PROVIDER, c, ERR_BAD_STATE,
			"the consumer's receipt completes this delivery");
		TRY(take_receipt(c, n, in, &d));
	} else {
		TRY(end_body(c, n, &body));
		TRY(command(c, n, "delivery.end", in->peer, d.id, body));
	}
	return delivery_find(c, acts_db(n), d.id, ret);
}

err delivery_take_suspension(struct ctx *c, struct acts *n, const struct delivery_message *in,
	enum agreement_role role, struct delivery_row *ret)
{
	struct delivery_row d;
	TRY(find_theirs(c, n, in, role, &d));
	*ret = d;
	if (d.state == DELIVERY_SUSPENDED && d.suspended_by != role)
		return OK;
	TRY(changed(c, n, in, &d, "delivery.suspend"));
	return delivery_find(c, acts_db(n), d.id, ret);
}

err delivery_take_termination(struct ctx *c, struct acts *n, const struct delivery_message *in,
	enum agreement_role role, struct delivery_row *ret)
{
	struct delivery_row d;
	TRY(find_theirs(c, n, in, role, &d));
	*ret = d;
	if (role == AGREEMENT_PROVIDER && d.joined && has_receipt(in)) {
		ENSURE(d.has_receipt || delivery_is_open(d.state), c, ERR_BAD_STATE,
			"this transfer has ended");
		TRY(take_receipt(c, n, in, &d));
	} else if (d.state == DELIVERY_TERMINATED) {
		return OK;
	} else {
		TRY(changed(c, n, in, &d, "delivery.terminate"));
	}
	return delivery_find(c, acts_db(n), d.id, ret);
}

err delivery_take_answer(
	struct ctx *c, struct acts *n, struct str id, struct str peer_pid, struct str state)
{
	struct delivery_row d;
	struct json *body = json_object(c);
	TRY(delivery_find(c, acts_db(n), id, &d));
	bool new_pid = peer_pid.n > 0 && !str_eq(peer_pid, d.peer_pid);
	bool new_state = d.waits && str_is(state, delivery_state_name(d.waiting));
	if (!new_pid && !new_state)
		return OK;
	if (new_pid)
		json_set_str(c, &body, "peerPid", peer_pid);
	if (new_state)
		json_set_str(c, &body, "state", state);
	return command(c, n, "delivery.acknowledged", d.peer, d.id, body);
}

err delivery_take_end(struct ctx *c, struct acts *n, struct str id, const struct json *shugu)
{
	struct delivery_row d;
	struct hash kept;
	struct json *body = json_object(c);
	TRY(delivery_find(c, acts_db(n), id, &d));
	if (d.end.known)
		return OK;
	const struct delivery_message in = {.peer = d.peer, .shugu = shugu};
	const struct delivery_paper r = {d.receipt, d.receipt_signature};
	TRY(acts_tick(c, n));
	TRY(take_evidence(c, n, &in, "delivery.end", "consumer", d.id, &r, &body));
	TRY(content_put_json(c, acts_db(n), json_get(shugu, "E"), &kept));
	return command(c, n, "delivery.acknowledged", d.peer, d.id, body);
}

err delivery_take_refusal(struct ctx *c, struct acts *n, struct str id, struct str reason)
{
	struct delivery_row d;
	TRY(delivery_find(c, acts_db(n), id, &d));
	if (!delivery_is_open(d.state))
		return OK;
	const struct delivery_message in = {.peer = d.peer, .reason = reason};
	return changed(c, n, &in, &d, "delivery.terminate");
}
