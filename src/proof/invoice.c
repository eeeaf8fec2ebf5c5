#include "proof/invoice.h"

#include <assert.h>

#include "base/limits.h"
#include "codec/time.h"

static const char *const label_names[LABEL_COUNT] = {
	"claimed", "delivered", "accepted", "recorded"};
static const char *const file_kinds[] = {"invoice-file", NULL};

struct outer {
	int64_t v;
	struct str kind;
	const struct json *core, *later;
};

struct core {
	const struct json *g, *q, *m, *r, *i, *sigs, *issue, *accept;
};

struct entities {
	const struct json *provider, *consumer;
};

// clang-format off
static const struct json_field outer_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct outer, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct outer, kind), 0, file_kinds},
	{"core", JSON_K_OBJECT, false, offsetof(struct outer, core), 0, NULL},
	{"later", JSON_K_ARRAY, false, offsetof(struct outer, later), 0, NULL},
};

static const struct json_field core_fields[] = {
	{"G", JSON_K_OBJECT, false, offsetof(struct core, g), 0, NULL},
	{"Q", JSON_K_OBJECT, true, offsetof(struct core, q), 0, NULL},
	{"M", JSON_K_OBJECT, true, offsetof(struct core, m), 0, NULL},
	{"R", JSON_K_OBJECT, true, offsetof(struct core, r), 0, NULL},
	{"I", JSON_K_OBJECT, false, offsetof(struct core, i), 0, NULL},
	{"sigs", JSON_K_OBJECT, false, offsetof(struct core, sigs), 0, NULL},
	{"issue", JSON_K_OBJECT, false, offsetof(struct core, issue), 0, NULL},
	{"accept", JSON_K_OBJECT, true, offsetof(struct core, accept), 0, NULL},
};

static const struct json_field sigs_fields[] = {
	{"G.provider", JSON_K_TEXT, false, offsetof(struct invoice_sigs, g_provider), 0, NULL},
	{"G.consumer", JSON_K_TEXT, true, offsetof(struct invoice_sigs, g_consumer), 0, NULL},
	{"Q.consumer", JSON_K_TEXT, true, offsetof(struct invoice_sigs, q_consumer), 0, NULL},
	{"M.provider", JSON_K_TEXT, true, offsetof(struct invoice_sigs, m_provider), 0, NULL},
	{"R.consumer", JSON_K_TEXT, true, offsetof(struct invoice_sigs, r_consumer), 0, NULL},
	{"I.provider", JSON_K_TEXT, false, offsetof(struct invoice_sigs, i_provider), 0, NULL},
	{"I.consumer", JSON_K_TEXT, true, offsetof(struct invoice_sigs, i_consumer), 0, NULL},
};

static const struct json_field entities_fields[] = {
	{"provider", JSON_K_OBJECT, false, offsetof(struct entities, provider), 0, NULL},
	{"consumer", JSON_K_OBJECT, false, offsetof(struct entities, consumer), 0, NULL},
};

/* Whose log each entry named in I is of, and with what it must be there. */
static const struct { const char *name; bool consumer, with_receipt; } entry_rows[] = {
	{"offer", false, false}, {"conclude", true, false}, {"concluded", false, false},
	{"ask", true, false}, {"start", false, false}, {"receive", true, true}, {"end", false, true},
};
// clang-format on

bool label_parse(struct str word, enum label *ret)
{
	for (size_t i = 0; i < LABEL_COUNT; i++) {
		if (str_is(word, label_names[i])) {
			*ret = (enum label)i;
			return true;
		}
	}
	return false;
}

const char *label_name(enum label l)
{
	assert(l < LABEL_COUNT);
	return label_names[l];
}

/* What must be there together: FORMATS, 6. A party without key signs nothing and asks for nothing. */
static err presence(struct ctx *c, const struct invoice_file *f)
{
	const struct invoice_sigs *s = &f->sigs;
	bool joined = f->g.consumer.joined;
	ENSURE(f->has_q == joined && (f->has_m || !joined) && (joined || !f->has_r), c,
		ERR_MISSING_MEMBER, "Q, M and R do not fit the parties of G");
	ENSURE(s->g_provider.n > 0 && s->i_provider.n > 0, c, ERR_MISSING_MEMBER,
		"the provider's signatures on G and I");
	ENSURE((s->g_consumer.n > 0) == joined && (s->q_consumer.n > 0) == joined, c,
		ERR_MISSING_MEMBER, "the consumer's signatures on G and Q");
	ENSURE((s->m_provider.n > 0) == f->has_m, c, ERR_MISSING_MEMBER, "the signature on M");
	ENSURE((s->r_consumer.n > 0) == f->has_r, c, ERR_MISSING_MEMBER, "the signature on R");
	ENSURE(joined || s->i_consumer.n == 0, c, ERR_UNKNOWN_MEMBER,
		"a party without key has signed I");
	ENSURE(!f->has_accept || s->i_consumer.n > 0, c, ERR_MISSING_MEMBER,
		"accepted without the consumer's signature");
	ENSURE(str_is(f->i.acceptance, "party") == joined, c, ERR_BAD_VALUE,
		"acceptance does not fit the consumer of G");
	return OK;
}

