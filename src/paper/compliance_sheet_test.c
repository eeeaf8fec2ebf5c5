#include "paper/compliance_sheet.h"

#include "base/limits.h"
#include "paper/sheet.h"
#include "tests/tap.h"

#define RULE(id, outcome, blocks, more) \
	"{\"rule\":\"" id "\",\"severity\":\"block\",\"outcome\":\"" outcome \
	"\",\"blocks\":" blocks ",\"verified\":false,\"title\":{\"zh\":\"z-" id \
	"\",\"en\":\"e\"},\"basis\":[{\"text\":\"law " \
	"<b>\",\"article\":\"7\",\"verified\":false},{\"text\":\"guide\",\"verified\":true}]" more \
	"}"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct str text = {0};
	struct sheet s;
	const struct json *j = NULL;
	const struct compliance_of of = {STR("P"), STR("S"), STR("U"), STR("ab")};
	static const char result[] =
		"{\"ruleSet\":{\"version\":\"1\",\"hash\":\"cd\"},\"day\":\"2026-11-24\","
		"\"verdict\":\"refused\",\"results\":[" RULE("A-01", "FAIL", "true",
			",\"remedy\":{\"zh\":\"do "
			"it\",\"en\":\"e\"},\"needs\":[{\"anyOf\":[[{\"need\":\"x == 1\"}],"
			"[{\"need\":\"has('k')\",\"evidence\":\"k\",\"items\":[{\"id\":\"e1\","
			"\"trouble\":\"it expired\"}]}]]}]") "," RULE("A-02", "UNKNOWN", "false",
			",\"remedy\":{\"zh\":\"later\",\"en\":\"e\"},\"needs\":[],\"waived\":{"
			"\"record\":\"X-9\"}") "," RULE("A-03", "PASS", "false", "") "]}";
	is_int(json_parse(&c, str_z(result), &j), OK, "a result");
	is_int(compliance_sheet(&c, j, &of, &text), OK, "is made: %s", c.trouble.detail);
	is_int(sheet_read(&c, text, &s), OK, "is a sheet: %s", c.trouble.detail);
	static const char *const says[] = {"x == 1", "e1", "it expired", "do it", "X-9", "z-A-03",
		"law <b> 7", "guide", "cd", "ab"};
	for (size_t i = 0; i < countof(says); i++)
		ok(str_find_str(text, str_z(says[i])) < text.n, "it says %s", says[i]);
	ok(str_find_str(text, STR("do it")) < str_find_str(text, STR("later")),
		"what blocks stands first");
	is_int(json_parse(&c, STR("{\"verdict\":\"pass\"}"), &j), OK, "something else");
	is_int(compliance_sheet(&c, j, &of, &text), ERR_BAD_VALUE, "is no result");
	return done_testing();
}
