#include "render/fonts.h"

#include "tests/tap.h"

static bool has(const struct fonts *f, enum font_style s, const char *text)
{
	PangoLayout *l = pango_layout_new(f->context);
	pango_layout_set_font_description(l, f->styles[s]);
	pango_layout_set_text(l, text, -1);
	bool all = pango_layout_get_unknown_glyphs_count(l) == 0;
	g_object_unref(l);
	return all;
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct fonts f;
	if (!ok(fonts_open(&c, &f) == OK, "the fonts are there: %s", c.trouble.detail))
		return done_testing();
	for (int s = 0; s < FONT_STYLES; s++)
		ok(has(&f, (enum font_style)s, "数据流通凭证壹佰元整,龘 A1 ¥ ☑"),
			"style %d has all of a document", s);
	ok(!has(&f, FONT_TEXT, "\U00020000"), "and not what no font has");
	ok(font_bold(FONT_TITLE) > 0 && font_bold(FONT_TEXT) == 0, "titles are bold");
	return done_testing();
}
