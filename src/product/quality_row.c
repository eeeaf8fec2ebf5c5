/* One row judged. */
#include "product/identifiers.h"
#include "product/quality_parts.h"

void quality_fault(struct fault_rows *f, uint64_t row)
{
	if (f->n < LIMIT_QUALITY_ROWS)
		f->first[f->n] = row;
	f->n++;
}

/* A cell while it is judged. */
struct judged {
	struct quality *q;
	struct quality_column *col;
	const struct cell *cell;
	enum value_kind kind;
	struct ordered place; /* where it is needed */
	bool dirty;
};

static void note(struct judged *j, enum fault f, bool good)
{
	if (good)
		return;
	quality_fault(&j->col->faults[f], j->q->row);
	j->dirty = true;
}

static void tally(struct judged *j, enum indicator i, bool good)
{
	j->q->t[i].b++;
	j->q->t[i].a += good;
}

/* Text without control characters, in UTF-8, in which no character was replaced. */
static bool is_readable(struct str s)
{
	bool ascii = true;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		if (ch < ' ' && ch != '\t' && ch != '\n' && ch != '\r')
			return false;
		ascii &= ch < 128;
	}
	return ascii || (str_is_utf8(s) && str_find_str(s, STR("\xef\xbf\xbd")) == s.n);
}

static bool is_of_type(const struct judged *j, enum expected_type type)
{
	enum value_kind k = j->kind;
	bool text = j->cell->given == VALUE_TEXT;
	int64_t ms;
	switch (type) {
	case TYPE_ANY:
		return true;
	case TYPE_INTEGER:
		return k == VALUE_INTEGER && !text;
	case TYPE_DECIMAL:
		return (k == VALUE_INTEGER || k == VALUE_DECIMAL) && !text;
	case TYPE_DATE:
		return k == VALUE_DATE && ordered_time(j->cell->text, &ms);
	case TYPE_DATETIME:
		return k == VALUE_DATETIME && ordered_time(j->cell->text, &ms);
	case TYPE_BOOLEAN:
		return k == VALUE_BOOLEAN && !text;
	case TYPE_TEXT:
		return k != VALUE_NESTED;
	}
	__builtin_unreachable();
}

static bool is_in_range(const struct judged *j, const struct expected_column *e)
{
	int cmp = 0;
	if (e->min != NULL && (!ordered_cmp(&j->place, e->min, &cmp) || cmp < 0))
		return false;
	return e->max == NULL || (ordered_cmp(&j->place, e->max, &cmp) && cmp <= 0);
}

