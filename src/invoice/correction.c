#include "invoice/correction.h"

#include "act/content.h"
#include "act/outbox.h"
#include "base/limits.h"
#include "invoice/invoice_build.h"
#include "invoice/invoice_states.h"
#include "invoice/invoice_store.h"
#include "party/organisation.h"

static enum agreement_role other(enum agreement_role role)
{
	return role == AGREEMENT_PROVIDER ? AGREEMENT_CONSUMER : AGREEMENT_PROVIDER;
}

static bool is_ours(struct str type)
{
	return str_is(type, "invoice.correct") || str_is(type, "invoice.agree") ||
	       str_is(type, "invoice.decline");
}

/* Nothing is open beside it, it follows what is in force, and it is not known. */
static err check_place(struct ctx *c, struct store *db, const struct invoice_record *r,
	const struct invoice_body *b)
{
	struct correction_row *rows;
	size_t n = 0;
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_store_corrections(c, db, r->id, LIMIT_INVOICE_LATER, rows, &n));
	ENSURE(n < LIMIT_INVOICE_LATER, c, ERR_QUOTA, "this invoice has been corrected %u times",
		LIMIT_INVOICE_LATER);
	for (size_t i = 0; i < n; i++) {
		ENSURE(!str_eq(rows[i].id, b->id), c, ERR_CONFLICT, "this correction is known");
		ENSURE(rows[i].state != CORRECTION_PROPOSED, c, ERR_BAD_STATE,
			"another correction of this invoice is open: %.*s", FMT(rows[i].id));
	}
	ENSURE(b->has_prev == r->has_correction &&
			(!b->has_prev || hash_eq(&b->prev, &r->correction)),
		c, ERR_PRECONDITION, "it does not follow the correction that is in force");
	return OK;
}

static err check_amounts(
	struct ctx *c, const struct invoice_record *r, const struct invoice_body *b)
{
	int64_t net = r->now.net + b->due.net;
	ENSURE(b->due.rate == r->issued.rate, c, ERR_BAD_VALUE, "the rate is that of the invoice");
	ENSURE(net >= 0 && net <= r->issued.net, c, ERR_BAD_VALUE,
		"what is due must stay between 0 and %lld", (long long)r->issued.net);
	ENSURE(r->now.tax + b->due.tax == price_tax(net, r->issued.rate), c, ERR_BAD_VALUE,
		"the tax does not follow from what is due");
	ENSURE(!b->voids || net == 0, c, ERR_BAD_VALUE, "of a void invoice nothing is due");
	return OK;
}

err correction_decide_proposed(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_record r;
	struct invoice_body b;
	enum invoice_state next;
	bool ours = is_ours(a->type);
	(void)at_ms;
	TRY(invoice_body_read(c, a->type, a->body, &b));
	TRY(invoice_store_find(c, db, a->subject, &r));
	enum agreement_role by = ours ? r.role : other(r.role);
	TRY(invoice_step(c, r.state, b.voids ? INVOICE_VOIDED : INVOICE_CORRECT, by, &next));
	ENSURE(hash_eq(&b.corrects, &r.document), c, ERR_BAD_DIGEST, "it corrects another invoice");
	ENSURE(by == AGREEMENT_PROVIDER ? b.has_provider : b.has_consumer, c, ERR_MISSING_MEMBER,
		"the signature of who proposes it");
	ENSURE(b.reason.n > 0, c, ERR_BAD_VALUE, "a correction says why");
	TRY(check_place(c, db, &r, &b));
	return check_amounts(c, &r, &b);
}

/* The invoice's row remembers the act. */
static err touch(struct ctx *c, struct store *db, struct invoice_record *r, const struct entry *e)
{
	r->last = e->index;
	r->last_leaf = e->leaf;
	r->last_ms = e->at_ms;
	return invoice_store_save(c, db, r);
}

err correction_apply_proposed(struct ctx *c, struct store *db, const struct entry *e)
{
	struct invoice_record r;
	struct invoice_body b;
	TRY(invoice_body_read(c, e->type, e->body, &b));
	TRY(invoice_store_find(c, db, e->subject, &r));
	const struct correction_row x = {.id = b.id,
		.invoice = r.id,
		.document = b.document,
		.prev = b.prev,
		.replacement = b.replacement,
		.has_prev = b.has_prev,
		.has_replacement = b.has_replacement,
		.voids = b.voids,
		.change = b.due,
		.reason = b.reason,
		.by = is_ours(e->type) ? r.role : other(r.role),
		.state = CORRECTION_PROPOSED,
		.provider_signature = b.provider_signature,
		.consumer_signature = b.consumer_signature,
		.last = e->index};
	TRY(invoice_store_put_correction(c, db, &x));
	if (is_ours(e->type))
		TRY(invoice_store_drop_wish(c, db, r.id));
	return touch(c, db, &r, e);
}

