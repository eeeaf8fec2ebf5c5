#include "paper/words.h"

#include <assert.h>

static const char *const words[W_COUNT][2] = {
#define X(name, zh, en) [name] = {zh, en},
	PAPER_WORDS(X)
#undef X
};

struct str words_zh(enum word w)
{
	assert(w < W_COUNT);
	return str_z(words[w][0]);
}

struct str words_en(enum word w)
{
	assert(w < W_COUNT);
	return str_z(words[w][1]);
}
