#include "party/uscc.h"

#include <string.h>

#include "tests/tap.h"

/* Codes that companies publish of themselves. */
static const char *const good[] = {
	"91110000802100433B", "91330100799655058B", "914403001922038216", "9144030071526726XG"};

static void accepts_published_codes(void)
{
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		is_int(uscc_check(str_z(good[i])), USCC_GOOD, "%s is accepted", good[i]);
}

/* GB 32100 promises that every single wrong character is found. */
static void finds_each_wrong_character(void)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	int missed = 0;
	for (size_t i = 0; i < USCC_TEXT; i++) {
		for (const char *ch = alphabet; *ch != '\0'; ch++) {
			char code[USCC_TEXT + 1];
			memcpy(code, good[0], sizeof code);
			if (code[i] == *ch)
				continue;
			code[i] = *ch;
			missed += uscc_check(str_z(code)) == USCC_GOOD;
		}
	}
	is_int(missed, 0, "every single wrong character is found");
}

static void names_the_fault(void)
{
	is_int(uscc_check(STR("91110000802100433")), USCC_LENGTH, "17 characters");
	is_int(uscc_check(STR("91110000802100433BB")), USCC_LENGTH, "19 characters");
	is_int(uscc_check(STR("91110000802100433b")), USCC_CHARACTER, "a lower-case letter");
	is_int(uscc_check(STR("9I110000802100433B")), USCC_CHARACTER, "the letter I");
	is_int(uscc_check(STR("91A10000802100433B")), USCC_REGION, "a letter in the region");
	is_int(uscc_check(STR("91110000802100433C")), USCC_CHECK, "a wrong check character");
	ok(strstr(uscc_explain(USCC_CHECK), "check character") != NULL, "and says so");
}

int main(void)
{
	accepts_published_codes();
	finds_each_wrong_character();
	names_the_fault();
	return done_testing();
}
