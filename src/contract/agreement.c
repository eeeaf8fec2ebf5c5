#include "contract/agreement.h"

#include <assert.h>

#include "base/limits.h"
#include "contract/agreement_body.h"
#include "contract/agreement_follow.h"
#include "contract/agreement_states.h"
#include "contract/agreement_store.h"
#include "contract/easing.h"
#include "contract/order_store.h"
#include "product/product.h"
#include "terms/decide.h"

/* What an act does to a negotiation: whose step it is, seen from here. */
enum author { US, PEER };

static const struct step {
	const char *type;
	enum agreement_event event;
	enum author author;
} steps[] = {
	{"agreement.offered", AGREEMENT_OFFER, PEER},
	{"agreement.accept", AGREEMENT_ACCEPT, US},
	{"agreement.bid", AGREEMENT_OFFER, US},
	{"agreement.accepted", AGREEMENT_ACCEPT, PEER},
	{"agreement.counter", AGREEMENT_COUNTER, US},
	{"agreement.countered", AGREEMENT_COUNTER, PEER},
	{"agreement.offer", AGREEMENT_AGREE, US},
	{"agreement.seen", AGREEMENT_AGREE, PEER},
	{"agreement.conclude", AGREEMENT_VERIFY, US},
	{"agreement.concluded", AGREEMENT_VERIFY, PEER},
	{"agreement.terminate", AGREEMENT_TERMINATE, US},
	{"agreement.terminated", AGREEMENT_TERMINATE, PEER},
};

static enum agreement_role other(enum agreement_role role)
{
	return role == AGREEMENT_PROVIDER ? AGREEMENT_CONSUMER : AGREEMENT_PROVIDER;
}

/* The state that follows from an act of this type. */
static err next_state(
	struct ctx *c, const struct agreement_row *r, struct str type, enum agreement_state *ret)
{
	if (str_is(type, "agreement.final"))
		return agreement_step(c, r->state, AGREEMENT_FINALIZE, AGREEMENT_PROVIDER, ret);
	size_t i = 0;
	while (i < countof(steps) && !str_is(type, steps[i].type))
		i++;
	assert(i < countof(steps));
	enum agreement_role sender = steps[i].author == US ? r->role : other(r->role);
	bool ends = steps[i].event == AGREEMENT_TERMINATE && r->state == AGREEMENT_FINALIZED;
	return agreement_step(c, r->state, ends ? AGREEMENT_REVOKE : steps[i].event, sender, ret);
}

static err load(struct ctx *c, struct store *db, const struct act *a, struct agreement_body *b,
	struct agreement_row *r)
{
	TRY(agreement_body_read(c, a->type, a->body, b));
	return agreement_store_find(c, db, a->subject, r);
}

static err check_new(struct ctx *c, struct store *db, struct str negotiation)
{
	struct agreement_row r;
	err e = agreement_store_find(c, db, negotiation, &r);
	ENSURE(e != OK, c, ERR_CONFLICT, "this negotiation exists");
	return e == ERR_NOT_FOUND ? OK : e;
}

/* What we cannot understand we do not ask for: nobody could keep to it. */
static err decide_request(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct terms terms;
	(void)at_ms;
	TRY(agreement_body_read(c, a->type, a->body, &b));
	TRY(check_new(c, db, a->subject));
	if (b.order.n > 0) {
		struct order_row order;
		TRY(order_store_find(c, db, b.order, &order));
		ENSURE(order.state == ORDER_WAITING, c, ERR_BAD_STATE, "this order waits no more");
	}
	bool whole = b.object != NULL && b.price != NULL && b.scenario != NULL;
	bool bare = b.object == NULL && b.price == NULL;
	ENSURE(whole || bare, c, ERR_MISSING_MEMBER,
		"'object', 'price' and 'scenario' come together");
	return terms_compile(c, b.terms, &terms);
}

/* The offer is the newest of its product. */
static err check_offered(
	struct ctx *c, struct store *db, const struct agreement_body *b, struct revision *ret)
{
	struct revision newest;
	TRY(product_by_offer(c, db, b->offer, ret));
	TRY(product_find(c, db, ret->product, &newest));
	ENSURE(!ret->withdrawn, c, ERR_GONE, "%.*s is no longer offered", FMT(ret->name));
	ENSURE(ret->revision == newest.revision, c, ERR_GONE,
		"revision %lld of %.*s is no longer offered: ask for revision %lld",
		(long long)ret->revision, FMT(ret->name), (long long)newest.revision);
	ENSURE(str_eq(ret->product, b->product) && ret->revision == b->revision, c, ERR_BAD_VALUE,
		"the offer is of another product or revision");
	return OK;
}

