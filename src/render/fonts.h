/* The fonts of print: WenQuanYi Micro Hei (Debian: fonts-wqy-microhei) for all text, its monospaced cut for codes, and
 * DejaVu Sans for what it lacks. Found through fontconfig once; afterwards the printer knows these files alone, and has them
 * open: no style of print opens a file once fonts_open has answered. A character that none has is shown as a box with its
 * number in it. Bold is a thin outline: the font has no bold cut. */
#pragma once

#include <pango/pangocairo.h>

#include "base/arena.h"

enum font_style {
	FONT_TITLE,
	FONT_SUBTITLE,
	FONT_HEADING,
	FONT_TEXT,
	FONT_KEY,
	FONT_VALUE,
	FONT_CODE,
	FONT_CELL,
	FONT_CELL_CODE,
	FONT_NOTE,
	FONT_STYLES
};

struct fonts {
	PangoFontMap *map;
	PangoContext *context;
	PangoFontDescription *styles[FONT_STYLES];
};

/* Of the process: never closed. ERR_NOT_FOUND where the font is not installed, ERR_MEMORY. */
must_use err fonts_open(struct ctx *c, struct fonts *ret);
/* The outline of bold in hundredths of a point; 0 without. */
int font_bold(enum font_style s);
