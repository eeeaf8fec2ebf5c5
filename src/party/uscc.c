#include "party/uscc.h"

#include "base/err.h"

#define BASE 31u

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* GB 32100-2015, table B.1: 3^(i) mod 31. */
static const unsigned weights[USCC_TEXT - 1] = {
	1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

static size_t value_of(char ch)
{
	return str_find((struct str){alphabet, BASE}, ch);
}

static bool is_region(struct str code)
{
	for (size_t i = 2; i < 8; i++) {
		if (code.p[i] < '0' || code.p[i] > '9')
			return false;
	}
	return true;
}

enum uscc_verdict uscc_check(struct str code)
{
	if (code.n != USCC_TEXT)
		return USCC_LENGTH;
	size_t sum = 0;
	for (size_t i = 0; i < USCC_TEXT; i++) {
		size_t value = value_of(code.p[i]);
		if (value == BASE)
			return USCC_CHARACTER;
		if (i < USCC_TEXT - 1)
			sum += value * weights[i];
	}
	if (!is_region(code))
		return USCC_REGION;
	return value_of(code.p[USCC_TEXT - 1]) == (BASE - sum % BASE) % BASE ? USCC_GOOD
									     : USCC_CHECK;
}

const char *uscc_explain(enum uscc_verdict verdict)
{
	static const char *const sentences[] = {
		[USCC_GOOD] = "the code is well formed",
		[USCC_LENGTH] = "a unified social credit code has 18 characters",
		[USCC_CHARACTER] =
			"only digits and upper-case letters without I, O, S, V and Z occur in it",
		[USCC_REGION] = "characters 3 to 8 are the digits of a region",
		[USCC_CHECK] =
			"the check character does not match: a character is wrong or swapped",
	};
	return sentences[verdict];
}
