/* A sheet as PDF: A4, embedded fonts, text that can be selected, the same bytes for the same sheet. Under jail_close it
 * makes no other system call than those left. ERR_BAD_VALUE where a QR code cannot hold its payload; ERR_TOO_LARGE. */
#pragma once

#include "paper/sheet.h"
#include "render/fonts.h"

must_use err page_render(
	struct ctx *c, const struct fonts *fonts, const struct sheet *s, struct str *ret_pdf);
