#include "invoice/invoicing.h"

#include "act/content.h"
#include "act/outbox.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "contract/easing.h"
#include "invoice/correction.h"
#include "invoice/invoice_body.h"
#include "invoice/invoice_build.h"
#include "invoice/invoice_store.h"
#include "invoice/serial.h"

static const struct str node_actor = {"node", 4};

static err tell(
	struct ctx *c, struct acts *n, struct str peer, const char *kind, const struct entry *e)
{
	const struct outbox_row row = {
		.index = e->index, .peer = peer, .kind = str_z(kind), .subject = e->subject};
	return outbox_put(c, n, &row, 0);
}

/* A fresh id, and the next serial of the year in which it is issued. */
static err name_invoice(struct ctx *c, struct acts *n, struct invoice_sources *s)
{
	struct str issued;
	int64_t number = 0;
	uint64_t year = 0;
	s->issued_ms = acts_now_ms(n);
	TRY(time_str(c, s->issued_ms, &issued));
	ENSURE(str_u64(str_sub(issued, 0, 4), &year), c, ERR_CORRUPT, "no year");
	TRY(invoice_record_next(c, acts_db(n), (int64_t)year, &number));
	TRY(serial_text(c, s->self->origin, (int64_t)year, number, &s->serial));
	return uuid_new_urn(c, acts_env(n), &s->id);
}

static err issue_act(struct ctx *c, struct acts *n, const struct invoice_sources *s,
	const struct json *i, const struct amounts *due, struct str replaces, struct entry *ret)
{
	struct json *body = json_object(c), *sigs = json_object(c);
	struct hash document, signature;
	TRY(invoice_sign(c, n, i, &document, &signature));
	json_set_hex(c, &sigs, "provider", signature.b, HASH_BYTES);
	json_set_str(c, &body, "party", s->agreement->peer);
	json_set_str(c, &body, "serial", s->serial);
	json_set_str(c, &body, "delivery", s->delivery->id);
	json_set_str(c, &body, "agreement", s->agreement->agreement);
	json_set(&body, "due", invoice_amounts_json(c, due));
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	if (s->r != NULL)
		json_set_hex(c, &body, "receipt", s->r->doc.digest.b, HASH_BYTES);
	if (replaces.n > 0)
		json_set_str(c, &body, "replaces", replaces);
	const struct act a = {STR("invoice.issue"), node_actor, s->id, body, NULL};
	return acts_do(c, n, &a, ret);
}

/* Row 9. A plain connector is not told: it has no address for it. */
static err issue(struct ctx *c, struct acts *n, const struct agreement_row *a,
	const struct delivery_row *d, struct str replaces, struct entry *ret)
{
	const struct json *document;
	struct agreement g;
	struct receipt r;
	struct json *i;
	struct amounts due;
	struct invoice_sources s = {.self = acts_self(n), .agreement = a, .delivery = d, .g = &g};
	TRY(content_get_json(c, acts_db(n), &a->document, &document));
	TRY(agreement_read(c, document, &g));
	if (d->has_receipt) {
		TRY(content_get_json(c, acts_db(n), &d->receipt, &document));
		TRY(receipt_read(c, document, &r));
		s.r = &r;
	}
	TRY(name_invoice(c, n, &s));
	TRY(invoice_build(c, &s, &i, &due));
	TRY(issue_act(c, n, &s, i, &due, replaces, ret));
	/* One that replaces another is told when the X that names it is in force. */
	return a->joined && replaces.n == 0 ? tell(c, n, a->peer, "invoice.issue", ret) : OK;
}

/* A receipt came after the invoice had been written without one: I2 takes its place by an X (PROTOCOL, Rules). */
static err replace(struct ctx *c, struct acts *n, const struct agreement_row *a,
	const struct delivery_row *d, const struct invoice_record *old)
{
	struct entry e;
	struct invoice_record fresh;
	TRY(issue(c, n, a, d, old->id, &e));
	TRY(invoice_store_find(c, acts_db(n), e.subject, &fresh));
	const struct correction_wish wish = {.net = fresh.issued.net,
		.reason = STR("a receipt came after the invoice"),
		.replacement = &fresh.document};
	return correction_propose(c, n, old, node_actor, &wish, NULL);
}

err invoicing_delivered(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct agreement_row a;
	struct delivery_row d;
	struct invoice_record known;
	struct entry issued;
	TRY(delivery_find(c, acts_db(n), e->subject, &d));
	if (d.role != AGREEMENT_PROVIDER || !d.start.known || d.given_back)
		return OK;
	TRY(agreement_find(c, acts_db(n), d.agreement, &a));
	err found = invoice_store_of_delivery(c, acts_db(n), AGREEMENT_PROVIDER, d.id, &known);
	if (found == ERR_NOT_FOUND)
		return issue(c, n, &a, &d, (struct str){0}, &issued);
	TRY(found);
	return d.has_receipt && !known.has_receipt ? replace(c, n, &a, &d, &known) : OK;
}

