/* The labels and words that product/claims.c reads by. Pure tables. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum says {
	SAYS_TEXT,
	SAYS_LIST,
	SAYS_DAY,
	SAYS_PERIOD, /* two dates, or one and a number of years: from and to */
	SAYS_YES,
	SAYS_RIGHTS,
	SAYS_CODE,
	SAYS_COUNT,
	SAYS_GRANTOR,  /* what follows is of who gives */
	SAYS_GRANTEE,  /* or of who receives */
	SAYS_SENTENCE, /* as a sentence without a label */
	SAYS_PASSED,   /* a conclusion: passed, agreed to */
	SAYS_ROBOTS,   /* as it stands, and whether it was respected */
	SAYS_LEVEL,    /* general, important, core */
	SAYS_COVERS,   /* as it stands, and its two days */
	SAYS_STATUS,   /* of the company register: its words for a company that is there are one */
};

struct claim_label {
	const char *label, *claim;
	enum says says;
};

struct claim_sentence {
	const char *words, *claim;
	bool yes;
};

/* What stands between two words of a line; after: up to the end of the sentence where it is NULL. */
struct claim_phrase {
	const char *before, *after, *claim;
	enum says says;
};

struct claim_right {
	const char *word, *right;
};

extern const struct claim_label claim_labels[];
extern const struct claim_sentence claim_sentences[];
extern const struct claim_right claim_rights[];
extern const struct claim_phrase claim_phrases[];
extern const size_t claim_labels_n, claim_sentences_n, claim_rights_n, claim_phrases_n;
/* NULL-terminated. In claim_numerals the n-th is n; claim_marks: year, month, colon, opening bracket, full stop, since, from on. */
extern const char *const claim_negations[],
	*const claim_affirmations[],
		*const claim_open_ended[],
			*const claim_numerals[],
				*const claim_separators[],
					*const claim_denials[],
						*const claim_there[],
							*const claim_bad[],
								*const claim_good[],
									*const claim_levels[],
										*const claim_ended
											[];
enum claim_mark {
	MARK_YEAR,
	MARK_MONTH,
	MARK_COLON,
	MARK_BRACKET,
	MARK_STOP,
	MARK_SINCE,
	MARK_ON,
	MARKS
};
extern const char *const claim_marks[MARKS];
