#include "main/paper_out.h"

#include <stdio.h>

#include "base/limits.h"
#include "paper/html.h"
#include "paper/print.h"

static err write_page(struct ctx *c, struct str text, const char *path)
{
	struct sheet s;
	struct str page;
	TRY(sheet_read(c, text, &s));
	TRY(html_page(c, &s, &page));
	if (path != NULL)
		return file_write(c, &env_system, path, page, 0644);
	ENSURE(fwrite(page.p, 1, page.n, stdout) == page.n, c, ERR_IO,
		"standard output cannot be written");
	return OK;
}

err paper_write(struct ctx *c, struct str sheet, const char *html, const char *pdf)
{
	struct str printed;
	if (html != NULL || pdf == NULL)
		TRY(write_page(c, sheet, html));
	if (pdf == NULL)
		return OK;
	TRY(print_alone(c, NULL, sheet, LIMIT_PRINT_MS, &printed));
	return file_write(c, &env_system, pdf, printed, 0644);
}

err paper_out(
	struct ctx *c, struct control *k, struct str target, const char *html, const char *pdf)
{
	const struct json *answer = NULL;
	struct str text;
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	TRY(json_write(c, answer, false, LIMIT_SHEET, &text));
	return paper_write(c, text, html, pdf);
}