err invoicing_accept(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct str actor, bool told, struct entry *ret)
{
	const struct json *i;
	struct json *body = json_object(c), *sigs = json_object(c);
	struct hash document, signature;
	struct entry e;
	TRY(content_get_json(c, acts_db(n), &r->document, &i));
	TRY(invoice_sign(c, n, i, &document, &signature));
	json_set_hex(c, &sigs, "provider", r->provider_signature.b, HASH_BYTES);
	json_set_hex(c, &sigs, "consumer", signature.b, HASH_BYTES);
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	const struct act a = {STR("invoice.accept"), actor, r->id, body, NULL};
	TRY(acts_do(c, n, &a, &e));
	if (ret != NULL)
		*ret = e;
	return told ? tell(c, n, r->peer, "invoice.accept", &e) : OK;
}

/* D(R) where we hold a receipt that the invoice does not name. */
static err receipt_left_out(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct hash *ret, bool *ret_has)
{
	struct delivery_row d;
	*ret_has = false;
	if (r->has_receipt)
		return OK;
	TRY(delivery_find(c, acts_db(n), r->delivery, &d));
	*ret_has = d.has_receipt;
	*ret = d.receipt;
	return OK;
}

err invoicing_dispute(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct str actor, struct str reason, bool told, struct entry *ret)
{
	struct json *p, *body = json_object(c), *sigs = json_object(c);
	struct hash document, signature, receipt;
	bool has_receipt = false;
	struct entry e;
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: 1 to %u bytes",
		LIMIT_REASON);
	TRY(receipt_left_out(c, n, r, &receipt, &has_receipt));
	TRY(invoice_document(c, n, "dispute", &p));
	json_set_hex(c, &p, "invoice", r->document.b, HASH_BYTES);
	json_set_str(c, &p, "reason", reason);
	if (r->has_correction)
		json_set_hex(c, &p, "prev", r->correction.b, HASH_BYTES);
	if (has_receipt)
		json_set_hex(c, &p, "receipt", receipt.b, HASH_BYTES);
	TRY(invoice_sign(c, n, p, &document, &signature));
	json_set_hex(c, &sigs, r->role == AGREEMENT_PROVIDER ? "provider" : "consumer", signature.b,
		HASH_BYTES);
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set(&body, "signatures", sigs);
	json_set_str(c, &body, "reason", reason);
	if (has_receipt)
		json_set_hex(c, &body, "receipt", receipt.b, HASH_BYTES);
	const struct act a = {STR("invoice.dispute"), actor, r->id, body, NULL};
	TRY(acts_do(c, n, &a, &e));
	if (ret != NULL)
		*ret = e;
	return told ? tell(c, n, r->peer, "invoice.dispute", &e) : OK;
}

err invoicing_received(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct invoice_record r;
	bool by_person = false;
	TRY(invoice_store_find(c, acts_db(n), e->subject, &r));
	TRY(invoice_store_by_person(c, acts_db(n), &by_person));
	if (by_person)
		return OK;
	if (r.fault.n > 0)
		return invoicing_dispute(c, n, &r, node_actor, r.fault, false, NULL);
	return invoicing_accept(c, n, &r, node_actor, false, NULL);
}

err invoicing_corrected(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct invoice_record r;
	struct correction_row x;
	struct binding rules;
	TRY(invoice_store_find(c, acts_db(n), e->subject, &r));
	TRY(invoice_store_correction(
		c, acts_db(n), json_text(json_get(e->body, "correction")), &x));
	TRY(wish_rules(c, acts_db(n), &rules));
	bool waits = (rules.two_people || rules.stamped) && !x.has_replacement;
	return correction_is_gift(&r, &x) && !waits
		       ? correction_agree(c, n, &x, node_actor, false, NULL)
		       : OK;
}

err invoicing_agreed(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct correction_row x;
	struct invoice_record fresh;
	TRY(invoice_store_correction(
		c, acts_db(n), json_text(json_get(e->body, "correction")), &x));
	if (x.by != AGREEMENT_PROVIDER || !x.has_replacement)
		return OK;
	TRY(invoice_store_of_document(c, acts_db(n), &x.replacement, &fresh));
	const struct entry issued = {.index = fresh.own, .subject = fresh.id};
	return tell(c, n, fresh.peer, "invoice.issue", &issued);
}

