/* The JSON reader against jansson, on the fuzz corpora and on generated texts, whole and damaged. TAP. Runs in the root of
 * the tree. */
#include <dirent.h>

#include "base/env.h"
#include "tests/fuzz/jansson.h"
#include "tests/tap.h"

#define TEXTS 60000
#define TEXT_MAX 4096

/* A xorshift: the same texts in each run. */
static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 11) % n;
}

static void corpus(struct ctx *c, const char *directory)
{
	DIR *d = opendir(directory);
	int files = 0;
	if (!ok(d != NULL, "%s is there", directory))
		return;
	for (struct dirent *f = readdir(d); f != NULL; f = readdir(d)) {
		struct str path, text;
		bool listed;
		if (f->d_name[0] == '.')
			continue;
		arena_reset(c->arena);
		if (!ok(arena_fmt(c, &path, "%s/%s", directory, f->d_name) == OK &&
				    file_read(c, path.p, 1u << 20, &text) == OK,
			    "%s is read", f->d_name))
			continue;
		const char *why = jansson_differs(c, text, &listed);
		ok(why == NULL, "%s: %s", f->d_name, why == NULL ? "both agree" : why);
		files++;
	}
	(void)closedir(d);
	ok(files > 5, "%d files", files);
}

static void put(struct buf *b, unsigned depth)
{
	static const char *const pieces[] = {"a", "\\n", "\\\"", "\\u0041", "\\uD834\\uDD1E",
		"\\ud800", "\\udc00", "\\u0000", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
		"\xed\xa0\x80", "\xc0\x80", "\x7f", "/", "\\/", "\\x", "\t", "\xef\xbf\xbf", "k"};
	static const char *const atoms[] = {"0", "-0", "1", "-17", "1.50", "1e3", "1E-2", "01",
		"1.", ".5", "-", "+1", "1e", "9007199254740993", "9223372036854775807",
		"9223372036854775808", "1e400", "1e-400", "true", "false", "null", "nul", "True",
		"NaN", "-1e+07", "0.1", "\"\""};
	static const char *const spaces[] = {"", "", "", "", " ", "\n", "\t\r", "\f", "\xc2\xa0"};
	unsigned kind = below(depth > 40 ? 2 : 6), n = below(4);
	buf_z(b, spaces[below(below(20) == 0 ? countof(spaces) : 7)]);
	if (kind == 0) {
		buf_z(b, atoms[below(countof(atoms))]);
	} else if (kind == 1) {
		buf_char(b, '"');
		for (; n > 0; n--)
			buf_z(b, pieces[below(below(8) == 0 ? countof(pieces) : 5)]);
		buf_char(b, '"');
	} else {
		bool object = kind > 3;
		buf_char(b, object ? '{' : '[');
		for (unsigned i = 0; i < n; i++) {
			if (i > 0)
				buf_char(b, ',');
			if (object)
				buf_fmt(b, "\"%c\":", 'a' + (char)below(12));
			put(b, depth + 1);
		}
		buf_char(b, object ? '}' : ']');
	}
	buf_z(b, spaces[below(7)]);
}

/* One byte is changed, taken out, doubled, or the end is cut off. */
static struct str damaged(char *bytes, size_t n)
{
	size_t at = n > 0 ? below((unsigned)n) : 0;
	unsigned how = n > 0 ? below(4) : 4;
	if (how == 0)
		bytes[at] = (char)below(256);
	else if (how == 1)
		memmove(bytes + at, bytes + at + 1, n-- - at - 1);
	else if (how == 2)
		memmove(bytes + at + 1, bytes + at, n++ - at);
	else if (how == 3)
		n = at;
	return (struct str){bytes, n};
}

/* Nested arrays or a long one, at a limit and one beyond. */
static void limits(struct ctx *c)
{
	static char text[2 * LIMIT_JSON_VALUES + 16];
	for (unsigned n = LIMIT_JSON_DEPTH - 1; n <= LIMIT_JSON_DEPTH + 1; n++) {
		bool listed;
		memset(text, '[', n);
		memset(text + n, ']', n);
		arena_reset(c->arena);
		ok(jansson_differs(c, (struct str){text, 2 * n}, &listed) == NULL, "depth %u", n);
		is_int(listed, n > LIMIT_JSON_DEPTH, "differs only beyond the limit");
	}
	for (unsigned n = LIMIT_JSON_VALUES - 1; n <= LIMIT_JSON_VALUES; n++) {
		bool listed;
		text[0] = '[';
		for (unsigned i = 0; i < n; i++)
			memcpy(text + 1 + 2 * i, "1,", 2);
		text[2 * n] = ']';
		arena_reset(c->arena);
		ok(jansson_differs(c, (struct str){text, 2 * n + 1}, &listed) == NULL, "%u items",
			n);
		is_int(listed, n == LIMIT_JSON_VALUES, "differ only beyond the limit");
	}
}

static void generated(struct ctx *c)
{
	static char bytes[TEXT_MAX + 8];
	int differ = 0, listed = 0, read = 0;
	for (int i = 0; i < TEXTS; i++) {
		struct buf b;
		struct str text;
		const struct json *j;
		bool as_listed = false;
		arena_reset(c->arena);
		buf_init(&b, c->arena, TEXT_MAX);
		put(&b, 0);
		if (buf_done(c, &b, &text) != OK)
			continue;
		memcpy(bytes, text.p, text.n);
		text = i % 2 == 0 ? (struct str){bytes, text.n} : damaged(bytes, text.n);
		const char *why = jansson_differs(c, text, &as_listed);
		if (why != NULL && differ++ < 5)
			printf("# %s: %.*s\n", why, FMT(text));
		listed += as_listed;
		read += json_parse(c, text, &j) == OK;
	}
	is_int(differ, 0, "%d generated texts: both agree", TEXTS);
	ok(listed > 100, "%d of them differ as listed", listed);
	ok(read > TEXTS / 10 && read < TEXTS - TEXTS / 10, "%d are read, the others are refused",
		read);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	corpus(&c, "tests/fuzz/corpus/json");
	corpus(&c, "tests/fuzz/corpus/jansson");
	limits(&c);
	generated(&c);
	return done_testing();
}