/* The open correction that an act answers: ours answers theirs, theirs ours. */
static err answered(struct ctx *c, struct store *db, const struct act *a, struct invoice_body *b,
	struct invoice_record *r, struct correction_row *x)
{
	TRY(invoice_body_read(c, a->type, a->body, b));
	TRY(invoice_store_find(c, db, a->subject, r));
	TRY(invoice_store_correction(c, db, b->id, x));
	ENSURE(str_eq(x->invoice, r->id), c, ERR_NOT_FOUND, "it is of another invoice");
	ENSURE(x->state == CORRECTION_PROPOSED, c, ERR_BAD_STATE, "this correction is answered");
	ENSURE((x->by == r->role) != is_ours(a->type), c, ERR_BAD_STATE,
		"who proposes a correction does not answer it");
	return OK;
}

err correction_decide_agreed(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_record r;
	struct invoice_body b;
	struct correction_row x;
	enum invoice_state next;
	(void)at_ms;
	TRY(answered(c, db, a, &b, &r, &x));
	TRY(invoice_step(c, r.state, x.voids ? INVOICE_VOIDED : INVOICE_CORRECT, x.by, &next));
	ENSURE(hash_eq(&b.document, &x.document), c, ERR_BAD_DIGEST, "this is another correction");
	ENSURE(b.has_provider && b.has_consumer, c, ERR_MISSING_MEMBER, "both signatures");
	ENSURE(hash_eq(x.by == AGREEMENT_PROVIDER ? &b.provider_signature : &b.consumer_signature,
		       x.by == AGREEMENT_PROVIDER ? &x.provider_signature : &x.consumer_signature),
		c, ERR_BAD_DIGEST, "this is another signature of who proposed it");
	return OK;
}

err correction_apply_agreed(struct ctx *c, struct store *db, const struct entry *e)
{
	struct invoice_record r;
	struct invoice_body b;
	struct correction_row x;
	TRY(invoice_body_read(c, e->type, e->body, &b));
	TRY(invoice_store_find(c, db, e->subject, &r));
	TRY(invoice_store_correction(c, db, b.id, &x));
	TRY(invoice_step(c, r.state, x.voids ? INVOICE_VOIDED : INVOICE_CORRECT, x.by, &r.state));
	x.state = CORRECTION_IN_FORCE;
	x.provider_signature = b.provider_signature;
	x.consumer_signature = b.consumer_signature;
	x.last = e->index;
	r.now.net += x.change.net;
	r.now.tax += x.change.tax;
	r.has_correction = true;
	r.correction = x.document;
	TRY(invoice_store_put_correction(c, db, &x));
	return touch(c, db, &r, e);
}

err correction_decide_declined(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_record r;
	struct invoice_body b;
	struct correction_row x;
	(void)at_ms;
	return answered(c, db, a, &b, &r, &x);
}

err correction_apply_declined(struct ctx *c, struct store *db, const struct entry *e)
{
	struct invoice_record r;
	struct invoice_body b;
	struct correction_row x;
	TRY(invoice_body_read(c, e->type, e->body, &b));
	TRY(invoice_store_find(c, db, e->subject, &r));
	TRY(invoice_store_correction(c, db, b.id, &x));
	x.state = CORRECTION_DECLINED;
	x.last = e->index;
	TRY(invoice_store_put_correction(c, db, &x));
	return touch(c, db, &r, e);
}

static err tell(
	struct ctx *c, struct acts *n, struct str peer, const char *kind, const struct entry *e)
{
	const struct outbox_row row = {
		.index = e->index, .peer = peer, .kind = str_z(kind), .subject = e->subject};
	return outbox_put(c, n, &row, 0);
}

err correction_party(struct ctx *c, struct acts *n, const struct invoice_record *r)
{
	struct organisation o;
	TRY(organisation_find(c, acts_db(n), r->peer, &o));
	ENSURE(o.status != ORGANISATION_WITHDRAWN, c, ERR_GONE,
		"%.*s was withdrawn and can neither be told nor agree; join it again first (shugu "
		"invite), then correct",
		FMT(o.did));
	return OK;
}

