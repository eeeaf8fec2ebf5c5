#include "act/envelope.h"

#include "base/limits.h"
#include "tests/tap.h"

static void writes_and_reads(struct ctx *c)
{
	struct json *body = json_object(c);
	json_set_num(c, &body, "n", 1);
	const struct act a = {STR("thing.note"), STR("node"), STR("urn:thing:1"), body, NULL};
	struct act back = {0};
	struct str bytes = {0};
	int64_t at = 0;
	struct hash prev = hash_of(STR("x")), read = {{0}};
	is_int(envelope_write(c, &a, 1700000000123, &prev, &bytes), OK, "an act is written");
	is_int(envelope_read(c, bytes, &back, &at, &read), OK, "and read");
	is_int(at, 1700000000123, "its time");
	ok(hash_eq(&prev, &read), "the one before it");
	ok(str_is(back.subject, "urn:thing:1"), "its subject");
	ok(json_eq(back.body, body), "its body");
	const uint8_t salt[SALT_BYTES] = {1};
	char entry[ENTRY_TEXT];
	envelope_entry(bytes, salt, entry);
	ok(memcmp(entry, "shugu-act/1 ", 12) == 0, "its entry says nothing but a digest");
	struct hash leaf = envelope_leaf(bytes, salt),
		    want = hash_leaf((struct str){entry, ENTRY_TEXT});
	ok(hash_eq(&leaf, &want), "whose leaf hash it has");
}

#define ACT(more) \
	"{\"actor\":\"a\",\"at\":\"2026-11-24T03:00:00.123Z\",\"body\":{}," more "\"v\":1}"

static void refuses(struct ctx *c)
{
	struct act a;
	is_int(envelope_read(c, STR(ACT("\"subject\":\"s\",\"type\":\"t\",")), &a, NULL, NULL), OK,
		"the least act");
	static const struct {
		const char *text;
		err want;
	} bad[] = {
		{ACT("\"subject\":\"s\","), ERR_MISSING_MEMBER},
		{ACT("\"subject\":\"s\",\"type\":\"t\",\"u\":1,"), ERR_UNKNOWN_MEMBER},
		{ACT("\"type\":\"t\",\"subject\":\"s\","), ERR_MALFORMED},
		{"{\"actor\":\"a\",\"at\":\"2026-11-24T03:00:00Z\",\"body\":{},\"subject\":\"s\","
		 "\"type\":\"t\",\"v\":1}",
			ERR_BAD_VALUE},
		{"{\"actor\":\"a\",\"at\":\"2026-11-24T03:00:00.123Z\",\"body\":[],\"subject\":"
		 "\"s\",\"type\":\"t\",\"v\":1}",
			ERR_BAD_VALUE},
		{"{\"actor\":\"a\",\"at\":\"2026-11-24T03:00:00.123Z\",\"body\":{},\"subject\":"
		 "\"s\",\"type\":\"t\",\"v\":2}",
			ERR_BAD_VALUE},
		{"[]", ERR_BAD_VALUE},
		{"", ERR_MALFORMED},
	};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(envelope_read(c, str_z(bad[i].text), &a, NULL, NULL), bad[i].want,
			"bad %zu is refused", i);
}

static void keeps_its_limit(struct ctx *c)
{
	struct str bytes = {0};
	for (size_t over = 0; over < 2; over++) {
		struct json *body = json_object(c);
		const struct act a = {STR("t"), STR("a"), STR("s"), body, NULL};
		is_int(envelope_write(c, &a, 0, NULL, &bytes), OK, "an act with an empty body");
		char *text = arena_alloc(c->arena, LIMIT_ACT);
		size_t n = LIMIT_ACT - bytes.n - strlen("\"x\":\"\"") + over;
		memset(text, 'y', n);
		json_set_str(c, &body, "x", (struct str){text, n});
		is_int(envelope_write(c, &a, 0, NULL, &bytes), over ? ERR_TOO_LARGE : OK,
			"filled to n + %zu", over);
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8u << 20);
	struct ctx c = {.arena = a};
	writes_and_reads(&c);
	refuses(&c);
	keeps_its_limit(&c);
	return done_testing();
}
