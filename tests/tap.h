/*
 * TAP from C: one line a check, so that tests/run can count them.
 *
 * A test program is a main() that calls ok(), is_int() and is_str() and ends with
 * `return done_testing();`, which prints the plan and is non-zero if a check failed or none was
 * made. Each check answers whether it held. What failed is told on stdout as a TAP comment: file,
 * line and both values. plan(n) is for a test in which a check left out by mistake must be seen.
 * One thread only.
 */
#pragma once

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_made, tap_failed, tap_planned = -1;

#define ok(cond, ...) tap_ok((cond), __FILE__, __LINE__, #cond, __VA_ARGS__)
#define is_int(got, want, ...)                                                                     \
	tap_is_int((intmax_t)(got), (intmax_t)(want), __FILE__, __LINE__, __VA_ARGS__)
#define is_str(got, want, ...) tap_is_str((got), (want), __FILE__, __LINE__, __VA_ARGS__)

__attribute__((unused)) static inline void plan(int n)
{
	tap_planned = n;
}

__attribute__((format(printf, 4, 0))) static inline bool tap_line(
	bool held, const char *file, int line, const char *fmt, va_list args)
{
	char what[200];
	vsnprintf(what, sizeof(what), fmt, args);
	for (char *c = what; *c != '\0'; c++) {
		if (*c == '#' || (unsigned char)*c < ' ')
			*c = '?';
	}
	printf("%sok %d - %s\n", held ? "" : "not ", ++tap_made, what);
	if (!held) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	fflush(stdout);
	return held;
}

__attribute__((unused, format(printf, 5, 6))) static inline bool tap_ok(
	bool held, const char *file, int line, const char *cond, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	tap_line(held, file, line, fmt, args);
	va_end(args);
	if (!held)
		printf("#   condition: %s\n", cond);
	return held;
}

__attribute__((unused, format(printf, 5, 6))) static inline bool tap_is_int(
	intmax_t got, intmax_t want, const char *file, int line, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	bool held = tap_line(got == want, file, line, fmt, args);
	va_end(args);
	if (!held)
		printf("#   got: %" PRIdMAX "\n#   want: %" PRIdMAX "\n", got, want);
	return held;
}

/* NULL is a value of its own: it equals only NULL. */
__attribute__((unused, format(printf, 5, 6))) static inline bool tap_is_str(
	const char *got, const char *want, const char *file, int line, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	bool same = got == want || (got != NULL && want != NULL && strcmp(got, want) == 0);
	tap_line(same, file, line, fmt, args);
	va_end(args);
	if (!same)
		printf("#   got: %s\n#   want: %s\n", got ? got : "(null)", want ? want : "(null)");
	return same;
}

static inline int done_testing(void)
{
	printf("1..%d\n", tap_planned < 0 ? tap_made : tap_planned);
	bool all = tap_planned < 0 || tap_made == tap_planned;
	return tap_failed == 0 && tap_made > 0 && all ? 0 : 1;
}
