#include "product/identifiers.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "codec/day.h"

#define RUN_MIN 11u /* of a mobile number; nothing shorter is looked for */
#define GROUPS 8u

const char *const identifier_names[IDENTIFIERS] = {"idCard", "phone", "bankCard", "email"};

struct identifiers {
	struct identifiers_found found;
	int64_t today;
	int year; /* of today */
	bool number[256], word[256], mail[256];
	size_t n; /* bytes in the window that are not looked at yet */
	char window[IDENTIFIERS_WINDOW];
};

err identifiers_open(struct ctx *c, int64_t today, struct identifiers **ret)
{
	struct identifiers *s;
	char text[DAY_TEXT + 1];
	NEW(c, s);
	day_text(today, text);
	s->today = today;
	s->year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] -
		  '0';
	for (int ch = 0; ch < 128; ch++) {
		bool digit = ch >= '0' && ch <= '9';
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
		s->number[ch] = digit || ch == ' ' || ch == '-';
		s->word[ch] = digit || letter || ch == '_';
		s->mail[ch] = s->word[ch] || ch == '.' || ch == '%' || ch == '+' || ch == '-';
	}
	*ret = s;
	return OK;
}

static void note(struct identifiers *s, enum identifier kind, const char *at, const char *begin)
{
	if (s->found.n[kind]++ == 0)
		s->found.first[kind] = s->found.bytes + (uint64_t)(at - begin);
}

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static bool starts(const char *d, const char *prefix)
{
	return strncmp(d, prefix, strlen(prefix)) == 0;
}

/* ISO/IEC 7812-1, annex B. */
static bool luhn(const char *d, size_t n)
{
	unsigned sum = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned v = (unsigned)(d[n - 1 - i] - '0');
		if (i % 2 == 1)
			v = v < 5 ? 2 * v : 2 * v - 9;
		sum += v;
	}
	return sum % 10 == 0;
}

/* UnionPay, Visa, Mastercard, JCB, American Express. */
static bool is_bank_card(const char *d, size_t n)
{
	bool known = (n >= 16 && starts(d, "62")) || (n == 19 && starts(d, "9558")) ||
		     (n == 16 && (d[0] == '4' || starts(d, "35") ||
					 (d[0] == '5' && d[1] >= '1' && d[1] <= '5'))) ||
		     (n == 15 && (starts(d, "34") || starts(d, "37")));
	return known && luhn(d, n);
}

/* 11 digits, or 13 behind the country's code. */
static bool is_phone(const char *d, size_t n)
{
	if (n == 13 && starts(d, "86")) {
		d += 2;
		n -= 2;
	}
	return n == 11 && d[0] == '1' && d[1] >= '3';
}

