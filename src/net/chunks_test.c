#include "net/chunks.h"

#include "base/arena.h"
#include "base/limits.h"
#include "tests/tap.h"

static char body[128];
static size_t body_n, used_n;

/* Feeds the text in pieces of step bytes; ERR_MAX_ where the body does not end. */
static err decode(struct str in, size_t step)
{
	struct ctx c = {0};
	struct chunks k;
	chunks_init(&k);
	body_n = used_n = 0;
	for (size_t at = 0; at < in.n && !chunks_done(&k);) {
		size_t used;
		struct str data;
		TRY(chunks_feed(&c, &k, str_sub(in, at, step), &used, &data));
		memcpy(body + body_n, data.p != NULL ? data.p : "", data.n);
		body_n += data.n;
		at += used;
		used_n = at;
	}
	return chunks_done(&k) ? OK : ERR_MAX_;
}

// clang-format off
static const struct {
	const char *what;
	struct str in;
	err want;
	const char *body;
} table[] = {
	{"two chunks", STR("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), OK, "abcde"},
	{"nothing", STR("0\r\n\r\n"), OK, ""},
	{"hex in both cases", STR("a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"), OK, "01234567890123456789a"},
	{"leading zeros", STR("00000001\r\na\r\n000\r\n\r\n"), OK, "a"},
	{"an extension", STR("1;a=b ; c=\"d\"\r\nx\r\n0;e\r\n\r\n"), OK, "x"},
	{"trailer fields", STR("1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n"), OK, "x"},
	{"too many digits", STR("000000001\r\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"no size", STR("\r\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"a sign", STR("+1\r\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"0x", STR("0x1\r\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"a space before the size", STR(" 1\r\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"bare LF behind the size", STR("1\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"bare LF in an extension", STR("1;a\nb\r\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"bare CR in an extension", STR("1;a\rb\r\na\r\n0\r\n\r\n"), ERR_MALFORMED, ""},
	{"more data than announced", STR("1\r\nab\r\n0\r\n\r\n"), ERR_MALFORMED, "a"},
	{"bare LF behind the data", STR("1\r\na\n0\r\n\r\n"), ERR_MALFORMED, "a"},
	{"a trailer field without colon", STR("0\r\nA\r\n\r\n"), ERR_MALFORMED, ""},
	{"a folded trailer field", STR("0\r\nA: b\r\n c\r\n\r\n"), ERR_MALFORMED, ""},
	{"NUL in a trailer field", STR("0\r\nA: \0\r\n\r\n"), ERR_MALFORMED, ""},
	{"no end", STR("1\r\na\r\n0\r\n"), ERR_MAX_, "a"},
};
// clang-format on

int main(void)
{
	for (size_t i = 0; i < countof(table); i++) {
		for (size_t step = 1; step <= 64; step += 63) {
			is_int(decode(table[i].in, step), table[i].want, "%s, %zu at a time",
				table[i].what, step);
			if (table[i].want == OK)
				ok(str_is((struct str){body, body_n}, table[i].body), "its data");
		}
	}
	is_int(decode(STR("0\r\n\r\nGET"), 64), OK, "a body and more");
	is_int(used_n, 5, "what follows is left alone");
	static char long_one[LIMIT_HTTP_CHUNK_EXTRAS + 8];
	memset(long_one, 'x', sizeof long_one);
	memcpy(long_one, "1;", 2);
	is_int(decode((struct str){long_one, LIMIT_HTTP_CHUNK_EXTRAS + 2}, 9999), ERR_MAX_,
		"an extension as long as the limit");
	is_int(decode((struct str){long_one, LIMIT_HTTP_CHUNK_EXTRAS + 3}, 9999), ERR_TOO_LARGE,
		"one byte more");
	return done_testing();
}
