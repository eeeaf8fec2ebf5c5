#include "product/dossier.h"

#include "base/limits.h"
#include "tests/tap.h"

static const char *canonical(struct ctx *c, const struct json *o)
{
	struct str text = {0};
	return json_canonical(c, o, 1u << 16, &text) == OK ? arena_z(c->arena, text) : "none";
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct json *d = json_object(&c);
	is_int(dossier_check(&c, d), OK, "an empty dossier is one");
	is_str(canonical(&c, dossier_completeness(&c, d)),
		"{\"filled\":0,\"missing\":[\"description\",\"source\",\"industry\",\"region\","
		"\"period\",\"frequency\",\"rights\"],\"total\":7}",
		"and lacks everything that is required");
	for (size_t i = 0; i < dossier_fields_n; i++)
		json_set_str(&c, &d, dossier_fields[i].id, i == 3 ? STR(" \t") : STR("x"));
	is_int(dossier_check(&c, d), OK, "all fields");
	is_str(canonical(&c, dossier_completeness(&c, d)),
		"{\"filled\":6,\"missing\":[\"region\"],\"total\":7}", "blanks fill nothing");
	char *long_text = arena_alloc(a, LIMIT_TEXT + 1);
	memset(long_text, 'x', LIMIT_TEXT + 1);
	json_set_str(&c, &d, "rights", (struct str){long_text, LIMIT_TEXT});
	is_int(dossier_check(&c, d), OK, "the longest text");
	json_set_str(&c, &d, "rights", (struct str){long_text, LIMIT_TEXT + 1});
	is_int(dossier_check(&c, d), ERR_BAD_VALUE, "a longer one");
	json_set_num(&c, &d, "rights", 1);
	is_int(dossier_check(&c, d), ERR_BAD_VALUE, "a number");
	d = json_object(&c);
	json_set_str(&c, &d, "colour", STR("red"));
	is_int(dossier_check(&c, d), ERR_UNKNOWN_MEMBER, "a field that there is not");
	for (size_t i = 0; i < dossier_fields_n; i++)
		ok(dossier_field(str_z(dossier_fields[i].id)) == &dossier_fields[i],
			"%s is there once", dossier_fields[i].id);
	ok(strstr(canonical(&c, dossier_fields_json(&c)), "\"choices\":[\"once\"") != NULL,
		"a form can be made of the table");
	static const char given[] =
		"{\"source\":\"crawled\",\"rights\":"
		"\"\xe6\x8c\x81\xe6\x9c\x89\xe6\x9d\x83\xe3\x80\x81use\",\"period\":\"2012-01-01 "
		"to 2015/12/31\","
		"\"rows\":\"12\",\"columns\":\"-1\",\"personal\":\"no\",\"joint\":\"perhaps\","
		"\"parents\":\"A, B;C\",\"level\":\"high\",\"offer_to\":\"2027-12-31\"}";
	const struct json *stated;
	is_int(json_parse(&c, str_z(given), &stated), OK, "a dossier");
	is_str(canonical(&c, dossier_facts(&c, stated)),
		"{\"declared.first_day\":\"2012-01-01\",\"declared.last_day\":\"2015-12-31\","
		"\"declared.rows\":12,\"offer.to\":\"2027-12-31\","
		"\"pi.declared\":false,\"rights\":[\"hold\",\"use\"],\"source.parents\":[\"A\","
		"\"B\",\"C\"],\"source.type\":\"crawled\"}",
		"states these facts, and no others");
	return done_testing();
}
