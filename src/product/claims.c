#include "product/claims.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "codec/day.h"
#include "codec/json_time.h"
#include "product/claims_parts.h"

struct reading {
	struct ctx *c;
	struct json *claims, *twice;
	bool grantee; /* whom the next code belongs to */
};

static bool has(struct str s, const char *z)
{
	return str_find_str(s, str_z(z)) < s.n;
}

static bool is_letter(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* A word of letters stands alone; others may stand within a text. */
static bool says(struct str s, const char *word)
{
	size_t n = strlen(word);
	for (size_t from = 0; from < s.n;) {
		size_t at = from + str_find_str(str_sub(s, from, s.n), str_z(word));
		if (at >= s.n)
			return false;
		bool alone =
			!is_letter(word[0]) || ((at == 0 || !is_letter(s.p[at - 1])) &&
						       (at + n >= s.n || !is_letter(s.p[at + n])));
		if (alone)
			return true;
		from = at + 1;
	}
	return false;
}

static bool any_of(struct str s, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		if (says(s, words[i]))
			return true;
	}
	return false;
}

/* A paper may name several numbers, days and parties; only yes and no, and counts, contradict each other. */
static void put(struct reading *r, const char *claim, struct json *v)
{
	const struct json *before = json_get(r->claims, claim);
	if (before == NULL)
		json_set(&r->claims, claim, v);
	else if (v != NULL && v->type != JSON_STRING && v->type != JSON_ARRAY &&
		 !json_eq(before, v))
		json_push(&r->twice, json_z(r->c, claim));
}

static void put_day(struct reading *r, const char *claim, int64_t day)
{
	put(r, claim, json_day(r->c, day));
}

/* Digits at the start of s, at most max of them; how many. */
static size_t digits(struct str s, size_t max, int64_t *ret)
{
	size_t n = 0;
	*ret = 0;
	while (n < s.n && n < max && s.p[n] >= '0' && s.p[n] <= '9')
		*ret = *ret * 10 + (s.p[n++] - '0');
	return n;
}

/* One of the marks between the parts of a date. */
static size_t mark(struct str s, enum claim_mark which)
{
	const char *zh = claim_marks[which];
	if (str_starts(s, str_z(zh)))
		return strlen(zh);
	return s.n > 0 && (s.p[0] == '-' || s.p[0] == '/' || s.p[0] == '.') ? 1 : 0;
}

/* A date at the start of s: 2025-01-02, 2025/1/2, 2025.1.2, 20250102, or with the Chinese words. How many bytes; 0: none. */
static size_t day_at(struct str s, int64_t *ret)
{
	int64_t y = 0, m = 0, d = 0;
	char text[32];
	size_t at = digits(s, 4, &y);
	if (at != 4 || y < 1970)
		return 0;
	size_t gap = mark(str_sub(s, at, s.n), MARK_YEAR);
	size_t n = digits(str_sub(s, at + gap, s.n), 2, &m);
	at += gap + n;
	size_t gap2 = gap > 0 ? mark(str_sub(s, at, s.n), MARK_MONTH) : 0;
	size_t k = digits(str_sub(s, at + gap2, s.n), 2, &d);
	at += gap2 + k;
	if (n == 0 || k == 0 || (gap == 0 ? n + k != 4 : gap2 == 0) || m > 12 || d > 31)
		return 0;
	(void)snprintf(text, sizeof text, "%04d-%02d-%02d", (int)y, (int)m, (int)d);
	return day_parse(str_z(text), ret) ? at : 0;
}

/* The next date in s from *at on; false where there is none. */
static bool next_day(struct str s, size_t *at, int64_t *ret)
{
	for (; *at < s.n; ++*at) {
		bool inside = *at > 0 && s.p[*at - 1] >= '0' && s.p[*at - 1] <= '9';
		size_t n = inside ? 0 : day_at(str_sub(s, *at, s.n), ret);
		if (n > 0) {
			*at += n;
			return true;
		}
	}
	return false;
}

