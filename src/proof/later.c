#include "proof/later.h"

#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "proof/invoice.h"

struct item {
	const struct json *x, *p, *z, *sigs, *act;
};

struct item_sigs {
	struct str provider, consumer;
};

static const char *const states[] = {"issued", "accepted", "disputed", "corrected", "void", NULL};

// clang-format off
static const struct json_field correction_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"corrects", JSON_K_HEX32, false, offsetof(struct correction, corrects), 0, NULL},
	{"prev", JSON_K_HEX32, true, offsetof(struct correction, prev), 0, NULL},
	{"void", JSON_K_BOOL, false, offsetof(struct correction, voids), 0, NULL},
	{"net", JSON_K_INT, false, offsetof(struct correction, net), 0, NULL},
	{"rate", JSON_K_INT, false, offsetof(struct correction, rate), 0, NULL},
	{"tax", JSON_K_INT, false, offsetof(struct correction, tax), 0, NULL},
	{"reason", JSON_K_TEXT, false, offsetof(struct correction, reason), LIMIT_REASON, NULL},
	{"replacement", JSON_K_HEX32, true, offsetof(struct correction, replacement), 0, NULL},
};

static const struct json_field dispute_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"invoice", JSON_K_HEX32, false, offsetof(struct dispute, invoice), 0, NULL},
	{"prev", JSON_K_HEX32, true, offsetof(struct dispute, prev), 0, NULL},
	{"reason", JSON_K_TEXT, false, offsetof(struct dispute, reason), LIMIT_REASON, NULL},
	{"receipt", JSON_K_HEX32, true, offsetof(struct dispute, receipt), 0, NULL},
};

static const struct json_field status_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct document, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct document, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct document, id), UUID_URN, NULL},
	{"invoice", JSON_K_HEX32, false, offsetof(struct status, invoice), 0, NULL},
	{"state", JSON_K_TEXT, false, offsetof(struct status, state), 0, states},
	{"entry", JSON_K_OBJECT, false, offsetof(struct status, entry), 0, NULL},
	{"head", JSON_K_TEXT, false, offsetof(struct status, head), LIMIT_NOTE, NULL},
	{"at", JSON_K_TEXT, false, offsetof(struct status, at), TIME_TEXT, NULL},
};

static const struct json_field item_fields[] = {
	{"X", JSON_K_OBJECT, true, offsetof(struct item, x), 0, NULL},
	{"P", JSON_K_OBJECT, true, offsetof(struct item, p), 0, NULL},
	{"Z", JSON_K_OBJECT, true, offsetof(struct item, z), 0, NULL},
	{"sigs", JSON_K_OBJECT, false, offsetof(struct item, sigs), 0, NULL},
	{"act", JSON_K_OBJECT, true, offsetof(struct item, act), 0, NULL},
};

static const struct json_field sigs_fields[] = {
	{"provider", JSON_K_TEXT, true, offsetof(struct item_sigs, provider), 0, NULL},
	{"consumer", JSON_K_TEXT, true, offsetof(struct item_sigs, consumer), 0, NULL},
};
// clang-format on

err correction_read(struct ctx *c, const struct json *j, struct correction *ret)
{
	struct correction x = {.voids = false};
	TRY(document_read(c, j, "correction", correction_fields, countof(correction_fields), &x));
	x.has_prev = json_get(j, "prev") != NULL;
	x.has_replacement = json_get(j, "replacement") != NULL;
	*ret = x;
	return OK;
}

err dispute_read(struct ctx *c, const struct json *j, struct dispute *ret)
{
	struct dispute p = {.has_prev = false};
	TRY(document_read(c, j, "dispute", dispute_fields, countof(dispute_fields), &p));
	p.has_prev = json_get(j, "prev") != NULL;
	p.has_receipt = json_get(j, "receipt") != NULL;
	*ret = p;
	return OK;
}

