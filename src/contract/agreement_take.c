#include "contract/agreement_take.h"

#include <assert.h>

#include "act/content.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "contract/agreement_body.h"
#include "contract/agreement_follow.h"
#include "contract/agreement_paper.h"
#include "contract/agreement_states.h"
#include "product/product.h"
#include "recognise/interlock.h"

static err command(struct ctx *c, struct acts *n, const char *type, struct str actor,
	struct str negotiation, struct json *body)
{
	const struct act a = {str_z(type), actor, negotiation, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err take_find(struct ctx *c, struct acts *n, struct str peer, struct str negotiation,
	enum agreement_role role, struct agreement_row *ret)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(n), negotiation, &r));
	ENSURE(str_eq(r.negotiation, negotiation) && str_eq(r.peer, peer) && r.role == role, c,
		ERR_NOT_FOUND, "there is no negotiation or agreement %.*s",
		FMT(str_sub(negotiation, 0, 100)));
	*ret = r;
	return OK;
}

/* As take_find, and the message names the process of the sender that is known here. */
static err find_theirs(struct ctx *c, struct acts *n, const struct incoming *in,
	enum agreement_role role, struct agreement_row *ret)
{
	struct agreement_row r;
	TRY(take_find(c, n, in->peer, in->negotiation, role, &r));
	ENSURE(r.peer_pid.n == 0 || str_eq(r.peer_pid, in->peer_pid), c, ERR_BAD_VALUE,
		"the other party's process id is %.*s", FMT(r.peer_pid));
	*ret = r;
	return OK;
}

/* What the peer has shown, into the act that says we took it. */
static err set_shown(struct ctx *c, struct acts *n, const struct organisation *peer,
	const struct evidence *e, struct json **body)
{
	const struct place at = {peer->origin, e->index, e->leaf, true};
	json_set(body, "place", place_json(c, &at));
	return interlock_write(c, n, peer, e, body);
}

/* The proof that the sender's log holds that act, about this process of the sender. */
static err take_evidence(struct ctx *c, struct acts *n, const struct organisation *peer,
	const struct incoming *in, const char *type, struct evidence *ret)
{
	TRY(interlock_take(c, n, peer, in->shugu, type, ret));
	ENSURE(str_eq(ret->subject, in->peer_pid), c, ERR_BAD_PROOF,
		"the act that is proved is of another negotiation");
	return OK;
}

/* The request that is proved asks for exactly what is offered; the purpose is the buyer's own. */
static err check_asked(struct ctx *c, struct acts *n, const struct evidence *e,
	const struct revision *p, struct str *ret_purpose)
{
	struct agreement_body b;
	TRY(agreement_body_read(c, e->type, e->body, &b));
	ENSURE(str_eq(b.party, acts_self(n)->did), c, ERR_BAD_VALUE,
		"the act that is proved asks another party");
	ENSURE(str_eq(b.offer, p->offer) && str_eq(b.product, p->product) &&
			b.revision == p->revision,
		c, ERR_BAD_VALUE, "the act that is proved asks for another offer");
	ENSURE(b.object != NULL && json_eq(b.object, p->object_json), c, ERR_BAD_VALUE,
		"the object asked for is not the one that is offered");
	ENSURE(b.price != NULL && json_eq(b.price, p->price_json), c, ERR_BAD_VALUE,
		"the price asked for is not the one that is offered");
	ENSURE(b.receipt_within == p->receipt_within, c, ERR_BAD_VALUE,
		"receiptWithin is not the one that is offered");
	struct json *scenario = json_copy(c, p->scenario);
	*ret_purpose = json_text(json_get(b.scenario, "purpose"));
	json_set_str(c, &scenario, "purpose", *ret_purpose);
	ENSURE(b.scenario != NULL && scenario != NULL && json_eq(b.scenario, scenario), c,
		ERR_BAD_VALUE,
		"the scenario differs from the one that is offered in more than purpose");
	return paper_terms(c, p->terms, b.terms, "the act that is proved");
}

