/* Fuzzes rules: a first line that is a predicate over the shipped catalogue, the rest a case. What is read always ends; what is
 * true needs nothing and what is not needs something; a predicate and its negation never agree; a refusal says why. */
#include <assert.h>
#include <stdint.h>

#include "rules/shipped.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct arena *kept;

static const struct rule_set *shipped(void)
{
	static struct rule_set set;
	if (kept != NULL)
		return &set;
	kept = arena_new(64u << 20);
	struct ctx c = {.arena = kept};
	err e = rules_shipped_set(&c, &set);
	assert(e == OK);
	return &set;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	const struct rule_set *s = shipped();
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct str all = {(const char *)bytes, n}, text = str_sub(all, 0, str_find(all, '\n'));
	const struct predicate *p;
	const struct json *input;
	struct rule_case k;
	if (predicate_read(&c, &s->catalogue, text, &p) != OK) {
		assert(c.trouble.detail[0] != '\0');
		return 0;
	}
	if (json_parse(&c, str_sub(all, text.n + 1, n), &input) != OK || rule_set_case(&c, s, input, &k) != OK)
		return 0;
	enum truth t = predicate_ask(p, &k);
	const struct json *yes = predicate_needs(&c, p, &k, true), *no = predicate_needs(&c, p, &k, false);
	assert(yes != NULL && no != NULL);
	assert((yes->n == 0) == (t == TRUTH_TRUE) && (no->n == 0) == (t == TRUTH_FALSE));
	return 0;
}
