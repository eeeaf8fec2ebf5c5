#include "contract/agreement_follow.h"

#include "act/content.h"
#include "act/outbox.h"
#include "base/limits.h"
#include "codec/uuid.h"
#include "contract/agreement_body.h"
#include "contract/agreement_paper.h"
#include "contract/easing.h"

static err tell(struct ctx *c, struct acts *n, const struct entry *e, struct str kind)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(n), e->subject, &r));
	const struct outbox_row row = {
		.index = e->index, .peer = r.peer, .kind = kind, .subject = e->subject};
	return outbox_put(c, n, &row, r.joined ? 0 : FOLLOW_PLAIN_MS);
}

err follow_request(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(n), e->subject, &r));
	const struct outbox_row row = {
		.index = e->index, .peer = r.peer, .kind = e->type, .subject = e->subject};
	return outbox_put(c, n, &row, 0);
}

err follow_accept(struct ctx *c, struct acts *n, const struct entry *e)
{
	return tell(c, n, e, e->type);
}

err follow_bid(struct ctx *c, struct acts *n, const struct entry *e)
{
	return tell(c, n, e, e->type);
}

err follow_counter(struct ctx *c, struct acts *n, const struct entry *e)
{
	return tell(c, n, e, e->type);
}

err follow_offer(struct ctx *c, struct acts *n, const struct entry *e)
{
	return tell(c, n, e, e->type);
}

err follow_conclude(struct ctx *c, struct acts *n, const struct entry *e)
{
	return tell(c, n, e, e->type);
}

err follow_concluded(struct ctx *c, struct acts *n, const struct entry *e)
{
	return tell(c, n, e, e->type);
}

err follow_terminate(struct ctx *c, struct acts *n, const struct entry *e)
{
	bool revoked = str_is(json_text(json_get(e->body, "code")), AGREEMENT_REVOKED);
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(n), e->subject, &r));
	if (r.peer_pid.n == 0 || (revoked && !r.joined)) /* nobody could be told */
		return OK;
	return tell(c, n, e, revoked ? STR("agreement.revoke") : e->type);
}

static void set_signatures(
	struct ctx *c, struct json **body, const struct hash *provider, const struct hash *consumer)
{
	struct json *o = json_object(c);
	json_set_hex(c, &o, "provider", provider->b, HASH_BYTES);
	if (consumer != NULL)
		json_set_hex(c, &o, "consumer", consumer->b, HASH_BYTES);
	json_set(body, "signatures", o);
}

/* G is kept and signed; what an act says of it. */
static err set_paper(struct ctx *c, struct acts *n, const struct paper *p, struct json **body)
{
	struct str bytes;
	struct hash policy, document, signature;
	TRY(json_canonical(c, p->document, LIMIT_DOCUMENT, &bytes));
	TRY(content_put_json(c, acts_db(n), p->policy, &policy));
	TRY(content_put(c, acts_db(n), bytes, &document));
	TRY(paper_sign(c, n, bytes, &signature));
	json_set_str(c, body, "agreement", p->id);
	json_set_str(c, body, "openUntil", p->open_until);
	json_set_str(c, body, "agreed", p->agreed);
	json_set_hex(c, body, "policy", policy.b, HASH_BYTES);
	json_set_hex(c, body, "document", document.b, HASH_BYTES);
	set_signatures(c, body, &signature, NULL);
	json_set_str(c, body, "origin", acts_self(n)->origin);
	return OK;
}

err agreement_propose(struct ctx *c, struct acts *n, struct str negotiation, struct str actor,
	struct entry *ret_entry)
{
	struct agreement_row r;
	struct organisation peer;
	struct paper p;
	struct json *body = json_object(c);
	TRY(agreement_find(c, acts_db(n), negotiation, &r));
	ENSURE(r.role == AGREEMENT_PROVIDER, c, ERR_BAD_STATE, "the other party is the provider");
	TRY(organisation_find(c, acts_db(n), r.peer, &peer));
	TRY(paper_build(c, n, &r, &peer, &p));
	TRY(set_paper(c, n, &p, &body));
	const struct act a = {STR("agreement.offer"), actor, negotiation, body, NULL};
	return acts_do(c, n, &a, ret_entry);
}

