#include "proof/documents.h"

#include <assert.h>

#include "base/limits.h"
#include "chain/note.h"
#include "codec/base64.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "crypto/jws.h"

bool party_is_simulated(struct str did)
{
	return str_ends(did, STR(":simulated"));
}

static const char *const assurances[] = {
	"self-declared", "partner-confirmed", "ca-certificate", "authority", NULL};
static const char *const currencies[] = {"CNY", NULL};
static const char *const results[] = {"partial", "complete", "refused", NULL};
static const char *const acceptances[] = {"party", "by link", "none", NULL};

// clang-format off
static const struct json_field party_fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct party, name), LIMIT_NAME, NULL},
	{"did", JSON_K_TEXT, true, offsetof(struct party, did), LIMIT_DID, NULL},
	{"uscc", JSON_K_TEXT, true, offsetof(struct party, uscc), 18, NULL},
	{"assurance", JSON_K_TEXT, false, offsetof(struct party, assurance), 0, assurances},
	{"key", JSON_K_TEXT, true, offsetof(struct party, key_text), 44, NULL},
	{"kid", JSON_K_TEXT, true, offsetof(struct party, kid), 2 * LIMIT_DID, NULL},
	{"log", JSON_K_TEXT, true, offsetof(struct party, log), 2 * LIMIT_ORIGIN, NULL},
	{"origin", JSON_K_TEXT, true, offsetof(struct party, origin), LIMIT_ORIGIN, NULL},
};

static const struct json_field object_fields[] = {
	{"product", JSON_K_TEXT, false, offsetof(struct object, product), LIMIT_URL, NULL},
	{"revision", JSON_K_INT, false, offsetof(struct object, revision), 0, NULL},
	{"root", JSON_K_HEX32, false, offsetof(struct object, root), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct object, size), 0, NULL},
	{"chunk", JSON_K_INT, false, offsetof(struct object, chunk), 0, NULL},
	{"sha256", JSON_K_HEX32, false, offsetof(struct object, sha256), 0, NULL},
};

static const struct json_field price_fields[] = {
	{"currency", JSON_K_TEXT, false, offsetof(struct price, currency), 0, currencies},
	{"net", JSON_K_INT, false, offsetof(struct price, net), 0, NULL},
	{"rate", JSON_K_INT, false, offsetof(struct price, rate), 0, NULL},
	{"tax", JSON_K_INT, false, offsetof(struct price, tax), 0, NULL},
};

struct scenario {
	struct str purpose, territory, until, onward, disposal, rules, classification;
	bool personal;
};

/* The first five stand in G, all of them in I. */
#define SCENARIO_OF_AGREEMENT 5
static const struct json_field scenario_fields[] = {
	{"purpose", JSON_K_TEXT, false, offsetof(struct scenario, purpose), 0, NULL},
	{"territory", JSON_K_TEXT, true, offsetof(struct scenario, territory), 0, NULL},
	{"until", JSON_K_TEXT, true, offsetof(struct scenario, until), 0, NULL},
	{"onward", JSON_K_TEXT, false, offsetof(struct scenario, onward), 0, NULL},
	{"disposal", JSON_K_TEXT, true, offsetof(struct scenario, disposal), 0, NULL},
	{"rules", JSON_K_TEXT, false, offsetof(struct scenario, rules), 0, NULL},
	{"classification", JSON_K_TEXT, true, offsetof(struct scenario, classification), 0, NULL},
	{"personal", JSON_K_BOOL, false, offsetof(struct scenario, personal), 0, NULL},
};

static const struct json_field agreement_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"openUntil", JSON_K_TEXT, false, offsetof(struct agreement, open_until), TIME_TEXT, NULL},
	{"agreement", JSON_K_HEX32, false, offsetof(struct agreement, agreement), 0, NULL},
	{"provider", JSON_K_OBJECT, false, offsetof(struct agreement, provider_json), 0, NULL},
	{"consumer", JSON_K_OBJECT, false, offsetof(struct agreement, consumer_json), 0, NULL},
	{"object", JSON_K_OBJECT, false, offsetof(struct agreement, object_json), 0, NULL},
	{"terms", JSON_K_OBJECT, false, offsetof(struct agreement, terms), 0, NULL},
	{"price", JSON_K_OBJECT, false, offsetof(struct agreement, price_json), 0, NULL},
	{"scenario", JSON_K_OBJECT, false, offsetof(struct agreement, scenario), 0, NULL},
	{"receiptWithin", JSON_K_INT, false, offsetof(struct agreement, receipt_within), 0, NULL},
};

