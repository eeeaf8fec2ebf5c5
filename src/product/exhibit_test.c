#include "product/exhibit.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"
#include "base/limits.h"
#include "product/product.h"

static const struct module *const modules[] = {&act_module, &product_module, &exhibit_module};
static const struct wiring wiring = {modules, 3};

static err open_acts(struct ctx *c, struct store **ret_db, struct acts **ret)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	static struct self self;
	struct key *key = NULL;
	TRY(store_open(c, fixture_path, ret_db));
	TRY(key_from_seed(c, seed, &key));
	self = (struct self){.origin = STR("a.example/log"), .key = key};
	return acts_open(c, &env_system, *ret_db, &self, key, &wiring, ret);
}

#define HEX64 "0707070707070707070707070707070707070707070707070707070707070707"

static err publish(struct ctx *c, struct acts *n, const char *urn)
{
	struct str text;
	const struct json *body;
	TRY(arena_fmt(c, &text,
		"{\"name\":\"%s\",\"offer\":\"%s:offer\",\"mediaType\":\"text/csv\",\"object\":{"
		"\"product\":\"%s\",\"revision\":1,\"root\":\"" HEX64 "\",\"size\":1,\"chunk\":%u,"
		"\"sha256\":\"" HEX64 "\"},\"dossier\":{},\"terms\":{},\"price\":{\"currency\":"
		"\"CNY\",\"net\":0,\"rate\":0,\"tax\":0},\"scenario\":{},\"receiptWithin\":60}",
		urn, urn, urn, LIMIT_CHUNK));
	TRY(json_parse(c, text, &body));
	const struct act a = {STR("product.publish"), STR("operator"), str_z(urn), body, NULL};
	return acts_do(c, n, &a, NULL);
}

static struct exhibit item(struct ctx *c, const char *id, const char *product, const char *kind)
{
	struct exhibit x = {.id = str_z(id),
		.product = str_z(product),
		.kind = str_z(kind),
		.title = STR("A paper"),
		.file = STR("a.txt"),
		.media_type = STR("text/plain"),
		.root = {{9}},
		.sha256 = {{9}},
		.size = 5,
		.claims = json_object(c),
		.stated = json_array(c),
		.contradicted = json_array(c)};
	return x;
}

static void test_refusals(struct ctx *c, struct acts *n)
{
	struct entry e;
	struct json *claims = json_object(c);
	struct exhibit x = item(c, "urn:1", "urn:none", "pipia");
	is_int(exhibit_attach(c, n, &x, STR("operator"), &e), ERR_NOT_FOUND, "to no product");
	x = item(c, "urn:1", "urn:p", "love_letter");
	is_int(exhibit_attach(c, n, &x, STR("operator"), &e), ERR_BAD_VALUE, "of no kind");
	x = item(c, "urn:1", "urn:p", "pipia");
	x.size = 0;
	is_int(exhibit_attach(c, n, &x, STR("operator"), &e), ERR_TOO_LARGE, "an empty file");
	x.size = (int64_t)LIMIT_ATTACHMENT + 1;
	is_int(exhibit_attach(c, n, &x, STR("operator"), &e), ERR_TOO_LARGE, "one too large");
	x.size = 5;
	json_set_str(c, &claims, "colour", STR("red"));
	x.claims = claims;
	is_int(exhibit_attach(c, n, &x, STR("operator"), &e), ERR_UNKNOWN_MEMBER,
		"a claim that no evidence makes");
	is_int(exhibit_end(c, n, STR("urn:1"), STR("wrong"), STR("operator"), &e), ERR_NOT_FOUND,
		"none is there to be taken back");
}

static void test_life(struct ctx *c, struct acts *n, struct store *db)
{
	struct entry e;
	struct exhibit list[3], x = item(c, "urn:1", "urn:p", "pipia");
	size_t listed = 0;
	bool refers = false;
	struct json *claims = json_object(c);
	json_set_str(c, &claims, "from", STR("2026-01-01"));
	x.claims = claims;
	ok(exhibit_attach(c, n, &x, STR("operator"), &e) == OK, "attached");
	is_int(exhibit_attach(c, n, &x, STR("operator"), &e), ERR_CONFLICT, "not twice");
	x = item(c, "urn:2", "urn:p", "ip_statement");
	ok(exhibit_attach(c, n, &x, STR("operator"), &e) == OK, "another");
	x = item(c, "urn:3", "urn:q", "pipia");
	ok(exhibit_attach(c, n, &x, STR("operator"), &e) == OK, "one of another product");
	ok(exhibit_list(c, db, STR("urn:p"), false, -1, 3, list, &listed) == OK && listed == 2 &&
			str_is(list[0].id, "urn:1") && str_is(list[0].actor, "operator") &&
			str_is(json_text(json_get(list[0].claims, "from")), "2026-01-01"),
		"two are listed, the oldest first");
	ok(exhibit_end(c, n, STR("urn:1"), STR("expired"), STR("operator"), &e) == OK,
		"taken back");
	is_int(exhibit_end(c, n, STR("urn:1"), STR("expired"), STR("operator"), &e), ERR_GONE,
		"once");
	ok(exhibit_list(c, db, STR("urn:p"), false, -1, 3, list, &listed) == OK && listed == 1 &&
			str_is(list[0].id, "urn:2"),
		"it no longer counts");
	ok(exhibit_list(c, db, STR("urn:p"), true, -1, 3, list, &listed) == OK && listed == 2 &&
			str_is(list[0].reason, "expired") && list[0].ended_ms > 0,
		"and stays known");
	ok(exhibit_refers(c, db, &x.root, &refers) == OK && refers, "its object is kept");
	x.root.b[0]++;
	ok(exhibit_refers(c, db, &x.root, &refers) == OK && !refers, "another is not");
	ok(acts_tick_end(c, n) == OK, "the tick ends");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(128u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL, *scratch = NULL;
	struct acts *n = NULL;
	struct str difference = {0};
	fixture_make();
	ok(open_acts(&c, &db, &n) == OK, "opens");
	ok(publish(&c, n, "urn:p") == OK && publish(&c, n, "urn:q") == OK, "two products");
	test_refusals(&c, n);
	test_life(&c, n, db);
	ok(store_open(&c, ":memory:", &scratch) == OK &&
			acts_replay(&c, n, scratch, &difference) == OK,
		"the log replays");
	ok(str_is(difference, ""), "and makes the same state");
	store_close(scratch);
	store_close(db);
	fixture_remove();
	return done_testing();
}
