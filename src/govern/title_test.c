#include "govern/title.h"

#include "tests/tap.h"

#include "govern/fixture_test.h"

#define SCAN "\"scan\":\"0000000000000000000000000000000000000000000000000000000000000001\""
#define HOLDER "\"holder\":{\"name\":\"A\",\"uscc\":\"91110000802100433B\"}"

static const struct {
	const char *members;
	err want;
} rows[] = {
	{"\"kind\":\"data-ip\",\"number\":\"Z-1\",\"issuer\":\"Office\",\"issued\":\"2026-"
	 "02-01\",\"to\":\"2029-02-01\"",
		OK},
	{"\"kind\":\"data-ip\",\"number\":\"Z-1\",\"issuer\":\"Office\",\"issued\":\"2026-"
	 "02-01\"",
		ERR_CONFLICT},
	{"\"kind\":\"data-ip\",\"number\":\"Z-2\",\"issuer\":\"Office\",\"issued\":\"2026-"
	 "02-01\",\"to\":\"2029-02-02\"",
		ERR_BAD_VALUE},
	{"\"kind\":\"data-ip\",\"number\":\"Z-2\",\"issuer\":\"Office\",\"issued\":\"2026-"
	 "03-03\"",
		ERR_BAD_VALUE},
	{"\"kind\":\"data-title\",\"number\":\"Z-2\",\"issuer\":\"Office\",\"issued\":"
	 "\"2026-02-01\"",
		ERR_BAD_VALUE},
	{"\"kind\":\"data-title\",\"number\":\"SJ4412026020001\",\"issuer\":\"Office\","
	 "\"issued\":\"2026-02-01\",\"to\":\"2031-02-01\",\"rights\":[\"operate\"],"
	 "\"territory\":\"China\"",
		OK},
	{"\"kind\":\"exchange\",\"number\":\"E-1\",\"issuer\":\"Exchange\",\"issued\":"
	 "\"2020-02-01\",\"to\":\"2040-02-01\"",
		OK},
	{"\"kind\":\"deed\",\"number\":\"E-2\",\"issuer\":\"x\",\"issued\":\"2020-02-01\"",
		ERR_BAD_VALUE},
};

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64 << 20);
	struct ctx c = {.arena = a};
	struct acts *n;
	struct str text;
	struct title t;
	struct entry e;
	struct json *item = NULL;
	const struct json *j = NULL;
	ok(fixture_open(&c) == OK, "a node");
	n = nodes[APPLICANT].n;
	for (size_t i = 0; i < countof(rows); i++) {
		ok(arena_fmt(&c, &text, "{%s," SCAN "," HOLDER "}", rows[i].members) == OK &&
				json_parse(&c, text, &j) == OK,
			"a body");
		is_int(title_enter(&c, n, STR("operator"), j, &e), rows[i].want, "%s",
			rows[i].members);
	}
	ok(title_find(&c, nodes[APPLICANT].db, STR("SJ4412026020001"), &t) == OK, "by its number");
	is_str(title_state_name(t.state), "claimed", "what is entered is claimed");
	ok(json_parse(&c, STR("{\"by\":\"\",\"how\":\"called\"}"), &j) == OK, "nobody");
	is_int(title_check(&c, n, STR("operator"), &t, j, NULL), ERR_BAD_VALUE, "checks nothing");
	ok(json_parse(&c, STR("{\"by\":\"Wang\",\"how\":\"called the office\"}"), &j) == OK,
		"Wang");
	is_int(title_check(&c, n, STR("operator"), &t, j, NULL), OK, "has checked it");
	is_int(title_check(&c, n, STR("operator"), &t, j, NULL), ERR_BAD_STATE, "once");
	ok(title_find(&c, nodes[APPLICANT].db, t.id, &t) == OK && t.state == TITLE_CHECKED,
		"checked");
	ok(title_evidence(&c, &t, &item) == OK &&
			json_get(json_get(item, "claims"), "code_valid")->type == JSON_TRUE,
		"as evidence, its code is one");
	ok(json_parse(&c, STR("{\"reason\":\"revoked\"}"), &j) == OK &&
			title_end(&c, n, STR("operator"), &t, j, NULL) == OK &&
			title_find(&c, nodes[APPLICANT].db, t.id, &t) == OK &&
			t.state == TITLE_ENDED,
		"it ends");
	ok(acts_tick_end(&c, n) == OK && fixture_replays(&c, APPLICANT), "the log replays");
	fixture_close();
	return done_testing();
}