static err check_use(
	struct ctx *c, const struct revision *offered, struct str purpose, int64_t at_ms)
{
	struct terms terms;
	struct str why;
	TRY(terms_compile(c, offered->terms, &terms));
	const struct terms_ask ask = {
		.action = "use", .purpose = purpose, .now_ms = at_ms, .agreed_ms = at_ms};
	return terms_decide(c, &terms, &ask, &why);
}

static err decide_requested(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row known;
	struct revision offered;
	int64_t open = 0;
	TRY(agreement_body_read(c, a->type, a->body, &b));
	TRY(check_new(c, db, a->subject));
	err e = agreement_store_of_peer(c, db, AGREEMENT_PROVIDER, b.party, b.peer_pid, &known);
	ENSURE(e != OK, c, ERR_CONFLICT, "a negotiation with this consumerPid exists");
	if (e != ERR_NOT_FOUND)
		return e;
	TRY(check_offered(c, db, &b, &offered));
	TRY(agreement_store_open(c, db, b.party, LIMIT_OPEN_NEGOTIATIONS_PARTY, &open));
	ENSURE(open < LIMIT_OPEN_NEGOTIATIONS_PARTY, c, ERR_QUOTA,
		"%u negotiations are open already", LIMIT_OPEN_NEGOTIATIONS_PARTY);
	return check_use(c, &offered, b.purpose, at_ms);
}

/* The pid of the peer is fixed by the first message or answer that names it. */
static err check_pid(struct ctx *c, const struct agreement_row *r, struct str peer_pid)
{
	ENSURE(r->peer_pid.n == 0 || str_eq(r->peer_pid, peer_pid), c, ERR_CONFLICT,
		"the other party's process id is %.*s", FMT(r->peer_pid));
	return OK;
}

static err decide_acknowledged(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	(void)at_ms;
	TRY(load(c, db, a, &b, &r));
	if (b.peer_pid.n > 0)
		TRY(check_pid(c, &r, b.peer_pid));
	if (b.state.n == 0)
		return OK;
	ENSURE(r.waits && str_is(b.state, agreement_state_name(r.waiting)), c, ERR_BAD_STATE,
		"nothing waits to be %.*s", FMT(b.state));
	return OK;
}

static err decide_offered(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	enum agreement_state next;
	(void)at_ms;
	TRY(load(c, db, a, &b, &r));
	TRY(check_pid(c, &r, b.peer_pid));
	return next_state(c, &r, a->type, &next);
}

/* A step of ours: not twice while the first waits for its answer. */
static err decide_own(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	enum agreement_state next;
	(void)at_ms;
	TRY(load(c, db, a, &b, &r));
	TRY(next_state(c, &r, a->type, &next));
	ENSURE(!r.waits, c, ERR_BAD_STATE, "%s waits for the answer of the other party",
		agreement_state_name(r.waiting));
	return OK;
}

/* Offers and counter-requests go to and fro with plain connectors alone: between joined parties row 2 answers row 1. */
static err decide_bargain(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	TRY(load(c, db, a, &b, &r));
	ENSURE(!r.joined, c, ERR_BAD_STATE,
		"a joined party is answered by the signed agreement, or by an end");
	return decide_own(c, db, a, at_ms);
}

static err decide_policy(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	(void)db;
	(void)at_ms;
	TRY(agreement_body_read(c, a->type, a->body, &b));
	ENSURE(a->body->n > 0, c, ERR_MISSING_MEMBER, "say decides, twoPeople, stamped or openFor");
	ENSURE(b.open_for == 0 || (b.open_for >= 60 && b.open_for <= LIMIT_AGREEMENT_OPEN_MAX_S), c,
		ERR_BAD_VALUE, "'openFor' is 60 to %lld seconds, or 0", LIMIT_AGREEMENT_OPEN_MAX_S);
	return OK;
}

static err check_document(struct ctx *c, struct store *db, const struct agreement_row *r,
	const struct agreement_body *b)
{
	bool taken = false;
	TRY(agreement_store_taken(c, db, b->agreement, r->negotiation, &taken));
	ENSURE(!taken, c, ERR_CONFLICT, "the agreement %.*s is known already", FMT(b->agreement));
	return OK;
}

static err decide_offer(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	TRY(decide_own(c, db, a, at_ms));
	TRY(load(c, db, a, &b, &r));
	ENSURE(b.open_until_ms > at_ms, c, ERR_BAD_VALUE, "'openUntil' is over");
	return check_document(c, db, &r, &b);
}

