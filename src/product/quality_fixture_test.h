/* What the tests of quality share: a table as text, measured as of 2026-11-24 against an expectation as text. */
#pragma once

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/env.h"
#include "product/quality.h"

#define FIXTURE_DAY 20781

static inline int fixture_file(struct str bytes)
{
	int fd = memfd_create("table", MFD_CLOEXEC);
	ssize_t wrote = fd < 0 ? -1 : write(fd, bytes.p, bytes.n);
	assert(wrote == (ssize_t)bytes.n);
	return fd;
}

static inline err fixture_measure(struct ctx *c, const char *name, struct str table,
	const char *expectation, uint64_t keys_max, struct json **ret)
{
	cleanup(fd_closep) int fd = fixture_file(table);
	static const uint8_t key[SHORTHASH_KEY] = "a key of tests.";
	struct expectation *x = NULL;
	TRY(expectation_read(c, str_z(expectation), key, &x));
	struct quality_ask ask = {.fd = fd,
		.filename = str_z(name),
		.expectation = x,
		.day = FIXTURE_DAY,
		.version = "9.9",
		.keys_max = keys_max};
	return quality_measure(c, &ask, ret);
}

/* Aborts where it cannot be measured: then nothing that follows means anything. */
static inline const struct json *fixture_report(
	struct ctx *c, const char *name, const char *table, const char *expectation)
{
	struct json *report = NULL;
	err e = fixture_measure(c, name, str_z(table), expectation, LIMIT_QUALITY_KEYS, &report);
	if (e != OK) {
		printf("not ok - %s\n", c->trouble.detail);
		abort();
	}
	return report;
}

static inline const struct json *fixture_indicator(const struct json *report, const char *code)
{
	const struct json *i = json_get(report, "results")->first;
	while (i != NULL && !str_is(json_text(json_get(i, "code")), code))
		i = i->next;
	return i;
}

/* "A/B=X", or what na says. */
static inline const char *fixture_said(struct ctx *c, const struct json *report, const char *code)
{
	const struct json *i = fixture_indicator(report, code);
	struct str said = json_text(json_get(i, "na"));
	int64_t a = -1, b = -1;
	if (said.n == 0) {
		(void)json_int(json_get(i, "A"), &a);
		(void)json_int(json_get(i, "B"), &b);
		if (arena_fmt(c, &said, "%lld/%lld=%.*s", (long long)a, (long long)b,
			    FMT(json_text(json_get(i, "X")))) != OK)
			return "no memory";
	}
	return arena_z(c->arena, said);
}

/* "reason of: count [rows]" of each reason, with "; " between them. */
static inline const char *fixture_reasons(struct ctx *c, const struct json *report)
{
	struct buf b;
	struct str text = {0};
	const struct json *r = json_get(json_get(report, "dirty"), "reasons")->first;
	buf_init(&b, c->arena, 65536);
	for (; r != NULL; r = r->next) {
		struct str of = json_text(json_get(r, "column"));
		of = of.n > 0 ? of : json_text(json_get(r, "rule"));
		of = of.n > 0 ? of : json_text(json_get(r, "key"));
		buf_fmt(&b, "%.*s %.*s: %.*s [", FMT(json_text(json_get(r, "reason"))), FMT(of),
			FMT(json_get(r, "count")->text));
		const struct json *n = json_get(r, "first")->first;
		for (; n != NULL; n = n->next)
			buf_fmt(&b, "%.*s%s", FMT(n->text), n->next == NULL ? "" : " ");
		buf_z(&b, r->next == NULL ? "]" : "]; ");
	}
	return buf_done(c, &b, &text) == OK ? arena_z(c->arena, text) : "too long";
}
