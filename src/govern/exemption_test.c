#include "govern/exemption.h"

#include "tests/tap.h"

#include "govern/sandbox_fixture_test.h"
#include "rules/shipped.h"

#define RECORD(rule, by, more) \
	"{\"rule\":\"" rule "\",\"authority\":\"" by \
	"\",\"basis\":\"b\",\"from\":\"2027-01-15\",\"to\":\"2027-02-15\"" more "}"

static size_t waived(struct ctx *c, struct deal *d, int64_t day)
{
	struct json *j = NULL;
	return exemption_waivers(c, d->p.s.db, STR(PAIR_PRODUCT), day, &j) == OK ? j->n : 99;
}

/* Each rule of the shipped set: waivable by whom its row names, and by nobody where it names nobody. */
static void test_each(struct ctx *c)
{
	struct rule_set set;
	size_t may = 0, none = 0, wrong = 0;
	is_int(rules_shipped_set(c, &set), OK, "the rules");
	for (size_t i = 0; i < set.rules_n; i++) {
		const struct rule *r = &set.rules[i];
		bool nobody = r->waivable_by.n == 0;
		err own = exemption_may(c, r->id, nobody ? STR("x") : r->waivable_by);
		wrong += own != (nobody ? ERR_FORBIDDEN : OK);
		wrong += exemption_may(c, r->id, STR("somebody")) != ERR_FORBIDDEN;
		may += !nobody;
		none += nobody;
	}
	is_int(wrong, 0, "each is waived by its own authority alone");
	ok(may > 0 && none > may, "%zu may be, %zu may not", may, none);
	is_int(exemption_may(c, STR("ZZ-01"), STR("x")), ERR_NOT_FOUND, "there is no ZZ-01");
}

static struct str find_waivable(struct ctx *c, struct str *ret_by)
{
	struct rule_set set;
	if (rules_shipped_set(c, &set) != OK)
		abort();
	for (size_t i = 0; i < set.rules_n; i++) {
		if (set.rules[i].waivable_by.n == 0)
			continue;
		*ret_by = set.rules[i].waivable_by;
		return set.rules[i].id;
	}
	abort();
}

static const char *record(struct ctx *c, const char *more)
{
	struct str by, rule = find_waivable(c, &by), text;
	if (arena_fmt(c, &text, RECORD("%.*s", "%.*s", "%s"), FMT(rule), FMT(by), more) != OK)
		abort();
	return arena_z(c->arena, text);
}

static void test_records(struct ctx *c)
{
	struct deal d;
	struct sandbox_row r;
	struct json *j = NULL;
	int64_t day;
	is_int(box_open(c, &d), OK, "two houses");
	day = sandbox_day(house_now);
	is_int(box_refer(c, &d), OK, "a case");
	is_int(box_take(c, &d, "exempt", record(c, "")), ERR_BAD_STATE,
		"not before it is admitted");
	deal_close(&d);
	is_int(box_open(c, &d), OK, "two houses");
	is_int(box_plan(c, &d, "{\"days\":30}"), OK, "a plan");
	is_int(box_take(c, &d, "exempt", RECORD("GRD-02", "anybody", "")), ERR_FORBIDDEN,
		"core data are waived by nobody");
	ok(strstr(c->trouble.detail, "safeguard") != NULL, "%s", c->trouble.detail);
	is_int(box_take(c, &d, "safeguard", "{\"rule\":\"GRD-02\",\"text\":\"none is in it\"}"), OK,
		"a safeguard is recorded");
	is_int(box_take(c, &d, "exempt", record(c, ",\"conditions\":[\"none\"]")), ERR_NOT_FOUND,
		"its conditions are those of the case");
	is_int(box_take(c, &d, "exempt", record(c, ",\"scope\":{\"moon\":[\"x\"]}")),
		ERR_UNKNOWN_MEMBER, "its scope has two members");
	is_int(box_take(c, &d, "exempt",
		       record(c, ",\"conditions\":[\"limit.days\"],\"scope\":{\"counterparties\":"
				 "[\"did:web:b.example\"]}")),
		OK, "an exemption");
	is_int((long long)waived(c, &d, day), 0, "is in force only while the test runs");
	is_int(box_start(c, &d), OK, "which begins");
	is_int(exemption_waivers(c, d.p.s.db, STR(PAIR_PRODUCT), day, &j), OK, "waivers");
	ok(j->n == 1 && str_is(json_text(json_get(j->first, "record")), BOX "#1") &&
			json_text(json_get(j->first, "by")).n > 0,
		"name rule, authority and record");
	is_int((long long)waived(c, &d, day - 1), 0, "not before its first day");
	is_int((long long)waived(c, &d, day + 31), 1, "on its last");
	is_int((long long)waived(c, &d, day + 32), 0, "not after it");
	is_int(sandbox_find(c, d.p.s.db, STR(BOX), &r), OK, "the case");
	is_int(exemption_covers(c, d.p.s.db, &r, day, STR("did:web:b.example"), STR("x")), OK,
		"it covers whom it names");
	is_int(exemption_covers(c, d.p.s.db, &r, day, STR("did:web:c.example"), STR("x")),
		ERR_TERM_REFUSES, "and nobody else");
	is_int(box_take(c, &d, "incident", "{\"text\":\"t\"}"), OK, "an incident");
	is_int((long long)waived(c, &d, day), 0, "ends what was waived");
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(32 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	test_each(&c);
	test_records(&c);
	return done_testing();
}
