#include "api/dsp_policy.h"

#include "base/limits.h"
#include "tests/tap.h"

#define RULES "\"permission\":[{\"action\":\"use\"}]"
#define ATOM "{\"leftOperand\":\"purpose\",\"operator\":\"eq\",\"rightOperand\":\"x\"}"

static err read_as(
	struct ctx *c, enum dsp_policy_kind kind, const char *text, struct dsp_policy *ret)
{
	const struct json *j = NULL;
	if (json_parse(c, str_z(text), &j) != OK)
		return ERR_MALFORMED;
	return dsp_policy_read(c, j, kind, ret);
}

static const char *written(struct ctx *c, const struct json *j)
{
	struct str s;
	return json_write(c, j, false, 1u << 20, &s) == OK ? arena_z(c->arena, s) : NULL;
}

static void places(struct ctx *c)
{
	struct dsp_policy p = {0};
	is_int(read_as(c, DSP_CATALOG_OFFER, "{\"@id\":\"urn:x:1:2\"," RULES "}", &p), OK,
		"an offer of a catalogue needs id and rules");
	ok(str_is(p.id, "urn:x:1:2"), "its id is kept as it is");
	is_int(read_as(c, DSP_MESSAGE_OFFER,
		       "{\"@id\":\"o\",\"@type\":\"Offer\",\"target\":\"t\",\"assigner\":"
		       "\"a\"," RULES "}",
		       &p),
		OK, "an offer of a message");
	ok(str_is(p.target, "t") && str_is(p.assigner, "a"), "has a target, may have an assigner");
	is_int(read_as(c, DSP_AGREEMENT_POLICY,
		       "{\"@id\":\"g\",\"@type\":\"Agreement\",\"target\":\"t\",\"assigner\":\"a\","
		       "\"assignee\":\"b\","
		       "\"timestamp\":\"2026-11-24T03:00:00\"," RULES "}",
		       &p),
		OK, "an agreement, its time without zone");
	ok(str_is(p.assignee, "b"), "has both parties");
}