/* The years behind the first date, in digits or as a numeral. */
static int64_t years_in(struct str s)
{
	int64_t n = 0;
	size_t year = str_find_str(s, str_z(claim_marks[MARK_YEAR]));
	if (year == s.n)
		year = str_find_str(s, STR(" year"));
	struct str before = str_sub(s, 0, year);
	for (size_t i = 1; claim_numerals[i] != NULL; i++) {
		if (year < s.n && str_ends(before, str_z(claim_numerals[i])))
			return (int64_t)i;
	}
	size_t from = before.n;
	while (from > 0 && before.p[from - 1] >= '0' && before.p[from - 1] <= '9')
		from--;
	return year < s.n && digits(str_sub(before, from, before.n), 3, &n) > 0 ? n : 0;
}

static int64_t years_on(int64_t day, int64_t years)
{
	char text[DAY_TEXT + 1], later[32];
	int64_t y = 0, to = 0;
	day_text(day, text);
	(void)digits(str_z(text), 4, &y);
	(void)snprintf(later, sizeof later, "%04d%s", (int)(y + years), text + 4);
	if (day_parse(str_z(later), &to))
		return to - 1;
	(void)snprintf(
		later, sizeof later, "%04d-03-01", (int)(y + years)); /* from a 29 February */
	return day_parse(str_z(later), &to) ? to - 1 : day;
}

static void put_period(struct reading *r, struct str v)
{
	size_t at = 0;
	int64_t from = 0, to = 0;
	if (!next_day(v, &at, &from))
		return;
	struct str rest = str_sub(v, at, v.n);
	int64_t years = years_in(rest);
	if (next_day(v, &at, &to)) {
		put_day(r, "from", from);
		put_day(r, "to", to);
	} else if (any_of(v, claim_open_ended)) {
		put_day(r, "from", from);
	} else if (years > 0) {
		put_day(r, "from", from);
		put_day(r, "to", years_on(from, years));
	} else {
		put_day(r,
			has(v, claim_marks[MARK_SINCE]) || has(v, claim_marks[MARK_ON]) ? "from"
											: "to",
			from);
	}
}

void claims_days(struct ctx *c, struct str v, struct json **ret_first, struct json **ret_second)
{
	size_t at = 0;
	int64_t day = 0;
	if (!next_day(v, &at, &day))
		return;
	*ret_first = json_day(c, day);
	if (next_day(v, &at, &day))
		*ret_second = json_day(c, day);
}

bool claims_yes(struct str v, bool *ret)
{
	bool no = any_of(v, claim_negations);
	*ret = !no;
	return no || any_of(v, claim_affirmations);
}

static void put_yes(struct reading *r, const char *claim, struct str v)
{
	bool yes = false;
	if (claims_yes(v, &yes))
		put(r, claim, json_bool(r->c, yes));
}

static bool ends_in_any(struct str s, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		if (str_ends(s, str_z(words[i])))
			return true;
	}
	return false;
}

struct json *claims_rights(struct ctx *c, struct str v)
{
	struct json *a = json_array(c);
	for (size_t i = 0; i < claim_rights_n; i++) {
		size_t at = says(v, claim_rights[i].word)
				    ? str_find_str(v, str_z(claim_rights[i].word))
				    : v.n;
		bool denied = at < v.n && ends_in_any(str_sub(v, 0, at), claim_denials);
		if (at < v.n && !denied)
			json_push(&a, json_z(c, claim_rights[i].right));
	}
	return a;
}

/* How many bytes the separator at the start has. */
static size_t separator(struct str s)
{
	for (size_t i = 0; claim_separators[i] != NULL; i++) {
		if (str_starts(s, str_z(claim_separators[i])))
			return strlen(claim_separators[i]);
	}
	return 0;
}

struct json *claims_list(struct ctx *c, struct str v)
{
	struct json *a = json_array(c);
	size_t from = 0;
	for (size_t i = 0; i <= v.n; i++) {
		size_t n = i < v.n ? separator(str_sub(v, i, v.n)) : 1;
		if (n == 0)
			continue;
		struct str one = str_trim(str_sub(v, from, i - from));
		if (str_ends(one, str_z(claim_marks[MARK_STOP])))
			one.n -= strlen(claim_marks[MARK_STOP]);
		if (one.n > 0)
			json_push(&a, json_str(c, one));
		from = i + n;
		i = from - 1;
	}
	return a;
}

