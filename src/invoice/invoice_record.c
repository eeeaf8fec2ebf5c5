#include "invoice/invoice_record.h"

#include <assert.h>

#include "base/limits.h"
#include "contract/easing.h"
#include "invoice/correction.h"
#include "invoice/invoice_body.h"
#include "invoice/invoice_states.h"
#include "invoice/invoice_store.h"
#include "invoice/invoicing.h"
#include "invoice/serial.h"

err invoice_record_find(struct ctx *c, struct store *db, struct str id, struct invoice_record *ret)
{
	return invoice_store_find(c, db, id, ret);
}

err invoice_record_of_delivery(struct ctx *c, struct store *db, enum agreement_role role,
	struct str delivery, struct invoice_record *ret)
{
	return invoice_store_of_delivery(c, db, role, delivery, ret);
}

err invoice_record_list(struct ctx *c, struct store *db, int64_t before_ms, struct str before,
	size_t max, struct invoice_record *ret, size_t *ret_n)
{
	return invoice_store_list(c, db, before_ms, before, max, ret, ret_n);
}

err invoice_record_by_person(struct ctx *c, struct store *db, bool *ret)
{
	return invoice_store_by_person(c, db, ret);
}

err invoice_record_next(struct ctx *c, struct store *db, int64_t year, int64_t *ret)
{
	int64_t last = 0;
	TRY(invoice_store_serial(c, db, year, &last));
	*ret = last + 1;
	return OK;
}

err invoice_record_disputes(struct ctx *c, struct store *db, struct str invoice, size_t max,
	struct dispute_row *ret, size_t *ret_n)
{
	return invoice_store_disputes(c, db, invoice, max, ret, ret_n);
}

err invoice_record_corrections(struct ctx *c, struct store *db, struct str invoice, size_t max,
	struct correction_row *ret, size_t *ret_n)
{
	return invoice_store_corrections(c, db, invoice, max, ret, ret_n);
}

err invoice_record_correction(
	struct ctx *c, struct store *db, struct str id, struct correction_row *ret)
{
	return invoice_store_correction(c, db, id, ret);
}

/* True where find answered OK, false for ERR_NOT_FOUND; other errors are passed on. */
static err is_there(struct ctx *c, err found, bool *ret)
{
	(void)c;
	*ret = found == OK;
	return found == ERR_NOT_FOUND ? OK : found;
}

/* What issue and received have in common: a new id, a new serial, one for each delivery but for replacements. */
static err decide_new(struct ctx *c, struct store *db, const struct act *a,
	enum agreement_role role, struct invoice_body *b)
{
	struct invoice_record known;
	bool there = false;
	TRY(invoice_body_read(c, a->type, a->body, b));
	ENSURE(b->has_provider, c, ERR_MISSING_MEMBER, "the provider's signature on I");
	TRY(is_there(c, invoice_store_find(c, db, a->subject, &known), &there));
	ENSURE(!there, c, ERR_CONFLICT, "this invoice is known");
	TRY(is_there(c, invoice_store_find(c, db, b->serial, &known), &there));
	ENSURE(!there, c, ERR_CONFLICT, "the serial %.*s is taken", FMT(b->serial));
	if (b->replaces.n > 0) {
		TRY(invoice_store_find(c, db, b->replaces, &known));
		ENSURE(known.role == role && str_eq(known.delivery, b->delivery), c, ERR_BAD_VALUE,
			"the invoice that is replaced is of another delivery");
		return OK;
	}
	TRY(is_there(c, invoice_store_of_delivery(c, db, role, b->delivery, &known), &there));
	ENSURE(!there, c, ERR_CONFLICT, "this delivery has its invoice: %.*s", FMT(known.serial));
	return OK;
}

static err decide_issue(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_body b;
	int64_t year = 0, number = 0, last = 0;
	(void)at_ms;
	TRY(decide_new(c, db, a, AGREEMENT_PROVIDER, &b));
	TRY(serial_read(c, b.serial, &year, &number));
	TRY(invoice_store_serial(c, db, year, &last));
	ENSURE(number == last + 1, c, ERR_PRECONDITION, "the next serial of %lld ends in %08lld",
		(long long)year, (long long)last + 1);
	return OK;
}

