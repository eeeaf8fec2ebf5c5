#include "govern/sandbox.h"

#include "base/limits.h"
#include "codec/uuid.h"
#include "contract/assent.h"
#include "govern/exemption.h"
#include "govern/sandbox_body.h"
#include "govern/sandbox_guard.h"
#include "govern/sandbox_store.h"
#include "govern/subjects_store.h"
#include "party/person.h"
#include "product/product.h"

#define DAY_MS 86400000ll
#define CHINA_MS (8ll * 3600000)
#define CASES_OF_PRODUCT 16u

/* What a check of a step gets. */
struct taking {
	struct store *db;
	const struct sandbox_row *r;
	const struct sandbox_body *b;
	struct str actor;
	int64_t today;
};

int64_t sandbox_day(int64_t ms)
{
	return (ms + CHINA_MS) / DAY_MS;
}

static err committee_of(struct ctx *c, const struct taking *t, struct committee *ret)
{
	const struct json *body;
	TRY(sandbox_store_committee(c, t->db, &body));
	return committee_read(c, body, ret);
}

static err votes_of(
	struct ctx *c, const struct taking *t, struct committee *ret, struct tally *ret_tally)
{
	TRY(committee_of(c, t, ret));
	return sandbox_store_tally(c, t->db, t->r->id, t->r->round, ret_tally);
}

static err check_submit(struct ctx *c, const struct taking *t)
{
	ENSURE(t->r->state != SANDBOX_RETURNED || t->r->until >= t->today, c, ERR_GONE,
		"the days to complete the application are over: open a new case");
	return OK;
}

static err check_until(struct ctx *c, const struct taking *t)
{
	bool notice = t->b->taken == SANDBOX_NOTICE;
	ENSURE((notice ? t->b->to_day : t->b->until_day) >= t->today, c, ERR_BAD_VALUE,
		"'%s' lies behind", notice ? "to" : "until");
	return OK;
}

static err check_admit(struct ctx *c, const struct taking *t)
{
	struct committee k;
	struct tally votes;
	struct json *ledger = json_array(c);
	TRY(votes_of(c, t, &k, &votes));
	TRY(committee_for(c, &k, &votes));
	return condition_add(c, &ledger, t->b->conditions, NULL, NULL);
}

static err check_reject(struct ctx *c, const struct taking *t)
{
	struct committee k;
	struct tally votes;
	TRY(votes_of(c, t, &k, &votes));
	return committee_against(c, &k, &votes);
}

static err ledger_of(
	struct ctx *c, const struct sandbox_row *r, const struct sandbox_body *b, struct json **ret)
{
	*ret = r->ledger == NULL ? json_array(c) : json_copy(c, r->ledger);
	return condition_add(c, ret, b->conditions, b->limits, b->stop);
}

static err check_plan(struct ctx *c, const struct taking *t)
{
	struct sandbox_row *rows;
	struct revision p;
	struct json *ledger;
	size_t n = 0;
	TRY(product_find(c, t->db, t->b->product, &p));
	ENSURE(str_eq(p.product, t->b->product), c, ERR_BAD_VALUE,
		"'product' is the urn of a product: shugu products");
	NEW_N(c, rows, CASES_OF_PRODUCT);
	TRY(sandbox_store_of_product(c, t->db, p.product, CASES_OF_PRODUCT, rows, &n));
	for (size_t i = 0; i < n; i++)
		ENSURE(str_eq(rows[i].id, t->r->id) ||
				(sandbox_is_silent(rows[i].state) && !rows[i].stopped),
			c, ERR_CONFLICT, "the product is under the case %.*s", FMT(rows[i].id));
	ENSURE(t->b->limits->n > 0, c, ERR_BAD_VALUE,
		"a test plan has limits: subjects, records, value, counterparties, days, "
		"deliveries");
	ENSURE(json_get(t->b->limits, "subjects") == NULL || t->b->key.n > 0, c, ERR_MISSING_MEMBER,
		"subjects are counted by a column: key names it");
	TRY(check_until(c, t));
	return ledger_of(c, t->r, t->b, &ledger);
}