/* 18 characters of a unified social credit code anywhere in v. */
static bool code_in(struct str v, struct str *ret)
{
	size_t n = 0;
	for (size_t i = 0; i <= v.n; i++) {
		char ch = i < v.n ? v.p[i] : ' ';
		bool is = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z');
		if (!is && n == 18) {
			*ret = str_sub(v, i - 18, 18);
			return true;
		}
		n = is ? n + 1 : 0;
	}
	return false;
}

static void put_code(struct reading *r, const char *claim, struct str v)
{
	struct str code;
	if (code_in(v, &code))
		put(r,
			claim != NULL ? claim
			: r->grantee  ? "agent_uscc"
				      : "holder_uscc",
			json_str(r->c, code));
}

static void read_sentences(struct reading *r, struct str line);

static void put_status(struct reading *r, struct str v)
{
	bool there = any_of(v, claim_there) && !any_of(v, claim_ended);
	put(r, "status", json_str(r->c, there ? str_z(claim_there[0]) : v));
}

/* A list that names nothing is none. */
static void put_some(struct reading *r, const char *claim, struct json *list)
{
	if (list != NULL && list->n > 0)
		put(r, claim, list);
}

static void put_passed(struct reading *r, const char *claim, struct str v)
{
	if (any_of(v, claim_bad))
		put(r, claim, json_bool(r->c, false));
	else if (any_of(v, claim_good))
		put(r, claim, json_bool(r->c, true));
}

static void put_level(struct reading *r, struct str v)
{
	static const char *const names[] = {"general", "important", "core"};
	for (size_t i = 0; claim_levels[i] != NULL; i++) {
		if (says(v, claim_levels[i]))
			put(r, "level", json_z(r->c, names[i]));
	}
}

static void put_covers(struct reading *r, const char *claim, struct str v)
{
	struct json *first = NULL, *second = NULL;
	put(r, claim, json_str(r->c, v));
	claims_days(r->c, v, &first, &second);
	if (second == NULL)
		return;
	put(r, "covers_from", first);
	put(r, "covers_to", second);
}

static void put_claim(struct reading *r, const struct claim_label *l, struct str v)
{
	int64_t n = 0;
	size_t at = 0;
	switch (l->says) {
	case SAYS_TEXT:
		put(r, l->claim, json_str(r->c, v));
		break;
	case SAYS_LIST:
		put_some(r, l->claim, claims_list(r->c, v));
		break;
	case SAYS_DAY:
		if (next_day(v, &at, &n))
			put_day(r, l->claim, n);
		break;
	case SAYS_PERIOD:
		put_period(r, v);
		break;
	case SAYS_YES:
		put_yes(r, l->claim, v);
		break;
	case SAYS_RIGHTS:
		put_some(r, "rights", claims_rights(r->c, v));
		break;
	case SAYS_CODE:
		put_code(r, l->claim, v);
		break;
	case SAYS_COUNT:
		while (v.n > 0 && !(v.p[0] >= '0' && v.p[0] <= '9'))
			v = str_sub(v, 1, v.n);
		if (digits(v, 9, &n) > 0)
			put(r, l->claim, json_num(r->c, n));
		break;
	case SAYS_SENTENCE:
		read_sentences(r, v);
		break;
	case SAYS_PASSED:
		put_passed(r, l->claim, v);
		break;
	case SAYS_ROBOTS:
		put(r, l->claim, json_str(r->c, v));
		put_passed(r, "robots_allowed", v);
		break;
	case SAYS_LEVEL:
		put_level(r, v);
		break;
	case SAYS_COVERS:
		put_covers(r, l->claim, v);
		break;
	case SAYS_STATUS:
		put_status(r, v);
		break;
	case SAYS_GRANTOR:
	case SAYS_GRANTEE:
		r->grantee = l->says == SAYS_GRANTEE;
		put_code(r, NULL, v);
		break;
	}
}

