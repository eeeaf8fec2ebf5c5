#include "render/fonts.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>

#define TEXT_FAMILY "WenQuanYi Micro Hei"
#define CODE_FAMILY "WenQuanYi Micro Hei Mono"
#define OTHER_FAMILY "DejaVu Sans"

static const struct {
	int size, bold; /* tenths and hundredths of a point */
	bool code;
} rows[FONT_STYLES] = {
	[FONT_TITLE] = {200, 50, false},
	[FONT_SUBTITLE] = {90, 0, false},
	[FONT_HEADING] = {120, 35, false},
	[FONT_TEXT] = {105, 0, false},
	[FONT_KEY] = {95, 0, false},
	[FONT_VALUE] = {100, 0, false},
	[FONT_CODE] = {85, 0, true},
	[FONT_CELL] = {85, 0, false},
	[FONT_CELL_CODE] = {70, 0, true},
	[FONT_NOTE] = {75, 0, false},
};

int font_bold(enum font_style s)
{
	return rows[s].bold;
}

/* Adds the file of a family to the configuration; false where fontconfig has only another one for it. */
static bool add_family(FcConfig *config, const char *family)
{
	FcResult result;
	FcChar8 *file = NULL, *name = NULL;
	FcPattern *wanted = FcNameParse((const FcChar8 *)family);
	if (wanted == NULL)
		return false;
	(void)FcConfigSubstitute(NULL, wanted, FcMatchPattern);
	FcDefaultSubstitute(wanted);
	FcPattern *found = FcFontMatch(NULL, wanted, &result);
	bool same = found != NULL &&
		    FcPatternGetString(found, FC_FAMILY, 0, &name) == FcResultMatch &&
		    strcmp((const char *)name, family) == 0 &&
		    FcPatternGetString(found, FC_FILE, 0, &file) == FcResultMatch &&
		    FcConfigAppFontAddFile(config, file) == FcTrue;
	FcPatternDestroy(wanted);
	if (found != NULL)
		FcPatternDestroy(found);
	return same;
}

static err open_map(struct ctx *c, struct fonts *f)
{
	FcConfig *config = FcConfigCreate();
	ENSURE(config != NULL, c, ERR_MEMORY, "no memory for fonts");
	ENSURE(add_family(config, TEXT_FAMILY), c, ERR_NOT_FOUND,
		"the font %s is not installed (Debian: fonts-wqy-microhei)", TEXT_FAMILY);
	(void)add_family(config, OTHER_FAMILY);
	f->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	ENSURE(f->map != NULL && PANGO_IS_FC_FONT_MAP(f->map), c, ERR_MEMORY,
		"no memory for fonts");
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(f->map), config);
	return OK;
}

static void open_context(struct fonts *f)
{
	cairo_font_options_t *o = cairo_font_options_create();
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	f->context = pango_font_map_create_context(f->map);
	pango_cairo_context_set_font_options(f->context, o);
	pango_cairo_context_set_resolution(f->context, 72);
	pango_context_set_base_dir(f->context, PANGO_DIRECTION_LTR);
	pango_context_set_language(f->context, pango_language_from_string("zh-cn"));
	cairo_font_options_destroy(o);
}

static cairo_status_t drop(void *arg, const unsigned char *bytes, unsigned n)
{
	(void)arg;
	(void)bytes;
	(void)n;
	return CAIRO_STATUS_SUCCESS;
}

/* One page with each style in each font, and a character that no font has: so all files are open and all tables read. */
static err warm(struct ctx *c, struct fonts *f)
{
	static const char sample[] = "\xe4\xb8\xad A1 \xd7\x90 \xe2\x98\x91 \xf0\xa0\x80\x80";
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(drop, NULL, 600, 800);
	cairo_t *cr = cairo_create(surface);
	for (size_t i = 0; i < FONT_STYLES; i++) {
		PangoLayout *l = pango_layout_new(f->context);
		pango_layout_set_font_description(l, f->styles[i]);
		pango_layout_set_text(l, sample, (int)sizeof sample - 1);
		cairo_move_to(cr, 20, 20);
		pango_cairo_show_layout(cr, l);
		pango_cairo_layout_path(cr, l);
		cairo_stroke(cr);
		g_object_unref(l);
	}
	cairo_surface_finish(surface);
	cairo_status_t status = cairo_surface_status(surface);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	ENSURE(status == CAIRO_STATUS_SUCCESS, c, ERR_IO, "fonts cannot be used: %s",
		cairo_status_to_string(status));
	return OK;
}

err fonts_open(struct ctx *c, struct fonts *ret)
{
	struct fonts f = {0};
	TRY(open_map(c, &f));
	open_context(&f);
	for (size_t i = 0; i < FONT_STYLES; i++) {
		f.styles[i] = pango_font_description_new();
		pango_font_description_set_family(f.styles[i],
			rows[i].code ? CODE_FAMILY "," OTHER_FAMILY : TEXT_FAMILY "," OTHER_FAMILY);
		pango_font_description_set_absolute_size(
			f.styles[i], rows[i].size * PANGO_SCALE / 10);
	}
	TRY(warm(c, &f));
	*ret = f;
	return OK;
}
