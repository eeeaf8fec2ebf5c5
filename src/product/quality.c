#include "product/quality_parts.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "product/identifiers.h"

#define DAY_MS 86400000ll

void quality_ratio(uint64_t a, uint64_t b, char ret[32])
{
	assert(b > 0);
	unsigned __int128 scaled = (unsigned __int128)a * 2000000 + b;
	uint64_t x = (uint64_t)(scaled / ((unsigned __int128)b * 2));
	(void)snprintf(ret, 32, "%llu.%06llu", (unsigned long long)(x / 1000000),
		(unsigned long long)(x % 1000000));
}

static bool has_form(const struct expected_column *e)
{
	return e->type != TYPE_ANY || e->pattern != NULL || e->min != NULL || e->max != NULL ||
	       e->length_min >= 0 || e->length_max >= 0 || e->scale >= 0;
}

/* Which indicators rest on a column. */
static void declare_column(struct tally *t, const struct expected_column *e)
{
	t[Q_STANDARD].declared |= e->format != FORMAT_NONE;
	t[Q_METADATA].declared |= e->title.n > 0;
	t[Q_REFERENCE].declared |= e->list != NULL;
	t[Q_SECURITY].declared |= e->secure;
	t[Q_ELEMENTS].declared |= e->required;
	t[Q_RECORDS].declared |= e->required;
	t[Q_CONTENT].declared |= e->values != NULL || format_has_check(e->format);
	t[Q_FORM].declared |= has_form(e);
	t[Q_SAME].declared |= e->same != EXPECTED_NONE;
	t[Q_RELATED].declared |= e->refers != EXPECTED_NONE;
	t[Q_PERIOD].declared |= e->has_period;
	t[Q_TIMELY].declared |= e->timely_days >= 0;
	t[Q_ORDER].declared |= e->order != ORDER_NONE;
}

static void declare(struct quality *q)
{
	const struct expectation *x = q->x;
	for (size_t i = 0; i < x->columns_n; i++)
		declare_column(q->t, &x->columns[i]);
	q->t[Q_MODEL].declared = q->t[Q_DIRTY].declared = true;
	q->t[Q_RULES].declared = x->rules_n > 0;
	q->t[Q_RECORDS].declared |= x->rows >= 0;
	q->t[Q_DUPLICATES].declared = q->t[Q_UNIQUE].declared = x->keys_n > 0;
	q->t[Q_ACCESS].declared = x->readable;
	q->t[Q_USABLE].declared = x->has_lifetime;
}

static err prepare_column(struct ctx *c, struct quality *q, size_t i)
{
	struct quality_column *col = &q->columns[i];
	const struct expected_column *e = &q->x->columns[i];
	col->e = e;
	col->has_form = has_form(e);
	col->orders = e->min != NULL || e->max != NULL || e->scale >= 0 || e->has_period ||
		      e->timely_days >= 0 || e->order != ORDER_NONE;
	if (e->refers == EXPECTED_NONE)
		return OK;
	struct quality_column *to = &q->columns[e->refers];
	TRY(keyset_new(c, &q->budget, true, &col->pending));
	return to->targets != NULL ? OK : keyset_new(c, &q->budget, false, &to->targets);
}

static err prepare(struct ctx *c, struct quality *q)
{
	const struct expectation *x = q->x;
	q->budget.limit = q->ask->keys_max;
	memcpy(q->budget.key, x->key, SHORTHASH_KEY);
	q->day_end_ms = (q->ask->day + 1) * DAY_MS - 1;
	declare(q);
	NEW_N(c, q->columns, x->columns_n);
	NEW_N(c, q->keys, x->keys_n + 1);
	NEW_N(c, q->rules, x->rules_n + 1);
	for (size_t i = 0; i < x->columns_n; i++)
		TRY(prepare_column(c, q, i));
	for (size_t i = 0; i < x->keys_n; i++)
		TRY(keyset_new(c, &q->budget, false, &q->keys[i].set));
	return identifiers_open(c, q->ask->day, &q->ids);
}

/* The references of one column that nothing answered. */
struct unanswered {
	const struct keyset *targets;
	struct fault_rows *rows;
	uint64_t kept;
};

