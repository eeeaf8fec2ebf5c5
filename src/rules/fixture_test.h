/* A small catalogue and cases, for the tests of this folder. */
#pragma once

#include "rules/evaluate.h"
#include "rules/rule_set.h"

#define SET_JSON "{\"version\":\"t\",\"title\":{\"zh\":\"z\",\"en\":\"e\"}}"
#define FACT(name, type) "{\"name\":\"" name "\",\"type\":\"" type "\",\"zh\":\"z\",\"en\":\"e\"}"
#define FACTS_JSON \
	"{\"facts\":[" FACT("yes", "bool") "," FACT("n", "int") "," FACT("t", "text") "," FACT( \
		"d", "day") "," FACT("l", \
		"list") "],\"kinds\":[{\"name\":\"contract\",\"zh\":\"z\",\"en\":\"e\"}]," \
			"\"claims\":[" FACT("from", "day") "," FACT("to", "day") "," FACT( \
				"n", "int") "]}"

static inline const struct json *fixture_parse(struct ctx *c, const char *text)
{
	const struct json *j = NULL;
	if (json_parse(c, str_z(text), &j) != OK)
		printf("# not JSON: %s: %s\n", text, c->trouble.detail);
	return j;
}

static inline struct fact_catalogue fixture_catalogue(struct ctx *c)
{
	struct fact_catalogue k = {0};
	is_int(fact_catalogue_read(c, fixture_parse(c, FACTS_JSON), &k), OK,
		"the catalogue is read");
	return k;
}