static bool is_province(const char *d)
{
	static const char all[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
				  "50 51 52 53 54 61 62 63 64 65 71 81 82 ";
	char two[4] = {d[0], d[1], ' ', '\0'};
	const char *at = strstr(all, two);
	return at != NULL && (at - all) % 3 == 0;
}

/* GB 11643-1999: region, day of birth, order, check character (ISO 7064, MOD 11-2). d has 18 characters, the last may be X. */
static bool is_id_card(const struct identifiers *s, const char *d, int64_t *ret_born)
{
	static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	char day[] = "0000-00-00";
	int sum = 0;
	if (!is_province(d))
		return false;
	for (int i = 0; i < 17; i++)
		sum += weights[i] * (d[i] - '0');
	char last = d[17] == 'x' ? 'X' : d[17];
	if ("10X98765432"[sum % 11] != last)
		return false;
	memcpy(day, d + 6, 4);
	memcpy(day + 5, d + 10, 2);
	memcpy(day + 8, d + 12, 2);
	/* Days before 1970 are judged by their form alone; codec/day.h begins there. */
	if (strncmp(day, "19", 2) == 0 && strncmp(day, "1970", 4) < 0) {
		*ret_born = -1;
		memcpy(day, "1972", 4);
		return day_parse(str_z(day), &(int64_t){0});
	}
	return day_parse(str_z(day), ret_born) && *ret_born <= s->today;
}

static bool is_minor(const struct identifiers *s, const char *d)
{
	char birthday[16];
	int64_t turns = 0;
	int year = (d[6] - '0') * 1000 + (d[7] - '0') * 100 + (d[8] - '0') * 10 + d[9] - '0';
	(void)snprintf(birthday, sizeof birthday, "%04d-%.2s-%.2s", year + 14, d + 10, d + 12);
	if (!day_parse(str_z(birthday), &turns)) /* 29 February */
		return year + 14 > s->year;
	return turns > s->today;
}

static bool try_number(
	struct identifiers *s, const char *d, size_t n, const char *at, const char *begin)
{
	int64_t born = 0;
	if (is_phone(d, n))
		note(s, IDENTIFIER_PHONE, at, begin);
	else if (n == 18 && is_id_card(s, d, &born)) {
		note(s, IDENTIFIER_ID_CARD, at, begin);
		s->found.minors += born >= 0 && is_minor(s, d);
	} else if (n >= 15 && n <= 19 && is_bank_card(d, n))
		note(s, IDENTIFIER_BANK_CARD, at, begin);
	else
		return false;
	return true;
}

struct group {
	const char *at;
	size_t n;
};

/* Groups of one number: 4-4-4-4(-1..3), 3-4-4, 6-8-4; from the first on, how many belong together. */
static size_t joined(const struct group *g, size_t n)
{
	static const size_t shapes[][4] = {{4, 4, 4, 4}, {3, 4, 4, 0}, {6, 8, 4, 0}};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		size_t k = 0;
		while (k < 4 && k < n && shapes[i][k] != 0 && g[k].n == shapes[i][k])
			k++;
		if (k == 4 && n > 4 && g[4].n <= 3)
			return 5;
		if (k == 4 || (k == 3 && shapes[i][3] == 0))
			return k;
	}
	return 0;
}

static void try_groups(struct identifiers *s, const struct group *g, size_t n, const char *begin)
{
	for (size_t i = 0; i < n;) {
		char d[24];
		size_t k = joined(g + i, n - i), filled = 0;
		for (size_t j = i; j < i + k; j++) {
			memcpy(d + filled, g[j].at, g[j].n);
			filled += g[j].n;
		}
		i += k > 0 && try_number(s, d, filled, g[i].at, begin) ? k : 1;
	}
}

/* Is what stands at the edge a part of the number's word or fraction? */
static bool bound_before(const struct identifiers *s, const char *at, const char *begin)
{
	return at > begin && (s->word[(unsigned char)at[-1]] ||
				     (at[-1] == '.' && at - 1 > begin && is_digit(at[-2])));
}

static bool bound_after(const struct identifiers *s, const char *end, const char *stop)
{
	return end < stop && (s->word[(unsigned char)*end] ||
				     (*end == '.' && end + 1 < stop && is_digit(end[1])));
}

/* A number alone: its digits, and for an identity number the X behind 17 of them. */
static void try_alone(
	struct identifiers *s, const struct group *g, const char *begin, const char *stop)
{
	char d[24];
	const char *end = g->at + g->n;
	size_t n = g->n;
	if (n < RUN_MIN || n > 19 || bound_before(s, g->at, begin))
		return;
	memcpy(d, g->at, n);
	if (n == 17 && end < stop && (*end == 'X' || *end == 'x')) {
		d[n++] = 'X';
		end++;
	}
	d[n] = '\0';
	if (!bound_after(s, end, stop))
		(void)try_number(s, d, n, g->at, begin);
}