static void take_unanswered(void *arg, struct shorthash key, uint64_t n, uint64_t first)
{
	struct unanswered *u = arg;
	struct fault_rows *f = u->rows;
	if (keyset_has(u->targets, key))
		return;
	f->n += n;
	/* The smallest rows, in order. */
	if (u->kept == LIMIT_QUALITY_ROWS && first >= f->first[LIMIT_QUALITY_ROWS - 1])
		return;
	size_t at = u->kept < LIMIT_QUALITY_ROWS ? u->kept++ : LIMIT_QUALITY_ROWS - 1;
	for (; at > 0 && f->first[at - 1] > first; at--)
		f->first[at] = f->first[at - 1];
	f->first[at] = first;
}

static void finish_references(struct quality *q)
{
	uint64_t unanswered = 0;
	for (size_t i = 0; i < q->x->columns_n; i++) {
		struct quality_column *col = &q->columns[i];
		if (col->pending == NULL)
			continue;
		struct unanswered u = {
			q->columns[col->e->refers].targets, &col->faults[FAULT_REFERENCE], 0};
		keyset_each(col->pending, take_unanswered, &u);
		unanswered += u.rows->n;
	}
	assert(unanswered <= q->t[Q_RELATED].b);
	q->t[Q_RELATED].a = q->t[Q_RELATED].b - unanswered;
	q->t[Q_RELATED].limited = q->budget.exceeded;
}

/* 0102 and 0103, of which columns are the elements; 0502 too. */
static void finish_columns(struct quality *q)
{
	struct tally *model = &q->t[Q_MODEL], *metadata = &q->t[Q_METADATA],
		     *timely = &q->t[Q_TIMELY];
	for (size_t i = 0; i < q->x->columns_n; i++) {
		const struct quality_column *col = &q->columns[i];
		const struct expected_column *e = col->e;
		uint32_t found = q->told.found[i];
		model->b++;
		model->a += found == 1;
		metadata->b += found > 0;
		metadata->a += found > 0 && e->title.n > 0 && e->type != TYPE_ANY &&
			       col->faults[FAULT_TYPE].n == 0;
		timely->b += e->timely_days >= 0;
		timely->a += e->timely_days >= 0 && col->has_newest &&
			     col->newest >= (q->ask->day - e->timely_days) * DAY_MS;
	}
	model->b += q->x->others ? 0 : q->told.others;
	metadata->b += q->told.others;
}

static void finish_keys(struct quality *q)
{
	struct tally *unique = &q->t[Q_UNIQUE], *duplicates = &q->t[Q_DUPLICATES];
	for (size_t i = 0; i < q->x->keys_n; i++) {
		duplicates->a += q->keys[i].members;
		q->beyond_first += q->keys[i].beyond_first;
	}
	assert(duplicates->a <= unique->b && q->beyond_first <= duplicates->a);
	duplicates->b = unique->b;
	unique->a = unique->b - duplicates->a;
	unique->limited = duplicates->limited = q->budget.exceeded;
}

static void finish(struct quality *q)
{
	const struct expectation *x = q->x;
	struct tally *t = q->t;
	uint64_t rows = q->told.rows;
	finish_columns(q);
	finish_keys(q);
	finish_references(q);
	t[Q_RECORDS].b = x->rows >= 0 ? (uint64_t)x->rows : rows;
	if (t[Q_RECORDS].a > t[Q_RECORDS].b)
		t[Q_RECORDS].a = t[Q_RECORDS].b;
	t[Q_ACCESS].b = rows + q->told.malformed + (q->told.stopped != NULL);
	t[Q_ACCESS].a = rows - q->unreadable_rows;
	t[Q_USABLE].b = rows;
	bool alive = q->ask->day >= x->lifetime_from && q->ask->day <= x->lifetime_to;
	t[Q_USABLE].a = alive ? rows - q->dirty_rows : 0;
}

err quality_measure(struct ctx *c, const struct quality_ask *ask, struct json **ret)
{
	struct quality *q;
	NEW(c, q);
	q->c = c;
	q->ask = ask;
	q->x = ask->expectation;
	TRY(prepare(c, q));
	struct rows_want want = {.fd = ask->fd,
		.filename = ask->filename,
		.given = ask->given,
		.columns = q->x->names,
		.columns_n = q->x->columns_n,
		.row = quality_row,
		.arg = q};
	TRY(rows_read(c, &want, &q->told));
	finish(q);
	return quality_report(c, q, ret);
}