/* X from what is wished; change is the difference to what is due now. */
static err document_of(struct ctx *c, struct acts *n, const struct invoice_record *r,
	const struct correction_wish *w, struct json **ret, struct amounts *ret_change)
{
	struct json *x;
	ENSURE(w->net >= 0 && w->net <= r->issued.net && (!w->voids || w->net == 0), c,
		ERR_BAD_VALUE, "what is due afterwards must lie between 0 and %lld",
		(long long)r->issued.net);
	const struct amounts change = {w->net - r->now.net, r->issued.rate,
		price_tax(w->net, r->issued.rate) - r->now.tax};
	TRY(invoice_document(c, n, "correction", &x));
	json_set_hex(c, &x, "corrects", r->document.b, HASH_BYTES);
	if (r->has_correction)
		json_set_hex(c, &x, "prev", r->correction.b, HASH_BYTES);
	json_set(&x, "void", json_bool(c, w->voids));
	json_set_num(c, &x, "net", change.net);
	json_set_num(c, &x, "rate", change.rate);
	json_set_num(c, &x, "tax", change.tax);
	json_set_str(c, &x, "reason", w->reason);
	if (w->replacement != NULL)
		json_set_hex(c, &x, "replacement", w->replacement->b, HASH_BYTES);
	*ret = x;
	*ret_change = change;
	return OK;
}

err correction_propose(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct str actor, const struct correction_wish *w, struct entry *ret)
{
	struct json *x, *body = json_object(c), *sigs = json_object(c);
	struct hash document, signature;
	struct amounts change;
	struct entry e;
	ENSURE(w->reason.n > 0 && w->reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE,
		"say why: 1 to %u bytes", LIMIT_REASON);
	TRY(document_of(c, n, r, w, &x, &change));
	TRY(invoice_sign(c, n, x, &document, &signature));
	json_set_hex(c, &sigs, r->role == AGREEMENT_PROVIDER ? "provider" : "consumer", signature.b,
		HASH_BYTES);
	json_set_str(c, &body, "correction", json_text(json_get(x, "id")));
	json_set_hex(c, &body, "corrects", r->document.b, HASH_BYTES);
	if (r->has_correction)
		json_set_hex(c, &body, "prev", r->correction.b, HASH_BYTES);
	json_set(&body, "void", json_bool(c, w->voids));
	json_set(&body, "due", invoice_amounts_json(c, &change));
	json_set_str(c, &body, "reason", w->reason);
	if (w->replacement != NULL)
		json_set_hex(c, &body, "replacement", w->replacement->b, HASH_BYTES);
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	const struct act a = {STR("invoice.correct"), actor, r->id, body, NULL};
	TRY(acts_do(c, n, &a, &e));
	if (ret != NULL)
		*ret = e;
	return tell(c, n, r->peer, "invoice.correct", &e);
}

err correction_agree(struct ctx *c, struct acts *n, const struct correction_row *x,
	struct str actor, bool told, struct entry *ret)
{
	struct invoice_record r;
	const struct json *document;
	struct json *body = json_object(c), *sigs = json_object(c);
	struct hash digest, signature;
	struct entry e;
	TRY(invoice_store_find(c, acts_db(n), x->invoice, &r));
	TRY(content_get_json(c, acts_db(n), &x->document, &document));
	TRY(invoice_sign(c, n, document, &digest, &signature));
	bool provider = r.role == AGREEMENT_PROVIDER;
	json_set_hex(
		c, &sigs, "provider", provider ? signature.b : x->provider_signature.b, HASH_BYTES);
	json_set_hex(
		c, &sigs, "consumer", provider ? x->consumer_signature.b : signature.b, HASH_BYTES);
	json_set_str(c, &body, "correction", x->id);
	json_set_hex(c, &body, "document", digest.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	const struct act a = {STR("invoice.agree"), actor, r.id, body, NULL};
	TRY(acts_do(c, n, &a, &e));
	if (ret != NULL)
		*ret = e;
	return told ? tell(c, n, r.peer, "invoice.agree", &e) : OK;
}

err correction_decline(struct ctx *c, struct acts *n, const struct correction_row *x,
	struct str actor, struct str reason, struct entry *ret)
{
	struct invoice_record r;
	struct json *body = json_object(c);
	struct entry e;
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: 1 to %u bytes",
		LIMIT_REASON);
	TRY(invoice_store_find(c, acts_db(n), x->invoice, &r));
	json_set_str(c, &body, "correction", x->id);
	json_set_str(c, &body, "reason", reason);
	const struct act a = {STR("invoice.decline"), actor, r.id, body, NULL};
	TRY(acts_do(c, n, &a, &e));
	if (ret != NULL)
		*ret = e;
	return tell(c, n, r.peer, "invoice.decline", &e);
}

bool correction_is_gift(const struct invoice_record *r, const struct correction_row *x)
{
	return r->role == AGREEMENT_CONSUMER && x->by == AGREEMENT_PROVIDER &&
	       (x->voids || x->change.net <= 0);
}
