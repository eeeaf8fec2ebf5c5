#include "paper/words.h"

#include "tests/tap.h"

static void capital(struct ctx *c, int64_t fen, const char *want)
{
	struct str got = {0};
	ok(words_capital(c, fen, &got) == OK && str_is(got, want), "%lld fen is %s, not %.*s",
		(long long)fen, want, FMT(got));
}

static void yuan(struct ctx *c, int64_t fen, const char *want)
{
	struct str got = {0};
	ok(words_yuan(c, fen, &got) == OK && str_is(got, want), "%lld fen is %s, not %.*s",
		(long long)fen, want, FMT(got));
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct str s;
	capital(&c, 0, "零元整");
	capital(&c, 1, "壹分");
	capital(&c, 50, "伍角整");
	capital(&c, 105, "壹元零伍分");
	capital(&c, 1000, "壹拾元整");
	capital(&c, 10010, "壹佰元壹角整");
	capital(&c, 100500, "壹仟零伍元整");
	capital(&c, 1060001, "壹万零陆佰元零壹分");
	capital(&c, 1000000, "壹万元整");
	capital(&c, 10000100, "壹拾万零壹元整");
	capital(&c, 100100000, "壹佰万零壹仟元整");
	capital(&c, 123456789012, "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分");
	capital(&c, 10000000000, "壹亿元整");
	capital(&c, 10000000100, "壹亿零壹元整");
	capital(&c, 100000000000000, "壹万亿元整");
	capital(&c, -12345, "负壹佰贰拾叁元肆角伍分");
	yuan(&c, 0, "0.00");
	yuan(&c, 5, "0.05");
	yuan(&c, 123456789, "1,234,567.89");
	yuan(&c, 100000, "1,000.00");
	yuan(&c, -100001, "-1,000.01");
	ok(words_rate(&c, 600, &s) == OK && str_is(s, "6%"), "a rate");
	ok(words_rate(&c, 1350, &s) == OK && str_is(s, "13.5%"), "with a part");
	ok(words_rate(&c, 5, &s) == OK && str_is(s, "0.05%"), "below one");
	ok(words_time(&c, STR("2026-12-31T16:00:00.000Z"), &s) == OK &&
			str_is(s, "2027年01月01日 00:00:00(北京时间)"),
		"midnight in Beijing");
	ok(words_time(&c, STR("soon"), &s) == OK && str_is(s, "soon"), "what is no time stays");
	const struct str evil[] = {STR("{2}"), STR("x")};
	ok(words_fill(&c, W_C3_2, evil, 2, &s) == OK && str_find_str(s, STR("{2} 元")) < s.n,
		"what is filled in is not filled again");
	return done_testing();
}
