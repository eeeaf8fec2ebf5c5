#include "product/product.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"
#include "base/limits.h"

static const struct module *const modules[] = {&act_module, &product_module};
static const struct wiring wiring = {modules, 2};

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

/* A publication with one member replaced: "object.revision" names one within. value NULL: left out. */
static struct json *body_with(
	struct ctx *c, int64_t revision, const char *name, const char *member, struct json *value)
{
	static const uint8_t root[HASH_BYTES] = {7};
	struct json *o = json_object(c), *object = json_object(c), *price = json_object(c);
	struct str offer;
	if (arena_fmt(c, &offer, "urn:offer:%lld", (long long)revision) != OK)
		return NULL;
	json_set_str(c, &object, "product", STR("urn:p"));
	json_set_num(c, &object, "revision", revision);
	json_set_hex(c, &object, "root", root, sizeof root);
	json_set_num(c, &object, "size", 10);
	json_set_num(c, &object, "chunk", LIMIT_CHUNK);
	json_set_hex(c, &object, "sha256", root, sizeof root);
	json_set_str(c, &price, "currency", STR("CNY"));
	json_set_num(c, &price, "net", 12345);
	json_set_num(c, &price, "rate", 600);
	json_set_num(c, &price, "tax", 741);
	json_set_str(c, &o, "name", str_z(name));
	json_set_str(c, &o, "offer", offer);
	json_set_str(c, &o, "mediaType", STR("text/csv"));
	json_set(&o, "dossier", json_object(c));
	json_set(&o, "terms", json_object(c));
	json_set(&o, "scenario", json_object(c));
	json_set_num(c, &o, "receiptWithin", 3600);
	struct str in, rest;
	struct json **at = &o;
	if (str_cut(str_z(member), '.', &in, &rest))
		at = str_is(in, "object") ? &object : &price;
	if (rest.n > 0 && at != &o)
		json_set(at, rest.p, value);
	json_set(&o, "object", object);
	json_set(&o, "price", price);
	if (at == &o && value != NULL)
		json_set(&o, member, value);
	return o;
}

static err act(struct ctx *c, struct acts *n, const char *type, const char *subject,
	const struct json *body)
{
	const struct act a = {str_z(type), STR("operator"), str_z(subject), body, NULL};
	return acts_do(c, n, &a, NULL);
}

static void test_refusals(struct ctx *c, struct acts *n)
{
	static const struct {
		const char *member;
		int64_t value;
		err want;
	} rows[] = {
		{"object.revision", 2, ERR_BAD_VALUE},
		{"object.chunk", 4096, ERR_BAD_VALUE},
		{"object.size", -1, ERR_TOO_LARGE},
		{"object.product", 3, ERR_BAD_VALUE},
		{"price.net", -1, ERR_BAD_VALUE},
		{"price.net", LIMIT_PRICE + 1, ERR_BAD_VALUE},
		{"price.rate", 10001, ERR_BAD_VALUE},
		{"price.tax", 740, ERR_BAD_VALUE},
		{"receiptWithin", 0, ERR_BAD_VALUE},
		{"more", 1, ERR_UNKNOWN_MEMBER},
		{"name", 5, ERR_BAD_VALUE},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct json *body =
			body_with(c, 1, "weather", rows[i].member, json_num(c, rows[i].value));
		is_int(act(c, n, "product.publish", "urn:p", body), rows[i].want, "%s = %lld",
			rows[i].member, (long long)rows[i].value);
	}
	struct json *dossier = json_object(c);
	json_set_str(c, &dossier, "colour", STR("red"));
	is_int(act(c, n, "product.publish", "urn:p",
		       body_with(c, 1, "weather", "dossier", dossier)),
		ERR_UNKNOWN_MEMBER, "a dossier with a member it has not");
	is_int(act(c, n, "product.revise", "urn:p", body_with(c, 2, "weather", "", NULL)),
		ERR_NOT_FOUND, "a revision of nothing");
	is_int(act(c, n, "product.withdraw", "urn:p", json_object(c)), ERR_NOT_FOUND,
		"a withdrawal of nothing");
	ok(acts_tick_end(c, n) == OK && commit_size(acts_log(n)) == 0, "left nothing");
}

static void test_life(struct ctx *c, struct acts *n, struct store *db)
{
	struct revision r;
	struct revision list[4];
	size_t listed = 0;
	ok(act(c, n, "product.publish", "urn:p", body_with(c, 1, "weather", "", NULL)) == OK,
		"published");
	is_int(act(c, n, "product.publish", "urn:p", body_with(c, 1, "weather", "", NULL)),
		ERR_CONFLICT, "not twice");
	is_int(act(c, n, "product.publish", "urn:q",
		       body_with(c, 1, "weather", "object.product", json_z(c, "urn:q"))),
		ERR_CONFLICT, "nor another of that name");
	is_int(act(c, n, "product.revise", "urn:p", body_with(c, 3, "weather", "", NULL)),
		ERR_PRECONDITION, "no revision is left out");
	is_int(act(c, n, "product.revise", "urn:p", body_with(c, 2, "other", "", NULL)),
		ERR_CONFLICT, "a product keeps its name");
	ok(act(c, n, "product.revise", "urn:p", body_with(c, 2, "weather", "", NULL)) == OK,
		"revised");
	ok(product_find(c, db, STR("weather"), &r) == OK && r.revision == 2 && r.net == 12345,
		"found by name: the newest");
	ok(product_revision(c, db, STR("urn:p"), 1, &r) == OK && r.revision == 1 &&
			str_is(r.offer, "urn:offer:1"),
		"the first is still there");
	ok(product_by_offer(c, db, STR("urn:offer:2"), &r) == OK && r.revision == 2,
		"found by offer");
	is_int(product_by_offer(c, db, STR("urn:offer:3"), &r), ERR_NOT_FOUND, "no such offer");
	ok(product_list(c, db, -1, 4, list, &listed) == OK && listed == 1, "one is listed");
	ok(act(c, n, "product.withdraw", "urn:p", json_object(c)) == OK, "withdrawn");
	is_int(act(c, n, "product.revise", "urn:p", body_with(c, 3, "weather", "", NULL)), ERR_GONE,
		"no revision afterwards");
	ok(product_list(c, db, -1, 4, list, &listed) == OK && listed == 0, "none is listed");
	ok(product_by_offer(c, db, STR("urn:offer:2"), &r) == OK && r.withdrawn,
		"its offer says so");
	ok(acts_tick_end(c, n) == OK, "the tick ends");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL, *scratch = NULL;
	struct acts *n = NULL;
	struct str difference = {0};
	bool refers = false;
	struct hash root = {{7}};
	fixture_make();
	ok(open_acts(&c, &db, &n) == OK, "opens");
	test_refusals(&c, n);
	test_life(&c, n, db);
	ok(product_refers(&c, db, &root, &refers) == OK && refers, "its object is referred to");
	root.b[0]++;
	ok(product_refers(&c, db, &root, &refers) == OK && !refers, "another is not");
	ok(store_open(&c, ":memory:", &scratch) == OK &&
			acts_replay(&c, n, scratch, &difference) == OK,
		"the log replays");
	ok(str_is(difference, ""), "and makes the same state");
	store_close(scratch);
	store_close(db);
	fixture_remove();
	return done_testing();
}
