#include "product/dossier.h"

#include <string.h>

#include "base/limits.h"
#include "product/claims.h"

const struct dossier_field *dossier_field(struct str id)
{
	for (size_t i = 0; i < dossier_fields_n; i++) {
		if (str_is(id, dossier_fields[i].id))
			return &dossier_fields[i];
	}
	return NULL;
}

err dossier_check(struct ctx *c, const struct json *dossier)
{
	for (const struct json *m = dossier->first; m != NULL; m = m->next) {
		ENSURE(dossier_field(m->name) != NULL, c, ERR_UNKNOWN_MEMBER,
			"a dossier has no member %.*s", FMT(str_sub(m->name, 0, 64)));
		ENSURE(m->type == JSON_STRING && m->text.n <= LIMIT_TEXT, c, ERR_BAD_VALUE,
			"dossier: %.*s must be a text of at most %u bytes", FMT(m->name),
			LIMIT_TEXT);
	}
	return OK;
}

struct json *dossier_completeness(struct ctx *c, const struct json *dossier)
{
	struct json *o = json_object(c), *missing = json_array(c);
	int64_t filled = 0, total = 0;
	for (size_t i = 0; i < dossier_fields_n; i++) {
		const struct dossier_field *f = &dossier_fields[i];
		if (!f->required)
			continue;
		bool is = str_trim(json_text(json_get(dossier, f->id))).n > 0;
		total++;
		filled += is;
		if (!is)
			json_push(&missing, json_z(c, f->id));
	}
	json_set_num(c, &o, "filled", filled);
	json_set_num(c, &o, "total", total);
	json_set(&o, "missing", missing);
	return o;
}

/* The value that a field's text states, or NULL. */
static struct json *value_of(struct ctx *c, const struct dossier_field *f, struct str text)
{
	int64_t n = 0;
	bool yes = false;
	switch (f->kind) {
	case DOSSIER_TEXT:
		return json_str(c, text);
	case DOSSIER_CHOICE:
		for (size_t i = 0; f->choices[i] != NULL; i++) {
			if (str_is(text, f->choices[i]))
				return json_str(c, text);
		}
		return NULL;
	case DOSSIER_LIST:
		return claims_list(c, text);
	case DOSSIER_RIGHTS:
		return claims_rights(c, text);
	case DOSSIER_YES:
		return claims_yes(text, &yes) ? json_bool(c, yes) : NULL;
	case DOSSIER_COUNT:
		return str_i64(text, &n) && n >= 0 && n < (1ll << 53) ? json_num(c, n) : NULL;
	case DOSSIER_DAY:
	case DOSSIER_PERIOD:
		return NULL; /* put_days */
	}
	__builtin_unreachable();
}

static void put_days(
	struct ctx *c, const struct dossier_field *f, struct str text, struct json **facts)
{
	struct json *first = NULL, *second = NULL;
	const char *other = f->fact + strlen(f->fact) + 1;
	claims_days(c, text, &first, &second);
	if (f->kind == DOSSIER_DAY && second != NULL)
		return; /* which one? */
	if (first != NULL)
		json_set(facts, f->fact, first);
	if (f->kind == DOSSIER_PERIOD && second != NULL)
		json_set(facts, other, second);
}

struct json *dossier_facts(struct ctx *c, const struct json *dossier)
{
	struct json *facts = json_object(c);
	for (size_t i = 0; i < dossier_fields_n; i++) {
		const struct dossier_field *f = &dossier_fields[i];
		struct str text = str_trim(json_text(json_get(dossier, f->id)));
		if (f->fact == NULL || text.n == 0)
			continue;
		if (f->kind == DOSSIER_DAY || f->kind == DOSSIER_PERIOD) {
			put_days(c, f, text, &facts);
			continue;
		}
		struct json *v = value_of(c, f, text);
		if (v != NULL)
			json_set(&facts, f->fact, v);
	}
	return facts;
}

static struct json *field_json(struct ctx *c, const struct dossier_field *f)
{
	struct json *o = json_object(c), *hint = json_object(c), *choices = json_array(c);
	json_set(&o, "id", json_z(c, f->id));
	json_set(&o, "zh", json_z(c, f->zh));
	json_set(&o, "en", json_z(c, f->en));
	json_set(&hint, "zh", json_z(c, f->hint_zh));
	json_set(&hint, "en", json_z(c, f->hint_en));
	json_set(&o, "hint", hint);
	for (size_t i = 0; f->choices != NULL && f->choices[i] != NULL; i++)
		json_push(&choices, json_z(c, f->choices[i]));
	if (f->choices != NULL)
		json_set(&o, "choices", choices);
	json_set(&o, "required", json_bool(c, f->required));
	json_set(&o, "group", json_z(c, f->group));
	return o;
}

struct json *dossier_fields_json(struct ctx *c)
{
	struct json *all = json_array(c);
	for (size_t i = 0; i < dossier_fields_n; i++)
		json_push(&all, field_json(c, &dossier_fields[i]));
	return all;
}
