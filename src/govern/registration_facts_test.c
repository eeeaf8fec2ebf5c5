#include "govern/registration_facts.h"

#include "tests/tap.h"

static const struct json *j(struct ctx *c, const char *text)
{
	const struct json *ret = NULL;
	return json_parse(c, str_z(text), &ret) == OK ? ret : NULL;
}

static int64_t day(const char *text)
{
	int64_t d = 0;
	return day_parse(str_z(text), &d) ? d : -1;
}

/* Facts before, a step on a day, and what it is worth. */
static void test_checks(struct ctx *c)
{
	static const struct {
		enum registration_state state;
		const char *facts;
		enum registration_event event;
		const char *day, *content;
		err want;
	} rows[] = {
		{REG_APPLIED, "{\"received\":\"2026-03-02\"}", REG_ACCEPT, "2026-03-05", "{}", OK},
		{REG_APPLIED, "{\"received\":\"2026-03-02\"}", REG_ACCEPT, "2026-03-06", "{}",
			ERR_GONE},
		{REG_APPLIED, "{\"received\":\"2026-03-02\"}", REG_DEEM, "2026-03-05", "{}",
			ERR_BAD_STATE},
		{REG_APPLIED, "{\"received\":\"2026-03-02\"}", REG_DEEM, "2026-03-06", "{}", OK},
		{REG_ACCEPTED, "{\"received\":\"2026-03-02\",\"accepted\":{\"deemed\":false}}",
			REG_ACCEPT, "2026-03-03", "{}", ERR_BAD_STATE},
		{REG_RETURNED, "{\"returned\":{\"limit\":\"2026-03-09\"}}", REG_EXPIRE,
			"2026-03-09", "{}", ERR_BAD_STATE},
		{REG_RETURNED, "{\"returned\":{\"limit\":\"2026-03-09\"}}", REG_EXPIRE,
			"2026-03-10", "{}", OK},
		{REG_PUBLICITY, "{\"publicity\":{\"to\":\"2026-03-09\"}}", REG_OBJECT, "2026-03-09",
			"{\"by\":\"x\",\"reason\":\"y\"}", OK},
		{REG_PUBLICITY, "{\"publicity\":{\"to\":\"2026-03-09\"}}", REG_OBJECT, "2026-03-10",
			"{\"by\":\"x\",\"reason\":\"y\"}", ERR_GONE},
		{REG_PUBLICITY, "{\"publicity\":{\"to\":\"2026-03-09\"}}", REG_CLEAR, "2026-03-09",
			"{}", ERR_BAD_STATE},
		{REG_REVIEWED, "{}", REG_PUBLISH, "2026-03-02",
			"{\"from\":\"2026-03-02\",\"to\":\"2026-03-09\"}", OK},
		{REG_REVIEWED, "{}", REG_PUBLISH, "2026-03-02",
			"{\"from\":\"2026-03-02\",\"to\":\"2026-03-06\"}", ERR_BAD_VALUE},
		{REG_ACCEPTED, "{\"extension\":{\"days\":6}}", REG_EXTEND, "2026-03-02",
			"{\"days\":4,\"reason\":\"x\"}", OK},
		{REG_ACCEPTED, "{\"extension\":{\"days\":6}}", REG_EXTEND, "2026-03-02",
			"{\"days\":5,\"reason\":\"x\"}", ERR_BAD_VALUE},
		{REG_REGISTERED, "{\"certificate\":{\"to\":\"2026-03-02\"}}", REG_LAPSE,
			"2026-03-02", "{}", ERR_BAD_STATE},
		{REG_REGISTERED, "{\"certificate\":{\"to\":\"2026-03-02\"}}", REG_LAPSE,
			"2026-03-03", "{}", OK},
		{REG_REGISTERED, "{}", REG_REMARK, "2026-03-02",
			"{\"remark\":{\"kind\":\"seizure\",\"text\":\"court\"}}", OK},
		{REG_REGISTERED, "{}", REG_REMARK, "2026-03-02",
			"{\"remark\":{\"kind\":\"gossip\",\"text\":\"x\"}}", ERR_BAD_VALUE},
		{REG_DEPOSITED, "{\"kind\":\"cancel\"}", REG_CLOSE, "2026-03-02", "{}", OK},
		{REG_CLEARED, "{}", REG_DEPOSIT, "2026-03-02", "{\"evidence\":\"no digest\"}",
			ERR_BAD_VALUE},
		{REG_REVIEWED, "{}", REG_WAIVE, "2026-03-02", "{\"reason\":\"\"}",
			ERR_MISSING_MEMBER},
		{REG_APPLIED, "{\"received\":\"2098-12-30\"}", REG_DEEM, "2099-02-01", "{}",
			ERR_CALENDAR},
	};
	for (size_t i = 0; i < countof(rows); i++)
		is_int(registration_check(c, rows[i].state, j(c, rows[i].facts), rows[i].event,
			       day(rows[i].day), j(c, rows[i].content)),
			rows[i].want, "%s on %s, %s", registration_event_name(rows[i].event),
			rows[i].day, rows[i].facts);
}

static void test_fold(struct ctx *c)
{
	static const struct {
		enum registration_event event;
		const char *day, *content;
	} steps[] = {
		{REG_RECEIVE, "2026-03-02", "{}"},
		{REG_DEEM, "2026-03-06", "{}"},
		{REG_ASK, "2026-03-06", "{\"reason\":\"x\",\"limit\":\"2026-03-20\"}"},
		{REG_SUPPLY, "2026-03-11",
			"{\"dossier\":"
			"\"0000000000000000000000000000000000000000000000000000000000000000\"}"},
		{REG_PUBLISH, "2026-03-12", "{\"from\":\"2026-03-12\",\"to\":\"2026-03-19\"}"},
		{REG_OBJECT, "2026-03-19", "{\"by\":\"x\",\"reason\":\"y\"}"},
		{REG_RESOLVE, "2026-03-24", "{\"outcome\":\"no\"}"},
	};
	struct json *facts = NULL;
	struct registration_dates d;
	for (size_t i = 0; i < countof(steps); i++)
		ok(registration_fold(c, facts, steps[i].event, day(steps[i].day),
			   j(c, steps[i].content), i, &facts) == OK,
			"%s", registration_event_name(steps[i].event));
	ok(registration_dates_read(c, facts, &d) == OK, "the days");
	ok(d.received == day("2026-03-02") && d.accepted == day("2026-03-06"), "of the beginning");
	is_int((long long)d.pauses_n, 3, "three suspensions");
	ok(d.pauses[0].from == day("2026-03-06") && d.pauses[0].to == day("2026-03-11"),
		"for a supplement");
	ok(d.pauses[1].to == day("2026-03-19"), "publicity, whose end is known");
	ok(d.pauses[2].from == day("2026-03-19") && d.pauses[2].to == day("2026-03-24"),
		"an objection");
	is_int((long long)json_get(facts, "steps")->n, countof(steps), "all steps are told");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 << 20);
	struct ctx c = {.arena = a};
	test_checks(&c);
	test_fold(&c);
	return done_testing();
}
