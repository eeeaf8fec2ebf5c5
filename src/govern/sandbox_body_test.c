#include "govern/sandbox_body.h"

#include "tests/tap.h"

#include "base/limits.h"

static err read_text(struct ctx *c, const char *type, const char *text, struct sandbox_body *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return sandbox_body_read(c, str_z(type), j, ret);
}

int main(void)
{
	static const struct {
		const char *type, *text;
		err want;
	} cases[] = {
		{"sandbox.open", "{\"title\":\"T\",\"applicant\":\"A\",\"difficulty\":\"D\"}", OK},
		{"sandbox.open", "{\"title\":\"T\",\"applicant\":\"A\"}", ERR_MISSING_MEMBER},
		{"sandbox.open", "{\"title\":\" \",\"applicant\":\"A\",\"difficulty\":\"D\"}",
			ERR_BAD_VALUE},
		{"sandbox.submit", "{}", OK},
		{"sandbox.submit", "{\"reason\":\"x\"}", ERR_UNKNOWN_MEMBER},
		{"sandbox.return", "{\"reason\":\"x\",\"until\":\"2027-02-30\"}", ERR_BAD_VALUE},
		{"sandbox.return", "{\"reason\":\"x\",\"until\":\"2027-02-28\"}", OK},
		{"sandbox.vote", "{\"member\":\"a\",\"vote\":\"maybe\"}", ERR_BAD_VALUE},
		{"sandbox.vote", "{\"member\":\"a\",\"vote\":\"no\"}", OK},
		{"sandbox.opinion", "{\"member\":\"a\",\"vote\":\"no\"}", ERR_MISSING_MEMBER},
		{"sandbox.exit", "{\"result\":\"lost\",\"reason\":\"x\"}", ERR_BAD_VALUE},
		{"sandbox.assent", "{\"step\":\"start\",\"proposal\":{}}", ERR_BAD_VALUE},
		{"sandbox.measure", "{\"revision\":1}", ERR_MISSING_MEMBER},
		{"sandbox.vanish", "{}", ERR_NOT_FOUND},
	};
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct sandbox_body b;
	for (size_t i = 0; i < countof(cases); i++)
		is_int(read_text(&c, cases[i].type, cases[i].text, &b), cases[i].want, "%s %s",
			cases[i].type, cases[i].text);
	ok(read_text(&c, "sandbox.exit", "{\"result\":\"promoted\",\"reason\":\"x\"}", &b) == OK &&
			b.taken == SANDBOX_PROMOTE,
		"the result of an exit is its step");
	ok(read_text(&c, "sandbox.return", "{\"reason\":\"x\",\"until\":\"1970-01-11\"}", &b) ==
				OK &&
			b.until_day == 10 && b.taken == SANDBOX_RETURN,
		"days are numbers");
	return done_testing();
}
