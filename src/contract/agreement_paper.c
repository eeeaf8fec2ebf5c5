#include "contract/agreement_paper.h"

#include <assert.h>

#include "act/content.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "terms/policy.h"

static err party_keys(struct ctx *c, struct json **o, const uint8_t *key, struct str kid,
	struct str vkey, struct str origin)
{
	struct str text;
	TRY(base64_encode(c, (struct str){(const char *)key, KEY_BYTES}, &text));
	json_set_str(c, o, "key", text);
	json_set_str(c, o, "kid", kid);
	json_set_str(c, o, "log", vkey);
	json_set_str(c, o, "origin", origin);
	return OK;
}

static struct json *party_names(
	struct ctx *c, struct str name, struct str did, struct str uscc, struct str assurance)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "name", name);
	if (str_starts(did, STR("did:"))) /* a plain connector may be called anything */
		json_set_str(c, &o, "did", did);
	if (uscc.n > 0)
		json_set_str(c, &o, "uscc", uscc);
	json_set_str(c, &o, "assurance", assurance);
	return o;
}

/* What we say of ourselves is confirmed by a party that has joined us, and by nobody else. */
static err our_party(struct ctx *c, const struct self *s, bool confirmed, struct json **ret)
{
	*ret = party_names(c, s->name, s->did, s->uscc,
		confirmed ? STR("partner-confirmed") : STR("self-declared"));
	return party_keys(c, ret, key_public(s->key), s->kid, s->vkey, s->origin);
}

static err their_party(struct ctx *c, const struct organisation *p, bool joined, struct json **ret)
{
	*ret = party_names(c, p->name, p->did, p->uscc,
		p->assurance.n > 0 ? p->assurance : STR("self-declared"));
	return joined ? party_keys(c, ret, p->key, p->kid, p->vkey, p->origin) : OK;
}

static struct json *policy_of(struct ctx *c, const struct agreement_row *row,
	const struct self *self, const struct paper *p)
{
	struct json *o = json_copy_without(c, row->terms, "@context");
	json_set_str(c, &o, "@id", p->id);
	json_set(&o, "@type", json_z(c, "Agreement"));
	json_set_str(c, &o, "target", row->product);
	json_set_str(c, &o, "assigner", self->did);
	json_set_str(c, &o, "assignee", row->peer);
	json_set_str(c, &o, "timestamp", p->agreed);
	return o;
}

static err document_of(struct ctx *c, struct acts *n, const struct agreement_row *row,
	const struct organisation *peer, struct paper *p)
{
	struct json *g = json_object(c), *provider, *consumer;
	struct hash policy;
	TRY(jws_digest(c, p->policy, &policy));
	TRY(our_party(c, acts_self(n), row->joined, &provider));
	TRY(their_party(c, peer, row->joined, &consumer));
	json_set_num(c, &g, "v", 1);
	json_set(&g, "kind", json_z(c, "agreement"));
	json_set_str(c, &g, "id", p->id);
	json_set_str(c, &g, "openUntil", p->open_until);
	json_set_hex(c, &g, "agreement", policy.b, HASH_BYTES);
	json_set(&g, "provider", provider);
	json_set(&g, "consumer", consumer);
	json_set(&g, "object", json_copy(c, row->object));
	json_set(&g, "terms", json_copy(c, row->terms));
	json_set(&g, "price", json_copy(c, row->price));
	json_set(&g, "scenario", json_copy(c, row->scenario));
	json_set_num(c, &g, "receiptWithin", row->receipt_within);
	p->document = g;
	return OK;
}

/* A person by a link and who can be called answer at once; what is collected or carried takes its time. */
static err open_for_ms(struct ctx *c, struct acts *n, const struct organisation *peer, int64_t *ret)
{
	struct agreement_rules rules;
	TRY(agreement_rules(c, acts_db(n), &rules));
	*ret = rules.open_for_s > 0                       ? rules.open_for_s * 1000
	       : peer->outbound || acts_self(n)->outbound ? LIMIT_AGREEMENT_OPEN_CARRIED_MS
							  : LIMIT_AGREEMENT_OPEN_MS;
	return OK;
}

err paper_build(struct ctx *c, struct acts *n, const struct agreement_row *row,
	const struct organisation *peer, struct paper *ret)
{
	struct paper p = {.policy = NULL};
	struct agreement checked;
	int64_t now = acts_now_ms(n), open_ms = 0;
	assert(row->role == AGREEMENT_PROVIDER && row->object != NULL);
	TRY(uuid_new_urn(c, acts_env(n), &p.id));
	TRY(time_str(c, now, &p.agreed));
	TRY(open_for_ms(c, n, peer, &open_ms));
	TRY(time_str(c, now + open_ms, &p.open_until));
	p.policy = policy_of(c, row, acts_self(n), &p);
	TRY(document_of(c, n, row, peer, &p));
	TRY(agreement_read(c, p.document, &checked));
	*ret = p;
	return OK;
}