/* A repeat is the same message under the same pid; anything else under it contradicts. */
static err check_repeat(
	struct ctx *c, struct acts *n, const struct agreement_row *r, const struct incoming *in)
{
	struct entry e;
	struct hash known, now = hash_of(in->message);
	TRY(acts_entry(c, n, r->index, &e));
	ENSURE(hash_parse(json_text(json_get(e.body, "message")), &known) && hash_eq(&known, &now),
		c, ERR_CONFLICT, "another request with this consumerPid was taken before");
	return OK;
}

static err request_body(struct ctx *c, struct acts *n, const struct incoming *in,
	const struct revision *p, struct str purpose, struct json **ret)
{
	struct json *o = json_object(c);
	struct hash message;
	TRY(content_put(c, acts_db(n), in->message, &message));
	json_set_str(c, &o, "party", in->peer);
	json_set_str(c, &o, "peerPid", in->peer_pid);
	json_set_str(c, &o, "address", in->address);
	json_set_str(c, &o, "offer", in->offer);
	json_set_str(c, &o, "product", p->product);
	json_set_num(c, &o, "revision", p->revision);
	json_set_str(c, &o, "purpose", purpose);
	json_set_hex(c, &o, "message", message.b, HASH_BYTES);
	*ret = o;
	return OK;
}

static err new_request(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct organisation peer;
	struct revision p;
	struct evidence e;
	struct json *body;
	struct str purpose = {"", 0}, negotiation;
	TRY(organisation_find(c, acts_db(n), in->peer, &peer));
	bool joined = peer.joined;
	TRY(organisation_address(c, &peer, in->address));
	TRY(product_by_offer(c, acts_db(n), in->offer, &p));
	ENSURE(str_eq(in->target, p.product), c, ERR_BAD_VALUE, "'target' is not the product");
	TRY(paper_terms(c, p.terms, in->terms, "the request"));
	if (joined) {
		TRY(take_evidence(c, n, &peer, in, "agreement.request", &e));
		TRY(check_asked(c, n, &e, &p, &purpose));
	} else {
		purpose = json_text(json_get(p.scenario, "purpose"));
	}
	TRY(request_body(c, n, in, &p, purpose, &body));
	if (joined)
		TRY(interlock_write(c, n, &peer, &e, &body));
	TRY(uuid_new_urn(c, acts_env(n), &negotiation));
	TRY(command(c, n, "agreement.requested", in->peer, negotiation, body));
	return agreement_find(c, acts_db(n), negotiation, ret);
}

err take_request(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	err e = agreement_of_peer(c, acts_db(n), AGREEMENT_PROVIDER, in->peer, in->peer_pid, &r);
	if (e == ERR_NOT_FOUND)
		return new_request(c, n, in, ret);
	TRY(e);
	TRY(check_repeat(c, n, &r, in));
	*ret = r;
	return OK;
}

/* The consumer's signature stands on the G that was offered, under the key that G names, and its log holds both. */
static err signed_by_consumer(struct ctx *c, struct acts *n, const struct agreement_row *r,
	const struct incoming *in, struct json **body)
{
	struct organisation peer;
	struct evidence e;
	struct agreement g;
	const struct json *document;
	struct hash signature;
	struct json *signatures = json_object(c);
	struct str text = json_text(json_get(in->shugu, "signature"));
	TRY(organisation_find(c, acts_db(n), in->peer, &peer));
	ENSURE(text.n > 0, c, ERR_EVIDENCE_MISSING, "the signature on the agreement is missing");
	TRY(content_get_json(c, acts_db(n), &r->document, &document));
	TRY(agreement_read(c, document, &g));
	TRY(jws_verify(c, STR("agreement"), g.consumer.kid, g.consumer.key, g.doc.bytes, text));
	TRY(take_evidence(c, n, &peer, in, "agreement.conclude", &e));
	TRY(evidence_holds(c, &e, "agreement.conclude", &r->document, "consumer", text));
	TRY(content_put(c, acts_db(n), text, &signature));
	json_set_hex(c, &signatures, "provider", r->provider_signature.b, HASH_BYTES);
	json_set_hex(c, &signatures, "consumer", signature.b, HASH_BYTES);
	json_set_hex(c, body, "document", r->document.b, HASH_BYTES);
	json_set(body, "signatures", signatures);
	return set_shown(c, n, &peer, &e, body);
}

