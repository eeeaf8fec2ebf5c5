#include "paper/words.h"

#include <assert.h>

#include "base/buf.h"
#include "codec/time.h"

#define CHARACTER 3u /* bytes of a Chinese character in UTF-8 */
#define BEIJING_MS (8ll * 3600000)
#define GROUPS 4

err words_fill(struct ctx *c, enum word w, const struct str *values, size_t n, struct str *ret)
{
	struct str text = words_zh(w);
	struct buf b;
	buf_init(&b, c->arena, 1u << 22);
	while (text.n > 0) {
		bool mark = text.n >= 3 && text.p[0] == '{' && text.p[2] == '}';
		size_t i = mark ? (size_t)(text.p[1] - '1') : n;
		if (mark && i < n) {
			buf_add(&b, values[i]);
			text = str_sub(text, 3, text.n);
		} else {
			buf_char(&b, text.p[0]);
			text = str_sub(text, 1, text.n);
		}
	}
	return buf_done(c, &b, ret);
}

static int64_t magnitude(int64_t v)
{
	assert(v > INT64_MIN);
	return v < 0 ? -v : v;
}

err words_yuan(struct ctx *c, int64_t fen, struct str *ret)
{
	char digits[24];
	size_t n = 0;
	struct buf b;
	int64_t yuan = magnitude(fen) / 100;
	do {
		digits[n++] = (char)('0' + yuan % 10);
		yuan /= 10;
	} while (yuan > 0);
	buf_init(&b, c->arena, 64);
	buf_z(&b, fen < 0 ? "-" : "");
	while (n > 0) {
		buf_char(&b, digits[--n]);
		if (n > 0 && n % 3 == 0)
			buf_char(&b, ',');
	}
	buf_fmt(&b, ".%02d", (int)(magnitude(fen) % 100));
	return buf_done(c, &b, ret);
}

static struct str character(enum word w, size_t i)
{
	return str_sub(words_zh(w), i * CHARACTER, CHARACTER);
}

/* Four digits; zero stands once between digits that are none. */
static void add_four(struct buf *b, int four, bool *zero, bool *any)
{
	static const int tens[] = {1, 10, 100, 1000};
	for (size_t i = 4; i > 0; i--) {
		int digit = four / tens[i - 1] % 10;
		if (digit == 0) {
			*zero = *any;
			continue;
		}
		if (*zero)
			buf_add(b, character(W_DIGITS, 0));
		*zero = false;
		*any = true;
		buf_add(b, character(W_DIGITS, (size_t)digit));
		if (i > 1)
			buf_add(b, character(W_UNITS, i - 2));
	}
}

/* Groups of four from the left: 10^12, 10^8, 10^4, 1. The eighth power is named once, also behind the twelfth. */
static void add_yuan(struct buf *b, int64_t yuan)
{
	static const int64_t powers[GROUPS] = {1000000000000, 100000000, 10000, 1};
	bool zero = false, any = false;
	for (size_t g = 0; g < GROUPS; g++) {
		int four = (int)(yuan / powers[g] % 10000);
		add_four(b, four, &zero, &any);
		if (g == 0 && four > 0)
			buf_add(b, character(W_GROUPS, 0));
		if (g == 1 && yuan >= powers[1])
			buf_add(b, character(W_GROUPS, 1));
		if (g == 2 && four > 0)
			buf_add(b, character(W_GROUPS, 0));
	}
	if (any)
		buf_add(b, character(W_COINS, 0));
}

err words_capital(struct ctx *c, int64_t fen, struct str *ret)
{
	struct buf b;
	int64_t whole = magnitude(fen) / 100;
	size_t jiao = (size_t)(magnitude(fen) / 10 % 10), cent = (size_t)(magnitude(fen) % 10);
	buf_init(&b, c->arena, 512);
	if (fen < 0)
		buf_add(&b, character(W_COINS, 4));
	add_yuan(&b, whole);
	if (fen == 0) {
		buf_add(&b, character(W_DIGITS, 0));
		buf_add(&b, character(W_COINS, 0));
	}
	if (jiao > 0) {
		buf_add(&b, character(W_DIGITS, jiao));
		buf_add(&b, character(W_COINS, 1));
	} else if (cent > 0 && whole > 0) {
		buf_add(&b, character(W_DIGITS, 0));
	}
	if (cent > 0) {
		buf_add(&b, character(W_DIGITS, cent));
		buf_add(&b, character(W_COINS, 2));
	} else {
		buf_add(&b, character(W_COINS, 3));
	}
	return buf_done(c, &b, ret);
}

err words_rate(struct ctx *c, int64_t rate, struct str *ret)
{
	int part = (int)(rate % 100);
	if (part == 0)
		return arena_fmt(c, ret, "%d%%", (int)(rate / 100));
	if (part % 10 == 0)
		return arena_fmt(c, ret, "%d.%d%%", (int)(rate / 100), part / 10);
	return arena_fmt(c, ret, "%d.%02d%%", (int)(rate / 100), part);
}

err words_time(struct ctx *c, struct str time, struct str *ret)
{
	int64_t ms;
	struct str text;
	if (!time_parse(time, &ms) || ms > 253402300799999 - BEIJING_MS) {
		*ret = time;
		return OK;
	}
	TRY(time_str(c, ms + BEIJING_MS, &text));
	const struct str parts[] = {str_sub(text, 0, 4), str_sub(text, 5, 2), str_sub(text, 8, 2),
		str_sub(text, 11, 8)};
	return words_fill(c, W_BEIJING, parts, countof(parts), ret);
}