static const struct json_field request_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"delivery", JSON_K_TEXT, false, offsetof(struct request, delivery), UUID_URN, NULL},
	{"agreement", JSON_K_HEX32, false, offsetof(struct request, agreement), 0, NULL},
};

static const struct json_field manifest_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"delivery", JSON_K_TEXT, false, offsetof(struct manifest, delivery), UUID_URN, NULL},
	{"agreement", JSON_K_HEX32, false, offsetof(struct manifest, agreement), 0, NULL},
	{"request", JSON_K_HEX32, true, offsetof(struct manifest, request), 0, NULL},
	{"root", JSON_K_HEX32, false, offsetof(struct manifest, root), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct manifest, size), 0, NULL},
	{"chunk", JSON_K_INT, false, offsetof(struct manifest, chunk), 0, NULL},
	{"token", JSON_K_HEX32, false, offsetof(struct manifest, token), 0, NULL},
};

static const struct json_field receipt_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"manifest", JSON_K_HEX32, false, offsetof(struct receipt, manifest), 0, NULL},
	{"seq", JSON_K_INT, false, offsetof(struct receipt, seq), 0, NULL},
	{"ranges", JSON_K_ARRAY, false, offsetof(struct receipt, ranges_json), 0, NULL},
	{"result", JSON_K_TEXT, false, offsetof(struct receipt, result), 0, results},
	{"bad", JSON_K_INT, true, offsetof(struct receipt, bad), 0, NULL},
};

static const struct json_field invoice_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"serial", JSON_K_TEXT, false, offsetof(struct invoice, serial), 2 * LIMIT_ORIGIN, NULL},
	{"issued", JSON_K_TEXT, false, offsetof(struct invoice, issued), TIME_TEXT, NULL},
	{"agreement", JSON_K_HEX32, false, offsetof(struct invoice, agreement), 0, NULL},
	{"manifest", JSON_K_HEX32, true, offsetof(struct invoice, manifest), 0, NULL},
	{"receipt", JSON_K_HEX32, true, offsetof(struct invoice, receipt), 0, NULL},
	{"acceptance", JSON_K_TEXT, false, offsetof(struct invoice, acceptance), 0, acceptances},
	{"scenario", JSON_K_OBJECT, false, offsetof(struct invoice, scenario), 0, NULL},
	{"entities", JSON_K_OBJECT, false, offsetof(struct invoice, entities), 0, NULL},
	{"voucher", JSON_K_OBJECT, false, offsetof(struct invoice, voucher_json), 0, NULL},
	{"registration", JSON_K_OBJECT, false, offsetof(struct invoice, registration), 0, NULL},
	{"supervision", JSON_K_OBJECT, false, offsetof(struct invoice, supervision), 0, NULL},
	{"entries", JSON_K_OBJECT, false, offsetof(struct invoice, entries), 0, NULL},
};

static const struct json_field voucher_fields[] = {
	{"product", JSON_K_TEXT, false, offsetof(struct voucher, product), LIMIT_URL, NULL},
	{"revision", JSON_K_INT, false, offsetof(struct voucher, revision), 0, NULL},
	{"net", JSON_K_INT, false, offsetof(struct voucher, net), 0, NULL},
	{"rate", JSON_K_INT, false, offsetof(struct voucher, rate), 0, NULL},
	{"tax", JSON_K_INT, false, offsetof(struct voucher, tax), 0, NULL},
	{"currency", JSON_K_TEXT, false, offsetof(struct voucher, currency), 0, currencies},
	{"mode", JSON_K_TEXT, false, offsetof(struct voucher, mode), 0, NULL},
	{"security", JSON_K_TEXT, false, offsetof(struct voucher, security), 0, NULL},
	{"start", JSON_K_TEXT, false, offsetof(struct voucher, start), TIME_TEXT, NULL},
	{"end", JSON_K_TEXT, false, offsetof(struct voucher, end), TIME_TEXT, NULL},
	{"ranges", JSON_K_ARRAY, false, offsetof(struct voucher, ranges_json), 0, NULL},
};

static const struct json_field log_entry_fields[] = {
	{"origin", JSON_K_TEXT, false, offsetof(struct log_entry, origin), LIMIT_ORIGIN, NULL},
	{"index", JSON_K_INT, false, offsetof(struct log_entry, index), 0, NULL},
	{"leaf", JSON_K_HEX32, false, offsetof(struct log_entry, leaf), 0, NULL},
};