err invoicing_policy(struct ctx *c, struct acts *n, struct str actor, const struct json *rules)
{
	const struct act a = {STR("invoice.policy"), actor, acts_self(n)->did, rules, NULL};
	struct invoice_body b;
	struct binding old;
	TRY(invoice_body_read(c, a.type, rules, &b));
	TRY(wish_rules(c, acts_db(n), &old));
	if (easing_eases(&old, rules))
		return easing_propose(c, n, "invoice", actor, rules);
	return acts_do(c, n, &a, NULL);
}

static err list_waiting(struct ctx *c, struct str id, const char *what, struct str from,
	int64_t since_ms, struct json **ret)
{
	struct json *o = json_object(c);
	struct str since;
	TRY(time_str(c, since_ms, &since));
	json_set_str(c, &o, "id", id);
	json_set(&o, "what", json_z(c, what));
	json_set_str(c, &o, "from", from);
	json_set_str(c, &o, "since", since);
	*ret = o;
	return OK;
}

static err list_invoices(struct ctx *c, struct store *db, struct inbox_page *p)
{
	struct invoice_record *r;
	size_t n = 0;
	NEW_N(c, r, inbox_room(p));
	TRY(invoice_store_waiting(c, db, p->at, p->id, inbox_room(p), r, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o;
		TRY(list_waiting(c, r[i].id, "invoice", r[i].peer, r[i].at_ms, &o));
		json_set_str(c, &o, "about", r[i].fault.n > 0 ? r[i].fault : r[i].serial);
		inbox_add(p, o, r[i].at_ms, r[i].id);
	}
	return OK;
}

/* One that came and has no answer yet. */
static err waiting_invoice(struct ctx *c, struct acts *n, struct str id, struct invoice_record *ret)
{
	TRY(invoice_store_find(c, acts_db(n), id, ret));
	ENSURE(ret->role == AGREEMENT_CONSUMER && ret->state == INVOICE_ISSUED, c, ERR_NOT_FOUND,
		"this invoice waits for nobody");
	return OK;
}

static err approve_invoice(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	struct invoice_record r;
	TRY(waiting_invoice(c, n, id, &r));
	return invoicing_accept(c, n, &r, actor, true, ret);
}

static err refuse_invoice(struct ctx *c, struct acts *n, struct str actor, struct str id,
	struct str reason, struct entry *ret)
{
	struct invoice_record r;
	TRY(waiting_invoice(c, n, id, &r));
	return invoicing_dispute(c, n, &r, actor, reason, true, ret);
}

static err list_corrections(struct ctx *c, struct store *db, struct inbox_page *p)
{
	struct correction_row *x;
	struct binding rules;
	size_t n = 0;
	NEW_N(c, x, inbox_room(p));
	TRY(wish_rules(c, db, &rules));
	TRY(invoice_store_proposed(c, db, p->at, inbox_room(p), x, &n));
	for (size_t i = 0; i < n; i++) {
		struct invoice_record r;
		struct json *o;
		TRY(invoice_store_find(c, db, x[i].invoice, &r));
		TRY(list_waiting(c, x[i].id, "correction", r.peer, r.last_ms, &o));
		json_set_str(c, &o, "about", x[i].reason);
		TRY(assent_say(c, db, &rules, true, x[i].id, "invoice.agree", &o));
		inbox_add(p, o, (int64_t)x[i].index, STR(""));
	}
	return OK;
}

static err waiting_correction(
	struct ctx *c, struct acts *n, struct str id, struct correction_row *ret)
{
	struct invoice_record r;
	TRY(invoice_store_correction(c, acts_db(n), id, ret));
	TRY(invoice_store_find(c, acts_db(n), ret->invoice, &r));
	ENSURE(ret->state == CORRECTION_PROPOSED && ret->by != r.role, c, ERR_NOT_FOUND,
		"this correction waits for nobody here");
	return correction_party(c, n, &r);
}

static err approve_correction(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	struct correction_row x;
	bool first = false;
	TRY(waiting_correction(c, n, id, &x));
	TRY(wish_assent(c, n, &x, actor, ret, &first));
	return first ? OK : correction_agree(c, n, &x, actor, true, ret);
}

static err refuse_correction(struct ctx *c, struct acts *n, struct str actor, struct str id,
	struct str reason, struct entry *ret)
{
	struct correction_row x;
	TRY(waiting_correction(c, n, id, &x));
	return correction_decline(c, n, &x, actor, reason, ret);
}

const struct inbox_kind invoicing_inbox = {"invoice", ROLE_OWNER | ROLE_REVIEWER | ROLE_FINANCE,
	list_invoices, approve_invoice, refuse_invoice};
const struct inbox_kind invoicing_correction_inbox = {"correction",
	ROLE_OWNER | ROLE_REVIEWER | ROLE_FINANCE, list_corrections, approve_correction,
	refuse_correction};
