#include "codec/html.h"

#include "base/limits.h"
#include "tests/tap.h"

static void is_text(struct arena *a, const char *text, const char *want)
{
	struct buf b;
	buf_init(&b, a, 1000);
	html_text(&b, str_z(text));
	ok(str_is(buf_str(&b), want), "%s", want);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct buf b;
	is_text(a, "", "");
	is_text(a, "plain\n\ttext", "plain\n\ttext");
	is_text(a, "<a href=\"x\" id='y'>&amp;</a>",
		"&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
	is_text(a, "\x01\x7f", "\xef\xbf\xbd\xef\xbf\xbd");
	buf_init(&b, a, 1000);
	html_element(&b, "p class=\"m\"", STR("<"));
	html_row(&b, "head", STR(""));
	html_row(&b, "head", STR("&"));
	ok(str_is(buf_str(&b),
		   "<p class=\"m\">&lt;</p><tr><th scope=\"row\">head</th><td>&amp;</td></tr>"),
		"elements, and no row of nothing");
	return done_testing();
}