static void refused(struct ctx *c)
{
	static const struct {
		enum dsp_policy_kind kind;
		err want;
		const char *text, *member;
	} rows[] = {
		{DSP_CATALOG_OFFER, ERR_MISSING_MEMBER, "{" RULES "}", "'@id'"},
		{DSP_CATALOG_OFFER, ERR_BAD_VALUE, "{\"@id\":\"\"," RULES "}", "'@id'"},
		{DSP_CATALOG_OFFER, ERR_BAD_VALUE, "{\"@id\":7," RULES "}", "'@id'"},
		{DSP_CATALOG_OFFER, ERR_MISSING_MEMBER, "{\"@id\":\"o\"}", "'permission'"},
		{DSP_CATALOG_OFFER, ERR_MISSING_MEMBER, "{\"@id\":\"o\",\"permission\":[]}",
			"'permission'"},
		{DSP_CATALOG_OFFER, ERR_MISSING_MEMBER,
			"{\"@id\":\"o\",\"obligation\":[{\"action\":\"use\"}]}", "'permission'"},
		{DSP_CATALOG_OFFER, ERR_BAD_VALUE,
			"{\"@id\":\"o\",\"permission\":{\"action\":\"use\"}}", "'permission'"},
		{DSP_CATALOG_OFFER, ERR_BAD_VALUE, "{\"@id\":\"o\",\"permission\":[\"use\"]}",
			"'permission'"},
		{DSP_CATALOG_OFFER, ERR_MISSING_MEMBER, "{\"@id\":\"o\",\"prohibition\":[{}]}",
			"'action'"},
		{DSP_CATALOG_OFFER, ERR_BAD_VALUE,
			"{\"@id\":\"o\",\"permission\":[{\"action\":{\"@id\":\"use\"}}]}",
			"'action'"},
		{DSP_CATALOG_OFFER, ERR_BAD_VALUE, "{\"@id\":\"o\",\"@type\":\"Set\"," RULES "}",
			"'@type'"},
		{DSP_CATALOG_OFFER, ERR_BAD_VALUE, "{\"@id\":\"o\",\"profile\":[1]," RULES "}",
			"'profile'"},
		{DSP_MESSAGE_OFFER, ERR_MISSING_MEMBER,
			"{\"@id\":\"o\",\"target\":\"t\"," RULES "}", "'@type'"},
		{DSP_MESSAGE_OFFER, ERR_MISSING_MEMBER,
			"{\"@id\":\"o\",\"@type\":\"Offer\"," RULES "}", "'target'"},
		{DSP_AGREEMENT_POLICY, ERR_BAD_VALUE,
			"{\"@id\":\"o\",\"@type\":\"Offer\",\"target\":\"t\"," RULES "}",
			"'@type'"},
		{DSP_AGREEMENT_POLICY, ERR_MISSING_MEMBER,
			"{\"@id\":\"o\",\"@type\":\"Agreement\",\"target\":\"t\",\"assignee\":"
			"\"b\"," RULES "}",
			"'assigner'"},
		{DSP_AGREEMENT_POLICY, ERR_MISSING_MEMBER,
			"{\"@id\":\"o\",\"@type\":\"Agreement\",\"target\":\"t\",\"assigner\":"
			"\"b\"," RULES "}",
			"'assignee'"},
		{DSP_AGREEMENT_POLICY, ERR_BAD_VALUE,
			"{\"@id\":\"o\",\"@type\":\"Agreement\",\"target\":\"t\",\"assigner\":"
			"\"a\","
			"\"assignee\":\"b\",\"timestamp\":\"2026-11-24T03:00Z\"," RULES "}",
			"'timestamp'"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct dsp_policy p = {.id = STR("before")};
		is_int(read_as(c, rows[i].kind, rows[i].text, &p), rows[i].want, "%s",
			rows[i].text);
		ok(strstr(c->trouble.detail, rows[i].member) != NULL, "names %s: %s",
			rows[i].member, c->trouble.detail);
		ok(str_is(p.id, "before"), "and writes nothing");
	}
}

static void constraints(struct ctx *c)
{
	static const struct {
		err want;
		const char *text;
	} rows[] = {
		{OK, "[]"},
		{OK, "[" ATOM "]"},
		{OK, "[{\"leftOperand\":\"count\",\"operator\":\"lteq\",\"rightOperand\":\"1\"}"
		     "," ATOM "]"},
		{OK, "[{\"leftOperand\":\"x\",\"operator\":\"isAnyOf\",\"rightOperand\":[]}]"},
		{OK, "[{\"leftOperand\":\"x\",\"operator\":\"eq\",\"rightOperand\":{}}]"},
		{OK, "[{\"or\":[{\"and\":[" ATOM "," ATOM "]}," ATOM "]}]"},
		{OK, "[{\"andSequence\":[" ATOM "]},{\"xone\":[" ATOM "]}]"},
		{ERR_BAD_VALUE, "{}"},
		{ERR_BAD_VALUE, "[[]]"},
		{ERR_MISSING_MEMBER, "[{}]"},
		{ERR_BAD_VALUE,
			"[{\"leftOperand\":\"count\",\"operator\":\"lteq\",\"rightOperand\":1}]"},
		{ERR_BAD_VALUE, "[{\"leftOperand\":\"count\",\"operator\":\"lteq\","
				"\"rightOperand\":true}]"},
		{ERR_BAD_VALUE,
			"[{\"leftOperand\":\"count\",\"operator\":\"<=\",\"rightOperand\":\"1\"}]"},
		{ERR_BAD_VALUE,
			"[{\"leftOperand\":\"\",\"operator\":\"eq\",\"rightOperand\":\"1\"}]"},
		{ERR_BAD_VALUE,
			"[{\"leftOperand\":{},\"operator\":\"eq\",\"rightOperand\":\"1\"}]"},
		{ERR_MISSING_MEMBER, "[{\"leftOperand\":\"x\",\"operator\":\"eq\"}]"},
		{ERR_MISSING_MEMBER, "[{\"leftOperand\":\"x\",\"rightOperand\":\"1\"}]"},
		{ERR_BAD_VALUE, "[{\"and\":" ATOM "}]"},
		{ERR_MISSING_MEMBER, "[{\"or\":[{\"and\":[{}]}]}]"},
		{ERR_BAD_VALUE, "[{\"and\":[],\"or\":[]}]"},
		{ERR_BAD_VALUE, "[{\"and\":[],\"leftOperand\":\"x\",\"operator\":\"eq\","
				"\"rightOperand\":\"1\"}]"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct str text;
		struct dsp_policy p;
		ok(arena_fmt(c, &text,
			   "{\"@id\":\"o\",\"permission\":[{\"action\":\"use\",\"constraint\":%s}]"
			   "}",
			   rows[i].text) == OK,
			"a policy");
		is_int(read_as(c, DSP_CATALOG_OFFER, text.p, &p), rows[i].want, "constraint %s",
			rows[i].text);
	}
}

static void building(struct ctx *c)
{
	struct dsp_policy p;
	is_int(read_as(c, DSP_MESSAGE_OFFER,
		       "{\"@id\":\"o\",\"@type\":\"Offer\",\"target\":\"t\",\"assigner\":\"x\","
		       "\"obligation\":[],"
		       "\"permission\":[{\"action\":\"use\",\"constraint\":[]}],\"prohibition\":[],"
		       "\"profile\":\"p\"}",
		       &p),
		OK, "an offer with empty arrays");
	is_str(written(c, dsp_policy_terms(c, p.json)),
		"{\"permission\":[{\"action\":\"use\"}],\"profile\":\"p\"}", "its terms have none");
	is_str(written(c, dsp_policy_json(c, &p, DSP_CATALOG_OFFER)),
		"{\"@id\":\"o\",\"@type\":\"Offer\",\"permission\":[{\"action\":\"use\"}],"
		"\"profile\":\"p\"}",
		"in a catalogue it has no target");
	is_str(written(c, dsp_policy_json(c, &p, DSP_MESSAGE_OFFER)),
		"{\"@id\":\"o\",\"@type\":\"Offer\",\"target\":\"t\",\"permission\":[{\"action\":"
		"\"use\"}],"
		"\"profile\":\"p\"}",
		"in a message it has");
	struct dsp_policy g = {.id = STR("g"),
		.target = STR("t"),
		.assigner = STR("a"),
		.assignee = STR("b"),
		.timestamp = STR("2026-11-24T03:00:00.000Z"),
		.json = p.json};
	const struct json *made = dsp_policy_json(c, &g, DSP_AGREEMENT_POLICY);
	struct dsp_policy back = {0};
	is_int(dsp_policy_read(c, made, DSP_AGREEMENT_POLICY, &back), OK, "an agreement is read");
	ok(json_eq(made, dsp_policy_json(c, &back, DSP_AGREEMENT_POLICY)),
		"and built again it is the same");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	places(&c);
	refused(&c);
	constraints(&c);
	building(&c);
	return done_testing();
}