err agreement_link(struct ctx *c, struct acts *n, const struct link_taking *w, struct entry *ret)
{
	const struct revision *p = w->product;
	const struct organisation person = {.name = w->name};
	const struct agreement_row r = {.peer = w->link,
		.role = AGREEMENT_PROVIDER,
		.product = p->product,
		.terms = p->terms,
		.object = p->object_json,
		.price = p->price_json,
		.scenario = p->scenario};
	struct paper paper;
	struct str negotiation;
	struct json *body = json_object(c);
	TRY(paper_build(c, n, &r, &person, &paper));
	TRY(uuid_new_urn(c, acts_env(n), &negotiation));
	json_set_str(c, &body, "party", w->link);
	json_set_str(c, &body, "offer", p->offer);
	json_set_str(c, &body, "product", p->product);
	json_set_num(c, &body, "revision", p->revision);
	json_set_str(c, &body, "deliver", w->delivery);
	TRY(set_paper(c, n, &paper, &body));
	const struct act a = {STR("agreement.linked"), STR("node"), negotiation, body, NULL};
	return acts_do(c, n, &a, ret);
}

err agreement_policy(struct ctx *c, struct acts *n, struct str actor, const struct json *rules)
{
	const struct act a = {STR("agreement.policy"), actor, acts_self(n)->did, rules, NULL};
	struct agreement_body b;
	struct agreement_rules old;
	TRY(agreement_body_read(c, a.type, rules, &b));
	TRY(agreement_rules(c, acts_db(n), &old));
	if (easing_eases(&old.binding, rules))
		return easing_propose(c, n, "agreement", actor, rules);
	return acts_do(c, n, &a, NULL);
}

static err bare(struct ctx *c, struct acts *n, const char *type, struct str negotiation,
	struct str actor, struct entry *ret_entry)
{
	const struct act a = {str_z(type), actor, negotiation, json_object(c), NULL};
	return acts_do(c, n, &a, ret_entry);
}

err agreement_bid(struct ctx *c, struct acts *n, struct str negotiation, struct str actor)
{
	return bare(c, n, "agreement.bid", negotiation, actor, NULL);
}

err agreement_counter(struct ctx *c, struct acts *n, struct str negotiation, struct str actor)
{
	return bare(c, n, "agreement.counter", negotiation, actor, NULL);
}

err agreement_accept(struct ctx *c, struct acts *n, struct str negotiation, struct str actor,
	struct entry *ret_entry)
{
	return bare(c, n, "agreement.accept", negotiation, actor, ret_entry);
}

err agreement_conclude(struct ctx *c, struct acts *n, struct str negotiation, struct str actor,
	struct entry *ret_entry)
{
	struct agreement_row r;
	struct str document;
	struct hash signature;
	struct json *body = json_object(c);
	TRY(agreement_find(c, acts_db(n), negotiation, &r));
	json_set_str(c, &body, "origin", acts_self(n)->origin);
	if (r.has_document) {
		TRY(content_get(c, acts_db(n), &r.document, &document));
		TRY(paper_sign(c, n, document, &signature));
		json_set_hex(c, &body, "document", r.document.b, HASH_BYTES);
		set_signatures(c, &body, &r.provider_signature, &signature);
	}
	const struct act a = {STR("agreement.conclude"), actor, negotiation, body, NULL};
	return acts_do(c, n, &a, ret_entry);
}

/* Does this node conclude by itself: no person decides, and nothing is missing? */
static err alone(struct ctx *c, struct acts *n, struct str negotiation, bool *ret)
{
	struct agreement_rules r;
	bool attached = true;
	TRY(agreement_rules(c, acts_db(n), &r));
	if (r.binding.stamped)
		TRY(attachment_is_there(c, acts_db(n), negotiation, &attached));
	*ret = !r.by_person && !r.binding.two_people && attached;
	return OK;
}

