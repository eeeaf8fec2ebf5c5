#include "delivery/delivery.h"

#include <assert.h>

#include "base/limits.h"
#include "delivery/delivery_body.h"
#include "delivery/delivery_follow.h"
#include "delivery/delivery_states.h"
#include "delivery/delivery_store.h"
#include "delivery/meter.h"

static enum agreement_role other(enum agreement_role role)
{
	return role == AGREEMENT_PROVIDER ? AGREEMENT_CONSUMER : AGREEMENT_PROVIDER;
}

/* Whose step an act is, seen from here: what bears `by` says it. */
static enum agreement_role sender_of(const struct delivery_row *d, const struct delivery_body *b)
{
	return str_is(b->by, "peer") ? other(d->role) : d->role;
}

static err load(struct ctx *c, struct store *db, const struct act *a, struct delivery_body *b,
	struct delivery_row *d)
{
	TRY(delivery_body_read(c, a->type, a->body, b));
	return delivery_store_find(c, db, a->subject, d);
}

static err check_new(struct ctx *c, struct store *db, struct str id)
{
	struct delivery_row d;
	err e = delivery_store_find(c, db, id, &d);
	ENSURE(e != OK, c, ERR_CONFLICT, "another delivery has this id");
	return e == ERR_NOT_FOUND ? OK : e;
}

/* The agreement is one with that party, in which we have that role, and is concluded. */
static err check_agreement(struct ctx *c, struct store *db, const struct delivery_body *b,
	enum agreement_role role, struct agreement_row *ret)
{
	TRY(agreement_find(c, db, b->agreement, ret));
	ENSURE(str_eq(ret->agreement, b->agreement) && str_eq(ret->peer, b->party) &&
			ret->role == role,
		c, ERR_NOT_FOUND, "there is no agreement %.*s", FMT(str_sub(b->agreement, 0, 100)));
	ENSURE(ret->state != AGREEMENT_TERMINATED, c, ERR_GONE, "the agreement was ended: %.*s",
		FMT(str_sub(ret->reason, 0, 300)));
	bool concluded = ret->state == AGREEMENT_FINALIZED ||
			 (ret->state == AGREEMENT_VERIFIED && role == AGREEMENT_PROVIDER);
	ENSURE(concluded, c, ERR_BAD_STATE, "the agreement is not concluded");
	return OK;
}

static err decide_ask(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct agreement_row g;
	(void)at_ms;
	TRY(delivery_body_read(c, a->type, a->body, &b));
	TRY(check_new(c, db, a->subject));
	TRY(check_agreement(c, db, &b, AGREEMENT_CONSUMER, &g));
	ENSURE(g.has_document == b.has_document, c, ERR_EVIDENCE_MISSING,
		"a delivery of a joined party is asked for by a signed request");
	return OK;
}

/* What the terms refuse is refused here, before anything says that it was asked for. */
static err decide_asked(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct agreement_row g;
	struct delivery_row known;
	int64_t open = 0;
	TRY(delivery_body_read(c, a->type, a->body, &b));
	TRY(check_new(c, db, a->subject));
	TRY(check_new(c, db, b.pid));
	err e = delivery_store_of_peer(c, db, AGREEMENT_PROVIDER, b.party, b.peer_pid, &known);
	ENSURE(e != OK, c, ERR_CONFLICT, "a transfer with this consumerPid exists");
	if (e != ERR_NOT_FOUND)
		return e;
	TRY(check_agreement(c, db, &b, AGREEMENT_PROVIDER, &g));
	ENSURE(!g.joined || (b.has_document && b.from.known), c, ERR_EVIDENCE_MISSING,
		"a joined party asks by a signed request, with its proof");
	TRY(delivery_store_open(c, db, b.party, LIMIT_OPEN_DELIVERIES_PARTY, &open));
	ENSURE(open < LIMIT_OPEN_DELIVERIES_PARTY, c, ERR_QUOTA, "%u deliveries are open already",
		LIMIT_OPEN_DELIVERIES_PARTY);
	return meter_ask(c, db, &g, at_ms);
}

/* Row N: an agreement by a link is drawn on at once, without a request. */
static err decide_linked(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct agreement_row g;
	TRY(delivery_body_read(c, a->type, a->body, &b));
	TRY(check_new(c, db, a->subject));
	TRY(check_agreement(c, db, &b, AGREEMENT_PROVIDER, &g));
	return meter_ask(c, db, &g, at_ms);
}