err paper_terms(
	struct ctx *c, const struct json *asked, const struct json *given, const char *where)
{
	struct terms a, b;
	TRY(terms_compile(c, asked, &a));
	TRY(terms_compile(c, given, &b));
	ENSURE(terms_equal(&a, &b), c, ERR_BAD_VALUE, "the terms of %s differ from those offered",
		where);
	return OK;
}

err paper_check_policy(struct ctx *c, struct acts *n, const struct agreement_row *row,
	const struct json *policy, bool strict)
{
	TRY(paper_terms(c, row->terms, policy, "the agreement"));
	ENSURE(str_eq(json_text(json_get(policy, "target")), row->product), c, ERR_BAD_VALUE,
		"the agreement is on another dataset");
	if (!strict)
		return OK;
	ENSURE(str_eq(json_text(json_get(policy, "assigner")), row->peer) &&
			str_eq(json_text(json_get(policy, "assignee")), acts_self(n)->did),
		c, ERR_BAD_VALUE, "the agreement is between other parties");
	return OK;
}

/* An assurance is what the other side holds of a party, so that of the consumer is for the provider to say; all else must be
 * what is known here. */
static err check_party(
	struct ctx *c, const struct json *given, const struct json *known, const char *who)
{
	const struct json *a = json_copy_without(c, given, "assurance");
	const struct json *b = json_copy_without(c, known, "assurance");
	ENSURE(a != NULL && b != NULL && json_eq(a, b), c, ERR_BAD_VALUE,
		"the %s in the agreement is not as known here: name, DID, keys or log differ", who);
	return OK;
}

static err check_parts(struct ctx *c, const struct agreement_row *row, const struct agreement *g)
{
	ENSURE(json_eq(g->object_json, row->object), c, ERR_BAD_VALUE,
		"the object in the agreement is not the one that was asked for");
	ENSURE(json_eq(g->price_json, row->price), c, ERR_BAD_VALUE,
		"the price in the agreement is not the one that was asked for");
	ENSURE(json_eq(g->scenario, row->scenario), c, ERR_BAD_VALUE,
		"the scenario in the agreement is not the one that was asked for");
	ENSURE(g->receipt_within == row->receipt_within, c, ERR_BAD_VALUE,
		"receiptWithin in the agreement is not the one that was asked for");
	return paper_terms(c, row->terms, g->terms, "the signed agreement");
}

static err check_parties(
	struct ctx *c, struct acts *n, const struct organisation *peer, const struct agreement *g)
{
	struct json *provider, *consumer;
	TRY(their_party(c, peer, true, &provider));
	TRY(our_party(c, acts_self(n), true, &consumer));
	TRY(check_party(c, g->provider_json, provider, "provider"));
	ENSURE(str_eq(g->provider.assurance, json_text(json_get(provider, "assurance"))) ||
			str_is(g->provider.assurance, "self-declared"),
		c, ERR_BAD_VALUE, "the provider is not assured here as the agreement says");
	return check_party(c, g->consumer_json, consumer, "consumer");
}

err paper_check(struct ctx *c, struct acts *n, const struct agreement_row *row,
	const struct organisation *peer, const struct json *policy, const struct json *document,
	struct str signature, struct agreement *ret)
{
	struct agreement g;
	struct hash digest;
	int64_t open_until = 0;
	TRY(paper_check_policy(c, n, row, policy, true));
	TRY(agreement_read(c, document, &g));
	TRY(jws_digest(c, policy, &digest));
	ENSURE(hash_eq(&digest, &g.agreement), c, ERR_BAD_DIGEST,
		"the signed document is of another agreement than the message");
	ENSURE(str_eq(g.doc.id, json_text(json_get(policy, "@id"))), c, ERR_BAD_VALUE,
		"the signed document and the agreement have different ids");
	TRY(check_parts(c, row, &g));
	TRY(check_parties(c, n, peer, &g));
	ENSURE(time_parse(g.open_until, &open_until) && open_until > acts_now_ms(n), c, ERR_GONE,
		"this agreement was open until %.*s", FMT(g.open_until));
	TRY(jws_verify(c, STR("agreement"), peer->kid, peer->key, g.doc.bytes, signature));
	*ret = g;
	return OK;
}

err paper_sign(struct ctx *c, struct acts *n, struct str document, struct hash *ret_signature)
{
	const struct self *s = acts_self(n);
	struct str text;
	TRY(key_sign_jws(c, s->key, STR("agreement"), s->kid, document, &text));
	return content_put(c, acts_db(n), text, ret_signature);
}