static err check_start(struct ctx *c, const struct taking *t)
{
	int64_t all = 0, open = 0;
	ENSURE(t->today > t->r->notice_to, c, ERR_BAD_STATE,
		"the public notice is not over: %lld more day(s)",
		(long long)(t->r->notice_to + 1 - t->today));
	TRY(sandbox_store_complaint_count(c, t->db, t->r->id, &all, &open));
	ENSURE(open == 0, c, ERR_BAD_STATE,
		"%lld objection(s) are not answered: shugu sandbox answer CASE", (long long)open);
	return OK;
}

static err check_exit(struct ctx *c, const struct taking *t)
{
	struct committee k;
	struct tally votes;
	bool promoted = t->b->taken == SANDBOX_PROMOTE;
	ENSURE(promoted == (t->b->proposal != NULL), c, ERR_BAD_VALUE,
		"a rule proposal comes with the result 'promoted', and only with it");
	TRY(votes_of(c, t, &k, &votes));
	TRY(promoted ? committee_for(c, &k, &votes) : committee_quorum(c, &k, &votes));
	return committee_heard(c, &k, &votes, promoted);
}

static err check_extend(struct ctx *c, const struct taking *t)
{
	struct committee k;
	struct tally votes;
	ENSURE(t->r->extended == 0, c, ERR_BAD_STATE, "a case is extended once at most");
	ENSURE(t->b->until_day > t->r->until, c, ERR_BAD_VALUE,
		"'until' lies behind the end of the test");
	TRY(check_until(c, t));
	TRY(votes_of(c, t, &k, &votes));
	TRY(committee_for(c, &k, &votes));
	return committee_heard(c, &k, &votes, true);
}

/* Who signs in speaks for himself alone; for whoever has no account the secretariat records what he said. */
static err check_speaker(struct ctx *c, const struct taking *t)
{
	struct str who = assent_who(t->actor);
	bool own = str_eq(t->b->member, who) && str_starts(who, STR("person:"));
	bool secretariat = (person_roles(t->actor) & (ROLE_OWNER | ROLE_OPERATOR)) != 0;
	ENSURE(own || (secretariat && !str_starts(t->b->member, STR("person:"))), c, ERR_FORBIDDEN,
		"%.*s speaks for himself, signed in; only for those without an account the "
		"secretariat records",
		FMT(t->b->member));
	return OK;
}

static err check_member(struct ctx *c, const struct taking *t)
{
	struct committee k;
	TRY(committee_of(c, t, &k));
	ENSURE(committee_member(&k, t->b->member) != NULL, c, ERR_FORBIDDEN,
		"%.*s has no seat on the committee", FMT(t->b->member));
	return check_speaker(c, t);
}

static err check_declare(struct ctx *c, const struct taking *t)
{
	struct sandbox_declaration d = {.conflict = false};
	TRY(check_member(c, t));
	err e = sandbox_store_declaration(c, t->db, t->r->id, t->b->member, &d);
	ENSURE(e != OK || !d.conflict || t->b->conflict, c, ERR_CONFLICT,
		"a conflict of interest that was declared is not taken back");
	ENSURE(!t->b->conflict || t->b->reason.n > 0, c, ERR_MISSING_MEMBER,
		"say which conflict: reason");
	return e == ERR_NOT_FOUND ? OK : e;
}