struct registration {
	struct str status, centre, number, time, receipt;
};

static const struct json_field registration_fields[] = {
	{"status", JSON_K_TEXT, true, offsetof(struct registration, status), 0, NULL},
	{"centre", JSON_K_TEXT, true, offsetof(struct registration, centre), 0, NULL},
	{"number", JSON_K_TEXT, true, offsetof(struct registration, number), 0, NULL},
	{"time", JSON_K_TEXT, true, offsetof(struct registration, time), TIME_TEXT, NULL},
	{"receipt", JSON_K_TEXT, true, offsetof(struct registration, receipt), 0, NULL},
};

struct supervision {
	struct str mirror, status;
};

static const struct json_field supervision_fields[] = {
	{"mirror", JSON_K_TEXT, true, offsetof(struct supervision, mirror), LIMIT_URL, NULL},
	{"status", JSON_K_TEXT, false, offsetof(struct supervision, status), LIMIT_URL, NULL},
};
// clang-format on

/* The three words of the registration that is none. */
#define NOT_REGISTERED "\xe6\x9c\xaa\xe7\x99\xbb\xe8\xae\xb0"

static bool is_urn(struct str s)
{
	uint8_t id[UUID_BYTES];
	return str_starts(s, STR("urn:uuid:")) && uuid_parse(s, id);
}

static err time_due(struct ctx *c, struct str s, const char *name, int64_t *ret_ms)
{
	ENSURE(time_parse(s, ret_ms), c, ERR_BAD_VALUE, "%s is not a time", name);
	return OK;
}

err document_read(struct ctx *c, const struct json *j, const char *kind,
	const struct json_field *fields, size_t n, void *ret)
{
	struct document *doc = ret;
	TRY(json_read(c, j, fields, n, false, ret));
	ENSURE(doc->v == 1, c, ERR_BAD_VALUE, "v is not 1");
	ENSURE(str_is(doc->kind, kind), c, ERR_BAD_VALUE, "kind is not %s", kind);
	ENSURE(is_urn(doc->id), c, ERR_BAD_VALUE, "id of %s is not a urn:uuid:", kind);
	doc->json = j;
	TRY(json_canonical(c, j, LIMIT_DOCUMENT, &doc->bytes));
	doc->digest = hash_of(doc->bytes);
	return OK;
}

err document_signed_by(
	struct ctx *c, const struct document *d, const struct party *p, struct str signature)
{
	if (signature.n == 0)
		return OK;
	err e = jws_verify(c, d->kind, p->kid, p->key, d->bytes, signature);
	ENSURE(e == OK, c, e, "signature on the %.*s by %.*s", FMT(d->kind), FMT(p->kid));
	return OK;
}

err log_entry_read(struct ctx *c, const struct json *j, struct str origin, struct log_entry *ret)
{
	TRY(json_read(c, j, log_entry_fields, countof(log_entry_fields), false, ret));
	ENSURE(ret->index >= 0 && str_eq(ret->origin, origin), c, ERR_BAD_VALUE,
		"entry %.*s is not of this party's log", FMT(j->name));
	return OK;
}

static err party_read(struct ctx *c, const struct json *j, struct party *ret)
{
	TRY(json_read(c, j, party_fields, countof(party_fields), false, ret));
	size_t have = (size_t)(ret->key_text.n > 0) + (ret->kid.n > 0) + (ret->log.n > 0) +
		      (ret->origin.n > 0);
	ret->joined = have == 4;
	if (!ret->joined) {
		ENSURE(json_get(j, "key") == NULL && json_get(j, "kid") == NULL &&
				json_get(j, "log") == NULL && json_get(j, "origin") == NULL,
			c, ERR_MISSING_MEMBER, "a party has all of key, kid, log, origin or none");
		ENSURE(json_get(j, "did") == NULL || str_starts(ret->did, STR("did:")), c,
			ERR_BAD_VALUE, "did is not a DID");
		return OK;
	}
	ENSURE(base64_fixed(ret->key_text, ret->key, KEY_BYTES) && key_is_sound(ret->key), c,
		ERR_BAD_VALUE, "key is not an Ed25519 key");
	ENSURE(str_starts(ret->did, STR("did:")), c, ERR_BAD_VALUE, "did is not a DID");
	ENSURE(str_starts(ret->kid, ret->did) && ret->kid.n > ret->did.n + 1 &&
			ret->kid.p[ret->did.n] == '#',
		c, ERR_BAD_VALUE, "kid is not of this did");
	struct note_key log = {0};
	TRY(note_key_parse(c, ret->log, &log));
	ENSURE(str_eq(log.name, ret->origin), c, ERR_BAD_VALUE, "log is not a key of origin");
	return OK;
}

