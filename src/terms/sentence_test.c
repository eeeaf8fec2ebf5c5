#include "terms/sentence.h"

#include "base/limits.h"
#include "terms/presets.h"
#include "tests/tap.h"

static struct str of_policy(struct ctx *c, const char *policy, enum sentence_language l)
{
	const struct json *j = NULL;
	struct terms t;
	struct str said = {"", 0};
	is_int(json_parse(c, str_z(policy), &j), OK, "it parses");
	is_int(terms_compile(c, j, &t), OK, "it compiles");
	is_int(terms_sentence(c, &t, l, &said), OK, "it is a sentence");
	return said;
}

static struct str of_preset(struct ctx *c, const char *name, enum sentence_language l)
{
	struct json *j = NULL;
	struct terms t;
	struct str said = {"", 0};
	is_int(terms_preset(c, str_z(name), &j), OK, "a preset");
	is_int(terms_compile(c, j, &t), OK, "compiles");
	is_int(terms_sentence(c, &t, l, &said), OK, "and is a sentence");
	return said;
}

static void presets(struct ctx *c)
{
	ok(str_is(of_preset(c, "open", SENTENCE_EN),
		   "use without a limit of purpose, time or number"),
		"open");
	ok(str_is(of_preset(c, "internal-use", SENTENCE_EN), "use for internal-use"), "a purpose");
	ok(str_is(of_preset(c, "internal-use", SENTENCE_ZH), "可使用,限用于内部使用"),
		"a purpose that is known, in Chinese");
	ok(str_is(sentence_word(SENTENCE_ZH, STR("resale")), "resale"), "one that is not");
	ok(str_is(of_preset(c, "evaluation-30d", SENTENCE_EN),
		   "use, 30 days from the agreement on"),
		"a time");
	ok(str_is(of_preset(c, "once", SENTENCE_EN), "use, one delivery only"), "a count");
	ok(str_is(of_preset(c, "once", SENTENCE_ZH), "可使用,限交付一次"), "in Chinese");
}

#define RULE(constraints) "{\"permission\":[{\"action\":\"use\",\"constraint\":[" constraints "]}]}"
#define ONE(left, relation, right) \
	"{\"leftOperand\":\"" left "\",\"operator\":\"" relation "\",\"rightOperand\":" right "}"

static void several(struct ctx *c)
{
	struct str s = of_policy(c,
		RULE(ONE("purpose", "isAnyOf", "[\"training\",\"research\"]") "," ONE(
			"dateTime", "gteq", "\"2026-01-01T00:00:00Z\"") "," ONE("dateTime", "lteq",
			"\"2027-01-01T00:00:00Z\"") "," ONE("elapsedTime", "lteq",
			"\"PT36H\"") "," ONE("count", "lt", "5")),
		SENTENCE_EN);
	ok(str_is(s, "use for training or research, not before 2026-01-01T00:00:00.000Z, not after "
		     "2027-01-01T00:00:00.000Z, 36 hours from the agreement on, 4 deliveries at "
		     "most"),
		"each constraint is a clause");
	printf("# %.*s\n", FMT(s));
	s = of_policy(c, RULE(ONE("elapsedTime", "lteq", "\"PT90S\"")), SENTENCE_EN);
	ok(str_is(s, "use, 90 seconds from the agreement on"), "the largest unit that fits");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	presets(&c);
	several(&c);
	return done_testing();
}