static err check_once(struct ctx *c, const struct taking *t, bool authority)
{
	struct sandbox_vote *v;
	size_t n = 0;
	NEW_N(c, v, SANDBOX_LIST);
	TRY(sandbox_store_votes(c, t->db, t->r->id, SANDBOX_LIST, v, &n));
	for (size_t i = 0; i < n; i++)
		ENSURE(v[i].round != t->r->round || v[i].authority != authority ||
				!str_eq(v[i].member, t->b->member),
			c, ERR_CONFLICT, "%.*s has voted already: %.*s", FMT(v[i].member),
			FMT(v[i].vote));
	ENSURE(n < SANDBOX_LIST, c, ERR_QUOTA, "a case has %u votes at most", SANDBOX_LIST);
	return OK;
}

static err check_vote(struct ctx *c, const struct taking *t)
{
	struct sandbox_declaration d;
	TRY(check_member(c, t));
	err e = sandbox_store_declaration(c, t->db, t->r->id, t->b->member, &d);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_BAD_STATE,
		"%.*s has not declared yet whether he has a conflict of interest: shugu sandbox "
		"declare CASE",
		FMT(t->b->member));
	TRY(e);
	ENSURE(!d.conflict, c, ERR_FORBIDDEN, "%.*s has a conflict of interest: %.*s",
		FMT(t->b->member), FMT(str_sub(d.reason, 0, 300)));
	return check_once(c, t, false);
}

static err check_opine(struct ctx *c, const struct taking *t)
{
	struct committee k;
	TRY(committee_of(c, t, &k));
	ENSURE(committee_observer(&k, t->b->member) != NULL, c, ERR_FORBIDDEN,
		"%.*s observes for no authority", FMT(t->b->member));
	ENSURE(!str_is(t->b->vote, "abstain"), c, ERR_BAD_VALUE, "an opinion is yes or no");
	TRY(check_speaker(c, t));
	return check_once(c, t, true);
}

static err check_complain(struct ctx *c, const struct taking *t)
{
	int64_t all = 0, open = 0;
	TRY(sandbox_store_complaint_count(c, t->db, t->r->id, &all, &open));
	ENSURE(all < SANDBOX_LIST, c, ERR_QUOTA, "a case has %u complaints at most", SANDBOX_LIST);
	return OK;
}

static err check_answer(struct ctx *c, const struct taking *t)
{
	struct sandbox_complaint *x;
	size_t n = 0;
	NEW_N(c, x, SANDBOX_LIST);
	TRY(sandbox_store_complaints(c, t->db, t->r->id, SANDBOX_LIST, x, &n));
	ENSURE(t->b->number >= 1 && (uint64_t)t->b->number <= n, c, ERR_NOT_FOUND,
		"there is no complaint %lld", (long long)t->b->number);
	ENSURE(x[t->b->number - 1].answer.n == 0, c, ERR_CONFLICT, "it is answered already");
	return OK;
}

static err check_exempt(struct ctx *c, const struct taking *t)
{
	struct exemption *x;
	size_t n = 0;
	TRY(exemption_may(c, t->b->rule, t->b->authority));
	TRY(exemption_check(c, t->b->scope, t->b->conditions, t->r->ledger));
	ENSURE(t->b->to_day >= t->b->from_day && t->b->to_day >= t->today, c, ERR_BAD_VALUE,
		"an exemption is for days from 'from' to 'to', which are not over");
	ENSURE(t->r->until == 0 || t->b->to_day <= t->r->until, c, ERR_BAD_VALUE,
		"an exemption ends with the test at the latest");
	NEW_N(c, x, SANDBOX_LIST);
	TRY(sandbox_store_exemptions(c, t->db, t->r->id, SANDBOX_LIST, x, &n));
	ENSURE(n < SANDBOX_LIST, c, ERR_QUOTA, "a case has %u exemptions at most", SANDBOX_LIST);
	return OK;
}

static err check_safeguard(struct ctx *c, const struct taking *t)
{
	err e = exemption_may(c, t->b->rule, (struct str){"", 0});
	return e == ERR_FORBIDDEN ? OK : e;
}

/* What was counted adds up: the object is the next bit, of the newest revision that is meant, and its subjects are those of
 * the overlaps that have the bit. */
