#include "codec/zip.h"

#include "base/limits.h"
#include "codec/zip_fixture_test.h"
#include "tests/tap.h"

/* Opens, reads the entry "a" to its end in pieces of step; the text or why not. */
static err read_a(struct ctx *c, struct str file, size_t step, uint64_t max, struct str *ret)
{
	struct source s = source_of_text(file);
	struct zip z;
	struct zip_stream *stream;
	struct buf b;
	char piece[4096];
	size_t n = 0;
	buf_init(&b, c->arena, 8u << 20);
	TRY(zip_open(c, &s, &z));
	const struct zip_entry *e = zip_find(&z, STR("A"));
	ENSURE(e != NULL, c, ERR_NOT_FOUND, "no a");
	TRY(zip_read_open(c, &z, e, max, &stream));
	do {
		TRY(zip_read(c, stream, piece, step, &n));
		buf_add(&b, (struct str){piece, n});
	} while (n > 0);
	*ret = buf_str(&b);
	return OK;
}

static struct str one(struct ctx *c, struct str bytes, bool pack, struct zip_bend bend)
{
	struct zip_made z;
	zip_begin(&z, c->arena);
	zip_put(&z, STR("x/y"), STR("other"), false, &zip_straight);
	zip_put(&z, STR("a"), bytes, pack, &bend);
	return zip_end(&z, (struct str){"", 0});
}

static void reads(struct ctx *c)
{
	struct str text = STR("abcabcabcabcabcabcabcabcabcabcabcabcabcabc"), got = {0};
	for (int pack = 0; pack <= 1; pack++) {
		for (size_t step = 1; step <= 4096; step *= 16) {
			is_int(read_a(c, one(c, text, pack, zip_straight), step, 100, &got), OK,
				"packed %d, in steps of %zu", pack, step);
			ok(str_eq(got, text), "the bytes");
		}
	}
	is_int(read_a(c, one(c, (struct str){"", 0}, true, zip_straight), 16, 100, &got), OK,
		"an empty entry");
	is_int(read_a(c, one(c, text, true, zip_straight), 16, text.n - 1, &got), ERR_TOO_LARGE,
		"an entry larger than asked for");
}

static struct zip_bend bent(
	int64_t size, int64_t crc, int64_t packed, int64_t at, int64_t method, int64_t local_name)
{
	return (struct zip_bend){size, crc, packed, at, method, local_name};
}

static void lies(struct ctx *c)
{
	const struct {
		struct zip_bend bend;
		bool pack;
		err want;
		const char *what;
	} rows[] = {
		{bent(3, -1, -1, -1, -1, -1), true, ERR_MALFORMED, "larger than it says"},
		{bent(9, -1, -1, -1, -1, -1), true, ERR_MALFORMED, "smaller than it says"},
		{bent(3, -1, -1, -1, -1, -1), false, ERR_MALFORMED, "stored, of another size"},
		{bent(-1, 7, -1, -1, -1, -1), true, ERR_MALFORMED, "another CRC"},
		{bent(-1, -1, 3, -1, -1, -1), true, ERR_MALFORMED, "cut off"},
		{bent(-1, -1, 4000, -1, -1, -1), true, ERR_MALFORMED, "into the directory"},
		{bent(-1, -1, -1, 0, -1, -1), true, ERR_MALFORMED, "over another entry"},
		{bent(-1, -1, -1, 5, -1, -1), true, ERR_MALFORMED, "within another entry"},
		{bent(-1, -1, -1, 9999999, -1, -1), true, ERR_MALFORMED, "behind the file"},
		{bent(-1, -1, -1, -1, 12, -1), true, ERR_MALFORMED, "packed by bzip2"},
		{bent(-1, -1, -1, -1, -1, 'b'), true, ERR_MALFORMED, "named otherwise on the spot"},
		{bent(0xffffffff, -1, -1, -1, -1, -1), true, ERR_MALFORMED, "ZIP64"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct str got = {0};
		is_int(read_a(c, one(c, STR("abcdef"), rows[i].pack, rows[i].bend), 64, 1u << 30,
			       &got),
			rows[i].want, "%s", rows[i].what);
	}
}

static void shapes(struct ctx *c)
{
	struct zip_made z;
	struct str got = {0}, whole = one(c, STR("abcdef"), true, zip_straight);
	for (size_t n = 0; n < whole.n; n++) {
		if (read_a(c, str_sub(whole, 0, n), 64, 100, &got) == OK)
			ok(false, "cut to %zu bytes", n);
	}
	zip_begin(&z, c->arena);
	zip_put(&z, STR("a"), STR("1"), false, &zip_straight);
	zip_put(&z, STR("A"), STR("2"), false, &zip_straight);
	is_int(read_a(c, zip_end(&z, (struct str){"", 0}), 64, 100, &got), ERR_MALFORMED,
		"two of one name");
	zip_begin(&z, c->arena);
	zip_put(&z, STR("a"), STR("1"), false, &zip_straight);
	is_int(read_a(c, zip_end(&z, STR("a comment")), 64, 100, &got), OK, "a comment");
	zip_begin(&z, c->arena);
	zip_put(&z, STR("a"), STR("1"), false, &zip_straight);
	is_int(read_a(c, zip_end(&z, STR("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")), 64, 100,
		       &got),
		ERR_MALFORMED, "an end in the comment");
	for (unsigned n = LIMIT_ZIP_ENTRIES; n <= LIMIT_ZIP_ENTRIES + 1; n++) {
		zip_begin(&z, c->arena);
		zip_put(&z, STR("a"), STR("1"), false, &zip_straight);
		for (unsigned i = 1; i < n; i++) {
			struct str name = {0};
			if (arena_fmt(c, &name, "e%u", i) != OK)
				return;
			zip_put(&z, name, STR(""), false, &zip_straight);
		}
		is_int(read_a(c, zip_end(&z, (struct str){"", 0}), 64, 100, &got),
			n > LIMIT_ZIP_ENTRIES ? ERR_TOO_LARGE : OK, "%u entries", n);
	}
}

static void bomb(struct ctx *c)
{
	struct str got = {0};
	for (size_t mib = 1; mib <= 2; mib++) {
		char *zeros = arena_alloc(c->arena, mib << 20);
		ok(zeros != NULL, "zeros");
		is_int(read_a(c, one(c, (struct str){zeros, mib << 20}, true, zip_straight), 4096,
			       1u << 30, &got),
			mib == 1 ? OK : ERR_TOO_LARGE, "%zu MiB of zeros", mib);
	}
	ok(strstr(c->trouble.detail, "times its size") != NULL, "and says why");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(256u << 20);
	struct ctx c = {.arena = a};
	reads(&c);
	lies(&c);
	shapes(&c);
	bomb(&c);
	return done_testing();
}