err status_read(struct ctx *c, const struct json *j, struct status *ret)
{
	struct status z = {.entry = NULL};
	int64_t ms = 0;
	TRY(document_read(c, j, "status", status_fields, countof(status_fields), &z));
	ENSURE(time_parse(z.at, &ms), c, ERR_BAD_VALUE, "at of a status is not a time");
	*ret = z;
	return OK;
}

/* At least one, each by the party of G that it says. */
static err signed_item(struct ctx *c, const struct invoice_file *f, const struct document *d,
	const struct json *sigs, struct item_sigs *ret)
{
	TRY(json_read(c, sigs, sigs_fields, countof(sigs_fields), false, ret));
	for (const struct json *m = sigs->first; m != NULL; m = m->next)
		ENSURE(m->text.n > 0, c, ERR_BAD_VALUE, "an empty signature");
	ENSURE(sigs->n > 0, c, ERR_MISSING_MEMBER, "a %.*s that nobody has signed", FMT(d->kind));
	ENSURE(ret->consumer.n == 0 || f->g.consumer.joined, c, ERR_UNKNOWN_MEMBER,
		"a party without key has signed");
	TRY(document_signed_by(c, d, &f->g.provider, ret->provider));
	return document_signed_by(c, d, &f->g.consumer, ret->consumer);
}

/* How many X are in force up to the one that prev names; 0 where it names none of them. */
static size_t place(bool has, const struct hash *prev, const struct standing *s)
{
	size_t at = has ? s->n : 0;
	while (at > 0 && !hash_eq(prev, &s->force[at - 1]))
		at--;
	return at;
}

static err in_force(
	struct ctx *c, const struct invoice_file *f, const struct correction *x, struct standing *s)
{
	int64_t net = s->net + x->net;
	ENSURE(!s->voids, c, ERR_BAD_VALUE, "a void invoice is corrected no more");
	ENSURE(x->rate == f->g.price.rate && net >= 0 && net <= f->i.voucher.net &&
			s->tax + x->tax == price_tax(net, x->rate) && (!x->voids || net == 0),
		c, ERR_BAD_VALUE, "the amounts of a correction do not follow from I");
	s->corrected = true;
	s->disputed = s->withdrawn = s->contested = false;
	s->voids = x->voids;
	s->force[s->n++] = x->doc.digest;
	s->has_replacement = x->has_replacement;
	s->replacement = x->replacement;
	s->net = net;
	s->tax += x->tax;
	s->reason = x->reason;
	return OK;
}

static err check_correction(
	struct ctx *c, const struct invoice_file *f, const struct item *t, struct standing *s)
{
	struct correction x;
	struct item_sigs sigs = {{0}, {0}};
	TRY(correction_read(c, t->x, &x));
	TRY(signed_item(c, f, &x.doc, t->sigs, &sigs));
	ENSURE(hash_eq(&x.corrects, &f->i.doc.digest), c, ERR_BAD_DIGEST,
		"a correction does not name I");
	ENSURE(x.has_prev == (s->n > 0) && place(x.has_prev, &x.prev, s) == s->n, c, ERR_BAD_DIGEST,
		"a correction does not follow the one in force before it");
	if (sigs.provider.n > 0 && sigs.consumer.n > 0)
		return in_force(c, f, &x, s);
	bool consumer = sigs.consumer.n > 0, agreed = f->sigs.i_consumer.n > 0;
	s->disputed = s->disputed || consumer;
	s->withdrawn = s->withdrawn || (!consumer && !agreed);
	s->contested = s->contested || (!consumer && agreed);
	s->reason = x.reason;
	return OK;
}

