#include "product/format.h"

#include "product/identifiers.h"
#include "tests/tap.h"

static void judged(struct identifiers *ids, enum format f, const char *value, int want)
{
	is_int(format_judge(f, str_z(value), ids), want, "%s as %s", value, format_names[f]);
}

static void named(struct identifiers *ids)
{
	static const struct {
		enum format f;
		const char *good, *unchecked, *shapeless;
	} rows[] = {
		{FORMAT_DATE, "2026-11-24", "2026-02-30", "2026/11/24"},
		{FORMAT_DATETIME, "2026-11-24T08:00:00Z", "2026-02-30 08:00", "2026-11-24"},
		{FORMAT_USCC, "91330108MAC0DE1T0L", "91330108MAC0DE1T0K", "91330108mac0de1t0l"},
		{FORMAT_ID_CARD, "11010519491231002X", "110105194912310021", "11010519491231002"},
		{FORMAT_BANK_CARD, "6222021234567894", "6222021234567895", "6222 0212 3456 7894"},
		{FORMAT_PHONE, "13800138000", NULL, "12800138000"},
		{FORMAT_PHONE, "+8613800138000", NULL, "1380013800"},
		{FORMAT_EMAIL, "a.b@example.org", NULL, "a.b@example"},
		{FORMAT_EMAIL, "a@b.cn", NULL, "a@b.cn, c@d.cn"},
		{FORMAT_REGION, "330108", NULL, "33010"},
		{FORMAT_UUID, "0193fbb0-0000-7000-8000-00000000000a", NULL, "0193fbb0"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		judged(ids, rows[i].f, rows[i].good, FORMAT_GOOD);
		judged(ids, rows[i].f, rows[i].shapeless, FORMAT_SHAPE);
		if (rows[i].unchecked != NULL)
			judged(ids, rows[i].f, rows[i].unchecked, FORMAT_CHECK);
		is_int(format_has_check(rows[i].f), rows[i].unchecked != NULL, "has it a check?");
	}
}

static void matches(struct ctx *c, const char *pattern, const char *good, const char *bad)
{
	struct pattern *p = NULL;
	is_int(pattern_read(c, str_z(pattern), &p), OK, "pattern %s", pattern);
	ok(p != NULL && pattern_matches(p, str_z(good)), "it takes %s", good);
	ok(p != NULL && !pattern_matches(p, str_z(bad)), "it does not take %s", bad);
}

static void patterns(struct ctx *c)
{
	matches(c, "9{4}-9{2}", "2026-11", "2026-1");
	matches(c, "A9", "B7", "b7");
	matches(c, "a{1,3}9{0,2}", "abc", "abcd");
	matches(c, "a{1,3}9{0,2}", "a12", "a123");
	matches(c, "9{1,3}9", "12", "1");
	matches(c, "\\P\\K-X{2}", "PK-A7", "PK-a7");
	matches(c, ".{2}", "\xe6\x95\xb0\xe8\xb0\xb7", "\xe6\x95\xb0");
	matches(c, "9{63}", "123456789012345678901234567890123456789012345678901234567890123",
		"1234567890123456789012345678901234567890123456789012345678901234");
}

static void refuses(struct ctx *c)
{
	static const struct {
		const char *pattern, *why;
	} rows[] = {
		{"", "not empty"},
		{"9{64}", "63 places"},
		{"9{32}9{32}", "63 places"},
		{"9{2", "not closed"},
		{"9{3,2}", "{n,m}"},
		{"9{0}", "{n,m}"},
		{"9{x}", "{n}"},
		{"PK", "write \\P"},
		{"7", "write \\7"},
		{"}", "write \\}"},
		{"\\", "printable"},
		{"\xe6\x95\xb0", "printable"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct pattern *p = NULL;
		is_int(pattern_read(c, str_z(rows[i].pattern), &p), ERR_BAD_VALUE, "%s is refused",
			rows[i].pattern);
		struct str said = str_z(c->trouble.detail);
		ok(str_find_str(said, str_z(rows[i].why)) < said.n, "for %s", rows[i].why);
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	struct identifiers *ids = NULL;
	is_int(identifiers_open(&c, 20781, &ids), OK,
		"what looks for identifiers"); /* 2026-11-24 */
	named(ids);
	patterns(&c);
	refuses(&c);
	return done_testing();
}
