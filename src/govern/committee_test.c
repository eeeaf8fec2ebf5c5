#include "govern/committee.h"

#include "tests/tap.h"

#include "base/limits.h"

#define SEAT(id) "{\"id\":\"" id "\",\"name\":\"N\"}"
#define OBSERVER "{\"id\":\"o\",\"name\":\"N\",\"authority\":\"A\"}"

static err read_text(struct ctx *c, const char *text, struct committee *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return committee_read(c, j, ret);
}

static void test_reading(struct ctx *c)
{
	static const struct {
		const char *text;
		err want;
	} cases[] = {
		{"{\"size\":2,\"quorum\":2,\"members\":[" SEAT("a") "," SEAT("b") "]}", OK},
		{"{\"size\":3,\"quorum\":2,\"members\":[" SEAT("a") "," SEAT("b") "]}",
			ERR_BAD_VALUE},
		{"{\"size\":2,\"quorum\":3,\"members\":[" SEAT("a") "," SEAT("b") "]}",
			ERR_BAD_VALUE},
		{"{\"size\":2,\"quorum\":0,\"members\":[" SEAT("a") "," SEAT("b") "]}",
			ERR_BAD_VALUE},
		{"{\"size\":2,\"quorum\":1,\"members\":[" SEAT("a") "," SEAT("a") "]}",
			ERR_BAD_VALUE},
		{"{\"size\":0,\"quorum\":0,\"members\":[]}", ERR_BAD_VALUE},
		{"{\"size\":1,\"quorum\":1,\"members\":[" SEAT("") "]}", ERR_BAD_VALUE},
		{"{\"size\":1,\"quorum\":1,\"members\":[" OBSERVER "]}", ERR_UNKNOWN_MEMBER},
		{"{\"size\":1,\"quorum\":1,\"members\":[" SEAT("a") "],\"observers\":[" SEAT(
			 "b") "]}",
			ERR_MISSING_MEMBER},
		{"{\"size\":1,\"quorum\":1,\"members\":[" SEAT("a") "],\"chair\":1}",
			ERR_UNKNOWN_MEMBER},
	};
	struct committee k;
	for (size_t i = 0; i < countof(cases); i++)
		is_int(read_text(c, cases[i].text, &k), cases[i].want, "%s", cases[i].text);
}

static void test_counting(struct ctx *c)
{
	struct committee k;
	is_int(read_text(c,
		       "{\"size\":3,\"quorum\":2,\"members\":[" SEAT("a") "," SEAT("b") "," SEAT(
			       "c") "],\"observers\":[" OBSERVER "]}",
		       &k),
		OK, "a committee of three");
	ok(committee_member(&k, STR("b")) != NULL && committee_member(&k, STR("o")) == NULL &&
			committee_observer(&k, STR("o")) != NULL &&
			committee_observer(&k, STR("a")) == NULL,
		"experts and observers are not each other");
	const struct tally one = {.yes = 1}, two = {.yes = 1, .abstain = 1},
			   tie = {.yes = 1, .no = 1}, lost = {.no = 2};
	is_int(committee_for(c, &k, &one), ERR_BAD_STATE, "one of two is no quorum");
	is_int(committee_for(c, &k, &two), OK, "who abstains is there");
	is_int(committee_for(c, &k, &tie), ERR_FORBIDDEN, "a tie admits nothing");
	is_int(committee_against(c, &k, &tie), OK, "it rejects");
	is_int(committee_against(c, &k, &two), ERR_FORBIDDEN, "what was voted for is not rejected");
	is_int(committee_against(c, &k, &one), ERR_BAD_STATE, "rejecting needs a quorum too");
	is_int(committee_quorum(c, &k, &lost), OK, "two votes are a quorum");
	is_int(committee_heard(c, &k, &two, false), ERR_BAD_STATE, "the authority is heard");
	const struct tally objects = {.yes = 2, .object = 1}, agrees = {.yes = 2, .agree = 1};
	is_int(committee_heard(c, &k, &objects, false), OK, "whatever it says");
	is_int(committee_heard(c, &k, &objects, true), ERR_FORBIDDEN, "it may object");
	is_int(committee_heard(c, &k, &agrees, true), OK, "or agree");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	test_reading(&c);
	test_counting(&c);
	return done_testing();
}