static err check_dispute(
	struct ctx *c, const struct invoice_file *f, const struct item *t, struct standing *s)
{
	struct dispute p;
	struct item_sigs sigs = {{0}, {0}};
	struct evidence e = {.act = NULL};
	TRY(dispute_read(c, t->p, &p));
	TRY(signed_item(c, f, &p.doc, t->sigs, &sigs));
	bool consumer = sigs.consumer.n > 0;
	const struct party *by = consumer ? &f->g.consumer : &f->g.provider;
	ENSURE(t->sigs->n == 1, c, ERR_UNKNOWN_MEMBER, "a dispute is signed by one side");
	ENSURE(hash_eq(&p.invoice, &f->i.doc.digest), c, ERR_BAD_DIGEST, "a dispute names not I");
	ENSURE(!p.has_receipt || !f->has_r || hash_eq(&p.receipt, &f->r.doc.digest), c,
		ERR_BAD_DIGEST, "a dispute names another receipt");
	TRY(evidence_read(c, t->act, &e));
	TRY(evidence_verify(c, &e, by->log, by->origin));
	TRY(evidence_holds(c, &e, "invoice.dispute", &p.doc.digest,
		consumer ? "consumer" : "provider", consumer ? sigs.consumer : sigs.provider));
	/* Of accept and dispute in one log the later is that party's word. */
	bool taken_back = consumer && f->has_accept && e.index < f->accept.index;
	size_t at = place(p.has_prev, &p.prev, s);
	ENSURE(!p.has_prev || at > 0, c, ERR_BAD_DIGEST, "a dispute follows no X in force here");
	if (taken_back || at < s->n)
		return OK;
	s->disputed = true;
	s->reason = p.reason;
	return OK;
}

static err check_status(
	struct ctx *c, const struct invoice_file *f, const struct item *t, struct standing *s)
{
	struct status z;
	struct item_sigs sigs = {{0}, {0}};
	struct log_entry e = {.index = 0};
	struct checkpoint head = {0};
	TRY(status_read(c, t->z, &z));
	TRY(signed_item(c, f, &z.doc, t->sigs, &sigs));
	const struct party *by = sigs.consumer.n > 0 ? &f->g.consumer : &f->g.provider;
	ENSURE(t->sigs->n == 1, c, ERR_UNKNOWN_MEMBER, "a status is signed by one side");
	ENSURE(hash_eq(&z.invoice, &f->i.doc.digest), c, ERR_BAD_DIGEST, "a status names not I");
	TRY(log_entry_read(c, z.entry, by->origin, &e));
	TRY(evidence_head(c, z.head, by->log, by->origin, &head));
	ENSURE((uint64_t)e.index < head.size, c, ERR_BAD_PROOF,
		"a status names an entry beyond its head");
	if (str_cmp(z.at, s->at) <= 0)
		return OK;
	s->state = z.state;
	s->at = z.at;
	s->origin = by->origin;
	return OK;
}

err later_check(
	struct ctx *c, const struct invoice_file *f, const struct json *later, struct standing *ret)
{
	struct standing s = {.net = f->i.voucher.net, .tax = f->i.voucher.tax};
	int before = 0;
	ENSURE(later->n <= LIMIT_INVOICE_LATER, c, ERR_TOO_LARGE, "later holds at most %u",
		LIMIT_INVOICE_LATER);
	for (const struct json *j = later->first; j != NULL; j = j->next) {
		struct item t = {.x = NULL};
		TRY(json_read(c, j, item_fields, countof(item_fields), false, &t));
		int kind = t.x != NULL ? 1 : t.p != NULL ? 2 : 3;
		/* X, then P, then Z: what a P closes is known when it is read. */
		ENSURE((t.x != NULL) + (t.p != NULL) + (t.z != NULL) == 1 && kind >= before &&
				(t.act != NULL) == (t.p != NULL),
			c, ERR_BAD_VALUE,
			"later holds one of X, P with its act, or Z, in this order");
		before = kind;
		TRY(kind == 1       ? check_correction(c, f, &t, &s)
			: kind == 2 ? check_dispute(c, f, &t, &s)
				    : check_status(c, f, &t, &s));
	}
	*ret = s;
	return OK;
}
