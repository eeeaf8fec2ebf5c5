/* The words of documents (paper_messages.h) and the ways in which amounts and times are written on paper: yuan with its fen,
 * in digits and in the capital numerals of Chinese bookkeeping; times in Beijing time. Pure. */
#pragma once

#include "base/arena.h"
#include "paper/paper_messages.h"

enum word {
#define X(name, zh, en) name,
	PAPER_WORDS(X)
#undef X
		W_COUNT
};

struct str words_zh(enum word w);
struct str words_en(enum word w);
/* The Chinese text with {1}, {2}, ... replaced, once each; at most 9. ERR_TOO_LARGE. */
must_use err words_fill(
	struct ctx *c, enum word w, const struct str *values, size_t n, struct str *ret);
/* 1234567 -> "12,345.67". */
must_use err words_yuan(struct ctx *c, int64_t fen, struct str *ret);
/* 100050 -> one thousand yuan and five jiao in capitals, "zheng" behind whole yuan and jiao. |fen| <= 2^53 - 1. */
must_use err words_capital(struct ctx *c, int64_t fen, struct str *ret);
/* Basis points: 600 -> "6%", 1350 -> "13.5%". */
must_use err words_rate(struct ctx *c, int64_t rate, struct str *ret);
/* A time of a document (codec/time.h) as year, month, day and clock in Beijing; itself where it is none. */
must_use err words_time(struct ctx *c, struct str time, struct str *ret);
