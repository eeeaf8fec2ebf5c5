#include "contract/assent.h"

#include "act/tables.h"
#include "tests/tap.h"

#include "base/limits.h"
#include "contract/assent_store.h"
#include "party/person.h"

#define ABOUT "urn:uuid:01980000-0000-7000-8000-0000000000aa"
#define ANN "person:urn:uuid:01980000-0000-7000-8000-00000000000a#owner"
#define ANN_AGAIN "person:urn:uuid:01980000-0000-7000-8000-00000000000a#reviewer"
#define BOB "person:urn:uuid:01980000-0000-7000-8000-00000000000b#reviewer"

static const struct binding two = {.two_people = true}, stamp = {.stamped = true},
			    both = {true, true}, none = {false, false};

static err attach(struct ctx *c, struct store *db, uint64_t index, uint8_t fill)
{
	struct attachment a = {.about = STR(ABOUT),
		.subject = STR("urn:subject"),
		.kind = STR("contract"),
		.media_type = STR("application/pdf"),
		.actor = STR("operator"),
		.size = 9,
		.at_ms = 1};
	a.root.b[0] = a.sha256.b[0] = fill;
	return attachment_store_put(c, db, &a, index);
}

static bool waits(
	struct ctx *c, struct store *db, const struct binding *b, bool by_person, const char *said)
{
	struct json *o = json_object(c);
	struct str text = {"", 0};
	if (assent_say(c, db, b, by_person, STR(ABOUT), "step", &o) != OK)
		return false;
	if (json_get(o, "waitsFor") != NULL &&
		json_canonical(c, json_get(o, "waitsFor"), 4096, &text) != OK)
		return false;
	if (!str_is(text, said))
		printf("# %.*s\n", FMT(text));
	return str_is(text, said);
}

static void test_who(void)
{
	ok(str_eq(assent_who(STR(ANN)), assent_who(STR(ANN_AGAIN))),
		"a person stays one in another role");
	ok(!str_eq(assent_who(STR(ANN)), assent_who(STR(BOB))), "two people are two");
	is_int(assent_who(STR("operator")).n, 8, "the operator is one person");
	ok(assent_who(STR("node")).n == 0 && assent_who(STR("did:web:a.example")).n == 0,
		"the node and parties are nobody");
}

static void test_two(struct ctx *c, struct store *db)
{
	const struct assent a = {STR(ABOUT), STR("step"), STR(ANN), 1000};
	is_int(assent_ask(c, db, &none, STR(ABOUT), "step", STR("node")), OK, "nothing is asked");
	is_int(assent_ask(c, db, &two, STR(ABOUT), "step", STR("node")), ERR_FORBIDDEN,
		"not by the node");
	is_int(assent_ask(c, db, &two, STR(ABOUT), "step", STR(ANN)), ERR_BAD_STATE,
		"nobody proposed it");
	is_int(assent_decide(c, db, STR("node"), STR(ABOUT), STR("step")), ERR_FORBIDDEN,
		"the node proposes nothing");
	is_int(assent_decide(c, db, STR(ANN), STR(ABOUT), STR("step")), OK, "a person may");
	ok(waits(c, db, &two, false, "[\"person\",\"second person\"]"), "it waits for two");
	is_int(assent_store_put(c, db, &a), OK, "she does");
	is_int(assent_decide(c, db, STR(BOB), STR(ABOUT), STR("step")), ERR_CONFLICT, "once");
	is_int(assent_ask(c, db, &two, STR(ABOUT), "step", STR(ANN)), ERR_FORBIDDEN,
		"not the same again");
	ok(strstr(c->trouble.detail, "another person must confirm") != NULL, "and it is said why");
	is_int(assent_ask(c, db, &two, STR(ABOUT), "step", STR(ANN_AGAIN)), ERR_FORBIDDEN,
		"nor in another role");
	is_int(assent_ask(c, db, &two, STR(ABOUT), "step", STR(BOB)), OK, "another");
	is_int(assent_ask(c, db, &two, STR(ABOUT), "step", STR("operator")), OK, "or the operator");
	is_int(assent_ask(c, db, &two, STR(ABOUT), "other", STR(BOB)), ERR_BAD_STATE,
		"that step alone");
	ok(waits(c, db, &two, true, "[\"second person\"]"), "it waits for the second");
}