/* Row N: who takes by a link has no process and signs nothing; whether the link still gives is a guard's question. */
static err decide_linked(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct revision offered;
	const struct agreement_row r = {.negotiation = a->subject};
	TRY(agreement_body_read(c, a->type, a->body, &b));
	ENSURE(agreement_by_link(b.party), c, ERR_BAD_VALUE, "'party' is not a link");
	TRY(check_new(c, db, a->subject));
	TRY(check_offered(c, db, &b, &offered));
	TRY(check_document(c, db, &r, &b));
	return check_use(c, &offered, json_text(json_get(offered.scenario, "purpose")), at_ms);
}

static err decide_seen(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	enum agreement_state next;
	TRY(load(c, db, a, &b, &r));
	TRY(check_pid(c, &r, b.peer_pid));
	TRY(next_state(c, &r, a->type, &next));
	ENSURE(r.joined == b.has_document && r.joined == b.from.known, c, ERR_EVIDENCE_MISSING,
		"an agreement of a joined party comes signed and with its proof");
	ENSURE(!r.joined || b.open_until_ms > at_ms, c, ERR_GONE,
		"this agreement was open until %.*s", FMT(b.open_until));
	return check_document(c, db, &r, &b);
}

static err check_same(struct ctx *c, const struct agreement_row *r, const struct agreement_body *b)
{
	if (!r->joined)
		return OK;
	ENSURE(b->has_document, c, ERR_EVIDENCE_MISSING, "the agreement is to be signed by both");
	ENSURE(hash_eq(&r->document, &b->document) &&
			hash_eq(&r->provider_signature, &b->provider_signature),
		c, ERR_BAD_DIGEST, "this is not the agreement that was offered");
	return OK;
}

static err decide_conclude(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	TRY(decide_own(c, db, a, at_ms));
	TRY(load(c, db, a, &b, &r));
	ENSURE(r.open_until_ms == 0 || at_ms <= r.open_until_ms, c, ERR_GONE,
		"this agreement could be signed until openUntil, which is over: ask anew");
	return check_same(c, &r, &b);
}

static err decide_concluded(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	enum agreement_state next;
	TRY(load(c, db, a, &b, &r));
	TRY(next_state(c, &r, a->type, &next));
	ENSURE(at_ms <= r.open_until_ms, c, ERR_GONE,
		"this agreement could be concluded until openUntil, which is over: ask anew");
	ENSURE(!r.joined || b.from.known, c, ERR_EVIDENCE_MISSING,
		"a conclusion of a joined party comes with its proof");
	return check_same(c, &r, &b);
}

static err decide_final(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	enum agreement_state next;
	(void)at_ms;
	TRY(load(c, db, a, &b, &r));
	TRY(next_state(c, &r, a->type, &next));
	ENSURE(r.role == AGREEMENT_PROVIDER || r.joined == b.from.known, c, ERR_EVIDENCE_MISSING,
		"the conclusion of a joined party comes with its proof");
	return OK;
}

static err decide_end(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_body b;
	struct agreement_row r;
	enum agreement_state next;
	(void)at_ms;
	TRY(load(c, db, a, &b, &r));
	return next_state(c, &r, a->type, &next);
}

static err apply_request(struct ctx *c, struct store *db, const struct entry *e)
{
	struct agreement_body b;
	TRY(agreement_body_read(c, e->type, e->body, &b));
	const struct agreement_row r = {.negotiation = e->subject,
		.peer = b.party,
		.role = AGREEMENT_CONSUMER,
		.state = AGREEMENT_REQUESTED,
		.offer = b.offer,
		.product = b.product,
		.revision = b.revision,
		.terms = b.terms,
		.object = b.object,
		.price = b.price,
		.scenario = b.scenario,
		.receipt_within = b.receipt_within,
		.joined = b.object != NULL,
		.order = b.order,
		.deliver = b.deliver,
		.address = b.address,
		.at_ms = e->at_ms,
		.index = e->index};
	if (b.order.n > 0)
		TRY(order_store_move(
			c, db, b.order, ORDER_NEGOTIATING, e->subject, (struct str){"", 0}));
	return agreement_store_put(c, db, &r);
}

/* The scenario of the product with the purpose that the buyer states. */
static struct json *scenario_for(struct ctx *c, const struct revision *p, struct str purpose)
{
	struct json *o = json_copy(c, p->scenario);
	if (purpose.n > 0)
		json_set_str(c, &o, "purpose", purpose);
	return o;
}

