#include "party/parcel.h"

#include "tests/tap.h"

static void test_bent(struct ctx *c, struct str good)
{
	unsigned refused = 0, tried = 0;
	for (size_t i = 0; i < good.n; i++) {
		cleanup(arena_freep) struct arena *a = arena_new(8u << 20);
		struct ctx one = {.arena = a};
		struct parcel p;
		size_t used = 0;
		char *bent = arena_z(a, good);
		bent[i] ^= 1;
		tried++;
		refused += parcel_read(&one, (struct str){bent, good.n}, &p, &used) != OK;
		refused += parcel_read(&one, str_sub(good, 0, i), &p, &used) != OK;
	}
	(void)c;
	is_int(refused, 2u * tried,
		"any byte that is bent, and any end that is cut off, is refused");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	uint8_t seed[SEED_BYTES] = {7};
	struct key *key = NULL;
	struct str text = {0};
	struct parcel p;
	struct parcel_row row;
	size_t used = 0;
	ok(key_from_seed(&c, seed, &key) == OK, "a key");
	const struct self self = {
		.did = STR("did:web:a.example"), .kid = STR("did:web:a.example#key-1"), .key = key};
	struct json *rows = json_array(&c), *one = json_object(&c);
	json_set(&one, "row", json_z(&c, "1.2"));
	json_set(&one, "method", json_z(&c, "POST"));
	json_set(&one, "path", json_z(&c, "/peer/v1/join"));
	json_set(&one, "body", json_z(&c, "{}"));
	json_push(&rows, one);
	ok(parcel_write(&c, &self, STR("urn:uuid:01980000-0000-7000-8000-000000000001"),
		   STR("did:web:b.example"), STR("2026-11-24T00:00:00.000Z"), rows, json_array(&c),
		   json_array(&c), &text) == OK,
		"a parcel is written");
	ok(parcel_read(&c, text, &p, &used) == OK && used == text.n && p.rows->n == 1 &&
			str_is(p.to, "did:web:b.example"),
		"and read");
	ok(parcel_read_row(&c, p.rows->first, &row) == OK && str_is(row.row, "1.2"), "its message");
	is_int(parcel_read(&c, STR("shugu-parcel/1 0\n"), &p, &used), ERR_MALFORMED,
		"not an empty one");
	is_int(parcel_read(&c, STR("shugu-parcel/1 01\n{"), &p, &used), ERR_MALFORMED, "nor 01");
	is_int(parcel_read(&c, STR("shugu-parcel/1 9999999\n{"), &p, &used), ERR_TOO_LARGE,
		"nor too large a one");
	test_bent(&c, text);
	return done_testing();
}
