#include "govern/registration_letter.h"

#include "tests/tap.h"

#include "govern/fixture_test.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64 << 20);
	struct ctx c = {.arena = a};
	struct str id;
	struct registration r;
	struct outbox_row row;
	const struct json *message = NULL, *j = NULL;
	ok(fixture_open(&c) == OK && fixture_office(&c) == OK, "two nodes");
	ok(json_parse(&c, STR("{\"kind\":\"initial\"}"), &j) == OK, "a claim of nothing");
	is_int(registration_apply(
		       &c, nodes[APPLICANT].n, STR("operator"), nodes[REGISTRAR].self.did, j, NULL),
		ERR_MISSING_MEMBER, "needs a product or a dossier");
	ok(fixture_apply(&c, FIXTURE_CLAIM, &id) == OK, "an application");
	ok(registration_find(&c, nodes[REGISTRAR].db, id, &r) == OK, "is there");
	ok(str_is(json_text(json_get(json_get(r.facts, "holder"), "name")), "a.example"),
		"its holder is who applies");
	is_int(fixture_step(&c, REGISTRAR, id, "return",
		       "{\"corrections\":[\"period\"],\"limit\":\"5wd\"}"),
		OK, "returned, for a period");
	ok(registration_find(&c, nodes[APPLICANT].db, id, &r) == OK &&
			str_is(json_text(json_get(json_get(r.facts, "returned"), "limit")),
				"2026-03-09"),
		"which was counted");
	ok(json_parse(&c, STR("{\"overview\":\"cars by day\",\"dossier\":{\"v\":1}}"), &j) == OK &&
			registration_do(&c, nodes[APPLICANT].n, STR("operator"), &r, REG_CORRECT, j,
				NULL) == OK,
		"corrected: what is not said stays");
	ok(fixture_message(&c, APPLICANT, &row, &message) == OK, "the letter");
	const struct json *d = json_get(message, "document");
	ok(str_is(json_text(json_get(json_get(d, "content"), "name")), "traffic"), "with the name");
	ok(str_is(json_text(json_get(d, "kind")), "registration"), "of its kind");
	ok(str_eq(json_text(json_get(d, "to")), nodes[REGISTRAR].self.did), "for the registrar");
	ok(json_get(message, "dossier") != NULL && json_get(message, "E") != NULL,
		"with dossier and proof");
	fixture_close();
	return done_testing();
}