static err apply_requested(struct ctx *c, struct store *db, const struct entry *e)
{
	struct agreement_body b;
	struct revision p;
	TRY(agreement_body_read(c, e->type, e->body, &b));
	TRY(product_revision(c, db, b.product, b.revision, &p));
	const struct agreement_row r = {.negotiation = e->subject,
		.peer = b.party,
		.peer_pid = b.peer_pid,
		.role = AGREEMENT_PROVIDER,
		.state = AGREEMENT_REQUESTED,
		.offer = b.offer,
		.product = b.product,
		.revision = b.revision,
		.terms = p.terms,
		.object = p.object_json,
		.price = p.price_json,
		.scenario = scenario_for(c, &p, b.purpose),
		.receipt_within = p.receipt_within,
		.joined = b.head != NULL,
		.address = b.address,
		.at_ms = e->at_ms,
		.index = e->index};
	return agreement_store_put(c, db, &r);
}

static err apply_acknowledged(struct ctx *c, struct store *db, const struct entry *e)
{
	struct agreement_body b;
	struct agreement_row r;
	TRY(agreement_body_read(c, e->type, e->body, &b));
	TRY(agreement_store_find(c, db, e->subject, &r));
	if (b.peer_pid.n > 0)
		r.peer_pid = b.peer_pid;
	if (b.state.n > 0) {
		r.state = r.waiting;
		r.waits = false;
	}
	return agreement_store_save(c, db, &r);
}

/* Where a step of ours leads: at once towards a party that brings evidence, else when it has answered. */
static void enter(struct agreement_row *r, enum agreement_state next)
{
	r->waits = !r->joined && agreement_is_open(next);
	if (r->waits)
		r->waiting = next;
	else
		r->state = next;
}

static bool is_own_step(struct str type)
{
	return str_is(type, "agreement.accept") || str_is(type, "agreement.bid") ||
	       str_is(type, "agreement.counter") || str_is(type, "agreement.offer") ||
	       str_is(type, "agreement.conclude");
}

static void take_document(
	struct agreement_row *r, const struct agreement_body *b, const struct entry *e)
{
	if (str_is(e->type, "agreement.offer") || str_is(e->type, "agreement.seen") ||
		str_is(e->type, "agreement.linked")) {
		r->agreement = b->agreement;
		r->agreed_ms = b->agreed_ms;
		r->open_until_ms = b->open_until_ms;
		r->policy = b->policy;
	}
	if (!b->has_document)
		return;
	r->has_document = true;
	r->document = b->document;
	r->provider_signature = b->provider_signature;
	r->consumer_signature = b->consumer_signature;
}

/* Where the entries stand that the invoice will name: ours by this entry, the peer's by what it has shown. */
static void take_places(
	struct agreement_row *r, const struct agreement_body *b, const struct entry *e)
{
	const struct place here = {b->origin, e->index, e->leaf, true};
	if (str_is(e->type, "agreement.offer") || str_is(e->type, "agreement.linked"))
		r->offered = here;
	if (str_is(e->type, "agreement.seen"))
		r->offered = b->from;
	if (str_is(e->type, "agreement.conclude"))
		r->conclude = here;
	if (str_is(e->type, "agreement.concluded")) {
		r->conclude = b->from;
		r->concluded = here;
	}
	if (str_is(e->type, "agreement.final") && b->from.known)
		r->concluded = b->from;
}

/* Final at once: the person said yes on the page, and there is nobody to wait for. */
static err apply_linked(struct ctx *c, struct store *db, const struct entry *e)
{
	struct agreement_body b;
	struct revision p;
	TRY(agreement_body_read(c, e->type, e->body, &b));
	TRY(product_revision(c, db, b.product, b.revision, &p));
	struct agreement_row r = {.negotiation = e->subject,
		.peer = b.party,
		.role = AGREEMENT_PROVIDER,
		.offer = b.offer,
		.product = b.product,
		.revision = b.revision,
		.terms = p.terms,
		.object = p.object_json,
		.price = p.price_json,
		.scenario = p.scenario,
		.deliver = b.deliver,
		.at_ms = e->at_ms,
		.index = e->index};
	TRY(agreement_store_put(c, db, &r));
	r.state = AGREEMENT_FINALIZED;
	take_document(&r, &b, e);
	take_places(&r, &b, e);
	return agreement_store_save(c, db, &r);
}