static void test_stamp(struct ctx *c, struct store *db)
{
	struct attachment all[4], one;
	struct hash root = {{7}};
	size_t n = 0;
	bool there = true;
	is_int(assent_ask(c, db, &stamp, STR(ABOUT), "step", STR("node")), ERR_BAD_STATE,
		"no contract");
	is_int(assent_ask(c, db, &both, STR(ABOUT), "step", STR(BOB)), ERR_BAD_STATE,
		"nor for the second person");
	ok(waits(c, db, &both, false, "[\"second person\",\"stamped contract\"]"),
		"it waits for both");
	ok(attachment_refers(c, db, &root, &there) == OK && !there, "no object is kept");
	is_int(attach(c, db, 5, 7), OK, "attached");
	ok(attachment_refers(c, db, &root, &there) == OK && there, "its object is kept");
	is_int(assent_ask(c, db, &stamp, STR(ABOUT), "step", STR("node")), OK, "then it goes");
	is_int(assent_ask(c, db, &both, STR(ABOUT), "step", STR(BOB)), OK,
		"by the second person too");
	ok(waits(c, db, &stamp, false, ""), "and waits for nothing");
	ok(attachment_list(c, db, STR("urn:subject"), -1, 4, all, &n) == OK && n == 1, "listed");
	ok(attachment_find(c, db, STR("urn:subject"), &root, &one) == OK && one.size == 9,
		"found by digest");
	is_int(attachment_find(c, db, STR("urn:other"), &root, &one), ERR_NOT_FOUND,
		"of its subject alone");
}

static void test_body(struct ctx *c, struct store *db)
{
	struct attachment a = {
		.kind = STR("contract"), .media_type = STR("image/png"), .size = LIMIT_ATTACHMENT};
	is_int(attachment_decide(c, db, STR("x"), attachment_json(c, &a), NULL), OK, "64 MiB");
	a.size++;
	is_int(attachment_decide(c, db, STR("x"), attachment_json(c, &a), NULL), ERR_TOO_LARGE,
		"and a byte");
	a.size = 0;
	is_int(attachment_decide(c, db, STR("x"), attachment_json(c, &a), NULL), ERR_TOO_LARGE,
		"nothing");
	a.size = 1;
	a.media_type = STR("text/html");
	is_int(attachment_decide(c, db, STR("x"), attachment_json(c, &a), NULL), ERR_BAD_VALUE,
		"a page");
	a.media_type = STR("image/png");
	for (uint64_t i = 1; i < LIMIT_ATTACHMENTS; i++)
		is_int(attach(c, db, 100 + i, (uint8_t)i), OK, "more");
	is_int(attachment_decide(c, db, STR(ABOUT), attachment_json(c, &a), NULL), ERR_QUOTA,
		"too many");
	is_str(attachment_media_type(STR("%PDF-1.7")), "application/pdf", "a PDF");
	is_str(attachment_media_type((struct str){"\x89PNG\r\n\x1a\n", 8}), "image/png", "a PNG");
	is_str(attachment_media_type((struct str){"\xff\xd8\xff\xe0", 4}), "image/jpeg", "a JPEG");
	ok(attachment_media_type(STR("<html>")) == NULL &&
			attachment_media_type(STR("%PD")) == NULL &&
			attachment_media_type(STR("")) == NULL,
		"nothing else");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	cleanup(store_closep) struct store *db = NULL;
	struct ctx c = {.arena = a};
	ok(store_open(&c, ":memory:", &db) == OK &&
			store_migrate(&c, db, act_tables, act_tables_n) == OK &&
			store_migrate(&c, db, assent_migrations, ASSENT_MIGRATIONS) == OK &&
			store_migrate(
				&c, db, person_module.migrations, person_module.migrations_n) == OK,
		"a store");
	test_who();
	test_two(&c, db);
	test_stamp(&c, db);
	test_body(&c, db);
	return done_testing();
}
