#include "invoice/invoice_take.h"

#include "act/content.h"
#include "base/limits.h"
#include "invoice/invoice_body.h"
#include "invoice/invoice_build.h"
#include "invoice/invoice_store.h"
#include "proof/invoice.h"
#include "proof/later.h"
#include "recognise/interlock.h"

/* What came: who sent it, and the proof of the sender's act. */
struct arrival {
	struct organisation peer;
	struct evidence e;
	const struct json *document;
	struct str signature;
};

static err arrive(struct ctx *c, struct acts *n, struct str peer, const struct json *message,
	const char *type, struct arrival *ret)
{
	struct arrival a = {.document = json_get(message, "document"),
		.signature = json_text(json_get(message, "signature"))};
	TRY(organisation_find(c, acts_db(n), peer, &a.peer));
	ENSURE(a.peer.joined, c, ERR_FORBIDDEN, "a plain connector sends no invoices");
	TRY(interlock_take(c, n, &a.peer, message, type, &a.e));
	*ret = a;
	return OK;
}

static err signature_due(struct ctx *c, struct str signature)
{
	ENSURE(signature.n > 0 && signature.n <= LIMIT_TEXT, c, ERR_MISSING_MEMBER,
		"'signature' is missing");
	return OK;
}

static err keep_shown(
	struct ctx *c, struct acts *n, const struct hash *document, const struct json *message)
{
	const struct json *e = json_get(message, "E");
	return invoice_store_keep_shown(
		c, acts_db(n), document, json_text(json_get(json_get(e, "act"), "type")), e);
}

/* An invoice that the peer takes part in. */
static err find(
	struct ctx *c, struct acts *n, struct str peer, struct str id, struct invoice_record *ret)
{
	struct invoice_record r;
	TRY(invoice_store_find(c, acts_db(n), id, &r));
	ENSURE(str_eq(r.peer, peer), c, ERR_NOT_FOUND, "there is no such invoice");
	*ret = r;
	return OK;
}

/* Our rows of what the invoice is for; M leads to the delivery. */
static err sources(struct ctx *c, struct acts *n, struct str peer, const struct invoice *i,
	struct agreement_row *a, struct delivery_row *d)
{
	const struct json *document;
	struct manifest m;
	ENSURE(i->has_manifest, c, ERR_MISSING_MEMBER, "'manifest' is missing");
	err e = content_get_json(c, acts_db(n), &i->manifest, &document);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_NOT_FOUND, "the invoice names a manifest unknown here");
	TRY(e);
	TRY(manifest_read(c, document, &m));
	TRY(delivery_find(c, acts_db(n), m.delivery, d));
	ENSURE(d->role == AGREEMENT_CONSUMER && str_eq(d->peer, peer) && d->has_manifest &&
			hash_eq(&d->manifest, &i->manifest),
		c, ERR_NOT_FOUND, "there is no such delivery");
	return agreement_find(c, acts_db(n), d->agreement, a);
}

static bool same_place(const struct json *entries, const char *name, const struct place *known)
{
	const struct json *j = json_get(entries, name);
	struct log_entry e = {.index = 0};
	struct ctx inner = {.arena = NULL};
	if (!known->known || j == NULL)
		return true;
	return log_entry_read(&inner, j, known->origin, &e) == OK &&
	       (uint64_t)e.index == known->index && hash_eq(&e.leaf, &known->leaf);
}

/* What the verifier cannot see and we know: the places of the acts, and a receipt that is left out. */
static const char *fault_beyond(
	const struct invoice *i, const struct agreement_row *a, const struct delivery_row *d)
{
	const struct {
		const char *name;
		const struct place *known;
	} rows[] = {{"offer", &a->offered}, {"conclude", &a->conclude},
		{"concluded", &a->concluded}, {"ask", &d->ask}, {"start", &d->start},
		{"receive", &d->receive}, {"end", &d->end}};
	for (size_t k = 0; k < countof(rows); k++) {
		if (!same_place(i->entries, rows[k].name, rows[k].known))
			return "entries name another act than the one that was shown";
	}
	if (!i->has_receipt && d->has_receipt)
		return "it leaves out the receipt that was given";
	return "";
}

/* Whether the file that would come of it stands: everything is signed and proved (else a refusal), and copied from G, M
 * and R (else a fault). */
