/* What a command prints for people: asks the node for a sheet and makes a web page or a PDF of it. */
#pragma once

#include "main/control.h"

/* target answers a sheet. html, pdf: files to be written, or NULL; without either the web page goes to standard output.
 * ERR_IO where the printer shugu-render does not lie beside this program. */
must_use err paper_out(
	struct ctx *c, struct control *k, struct str target, const char *html, const char *pdf);
/* The same of a sheet that is at hand. */
must_use err paper_write(struct ctx *c, struct str sheet, const char *html, const char *pdf);