err take_verification(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	enum agreement_state next;
	struct json *body = json_object(c);
	TRY(find_theirs(c, n, in, AGREEMENT_PROVIDER, &r));
	*ret = r;
	if (r.state == AGREEMENT_VERIFIED || r.state == AGREEMENT_FINALIZED)
		return OK;
	TRY(agreement_step(c, r.state, AGREEMENT_VERIFY, AGREEMENT_CONSUMER, &next));
	json_set_str(c, &body, "origin", acts_self(n)->origin);
	if (r.joined)
		TRY(signed_by_consumer(c, n, &r, in, &body));
	TRY(command(c, n, "agreement.concluded", in->peer, r.negotiation, body));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

/* A message that answers our offer proves that the offer has come, should its answer still be on the way. */
static err offer_was_taken(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *r)
{
	if (!r->waits || r->waiting != AGREEMENT_OFFERED)
		return OK;
	TRY(take_answer(c, n, r->negotiation, in->peer_pid, STR("OFFERED")));
	return agreement_find(c, acts_db(n), r->negotiation, r);
}

err take_acceptance(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	enum agreement_state next;
	struct json *body = json_object(c);
	TRY(find_theirs(c, n, in, AGREEMENT_PROVIDER, &r));
	TRY(offer_was_taken(c, n, in, &r));
	*ret = r;
	if (r.state == AGREEMENT_ACCEPTED)
		return OK;
	TRY(agreement_step(c, r.state, AGREEMENT_ACCEPT, AGREEMENT_CONSUMER, &next));
	json_set_str(c, &body, "peerPid", in->peer_pid);
	TRY(command(c, n, "agreement.accepted", in->peer, r.negotiation, body));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

err take_counter(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	enum agreement_state next;
	struct hash message;
	struct json *body = json_object(c);
	TRY(find_theirs(c, n, in, AGREEMENT_PROVIDER, &r));
	TRY(offer_was_taken(c, n, in, &r));
	TRY(agreement_step(c, r.state, AGREEMENT_COUNTER, AGREEMENT_CONSUMER, &next));
	TRY(content_put(c, acts_db(n), in->message, &message));
	json_set_str(c, &body, "peerPid", in->peer_pid);
	json_set_str(c, &body, "offer", in->offer);
	json_set_str(c, &body, "product", in->target);
	json_set(&body, "terms", json_copy(c, in->terms));
	json_set_hex(c, &body, "message", message.b, HASH_BYTES);
	TRY(command(c, n, "agreement.countered", in->peer, r.negotiation, body));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

err take_offer(struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	enum agreement_state next;
	struct hash message;
	struct json *body = json_object(c);
	TRY(find_theirs(c, n, in, AGREEMENT_CONSUMER, &r));
	ENSURE(!r.joined, c, ERR_EVIDENCE_MISSING,
		"a joined party answers a request by the signed agreement");
	TRY(agreement_step(c, r.state, AGREEMENT_OFFER, AGREEMENT_PROVIDER, &next));
	ENSURE(str_eq(in->target, r.product), c, ERR_BAD_VALUE, "the offer is of another dataset");
	TRY(content_put(c, acts_db(n), in->message, &message));
	json_set_str(c, &body, "peerPid", in->peer_pid);
	json_set_str(c, &body, "offer", in->offer);
	json_set(&body, "terms", json_copy(c, in->terms));
	json_set_hex(c, &body, "message", message.b, HASH_BYTES);
	TRY(command(c, n, "agreement.offered", in->peer, r.negotiation, body));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

static err signed_by_provider(struct ctx *c, struct acts *n, const struct agreement_row *r,
	const struct incoming *in, struct json **body)
{
	struct organisation peer;
	struct evidence e;
	struct agreement g;
	struct hash document, signature;
	struct json *signatures = json_object(c);
	struct str text = json_text(json_get(in->shugu, "signature"));
	ENSURE(text.n > 0 && json_get(in->shugu, "document") != NULL, c, ERR_EVIDENCE_MISSING,
		"the signed agreement is missing");
	TRY(organisation_find(c, acts_db(n), in->peer, &peer));
	TRY(paper_check(c, n, r, &peer, in->agreement, json_get(in->shugu, "document"), text, &g));
	TRY(take_evidence(c, n, &peer, in, "agreement.offer", &e));
	TRY(evidence_holds(c, &e, "agreement.offer", &g.doc.digest, "provider", text));
	TRY(content_put(c, acts_db(n), g.doc.bytes, &document));
	TRY(content_put(c, acts_db(n), text, &signature));
	json_set_str(c, body, "openUntil", g.open_until);
	json_set_hex(c, body, "document", document.b, HASH_BYTES);
	json_set_hex(c, &signatures, "provider", signature.b, HASH_BYTES);
	json_set(body, "signatures", signatures);
	return set_shown(c, n, &peer, &e, body);
}

/* The time an agreement states; where a plain connector leaves it out or writes it without a zone, ours. */
static err agreed_text(struct ctx *c, struct acts *n, const struct json *policy, struct str *ret)
{
	int64_t ms = 0;
	if (!time_parse_rfc3339(json_text(json_get(policy, "timestamp")), &ms))
		ms = acts_now_ms(n);
	return time_str(c, ms, ret);
}

static err new_agreement(struct ctx *c, struct acts *n, const struct agreement_row *r,
	const struct incoming *in, const struct hash *policy)
{
	struct json *body = json_object(c);
	struct str agreed;
	struct hash kept;
	TRY(agreed_text(c, n, in->agreement, &agreed));
	json_set_str(c, &body, "peerPid", in->peer_pid);
	json_set_str(c, &body, "agreement", json_text(json_get(in->agreement, "@id")));
	json_set_str(c, &body, "agreed", agreed);
	json_set_hex(c, &body, "policy", policy->b, HASH_BYTES);
	if (r->joined)
		TRY(signed_by_provider(c, n, r, in, &body));
	else
		TRY(paper_check_policy(c, n, r, in->agreement, false));
	TRY(content_put_json(c, acts_db(n), in->agreement, &kept));
	return command(c, n, "agreement.seen", in->peer, r->negotiation, body);
}

err take_agreement(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	enum agreement_state next;
	struct hash policy;
	TRY(find_theirs(c, n, in, AGREEMENT_CONSUMER, &r));
	TRY(jws_digest(c, in->agreement, &policy));
	*ret = r;
	bool known = r.agreement.n > 0 && hash_eq(&policy, &r.policy);
	if (known && r.state != AGREEMENT_TERMINATED)
		return OK;
	TRY(agreement_step(c, r.state, AGREEMENT_AGREE, AGREEMENT_PROVIDER, &next));
	TRY(new_agreement(c, n, &r, in, &policy));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

err take_final(struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	struct organisation peer;
	struct evidence e;
	enum agreement_state next;
	struct json *body = json_object(c);
	TRY(find_theirs(c, n, in, AGREEMENT_CONSUMER, &r));
	*ret = r;
	if (r.state == AGREEMENT_FINALIZED)
		return OK;
	TRY(agreement_step(c, r.state, AGREEMENT_FINALIZE, AGREEMENT_PROVIDER, &next));
	if (r.joined) {
		TRY(organisation_find(c, acts_db(n), in->peer, &peer));
		TRY(take_evidence(c, n, &peer, in, "agreement.concluded", &e));
		struct str signature;
		TRY(content_get(c, acts_db(n), &r.consumer_signature, &signature));
		TRY(evidence_holds(
			c, &e, "agreement.concluded", &r.document, "consumer", signature));
		TRY(set_shown(c, n, &peer, &e, &body));
	}
	TRY(command(c, n, "agreement.final", in->peer, r.negotiation, body));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

static err ended(struct ctx *c, struct acts *n, const struct incoming *in,
	const struct agreement_row *r, const char *code)
{
	struct json *body = json_object(c);
	json_set(&body, "code", json_z(c, code));
	json_set_str(c, &body, "reason",
		in->reason.n > 0 ? str_sub(in->reason, 0, LIMIT_REASON)
				 : STR("the other party gave no reason"));
	return command(c, n, "agreement.terminated", in->peer, r->negotiation, body);
}

err take_termination(struct ctx *c, struct acts *n, const struct incoming *in,
	enum agreement_role role, struct agreement_row *ret)
{
	struct agreement_row r;
	enum agreement_state next;
	TRY(find_theirs(c, n, in, role, &r));
	*ret = r;
	if (r.state == AGREEMENT_TERMINATED)
		return OK;
	TRY(agreement_step(c, r.state, AGREEMENT_TERMINATE, role, &next));
	TRY(ended(c, n, in, &r, "terminated"));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

err take_revocation(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret)
{
	struct agreement_row r;
	struct organisation peer;
	struct evidence e;
	TRY(agreement_find(c, acts_db(n), in->negotiation, &r));
	ENSURE(str_eq(r.agreement, in->negotiation) && str_eq(r.peer, in->peer), c, ERR_NOT_FOUND,
		"there is no negotiation or agreement %.*s", FMT(str_sub(in->negotiation, 0, 100)));
	*ret = r;
	if (r.state == AGREEMENT_TERMINATED)
		return OK;
	ENSURE(r.state == AGREEMENT_FINALIZED || r.state == AGREEMENT_VERIFIED, c, ERR_BAD_STATE,
		"this agreement is not final");
	if (r.joined) {
		struct incoming theirs = *in;
		theirs.peer_pid = r.peer_pid;
		TRY(organisation_find(c, acts_db(n), in->peer, &peer));
		TRY(take_evidence(c, n, &peer, &theirs, "agreement.terminate", &e));
	}
	TRY(ended(c, n, in, &r, AGREEMENT_REVOKED));
	return agreement_find(c, acts_db(n), r.negotiation, ret);
}

err take_answer(struct ctx *c, struct acts *n, struct str negotiation, struct str peer_pid,
	struct str state)
{
	struct agreement_row r;
	struct json *body = json_object(c);
	TRY(agreement_find(c, acts_db(n), negotiation, &r));
	bool new_pid = peer_pid.n > 0 && !str_eq(peer_pid, r.peer_pid);
	bool new_state = r.waits && str_is(state, agreement_state_name(r.waiting));
	if (!new_pid && !new_state)
		return OK;
	if (new_pid)
		json_set_str(c, &body, "peerPid", peer_pid);
	if (new_state)
		json_set_str(c, &body, "state", state);
	return command(c, n, "agreement.acknowledged", r.peer, negotiation, body);
}

err take_refusal(struct ctx *c, struct acts *n, struct str negotiation, struct str reason)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(n), negotiation, &r));
	if (!agreement_is_open(r.state))
		return OK;
	const struct incoming in = {.peer = r.peer, .reason = reason};
	return ended(c, n, &in, &r, "refused");
}

err take_finalized(struct ctx *c, struct acts *n, struct str negotiation)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(n), negotiation, &r));
	if (r.state != AGREEMENT_VERIFIED)
		return OK;
	return command(c, n, "agreement.final", STR("node"), negotiation, json_object(c));
}
