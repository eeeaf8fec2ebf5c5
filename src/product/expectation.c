#include "product/expectation.h"

#include <stddef.h>
#include <string.h>

#include "codec/day.h"
#include "codec/json.h"

#define DAY_MS 86400000ll

static const char *const types[] = {
	"", "integer", "decimal", "date", "datetime", "boolean", "text", NULL};
static const char *const orders[] = {"", "rising", "strictly-rising", "falling", NULL};
static const char *const comparisons[] = {"=", "!=", "<", "<=", ">", ">=", NULL};
static const char *const securities[] = {"", "no-identifiers", NULL};
static const char *const kinds[] = {"expectation", NULL};

/* While it is read. */
struct reading {
	struct ctx *c;
	struct expectation *x;
	struct keyset_budget *budget; /* of all values of lists */
	const struct json *lists;
	const struct keyset **sets; /* of the lists, in their order */
};

struct column_members {
	struct str name, title, type, format, pattern, list, security, same, refers, order;
	const struct json *min, *max, *length, *values, *period, *timely;
	const struct json *scale;
	bool required, unique;
};

#define AT(m) offsetof(struct column_members, m)
static const struct json_field column_fields[] = {
	{"name", JSON_K_TEXT, false, AT(name), LIMIT_NAME, NULL},
	{"title", JSON_K_TEXT, true, AT(title), LIMIT_NAME, NULL},
	{"type", JSON_K_TEXT, true, AT(type), 0, types + 1},
	{"format", JSON_K_TEXT, true, AT(format), 0, format_names + 1},
	{"pattern", JSON_K_TEXT, true, AT(pattern), LIMIT_NAME, NULL},
	{"min", JSON_K_ANY, true, AT(min), 0, NULL},
	{"max", JSON_K_ANY, true, AT(max), 0, NULL},
	{"scale", JSON_K_ANY, true, AT(scale), 0, NULL},
	{"length", JSON_K_OBJECT, true, AT(length), 0, NULL},
	{"required", JSON_K_BOOL, true, AT(required), 0, NULL},
	{"unique", JSON_K_BOOL, true, AT(unique), 0, NULL},
	{"values", JSON_K_ARRAY, true, AT(values), 0, NULL},
	{"list", JSON_K_TEXT, true, AT(list), LIMIT_NAME, NULL},
	{"security", JSON_K_TEXT, true, AT(security), 0, securities + 1},
	{"same", JSON_K_TEXT, true, AT(same), LIMIT_NAME, NULL},
	{"refers", JSON_K_TEXT, true, AT(refers), LIMIT_NAME, NULL},
	{"order", JSON_K_TEXT, true, AT(order), 0, orders + 1},
	{"period", JSON_K_OBJECT, true, AT(period), 0, NULL},
	{"timely", JSON_K_OBJECT, true, AT(timely), 0, NULL},
};
#undef AT

bool comparison_holds(enum comparison is, int cmp)
{
	switch (is) {
	case IS_EQUAL:
		return cmp == 0;
	case IS_NOT_EQUAL:
		return cmp != 0;
	case IS_LESS:
		return cmp < 0;
	case IS_AT_MOST:
		return cmp <= 0;
	case IS_MORE:
		return cmp > 0;
	case IS_AT_LEAST:
		return cmp >= 0;
	}
	__builtin_unreachable();
}

/* The place of a word in its list; 0 for none. */
static unsigned word(const char *const *words, struct str text)
{
	unsigned i = 0;
	while (words[i] != NULL && !str_is(text, words[i]))
		i++;
	return words[i] == NULL ? 0 : i;
}

/* Says the trouble again with what it is about before it. */
static err blame(struct ctx *c, err e, const char *what, struct str name)
{
	struct str detail;
	if (e == OK)
		return OK;
	TRY(arena_str(c, str_z(c->trouble.detail), &detail));
	return fail(c, e, "%s%s%.*s: %.*s", what, name.n > 0 ? " " : "", FMT(name), FMT(detail));
}

static err column_named(const struct reading *r, const char *member, struct str name, uint16_t *ret)
{
	for (size_t i = 0; i < r->x->columns_n; i++) {
		if (!str_eq(r->x->columns[i].name, name))
			continue;
		*ret = (uint16_t)i;
		return OK;
	}
	return fail(r->c, ERR_BAD_VALUE, "%s: there is no column \"%.*s\" among those declared",
		member, FMT(name));
}

