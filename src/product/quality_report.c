/* What was measured, as a report. */
#include "codec/day.h"
#include "product/column.h"
#include "product/quality_parts.h"

static err set_clean(struct ctx *c, struct json **o, const char *name, struct str text)
{
	struct str clean;
	TRY(column_clean(c, text, LIMIT_NAME, &clean));
	json_set_str(c, o, name, clean);
	return OK;
}

static err set_ratio(struct ctx *c, struct json **o, uint64_t a, uint64_t b)
{
	char ratio[32];
	struct str own;
	quality_ratio(a, b, ratio);
	TRY(arena_str(c, str_z(ratio), &own));
	json_set_num(c, o, "A", (int64_t)a);
	json_set_str(c, o, "X", own);
	return OK;
}

/* 0303 and 0304 by the other convention of counting. */
static err set_other(struct ctx *c, const struct quality *q, enum indicator i, struct json **o)
{
	struct json *other = json_object(c);
	uint64_t b = q->t[i].b;
	TRY(set_ratio(c, &other, i == Q_DUPLICATES ? q->beyond_first : b - q->beyond_first, b));
	json_set(&other, "convention", json_z(c, "beyond-first"));
	json_set(o, "convention", json_z(c, "all-members"));
	json_set(o, "other", other);
	return OK;
}

static const char *not_applicable(const struct tally *t)
{
	if (!t->declared)
		return "undeclared";
	if (t->limited)
		return "limit";
	return t->b == 0 ? "empty" : NULL;
}

static err indicator_json(
	struct ctx *c, const struct quality *q, enum indicator i, struct json **ret)
{
	const struct quality_words *w = &quality_words[i];
	const char *na = not_applicable(&q->t[i]);
	struct json *o = json_object(c), *name = json_object(c);
	json_set(&name, "zh", json_z(c, w->zh));
	json_set(&name, "en", json_z(c, w->en));
	json_set(&o, "code", json_z(c, w->code));
	json_set(&o, "group", json_z(c, w->group));
	json_set(&o, "name", name);
	json_set(&o, "orientation", json_z(c, w->lower ? "lower" : "higher"));
	*ret = o;
	if (na != NULL) {
		json_set(ret, "na", json_z(c, na));
		return OK;
	}
	TRY(set_ratio(c, ret, q->t[i].a, q->t[i].b));
	json_set_num(c, ret, "B", (int64_t)q->t[i].b);
	return i == Q_DUPLICATES || i == Q_UNIQUE ? set_other(c, q, i, ret) : OK;
}

static err add_indicators(struct ctx *c, const struct quality *q, struct json **o)
{
	struct json *all = json_array(c);
	int64_t evaluated = 0;
	for (enum indicator i = 0; i < Q_END; i++) {
		struct json *one = NULL;
		TRY(indicator_json(c, q, i, &one));
		json_push(&all, one);
		evaluated += not_applicable(&q->t[i]) == NULL;
	}
	json_set(o, "results", all);
	json_set_num(c, o, "indicators", evaluated);
	return OK;
}

/* One reason; about: the member that names what it is about, or NULL. */
static err add_reason(struct ctx *c, struct json **all, const struct fault_rows *f,
	const char *reason, const char *about, struct str of)
{
	struct json *o = json_object(c), *first = json_array(c);
	if (f->n == 0)
		return OK;
	for (size_t i = 0; i < LIMIT_QUALITY_ROWS && i < f->n && f->first[i] != 0; i++)
		json_push(&first, json_num(c, (int64_t)f->first[i]));
	json_set(&o, "reason", json_z(c, reason));
	if (about != NULL)
		json_set_str(c, &o, about, of);
	json_set_num(c, &o, "count", (int64_t)f->n);
	json_set(&o, "first", first);
	json_push(all, o);
	return OK;
}

/* The columns of a key, with a plus between them. */
static err key_name(struct ctx *c, const struct quality *q, size_t i, struct str *ret)
{
	const struct expected_key *k = &q->x->keys[i];
	struct buf b;
	buf_init(&b, c->arena, LIMIT_EXPECTATION_KEYS * (LIMIT_NAME + 1));
	for (size_t n = 0; n < k->n; n++) {
		if (n > 0)
			buf_char(&b, '+');
		buf_add(&b, q->x->names[k->columns[n]]);
	}
	return buf_done(c, &b, ret);
}