/* Another invoice of a delivery is one only through an X in force that names it: else the same would be due twice. */
static err check_replacement(struct ctx *c, struct store *db, const struct invoice_body *b)
{
	struct invoice_record old;
	struct correction_row *rows;
	size_t n = 0;
	bool named = false;
	TRY(invoice_store_find(c, db, b->replaces, &old));
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_store_corrections(c, db, old.id, LIMIT_INVOICE_LATER, rows, &n));
	for (size_t i = 0; i < n; i++)
		named = named || (rows[i].state == CORRECTION_IN_FORCE && rows[i].has_replacement &&
					 hash_eq(&rows[i].replacement, &b->document));
	ENSURE(named, c, ERR_CONFLICT, "this delivery has its invoice: %.*s", FMT(old.serial));
	ENSURE(b->due.net == old.now.net && b->due.tax == old.now.tax, c, ERR_BAD_VALUE,
		"the price is not that of the invoice whose place it takes");
	return OK;
}

static err decide_received(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_body b;
	(void)at_ms;
	TRY(decide_new(c, db, a, AGREEMENT_CONSUMER, &b));
	return b.replaces.n > 0 ? check_replacement(c, db, &b) : OK;
}

static err apply_new(
	struct ctx *c, struct store *db, const struct entry *e, enum agreement_role role)
{
	struct invoice_body b;
	TRY(invoice_body_read(c, e->type, e->body, &b));
	const struct invoice_record r = {.id = e->subject,
		.serial = b.serial,
		.peer = b.party,
		.delivery = b.delivery,
		.agreement = b.agreement,
		.role = role,
		.state = INVOICE_ISSUED,
		.document = b.document,
		.provider_signature = b.provider_signature,
		.issued = b.due,
		.now = b.due,
		.replaces = b.replaces,
		.fault = b.fault,
		.has_receipt = b.has_receipt,
		.has_own = role == AGREEMENT_PROVIDER,
		.own = e->index,
		.last = e->index,
		.last_leaf = e->leaf,
		.at_ms = e->at_ms,
		.last_ms = e->at_ms};
	return invoice_store_put(c, db, &r);
}

static err apply_issue(struct ctx *c, struct store *db, const struct entry *e)
{
	int64_t year = 0, number = 0;
	TRY(serial_read(c, json_text(json_get(e->body, "serial")), &year, &number));
	TRY(invoice_store_put_serial(c, db, year, number));
	return apply_new(c, db, e, AGREEMENT_PROVIDER);
}

static err apply_received(struct ctx *c, struct store *db, const struct entry *e)
{
	return apply_new(c, db, e, AGREEMENT_CONSUMER);
}

/* The row that an act is about, its body, and whether whoever acts may do this. */
static err step_of(struct ctx *c, struct store *db, const struct act *a, enum invoice_event event,
	bool ours, struct invoice_record *r, struct invoice_body *b)
{
	enum invoice_state next;
	TRY(invoice_body_read(c, a->type, a->body, b));
	TRY(invoice_store_find(c, db, a->subject, r));
	enum agreement_role other =
		r->role == AGREEMENT_PROVIDER ? AGREEMENT_CONSUMER : AGREEMENT_PROVIDER;
	return invoice_step(c, r->state, event, ours ? r->role : other, &next);
}

static err decide_accept(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_record r;
	struct invoice_body b;
	(void)at_ms;
	TRY(step_of(c, db, a, INVOICE_ACCEPT, str_is(a->type, "invoice.accept"), &r, &b));
	ENSURE(hash_eq(&b.document, &r.document), c, ERR_BAD_DIGEST, "this is another invoice");
	ENSURE(b.has_provider && hash_eq(&b.provider_signature, &r.provider_signature), c,
		ERR_BAD_DIGEST, "this is another signature of the provider");
	ENSURE(b.has_consumer, c, ERR_MISSING_MEMBER, "the consumer's signature on I");
	return OK;
}

static void touched(struct invoice_record *r, const struct entry *e)
{
	r->last = e->index;
	r->last_leaf = e->leaf;
	r->last_ms = e->at_ms;
}

static err apply_accept(struct ctx *c, struct store *db, const struct entry *e)
{
	struct invoice_record r;
	struct invoice_body b;
	TRY(invoice_body_read(c, e->type, e->body, &b));
	TRY(invoice_store_find(c, db, e->subject, &r));
	TRY(invoice_step(c, r.state, INVOICE_ACCEPT, AGREEMENT_CONSUMER, &r.state));
	r.accepted = true;
	r.consumer_signature = b.consumer_signature;
	if (r.role == AGREEMENT_CONSUMER) {
		r.has_own = true;
		r.own = e->index;
	}
	touched(&r, e);
	return invoice_store_save(c, db, &r);
}