static err apply_step(struct ctx *c, struct store *db, const struct entry *e)
{
	struct agreement_body b;
	struct agreement_row r;
	enum agreement_state next;
	TRY(agreement_body_read(c, e->type, e->body, &b));
	TRY(agreement_store_find(c, db, e->subject, &r));
	TRY(next_state(c, &r, e->type, &next));
	if (is_own_step(e->type)) {
		enter(&r, next);
	} else {
		r.state = next;
		r.waits = false;
	}
	if (b.peer_pid.n > 0)
		r.peer_pid = b.peer_pid;
	take_document(&r, &b, e);
	take_places(&r, &b, e);
	if (b.reason.n > 0)
		r.reason = b.reason;
	return agreement_store_save(c, db, &r);
}

static err apply_policy(struct ctx *c, struct store *db, const struct entry *e)
{
	struct agreement_body b;
	struct agreement_rules r;
	TRY(agreement_body_read(c, e->type, e->body, &b));
	TRY(agreement_store_rules(c, db, &r));
	if (b.decides.n > 0)
		r.by_person = str_is(b.decides, "person");
	if (json_get(e->body, "twoPeople") != NULL)
		r.binding.two_people = b.two_people;
	if (json_get(e->body, "stamped") != NULL)
		r.binding.stamped = b.stamped;
	if (json_get(e->body, "openFor") != NULL)
		r.open_for_s = b.open_for;
	TRY(easing_done(c, db, "agreement"));
	return agreement_store_put_policy(c, db, &r);
}

static const struct act_type types[] = {
	{"agreement.request", decide_request, apply_request},
	{"agreement.linked", decide_linked, apply_linked},
	{"agreement.acknowledged", decide_acknowledged, apply_acknowledged},
	{"agreement.requested", decide_requested, apply_requested},
	{"agreement.offered", decide_offered, apply_step},
	{"agreement.accept", decide_own, apply_step},
	{"agreement.bid", decide_bargain, apply_step},
	{"agreement.accepted", decide_offered, apply_step},
	{"agreement.counter", decide_bargain, apply_step},
	{"agreement.countered", decide_offered, apply_step},
	{"agreement.offer", decide_offer, apply_step},
	{"agreement.seen", decide_seen, apply_step},
	{"agreement.conclude", decide_conclude, apply_step},
	{"agreement.concluded", decide_concluded, apply_step},
	{"agreement.final", decide_final, apply_step},
	{"agreement.terminate", decide_end, apply_step},
	{"agreement.terminated", decide_end, apply_step},
	{"agreement.policy", decide_policy, apply_policy},
};

static const struct reaction reactions[] = {
	{"agreement.request", follow_request},
	{"agreement.requested", follow_requested},
	{"agreement.offered", follow_offered},
	{"agreement.accept", follow_accept},
	{"agreement.bid", follow_bid},
	{"agreement.accepted", follow_accepted},
	{"agreement.counter", follow_counter},
	{"agreement.countered", follow_countered},
	{"agreement.offer", follow_offer},
	{"agreement.seen", follow_seen},
	{"agreement.conclude", follow_conclude},
	{"agreement.concluded", follow_concluded},
	{"agreement.terminate", follow_terminate},
};

const struct module contract_module = {.name = "contract",
	.types = types,
	.types_n = countof(types),
	.migrations = agreement_migrations,
	.migrations_n = AGREEMENT_MIGRATIONS,
	.reactions = reactions,
	.reactions_n = countof(reactions)};

err agreement_linked(struct ctx *c, struct store *db, struct str link, int64_t *ret)
{
	return agreement_store_linked(c, db, link, ret);
}

err agreement_find(struct ctx *c, struct store *db, struct str id, struct agreement_row *ret)
{
	return agreement_store_find(c, db, id, ret);
}

err agreement_of_peer(struct ctx *c, struct store *db, enum agreement_role role, struct str peer,
	struct str peer_pid, struct agreement_row *ret)
{
	return agreement_store_of_peer(c, db, role, peer, peer_pid, ret);
}

err agreement_current(struct ctx *c, struct store *db, enum agreement_role role, struct str peer,
	struct str product, struct agreement_row *ret)
{
	return agreement_store_current(c, db, role, peer, product, ret);
}

err agreement_rules(struct ctx *c, struct store *db, struct agreement_rules *ret)
{
	return agreement_store_rules(c, db, ret);
}

err agreement_unsigned(struct ctx *c, struct store *db, int64_t now_ms, size_t max,
	struct agreement_row *ret, size_t *ret_n)
{
	return agreement_store_unsigned(c, db, now_ms, max, ret, ret_n);
}

err agreement_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct agreement_row *ret, size_t *ret_n)
{
	return agreement_store_list(c, db, before, max, ret, ret_n);
}
