#include "govern/registration.h"

#include "tests/tap.h"

#include "govern/fixture_test.h"

static err to_deposit(struct ctx *c, struct str id)
{
	TRY(fixture_step(c, REGISTRAR, id, "accept", "{}"));
	TRY(fixture_step(c, REGISTRAR, id, "review",
		"{\"description\":\"y\",\"sourcing\":\"y\",\"title\":\"y\"}"));
	TRY(fixture_step(c, REGISTRAR, id, "waive", "{\"reason\":\"asked for\"}"));
	return fixture_step(c, REGISTRAR, id, "deposit", "{}");
}

static void test_certificate(struct ctx *c, struct str *ret_code)
{
	struct str id = {0};
	struct registration r;
	struct json *item = NULL;
	ok(fixture_apply(c, FIXTURE_CLAIM, &id) == OK && to_deposit(c, id) == OK, "to the deposit");
	is_int(fixture_step(c, REGISTRAR, id, "issue", "{\"rights\":[\"operate\"]}"), ERR_BAD_VALUE,
		"no right that was not applied for");
	is_int(fixture_step(c, REGISTRAR, id, "issue", "{\"to\":\"2031-03-03\"}"), ERR_BAD_VALUE,
		"five years and a day are too many");
	is_int(fixture_step(c, REGISTRAR, id, "close", "{}"), ERR_BAD_STATE,
		"an initial registration ends with a certificate");
	is_int(fixture_step(c, REGISTRAR, id, "issue", "{\"to\":\"2026-12-31\"}"), OK, "issued");
	ok(registration_find(c, nodes[APPLICANT].db, STR("SJ3312026030001"), &r) == OK,
		"found by its code at the applicant");
	is_int(r.state, REG_REGISTERED, "registered");
	ok(registration_evidence(c, &r, &item) == OK && item != NULL, "evidence");
	ok(str_is(json_text(json_get(json_get(item, "claims"), "to")), "2026-12-31"),
		"with its end");
	is_int((long long)json_get(json_get(item, "claims"), "rights")->n, 2, "and its rights");
	*ret_code = r.code;
}

static void test_renewal(struct ctx *c, struct str code)
{
	struct str id, claim;
	ok(arena_fmt(c, &claim,
		   "{\"kind\":\"renewal\",\"name\":\"traffic\",\"overview\":\"cars\",\"source\":"
		   "\"collected\",\"rights\":[\"hold\"],\"dossier\":{\"v\":1},\"previous\":\"%.*"
		   "s\"}",
		   FMT(code)) == OK,
		"a claim");
	fixture_day("2026-06-29");
	is_int(fixture_apply(c, claim.p, &id), ERR_BAD_STATE, "before its window");
	fixture_day("2026-06-30");
	ok(fixture_due(c) == OK && fixture_apply(c, claim.p, &id) == OK, "on its first day");
	ok(to_deposit(c, id) == OK && fixture_step(c, REGISTRAR, id, "issue", "{}") == OK,
		"renewed");
	is_str(fixture_state(c, APPLICANT, code), "superseded", "the old one is superseded");
	is_str(fixture_state(c, REGISTRAR, STR("SJ3312026060001")), "registered",
		"serials begin anew every month");
}

static void test_refusals(struct ctx *c)
{
	struct str id = {0};
	const struct json *j = NULL;
	ok(fixture_apply(c, FIXTURE_CLAIM, &id) == OK, "another");
	is_int(fixture_step(c, APPLICANT, id, "accept", "{}"), ERR_FORBIDDEN,
		"an applicant accepts nothing");
	is_int(fixture_step(c, REGISTRAR, id, "accept", "{\"reason\":\"x\"}"), ERR_UNKNOWN_MEMBER,
		"a step has its members alone");
	is_int(fixture_step(c, REGISTRAR, id, "refuse", "{\"ground\":\"mood\",\"reason\":\"x\"}"),
		ERR_BAD_VALUE, "a ground of article 22");
	is_int(fixture_step(c, REGISTRAR, id, "refuse",
		       "{\"ground\":\"dispute\",\"reason\":\"a court\"}"),
		OK, "refused");
	is_str(fixture_state(c, APPLICANT, id), "refused", "is refused");
	is_int(fixture_step(c, APPLICANT, id, "withdraw", "{\"reason\":\"x\"}"), ERR_BAD_STATE,
		"and that is the end");
	ok(json_parse(c, STR("{\"region\":99,\"digit\":1,\"name\":\"x\"}"), &j) == OK, "an office");
	is_int(registration_open_office(c, nodes[APPLICANT].n, STR("operator"), j), ERR_BAD_VALUE,
		"of a region that is none");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64 << 20);
	struct ctx c = {.arena = a};
	struct str id, code = {0};
	ok(fixture_open(&c) == OK, "two nodes");
	is_int(fixture_apply(&c, FIXTURE_CLAIM, &id), ERR_FORBIDDEN, "no office, no registrar");
	is_str(fixture_state(&c, REGISTRAR, id), "?", "nothing is there");
	struct outbox_row row;
	const struct json *message;
	ok(fixture_message(&c, APPLICANT, &row, &message) == OK &&
			acts_tick(&c, nodes[APPLICANT].n) == OK &&
			registration_bounced(&c, nodes[APPLICANT].n, row.index, STR("no")) == OK &&
			outbox_done(&c, nodes[APPLICANT].n, row.id) == OK,
		"the applicant is told");
	is_str(fixture_state(&c, APPLICANT, id), "not-applied", "it was not applied");
	ok(fixture_office(&c) == OK, "an office");
	test_certificate(&c, &code);
	test_renewal(&c, code);
	test_refusals(&c);
	ok(fixture_replays(&c, APPLICANT) && fixture_replays(&c, REGISTRAR), "both logs replay");
	fixture_close();
	return done_testing();
}