/* PROTOCOL, Words: nobody deals with himself. The key in a vkey is what follows its last '+'. */
static err parties_differ(struct ctx *c, const struct party *a, const struct party *b)
{
	if (!b->joined)
		return OK;
	struct str name, rest, id, a_key, b_key;
	ENSURE(str_cut(a->log, '+', &name, &rest) && str_cut(rest, '+', &id, &a_key) &&
			str_cut(b->log, '+', &name, &rest) && str_cut(rest, '+', &id, &b_key),
		c, ERR_BAD_VALUE, "log is not a vkey");
	ENSURE(!str_eq(a->did, b->did) && !str_eq(a->key_text, b->key_text) &&
			!str_eq(a_key, b_key) && !str_eq(a->origin, b->origin),
		c, ERR_BAD_VALUE, "the parties are not two");
	return OK;
}

static err price_check(struct ctx *c, int64_t net, int64_t rate, int64_t tax)
{
	ENSURE(net >= 0, c, ERR_BAD_VALUE, "net is negative");
	ENSURE(rate >= 0 && rate <= 10000, c, ERR_BAD_VALUE, "rate is not 0 to 10000");
	ENSURE(tax == price_tax(net, rate), c, ERR_BAD_VALUE, "tax does not follow from net");
	return OK;
}

static err size_check(struct ctx *c, int64_t size, int64_t chunk)
{
	ENSURE(size >= 0 && (uint64_t)size <= LIMIT_OBJECT, c, ERR_BAD_VALUE, "size");
	ENSURE(chunk == DOCUMENT_CHUNK, c, ERR_BAD_VALUE, "chunk is not %d", DOCUMENT_CHUNK);
	return OK;
}

err agreement_read(struct ctx *c, const struct json *j, struct agreement *ret)
{
	struct agreement g = {0};
	int64_t ms = 0;
	TRY(document_read(c, j, "agreement", agreement_fields, countof(agreement_fields), &g));
	TRY(time_due(c, g.open_until, "openUntil", &ms));
	ENSURE(g.receipt_within >= 0, c, ERR_BAD_VALUE, "receiptWithin is negative");
	TRY(party_read(c, g.provider_json, &g.provider));
	TRY(party_read(c, g.consumer_json, &g.consumer));
	ENSURE(g.provider.joined, c, ERR_MISSING_MEMBER, "the provider has no key");
	TRY(parties_differ(c, &g.provider, &g.consumer));
	TRY(json_read(c, g.object_json, object_fields, countof(object_fields), false, &g.object));
	ENSURE(g.object.revision >= 1, c, ERR_BAD_VALUE, "revision");
	TRY(size_check(c, g.object.size, g.object.chunk));
	TRY(json_read(c, g.price_json, price_fields, countof(price_fields), false, &g.price));
	TRY(price_check(c, g.price.net, g.price.rate, g.price.tax));
	struct scenario s = {0};
	TRY(json_read(c, g.scenario, scenario_fields, SCENARIO_OF_AGREEMENT, false, &s));
	*ret = g;
	return OK;
}

err request_read(struct ctx *c, const struct json *j, struct request *ret)
{
	struct request q = {0};
	TRY(document_read(c, j, "request", request_fields, countof(request_fields), &q));
	ENSURE(is_urn(q.delivery), c, ERR_BAD_VALUE, "delivery is not a urn:uuid:");
	*ret = q;
	return OK;
}

err manifest_read(struct ctx *c, const struct json *j, struct manifest *ret)
{
	struct manifest m = {0};
	TRY(document_read(c, j, "manifest", manifest_fields, countof(manifest_fields), &m));
	ENSURE(is_urn(m.delivery), c, ERR_BAD_VALUE, "delivery is not a urn:uuid:");
	TRY(size_check(c, m.size, m.chunk));
	m.has_request = json_get(j, "request") != NULL;
	*ret = m;
	return OK;
}

