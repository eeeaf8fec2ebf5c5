#include "terms/decide.h"

#include "base/env.h"
#include "terms/presets.h"
#include "tests/tap.h"

#define T0 1767225600000ll /* 2026-01-01T00:00:00Z */
#define DAY 86400000ll

static struct terms compiled(
	struct ctx *c, const char *left, const char *relation, const char *right)
{
	struct str text;
	struct terms t = {0};
	const struct json *j = NULL;
	ok(arena_fmt(c, &text,
		   "{\"permission\":[{\"action\":\"use\",\"constraint\":[{\"leftOperand\":\"%s\","
		   "\"operator\":\"%s\",\"rightOperand\":%s}]}]}",
		   left, relation, right) == OK &&
			json_parse(c, text, &j) == OK && terms_compile(c, j, &t) == OK,
		"%s %s %s", left, relation, right);
	return t;
}

static struct terms preset(struct ctx *c, const char *name)
{
	struct json *j = NULL;
	struct terms t = {0};
	ok(terms_preset(c, str_z(name), &j) == OK && terms_compile(c, j, &t) == OK, "%s", name);
	return t;
}

/* NULL: allowed; else the whole explanation. */
static void decides(struct ctx *c, const struct terms *t, struct terms_ask ask, const char *refusal)
{
	struct str why = {0};
	c->trouble = (struct trouble){0};
	err e = terms_decide(c, t, &ask, &why);
	if (refusal == NULL) {
		ok(e == OK && str_starts(why, STR("use")), "allowed: %.*s", FMT(why));
		return;
	}
	is_int(e, ERR_TERM_REFUSES, "refused");
	is_str(c->trouble.detail, refusal, "and why");
	ok(str_is(why, refusal), "the same in why");
}

static void presets(struct ctx *c)
{
	struct terms_ask ask = {.action = "use", .now_ms = T0, .agreed_ms = T0};
	struct terms t = preset(c, "open");
	decides(c, &t, ask, NULL);
	t = preset(c, "internal-use");
	decides(c, &t, ask, "purpose eq internal-use: no purpose is stated; state internal-use");
	ask.purpose = STR("resale");
	decides(c, &t, ask, "purpose eq internal-use: the purpose is resale; state internal-use");
	ask.purpose = STR("internal-use");
	decides(c, &t, ask, NULL);
	t = preset(c, "once");
	decides(c, &t, ask, NULL);
	ask.used = 1;
	decides(c, &t, ask, "count lteq 1: 1 of 1 deliveries used; agree anew");
	t = preset(c, "evaluation-30d");
	ask.now_ms = T0 + 30 * DAY;
	decides(c, &t, ask, NULL);
	ask.now_ms++;
	decides(c, &t, ask,
		"elapsedTime lteq P30D: the last moment was 2026-01-31T00:00:00.000Z; agree anew");
	ask.now_ms = T0 - 1;
	decides(c, &t, ask, NULL);
}

static void actions(struct ctx *c)
{
	struct terms t = preset(c, "open");
	decides(c, &t, (struct terms_ask){.action = "sell"},
		"permission use: the action is sell; only use is allowed");
	decides(c, &t, (struct terms_ask){.action = ""},
		"permission use: the action is ; only use is allowed");
	decides(c, &t, (struct terms_ask){.action = NULL},
		"permission use: the action is ; only use is allowed");
}

static void boundaries(struct ctx *c)
{
	static const struct {
		const char *left, *relation, *right;
		int64_t first,
			last; /* the ones allowed: milliseconds after T0, or deliveries used */
	} rows[] = {
		{"dateTime", "lteq", "\"2026-01-01T00:00:10Z\"", 0, 10000},
		{"dateTime", "lt", "\"2026-01-01T00:00:10Z\"", 0, 9999},
		{"dateTime", "gteq", "\"2026-01-01T00:00:10Z\"", 10000, INT64_MAX - T0},
		{"dateTime", "gt", "\"2026-01-01T00:00:10Z\"", 10001, INT64_MAX - T0},
		{"elapsedTime", "lteq", "\"PT10S\"", 0, 10000},
		{"elapsedTime", "eq", "\"PT10S\"", 0, 10000},
		{"elapsedTime", "lt", "\"PT10S\"", 0, 9999},
		{"count", "lteq", "\"2\"", 0, 1},
		{"count", "lt", "\"2\"", 0, 0},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct terms t = compiled(c, rows[i].left, rows[i].relation, rows[i].right);
		bool count = str_is(str_z(rows[i].left), "count");
		int64_t at[] = {rows[i].first - 1, rows[i].first, rows[i].last,
			rows[i].last < INT64_MAX - T0 ? rows[i].last + 1 : rows[i].last};
		for (size_t k = 0; k < countof(at); k++) {
			if (at[k] < 0)
				continue;
			struct str why;
			struct terms_ask ask = {.action = "use",
				.now_ms = count ? T0 : T0 + at[k],
				.agreed_ms = T0,
				.used = count ? at[k] : 0};
			bool allowed = at[k] >= rows[i].first && at[k] <= rows[i].last;
			is_int(terms_decide(c, &t, &ask, &why), allowed ? OK : ERR_TERM_REFUSES,
				"%s %s at %lld", rows[i].left, rows[i].relation, (long long)at[k]);
		}
	}
	struct terms none = compiled(c, "count", "lteq", "\"0\"");
	decides(c, &none, (struct terms_ask){.action = "use"},
		"count lteq 0: 0 of 0 deliveries used; agree anew");
}

