/* Fuzzes invoice files, which anybody may hand to a verifier: none is called our fault, what is refused meets nothing, and
 * what passes is canonical, passes again and can be told. Lists of keys are read beside it. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "proof/trust.h"
#include "proof/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void told(struct ctx *c, const struct invoice_file *f)
{
	struct str text;
	const struct json *j;
	err e = verdict_text(c, f, VERDICT_EN, &text);
	assert(e == OK && str_find(text, '\x1b') == text.n);
	e = verdict_json(c, f, &text);
	assert(e == OK);
	e = json_parse_canonical(c, text, &j);
	assert(e == OK);
}

static void again(struct ctx *c, struct str input, const struct invoice_file *f)
{
	struct invoice_file twice;
	const struct json *j;
	struct str text;
	err e = json_parse(c, input, &j);
	assert(e == OK);
	e = json_canonical(c, j, LIMIT_INVOICE_FILE, &text);
	assert(e == OK && str_eq(text, input));
	e = invoice_verify(c, input, &twice);
	assert(e == OK && twice.label == f->label && twice.later.net == f->later.net);
	assert(f->later.net >= 0 && f->later.net <= f->i.voucher.net);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str input = {(const char *)bytes, n};
	struct ctx c = {.arena = arena_new(2 * LIMIT_REQUEST_ARENA)};
	struct invoice_file f;
	assert(c.arena != NULL);
	err e = invoice_verify(&c, input, &f);
	assert(e == OK || !err_is_fault(e));
	assert((e == OK) == (f.check == CHECK_NONE));
	assert(e == OK || !invoice_reaches(&f, LABEL_CLAIMED));
	told(&c, &f);
	if (e == OK) {
		again(&c, input, &f);
		err trusted = trust_check(&c, input, &f);
		assert(trusted != OK); /* no file is a list that knows its own parties */
	}
	arena_free(c.arena);
	return 0;
}