static err decide_start(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct delivery_row d;
	struct agreement_row g;
	enum delivery_state next;
	TRY(load(c, db, a, &b, &d));
	TRY(delivery_step(c, d.state, DELIVERY_START, AGREEMENT_PROVIDER, &next));
	ENSURE(d.role == AGREEMENT_PROVIDER && !d.has_manifest, c, ERR_BAD_STATE,
		"this delivery has begun, or is not ours to begin");
	TRY(agreement_find(c, db, d.agreement, &g));
	return meter_ask(c, db, &g, at_ms);
}

/* The pid of the peer is fixed by the first message or answer that names it. */
static err check_pid(struct ctx *c, const struct delivery_row *d, struct str peer_pid)
{
	ENSURE(d->peer_pid.n == 0 || str_eq(d->peer_pid, peer_pid), c, ERR_CONFLICT,
		"the other party's process id is %.*s", FMT(d->peer_pid));
	return OK;
}

static err decide_started(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct delivery_row d;
	enum delivery_state next;
	(void)at_ms;
	TRY(load(c, db, a, &b, &d));
	TRY(check_pid(c, &d, b.peer_pid));
	TRY(delivery_step(c, d.state, DELIVERY_START, AGREEMENT_PROVIDER, &next));
	ENSURE(d.joined == b.has_document && d.joined == b.from.known, c, ERR_EVIDENCE_MISSING,
		"a start of a joined party comes signed and with its proof");
	return d.role == AGREEMENT_CONSUMER ? OK
					    : fail(c, ERR_BAD_STATE, "we are the provider here");
}

static err decide_receive(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct delivery_row d;
	(void)at_ms;
	TRY(load(c, db, a, &b, &d));
	ENSURE(d.role == AGREEMENT_CONSUMER && d.has_manifest, c, ERR_BAD_STATE,
		"there is nothing to give a receipt for");
	ENSURE(!d.has_receipt, c, ERR_CONFLICT, "the receipt was given: %.*s", FMT(d.result));
	return OK;
}

/* With a receipt in any state after the manifest; without one it is the completion of a plain connector's transfer. */
static err decide_end(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct delivery_row d;
	enum delivery_state next;
	(void)at_ms;
	TRY(load(c, db, a, &b, &d));
	if (!b.has_document) {
		ENSURE(!d.joined, c, ERR_EVIDENCE_MISSING, "a receipt ends this delivery");
		return delivery_step(c, d.state, DELIVERY_COMPLETE, sender_of(&d, &b), &next);
	}
	ENSURE(d.role == AGREEMENT_PROVIDER && d.has_manifest, c, ERR_BAD_STATE,
		"there is nothing to take a receipt for");
	ENSURE(!d.has_receipt, c, ERR_CONFLICT, "the receipt was taken: %.*s", FMT(d.result));
	ENSURE(b.from.known && b.result.n > 0 && b.ranges != NULL, c, ERR_EVIDENCE_MISSING,
		"a receipt comes with its proof");
	return OK;
}

static err decide_acknowledged(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct delivery_row d;
	(void)at_ms;
	TRY(load(c, db, a, &b, &d));
	if (b.peer_pid.n > 0)
		TRY(check_pid(c, &d, b.peer_pid));
	ENSURE(!b.from.known || (d.role == AGREEMENT_CONSUMER && d.has_receipt && !d.end.known), c,
		ERR_BAD_STATE, "no receipt waits to be taken");
	ENSURE(b.state.n == 0 || (d.waits && str_is(b.state, delivery_state_name(d.waiting))), c,
		ERR_BAD_STATE, "nothing waits to be %.*s", FMT(b.state));
	return OK;
}

/* What came from a plain connector: nobody but us says so, and nothing was signed that it could be compared with. */
static err decide_draw(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct delivery_row d;
	(void)at_ms;
	TRY(load(c, db, a, &b, &d));
	ENSURE(d.role == AGREEMENT_CONSUMER && !d.joined, c, ERR_BAD_STATE,
		"what a joined party sends comes with its proof");
	ENSURE(d.state == DELIVERY_STARTED && d.took == NULL, c, ERR_BAD_STATE,
		"this transfer does not run, or its data is here");
	ENSURE(b.blob.size >= 0 && (uint64_t)b.blob.size <= LIMIT_OBJECT &&
			b.blob.chunk == (int64_t)LIMIT_CHUNK,
		c, ERR_BAD_VALUE, "there is no such object");
	return OK;
}

static enum delivery_event event_of(struct str type)
{
	if (str_is(type, "delivery.suspend"))
		return DELIVERY_SUSPEND;
	return str_is(type, "delivery.resume") ? DELIVERY_RESUME : DELIVERY_TERMINATE;
}