/* A whole number from min on, or -1 where there is none. */
static err count(struct ctx *c, const char *member, const struct json *j, int64_t min, int64_t *ret)
{
	int64_t v = -1;
	ENSURE(j == NULL || (json_int(j, &v) && v >= min), c, ERR_BAD_VALUE,
		"%s is a whole number from %lld on", member, (long long)min);
	*ret = v;
	return OK;
}

static err read_set(struct reading *r, const struct json *values, const struct keyset **ret)
{
	struct keyset *set;
	enum keyset_seen seen;
	TRY(keyset_new(r->c, r->budget, false, &set));
	ENSURE(values->n > 0, r->c, ERR_BAD_VALUE, "values is a list that is not empty");
	for (const struct json *v = values->first; v != NULL; v = v->next) {
		ENSURE((v->type == JSON_STRING || v->type == JSON_NUMBER) && v->text.n > 0, r->c,
			ERR_BAD_VALUE, "values are texts or numbers");
		TRY(keyset_add(r->c, set, shorthash_of(r->x->key, v->text), 0, &seen));
	}
	*ret = set;
	return OK;
}

static err read_lists(struct reading *r)
{
	struct {
		struct str source;
		const struct json *values;
	} list;
	static const struct json_field fields[] = {
		{"source", JSON_K_TEXT, false, 0, LIMIT_NAME, NULL},
		{"values", JSON_K_ARRAY, false, sizeof(struct str), 0, NULL},
	};
	size_t i = 0;
	if (r->lists == NULL)
		return OK;
	NEW_N(r->c, r->sets, r->lists->n + 1);
	for (const struct json *j = r->lists->first; j != NULL; j = j->next) {
		err e = json_read(r->c, j, fields, countof(fields), false, &list);
		if (e == OK)
			e = read_set(r, list.values, &r->sets[i++]);
		TRY(blame(r->c, e, "list", j->name));
	}
	return OK;
}

static err list_named(const struct reading *r, struct str name, const struct keyset **ret)
{
	size_t i = 0;
	const struct json *j = r->lists == NULL ? NULL : r->lists->first;
	for (; j != NULL; j = j->next, i++) {
		if (!str_eq(j->name, name))
			continue;
		*ret = r->sets[i];
		return OK;
	}
	return fail(r->c, ERR_BAD_VALUE, "list: there is no \"%.*s\" in lists", FMT(name));
}

static err read_bound(struct reading *r, const char *member, const struct json *j,
	enum expected_type type, const struct ordered **ret)
{
	struct ordered *made;
	if (j == NULL)
		return OK;
	NEW(r->c, made);
	ENSURE(j->type == JSON_NUMBER || j->type == JSON_STRING, r->c, ERR_BAD_VALUE,
		"%s is a number or a time", member);
	*made = ordered_of(j->text, VALUE_ANY);
	bool timed = type == TYPE_DATE || type == TYPE_DATETIME;
	ENSURE(made->kind == ORDERED_TIME || (made->kind == ORDERED_NUMBER && !timed), r->c,
		ERR_BAD_VALUE, "%s is a number%s", member,
		timed ? ", but the type of the column a time" : " or a time");
	*ret = made;
	return OK;
}

static err read_length(struct reading *r, const struct json *j, struct expected_column *to)
{
	struct {
		const struct json *min, *max;
	} m = {0};
	static const struct json_field fields[] = {
		{"min", JSON_K_ANY, true, 0, 0, NULL},
		{"max", JSON_K_ANY, true, sizeof(void *), 0, NULL},
	};
	to->length_min = to->length_max = -1;
	if (j == NULL)
		return OK;
	TRY(blame(r->c, json_read(r->c, j, fields, countof(fields), false, &m), "length", STR("")));
	TRY(count(r->c, "length: min", m.min, 0, &to->length_min));
	TRY(count(r->c, "length: max", m.max, 0, &to->length_max));
	ENSURE(to->length_max < 0 || to->length_min <= to->length_max, r->c, ERR_BAD_VALUE,
		"length: min is above max");
	return OK;
}

