/* Fuzzes usage terms. The input is a policy. What must hold for any: a refusal says why; what compiles is equal to itself,
 * decides every question with a reason in UTF-8, allows nothing beyond its own bounds, and once bound has no elapsed time
 * left and ends no later. */
#include <assert.h>
#include <stdint.h>

#include "terms/decide.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define AGREED 1767225600000ll

static bool is_within(const struct terms *t, const struct terms_ask *ask)
{
	return ask->now_ms >= t->not_before_ms && ask->now_ms <= t->not_after_ms &&
	       (t->elapsed_ms < 0 || ask->now_ms - ask->agreed_ms <= t->elapsed_ms) &&
	       (t->count_max < 0 || ask->used < t->count_max);
}

static void decided(struct ctx *c, const struct terms *t)
{
	static const int64_t times[] = {0, AGREED, AGREED + 86400000, INT64_MAX};
	static const int64_t counts[] = {0, 1, INT64_MAX};
	for (size_t i = 0; i < countof(times) * countof(counts); i++) {
		struct str why = {0};
		struct terms_ask ask = {.action = "use",
			.purpose = t->purposes_n > 0 ? t->purposes[t->purposes_n - 1] : STR(""),
			.now_ms = times[i % countof(times)],
			.agreed_ms = AGREED,
			.used = counts[i / countof(times)]};
		err e = terms_decide(c, t, &ask, &why);
		assert(why.n > 0 && str_is_utf8(why) && (e == OK) == is_within(t, &ask));
		assert(e == OK || (e == ERR_TERM_REFUSES && str_is(why, c->trouble.detail)));
	}
}

static void bound(struct ctx *c, const struct json *policy, const struct terms *t)
{
	struct json *j = NULL;
	struct terms after, twice;
	err e = terms_bind(c, policy, AGREED, &j);
	assert(e == OK && j != NULL);
	e = terms_compile(c, j, &after);
	assert(e == OK && after.elapsed_ms == -1 && after.not_after_ms <= t->not_after_ms);
	assert(t->elapsed_ms < 0 || after.not_after_ms <= AGREED + t->elapsed_ms);
	e = terms_compile(c, policy, &twice);
	assert(e == OK && terms_equal(t, &twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	const struct json *j = NULL;
	if (json_parse(&c, (struct str){(const char *)bytes, n}, &j) != OK)
		return 0;
	struct terms t;
	c.trouble.detail[0] = '\0';
	err e = terms_compile(&c, j, &t);
	if (e != OK) {
		assert(e == ERR_TERM_REFUSES && c.trouble.detail[0] != '\0');
		assert(str_is_utf8(str_z(c.trouble.detail)));
		return 0;
	}
	decided(&c, &t);
	bound(&c, j, &t);
	return 0;
}