static err decide_step(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_body b;
	struct delivery_row d;
	enum delivery_state next;
	enum delivery_event event = event_of(a->type);
	(void)at_ms;
	TRY(load(c, db, a, &b, &d));
	enum agreement_role sender = sender_of(&d, &b);
	TRY(delivery_step(c, d.state, event, sender, &next));
	ENSURE(!d.waits || event == DELIVERY_TERMINATE || str_is(b.by, "peer"), c, ERR_BAD_STATE,
		"%s waits for the answer of the other party", delivery_state_name(d.waiting));
	ENSURE(event != DELIVERY_RESUME || d.suspended_by == sender, c, ERR_BAD_STATE,
		"who suspended this delivery resumes it");
	return OK;
}

static err decide_giveback(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_row d;
	(void)at_ms;
	TRY(delivery_store_find(c, db, a->subject, &d));
	ENSURE(d.role == AGREEMENT_PROVIDER && d.start.known && !d.given_back && !d.has_receipt &&
			d.state == DELIVERY_TERMINATED,
		c, ERR_BAD_STATE, "a count is given back once, by the seller, after the end");
	return OK;
}

static err decide_overdue(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_row d;
	(void)at_ms;
	TRY(delivery_store_find(c, db, a->subject, &d));
	ENSURE(d.role == AGREEMENT_PROVIDER && d.start.known && !d.has_receipt && !d.overdue, c,
		ERR_BAD_STATE, "no receipt is overdue");
	return OK;
}

static err apply_ask(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	const struct delivery_row d = {.id = e->subject,
		.pid = e->subject,
		.agreement = b.agreement,
		.peer = b.party,
		.role = AGREEMENT_CONSUMER,
		.joined = b.has_document,
		.address = b.address,
		.has_request = b.has_document,
		.request = b.document,
		.request_signature = b.signature,
		.ask = {b.origin, e->index, e->leaf, true},
		.at_ms = e->at_ms,
		.index = e->index};
	return delivery_store_put(c, db, &d);
}

static err apply_asked(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	const struct delivery_row d = {.id = e->subject,
		.pid = b.pid,
		.peer_pid = b.peer_pid,
		.agreement = b.agreement,
		.peer = b.party,
		.role = AGREEMENT_PROVIDER,
		.joined = b.has_document,
		.address = b.address,
		.has_request = b.has_document,
		.request = b.document,
		.request_signature = b.signature,
		.ask = b.from,
		.at_ms = e->at_ms,
		.index = e->index};
	return delivery_store_put(c, db, &d);
}

static err apply_linked(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	const struct delivery_row d = {.id = e->subject,
		.pid = e->subject,
		.agreement = b.agreement,
		.peer = b.party,
		.role = AGREEMENT_PROVIDER,
		.at_ms = e->at_ms,
		.index = e->index};
	return delivery_store_put(c, db, &d);
}

/* Where a step of ours leads: at once towards a party that brings evidence, else when it has answered. */
static void enter(struct delivery_row *d, enum delivery_state next, bool ours)
{
	bool answers = !d->joined && !agreement_by_link(d->peer);
	d->waits = ours && answers && delivery_is_open(next);
	if (d->waits)
		d->waiting = next;
	else
		d->state = next;
}

static err apply_start(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	struct delivery_row d;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	TRY(delivery_store_find(c, db, e->subject, &d));
	bool ours = str_is(e->type, "delivery.start");
	enter(&d, DELIVERY_STARTED, ours);
	d.start_ms = e->at_ms;
	d.has_manifest = b.has_document;
	d.manifest = b.document;
	d.manifest_signature = b.signature;
	d.token = b.token;
	d.start = ours ? (struct place){b.origin, e->index, e->leaf, true} : b.from;
	if (b.peer_pid.n > 0)
		d.peer_pid = b.peer_pid;
	return delivery_store_save(c, db, &d);
}

static void take_receipt(struct delivery_row *d, const struct delivery_body *b)
{
	d->has_receipt = true;
	d->receipt = b->document;
	d->receipt_signature = b->signature;
	d->result = b->result;
	d->ranges = b->ranges;
	d->state = delivery_receipted(d->state, b->result);
	d->waits = false;
}

static err apply_receive(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	struct delivery_row d;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	TRY(delivery_store_find(c, db, e->subject, &d));
	take_receipt(&d, &b);
	d.receive = (struct place){b.origin, e->index, e->leaf, true};
	d.end_ms = e->at_ms;
	return delivery_store_save(c, db, &d);
}

static err apply_end(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	struct delivery_row d;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	TRY(delivery_store_find(c, db, e->subject, &d));
	if (b.has_document) {
		take_receipt(&d, &b);
		d.receive = b.from;
	} else {
		enter(&d, DELIVERY_COMPLETED, str_is(b.by, "us"));
	}
	d.end = (struct place){b.origin, e->index, e->leaf, true};
	d.end_ms = e->at_ms;
	if (b.reason.n > 0)
		d.reason = b.reason;
	return delivery_store_save(c, db, &d);
}

