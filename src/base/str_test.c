#include "base/str.h"

#include "tests/tap.h"

static void numbers(void)
{
	uint64_t u = 7;
	int64_t i = 7;
	ok(str_u64(STR("18446744073709551615"), &u) && u == UINT64_MAX,
		"the largest number is read");
	ok(!str_u64(STR("18446744073709551616"), &u), "one more is refused");
	static const char *const bad[] = {
		"01", "", "+1", "1 ", "0x1", "-1", "99999999999999999999999"};
	for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++)
		ok(!str_u64(str_z(bad[n]), &u), "one spelling a number: '%s' is refused", bad[n]);
	ok(str_i64(STR("-9223372036854775808"), &i) && i == INT64_MIN,
		"the smallest number is read");
	ok(!str_i64(STR("-9223372036854775809"), &i), "below it is refused");
	ok(!str_i64(STR("9223372036854775808"), &i), "beyond the largest is refused");
	ok(!str_i64(STR("-0"), &i), "minus zero is refused");
	is_int(i, INT64_MIN, "a refusal writes nothing");
}

static void encodings(void)
{
	ok(str_is_utf8(STR("\xe6\x95\xb0\xe8\xb0\xb7 \xf0\x9f\x98\x80")), "well-formed UTF-8");
	static const char *const bad[] = {"\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80",
		"\xe6\x95", "\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xff"};
	for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++)
		ok(!str_is_utf8(str_z(bad[n])), "ill-formed UTF-8 number %zu is refused", n);
	uint8_t bytes[2] = {1, 1};
	is_int(str_hex_digit('F'), 15, "a digit may be upper case");
	is_int(str_hex_digit('g'), -1, "g is none");
	ok(!str_unhex(STR("00FF"), bytes, 2), "upper-case hex is refused");
	ok(!str_unhex(STR("00f"), bytes, 2), "odd hex is refused");
	is_int(bytes[0], 1, "and nothing was written");
	ok(str_unhex(STR("00ff"), bytes, 2), "hex is read");
	is_int(bytes[1], 0xff, "to its value");
}

static void parts(void)
{
	struct str head = {0}, tail = {0};
	ok(str_cut(STR("a=b=c"), '=', &head, &tail), "cut at the first mark");
	ok(str_is(head, "a"), "the head is before it");
	ok(str_is(tail, "b=c"), "the tail is behind it");
	ok(!str_cut(STR("abc"), '=', &head, &tail), "no cut without the mark");
	ok(str_cmp(STR("a"), STR("ab")) < 0, "shorter first");
	ok(str_cmp(STR("b"), STR("ab")) > 0, "then by bytes");
	is_int(str_cmp(STR("a"), STR("a")), 0, "equal");
	ok(str_is_nocase(STR("Content-LENGTH"), "content-length"), "header names ignore case");
	is_int(str_sub(STR("abc"), 5, 1).n, 0, "a part beyond the end is empty");
	ok(str_is(str_sub(STR("abc"), 1, 9), "bc"), "a part is clipped");
	ok(str_is(str_trim(STR(" \ta b\t ")), "a b"), "trimmed on both sides");
}

int main(void)
{
	numbers();
	encodings();
	parts();
	return done_testing();
}