/* A run of digits, spaces and hyphens, of which at least RUN_MIN. */
static void look_at_run(
	struct identifiers *s, const char *at, const char *end, const char *begin, const char *stop)
{
	struct group groups[GROUPS];
	size_t n = 0;
	while (at < end) {
		const char *from = at;
		while (at < end && is_digit(*at))
			at++;
		struct group g = {from, (size_t)(at - from)};
		if (g.n > 0)
			try_alone(s, &g, begin, stop);
		if (g.n > 0 && g.n <= 8 && n < GROUPS) {
			groups[n++] = g;
		} else if (n > 0) {
			try_groups(s, groups, n, begin);
			n = 0;
		}
		at++; /* the separator; a second one ends the groups, for the next is then empty */
	}
	if (n > 0)
		try_groups(s, groups, n, begin);
}

/* A run of RUN_MIN covers every RUN_MIN-th byte, so the others need not be looked at. */
static void look_for_numbers(struct identifiers *s, const char *begin, const char *stop)
{
	const char *at = begin;
	while ((size_t)(stop - at) >= RUN_MIN) {
		if (!s->number[(unsigned char)at[RUN_MIN - 1]]) {
			at += RUN_MIN;
			continue;
		}
		const char *from = at + RUN_MIN - 1, *end = from + 1;
		while (from > at && s->number[(unsigned char)from[-1]])
			from--;
		while (end < stop && s->number[(unsigned char)*end])
			end++;
		if ((size_t)(end - from) >= RUN_MIN)
			look_at_run(s, from, end, begin, stop);
		at = end < stop ? end + 1 : end;
	}
}

/* Letters alone behind the last dot, at least two. */
static bool is_top(const char *at, const char *end)
{
	for (const char *p = at; p < end; p++) {
		if (is_digit(*p) || *p == '-')
			return false;
	}
	return end - at >= 2;
}

static bool is_domain(const struct identifiers *s, const char *at, const char *stop)
{
	const char *end = at, *dot = NULL;
	while (end < stop && s->mail[(unsigned char)*end] && strchr("_%+", *end) == NULL)
		end++;
	while (end > at && (end[-1] == '.' || end[-1] == '-'))
		end--;
	dot = end > at ? memrchr(at, '.', (size_t)(end - at)) : NULL;
	return dot != NULL && dot > at && is_top(dot + 1, end);
}

static void look_for_mail(struct identifiers *s, const char *begin, const char *stop)
{
	for (const char *at = begin; at < stop; at++) {
		at = memchr(at, '@', (size_t)(stop - at));
		if (at == NULL)
			return;
		if (at > begin && s->mail[(unsigned char)at[-1]] && at[-1] != '.' &&
			is_domain(s, at + 1, stop))
			note(s, IDENTIFIER_EMAIL, at, begin);
	}
}

static void look(struct identifiers *s, struct str bytes)
{
	look_for_numbers(s, bytes.p, bytes.p + bytes.n);
	look_for_mail(s, bytes.p, bytes.p + bytes.n);
	s->found.bytes += bytes.n;
}

/* What ends with a line is whole; a line longer than the window is cut where it is. */
static size_t whole(const struct identifiers *s)
{
	const char *last = memrchr(s->window, '\n', s->n);
	return last != NULL ? (size_t)(last - s->window) + 1 : s->n == sizeof s->window ? s->n : 0;
}

void identifiers_feed(struct identifiers *s, struct str bytes)
{
	while (bytes.n > 0) {
		size_t n = sizeof s->window - s->n < bytes.n ? sizeof s->window - s->n : bytes.n;
		memcpy(s->window + s->n, bytes.p, n);
		s->n += n;
		bytes = str_sub(bytes, n, bytes.n);
		size_t done = whole(s);
		look(s, (struct str){s->window, done});
		memmove(s->window, s->window + done, s->n - done);
		s->n -= done;
	}
}

struct identifiers_found identifiers_done(struct identifiers *s)
{
	look(s, (struct str){s->window, s->n});
	s->n = 0;
	return s->found;
}

void identifiers_value(struct identifiers *s, struct str value)
{
	assert(s->n == 0); /* a file is not fed at the same time */
	look(s, value);
}
