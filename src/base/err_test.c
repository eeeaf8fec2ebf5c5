#include "base/arena.h"

#include "tests/tap.h"

static void every_row_is_whole(void)
{
	for (err code = OK + 1; code < ERR_MAX_; code++) {
		const struct err_row *row = err_row(code);
		bool whole = row->status >= 400 && row->status < 600 && row->title[0] != '\0';
		ok(whole, "%s has a status and a title", row->code);
		ok(err_is_fault(code) == (row->class == FAULT), "%s has a class", row->slug);
		for (err other = OK + 1; other < code; other++) {
			if (strcmp(err_row(other)->slug, row->slug) == 0)
				ok(false, "slug %s occurs twice", row->slug);
		}
	}
}

static enum err refuses(struct ctx *c, int n)
{
	ENSURE(n > 0, c, ERR_BAD_VALUE, "n is %d", n);
	return OK;
}

static enum err passes_on(struct ctx *c, int n, bool *reached)
{
	TRY(refuses(c, n));
	*reached = true;
	return OK;
}

int main(void)
{
	every_row_is_whole();
	struct ctx c = {0};
	bool reached = false;
	is_int(passes_on(&c, 0, &reached), ERR_BAD_VALUE, "a failure is handed up");
	ok(!reached, "and nothing behind it ran");
	is_str(c.trouble.detail, "n is 0", "with its detail");
	ok(strstr(c.trouble.file, "err_test.c") != NULL, "and its place");
	is_int(passes_on(&c, 1, &reached), OK, "a success goes on");
	ok(reached, "to the end");
	return done_testing();
}
