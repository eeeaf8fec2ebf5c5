#include "rules/fact.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "codec/day.h"
#include "codec/json_time.h"

const char *const fact_types[] = {"bool", "int", "text", "day", "list", NULL};

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct fact *)a)->name, ((const struct fact *)b)->name);
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		bool letter = (ch >= 'a' && ch <= 'z') || ch == '_';
		if (!letter && (i == 0 || !((ch >= '0' && ch <= '9') || ch == '.')))
			return false;
	}
	return s.n > 0 && s.n <= LIMIT_NAME;
}

static err read_one(struct ctx *c, const struct json *j, bool typed, struct fact *ret)
{
	struct {
		struct str name, type, zh, en, is;
	} r = {0};
	static const struct json_field fields[] = {
		{"name", JSON_K_TEXT, false, 0, 0, NULL},
		{"type", JSON_K_TEXT, true, sizeof(struct str), 0, fact_types},
		{"zh", JSON_K_TEXT, false, 2 * sizeof(struct str), 0, NULL},
		{"en", JSON_K_TEXT, false, 3 * sizeof(struct str), 0, NULL},
		{"is", JSON_K_TEXT, true, 4 * sizeof(struct str), LIMIT_PREDICATE, NULL},
	};
	TRY(json_read(c, j, fields, countof(fields), false, &r));
	ENSURE(is_name(r.name), c, ERR_BAD_VALUE,
		"%.*s is no name of a fact: small letters, digits, _ and .", FMT(r.name));
	*ret = (struct fact){.name = r.name, .zh = r.zh, .en = r.en, .is = r.is, .at = j};
	ENSURE(typed == (r.type.n > 0), c, ERR_BAD_VALUE, "%.*s %s", FMT(r.name),
		typed ? "needs a type" : "is a kind of evidence and has no type");
	while (typed && !str_is(r.type, fact_types[ret->type]))
		ret->type++;
	ENSURE(r.is.n == 0 || ret->type == FACT_BOOL, c, ERR_BAD_VALUE,
		"%.*s is derived and so must be a bool", FMT(r.name));
	return OK;
}

static err read_all(
	struct ctx *c, const struct json *all, const char *what, struct fact **ret, size_t *ret_n)
{
	bool typed = strcmp(what, "kinds") != 0;
	ENSURE(all != NULL && all->type == JSON_ARRAY && all->n <= LIMIT_FACTS, c, ERR_BAD_VALUE,
		"%s must be a list of at most %u", what, LIMIT_FACTS);
	struct fact *facts;
	size_t n = 0;
	NEW_N(c, facts, all->n + 1);
	for (const struct json *j = all->first; j != NULL; j = j->next)
		TRY(read_one(c, j, typed, &facts[n++]));
	qsort(facts, n, sizeof *facts, by_name);
	for (size_t i = 1; i < n; i++)
		ENSURE(!str_eq(facts[i - 1].name, facts[i].name), c, ERR_CONFLICT,
			"%.*s stands twice in %s", FMT(facts[i].name), what);
	*ret = facts;
	*ret_n = n;
	return OK;
}

err fact_catalogue_read(struct ctx *c, const struct json *j, struct fact_catalogue *ret)
{
	struct fact_catalogue k;
	TRY(read_all(c, json_get(j, "facts"), "facts", &k.facts, &k.facts_n));
	TRY(read_all(c, json_get(j, "claims"), "claims", &k.claims, &k.claims_n));
	TRY(read_all(c, json_get(j, "kinds"), "kinds", &k.kinds, &k.kinds_n));
	for (size_t i = 0; i < k.claims_n; i++)
		ENSURE(k.claims[i].is.n == 0, c, ERR_BAD_VALUE, "the claim %.*s cannot be derived",
			FMT(k.claims[i].name));
	*ret = k;
	return OK;
}

const struct fact *fact_find(const struct fact *facts, size_t n, struct str name)
{
	struct fact key = {.name = name};
	return bsearch(&key, facts, n, sizeof *facts, by_name);
}

static err read_list(
	struct ctx *c, const struct fact *f, const struct json *j, struct fact_list *ret)
{
	struct str *items;
	size_t n = 0;
	NEW_N(c, items, j->n + 1);
	for (const struct json *i = j->first; i != NULL; i = i->next) {
		ENSURE(i->type == JSON_STRING, c, ERR_BAD_VALUE, "%.*s must be a list of texts",
			FMT(f->name));
		items[n++] = i->text;
	}
	*ret = (struct fact_list){items, n};
	return OK;
}

err fact_read(struct ctx *c, const struct fact *f, const struct json *j, struct fact_value *ret)
{
	struct fact_value v = {.known = true};
	bool fits = false;
	if (j == NULL || j->type == JSON_NULL) {
		*ret = (struct fact_value){0};
		return OK;
	}
	switch (f->type) {
	case FACT_BOOL:
		fits = j->type == JSON_TRUE || j->type == JSON_FALSE;
		v.number = j->type == JSON_TRUE;
		break;
	case FACT_INT:
		fits = json_int(j, &v.number);
		break;
	case FACT_TEXT:
		fits = j->type == JSON_STRING;
		v.text = json_text(j);
		break;
	case FACT_DAY:
		fits = j->type == JSON_STRING && day_parse(j->text, &v.number);
		break;
	case FACT_LIST:
		fits = j->type == JSON_ARRAY;
		if (fits)
			TRY(read_list(c, f, j, &v.list));
		break;
	}
	ENSURE(fits, c, ERR_BAD_VALUE, "%.*s must be %s", FMT(f->name),
		f->type == FACT_DAY ? "a day, YYYY-MM-DD" : fact_types[f->type]);
	*ret = v;
	return OK;
}

err fact_values(struct ctx *c, const struct fact *facts, size_t n, const struct json *given,
	struct fact_value **ret)
{
	struct fact_value *all;
	NEW_N(c, all, n + 1);
	ENSURE(given == NULL || given->type == JSON_OBJECT, c, ERR_BAD_VALUE,
		"facts must be an object");
	for (const struct json *j = given == NULL ? NULL : given->first; j != NULL; j = j->next) {
		const struct fact *f = fact_find(facts, n, j->name);
		ENSURE(f != NULL, c, ERR_UNKNOWN_MEMBER, "there is no fact or claim %.*s",
			FMT(j->name));
		ENSURE(f->is.n == 0, c, ERR_BAD_VALUE, "%.*s is derived and cannot be given",
			FMT(j->name));
		TRY(fact_read(c, f, j, &all[f - facts]));
	}
	*ret = all;
	return OK;
}

struct json *fact_json(struct ctx *c, enum fact_type type, const struct fact_value *v)
{
	if (!v->known)
		return json_null(c);
	switch (type) {
	case FACT_BOOL:
		return json_bool(c, v->number != 0);
	case FACT_INT:
		return json_num(c, v->number);
	case FACT_TEXT:
		return json_str(c, v->text);
	case FACT_DAY:
		return json_day(c, v->number);
	case FACT_LIST: {
		struct json *a = json_array(c);
		for (size_t i = 0; i < v->list.n; i++)
			json_push(&a, json_str(c, v->list.items[i]));
		return a;
	}
	}
	__builtin_unreachable();
}
