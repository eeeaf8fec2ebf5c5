/*
 * measure: what the programs of bench/ share - a clock, the figures the kernel keeps for a process,
 * and a sample of durations.
 *
 * Server CPU is the sum over /proc/PID/task/N/schedstat (nanoseconds on a CPU). It stays comparable
 * on a shared machine, where the wall clock does not. A thread that ends takes its share with it,
 * so the programs measure servers whose threads live as long as they do.
 *
 * Errors: functions answer false and leave the result alone; errno says why where a system call
 * failed. Limits: SAMPLE_MAX durations, further ones are counted in `lost` and make sample_sort()
 * false. Threads: none of this is shared.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SAMPLE_MAX = 8 * 1024 * 1024, /* 60 s at more than 100,000 a second */
};

/* Durations in nanoseconds; `ns` is a mapping that grows as it is touched. */
struct sample {
	uint64_t *ns;
	size_t n;
	size_t lost;
};

/* Reads `text` as a decimal number of at most `max`; nothing else may stand in it. */
bool measure_number(const char *text, uint64_t max, uint64_t *ret_number);

/* Monotonic time in nanoseconds. */
uint64_t measure_now_ns(void);

/* Milliseconds of the Unix epoch, for UUIDv7. */
uint64_t measure_unix_ms(void);

/* CPU time that all present threads of `pid` have used. */
bool measure_cpu_ns(uint64_t pid, uint64_t *ret_ns);

/* The line `name` (such as "VmRSS:") of /proc/PID/status in KiB. */
bool measure_status_kib(uint64_t pid, const char *name, uint64_t *ret_kib);

/* Maps room for SAMPLE_MAX durations. */
bool sample_open(struct sample *s);

/* Adds one duration. */
void sample_add(struct sample *s, uint64_t ns);

/* Orders the sample; false if it is empty or durations were lost, for then no quantile is true. */
bool sample_sort(struct sample *s);

/* The value below which `permille` of 1000 lie (nearest rank) in a sorted, non-empty sample. */
uint64_t sample_quantile(const struct sample *s, unsigned permille);

/* Gives the mapping back. */
void sample_close(struct sample *s);