static err check_file(struct ctx *c, struct str text, struct invoice_file *f)
{
	const struct json *j;
	struct outer o = {0};
	struct core k = {0};
	ENSURE(text.n <= LIMIT_INVOICE_FILE, c, ERR_TOO_LARGE, "the file is larger than 1 MiB");
	TRY(json_parse_canonical(c, text, &j));
	TRY(json_read(c, j, outer_fields, countof(outer_fields), false, &o));
	ENSURE(o.v == 1, c, ERR_BAD_VALUE, "v is not 1");
	f->later_json = o.later;
	TRY(json_read(c, o.core, core_fields, countof(core_fields), false, &k));
	TRY(json_read(c, k.sigs, sigs_fields, countof(sigs_fields), false, &f->sigs));
	for (const struct json *m = k.sigs->first; m != NULL; m = m->next)
		ENSURE(m->text.n > 0, c, ERR_BAD_VALUE, "an empty signature");
	f->has_q = k.q != NULL;
	f->has_m = k.m != NULL;
	f->has_r = k.r != NULL;
	f->has_accept = k.accept != NULL;
	TRY(agreement_read(c, k.g, &f->g));
	if (f->has_q)
		TRY(request_read(c, k.q, &f->q));
	if (f->has_m)
		TRY(manifest_read(c, k.m, &f->m));
	if (f->has_r)
		TRY(receipt_read(c, k.r, &f->r));
	TRY(invoice_read(c, k.i, &f->i));
	TRY(evidence_read(c, k.issue, &f->issue));
	if (f->has_accept)
		TRY(evidence_read(c, k.accept, &f->accept));
	return presence(c, f);
}

static err check_signatures(struct ctx *c, const struct invoice_file *f)
{
	const struct party *s = &f->g.provider, *b = &f->g.consumer;
	TRY(document_signed_by(c, &f->g.doc, s, f->sigs.g_provider));
	TRY(document_signed_by(c, &f->g.doc, b, f->sigs.g_consumer));
	TRY(document_signed_by(c, &f->q.doc, b, f->sigs.q_consumer));
	TRY(document_signed_by(c, &f->m.doc, s, f->sigs.m_provider));
	TRY(document_signed_by(c, &f->r.doc, b, f->sigs.r_consumer));
	TRY(document_signed_by(c, &f->i.doc, s, f->sigs.i_provider));
	return document_signed_by(c, &f->i.doc, b, f->sigs.i_consumer);
}

/* Both or neither, and equal. */
static err names(struct ctx *c, bool has, const struct hash *named, bool there,
	const struct document *d, const char *which)
{
	ENSURE(has == there && (!has || hash_eq(named, &d->digest)), c, ERR_BAD_DIGEST, "%s",
		which);
	return OK;
}

static err check_digests(struct ctx *c, const struct invoice_file *f)
{
	if (f->has_q)
		TRY(names(c, true, &f->q.agreement, true, &f->g.doc, "Q does not name G"));
	if (f->has_m) {
		TRY(names(c, true, &f->m.agreement, true, &f->g.doc, "M does not name G"));
		TRY(names(c, f->m.has_request, &f->m.request, f->has_q, &f->q.doc,
			"M does not name Q"));
	}
	if (f->has_r)
		TRY(names(c, true, &f->r.manifest, true, &f->m.doc, "R does not name M"));
	TRY(names(c, true, &f->i.agreement, true, &f->g.doc, "I does not name G"));
	TRY(names(c, f->i.has_manifest, &f->i.manifest, f->has_m, &f->m.doc, "I does not name M"));
	return names(c, f->i.has_receipt, &f->i.receipt, f->has_r, &f->r.doc, "I does not name R");
}

