/* Fuzzes the JSON reader and writers. What must hold for any bytes: what is read can be written and read again as the
 * same tree; a canonical text is exactly what json_parse_canonical takes; a refusal names its reason. */
#include <assert.h>
#include <stdint.h>

#include "codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct json *again(struct ctx *c, struct str text)
{
	const struct json *j = NULL;
	err e = json_parse(c, text, &j);
	assert(e == OK && j != NULL);
	return j;
}

static void written_and_read(struct ctx *c, const struct json *j, bool indent)
{
	struct str text, twice;
	err e = json_write(c, j, indent, 16u << 20, &text);
	assert(e == OK);
	const struct json *back = again(c, text);
	assert(json_eq(j, back) && json_eq(back, j));
	e = json_write(c, back, indent, 16u << 20, &twice);
	assert(e == OK && str_eq(text, twice));
}

static void canonical_and_back(struct ctx *c, const struct json *j, struct str input)
{
	struct str text = {0}, twice = {0};
	const struct json *back = NULL;
	err e = json_canonical(c, j, 16u << 20, &text);
	bool is_canonical = json_parse_canonical(c, input, &back) == OK;
	assert(is_canonical == (e == OK && str_eq(text, input)));
	if (e != OK) {
		assert(e == ERR_BAD_VALUE);
		return;
	}
	assert(text.n <= input.n);
	e = json_parse_canonical(c, text, &back);
	assert(e == OK && json_eq(j, back));
	e = json_canonical(c, json_copy(c, back), text.n, &twice);
	assert(e == OK && str_eq(text, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(256u << 20);
	struct ctx c = {.arena = a};
	struct str input = {(const char *)bytes, n};
	const struct json *j = NULL;
	err e = json_parse(&c, input, &j);
	if (e == OK) {
		written_and_read(&c, j, false);
		written_and_read(&c, j, true);
		canonical_and_back(&c, j, input);
	} else {
		assert(j == NULL && c.trouble.code == e && c.trouble.detail[0] != '\0');
	}
	return 0;
}
