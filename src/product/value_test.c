#include "product/value.h"

#include "base/arena.h"
#include "tests/tap.h"

static const struct {
	const char *text;
	enum value_kind kind;
} kinds[] = {
	{"0", VALUE_INTEGER},
	{"-0", VALUE_INTEGER},
	{"+7", VALUE_INTEGER},
	{"123456789012345678901234567890", VALUE_INTEGER},
	{"00501", VALUE_CODE},
	{"00", VALUE_CODE},
	{"-01", VALUE_TEXT},
	{"1.5", VALUE_DECIMAL},
	{".5", VALUE_DECIMAL},
	{"-.5", VALUE_DECIMAL},
	{"5.", VALUE_TEXT},
	{"1e5", VALUE_DECIMAL},
	{"1.5E-7", VALUE_DECIMAL},
	{"1e", VALUE_TEXT},
	{"1e+", VALUE_TEXT},
	{"e5", VALUE_TEXT},
	{"01.5", VALUE_TEXT},
	{"1.2.3", VALUE_TEXT},
	{"1,5", VALUE_TEXT},
	{"-", VALUE_TEXT},
	{".", VALUE_TEXT},
	{"+", VALUE_TEXT},
	{"", VALUE_TEXT},
	{" 1", VALUE_TEXT},
	{"2012-01-31", VALUE_DATE},
	{"2012/01/31", VALUE_DATE},
	{"2012-13-01", VALUE_TEXT},
	{"2012-00-01", VALUE_TEXT},
	{"2012-01-32", VALUE_TEXT},
	{"2012-01/31", VALUE_TEXT},
	{"2012-1-31", VALUE_TEXT},
	{"12-01-31", VALUE_TEXT},
	{"-2012-01-31", VALUE_TEXT},
	{"2012-01-31T10:00", VALUE_DATETIME},
	{"2012-01-31 10:00:59", VALUE_DATETIME},
	{"2012-01-31T10:00:00.123Z", VALUE_DATETIME},
	{"2012-01-31T10:00:00+08:00", VALUE_DATETIME},
	{"2012-01-31T10", VALUE_TEXT},
	{"2012-01-31T25:00", VALUE_TEXT},
	{"2012-01-31T10:00:00.", VALUE_TEXT},
	{"2012-01-31T10:00:00+0800", VALUE_TEXT},
	{"2012-01-31x", VALUE_TEXT},
	{"0012-01-31", VALUE_DATE},
	{"true", VALUE_BOOLEAN},
	{"FALSE", VALUE_BOOLEAN},
	{"t", VALUE_TEXT},
	{"truely", VALUE_TEXT},
	{"yes", VALUE_TEXT},
};

/* Ascending; what stands in one row is equal. */
static const char *const order[][3] = {
	{"-1e30"},
	{"-123.5"},
	{"-123.4"},
	{"-2"},
	{"-1", "-1.0", "-10e-1"},
	{"-0.002"},
	{"-0.0019"},
	{"0", "-0", "0.000"},
	{"1e-999999999"},
	{"0.001", ".001", "1e-3"},
	{"0.0011"},
	{"0.1"},
	{"9"},
	{"10", "1e1", "+10"},
	{"99.99"},
	{"100"},
	{"123456789012345678"},
	{"123456789012345679"},
	{"1e18"},
	{"1e999999999"},
};

static void ordered(void)
{
	bool good = true;
	for (size_t i = 0; i < countof(order) * 3; i++) {
		for (size_t k = 0; k < countof(order) * 3; k++) {
			const char *a = order[i / 3][i % 3], *b = order[k / 3][k % 3];
			if (a == NULL || b == NULL)
				continue;
			struct number x = value_number(str_z(a)), y = value_number(str_z(b));
			int got = number_cmp(&x, &y);
			bool held = (got < 0) == (i / 3 < k / 3) && (got > 0) == (i / 3 > k / 3);
			if (!held)
				printf("# %s against %s: %d\n", a, b, got);
			good = good && held;
		}
	}
	ok(good, "numbers are ordered by what they state");
}

/* Single bits, lengths and kinds change the hash; its upper bits are spread evenly. */
static void hashes(void)
{
	static const char text[64] = {0};
	uint64_t seen[64 + 8];
	size_t n = 0, equal = 0;
	for (size_t i = 0; i < 64; i++)
		seen[n++] = value_hash((struct str){text, i}, VALUE_ANY);
	for (unsigned k = 1; k < VALUE_KINDS; k++)
		seen[n++] = value_hash((struct str){text, 9}, k);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			equal += seen[i] == seen[k];
	}
	is_int(equal, 0, "lengths and kinds tell values apart");
	unsigned low = 0, total = 100000;
	for (unsigned i = 0; i < total; i++) {
		char digits[16];
		int length = snprintf(digits, sizeof digits, "%u", i);
		low += value_hash((struct str){digits, (size_t)length}, VALUE_ANY) <
		       UINT64_MAX / 10;
	}
	ok(low > 9700 && low < 10300, "a tenth of the numbers lies in the lowest tenth: %u", low);
}

int main(void)
{
	for (size_t i = 0; i < countof(kinds); i++)
		is_int(value_kind_of(str_z(kinds[i].text)), kinds[i].kind, "'%s'", kinds[i].text);
	ordered();
	hashes();
	return done_testing();
}