static err examine(struct ctx *c, struct acts *n, const struct arrival *in, const struct invoice *i,
	const struct json *message, struct str *ret_fault, struct agreement_row *a,
	struct delivery_row *d)
{
	struct json *core;
	struct str text;
	struct invoice_file f;
	const struct core_parts parts = {
		.i = in->document, .issue = json_get(message, "E"), .i_provider = in->signature};
	TRY(sources(c, n, in->peer.did, i, a, d));
	TRY(invoice_core(c, acts_db(n), a, d, &parts, &core));
	TRY(invoice_file_text(c, core, json_array(c), &text));
	err e = invoice_verify(c, text, &f);
	if (e != OK && f.check != CHECK_DIGESTS && f.check != CHECK_CONTENT)
		return e;
	if (e != OK) {
		TRY(arena_str(c, str_z(c->trouble.detail), ret_fault));
		TRY(document_signed_by(c, &i->doc, &f.g.provider, in->signature));
		return evidence_holds(
			c, &in->e, "invoice.issue", &i->doc.digest, "provider", in->signature);
	}
	*ret_fault = str_z(fault_beyond(i, a, d));
	if (ret_fault->n == 0)
		*ret_fault = str_z(invoice_beyond(i, in->peer.url, a));
	return OK;
}

/* An invoice that takes the place of another of this delivery. */
static err replaced(struct ctx *c, struct acts *n, const struct delivery_row *d, struct str *ret)
{
	struct invoice_record old;
	err e = invoice_store_of_delivery(c, acts_db(n), AGREEMENT_CONSUMER, d->id, &old);
	*ret = e == OK ? old.id : (struct str){0};
	return e == ERR_NOT_FOUND ? OK : e;
}