/* Row 2, unless a person decides. Only approved parties get so far (api/auth), and the terms allow what is asked (decide). */
static err propose_by_itself(struct ctx *c, struct acts *n, const struct entry *e)
{
	bool may = false;
	TRY(alone(c, n, e->subject, &may));
	return may ? agreement_propose(c, n, e->subject, STR("node"), NULL) : OK;
}

err follow_requested(struct ctx *c, struct acts *n, const struct entry *e)
{
	return propose_by_itself(c, n, e);
}

err follow_accepted(struct ctx *c, struct acts *n, const struct entry *e)
{
	return propose_by_itself(c, n, e);
}

/* Other terms than those asked for, or offered, are taken by nobody here: the negotiation ends and says why. */
static err end_by_trouble(struct ctx *c, struct acts *n, const struct agreement_row *r)
{
	struct str why = str_z(c->trouble.detail);
	TRY(arena_str(c, why, &why));
	return agreement_end(c, n, r, STR("node"), why, NULL);
}

static err check_counter(struct ctx *c, const struct agreement_row *r, const struct entry *e)
{
	ENSURE(str_eq(json_text(json_get(e->body, "product")), r->product), c, ERR_BAD_VALUE,
		"the counter-request is for another dataset");
	return paper_terms(c, r->terms, json_get(e->body, "terms"), "the counter-request");
}

err follow_countered(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(n), e->subject, &r));
	if (check_counter(c, &r, e) != OK)
		return end_by_trouble(c, n, &r);
	return propose_by_itself(c, n, e);
}

err follow_offered(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct agreement_row r;
	struct agreement_rules rules;
	TRY(agreement_find(c, acts_db(n), e->subject, &r));
	if (paper_terms(c, r.terms, json_get(e->body, "terms"), "the counter-offer") != OK)
		return end_by_trouble(c, n, &r);
	TRY(agreement_rules(c, acts_db(n), &rules));
	return rules.by_person ? OK : agreement_accept(c, n, e->subject, STR("node"), NULL);
}

err follow_seen(struct ctx *c, struct acts *n, const struct entry *e)
{
	bool may = false;
	TRY(alone(c, n, e->subject, &may));
	return may ? agreement_conclude(c, n, e->subject, STR("node"), NULL) : OK;
}

const struct agreement_next *agreement_next(const struct agreement_row *r)
{
	static const struct agreement_next offer = {"agreement.offer", true, agreement_propose},
					   accept = {"agreement.accept", false, agreement_accept},
					   conclude = {
						   "agreement.conclude", true, agreement_conclude};
	bool asked = r->state == AGREEMENT_REQUESTED || r->state == AGREEMENT_ACCEPTED;
	if (r->waits)
		return NULL;
	if (r->role == AGREEMENT_PROVIDER)
		return asked && !r->has_document ? &offer : NULL;
	return r->state == AGREEMENT_OFFERED  ? &accept
	       : r->state == AGREEMENT_AGREED ? &conclude
					      : NULL;
}

err follow_attach(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct agreement_row r;
	bool may = false;
	TRY(agreement_find(c, acts_db(n), e->subject, &r));
	const struct agreement_next *next = agreement_next(&r);
	TRY(alone(c, n, e->subject, &may));
	return may && next != NULL && next->binds ? next->step(c, n, e->subject, STR("node"), NULL)
						  : OK;
}

err agreement_end(struct ctx *c, struct acts *n, const struct agreement_row *row, struct str actor,
	struct str reason, struct entry *ret_entry)
{
	struct json *body = json_object(c);
	bool final = row->state == AGREEMENT_FINALIZED;
	json_set(&body, "code", json_z(c, final ? AGREEMENT_REVOKED : "terminated"));
	json_set_str(c, &body, "reason", reason);
	const struct act a = {STR("agreement.terminate"), actor, row->negotiation, body, NULL};
	return acts_do(c, n, &a, ret_entry);
}
