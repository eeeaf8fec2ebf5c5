#include "terms/sentence.h"

#include <assert.h>

static const char *const messages[CLAUSE_COUNT][SENTENCE_LANGUAGES] = {
	[CLAUSE_OPEN] = {"use without a limit of purpose, time or number",
		"可使用,不限用途、期限与次数"},
	[CLAUSE_USE] = {"use", "可使用"},
	[CLAUSE_PURPOSE] = {" for ", ",限用于"},
	[CLAUSE_OR] = {" or ", "或"},
	[CLAUSE_NOT_BEFORE] = {"not before ", "不早于 "},
	[CLAUSE_NOT_AFTER] = {"not after ", "不晚于 "},
	[CLAUSE_DAYS] = {" days from the agreement on", " 日内(自合约订立起)"},
	[CLAUSE_HOURS] = {" hours from the agreement on", " 小时内(自合约订立起)"},
	[CLAUSE_SECONDS] = {" seconds from the agreement on", " 秒内(自合约订立起)"},
	[CLAUSE_DELIVERIES] = {" deliveries at most", " 次交付为限"},
	[CLAUSE_ONE_DELIVERY] = {"one delivery only", "限交付一次"},
	[CLAUSE_COMMA] = {", ", ","},
};

const char *sentence_say(enum sentence_language l, enum sentence_message m)
{
	assert(l < SENTENCE_LANGUAGES && m < CLAUSE_COUNT && messages[m][l] != NULL);
	return messages[m][l];
}

/* Purposes and permissions that Shugu itself proposes; in English they are their own words. */
static const struct {
	const char *word, *zh;
} known[] = {
	{"internal-use", "内部使用"},
	{"evaluation", "评估"},
	{"any lawful use", "任何合法用途"},
	{"not allowed", "不允许"},
};

struct str sentence_word(enum sentence_language l, struct str word)
{
	for (size_t i = 0; l == SENTENCE_ZH && i < countof(known); i++) {
		if (str_is(word, known[i].word))
			return str_z(known[i].zh);
	}
	return word;
}
