/* Usage terms as one sentence for people, in Chinese or English: what the compiled policy allows, each constraint a clause
 * in the order of enum term_kind. Pure; the text lies in the context's arena. */
#pragma once

#include "terms/policy.h"

enum sentence_language { SENTENCE_EN, SENTENCE_ZH, SENTENCE_LANGUAGES };

enum sentence_message {
	CLAUSE_OPEN,    /* without constraint */
	CLAUSE_USE,     /* what begins every other sentence */
	CLAUSE_PURPOSE, /* what follows is the list of purposes */
	CLAUSE_OR,
	CLAUSE_NOT_BEFORE, /* a time follows */
	CLAUSE_NOT_AFTER,
	CLAUSE_DAYS, /* a number goes before */
	CLAUSE_HOURS,
	CLAUSE_SECONDS,
	CLAUSE_DELIVERIES,
	CLAUSE_ONE_DELIVERY,
	CLAUSE_COMMA,
	CLAUSE_COUNT
};

const char *sentence_say(enum sentence_language l, enum sentence_message m);
/* A purpose, or who may pass it on, as people say it: a word that is not known stays what it is. */
struct str sentence_word(enum sentence_language l, struct str word);

must_use err terms_sentence(
	struct ctx *c, const struct terms *t, enum sentence_language l, struct str *ret);
