#include "contract/easing.h"

#include "tests/tap.h"

#include "contract/fixture_test.h"

#define ANN "person:urn:uuid:01980000-0000-7000-8000-00000000000a#owner"
#define BOB "person:urn:uuid:01980000-0000-7000-8000-00000000000b#owner"

/* Sets what is named: two, stamped: -1 not named. */
static err change(struct ctx *c, struct house *h, const char *who, int two, int stamped)
{
	struct json *o = json_object(c);
	if (two >= 0)
		json_set(&o, "twoPeople", json_bool(c, two != 0));
	if (stamped >= 0)
		json_set(&o, "stamped", json_bool(c, stamped != 0));
	TRY(agreement_policy(c, h->acts, str_z(who), o));
	return acts_tick_end(c, h->acts);
}

static bool holds(struct ctx *c, struct house *h, bool two, bool stamped)
{
	struct agreement_rules r;
	return agreement_rules(c, h->db, &r) == OK && r.binding.two_people == two &&
	       r.binding.stamped == stamped;
}

/* The id of what waits, or empty. */
static struct str waiting(struct ctx *c, struct house *h)
{
	static const struct inbox_kind *const kinds[] = {&easing_inbox};
	const struct inbox in = {kinds, 1};
	struct inbox_page p = {.at = -1, .max = 4};
	if (inbox_list(c, h->db, &in, &p) != OK || p.n != 1)
		return (struct str){"", 0};
	return json_text(json_get(p.rows[0].json, "id"));
}

static err yes(struct ctx *c, struct house *h, const char *who)
{
	struct entry e;
	TRY(easing_inbox.approve(c, h->acts, str_z(who), waiting(c, h), &e));
	return acts_tick_end(c, h->acts);
}

static void test_lifting(struct ctx *c, struct house *h)
{
	is_int(change(c, h, ANN, 1, 1), OK, "one person makes the rule");
	ok(holds(c, h, true, true) && waiting(c, h).n == 0, "it is in force at once");
	is_int(change(c, h, ANN, 0, -1), OK, "the same person would lift it");
	ok(holds(c, h, true, true) && waiting(c, h).n > 0, "it stands, and the wish waits");
	is_int(yes(c, h, ANN), ERR_FORBIDDEN, "who proposed it cannot confirm it");
	is_int(yes(c, h, "node"), ERR_FORBIDDEN, "nor can the node");
	is_int(change(c, h, BOB, 0, 0), ERR_BAD_STATE, "another wish waits its turn");
	ok(holds(c, h, true, true), "all stands");
	struct json *other = json_object(c);
	json_set(&other, "twoPeople", json_bool(c, false));
	json_set(&other, "stamped", json_bool(c, false));
	const struct act bare = {STR("agreement.policy"), STR(BOB), h->self.did, other, NULL};
	is_int(acts_do(c, h->acts, &bare, NULL), ERR_PRECONDITION, "nor other words by another");
	is_int(yes(c, h, BOB), OK, "another person confirms it");
	ok(holds(c, h, false, true) && waiting(c, h).n == 0, "then it is lifted, and no more");
	is_int(change(c, h, ANN, -1, 0), OK, "the stamp alone one person takes away");
	ok(holds(c, h, false, false), "at once");
	is_int(acts_do(c, h->acts, &bare, NULL), OK, "there is nothing to lift any more");
	is_int(acts_tick_end(c, h->acts), OK, "done");
}

static void test_stamp(struct ctx *c, struct house *h)
{
	struct entry e;
	is_int(change(c, h, ANN, 1, 1), OK, "both again");
	is_int(change(c, h, "operator", -1, 0), OK, "the operator would do without the stamp");
	ok(holds(c, h, true, true), "which waits as well");
	is_int(easing_inbox.refuse(c, h->acts, STR(BOB), waiting(c, h), STR("no"), &e), OK,
		"another refuses");
	is_int(acts_tick_end(c, h->acts), OK, "done");
	ok(holds(c, h, true, true) && waiting(c, h).n == 0, "it stands, and nothing waits");
	is_int(change(c, h, ANN, 0, -1), OK, "once more");
	is_int(change(c, h, BOB, 1, -1), OK, "what is as strict waits for nobody");
	ok(holds(c, h, true, true) && waiting(c, h).n == 0, "and ends the wish");
	struct json *wrong = json_object(c);
	json_set(&wrong, "twoPeople", json_z(c, "no"));
	is_int(agreement_policy(c, h->acts, STR(ANN), wrong), ERR_BAD_VALUE, "a word is no answer");
}

/* openFor of the policy, and what an offer has without it. */
static void test_open_for(struct ctx *c, struct house *h)
{
	static const struct {
		int64_t s;
		err want;
	} rows[] = {{59, ERR_BAD_VALUE}, {60, OK}, {LIMIT_AGREEMENT_OPEN_MAX_S, OK},
		{LIMIT_AGREEMENT_OPEN_MAX_S + 1, ERR_BAD_VALUE}, {-1, ERR_BAD_VALUE}, {0, OK}};
	for (size_t i = 0; i < countof(rows); i++) {
		struct json *o = json_object(c);
		struct agreement_rules r;
		json_set_num(c, &o, "openFor", rows[i].s);
		is_int(agreement_policy(c, h->acts, STR(ANN), o), rows[i].want, "openFor");
		is_int(acts_tick_end(c, h->acts), OK, "done");
		ok(rows[i].want != OK ||
				(agreement_rules(c, h->db, &r) == OK && r.open_for_s == rows[i].s),
			"is kept");
	}
	ok(holds(c, h, true, true), "and touches nothing else");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	if (!ok(pair_open(&c, &p) == OK, "a node"))
		printf("# %s\n", c.trouble.detail);
	test_lifting(&c, &p.s);
	test_stamp(&c, &p.s);
	test_open_for(&c, &p.s);
	ok(house_replays(&c, &p.s), "the log folds to its state");
	pair_close(&p);
	return done_testing();
}
