#include "measure.h"

#include "../tests/tap.h"

#include <unistd.h>

static void test_number(void)
{
	uint64_t n = 77;

	ok(measure_number("0", 0, &n) && n == 0, "zero");
	ok(measure_number("65535", 65535, &n) && n == 65535, "the greatest allowed");
	ok(!measure_number("65536", 65535, &n) && n == 65535,
		"one more is refused, result untouched");
	ok(!measure_number("", 9, &n), "nothing is no number");
	ok(!measure_number("7x", 9, &n) && !measure_number("-1", 9, &n), "only digits");
	ok(measure_number("18446744073709551615", UINT64_MAX, &n) && n == UINT64_MAX, "2^64-1");
	ok(!measure_number("18446744073709551616", UINT64_MAX, &n), "2^64 overflows");
}

static void test_process(void)
{
	const uint64_t self = (uint64_t)getpid();
	uint64_t before = 0;
	uint64_t after = 0;
	uint64_t kib = 0;
	const uint64_t start = measure_now_ns();

	ok(measure_cpu_ns(self, &before), "own CPU time");
	while (measure_now_ns() - start < 50000000)
		;
	ok(measure_cpu_ns(self, &after) && after > before, "it grows with work");
	/* The kernel brings a running thread up to date at its ticks, of 10 ms at the longest. */
	ok(after - before <= measure_now_ns() - start + 20000000,
		"but by no more than the time that passed");
	ok(measure_status_kib(self, "VmRSS:", &kib) && kib > 100, "own size");
	ok(!measure_status_kib(self, "NoSuchLine:", &kib), "no such line");
	ok(!measure_cpu_ns(INT32_MAX, &after), "no such process");
}

static void test_sample(void)
{
	struct sample s;

	ok(sample_open(&s), "open");
	ok(!sample_sort(&s), "an empty sample has no quantile");
	for (uint64_t i = 100; i > 0; i--)
		sample_add(&s, i * 10);
	ok(sample_sort(&s), "sort");
	ok(sample_quantile(&s, 500) == 500, "median");
	ok(sample_quantile(&s, 990) == 990, "99 of 100");
	ok(sample_quantile(&s, 0) == 10 && sample_quantile(&s, 1000) == 1000, "ends");
	s.n = SAMPLE_MAX;
	sample_add(&s, 1);
	ok(s.n == SAMPLE_MAX && s.lost == 1, "a full sample counts what it loses");
	ok(!sample_sort(&s), "and gives no quantile");
	sample_close(&s);
}

int main(void)
{
	test_number();
	test_process();
	test_sample();
	return done_testing();
}
