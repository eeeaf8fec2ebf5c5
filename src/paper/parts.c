#include "paper/parts.h"

void parts_fact(struct sheet_draft *d, enum word name, struct str value)
{
	sheet_fact(d, words_zh(name), words_en(name), value);
}

void parts_code(struct sheet_draft *d, enum word name, struct str value)
{
	sheet_code(d, words_zh(name), words_en(name), value);
}

void parts_heading(struct sheet_draft *d, enum word text)
{
	sheet_heading(d, words_zh(text), words_en(text));
}

static struct str got(struct sheet_draft *d, err e, struct str s)
{
	if (e == OK)
		return s;
	d->failed = true;
	return (struct str){0};
}

struct str parts_fill(struct sheet_draft *d, enum word w, const struct str *values, size_t n)
{
	struct str s = {0};
	err e = words_fill(d->c, w, values, n, &s);
	return got(d, e, s);
}

struct str parts_one(struct sheet_draft *d, enum word w, struct str value)
{
	return parts_fill(d, w, &value, 1);
}

struct str parts_number(struct sheet_draft *d, int64_t v)
{
	struct str s = {0};
	err e = arena_fmt(d->c, &s, "%lld", (long long)v);
	return got(d, e, s);
}

struct str parts_hex(struct sheet_draft *d, const struct hash *h)
{
	struct buf b;
	buf_init(&b, d->c->arena, 2 * HASH_BYTES);
	buf_hex(&b, h->b, HASH_BYTES);
	return got(d, b.failed ? ERR_TOO_LARGE : OK, buf_str(&b));
}

struct str parts_yuan(struct sheet_draft *d, int64_t fen)
{
	struct str s = {0};
	err e = words_yuan(d->c, fen, &s);
	return got(d, e, s);
}

struct str parts_capital(struct sheet_draft *d, int64_t fen)
{
	struct str s = {0};
	err e = words_capital(d->c, fen, &s);
	return got(d, e, s);
}

struct str parts_rate(struct sheet_draft *d, int64_t rate)
{
	struct str s = {0};
	err e = words_rate(d->c, rate, &s);
	return got(d, e, s);
}

struct str parts_time(struct sheet_draft *d, struct str time)
{
	struct str s = {0};
	err e = words_time(d->c, time, &s);
	return got(d, e, s);
}

struct str parts_assurance(struct str assurance)
{
	static const struct {
		const char *word;
		enum word say;
	} rows[] = {{"self-declared", W_SELF_DECLARED}, {"partner-confirmed", W_PARTNER_CONFIRMED},
		{"ca-certificate", W_CA_CERTIFICATE}, {"authority", W_AUTHORITY}};
	for (size_t i = 0; i < countof(rows); i++) {
		if (str_is(assurance, rows[i].word))
			return words_zh(rows[i].say);
	}
	return assurance;
}

struct str parts_fingerprint(struct sheet_draft *d, const struct party *p)
{
	if (!p->joined)
		return (struct str){0};
	struct hash h = hash_of((struct str){(const char *)p->key, KEY_BYTES});
	return parts_hex(d, &h);
}
