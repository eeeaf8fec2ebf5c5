/* Fuzzes the reader of expectations. The input is one. What must hold for any: a refusal says why in UTF-8; what is read names
 * columns that there are, and measures a small table without a fault, no A above its B. */
#include <assert.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/env.h"
#include "product/quality.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct str table =
	STR("a,b,c\n1,2026-01-01,x\n2,,y\n2,2026-02-30,\xff\n,5,91330108MAC0DE1T0L,7\n");

static void measured(struct ctx *c, const struct expectation *x)
{
	cleanup(fd_closep) int fd = memfd_create("table", MFD_CLOEXEC);
	struct json *report = NULL;
	ssize_t wrote = write(fd, table.p, table.n);
	assert(wrote == (ssize_t)table.n);
	struct quality_ask ask = {.fd = fd,
		.filename = STR("t.csv"),
		.expectation = x,
		.day = 20781,
		.version = "0",
		.keys_max = 5};
	err e = quality_measure(c, &ask, &report);
	assert(e == OK);
	for (const struct json *i = json_get(report, "results")->first; i != NULL; i = i->next) {
		int64_t a = 0, b = 0;
		(void)json_int(json_get(i, "A"), &a);
		(void)json_int(json_get(i, "B"), &b);
		assert(a >= 0 && a <= b);
	}
	struct str text;
	e = json_canonical(c, report, 16u << 20, &text);
	assert(e == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const uint8_t key[SHORTHASH_KEY] = "a key of fuzzes";
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(128u << 20);
	struct ctx c = {.arena = a};
	struct expectation *x = NULL;
	err e = expectation_read(&c, (struct str){(const char *)bytes, n}, key, &x);
	if (e != OK) {
		assert(!err_is_fault(e) && c.trouble.detail[0] != '\0');
		return 0;
	}
	for (size_t i = 0; i < x->columns_n; i++) {
		const struct expected_column *col = &x->columns[i];
		assert(col->same == EXPECTED_NONE || col->same < x->columns_n);
		assert(col->refers == EXPECTED_NONE || col->refers < x->columns_n);
	}
	measured(&c, x);
	return 0;
}