/* {"from":day,"to":day} in days. */
static err read_days(
	struct ctx *c, const char *member, const struct json *j, int64_t *from, int64_t *to)
{
	struct {
		struct str from, to;
	} m = {0};
	int64_t a = 0, b = 0;
	static const struct json_field fields[] = {
		{"from", JSON_K_TEXT, false, 0, 0, NULL},
		{"to", JSON_K_TEXT, false, sizeof(struct str), 0, NULL},
	};
	TRY(blame(c, json_read(c, j, fields, countof(fields), false, &m), member, STR("")));
	ENSURE(m.from.n == DAY_TEXT && m.to.n == DAY_TEXT && ordered_time(m.from, &a) &&
			ordered_time(m.to, &b) && a <= b,
		c, ERR_BAD_VALUE,
		"%s is {\"from\":\"YYYY-MM-DD\",\"to\":\"YYYY-MM-DD\"}, from not behind to",
		member);
	*from = a / DAY_MS;
	*to = b / DAY_MS;
	return OK;
}

static err read_times(struct reading *r, const struct column_members *m, struct expected_column *to)
{
	const struct json *days = NULL;
	static const struct json_field fields[] = {{"days", JSON_K_ANY, false, 0, 0, NULL}};
	to->timely_days = -1;
	if (m->timely != NULL) {
		TRY(blame(r->c, json_read(r->c, m->timely, fields, countof(fields), false, &days),
			"timely", STR("")));
		TRY(count(r->c, "timely: days", days, 0, &to->timely_days));
	}
	if (m->period == NULL)
		return OK;
	TRY(read_days(r->c, "period", m->period, &to->from_ms, &to->to_ms));
	to->has_period = true;
	to->from_ms *= DAY_MS;
	to->to_ms = (to->to_ms + 1) * DAY_MS - 1;
	return OK;
}

/* What rests on the column alone. */
static err read_column(
	struct reading *r, const struct column_members *m, struct expected_column *to)
{
	struct ctx *c = r->c;
	*to = (struct expected_column){.name = m->name,
		.title = m->title,
		.type = word(types, m->type),
		.format = word(format_names, m->format),
		.order = word(orders, m->order),
		.required = m->required,
		.secure = m->security.n > 0,
		.same = EXPECTED_NONE,
		.refers = EXPECTED_NONE};
	TRY(read_bound(r, "min", m->min, to->type, &to->min));
	TRY(read_bound(r, "max", m->max, to->type, &to->max));
	int cmp = 0;
	ENSURE(to->min == NULL || to->max == NULL ||
			(ordered_cmp(to->min, to->max, &cmp) && cmp <= 0),
		c, ERR_BAD_VALUE, "min is above max, or the one a number and the other a time");
	TRY(count(c, "scale", m->scale, 0, &to->scale));
	TRY(read_length(r, m->length, to));
	TRY(read_times(r, m, to));
	if (m->pattern.p != NULL)
		TRY(blame(c, pattern_read(c, m->pattern, &to->pattern), "pattern", STR("")));
	if (m->values != NULL)
		TRY(read_set(r, m->values, &to->values));
	return m->list.p == NULL ? OK : list_named(r, m->list, &to->list);
}

/* What rests on other columns; these are all read. */
static err join_column(
	struct reading *r, const struct column_members *m, struct expected_column *to)
{
	if (m->same.p != NULL)
		TRY(column_named(r, "same", m->same, &to->same));
	if (m->refers.p != NULL)
		TRY(column_named(r, "refers", m->refers, &to->refers));
	ENSURE(to->same == EXPECTED_NONE || to != &r->x->columns[to->same], r->c, ERR_BAD_VALUE,
		"same: a column is always the same as itself");
	return OK;
}

static err add_key(struct reading *r, const uint16_t *columns, size_t n)
{
	struct expectation *x = r->x;
	ENSURE(x->keys_n < LIMIT_EXPECTATION_KEYS, r->c, ERR_TOO_LARGE, "unique: at most %u keys",
		LIMIT_EXPECTATION_KEYS);
	x->keys[x->keys_n++] = (struct expected_key){columns, n};
	return OK;
}

