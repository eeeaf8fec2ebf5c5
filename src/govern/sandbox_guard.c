#include "govern/sandbox_guard.h"

#include "delivery/delivery_follow.h"
#include "govern/exemption.h"
#include "govern/sandbox_store.h"
#include "govern/subjects_store.h"
#include "product/product.h"

#define CASES_OF_PRODUCT 16u
#define AGREEMENTS_MAX 4096u /* of one case: a test with more is none */
#define RUNNING_MAX 1024u

static const struct sandbox_object *object_of(
	const struct sandbox_object *o, size_t n, int64_t revision)
{
	for (size_t i = 0; i < n; i++) {
		if (o[i].revision == revision)
			return &o[i];
	}
	return NULL;
}

/* Subjects and records of what has begun, and of what is asked for. */
static err count_subjects(struct ctx *c, struct store *db, const struct sandbox_row *r,
	const struct sandbox_ask *ask, struct case_facts *f)
{
	struct sandbox_object *o;
	struct product_use *uses;
	size_t o_n = 0, n = 0;
	int64_t mask = 0;
	bool known = true;
	NEW_N(c, o, SANDBOX_OBJECTS);
	NEW_N(c, uses, SANDBOX_LIST + 1);
	TRY(sandbox_store_objects(c, db, r->id, SANDBOX_OBJECTS, o, &o_n));
	if (r->testing_ms > 0)
		TRY(sandbox_store_uses(c, db, r->product, r->testing_ms, SANDBOX_LIST, uses, &n));
	known = n < SANDBOX_LIST;
	if (ask != NULL && ask->revision > 0)
		uses[n++] = (struct product_use){ask->revision, 1};
	for (size_t i = 0; i < n; i++) {
		const struct sandbox_object *at = object_of(o, o_n, uses[i].revision);
		f->deliveries += uses[i].deliveries;
		known = known && at != NULL;
		if (at == NULL)
			continue;
		mask |= at->bit;
		f->records += uses[i].deliveries * at->rows;
	}
	TRY(sandbox_store_union(c, db, r->id, mask, &f->subjects));
	if (!known)
		f->subjects = CONDITION_SUBJECTS_UNKNOWN;
	return OK;
}

static bool seen(const struct str *peers, size_t n, struct str peer)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(peers[i], peer))
			return true;
	}
	return false;
}

/* Value and counterparties of the agreements made since the test began, and of what is asked for. */
static err count_agreements(struct ctx *c, struct store *db, const struct sandbox_row *r,
	const struct sandbox_ask *ask, struct case_facts *f)
{
	struct str *ids, *peers;
	size_t n = 0, peers_n = 0;
	NEW_N(c, ids, AGREEMENTS_MAX);
	NEW_N(c, peers, AGREEMENTS_MAX + 1);
	if (r->testing_ms > 0)
		TRY(sandbox_store_agreements(c, db, r->product, r->testing_ms,
			ask == NULL ? (struct str){"", 0} : ask->negotiation, ids, AGREEMENTS_MAX,
			&n));
	ENSURE(n < AGREEMENTS_MAX, c, ERR_QUOTA, "a test has %u agreements at most",
		AGREEMENTS_MAX);
	for (size_t i = 0; i < n; i++) {
		struct agreement_row a;
		TRY(agreement_find(c, db, ids[i], &a));
		f->value += a.net;
		if (!seen(peers, peers_n, a.peer))
			peers[peers_n++] = a.peer;
	}
	if (ask != NULL && ask->peer.n > 0) {
		f->value += ask->net;
		peers_n += !seen(peers, peers_n, ask->peer);
	}
	f->counterparties = (int64_t)peers_n;
	return OK;
}

err sandbox_facts_now(struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t now_ms,
	const struct sandbox_ask *ask, struct case_facts *ret)
{
	struct case_facts f = {.incidents = r->incidents, .today = sandbox_day(now_ms)};
	if (r->testing_ms > 0)
		f.days = f.today - sandbox_day(r->testing_ms);
	TRY(count_subjects(c, db, r, ask, &f));
	TRY(count_agreements(c, db, r, ask, &f));
	TRY(sandbox_store_complaint_count(c, db, r->id, &f.complaints, &f.open_complaints));
	*ret = f;
	return OK;
}

static err allow(struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t now_ms,
	const struct sandbox_ask *ask)
{
	struct case_facts f;
	const struct json *unmet = NULL;
	struct str why = {"", 0};
	if (sandbox_is_silent(r->state) && !r->stopped)
		return OK;
	ENSURE(sandbox_runs(r->state), c, ERR_BAD_STATE,
		"the product is under the sandbox case %.*s, whose test does not run (%s): %s",
		FMT(r->id), sandbox_state_name(r->state),
		r->stopped ? "it was stopped; offer another product without what was tried"
			   : "shugu sandbox show CASE says what is next");
	ENSURE(sandbox_day(now_ms) <= r->until, c, ERR_GONE,
		"the test of the sandbox case %.*s is over: its committee decides about an "
		"extension",
		FMT(r->id));
	TRY(exemption_covers(c, db, r, sandbox_day(now_ms), ask->peer, ask->purpose));
	TRY(sandbox_facts_now(c, db, r, now_ms, ask, &f));
	TRY(condition_ask(c, r->ledger, &f, &unmet, &why));
	ENSURE(unmet == NULL, c, ERR_TERM_REFUSES, "%.*s (case %.*s)", FMT(why), FMT(r->id));
	return OK;
}