static void explained(struct ctx *c)
{
	struct terms_ask ask = {.action = "use", .now_ms = T0, .purpose = STR("c")};
	struct terms t = compiled(c, "dateTime", "gt", "\"2026-01-02T00:00:00+00:00\"");
	decides(c, &t, ask,
		"dateTime gt 2026-01-02T00:00:00+00:00: it is 2026-01-01T00:00:00.000Z; wait until "
		"2026-01-02T00:00:00.001Z");
	t = compiled(c, "dateTime", "lteq", "\"2025-01-02T00:00:00Z\"");
	decides(c, &t, ask,
		"dateTime lteq 2025-01-02T00:00:00Z: it is 2026-01-01T00:00:00.000Z; agree anew");
	t = compiled(c, "purpose", "isAnyOf", "[\"a\",\"b\"]");
	decides(c, &t, ask,
		"purpose isAnyOf a and 1 more: the purpose is c; state one of these, such as a");
	ask.purpose = STR("b");
	decides(c, &t, ask, NULL);
	ask.purpose = STR("A");
	ok(terms_decide(c, &t, &ask, &(struct str){0}) == ERR_TERM_REFUSES, "letters count");
}

/* Long texts of three-byte characters: the explanation stays whole UTF-8 within its room. */
static void long_texts(struct ctx *c)
{
	struct buf b;
	struct str why = {0};
	buf_init(&b, c->arena, 1000);
	buf_char(&b, '"');
	for (int i = 0; i < 66; i++)
		buf_z(&b, "\xe7\x94\xa8");
	buf_z(&b, "\"");
	buf_char(&b, '\0');
	struct terms t = compiled(c, "purpose", "isAnyOf", buf_str(&b).p);
	struct terms_ask ask = {.action = "use", .purpose = str_sub(buf_str(&b), 1, 198 - 3)};
	is_int(terms_decide(c, &t, &ask, &why), ERR_TERM_REFUSES, "a long purpose differs");
	ok(str_is_utf8(why) && why.n < 500, "explained in %zu bytes of UTF-8", why.n);
	ok(str_find_str(why, STR("; state ")) < why.n, "with the way out");
}

/* A refusal that cannot be copied is a refusal still. */
static void no_memory(struct ctx *c)
{
	struct terms t = preset(c, "once");
	struct terms_ask ask = {.action = "use", .used = 1};
	struct str why = {0};
	arena_fail_after(1);
	err e = terms_decide(c, &t, &ask, &why);
	arena_fail_after(0);
	ok(e != OK && why.n == 0, "refused without memory");
}

static void speed(struct ctx *c)
{
	struct terms t = preset(c, "internal-use");
	t.count_max = INT64_MAX;
	t.elapsed_ms = DAY;
	struct terms_ask ask = {.action = "use", .purpose = STR("internal-use"), .now_ms = T0};
	int64_t begun = env_mono_us(&env_system), allowed = 0;
	for (int i = 0; i < 1000000; i++) {
		struct str why;
		ask.agreed_ms = ask.now_ms++;
		allowed += terms_decide(c, &t, &ask, &why) == OK;
	}
	int64_t us = env_mono_us(&env_system) - begun;
	is_int(allowed, 1000000, "a million decisions");
	printf("# %lld ns each\n", (long long)us / 1000);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	presets(&c);
	actions(&c);
	boundaries(&c);
	explained(&c);
	long_texts(&c);
	no_memory(&c);
	speed(&c);
	return done_testing();
}
