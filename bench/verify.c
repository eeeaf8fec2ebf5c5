/* bench-verify FILE TIMES: how long verifying an invoice takes inside a process, as shugu-verify does it: reading the
 * text, checking all of it and saying the verdict, each time in memory of its own. Prints one line: p50_ns=N p99_ns=N. */
#include <stdio.h>

#include "base/limits.h"
#include "bench/measure.h"
#include "proof/verdict.h"

static char file[LIMIT_INVOICE_FILE + 1]; /* too large for the stack */

static err verify_once(struct str text)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct invoice_file f = {.check = CHECK_FILE};
	struct str said;
	if (a == NULL)
		return ERR_MEMORY;
	err e = invoice_verify(&c, text, &f);
	if (e != OK)
		(void)fprintf(stderr, "verify: %s\n", c.trouble.detail);
	TRY(e);
	f.check = CHECK_NONE;
	return verdict_text(&c, &f, VERDICT_EN, &said);
}

static bool read_file(const char *path, struct str *ret)
{
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return false;
	size_t n = fread(file, 1, sizeof file, f);
	bool good = ferror(f) == 0 && n > 0 && n < sizeof file;
	(void)fclose(f);
	*ret = (struct str){file, n};
	return good;
}

int main(int argc, char **argv)
{
	uint64_t times;
	struct sample s;
	struct str text;
	if (argc != 3 || !measure_number(argv[2], 1000000, &times) || times == 0) {
		(void)fputs("usage: bench-verify FILE TIMES\n", stderr);
		return 2;
	}
	if (!read_file(argv[1], &text) || !sample_open(&s)) {
		(void)fprintf(stderr, "verify: %s cannot be read\n", argv[1]);
		return 1;
	}
	for (uint64_t i = 0; i < times; i++) {
		uint64_t begin = measure_now_ns();
		if (verify_once(text) != OK)
			return 1;
		sample_add(&s, measure_now_ns() - begin);
	}
	if (!sample_sort(&s))
		return 1;
	printf("p50_ns=%llu p99_ns=%llu\n", (unsigned long long)sample_quantile(&s, 500),
		(unsigned long long)sample_quantile(&s, 990));
	sample_close(&s);
	return 0;
}
