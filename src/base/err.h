/* Errors: one type, one table (errors.def), one place that records what went wrong.
 *
 * Every fallible function returns enum err, is must_use and is called as TRY(f(...)) or tested in the next line.
 * fail(c, ERR_X, "fmt", ...) writes file, line and detail once into the context and evaluates to the constant, so
 * that the compiler's flow warnings stay exact. Nobody prints an error on the way up. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/errors.def"

typedef enum err {
	OK = 0,
#define X(code, status, class, slug, title) code,
	ERRORS(X)
#undef X
		ERR_MAX_
} err;

enum err_class { REFUSAL, FAULT };

struct err_row {
	int status;
	enum err_class class;
	const char *code;
	const char *slug;
	const char *title; /* msgid */
};

struct arena;

/* What went wrong in this request: the first failure wins nothing, the last one stands. */
struct trouble {
	err code;
	int line;
	const char *file;
	char detail[512];
};

/* What a request carries through every layer: its memory and its trouble. Pure code takes nothing else. */
struct ctx {
	struct arena *arena;
	struct trouble trouble;
};

#define must_use __attribute__((warn_unused_result))
#define cleanup(fn) __attribute__((cleanup(fn)))
#define countof(a) (sizeof(a) / sizeof((a)[0]))
#define take(p) \
	({ \
		__typeof__(p) p_ = (p); \
		__typeof__(*p_) v_ = *p_; \
		*p_ = (__typeof__(*p_)){0}; \
		v_; \
	})
#define TRY(expr) \
	do { \
		err e_ = (expr); \
		if (__builtin_expect(e_ != OK, 0)) \
			return e_; \
	} while (0)
#define fail(c, code, ...) (fail_at((c), (code), __FILE__, __LINE__, __VA_ARGS__), (code))
#define ENSURE(cond, c, code, ...) \
	do { \
		if (__builtin_expect(!(cond), 0)) \
			return fail((c), (code), __VA_ARGS__); \
	} while (0)

/* Records a failure. The detail of a REFUSAL is shown to the client: no secrets, no paths. */
void fail_at(struct ctx *c, err code, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* The row of a code; code must be > OK and < ERR_MAX_. */
const struct err_row *err_row(err code);

/* True where the failure is ours (logged, answered without detail). */
bool err_is_fault(err code);