static int64_t characters(struct str s)
{
	int64_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static bool has_length(struct str s, const struct expected_column *e)
{
	if (e->length_min < 0 && e->length_max < 0)
		return true;
	int64_t n = characters(s);
	return n >= e->length_min && (e->length_max < 0 || n <= e->length_max);
}

/* A number with at most so many digits behind its point; one with an exponent does not say how many. */
static bool has_scale(const struct judged *j, const struct expected_column *e)
{
	struct str s = j->cell->text;
	if (e->scale < 0)
		return true;
	if (j->place.kind != ORDERED_NUMBER || str_find(s, 'e') < s.n || str_find(s, 'E') < s.n)
		return false;
	size_t point = str_find(s, '.');
	return point == s.n || (int64_t)(s.n - point - 1) <= e->scale;
}

/* 0302: type, range, length, scale, pattern. */
static void judge_form(struct judged *j)
{
	const struct expected_column *e = j->col->e;
	if (!j->col->has_form)
		return;
	bool type = is_of_type(j, e->type), length = has_length(j->cell->text, e);
	bool range = is_in_range(j, e), scale = has_scale(j, e);
	bool pattern = e->pattern == NULL || pattern_matches(e->pattern, j->cell->text);
	note(j, FAULT_TYPE, type);
	note(j, FAULT_RANGE, range);
	note(j, FAULT_LENGTH, length);
	note(j, FAULT_SCALE, scale);
	note(j, FAULT_PATTERN, pattern);
	tally(j, Q_FORM, type && length && range && scale && pattern);
}

static bool is_among(const struct judged *j, const struct keyset *set)
{
	return keyset_has(set, shorthash_of(j->q->x->key, j->cell->text));
}

/* 0101 the format, which is a standard's; 0301 what is right by a check or by a list of all that may be. */
static void judge_content(struct judged *j)
{
	const struct expected_column *e = j->col->e;
	bool right = true;
	if (e->format != FORMAT_NONE) {
		enum format_verdict v = format_judge(e->format, j->cell->text, j->q->ids);
		note(j, FAULT_FORMAT, v != FORMAT_SHAPE);
		note(j, FAULT_CHECK, v != FORMAT_CHECK);
		tally(j, Q_STANDARD, v == FORMAT_GOOD);
		right = v == FORMAT_GOOD || !format_has_check(e->format);
	}
	if (e->values != NULL) {
		bool among = is_among(j, e->values);
		note(j, FAULT_VALUE, among);
		right = right && among;
	}
	if (e->values != NULL || format_has_check(e->format))
		tally(j, Q_CONTENT, right);
}

static uint64_t identifiers_so_far(const struct judged *j)
{
	struct identifiers_found f = identifiers_done(j->q->ids);
	return f.n[IDENTIFIER_ID_CARD] + f.n[IDENTIFIER_PHONE] + f.n[IDENTIFIER_BANK_CARD] +
	       f.n[IDENTIFIER_EMAIL];
}

/* 0105 and 0106. */
static void judge_lists(struct judged *j)
{
	const struct expected_column *e = j->col->e;
	if (e->list != NULL) {
		bool among = is_among(j, e->list);
		note(j, FAULT_LIST, among);
		tally(j, Q_REFERENCE, among);
	}
	if (e->secure) {
		uint64_t before = identifiers_so_far(j);
		identifiers_value(j->q->ids, j->cell->text);
		bool none = identifiers_so_far(j) == before;
		note(j, FAULT_SECURITY, none);
		tally(j, Q_SECURITY, none);
	}
}

static bool is_in_order(const struct judged *j)
{
	const struct quality_column *col = j->col;
	int cmp = 0;
	if (j->place.kind == ORDERED_TEXT)
		return false;
	if (!col->has_previous)
		return true;
	if (!ordered_cmp(&j->place, &col->previous, &cmp))
		return false;
	return col->e->order == ORDER_FALLING  ? cmp <= 0
	       : col->e->order == ORDER_RISING ? cmp >= 0
					       : cmp > 0;
}

/* 0501 to 0503. */
static void judge_time(struct judged *j)
{
	struct quality_column *col = j->col;
	const struct expected_column *e = col->e;
	bool is_time = j->place.kind == ORDERED_TIME;
	int64_t time = j->place.time;
	if (e->has_period) {
		bool within = is_time && time >= e->from_ms && time <= e->to_ms;
		note(j, FAULT_PERIOD, within);
		tally(j, Q_PERIOD, within);
	}
	if (e->timely_days >= 0 && is_time && time <= j->q->day_end_ms &&
		(!col->has_newest || time > col->newest)) {
		col->has_newest = true;
		col->newest = time;
	}
	if (e->order == ORDER_NONE)
		return;
	bool ordered = is_in_order(j);
	note(j, FAULT_ORDER, ordered);
	tally(j, Q_ORDER, ordered);
	if (j->place.kind != ORDERED_TEXT) {
		col->has_previous = true;
		col->previous = j->place;
	}
}

static bool is_same(const struct cell *a, const struct cell *b)
{
	int cmp = 0;
	if (str_eq(a->text, b->text))
		return true;
	struct ordered x = ordered_of(a->text, a->given), y = ordered_of(b->text, b->given);
	return ordered_cmp(&x, &y, &cmp) && cmp == 0;
}

/* 0401: compared where both are there. */
static void judge_same(struct judged *j, const struct row *row)
{
	uint16_t other = j->col->e->same;
	if (other == EXPECTED_NONE || cell_is_empty(&row->cells[other]))
		return;
	bool same = is_same(j->cell, &row->cells[other]);
	note(j, FAULT_SAME, same);
	tally(j, Q_SAME, same);
}

/* 0402: what is not there yet may come in a later row. */
static err judge_reference(struct judged *j)
{
	struct quality *q = j->q;
	struct quality_column *col = j->col;
	enum keyset_seen seen;
	if (col->targets == NULL && col->pending == NULL)
		return OK;
	struct shorthash key = shorthash_of(q->x->key, j->cell->text);
	if (col->targets != NULL)
		TRY(keyset_add(q->c, col->targets, key, q->row, &seen));
	if (col->pending == NULL)
		return OK;
	q->t[Q_RELATED].b++;
	if (keyset_has(q->columns[col->e->refers].targets, key))
		return OK;
	return keyset_add(q->c, col->pending, key, q->row, &seen);
}

static err judge_cell(struct quality *q, struct quality_column *col, const struct row *row,
	const struct cell *cell)
{
	struct judged j = {.q = q, .col = col, .cell = cell};
	bool empty = cell_is_empty(cell);
	if (col->e->required) {
		note(&j, FAULT_MISSING, !empty);
		tally(&j, Q_ELEMENTS, !empty);
		q->row_lacks |= empty;
	}
	if (!empty) {
		bool readable = is_readable(cell->text);
		note(&j, FAULT_CHARACTERS, readable);
		q->row_unreadable |= !readable;
		if (col->has_form)
			j.kind = cell->given == VALUE_BOOLEAN || cell->given == VALUE_NESTED
					 ? cell->given
					 : value_kind_of(cell->text);
		if (col->orders)
			j.place = ordered_of(cell->text, cell->given);
		judge_form(&j);
		judge_content(&j);
		judge_lists(&j);
		judge_time(&j);
		judge_same(&j, row);
		TRY(judge_reference(&j));
	}
	if (!empty || col->e->required)
		tally(&j, Q_DIRTY, j.dirty);
	q->row_dirty |= j.dirty;
	return OK;
}

/* Whether the comparison can be made, and then whether it holds. */
static bool compare(const struct row *row, uint16_t left, enum comparison is, uint16_t right,
	const struct ordered *value, bool *ret_holds)
{
	const struct cell *a = &row->cells[left];
	int cmp = 0;
	if (cell_is_empty(a) || (right != EXPECTED_NONE && cell_is_empty(&row->cells[right])))
		return false;
	struct ordered x = ordered_of(a->text, a->given), y;
	if (right == EXPECTED_NONE)
		y = *value;
	else
		y = ordered_of(row->cells[right].text, row->cells[right].given);
	bool comparable = ordered_cmp(&x, &y, &cmp);
	*ret_holds = comparable ? comparison_holds(is, cmp) : is == IS_NOT_EQUAL;
	return true;
}

/* 0104. */
static void judge_rule(struct quality *q, size_t i, const struct row *row)
{
	const struct expected_rule *r = &q->x->rules[i];
	bool applies = true, holds = true;
	if (r->when != EXPECTED_NONE &&
		!(compare(row, r->when, r->when_is, EXPECTED_NONE, &r->when_value, &applies) &&
			applies))
		return;
	if (!compare(row, r->left, r->is, r->right, &r->value, &holds))
		return;
	q->t[Q_RULES].b++;
	q->t[Q_RULES].a += holds;
	if (!holds)
		quality_fault(&q->rules[i], q->row);
	q->row_dirty |= !holds;
}

/* The hash of a key: of its one value, or of the hashes of its values. False where one is missing. */
static bool key_of(const struct quality *q, const struct expected_key *k, const struct row *row,
	struct shorthash *ret)
{
	struct shorthash parts[LIMIT_EXPECTATION_KEYS];
	for (size_t i = 0; i < k->n; i++) {
		const struct cell *cell = &row->cells[k->columns[i]];
		if (cell_is_empty(cell))
			return false;
		parts[i] = shorthash_of(q->x->key, cell->text);
	}
	*ret = k->n == 1 ? parts[0]
			 : shorthash_of(q->x->key,
				   (struct str){(const char *)parts, k->n * sizeof *parts});
	return true;
}

/* 0303 and 0304. */
static err judge_key(struct quality *q, size_t i, const struct row *row)
{
	struct quality_key *key = &q->keys[i];
	struct shorthash hash;
	enum keyset_seen seen;
	if (!key_of(q, &q->x->keys[i], row, &hash))
		return OK;
	TRY(keyset_add(q->c, key->set, hash, q->row, &seen));
	q->t[Q_UNIQUE].b++;
	if (seen == KEYSET_NEW || seen == KEYSET_FULL)
		return OK;
	/* With the second the first one is a member too. */
	key->members += seen == KEYSET_SECOND ? 2 : 1;
	key->beyond_first++;
	quality_fault(&key->faults, q->row);
	q->row_dirty = true;
	return OK;
}

err quality_row(void *arg, const struct row *row)
{
	struct quality *q = arg;
	q->row = row->number;
	q->row_dirty = row->ragged;
	q->row_unreadable = q->row_lacks = false;
	if (row->ragged)
		quality_fault(&q->ragged, q->row);
	for (size_t i = 0; i < q->x->columns_n; i++)
		TRY(judge_cell(q, &q->columns[i], row, &row->cells[i]));
	for (size_t i = 0; i < q->x->rules_n; i++)
		judge_rule(q, i, row);
	for (size_t i = 0; i < q->x->keys_n; i++)
		TRY(judge_key(q, i, row));
	q->t[Q_RECORDS].a += !q->row_lacks;
	q->dirty_rows += q->row_dirty;
	q->unreadable_rows += q->row_unreadable;
	return OK;
}
