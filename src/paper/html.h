/* A sheet as one web page that needs nothing else: print style for A4, a Content-Security-Policy that allows its own style
 * alone, every text escaped and set apart in direction (bdi). A QR code is its payload as text. Pure. ERR_TOO_LARGE. */
#pragma once

#include "paper/sheet.h"

must_use err html_page(struct ctx *c, const struct sheet *s, struct str *ret);