static err check_measure(struct ctx *c, const struct taking *t)
{
	struct sandbox_object *o;
	struct revision p;
	size_t n = 0;
	int64_t sum = 0;
	NEW_N(c, o, SANDBOX_OBJECTS);
	TRY(sandbox_store_objects(c, t->db, t->r->id, SANDBOX_OBJECTS, o, &n));
	ENSURE(n < SANDBOX_OBJECTS, c, ERR_QUOTA,
		"a case counts %d revisions at most: open a new case", SANDBOX_OBJECTS);
	for (size_t i = 0; i < n; i++)
		ENSURE(o[i].revision != t->b->revision, c, ERR_CONFLICT,
			"revision %lld was counted: %lld subjects", (long long)o[i].revision,
			(long long)o[i].subjects);
	TRY(product_revision(c, t->db, t->r->product, t->b->revision, &p));
	ENSURE(hash_eq(&p.root, &t->b->root), c, ERR_BAD_DIGEST, "this is another object");
	ENSURE(t->b->bit == 1ll << n && str_eq(t->b->key, t->r->key), c, ERR_BAD_VALUE,
		"this was counted for another case");
	for (const struct json *j = t->b->overlap->first; j != NULL; j = j->next) {
		int64_t mask = 0, m = 0;
		ENSURE(j->type == JSON_ARRAY && j->n == 2 && json_int(j->first, &mask) &&
				json_int(j->last, &m) && m > 0 && mask > 0,
			c, ERR_BAD_VALUE, "an overlap is [mask, subjects]");
		sum += (mask & t->b->bit) != 0 ? m : 0;
	}
	ENSURE(sum == t->b->subjects && t->b->rows >= sum, c, ERR_BAD_VALUE,
		"the subjects do not add up");
	return OK;
}

// clang-format off
/* binds: two people take it. */
static const struct {
	err (*check)(struct ctx *c, const struct taking *t);
	bool binds;
} checks[SANDBOX_STEPS] = {
	[SANDBOX_SUBMIT] = {check_submit, false}, [SANDBOX_RETURN] = {check_until, false}, [SANDBOX_ADMIT] = {check_admit, true},
	[SANDBOX_REJECT] = {check_reject, false}, [SANDBOX_PLAN] = {check_plan, false}, [SANDBOX_NOTICE] = {check_until, false},
	[SANDBOX_START] = {check_start, false}, [SANDBOX_PROMOTE] = {check_exit, true}, [SANDBOX_LEAVE] = {check_exit, true},
	[SANDBOX_STOP] = {check_exit, true}, [SANDBOX_EXTEND] = {check_extend, false}, [SANDBOX_DECLARE] = {check_declare, false},
	[SANDBOX_VOTE] = {check_vote, false}, [SANDBOX_OPINE] = {check_opine, false}, [SANDBOX_COMPLAIN] = {check_complain, false},
	[SANDBOX_ANSWER] = {check_answer, false}, [SANDBOX_EXEMPT] = {check_exempt, false}, [SANDBOX_SAFEGUARD] = {check_safeguard, false},
	[SANDBOX_MEASURE] = {check_measure, false},
};
// clang-format on

/* A first yes is to this very step, of this round. */
static err assent_step(struct ctx *c, const struct sandbox_row *r, struct str type,
	const struct json *body, const char **ret)
{
	struct str text, name;
	struct buf hex;
	TRY(json_canonical(c, body, LIMIT_ACT, &text));
	struct hash h = hash_of(text);
	buf_init(&hex, c->arena, 64);
	buf_hex(&hex, h.b, HASH_BYTES);
	TRY(arena_fmt(
		c, &name, "%.*s/%lld/%.*s", FMT(type), (long long)r->round, FMT(buf_str(&hex))));
	*ret = arena_z(c->arena, name);
	ENSURE(*ret != NULL, c, ERR_MEMORY, "no memory");
	return OK;
}

