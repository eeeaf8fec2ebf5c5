#include "product/dossier.h"

#include "base/limits.h"

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
	return o;
}

struct json *dossier_fields_json(struct ctx *c)
{
	struct json *all = json_array(c);
	for (size_t i = 0; i < dossier_fields_n; i++)
		json_push(&all, field_json(c, &dossier_fields[i]));
	return all;
}