err ranges_read(struct ctx *c, const struct json *j, struct ranges *ret)
{
	ENSURE(j != NULL && j->type == JSON_ARRAY, c, ERR_BAD_VALUE, "ranges is no array");
	struct range *p;
	NEW_N(c, p, j->n);
	size_t n = 0;
	int64_t covered = 0, last = -1;
	for (const struct json *i = j->first; i != NULL; i = i->next) {
		struct range r = {0};
		ENSURE(i->type == JSON_ARRAY && i->n == 2 && json_int(i->first, &r.from) &&
				json_int(i->last, &r.to),
			c, ERR_BAD_VALUE, "a range is not [from, to]");
		ENSURE(r.from > last && r.to > r.from && (uint64_t)r.to <= LIMIT_OBJECT, c,
			ERR_BAD_VALUE, "ranges do not ascend, touch, are empty or too large");
		covered += r.to - r.from;
		last = r.to;
		p[n++] = r;
	}
	assert(n == j->n);
	*ret = (struct ranges){p, n, covered};
	return OK;
}

err receipt_read(struct ctx *c, const struct json *j, struct receipt *ret)
{
	struct receipt r = {0};
	TRY(document_read(c, j, "receipt", receipt_fields, countof(receipt_fields), &r));
	ENSURE(r.seq >= 1, c, ERR_BAD_VALUE, "seq");
	TRY(ranges_read(c, r.ranges_json, &r.ranges));
	r.has_bad = json_get(j, "bad") != NULL;
	ENSURE(!r.has_bad || (str_is(r.result, "refused") && r.bad >= 0), c, ERR_BAD_VALUE, "bad");
	*ret = r;
	return OK;
}

static err registration_check(struct ctx *c, const struct json *j)
{
	struct registration r = {0};
	TRY(json_read(c, j, registration_fields, countof(registration_fields), false, &r));
	if (r.status.n > 0) {
		ENSURE(j->n == 1 && str_is(r.status, NOT_REGISTERED), c, ERR_BAD_VALUE,
			"registration has a status and more, or another one");
		return OK;
	}
	int64_t ms = 0;
	ENSURE(j->n == 4 && r.centre.n > 0 && r.number.n > 0 && r.receipt.n > 0, c,
		ERR_MISSING_MEMBER, "registration lacks centre, number, time or receipt");
	return time_due(c, r.time, "time of the registration", &ms);
}

static err voucher_read(struct ctx *c, const struct json *j, int64_t issued, struct voucher *ret)
{
	int64_t start = 0, end = 0;
	TRY(json_read(c, j, voucher_fields, countof(voucher_fields), false, ret));
	TRY(time_due(c, ret->start, "start", &start));
	TRY(time_due(c, ret->end, "end", &end));
	ENSURE(ret->revision >= 1, c, ERR_BAD_VALUE, "revision");
	/* All three are of one clock, that of the provider's log, which never goes back. */
	ENSURE(start <= end && end <= issued, c, ERR_BAD_VALUE, "start, end, issued: not in order");
	TRY(price_check(c, ret->net, ret->rate, ret->tax));
	return ranges_read(c, ret->ranges_json, &ret->ranges);
}

err invoice_read(struct ctx *c, const struct json *j, struct invoice *ret)
{
	struct invoice i = {0};
	int64_t issued = 0;
	TRY(document_read(c, j, "invoice", invoice_fields, countof(invoice_fields), &i));
	i.has_manifest = json_get(j, "manifest") != NULL;
	i.has_receipt = json_get(j, "receipt") != NULL;
	TRY(time_due(c, i.issued, "issued", &issued));
	struct scenario s = {0};
	TRY(json_read(c, i.scenario, scenario_fields, countof(scenario_fields), false, &s));
	TRY(voucher_read(c, i.voucher_json, issued, &i.voucher));
	TRY(registration_check(c, i.registration));
	struct supervision v = {0};
	TRY(json_read(
		c, i.supervision, supervision_fields, countof(supervision_fields), false, &v));
	*ret = i;
	return OK;
}

int64_t price_tax(int64_t net, int64_t rate)
{
	assert(net >= 0);
	return (int64_t)(((__int128)net * rate + 5000) / 10000);
}

int64_t price_part(int64_t net, int64_t covered, int64_t size)
{
	assert(net >= 0 && covered >= 0 && covered <= size);
	if (covered == size)
		return net;
	return (int64_t)(((__int128)net * covered * 2 + size) / ((__int128)size * 2));
}

int64_t price_due(int64_t net, bool whole, int64_t covered, int64_t size)
{
	if (whole)
		return net;
	return size == 0 ? 0 : price_part(net, covered, size);
}
