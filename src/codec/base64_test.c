#include "codec/base64.h"

#include "tests/tap.h"

/* RFC 4648, section 10. */
static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
	{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

static void vectors_hold(struct ctx *c)
{
	for (size_t i = 0; i < countof(vectors); i++) {
		struct str s = {0};
		is_int(base64_encode(c, str_z(vectors[i][0]), &s), OK, "'%s' encodes",
			vectors[i][0]);
		ok(str_is(s, vectors[i][1]), "to '%s'", vectors[i][1]);
		is_int(base64_decode(c, s, &s), OK, "and decodes");
		ok(str_is(s, vectors[i][0]), "to what it was");
	}
}

static void one_spelling_only(struct ctx *c)
{
	static const char *const bad[] = {"Zh==", "Zm9=", "Zg",
		"Zg=", "Zg===", "Z===", "Zm9v====", "Zm 9v", "Zm9v\n", "Zm-_", "=Zg=", "Zg==Zg=="};
	for (size_t i = 0; i < countof(bad); i++) {
		struct str s = {0};
		is_int(base64_decode(c, str_z(bad[i]), &s), ERR_MALFORMED, "'%s' is refused",
			bad[i]);
	}
	static const char *const bad_url[] = {"Zh", "Zg==", "Z", "Zm+/", "AB", "AAB"};
	for (size_t i = 0; i < countof(bad_url); i++) {
		struct str s = {0};
		is_int(base64url_decode(c, str_z(bad_url[i]), &s), ERR_MALFORMED,
			"url: '%s' is refused", bad_url[i]);
	}
}

static void fixed_lengths(void)
{
	uint8_t bytes[4] = {9, 9, 9, 9};
	ok(base64url_fixed(STR("-_-_"), bytes, 3), "three bytes by URL-safe text");
	is_int(bytes[0], 0xfb, "are those bytes");
	ok(!base64url_fixed(STR("-_-_"), bytes, 4), "another length is refused");
	ok(!base64_fixed(STR("AB=="), bytes, 1), "spare bits are refused");
	ok(base64_fixed(STR("AA=="), bytes, 1), "the clean form is read");
	is_int(bytes[0], 0, "to its value");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	vectors_hold(&c);
	one_spelling_only(&c);
	fixed_lengths();
	return done_testing();
}
