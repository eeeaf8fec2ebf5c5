/* Prints a whole valid invoice file from fixed seeds, for the end-to-end test of the verifier. With one argument, the
 * file without a receipt. */
#include <stdio.h>

#include "proof/fixture_test.h"

int main(int argc, char **argv)
{
	(void)argv;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct fixture f = {.c = &c, .no_receipt = argc > 1};
	if (a == NULL)
		return 3;
	struct str text = fixture_file(&f);
	return text.n > 0 && fwrite(text.p, 1, text.n, stdout) == text.n && fflush(stdout) == 0 ? 0
												: 3;
}