static err read_columns(struct reading *r, const struct json *columns)
{
	struct expectation *x = r->x;
	struct column_members *m;
	size_t i = 0;
	ENSURE(columns->n > 0 && columns->n <= LIMIT_PROFILE_COLUMNS, r->c, ERR_BAD_VALUE,
		"columns: 1 to %u of them", LIMIT_PROFILE_COLUMNS);
	NEW_N(r->c, m, columns->n);
	NEW_N(r->c, x->columns, columns->n);
	NEW_N(r->c, x->names, columns->n);
	for (const struct json *j = columns->first; j != NULL; j = j->next, i++) {
		struct str name = json_text(json_get(j, "name"));
		uint16_t before;
		err e = json_read(r->c, j, column_fields, countof(column_fields), false, &m[i]);
		if (e == OK && column_named(r, "name", m[i].name, &before) == OK)
			e = fail(r->c, ERR_CONFLICT, "it is declared twice");
		if (e == OK)
			e = read_column(r, &m[i], &x->columns[i]);
		TRY(blame(r->c, e, "column", name.n > 0 ? str_sub(name, 0, 100) : STR("?")));
		x->names[i] = m[i].name;
		x->columns_n++;
	}
	for (i = 0; i < x->columns_n; i++) {
		uint16_t *alone;
		TRY(blame(r->c, join_column(r, &m[i], &x->columns[i]), "column", m[i].name));
		if (!m[i].unique)
			continue;
		NEW(r->c, alone);
		*alone = (uint16_t)i;
		TRY(add_key(r, alone, 1));
	}
	return OK;
}

static err read_keys(struct reading *r, const struct json *unique)
{
	for (const struct json *j = unique == NULL ? NULL : unique->first; j != NULL; j = j->next) {
		uint16_t *columns;
		size_t n = 0;
		ENSURE(j->type == JSON_ARRAY && j->n > 0 && j->n <= LIMIT_EXPECTATION_KEYS, r->c,
			ERR_BAD_VALUE, "unique is a list of lists of 1 to %u columns",
			LIMIT_EXPECTATION_KEYS);
		NEW_N(r->c, columns, j->n);
		for (const struct json *k = j->first; k != NULL; k = k->next)
			TRY(column_named(r, "unique", json_text(k), &columns[n++]));
		TRY(add_key(r, columns, n));
	}
	return OK;
}

/* The other side of a comparison, where it is written. */
static err read_value(struct ctx *c, const struct json *j, struct ordered *ret)
{
	ENSURE(j->type == JSON_STRING || j->type == JSON_NUMBER, c, ERR_BAD_VALUE,
		"value is a text or a number");
	*ret = ordered_of(j->text, VALUE_ANY);
	return OK;
}

static err read_when(struct reading *r, const struct json *j, struct expected_rule *to)
{
	struct {
		struct str column, is;
		const struct json *value;
	} m = {0};
	static const struct json_field fields[] = {
		{"column", JSON_K_TEXT, false, 0, LIMIT_NAME, NULL},
		{"is", JSON_K_TEXT, false, sizeof(struct str), 0, comparisons},
		{"value", JSON_K_ANY, false, 2 * sizeof(struct str), 0, NULL},
	};
	to->when = EXPECTED_NONE;
	if (j == NULL)
		return OK;
	TRY(json_read(r->c, j, fields, countof(fields), false, &m));
	TRY(column_named(r, "column", m.column, &to->when));
	to->when_is = word(comparisons, m.is);
	return read_value(r->c, m.value, &to->when_value);
}

struct rule_members {
	struct str name, left, is, right;
	const struct json *value, *when;
};

static err read_rule(struct reading *r, const struct json *j, struct expected_rule *to)
{
	struct rule_members m = {0};
#define AT(m) offsetof(struct rule_members, m)
	static const struct json_field fields[] = {
		{"name", JSON_K_TEXT, false, AT(name), LIMIT_NAME, NULL},
		{"left", JSON_K_TEXT, false, AT(left), LIMIT_NAME, NULL},
		{"is", JSON_K_TEXT, false, AT(is), 0, comparisons},
		{"right", JSON_K_TEXT, true, AT(right), LIMIT_NAME, NULL},
		{"value", JSON_K_ANY, true, AT(value), 0, NULL},
		{"when", JSON_K_OBJECT, true, AT(when), 0, NULL},
	};
#undef AT
	TRY(json_read(r->c, j, fields, countof(fields), false, &m));
	ENSURE((m.right.p != NULL) != (m.value != NULL), r->c, ERR_BAD_VALUE,
		"it has right, a column, or value, and not both");
	*to = (struct expected_rule){
		.name = m.name, .is = word(comparisons, m.is), .right = EXPECTED_NONE};
	TRY(column_named(r, "left", m.left, &to->left));
	if (m.right.p != NULL)
		TRY(column_named(r, "right", m.right, &to->right));
	if (m.value != NULL)
		TRY(read_value(r->c, m.value, &to->value));
	return blame(r->c, read_when(r, m.when, to), "when", STR(""));
}