/* The step is possible and all is there that it needs, but for the second person. */
static err check(struct ctx *c, struct store *db, struct str type, const struct json *body,
	struct str actor, int64_t at_ms, struct sandbox_row *r, struct sandbox_body *b)
{
	enum sandbox_state next;
	TRY(sandbox_body_read(c, type, body, b));
	TRY(sandbox_step(c, r->state, b->taken, &next));
	const struct taking t = {db, r, b, actor, sandbox_day(at_ms)};
	return checks[b->taken].check == NULL ? OK : checks[b->taken].check(c, &t);
}

static err decide_step(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	static const struct binding two = {.two_people = true};
	struct sandbox_row r;
	struct sandbox_body b;
	const char *step;
	TRY(sandbox_store_find(c, db, a->subject, &r));
	TRY(check(c, db, a->type, a->body, a->actor, at_ms, &r, &b));
	if (!checks[b.taken].binds)
		return OK;
	TRY(assent_step(c, &r, a->type, a->body, &step));
	return assent_ask(c, db, &two, r.id, step, a->actor);
}

static err decide_assent(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct sandbox_row r;
	struct sandbox_body b, inner;
	struct str type;
	const char *step;
	TRY(sandbox_body_read(c, a->type, a->body, &b));
	TRY(sandbox_store_find(c, db, a->subject, &r));
	TRY(arena_fmt(c, &type, "sandbox.%.*s", FMT(b.step)));
	TRY(check(c, db, type, b.proposal, a->actor, at_ms, &r, &inner));
	TRY(assent_step(c, &r, type, b.proposal, &step));
	return assent_decide(c, db, a->actor, r.id, str_z(step));
}

static err apply_assent(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_row r;
	struct sandbox_body b;
	struct str type;
	const char *step;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	TRY(sandbox_store_find(c, db, e->subject, &r));
	TRY(arena_fmt(c, &type, "sandbox.%.*s", FMT(b.step)));
	TRY(assent_step(c, &r, type, b.proposal, &step));
	r.proposal = e->body;
	TRY(sandbox_store_save(c, db, &r));
	return assent_apply(c, db, r.id, str_z(step), e);
}

static err decide_open(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct sandbox_row known;
	struct sandbox_body b;
	(void)at_ms;
	TRY(sandbox_body_read(c, a->type, a->body, &b));
	for (const struct json *j = b.rules == NULL ? NULL : b.rules->first; j != NULL;
		j = j->next) {
		err e = exemption_may(c, json_text(j), (struct str){"", 0});
		ENSURE(e == OK || e == ERR_FORBIDDEN, c, e,
			"there is no rule %.*s: shugu rules list", FMT(json_text(j)));
	}
	err e = sandbox_store_find(c, db, a->subject, &known);
	ENSURE(e != OK, c, ERR_CONFLICT, "this case exists");
	return e == ERR_NOT_FOUND ? OK : e;
}

static err apply_open(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_body b;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	const struct sandbox_row r = {.id = e->subject,
		.title = b.title,
		.product = {"", 0},
		.state = SANDBOX_DRAFT,
		.opened = e->body,
		.at_ms = e->at_ms,
		.index = e->index};
	return sandbox_store_put(c, db, &r);
}

static err decide_committee(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct committee k;
	(void)db;
	(void)at_ms;
	ENSURE(str_is(a->subject, "urn:shugu:sandbox"), c, ERR_BAD_VALUE,
		"the committee is that of this node");
	return committee_read(c, a->body, &k);
}

static err apply_committee(struct ctx *c, struct store *db, const struct entry *e)
{
	return sandbox_store_put_committee(c, db, e->body);
}

