#include "base/str.h"

#include "tests/tap.h"

int main(void)
{
	uint64_t u = 7;
	int64_t i = 7;
	ok(str_u64(STR("18446744073709551615"), &u) && u == UINT64_MAX,
		"the largest number is read");
	ok(!str_u64(STR("18446744073709551616"), &u), "one more is refused");
	ok(!str_u64(STR("01"), &u) && !str_u64(STR(""), &u) && !str_u64(STR("+1"), &u),
		"one spelling a number");
	ok(str_i64(STR("-9223372036854775808"), &i) && i == INT64_MIN,
		"the smallest number is read");
	ok(!str_i64(STR("-9223372036854775809"), &i) && !str_i64(STR("9223372036854775808"), &i),
		"beyond it is refused");
	ok(!str_i64(STR("-0"), &i) && !str_i64(STR("-"), &i), "minus zero is refused");
	ok(str_is_utf8(STR("\xe6\x95\xb0\xe8\xb0\xb7 \xf0\x9f\x98\x80")), "well-formed UTF-8");
	ok(!str_is_utf8(STR("\xed\xa0\x80")) && !str_is_utf8(STR("\xc0\xaf")) &&
			!str_is_utf8(STR("\xf4\x90\x80\x80")) && !str_is_utf8(STR("\xe6\x95")),
		"surrogates, overlong, beyond the range and cut forms are refused");
	uint8_t bytes[2] = {1, 1};
	ok(str_unhex(STR("00ff"), bytes, 2) && bytes[0] == 0 && bytes[1] == 0xff, "hex is read");
	ok(!str_unhex(STR("00FF"), bytes, 2) && !str_unhex(STR("00f"), bytes, 2),
		"upper case and odd hex are refused");
	struct str head, tail;
	ok(str_cut(STR("a=b=c"), '=', &head, &tail) && str_is(head, "a") && str_is(tail, "b=c"),
		"cut at the first");
	ok(!str_cut(STR("abc"), '=', &head, &tail), "no cut without the mark");
	ok(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0 &&
			str_cmp(STR("a"), STR("a")) == 0,
		"order");
	ok(str_is_nocase(STR("Content-LENGTH"), "content-length"), "header names ignore case");
	ok(str_sub(STR("abc"), 5, 1).n == 0 && str_is(str_sub(STR("abc"), 1, 9), "bc"),
		"parts are clipped");
	return done_testing();
}