static err check_disputes(struct ctx *c, struct store *db, struct str invoice)
{
	struct dispute_row *rows;
	size_t n = 0;
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_store_disputes(c, db, invoice, LIMIT_INVOICE_LATER, rows, &n));
	ENSURE(n < LIMIT_INVOICE_LATER, c, ERR_QUOTA, "this invoice was disputed %u times",
		LIMIT_INVOICE_LATER);
	return OK;
}

static err decide_dispute(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_record r;
	struct invoice_body b;
	(void)at_ms;
	bool ours = str_is(a->type, "invoice.dispute");
	TRY(step_of(c, db, a, INVOICE_DISPUTE, ours, &r, &b));
	bool by_provider = ours == (r.role == AGREEMENT_PROVIDER);
	ENSURE(by_provider ? b.has_provider && !b.has_consumer : b.has_consumer && !b.has_provider,
		c, ERR_MISSING_MEMBER, "the signature of who disputes");
	ENSURE(b.reason.n > 0, c, ERR_BAD_VALUE, "a dispute says why");
	return check_disputes(c, db, r.id);
}

static err apply_dispute(struct ctx *c, struct store *db, const struct entry *e)
{
	struct invoice_record r;
	struct invoice_body b;
	TRY(invoice_body_read(c, e->type, e->body, &b));
	TRY(invoice_store_find(c, db, e->subject, &r));
	enum agreement_role by = b.has_provider ? AGREEMENT_PROVIDER : AGREEMENT_CONSUMER;
	TRY(invoice_step(c, r.state, INVOICE_DISPUTE, by, &r.state));
	const struct dispute_row d = {.document = b.document,
		.signature = b.has_provider ? b.provider_signature : b.consumer_signature,
		.by = by,
		.reason = b.reason,
		.ours = by == r.role,
		.index = e->index};
	r.reason = b.reason;
	touched(&r, e);
	TRY(invoice_store_put_dispute(c, db, r.id, &d));
	return invoice_store_save(c, db, &r);
}

static err decide_policy(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_body b;
	(void)db;
	(void)at_ms;
	TRY(invoice_body_read(c, a->type, a->body, &b));
	ENSURE(a->body->n > 0, c, ERR_MISSING_MEMBER, "say acceptance, twoPeople or stamped");
	return OK;
}

static err apply_policy(struct ctx *c, struct store *db, const struct entry *e)
{
	struct invoice_body b;
	struct binding binding;
	bool by_person = false;
	TRY(invoice_body_read(c, e->type, e->body, &b));
	TRY(invoice_store_by_person(c, db, &by_person));
	TRY(invoice_store_binding(c, db, &binding));
	if (b.acceptance.n > 0)
		by_person = str_is(b.acceptance, "person");
	if (json_get(e->body, "twoPeople") != NULL)
		binding.two_people = b.two_people;
	if (json_get(e->body, "stamped") != NULL)
		binding.stamped = b.stamped;
	TRY(easing_done(c, db, "invoice"));
	return invoice_store_put_policy(c, db, by_person, &binding);
}

static const struct act_type types[] = {
	{"invoice.issue", decide_issue, apply_issue},
	{"invoice.received", decide_received, apply_received},
	{"invoice.accept", decide_accept, apply_accept},
	{"invoice.accepted", decide_accept, apply_accept},
	{"invoice.dispute", decide_dispute, apply_dispute},
	{"invoice.disputed", decide_dispute, apply_dispute},
	{"invoice.policy", decide_policy, apply_policy},
	{"invoice.correct", correction_decide_proposed, correction_apply_proposed},
	{"invoice.corrected", correction_decide_proposed, correction_apply_proposed},
	{"invoice.agree", correction_decide_agreed, correction_apply_agreed},
	{"invoice.agreed", correction_decide_agreed, correction_apply_agreed},
	{"invoice.decline", correction_decide_declined, correction_apply_declined},
	{"invoice.declined", correction_decide_declined, correction_apply_declined},
};

static const struct reaction reactions[] = {
	{"delivery.end", invoicing_delivered},
	{"delivery.overdue", invoicing_delivered},
	{"invoice.received", invoicing_received},
	{"invoice.corrected", invoicing_corrected},
	{"invoice.agreed", invoicing_agreed},
};

const struct module invoice_module = {.name = "invoice",
	.types = types,
	.types_n = countof(types),
	.migrations = invoice_migrations,
	.migrations_n = INVOICE_MIGRATIONS,
	.reactions = reactions,
	.reactions_n = countof(reactions)};