/* What a step leaves in the row beside the new state. */
static err change(
	struct ctx *c, struct sandbox_row *r, const struct sandbox_body *b, const struct entry *e)
{
	struct json *ledger;
	if (b->taken == SANDBOX_ADMIT || b->taken == SANDBOX_PLAN) {
		TRY(ledger_of(c, r, b, &ledger));
		r->ledger = ledger;
	}
	if (b->taken == SANDBOX_PLAN) {
		TRY(arena_str(c, b->product, &r->product));
		TRY(arena_str(c, b->key, &r->key));
	}
	if (b->until_day > 0 || b->taken == SANDBOX_SUBMIT)
		r->until = b->until_day;
	if (b->taken == SANDBOX_NOTICE)
		r->notice_to = b->to_day;
	if (b->taken == SANDBOX_START)
		r->testing_ms = e->at_ms;
	r->incidents += b->taken == SANDBOX_REPORT_INCIDENT;
	r->round += b->taken == SANDBOX_EVALUATE;
	r->extended += b->taken == SANDBOX_EXTEND;
	r->stopped = r->stopped || b->taken == SANDBOX_TERMINATE || b->taken == SANDBOX_STOP;
	if (b->taken != SANDBOX_PLAN && b->taken != SANDBOX_ARCHIVE)
		r->proposal = NULL;
	r->since_ms = e->at_ms;
	return OK;
}

static err apply_step(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_row r;
	struct sandbox_body b;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	TRY(sandbox_store_find(c, db, e->subject, &r));
	TRY(sandbox_step(c, r.state, b.taken, &r.state));
	TRY(change(c, &r, &b, e));
	return sandbox_store_save(c, db, &r);
}

static err apply_vote(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_row r;
	struct sandbox_body b;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	TRY(sandbox_store_find(c, db, e->subject, &r));
	const struct sandbox_vote v = {.member = b.member,
		.vote = b.vote,
		.reason = b.reason,
		.actor = e->actor,
		.round = r.round,
		.authority = b.taken == SANDBOX_OPINE,
		.at_ms = e->at_ms};
	return sandbox_store_put_vote(c, db, r.id, r.round, &v);
}

static err apply_declare(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_body b;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	const struct sandbox_declaration d = {b.member, b.reason, b.conflict, e->at_ms};
	return sandbox_store_declare(c, db, e->subject, &d);
}

static err apply_said(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_body b;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	if (b.taken == SANDBOX_ANSWER)
		return sandbox_store_answer(c, db, e->subject, b.number, b.text);
	if (b.taken != SANDBOX_COMPLAIN)
		return OK;
	const struct sandbox_complaint x = {.by = b.by, .text = b.text, .at_ms = e->at_ms};
	return sandbox_store_complain(c, db, e->subject, &x);
}

static err apply_exempt(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_body b;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	const struct exemption x = {.rule = b.rule,
		.authority = b.authority,
		.basis = b.basis,
		.scope = b.scope,
		.conditions = b.conditions,
		.from = b.from_day,
		.to = b.to_day,
		.at_ms = e->at_ms};
	return sandbox_store_exempt(c, db, e->subject, &x);
}

static err apply_measure(struct ctx *c, struct store *db, const struct entry *e)
{
	struct sandbox_body b;
	TRY(sandbox_body_read(c, e->type, e->body, &b));
	const struct sandbox_object o = {b.revision, b.bit, b.rows, b.subjects, b.root};
	TRY(sandbox_store_put_object(c, db, e->subject, &o));
	return sandbox_store_put_overlap(c, db, e->subject, b.overlap);
}

