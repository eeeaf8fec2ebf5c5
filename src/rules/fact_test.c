#include "rules/fact.h"

#include "tests/tap.h"

#include "rules/fixture_test.h"

static void refused(struct ctx *c)
{
	static const struct {
		const char *text;
		err e;
	} rows[] = {
		{"{}", ERR_BAD_VALUE},
		{"{\"facts\":{},\"kinds\":[],\"claims\":[]}", ERR_BAD_VALUE},
		{"{\"facts\":[" FACT("a", "bool") "," FACT(
			 "a", "int") "],\"kinds\":[],\"claims\":[]}",
			ERR_CONFLICT},
		{"{\"facts\":[" FACT("A", "bool") "],\"kinds\":[],\"claims\":[]}", ERR_BAD_VALUE},
		{"{\"facts\":[" FACT("1a", "bool") "],\"kinds\":[],\"claims\":[]}", ERR_BAD_VALUE},
		{"{\"facts\":[" FACT("a", "double") "],\"kinds\":[],\"claims\":[]}", ERR_BAD_VALUE},
		{"{\"facts\":[],\"kinds\":[" FACT("a", "bool") "],\"claims\":[]}", ERR_BAD_VALUE},
		{"{\"facts\":[{\"name\":\"a\",\"zh\":\"z\",\"en\":\"e\"}],\"kinds\":[],\"claims\":["
		 "]}",
			ERR_BAD_VALUE},
		{"{\"facts\":[{\"name\":\"a\",\"type\":\"int\",\"zh\":\"z\",\"en\":\"e\",\"is\":"
		 "\"true\"}],\"kinds\":[],"
		 "\"claims\":[]}",
			ERR_BAD_VALUE},
		{"{\"facts\":[],\"kinds\":[],\"claims\":[{\"name\":\"a\",\"type\":\"bool\",\"zh\":"
		 "\"z\",\"en\":\"e\",\"is\":\"true\"}]}",
			ERR_BAD_VALUE},
		{"{\"facts\":[{\"name\":\"a\",\"type\":\"bool\",\"zh\":\"z\",\"en\":\"e\",\"more\":"
		 "1}],\"kinds\":[],\"claims\":[]}",
			ERR_UNKNOWN_MEMBER},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct fact_catalogue k;
		is_int(fact_catalogue_read(c, fixture_parse(c, rows[i].text), &k), rows[i].e,
			"catalogue %zu is refused", i);
	}
}

static void values(struct ctx *c)
{
	static const struct {
		const char *text;
		err e;
	} rows[] = {
		{"{\"yes\":true,\"n\":9007199254740991,\"t\":\"\",\"d\":\"2026-02-28\",\"l\":[]}",
			OK},
		{"{\"yes\":null}", OK}, {"{}", OK}, {"{\"yes\":1}", ERR_BAD_VALUE},
		{"{\"n\":1.5}", ERR_BAD_VALUE}, {"{\"n\":\"1\"}", ERR_BAD_VALUE},
		{"{\"d\":\"2026-02-29\"}", ERR_BAD_VALUE}, {"{\"l\":[1]}", ERR_BAD_VALUE},
		{"{\"l\":\"a\"}", ERR_BAD_VALUE}, {"{\"other\":1}", ERR_UNKNOWN_MEMBER}};
	struct fact_catalogue k = fixture_catalogue(c);
	for (size_t i = 0; i < countof(rows); i++) {
		struct fact_value *v;
		is_int(fact_values(c, k.facts, k.facts_n, fixture_parse(c, rows[i].text), &v),
			rows[i].e, "facts %s", rows[i].text);
	}
	struct fact_value *v;
	const char *all =
		"{\"d\":\"2026-02-28\",\"l\":[\"a\",\"b\"],\"n\":-5,\"t\":\"x\",\"yes\":false}";
	is_int(fact_values(c, k.facts, k.facts_n, fixture_parse(c, all), &v), OK, "all kinds");
	struct json *o = json_object(c);
	for (size_t i = 0; i < k.facts_n; i++)
		json_set(&o, arena_z(c->arena, k.facts[i].name),
			fact_json(c, k.facts[i].type, &v[i]));
	ok(json_eq(o, fixture_parse(c, all)), "and back");
	ok(fact_find(k.facts, k.facts_n, STR("nn")) == NULL, "no such fact");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(8u << 20)};
	refused(&c);
	values(&c);
	arena_free(c.arena);
	return done_testing();
}