static err received_act(struct ctx *c, struct acts *n, const struct arrival *in,
	const struct invoice *i, struct str fault, const struct delivery_row *d)
{
	struct json *body = json_object(c), *sigs = json_object(c);
	struct hash document, signature;
	struct str old;
	const struct amounts due = {i->voucher.net, i->voucher.rate, i->voucher.tax};
	TRY(replaced(c, n, d, &old));
	TRY(content_put(c, acts_db(n), i->doc.bytes, &document));
	TRY(content_put(c, acts_db(n), in->signature, &signature));
	json_set_hex(c, &sigs, "provider", signature.b, HASH_BYTES);
	json_set_str(c, &body, "party", in->peer.did);
	json_set_str(c, &body, "serial", i->serial);
	json_set_str(c, &body, "delivery", d->id);
	json_set_str(c, &body, "agreement", d->agreement);
	json_set(&body, "due", invoice_amounts_json(c, &due));
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	if (i->has_receipt)
		json_set_hex(c, &body, "receipt", i->receipt.b, HASH_BYTES);
	if (old.n > 0)
		json_set_str(c, &body, "replaces", old);
	if (fault.n > 0)
		json_set_str(c, &body, "fault", fault);
	TRY(interlock_write(c, n, &in->peer, &in->e, &body));
	const struct act a = {STR("invoice.received"), in->peer.did, i->doc.id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err invoice_take_issue(struct ctx *c, struct acts *n, struct str peer, const struct json *message,
	struct invoice_record *ret)
{
	struct arrival in;
	struct invoice i;
	struct agreement_row a;
	struct delivery_row d;
	struct str fault;
	TRY(invoice_read(c, json_get(message, "document"), &i));
	err known = find(c, n, peer, i.doc.id, ret);
	if (known == OK) {
		ENSURE(ret->role == AGREEMENT_CONSUMER, c, ERR_BAD_STATE,
			"it is the provider who issues");
		ENSURE(hash_eq(&ret->document, &i.doc.digest), c, ERR_CONFLICT,
			"this invoice is known with other content");
	}
	if (known != ERR_NOT_FOUND)
		return known;
	TRY(arrive(c, n, peer, message, "invoice.issue", &in));
	TRY(signature_due(c, in.signature));
	ENSURE(str_eq(in.e.subject, i.doc.id), c, ERR_BAD_PROOF,
		"the act that is proved is of another invoice");
	TRY(examine(c, n, &in, &i, message, &fault, &a, &d));
	TRY(received_act(c, n, &in, &i, fault, &d));
	TRY(keep_shown(c, n, &i.doc.digest, message));
	return invoice_store_find(c, acts_db(n), i.doc.id, ret);
}

/* The keys that the agreement names, not those of today. */
static err parties_of(
	struct ctx *c, struct acts *n, const struct invoice_record *r, struct agreement *ret)
{
	struct agreement_row a;
	const struct json *g;
	TRY(agreement_find(c, acts_db(n), r->agreement, &a));
	TRY(content_get_json(c, acts_db(n), &a.document, &g));
	return agreement_read(c, g, ret);
}

static const struct party *other_of(const struct invoice_record *r, const struct agreement *g)
{
	return r->role == AGREEMENT_PROVIDER ? &g->consumer : &g->provider;
}

static const char *side_of(enum agreement_role role)
{
	return role == AGREEMENT_PROVIDER ? "provider" : "consumer";
}

static const char *other_side(const struct invoice_record *r)
{
	return r->role == AGREEMENT_PROVIDER ? "consumer" : "provider";
}

/* A document of ours that they have signed too. */
static err countersigned(struct ctx *c, struct acts *n, const struct invoice_record *r,
	const struct hash *digest, const char *kind, struct str signature)
{
	struct agreement g;
	struct document d = {.kind = str_z(kind), .digest = *digest};
	TRY(signature_due(c, signature));
	TRY(parties_of(c, n, r, &g));
	TRY(content_get(c, acts_db(n), digest, &d.bytes));
	return document_signed_by(c, &d, other_of(r, &g), signature);
}

static err both_signatures(struct ctx *c, const char *theirs_side, const struct hash *theirs,
	const struct hash *ours, struct json **body)
{
	struct json *sigs = json_object(c);
	bool provider = str_is(STR("provider"), theirs_side);
	json_set_hex(c, &sigs, "provider", provider ? theirs->b : ours->b, HASH_BYTES);
	json_set_hex(c, &sigs, "consumer", provider ? ours->b : theirs->b, HASH_BYTES);
	json_set(body, "signatures", sigs);
	return OK;
}

err invoice_take_accept(struct ctx *c, struct acts *n, struct str peer, struct str id,
	const struct json *message, struct invoice_record *ret)
{
	struct arrival in;
	struct invoice_record r;
	struct json *body = json_object(c);
	struct hash signature = {{0}};
	struct str provider;
	TRY(find(c, n, peer, id, &r));
	ENSURE(r.role == AGREEMENT_PROVIDER, c, ERR_BAD_STATE, "it is the consumer who accepts");
	struct str text = json_text(json_get(message, "signature"));
	*ret = r;
	struct hash named = hash_of(text);
	if (r.accepted && hash_eq(&r.consumer_signature, &named))
		return OK;
	TRY(countersigned(c, n, &r, &r.document, "invoice", text));
	TRY(arrive(c, n, peer, message, "invoice.accept", &in));
	TRY(content_get(c, acts_db(n), &r.provider_signature, &provider));
	TRY(evidence_holds(c, &in.e, "invoice.accept", &r.document, "provider", provider));
	TRY(evidence_holds(c, &in.e, "invoice.accept", &r.document, "consumer", text));
	TRY(content_put(c, acts_db(n), text, &signature));
	json_set_hex(c, &body, "document", r.document.b, HASH_BYTES);
	TRY(both_signatures(c, "consumer", &signature, &r.provider_signature, &body));
	TRY(interlock_write(c, n, &in.peer, &in.e, &body));
	const struct act a = {STR("invoice.accepted"), peer, r.id, body, NULL};
	TRY(acts_do(c, n, &a, NULL));
	TRY(keep_shown(c, n, &r.document, message));
	return invoice_store_find(c, acts_db(n), r.id, ret);
}

static err dispute_known(struct ctx *c, struct acts *n, const struct invoice_record *r,
	const struct hash *document, bool *ret)
{
	struct dispute_row *rows;
	size_t rows_n = 0;
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_store_disputes(c, acts_db(n), r->id, LIMIT_INVOICE_LATER, rows, &rows_n));
	*ret = false;
	for (size_t i = 0; i < rows_n; i++)
		*ret = *ret || hash_eq(&rows[i].document, document);
	return OK;
}

static err disputed_act(struct ctx *c, struct acts *n, const struct arrival *in,
	const struct invoice_record *r, const struct dispute *p)
{
	struct json *body = json_object(c), *sigs = json_object(c);
	struct hash document, signature;
	TRY(content_put(c, acts_db(n), p->doc.bytes, &document));
	TRY(content_put(c, acts_db(n), in->signature, &signature));
	json_set_hex(c, &sigs, other_side(r), signature.b, HASH_BYTES);
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	json_set_str(c, &body, "reason", p->reason);
	if (p->has_receipt)
		json_set_hex(c, &body, "receipt", p->receipt.b, HASH_BYTES);
	TRY(interlock_write(c, n, &in->peer, &in->e, &body));
	const struct act a = {STR("invoice.disputed"), in->peer.did, r->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err invoice_take_dispute(struct ctx *c, struct acts *n, struct str peer, const struct json *message,
	struct invoice_record *ret)
{
	struct arrival in;
	struct invoice_record r;
	struct dispute p;
	struct agreement g;
	bool known = false;
	TRY(dispute_read(c, json_get(message, "document"), &p));
	TRY(invoice_store_of_document(c, acts_db(n), &p.invoice, &r));
	ENSURE(str_eq(r.peer, peer), c, ERR_NOT_FOUND, "there is no such invoice");
	*ret = r;
	TRY(dispute_known(c, n, &r, &p.doc.digest, &known));
	if (known)
		return OK;
	TRY(arrive(c, n, peer, message, "invoice.dispute", &in));
	TRY(signature_due(c, in.signature));
	TRY(parties_of(c, n, &r, &g));
	TRY(document_signed_by(c, &p.doc, other_of(&r, &g), in.signature));
	TRY(evidence_holds(
		c, &in.e, "invoice.dispute", &p.doc.digest, other_side(&r), in.signature));
	TRY(disputed_act(c, n, &in, &r, &p));
	TRY(keep_shown(c, n, &p.doc.digest, message));
	return invoice_store_find(c, acts_db(n), r.id, ret);
}

static err corrected_act(struct ctx *c, struct acts *n, const struct arrival *in,
	const struct invoice_record *r, const struct correction *x)
{
	struct json *body = json_object(c), *sigs = json_object(c);
	struct hash document, signature;
	const struct amounts change = {x->net, x->rate, x->tax};
	TRY(content_put(c, acts_db(n), x->doc.bytes, &document));
	TRY(content_put(c, acts_db(n), in->signature, &signature));
	json_set_hex(c, &sigs, other_side(r), signature.b, HASH_BYTES);
	json_set_str(c, &body, "correction", x->doc.id);
	json_set_hex(c, &body, "corrects", x->corrects.b, HASH_BYTES);
	if (x->has_prev)
		json_set_hex(c, &body, "prev", x->prev.b, HASH_BYTES);
	json_set(&body, "void", json_bool(c, x->voids));
	json_set(&body, "due", invoice_amounts_json(c, &change));
	json_set_str(c, &body, "reason", x->reason);
	if (x->has_replacement)
		json_set_hex(c, &body, "replacement", x->replacement.b, HASH_BYTES);
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	TRY(interlock_write(c, n, &in->peer, &in->e, &body));
	const struct act a = {STR("invoice.corrected"), in->peer.did, r->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err invoice_take_correct(struct ctx *c, struct acts *n, struct str peer, const struct json *message,
	struct correction_row *ret)
{
	struct arrival in;
	struct invoice_record r;
	struct correction x;
	struct agreement g;
	TRY(correction_read(c, json_get(message, "document"), &x));
	TRY(invoice_store_of_document(c, acts_db(n), &x.corrects, &r));
	ENSURE(str_eq(r.peer, peer), c, ERR_NOT_FOUND, "there is no such invoice");
	err known = invoice_store_correction(c, acts_db(n), x.doc.id, ret);
	if (known == OK)
		ENSURE(hash_eq(&ret->document, &x.doc.digest), c, ERR_CONFLICT,
			"this correction is known with other content");
	if (known != ERR_NOT_FOUND)
		return known;
	TRY(arrive(c, n, peer, message, "invoice.correct", &in));
	TRY(signature_due(c, in.signature));
	TRY(parties_of(c, n, &r, &g));
	TRY(document_signed_by(c, &x.doc, other_of(&r, &g), in.signature));
	TRY(evidence_holds(
		c, &in.e, "invoice.correct", &x.doc.digest, other_side(&r), in.signature));
	TRY(corrected_act(c, n, &in, &r, &x));
	return invoice_store_correction(c, acts_db(n), x.doc.id, ret);
}

static err agreed_act(struct ctx *c, struct acts *n, const struct arrival *in,
	const struct invoice_record *r, const struct correction_row *x)
{
	struct json *body = json_object(c);
	struct hash signature;
	bool provider = x->by == AGREEMENT_PROVIDER;
	TRY(evidence_holds(c, &in->e, "invoice.agree", &x->document, other_side(r), in->signature));
	TRY(content_put(c, acts_db(n), in->signature, &signature));
	json_set_str(c, &body, "correction", x->id);
	json_set_hex(c, &body, "document", x->document.b, HASH_BYTES);
	TRY(both_signatures(c, other_side(r), &signature,
		provider ? &x->provider_signature : &x->consumer_signature, &body));
	TRY(interlock_write(c, n, &in->peer, &in->e, &body));
	const struct act a = {STR("invoice.agreed"), in->peer.did, r->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

static err declined_act(struct ctx *c, struct acts *n, const struct arrival *in,
	const struct invoice_record *r, const struct correction_row *x, struct str reason)
{
	struct json *body = json_object(c);
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "it says not why");
	ENSURE(str_eq(json_text(json_get(in->e.body, "correction")), x->id), c, ERR_BAD_PROOF,
		"the act that is proved is of another correction");
	json_set_str(c, &body, "correction", x->id);
	json_set_str(c, &body, "reason", reason);
	TRY(interlock_write(c, n, &in->peer, &in->e, &body));
	const struct act a = {STR("invoice.declined"), in->peer.did, r->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err invoice_take_correction_answer(struct ctx *c, struct acts *n, struct str peer, struct str id,
	const struct json *message, struct correction_row *ret)
{
	struct arrival in;
	struct invoice_record r;
	struct correction_row x;
	TRY(invoice_store_correction(c, acts_db(n), id, &x));
	TRY(find(c, n, peer, x.invoice, &r));
	*ret = x;
	ENSURE(x.by == r.role, c, ERR_BAD_STATE, "who proposes a correction does not answer it");
	if (x.state != CORRECTION_PROPOSED)
		return OK;
	struct str signature = json_text(json_get(message, "signature"));
	bool agrees = signature.n > 0;
	if (agrees)
		TRY(countersigned(c, n, &r, &x.document, "correction", signature));
	TRY(arrive(c, n, peer, message, agrees ? "invoice.agree" : "invoice.decline", &in));
	if (agrees)
		TRY(agreed_act(c, n, &in, &r, &x));
	else
		TRY(declined_act(c, n, &in, &r, &x, json_text(json_get(message, "reason"))));
	return invoice_store_correction(c, acts_db(n), id, ret);
}

static err tell_document(
	struct ctx *c, struct acts *n, const struct entry *e, struct json **message)
{
	struct hash digest;
	const struct json *document;
	/* I and X are known to who proposed them: their signatures are enough. */
	if (str_is(e->type, "invoice.accept") || str_is(e->type, "invoice.agree"))
		return OK;
	if (!hash_parse(json_text(json_get(e->body, "document")), &digest))
		return OK;
	TRY(content_get_json(c, acts_db(n), &digest, &document));
	json_set(message, "document", json_copy(c, document));
	return OK;
}

err invoice_tell(struct ctx *c, struct acts *n, struct str peer, uint64_t index, struct json **ret)
{
	struct entry e;
	struct invoice_record r;
	struct hash digest;
	struct str signature;
	struct json *o;
	TRY(acts_entry(c, n, index, &e));
	TRY(invoice_store_find(c, acts_db(n), e.subject, &r));
	ENSURE(str_eq(r.peer, peer), c, ERR_NOT_FOUND, "this act is of another party's invoice");
	TRY(interlock_show(c, n, peer, index, &o));
	TRY(tell_document(c, n, &e, &o));
	const struct json *sigs = json_get(e.body, "signatures");
	if (hash_parse(json_text(json_get(sigs, side_of(r.role))), &digest)) {
		TRY(content_get(c, acts_db(n), &digest, &signature));
		json_set_str(c, &o, "signature", signature);
	}
	if (json_get(e.body, "reason") != NULL)
		json_set_str(c, &o, "reason", json_text(json_get(e.body, "reason")));
	if (json_get(e.body, "correction") != NULL)
		json_set_str(c, &o, "correction", json_text(json_get(e.body, "correction")));
	*ret = o;
	return OK;
}

err invoice_tell_answer(
	struct ctx *c, struct acts *n, const struct invoice_record *r, struct json **ret)
{
	struct dispute_row *rows;
	size_t rows_n = 0;
	*ret = NULL;
	if (r->accepted)
		return invoice_tell(c, n, r->peer, r->own, ret);
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_store_disputes(c, acts_db(n), r->id, LIMIT_INVOICE_LATER, rows, &rows_n));
	for (size_t i = rows_n; i > 0; i--) {
		if (rows[i - 1].ours)
			return invoice_tell(c, n, r->peer, rows[i - 1].index, ret);
	}
	return OK;
}

err invoice_tell_correction_answer(
	struct ctx *c, struct acts *n, const struct correction_row *x, struct json **ret)
{
	struct invoice_record r;
	*ret = NULL;
	TRY(invoice_store_find(c, acts_db(n), x->invoice, &r));
	if (x->state == CORRECTION_PROPOSED)
		return OK;
	return invoice_tell(c, n, r.peer, x->last, ret);
}
