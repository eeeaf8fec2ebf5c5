#include "codec/csv.h"

#include <assert.h>
#include <string.h>

char csv_guess(struct str head)
{
	static const char of[] = {',', ';', '\t'};
	size_t n[countof(of)] = {0}, best = 0;
	bool quoted = false;
	for (size_t i = 0; i < head.n && (quoted || head.p[i] != '\n'); i++) {
		quoted ^= head.p[i] == '"';
		for (size_t k = 0; k < countof(of) && !quoted; k++)
			n[k] += head.p[i] == of[k];
	}
	for (size_t k = 1; k < countof(of); k++)
		best = n[k] > n[best] ? k : best;
	return of[best];
}

err csv_open(struct ctx *c, char delimiter, struct csv *ret)
{
	assert(delimiter != '"' && delimiter != '\n' && delimiter != '\r');
	struct csv made = {.delimiter = delimiter};
	NEW_N(c, made.scratch, LIMIT_CSV_FIELD);
	*ret = made;
	return OK;
}

void csv_feed(struct csv *r, struct str window, bool last)
{
	r->window = window;
	r->at = 0;
	r->last = last;
}

struct str csv_rest(const struct csv *r)
{
	return str_sub(r->window, r->at, r->window.n);
}

/* A field that reaches to the end of the window: more is needed, unless it is too long already. */
static enum csv_step unfinished(const struct csv *r)
{
	/* Two quotes and a CR may surround the field. */
	return r->window.n - r->at > 2 * LIMIT_CSV_FIELD + 3 ? CSV_TOO_LONG : CSV_MORE;
}

/* Position of the delimiter or LF at or behind from, or the window's end. */
static size_t find_end(const struct csv *r, size_t from)
{
	const char *p = r->window.p;
	const char delimiter = r->delimiter;
	size_t n = r->window.n;
	while (from < n && p[from] != delimiter && p[from] != '\n')
		from++;
	return from;
}

/* Ends a field at the delimiter, LF or end of file that stands at end. */
static enum csv_step ended(struct csv *r, size_t end)
{
	bool goes_on = end < r->window.n && r->window.p[end] == r->delimiter;
	r->at = end < r->window.n ? end + 1 : end;
	r->row_open = goes_on;
	return goes_on ? CSV_FIELD : CSV_ROW;
}

/* The position before a CR that belongs to the line end. */
static size_t without_cr(const struct csv *r, size_t from, size_t end)
{
	bool line_end = end == r->window.n || r->window.p[end] == '\n';
	return line_end && end > from && r->window.p[end - 1] == '\r' ? end - 1 : end;
}

static enum csv_step plain(struct csv *r, struct str *ret)
{
	size_t from = r->at, end = find_end(r, from);
	if (end == r->window.n && !r->last)
		return unfinished(r);
	struct str field = str_sub(r->window, from, without_cr(r, from, end) - from);
	if (field.n > LIMIT_CSV_FIELD)
		return CSV_TOO_LONG;
	*ret = field;
	return ended(r, end);
}

/* Position of the closing quote, or the window's end; counts the doubled ones before it. A quote that is the last byte
 * of a window that others follow may be the first half of a double: then ret_open is set. */
static size_t find_quote(const struct csv *r, size_t from, size_t *ret_doubled, bool *ret_open)
{
	size_t n = r->window.n;
	while (from < n) {
		const char *quote = memchr(r->window.p + from, '"', n - from);
		if (quote == NULL)
			break;
		size_t at = (size_t)(quote - r->window.p);
		if (at + 1 < n && r->window.p[at + 1] == '"') {
			++*ret_doubled;
			from = at + 2;
			continue;
		}
		*ret_open = at + 1 == n && !r->last;
		return at;
	}
	*ret_open = true;
	return n;
}

/* Copies raw with each doubled quote once, and the tail behind it. */
static struct str unquoted(struct csv *r, struct str raw, struct str tail)
{
	size_t n = 0;
	for (size_t i = 0; i < raw.n; i++) {
		r->scratch[n++] = raw.p[i];
		i += raw.p[i] == '"';
	}
	if (tail.n > 0)
		memcpy(r->scratch + n, tail.p, tail.n);
	return (struct str){r->scratch, n + tail.n};
}

static enum csv_step quoted(struct csv *r, struct str *ret)
{
	size_t from = r->at + 1, doubled = 0;
	bool open = false;
	size_t quote = find_quote(r, from, &doubled, &open);
	if (open && !r->last)
		return unfinished(r);
	size_t behind = open ? quote : quote + 1, end = find_end(r, behind);
	if (end == r->window.n && !r->last)
		return unfinished(r);
	struct str raw = str_sub(r->window, from, quote - from);
	struct str tail = str_sub(r->window, behind, without_cr(r, behind, end) - behind);
	if (raw.n - doubled + tail.n > LIMIT_CSV_FIELD)
		return CSV_TOO_LONG;
	r->odd += open || tail.n > 0;
	*ret = doubled + tail.n > 0 ? unquoted(r, raw, tail) : raw;
	return ended(r, end);
}

/* Lines without any byte are no rows. False when more is needed to tell. */
static bool pass_blank_lines(struct csv *r)
{
	const struct str w = r->window;
	while (r->at < w.n) {
		bool cr = w.p[r->at] == '\r';
		if (cr && r->at + 1 == w.n && !r->last)
			return false;
		size_t lf = r->at + cr;
		if (lf < w.n && w.p[lf] != '\n')
			return true;
		r->at = lf < w.n ? lf + 1 : lf;
	}
	return true;
}

enum csv_step csv_next(struct csv *r, struct str *ret_field)
{
	if (!r->begun) {
		if (r->window.n < 3 && !r->last)
			return CSV_MORE;
		r->begun = true;
		r->at = str_starts(r->window, STR("\xef\xbb\xbf")) ? 3 : 0;
	}
	if (!r->row_open && !pass_blank_lines(r))
		return CSV_MORE;
	if (r->at == r->window.n && !r->last)
		return CSV_MORE;
	if (r->at == r->window.n && !r->row_open)
		return CSV_END;
	bool is_quoted = r->at < r->window.n && r->window.p[r->at] == '"';
	return is_quoted ? quoted(r, ret_field) : plain(r, ret_field);
}