err sandbox_allows(struct ctx *c, struct store *db, struct str product, int64_t now_ms,
	const struct sandbox_ask *ask)
{
	struct sandbox_row *rows;
	size_t n = 0;
	NEW_N(c, rows, CASES_OF_PRODUCT);
	TRY(sandbox_store_of_product(c, db, product, CASES_OF_PRODUCT, rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(allow(c, db, &rows[i], now_ms, ask));
	return OK;
}

/* agreement.offer, agreement.conclude: the subject is a negotiation. */
static err guard_agreement(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_row r;
	err e = agreement_find(c, db, a->subject, &r);
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e; /* its own decide refuses it */
	const struct sandbox_ask ask = {r.negotiation, r.peer, r.purpose, r.net, 0};
	return sandbox_allows(c, db, r.product, at_ms, &ask);
}

/* A link concludes and delivers at once. */
static err guard_linked(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct revision p;
	struct str purpose;
	int64_t revision = 0;
	err e = product_find(c, db, json_text(json_get(a->body, "product")), &p);
	if (e != OK || !json_int(json_get(a->body, "revision"), &revision))
		return e == ERR_NOT_FOUND ? OK : e;
	purpose = json_text(json_get(p.scenario, "purpose"));
	const struct sandbox_ask ask = {
		a->subject, json_text(json_get(a->body, "party")), purpose, p.net, revision};
	return sandbox_allows(c, db, p.product, at_ms, &ask);
}

static err ask_delivery(struct ctx *c, struct store *db, struct str agreement, int64_t at_ms)
{
	struct agreement_row r;
	err e = agreement_find(c, db, agreement, &r);
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	if (r.role != AGREEMENT_PROVIDER)
		return OK;
	const struct sandbox_ask ask = {r.negotiation, r.peer, r.purpose, r.net, r.revision};
	return sandbox_allows(c, db, r.product, at_ms, &ask);
}

/* delivery.asked, delivery.linked: the body names the agreement. Refused here, nothing says that it was asked for. */
static err guard_asked(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	return ask_delivery(c, db, json_text(json_get(a->body, "agreement")), at_ms);
}

static err guard_start(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct delivery_row d;
	err e = delivery_find(c, db, a->subject, &d);
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	return ask_delivery(c, db, d.agreement, at_ms);
}

const struct guard sandbox_guards[SANDBOX_GUARDS] = {
	{"agreement.offer", guard_agreement},
	{"agreement.conclude", guard_agreement},
	{"agreement.linked", guard_linked},
	{"delivery.asked", guard_asked},
	{"delivery.linked", guard_asked},
	{"delivery.start", guard_start},
};

static err change_all(struct ctx *c, struct acts *n, const struct entry *e,
	enum delivery_state state, const char *type)
{
	struct sandbox_row r;
	struct str *ids, reason;
	size_t ids_n = 0;
	TRY(sandbox_store_find(c, acts_db(n), e->subject, &r));
	if (r.product.n == 0)
		return OK;
	NEW_N(c, ids, RUNNING_MAX);
	TRY(arena_fmt(c, &reason, "sandbox case %.*s: %.*s", FMT(r.id),
		FMT(str_sub(e->type, sizeof "sandbox." - 1, e->type.n))));
	TRY(sandbox_store_deliveries(c, acts_db(n), r.product, state, RUNNING_MAX, ids, &ids_n));
	for (size_t i = 0; i < ids_n; i++) {
		err said = delivery_change(c, n, type, STR("node"), ids[i], reason);
		if (said != OK && err_is_fault(said))
			return said;
	}
	return OK;
}

static err react_incident(struct ctx *c, struct acts *n, const struct entry *e)
{
	return change_all(c, n, e, DELIVERY_STARTED, "delivery.suspend");
}

static err react_resume(struct ctx *c, struct acts *n, const struct entry *e)
{
	return change_all(c, n, e, DELIVERY_SUSPENDED, "delivery.resume");
}

static err react_terminate(struct ctx *c, struct acts *n, const struct entry *e)
{
	TRY(change_all(c, n, e, DELIVERY_STARTED, "delivery.terminate"));
	return change_all(c, n, e, DELIVERY_SUSPENDED, "delivery.terminate");
}

static err react_exit(struct ctx *c, struct acts *n, const struct entry *e)
{
	if (!str_is(json_text(json_get(e->body, "result")), "stopped"))
		return OK;
	return react_terminate(c, n, e);
}

const struct reaction sandbox_reactions[SANDBOX_REACTIONS] = {
	{"sandbox.incident", react_incident},
	{"sandbox.resume", react_resume},
	{"sandbox.terminate", react_terminate},
	{"sandbox.exit", react_exit},
};