static err check_delivery(struct ctx *c, const struct invoice_file *f)
{
	const struct object *o = &f->g.object;
	if (f->has_m)
		ENSURE(hash_eq(&f->m.root, &o->root) && f->m.size == o->size &&
				f->m.chunk == o->chunk,
			c, ERR_BAD_VALUE, "M is of another object than G");
	if (f->has_q)
		ENSURE(str_eq(f->m.delivery, f->q.delivery), c, ERR_BAD_VALUE,
			"M is another delivery than Q asked for");
	const struct ranges *have = &f->i.voucher.ranges;
	ENSURE(have->n == 0 || have->p[have->n - 1].to <= o->size, c, ERR_BAD_VALUE,
		"ranges beyond the object");
	if (!f->has_r) {
		ENSURE(have->covered == o->size, c, ERR_BAD_VALUE,
			"without receipt the ranges are the whole object");
		return OK;
	}
	ENSURE(json_eq(f->r.ranges_json, f->i.voucher.ranges_json), c, ERR_BAD_VALUE,
		"the ranges of I are not those of R");
	ENSURE(!str_is(f->r.result, "complete") || have->covered == o->size, c, ERR_BAD_VALUE,
		"a complete receipt does not cover the object");
	ENSURE(!f->r.has_bad || (o->size > 0 && f->r.bad <= (o->size - 1) / o->chunk), c,
		ERR_BAD_VALUE, "the bad chunk lies beyond the object");
	return OK;
}

static err check_voucher(struct ctx *c, const struct invoice_file *f)
{
	const struct voucher *v = &f->i.voucher;
	const struct price *p = &f->g.price;
	ENSURE(str_eq(v->product, f->g.object.product) && v->revision == f->g.object.revision, c,
		ERR_BAD_VALUE, "product and revision are not those of G");
	ENSURE(str_eq(v->currency, p->currency) && v->rate == p->rate, c, ERR_BAD_VALUE,
		"currency and rate are not those of G");
	bool whole = !f->has_r || str_is(f->r.result, "complete");
	ENSURE(v->net == price_due(p->net, whole, v->ranges.covered, f->g.object.size), c,
		ERR_BAD_VALUE, "net is not what G and the ranges give");
	return OK;
}

/* Each member of small stands in large with an equal value; large has exactly extra more. */
static bool copied(const struct json *small, const struct json *large, size_t extra)
{
	for (const struct json *m = small->first; m != NULL; m = m->next) {
		const struct json *other = large->first;
		while (other != NULL && !str_eq(other->name, m->name))
			other = other->next;
		if (other == NULL || !json_eq(m, other))
			return false;
	}
	return large->n == small->n + extra;
}

static err check_texts(struct ctx *c, const struct invoice_file *f)
{
	const struct json *s = f->i.scenario;
	size_t extra = json_get(s, "classification") != NULL ? 3 : 2;
	ENSURE(copied(f->g.scenario, s, extra), c, ERR_BAD_VALUE, "the scenario is not that of G");
	struct entities t = {0};
	TRY(json_read(c, f->i.entities, entities_fields, countof(entities_fields), false, &t));
	/* key, kid, log, origin are left out, and only they: what remains is equal. */
	ENSURE(json_get(t.provider, "key") == NULL && json_get(t.provider, "kid") == NULL &&
			json_get(t.provider, "log") == NULL &&
			json_get(t.provider, "origin") == NULL &&
			copied(t.provider, f->g.provider_json, 4),
		c, ERR_BAD_VALUE, "the provider is not that of G");
	ENSURE(json_get(t.consumer, "key") == NULL && json_get(t.consumer, "kid") == NULL &&
			json_get(t.consumer, "log") == NULL &&
			json_get(t.consumer, "origin") == NULL &&
			copied(t.consumer, f->g.consumer_json, f->g.consumer.joined ? 4 : 0),
		c, ERR_BAD_VALUE, "the consumer is not that of G");
	return OK;
}

/* <origin host>-<year>-<8 digits> */
static err check_serial(struct ctx *c, const struct invoice_file *f)
{
	struct str host, rest, serial = f->i.serial;
	ENSURE(str_cut(f->g.provider.origin, '/', &host, &rest), c, ERR_BAD_VALUE,
		"origin has no path");
	size_t n = host.n;
	struct str digits = str_sub(serial, n + 6, serial.n);
	bool good = str_starts(serial, host) && str_eq(str_sub(serial, n, 1), STR("-")) &&
		    str_eq(str_sub(serial, n + 1, 4), str_sub(f->i.issued, 0, 4)) &&
		    str_eq(str_sub(serial, n + 5, 1), STR("-")) && digits.n == 8;
	for (size_t i = 0; good && i < digits.n; i++)
		good = digits.p[i] >= '0' && digits.p[i] <= '9';
	ENSURE(good, c, ERR_BAD_VALUE, "serial is not <origin host>-<year issued>-<8 digits>");
	return OK;
}