static err read_rules(struct reading *r, const struct json *rules)
{
	if (rules == NULL)
		return OK;
	ENSURE(rules->n <= LIMIT_EXPECTATION_RULES, r->c, ERR_TOO_LARGE, "rules: at most %u",
		LIMIT_EXPECTATION_RULES);
	NEW_N(r->c, r->x->rules, rules->n + 1);
	for (const struct json *j = rules->first; j != NULL; j = j->next) {
		struct str name = str_sub(json_text(json_get(j, "name")), 0, 100);
		TRY(blame(r->c, read_rule(r, j, &r->x->rules[r->x->rules_n++]), "rule",
			name.n > 0 ? name : STR("?")));
	}
	return OK;
}

struct members {
	int64_t v;
	struct str kind, title;
	const struct json *columns, *lists, *unique, *rules, *rows, *others, *lifetime;
	bool readable;
};

static err read_rows(struct ctx *c, const struct json *j, int64_t *ret)
{
	const struct json *expected = NULL;
	static const struct json_field fields[] = {{"expected", JSON_K_ANY, false, 0, 0, NULL}};
	*ret = -1;
	if (j == NULL)
		return OK;
	TRY(blame(c, json_read(c, j, fields, countof(fields), false, &expected), "rows", STR("")));
	return count(c, "rows: expected", expected, 1, ret);
}

static err read_members(struct reading *r, const struct members *m)
{
	struct expectation *x = r->x;
	ENSURE(m->v == 1, r->c, ERR_BAD_VALUE, "v is 1");
	x->title = m->title;
	x->readable = m->readable;
	x->others = m->others == NULL || m->others->type != JSON_FALSE;
	ENSURE(m->others == NULL || m->others->type == JSON_FALSE || m->others->type == JSON_TRUE,
		r->c, ERR_BAD_VALUE, "others is true or false");
	r->lists = m->lists;
	TRY(read_rows(r->c, m->rows, &x->rows));
	x->has_lifetime = m->lifetime != NULL;
	if (x->has_lifetime)
		TRY(read_days(r->c, "lifetime", m->lifetime, &x->lifetime_from, &x->lifetime_to));
	TRY(read_lists(r));
	TRY(read_columns(r, m->columns));
	TRY(read_keys(r, m->unique));
	return read_rules(r, m->rules);
}

err expectation_read(
	struct ctx *c, struct str text, const uint8_t key[SHORTHASH_KEY], struct expectation **ret)
{
	struct members m = {0};
#define AT(m) offsetof(struct members, m)
	static const struct json_field fields[] = {
		{"v", JSON_K_INT, false, AT(v), 0, NULL},
		{"kind", JSON_K_TEXT, false, AT(kind), 0, kinds},
		{"title", JSON_K_TEXT, true, AT(title), LIMIT_NAME, NULL},
		{"columns", JSON_K_ARRAY, false, AT(columns), 0, NULL},
		{"lists", JSON_K_OBJECT, true, AT(lists), 0, NULL},
		{"unique", JSON_K_ARRAY, true, AT(unique), 0, NULL},
		{"rules", JSON_K_ARRAY, true, AT(rules), 0, NULL},
		{"rows", JSON_K_OBJECT, true, AT(rows), 0, NULL},
		{"others", JSON_K_ANY, true, AT(others), 0, NULL},
		{"readable", JSON_K_BOOL, true, AT(readable), 0, NULL},
		{"lifetime", JSON_K_OBJECT, true, AT(lifetime), 0, NULL},
	};
#undef AT
	const struct json *j;
	struct reading r = {.c = c};
	NEW(c, r.x);
	NEW(c, r.budget);
	NEW_N(c, r.x->keys, LIMIT_EXPECTATION_KEYS);
	r.x->digest = hash_of(text);
	memcpy(r.x->key, key, SHORTHASH_KEY);
	*r.budget = (struct keyset_budget){.limit = LIMIT_JSON_VALUES};
	ENSURE(text.n <= LIMIT_EXPECTATION, c, ERR_TOO_LARGE, "an expectation has at most %u bytes",
		LIMIT_EXPECTATION);
	TRY(json_parse(c, text, &j));
	TRY(json_read(c, j, fields, countof(fields), false, &m));
	TRY(read_members(&r, &m));
	*ret = r.x;
	return OK;
}