static err apply_acknowledged(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	struct delivery_row d;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	TRY(delivery_store_find(c, db, e->subject, &d));
	if (b.peer_pid.n > 0)
		d.peer_pid = b.peer_pid;
	if (b.state.n > 0) {
		d.state = d.waiting;
		d.waits = false;
	}
	if (b.from.known)
		d.end = b.from;
	return delivery_store_save(c, db, &d);
}

static err apply_step(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	struct delivery_row d;
	enum delivery_state next;
	enum delivery_event event = event_of(e->type);
	TRY(delivery_body_read(c, e->type, e->body, &b));
	TRY(delivery_store_find(c, db, e->subject, &d));
	enum agreement_role sender = sender_of(&d, &b);
	TRY(delivery_step(c, d.state, event, sender, &next));
	enter(&d, next, str_is(b.by, "us"));
	if (event == DELIVERY_SUSPEND)
		d.suspended_by = sender;
	if (event == DELIVERY_TERMINATE && d.end_ms == 0)
		d.end_ms = e->at_ms;
	if (b.reason.n > 0)
		d.reason = b.reason;
	return delivery_store_save(c, db, &d);
}

static err apply_draw(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_body b;
	struct delivery_row d;
	TRY(delivery_body_read(c, e->type, e->body, &b));
	TRY(delivery_store_find(c, db, e->subject, &d));
	d.took = b.object;
	return delivery_store_save(c, db, &d);
}

static err apply_giveback(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, db, e->subject, &d));
	d.given_back = true;
	return delivery_store_save(c, db, &d);
}

static err apply_overdue(struct ctx *c, struct store *db, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, db, e->subject, &d));
	d.overdue = true;
	return delivery_store_save(c, db, &d);
}

static const struct act_type types[] = {
	{"delivery.ask", decide_ask, apply_ask},
	{"delivery.asked", decide_asked, apply_asked},
	{"delivery.linked", decide_linked, apply_linked},
	{"delivery.start", decide_start, apply_start},
	{"delivery.started", decide_started, apply_start},
	{"delivery.receive", decide_receive, apply_receive},
	{"delivery.end", decide_end, apply_end},
	{"delivery.acknowledged", decide_acknowledged, apply_acknowledged},
	{"delivery.suspend", decide_step, apply_step},
	{"delivery.resume", decide_step, apply_step},
	{"delivery.terminate", decide_step, apply_step},
	{"delivery.draw", decide_draw, apply_draw},
	{"delivery.giveback", decide_giveback, apply_giveback},
	{"delivery.overdue", decide_overdue, apply_overdue},
};

static const struct reaction reactions[] = {
	{"agreement.final", follow_final},
	{"order.reuse", follow_reuse},
	{"delivery.ask", follow_ask},
	{"delivery.asked", follow_asked},
	{"agreement.linked", follow_linked},
	{"delivery.linked", follow_asked},
	{"delivery.start", follow_start},
	{"delivery.receive", follow_receive},
	{"delivery.end", follow_end},
	{"delivery.draw", follow_draw},
	{"delivery.suspend", follow_step},
	{"delivery.resume", follow_step},
	{"delivery.terminate", follow_ended},
	{"delivery.overdue", follow_overdue},
};

static const struct due dues[] = {{"receipts that did not come", delivery_overdue}};

const struct module delivery_module = {.name = "delivery",
	.types = types,
	.types_n = countof(types),
	.migrations = delivery_migrations,
	.migrations_n = 3,
	.reactions = reactions,
	.reactions_n = countof(reactions),
	.dues = dues,
	.dues_n = countof(dues)};

err delivery_of_peer(struct ctx *c, struct store *db, enum agreement_role role, struct str peer,
	struct str peer_pid, struct delivery_row *ret)
{
	return delivery_store_of_peer(c, db, role, peer, peer_pid, ret);
}

err delivery_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct delivery_row *ret, size_t *ret_n)
{
	return delivery_store_list(c, db, before, max, ret, ret_n);
}

err delivery_count(struct ctx *c, struct store *db, struct str agreement, int64_t *ret)
{
	return delivery_store_count(c, db, agreement, ret);
}

err delivery_taken(struct ctx *c, struct store *db, struct str agreement, int64_t *ret)
{
	return delivery_store_taken(c, db, agreement, ret);
}

err delivery_progress(struct ctx *c, struct store *db, struct str id, struct delivery_progress *ret)
{
	return delivery_store_progress(c, db, id, ret);
}
