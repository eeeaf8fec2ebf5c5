#include "paper/shape.h"

#include "tests/tap.h"

static void cleaned(struct ctx *c, const char *in, size_t n, const char *want, const char *what)
{
	struct str got = {0};
	is_int(shape_clean(c, (struct str){in, n}, &got), OK, "%s is taken", what);
	ok(str_is(got, want), "%s: what cannot be seen is seen", what);
	ok(shape_is_clean(got), "%s: and then it is clean", what);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct str same;
#define T(in, want, what) cleaned(&c, in, sizeof in - 1, want, what)
	T("数据\n\"<b>\"", "数据\n\"<b>\"", "plain text");
	T("a\0b\tc\x7f",
		"a\xef\xbf\xbd"
		"b\xef\xbf\xbd"
		"c\xef\xbf\xbd",
		"controls");
	T("x\u202etxt.exe\u202c", "x\xef\xbf\xbdtxt.exe\xef\xbf\xbd", "an override of direction");
	T("a\u200bb\ufeff\u2066\u2028",
		"a\xef\xbf\xbd"
		"b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		"zero width, isolates, separators");
	T("\xc2\x9b"
	  "31m",
		"\xef\xbf\xbd"
		"31m",
		"a C1 control");
	T("\xff\xe4\xb8", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "no UTF-8");
	T("", "", "nothing");
	is_int(shape_clean(&c, STR("龘𠀀"), &same), OK, "rare characters");
	ok(str_is(same, "龘𠀀"), "stay");
	ok(shape_is_hidden(0x1fffe) && shape_is_hidden(0xe0041) && shape_is_hidden(0xd800),
		"noncharacters, tags and surrogates are hidden");
	ok(!shape_is_hidden(0x4e00) && !shape_is_hidden('\n') && !shape_is_hidden(0x20000),
		"letters and LF are not");
	return done_testing();
}