static const struct claim_label *label_of(struct str s)
{
	char low[64];
	if (s.n == 0 || s.n >= sizeof low)
		return NULL;
	for (size_t i = 0; i < s.n; i++)
		low[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	struct str name = {low, s.n};
	const struct claim_label *best = NULL;
	for (size_t i = 0; i < claim_labels_n; i++) {
		struct str l = str_z(claim_labels[i].label);
		bool whole = (unsigned char)l.p[0] >= 0x80 || name.n == l.n ||
			     (name.n > l.n && name.p[name.n - l.n - 1] == ' ');
		if (str_ends(name, l) && whole && (best == NULL || l.n > strlen(best->label)))
			best = &claim_labels[i];
	}
	return best;
}

static void read_sentences(struct reading *r, struct str line)
{
	for (size_t i = 0; i < claim_sentences_n; i++) {
		if (has(line, claim_sentences[i].words))
			put(r, claim_sentences[i].claim, json_bool(r->c, claim_sentences[i].yes));
	}
}

/* What stands between the words of a phrase. */
static bool between(struct str line, const struct claim_phrase *p, struct str *ret)
{
	size_t from = str_find_str(line, str_z(p->before));
	if (from == line.n)
		return false;
	struct str rest = str_sub(line, from + strlen(p->before), line.n);
	size_t n = str_find_str(rest, str_z(p->after != NULL ? p->after : claim_marks[MARK_STOP]));
	*ret = str_trim(str_sub(rest, 0, n));
	return ret->n > 0 && (p->after == NULL || n < rest.n);
}

static void read_phrases(struct reading *r, struct str line)
{
	struct str v;
	for (size_t i = 0; i < claim_phrases_n; i++) {
		const struct claim_phrase *p = &claim_phrases[i];
		const struct claim_label l = {NULL, p->claim, p->says};
		if ((p->claim == NULL || json_get(r->claims, p->claim) == NULL) &&
			between(line, p, &v))
			put_claim(r, &l, v);
	}
}

static void read_line(struct reading *r, struct str line)
{
	size_t full = str_find_str(line, str_z(claim_marks[MARK_COLON]));
	size_t half = str_find(line, ':');
	size_t tab = str_find(line, '\t');
	size_t at = full < half ? full : half;
	at = tab < at ? tab : at;
	if (at == line.n) {
		read_sentences(r, line);
		read_phrases(r, line);
		return;
	}
	struct str name = str_trim(str_sub(line, 0, at));
	struct str v = str_trim(
		str_sub(line, at + (at == full ? strlen(claim_marks[MARK_COLON]) : 1), line.n));
	size_t bracket = str_find_str(name, str_z(claim_marks[MARK_BRACKET]));
	if (bracket == name.n)
		bracket = str_find(name, '(');
	const struct claim_label *l = label_of(str_trim(str_sub(name, 0, bracket)));
	if (l != NULL && v.n > 0)
		put_claim(r, l, v);
	else {
		read_sentences(r, line);
		read_phrases(r, line);
	}
}

err claims_read(struct ctx *c, struct str text, struct json **ret, struct json **ret_twice)
{
	struct reading r = {.c = c, .claims = json_object(c), .twice = json_array(c)};
	ENSURE(text.n <= LIMIT_CLAIMS_TEXT, c, ERR_TOO_LARGE,
		"a paper is read up to %u bytes of text", LIMIT_CLAIMS_TEXT);
	while (text.n > 0) {
		size_t n = str_find(text, '\n');
		struct str line = str_trim(str_sub(text, 0, n));
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n > 0)
			read_line(&r, line);
		text = str_sub(text, n + 1, text.n);
	}
	ENSURE(r.claims != NULL && r.twice != NULL, c, ERR_TOO_LARGE, "a paper says too much");
	*ret = r.claims;
	*ret_twice = r.twice;
	return OK;
}