static err add_dirty(struct ctx *c, const struct quality *q, struct json **o)
{
	struct json *dirty = json_object(c), *all = json_array(c);
	for (size_t i = 0; i < q->x->columns_n; i++) {
		for (enum fault f = 0; f < FAULTS; f++)
			TRY(add_reason(c, &all, &q->columns[i].faults[f], quality_faults[f],
				"column", q->x->names[i]));
	}
	for (size_t i = 0; i < q->x->rules_n; i++)
		TRY(add_reason(c, &all, &q->rules[i], "rule", "rule", q->x->rules[i].name));
	for (size_t i = 0; i < q->x->keys_n; i++) {
		struct str name;
		TRY(key_name(c, q, i, &name));
		TRY(add_reason(c, &all, &q->keys[i].faults, "duplicate", "key", name));
	}
	TRY(add_reason(c, &all, &q->ragged, "ragged", NULL, STR("")));
	json_set_num(c, &dirty, "rows", (int64_t)q->dirty_rows);
	json_set(&dirty, "reasons", all);
	json_set(o, "dirty", dirty);
	return OK;
}

static err add_file(struct ctx *c, const struct quality *q, struct json **o)
{
	const struct rows_told *t = &q->told;
	struct json *file = json_object(c);
	TRY(set_clean(c, &file, "name", q->ask->filename));
	json_set_num(c, &file, "size", (int64_t)t->size);
	json_set_hex(c, &file, "sha256", t->digest.b, HASH_BYTES);
	json_set(o, "file", file);
	json_set(o, "format", json_z(c, t->format));
	if (t->charset != CHARSET_UNKNOWN)
		json_set(o, "encoding", json_z(c, charset_name(t->charset)));
	uint64_t columns = t->others;
	for (size_t i = 0; i < q->x->columns_n; i++)
		columns += t->found[i];
	json_set_num(c, o, "rows", (int64_t)t->rows);
	json_set_num(c, o, "columns", (int64_t)columns);
	json_set_num(c, o, "ragged", (int64_t)t->ragged);
	json_set_num(c, o, "malformed", (int64_t)t->malformed);
	json_set_num(c, o, "replaced", (int64_t)t->replaced);
	json_set(o, "complete", json_bool(c, t->stopped == NULL));
	if (t->stopped != NULL)
		TRY(set_clean(c, o, "stopped", str_z(t->stopped)));
	return OK;
}

static void add_keys(struct ctx *c, const struct quality *q, struct json **o)
{
	struct json *keys = json_object(c);
	json_set_num(c, &keys, "held", (int64_t)q->budget.held);
	json_set_num(c, &keys, "limit", (int64_t)q->budget.limit);
	json_set(&keys, "exceeded", json_bool(c, q->budget.exceeded));
	json_set(o, "keys", keys);
}

static err add_head(struct ctx *c, const struct quality *q, struct json **o)
{
	struct json *expectation = json_object(c), *sample = json_object(c);
	char day[DAY_TEXT + 1];
	struct str own;
	day_text(q->ask->day, day);
	TRY(arena_str(c, str_z(day), &own));
	json_set_num(c, o, "v", 1);
	json_set(o, "kind", json_z(c, "quality"));
	json_set(o, "standard", json_z(c, "GB/T 36344-2018"));
	json_set(o, "tool", json_z(c, "shugu"));
	json_set(o, "version", json_z(c, q->ask->version));
	json_set_str(c, o, "issued", own);
	json_set_hex(c, &expectation, "sha256", q->x->digest.b, HASH_BYTES);
	if (q->x->title.n > 0)
		json_set_str(c, &expectation, "title", q->x->title);
	json_set(o, "expectation", expectation);
	json_set(&sample, "plan", json_z(c, "all-rows"));
	json_set_num(c, &sample, "rows", (int64_t)q->told.rows);
	json_set(o, "sample", sample);
	return OK;
}

err quality_report(struct ctx *c, const struct quality *q, struct json **ret)
{
	struct json *o = json_object(c);
	TRY(add_head(c, q, &o));
	TRY(add_file(c, q, &o));
	TRY(add_indicators(c, q, &o));
	TRY(add_dirty(c, q, &o));
	add_keys(c, q, &o);
	ENSURE(o != NULL, c, ERR_TOO_LARGE, "no memory for a report");
	*ret = o;
	return OK;
}