// clang-format off
static const struct act_type types[] = {
	{"sandbox.committee", decide_committee, apply_committee}, {"sandbox.open", decide_open, apply_open}, {"sandbox.assent", decide_assent, apply_assent},
	{"sandbox.submit", decide_step, apply_step}, {"sandbox.check", decide_step, apply_step}, {"sandbox.return", decide_step, apply_step}, {"sandbox.refer", decide_step, apply_step},
	{"sandbox.admit", decide_step, apply_step}, {"sandbox.reject", decide_step, apply_step}, {"sandbox.plan", decide_step, apply_step}, {"sandbox.notice", decide_step, apply_step},
	{"sandbox.start", decide_step, apply_step}, {"sandbox.incident", decide_step, apply_step}, {"sandbox.suspend", decide_step, apply_step},
	{"sandbox.resume", decide_step, apply_step}, {"sandbox.terminate", decide_step, apply_step}, {"sandbox.report", decide_step, apply_step},
	{"sandbox.evaluate", decide_step, apply_step}, {"sandbox.exit", decide_step, apply_step}, {"sandbox.extend", decide_step, apply_step},
	{"sandbox.archive", decide_step, apply_step}, {"sandbox.declare", decide_step, apply_declare}, {"sandbox.vote", decide_step, apply_vote},
	{"sandbox.opinion", decide_step, apply_vote}, {"sandbox.complain", decide_step, apply_said}, {"sandbox.answer", decide_step, apply_said},
	{"sandbox.exempt", decide_step, apply_exempt}, {"sandbox.safeguard", decide_step, apply_said}, {"sandbox.measure", decide_step, apply_measure},
};
const struct module sandbox_module = {.name = "sandbox", .types = types, .types_n = countof(types),
	.migrations = sandbox_migrations, .migrations_n = 1, .guards = sandbox_guards, .guards_n = SANDBOX_GUARDS,
	.reactions = sandbox_reactions, .reactions_n = SANDBOX_REACTIONS};
// clang-format on

err sandbox_find(struct ctx *c, struct store *db, struct str id, struct sandbox_row *ret)
{
	return sandbox_store_find(c, db, id, ret);
}

err sandbox_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct sandbox_row *ret, size_t *ret_n)
{
	return sandbox_store_list(c, db, before, max, ret, ret_n);
}

/* The first yes, where two people take the step and nobody has said it to this very one. */
static err first_yes(struct ctx *c, struct acts *n, struct str actor, const struct sandbox_row *r,
	struct str type, const struct json *body, struct entry *ret, bool *ret_first)
{
	struct sandbox_body b;
	struct assent known;
	const char *step;
	*ret_first = false;
	TRY(sandbox_body_read(c, type, body, &b));
	if (!checks[b.taken].binds)
		return OK;
	TRY(assent_step(c, r, type, body, &step));
	err e = assent_find(c, acts_db(n), r->id, step, &known);
	if (e != ERR_NOT_FOUND)
		return e;
	struct json *o = json_object(c);
	json_set(&o, "step", json_z(c, sandbox_step_name(b.taken)));
	json_set(&o, "proposal", json_copy(c, body));
	const struct act a = {STR("sandbox.assent"), actor, r->id, o, NULL};
	*ret_first = true;
	return acts_do(c, n, &a, ret);
}

err sandbox_take(struct ctx *c, struct acts *n, struct str actor, struct str id, struct str step,
	const struct json *body, struct entry *ret, bool *ret_first)
{
	struct sandbox_row r;
	struct str type, set;
	struct json *said = json_copy(c, body);
	TRY(sandbox_store_find(c, acts_db(n), id, &r));
	TRY(arena_fmt(c, &type, "sandbox.%.*s", FMT(str_sub(step, 0, 64))));
	ENSURE(!str_is(step, "open") && !str_is(step, "assent") && !str_is(step, "committee") &&
			!str_is(step, "measure"),
		c, ERR_NOT_FOUND, "there is no step %.*s", FMT(str_sub(step, 0, 64)));
	if (str_is(step, "exempt") || str_is(step, "safeguard")) {
		TRY(exemption_rule_set(c, &set));
		json_set_str(c, &said, "ruleSet", set);
	}
	TRY(first_yes(c, n, actor, &r, type, said, ret, ret_first));
	if (*ret_first)
		return OK;
	const struct act a = {type, actor, r.id, said, NULL};
	return acts_do(c, n, &a, ret);
}
