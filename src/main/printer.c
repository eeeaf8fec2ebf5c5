/* shugu-render: one sheet (docs/FORMATS.md, Sheets) on standard input, its PDF on standard output. A program of its own, so
 * that what others wrote meets cairo, pango and fonts only in a jail (render/jail.h); it takes no argument and reads no file
 * but the fonts. Exit 0; 1 where the sheet is refused, with the reason on standard error; 3 for a fault. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/env.h"
#include "render/jail.h"
#include "render/page.h"

#define ARENA (LIMIT_PRINT_MEMORY / 2)

static err read_all(struct ctx *c, struct str *ret)
{
	struct buf b;
	ssize_t got;
	char bytes[16384];
	buf_init(&b, c->arena, LIMIT_SHEET);
	while ((got = read(STDIN_FILENO, bytes, sizeof bytes)) > 0)
		buf_add(&b, (struct str){bytes, (size_t)got});
	ENSURE(got == 0, c, ERR_IO, "standard input cannot be read");
	return buf_done(c, &b, ret);
}

static err write_all(struct ctx *c, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(STDOUT_FILENO, s.p, s.n);
		ENSURE(n > 0, c, ERR_IO, "standard output cannot be written");
		s = str_sub(s, (size_t)n, s.n);
	}
	return OK;
}

static err print(struct ctx *c)
{
	struct fonts fonts;
	struct sheet sheet;
	struct str text, pdf;
	bool spaces = false;
	TRY(jail_enter(c, &spaces));
	if (!spaces)
		log_event(LOG_INFO, env_now_ms(&env_system),
			"render jail=\"no name spaces here; limits and the filter hold\"");
	TRY(fonts_open(c, &fonts));
	TRY(jail_close(c));
	TRY(read_all(c, &text));
	TRY(sheet_read(c, text, &sheet));
	TRY(page_render(c, &fonts, &sheet, &pdf));
	return write_all(c, pdf);
}

/* Ends without the handlers of libraries: in the jail they could not do their work. */
int main(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	err e = c.arena == NULL ? ERR_MEMORY : print(&c);
	if (e == OK)
		_exit(0);
	char line[600];
	int n = snprintf(
		line, sizeof line, "shugu-render: %s: %s\n", err_row(e)->title, c.trouble.detail);
	if (n > 0)
		(void)!write(STDERR_FILENO, line, strnlen(line, sizeof line));
	_exit(err_is_fault(e) ? 3 : 1);
}
