#include "base/buf.h"

#include "tests/tap.h"

static void is_text(struct buf *b, const char *want)
{
	ok(str_is(buf_str(b), want), "writes '%s'", want);
}

static void writes(struct arena *a)
{
	struct buf b;
	buf_init(&b, a, 1000);
	buf_z(&b, "n=");
	buf_u64(&b, UINT64_MAX);
	buf_char(&b, ' ');
	buf_i64(&b, INT64_MIN);
	is_text(&b, "n=18446744073709551615 -9223372036854775808");
	buf_init(&b, a, 1000);
	buf_hex(&b, "\x00\xff\x1a", 3);
	buf_fmt(&b, "/%03d", 7);
	is_text(&b, "00ff1a/007");
	buf_init(&b, a, 1000);
	is_text(&b, "");
}

static void keeps_its_maximum(struct arena *a)
{
	struct ctx c = {.arena = a};
	struct buf b;
	struct str s = STR("untouched");
	buf_init(&b, a, 4);
	buf_z(&b, "abcd");
	is_int(buf_done(&c, &b, &s), OK, "n bytes fit");
	buf_char(&b, 'e');
	is_int(buf_done(&c, &b, &s), ERR_TOO_LARGE, "n + 1 do not");
	ok(str_is(s, "abcd"), "a failure writes nothing");
	buf_init(&b, a, 4);
	buf_z(&b, "abcde");
	buf_z(&b, "f");
	is_int(buf_done(&c, &b, &s), ERR_TOO_LARGE, "a failure sticks");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	writes(a);
	keeps_its_maximum(a);
	return done_testing();
}
