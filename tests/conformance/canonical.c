/* canonical: reads one JSON text a line and answers each with its canonical form (RFC 8785) or `refused`, a line each. Beside
 * canonical.mjs, which compares them with another writer. */
#include <stdio.h>
#include <string.h>

#include "codec/json.h"

int main(void)
{
	static char line[1u << 20];
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	while (fgets(line, sizeof line, stdin) != NULL) {
		struct ctx c = {.arena = a};
		const struct json *j = NULL;
		struct str text = {0};
		size_t n = strlen(line);
		if (n == 0 || line[n - 1] != '\n')
			return 2;
		err e = json_parse(&c, (struct str){line, n - 1}, &j);
		if (e == OK)
			e = json_canonical(&c, j, sizeof line, &text);
		printf("%.*s\n", FMT(e == OK ? text : STR("refused")));
		arena_reset(a);
	}
	return ferror(stdin) != 0 || fflush(stdout) != 0;
}