static err check_entries(struct ctx *c, const struct invoice_file *f)
{
	size_t seen = 0;
	for (size_t i = 0; i < countof(entry_rows); i++) {
		const struct json *j = json_get(f->i.entries, entry_rows[i].name);
		const struct party *p = entry_rows[i].consumer ? &f->g.consumer : &f->g.provider;
		bool due = f->g.consumer.joined && (f->has_r || !entry_rows[i].with_receipt);
		ENSURE(j != NULL || !due, c, ERR_MISSING_MEMBER, "entries.%s", entry_rows[i].name);
		if (j == NULL)
			continue;
		struct log_entry e = {0};
		ENSURE(p->joined, c, ERR_BAD_VALUE, "entries.%s: no log", entry_rows[i].name);
		TRY(log_entry_read(c, j, p->origin, &e));
		seen++;
	}
	ENSURE(seen == f->i.entries->n, c, ERR_UNKNOWN_MEMBER, "entries has another member");
	return OK;
}

static err check_content(struct ctx *c, const struct invoice_file *f)
{
	TRY(check_delivery(c, f));
	TRY(check_voucher(c, f));
	TRY(check_texts(c, f));
	TRY(check_serial(c, f));
	return check_entries(c, f);
}

static err check_issue(struct ctx *c, struct invoice_file *f)
{
	const struct party *s = &f->g.provider;
	TRY(evidence_verify(c, &f->issue, s->log, s->origin));
	return evidence_holds(
		c, &f->issue, "invoice.issue", &f->i.doc.digest, "provider", f->sigs.i_provider);
}

static err check_accept(struct ctx *c, struct invoice_file *f)
{
	const struct party *b = &f->g.consumer;
	const struct hash *d = &f->i.doc.digest;
	if (!f->has_accept)
		return OK;
	TRY(evidence_verify(c, &f->accept, b->log, b->origin));
	TRY(evidence_holds(c, &f->accept, "invoice.accept", d, "provider", f->sigs.i_provider));
	return evidence_holds(c, &f->accept, "invoice.accept", d, "consumer", f->sigs.i_consumer);
}

err invoice_verify(struct ctx *c, struct str text, struct invoice_file *ret)
{
	*ret = (struct invoice_file){.check = CHECK_FILE};
	TRY(check_file(c, text, ret));
	ret->check = CHECK_SIGNATURES;
	TRY(check_signatures(c, ret));
	ret->check = CHECK_DIGESTS;
	TRY(check_digests(c, ret));
	ret->check = CHECK_CONTENT;
	TRY(check_content(c, ret));
	ret->check = CHECK_ISSUE;
	TRY(check_issue(c, ret));
	ret->check = CHECK_ACCEPT;
	TRY(check_accept(c, ret));
	ret->check = CHECK_LATER;
	TRY(later_check(c, ret, ret->later_json, &ret->later));
	ret->later.simulated =
		party_is_simulated(ret->g.provider.did) || party_is_simulated(ret->g.consumer.did);
	ret->check = CHECK_NONE;
	ret->label = LABEL_CLAIMED;
	for (size_t i = 0; i < LABEL_COUNT; i++) {
		if (invoice_reaches(ret, (enum label)i))
			ret->label = (enum label)i;
	}
	return OK;
}

bool invoice_reaches(const struct invoice_file *f, enum label wanted)
{
	if (f->check != CHECK_NONE)
		return false;
	switch (wanted) {
	case LABEL_CLAIMED:
		return true;
	case LABEL_DELIVERED:
		return f->has_r;
	case LABEL_ACCEPTED:
		return f->sigs.i_consumer.n > 0;
	case LABEL_RECORDED:
		return f->has_accept;
	case LABEL_COUNT:
		break;
	}
	return false;
}

bool invoice_meets(const struct invoice_file *f, enum label wanted)
{
	return !f->later.voids && !f->later.withdrawn && !f->later.simulated &&
	       invoice_reaches(f, wanted);
}
