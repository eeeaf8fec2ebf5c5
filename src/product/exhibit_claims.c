#include "product/exhibit_claims.h"

#include "product/claims.h"
#include "product/evidence_text.h"
#include "rules/shipped.h"

static void contradict(struct ctx *c, struct exhibit_claims *x, struct str claim,
	const struct json *stated, const struct json *found)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "claim", claim);
	if (stated != NULL)
		json_set(&o, "stated", json_copy(c, stated));
	if (found != NULL)
		json_set(&o, "found", json_copy(c, found));
	json_push(&x->contradicted, o);
}

static err read_paper(struct ctx *c, const struct source *s, struct str filename,
	struct exhibit_claims *x, struct json **ret_found)
{
	struct str text;
	struct json *twice = NULL;
	err e = evidence_text(c, s, filename, &text, &x->read);
	if (e == ERR_MALFORMED || e == ERR_TOO_LARGE) {
		x->damaged = true;
		x->read = false;
		return OK;
	}
	TRY(e);
	if (!x->read)
		return OK;
	TRY(claims_read(c, text, ret_found, &twice));
	for (const struct json *j = twice->first; j != NULL; j = j->next)
		contradict(c, x, j->text, NULL, NULL);
	return OK;
}

err exhibit_claims_read(struct ctx *c, const struct source *s, struct str filename,
	const struct json *stated, struct exhibit_claims *ret)
{
	struct exhibit_claims x = {
		.claims = json_object(c), .stated = json_array(c), .contradicted = json_array(c)};
	struct json *found = NULL;
	if (s != NULL)
		TRY(read_paper(c, s, filename, &x, &found));
	for (const struct json *j = found == NULL ? NULL : found->first; j != NULL; j = j->next)
		json_set(&x.claims, arena_z(c->arena, j->name), json_copy(c, j));
	for (const struct json *j = stated == NULL ? NULL : stated->first; j != NULL; j = j->next) {
		const char *name = arena_z(c->arena, j->name);
		const struct json *said = name == NULL ? NULL : json_get(found, name);
		if (said == NULL) {
			json_set(&x.claims, name, json_copy(c, j));
			json_push(&x.stated, json_str(c, j->name));
		} else if (!json_eq(said, j)) {
			contradict(c, &x, j->name, j, said);
		}
	}
	*ret = x;
	return OK;
}

err exhibit_catalogue(struct ctx *c, struct fact_catalogue *ret)
{
	const struct rule_file *files;
	const struct json *j;
	size_t n = 0, i = 0;
	TRY(rules_shipped(c, &files, &n));
	while (i < n && !str_is(str_z(files[i].name), "facts.json"))
		i++;
	ENSURE(i < n, c, ERR_CORRUPT, "the rules in the program have no catalogue");
	TRY(json_parse(c, files[i].text, &j));
	return fact_catalogue_read(c, j, ret);
}

/* A text, as people write a value of that type; NULL where it is none. */
static struct json *typed(struct ctx *c, const struct fact *f, struct str text)
{
	int64_t n = 0;
	bool yes = false;
	struct json *first = NULL, *second = NULL;
	switch (f->type) {
	case FACT_BOOL:
		return claims_yes(text, &yes) ? json_bool(c, yes) : NULL;
	case FACT_INT:
		return str_i64(text, &n) && n > -(1ll << 53) && n < (1ll << 53) ? json_num(c, n)
										: NULL;
	case FACT_TEXT:
		return json_str(c, text);
	case FACT_DAY:
		claims_days(c, text, &first, &second);
		return second == NULL ? first : NULL;
	case FACT_LIST:
		return str_is(f->name, "rights") ? claims_rights(c, text) : claims_list(c, text);
	}
	__builtin_unreachable();
}

err exhibit_claims_stated(struct ctx *c, const struct fact_catalogue *cat, const struct json *given,
	struct json **ret)
{
	struct json *o = json_object(c);
	struct fact_value *values;
	for (const struct json *j = given == NULL ? NULL : given->first; j != NULL; j = j->next) {
		const struct fact *f = fact_find(cat->claims, cat->claims_n, j->name);
		ENSURE(f != NULL, c, ERR_UNKNOWN_MEMBER,
			"no evidence claims %.*s: see `shugu rules show ID`",
			FMT(str_sub(j->name, 0, 64)));
		struct json *v =
			j->type == JSON_STRING ? typed(c, f, str_trim(j->text)) : json_copy(c, j);
		ENSURE(v != NULL, c, ERR_BAD_VALUE, "%.*s: %.*s is no %s", FMT(j->name),
			FMT(str_sub(json_text(j), 0, 64)), fact_types[f->type]);
		json_set(&o, arena_z(c->arena, j->name), v);
	}
	TRY(fact_values(c, cat->claims, cat->claims_n, o, &values));
	*ret = o;
	return OK;
}
