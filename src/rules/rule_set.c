#include "rules/rule_set.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "codec/day.h"

/* A file while it is read. */
struct source {
	const struct rule_file *file;
	struct str text; /* as the tree borrows it */
	const struct json *tree;
};

static size_t line_of(struct str text, size_t at)
{
	size_t line = 1;
	for (size_t i = 0; i < at && i < text.n; i++)
		line += text.p[i] == '\n';
	return line;
}

/* Where a value stands: the first text in it, or its name, that was not decoded. */
static bool place_of(struct str text, const struct json *j, size_t *ret)
{
	const char *end = text.p + text.n;
	if (j->name.n > 0 && j->name.p >= text.p && j->name.p < end) {
		*ret = (size_t)(j->name.p - text.p);
		return true;
	}
	if (j->text.n > 0 && j->text.p >= text.p && j->text.p < end) {
		*ret = (size_t)(j->text.p - text.p);
		return true;
	}
	for (const struct json *i = j->first; i != NULL; i = i->next) {
		if (place_of(text, i, ret))
			return true;
	}
	return false;
}

/* Says the trouble again with the file and line before it. */
static err blame(
	struct ctx *c, err e, const struct source *s, const struct json *where, struct str of)
{
	struct str detail;
	size_t at = 0;
	TRY(arena_str(c, str_z(c->trouble.detail), &detail));
	(void)(where != NULL && place_of(s->text, where, &at));
	return fail(c, e, "%s:%zu: %.*s%s%.*s", s->file->name, line_of(s->text, at), FMT(of),
		of.n > 0 ? ": " : "", FMT(detail));
}

static err open_source(struct ctx *c, const struct rule_file *f, struct source *ret)
{
	struct json *tree = NULL;
	*ret = (struct source){.file = f, .text = f->text};
	ENSURE(f->text.n <= LIMIT_RULE_FILE, c, ERR_TOO_LARGE,
		"%s: a file of rules has at most %u bytes", f->name, LIMIT_RULE_FILE);
	err e = json_parse_own(c, f->text, &tree);
	if (e != OK) {
		uint64_t at = 0;
		struct str said = str_z(c->trouble.detail), tail;
		size_t from = str_find_str(said, STR("byte "));
		if (from < said.n && str_cut(str_sub(said, from + 5, said.n), ':', &said, &tail))
			(void)str_u64(said, &at);
		struct str detail;
		TRY(arena_str(c, str_z(c->trouble.detail), &detail));
		return fail(
			c, e, "%s:%zu: %.*s", f->name, line_of(f->text, (size_t)at), FMT(detail));
	}
	ret->tree = tree;
	return OK;
}

static err read_version(struct ctx *c, const struct source *s, struct str *ret)
{
	struct {
		struct str version;
		const struct json *title;
	} r = {0};
	static const struct json_field fields[] = {
		{"version", JSON_K_TEXT, false, 0, LIMIT_NAME, NULL},
		{"title", JSON_K_OBJECT, false, sizeof(struct str), 0, NULL},
	};
	err e = json_read(c, s->tree, fields, countof(fields), false, &r);
	if (e != OK)
		return blame(c, e, s, s->tree, STR(""));
	*ret = r.version;
	return OK;
}

static err define(struct ctx *c, const struct source *s, struct fact_catalogue *k)
{
	for (size_t i = 0; i < k->facts_n; i++) {
		struct fact *f = &k->facts[i];
		err e = f->is.n == 0 ? OK : predicate_read(c, k, f->is, &f->definition);
		if (e != OK)
			return blame(c, e, s, json_get(f->at, "is"), f->name);
	}
	return OK;
}

/* Depth-first over what derived facts rest on: a fact that is met while it is open rests on itself. */
struct order {
	struct rule_set *set;
	enum { NEW, OPEN, DONE } * state;
};

static const struct fact *visit(struct order *o, const struct fact *f);

static const struct fact *visit_predicate(struct order *o, const struct predicate *p)
{
	if (p == NULL)
		return NULL;
	if (p->op == PREDICATE_FACT)
		return visit(o, p->fact);
	const struct fact *circular = visit_predicate(o, p->left);
	return circular != NULL ? circular : visit_predicate(o, p->right);
}

static const struct fact *visit(struct order *o, const struct fact *f)
{
	size_t i = (size_t)(f - o->set->catalogue.facts);
	if (f->definition == NULL || o->state[i] == DONE)
		return NULL;
	if (o->state[i] == OPEN)
		return f;
	o->state[i] = OPEN;
	const struct fact *circular = visit_predicate(o, f->definition);
	if (circular != NULL)
		return circular;
	o->state[i] = DONE;
	o->set->derived[o->set->derived_n++] = f;
	return NULL;
}

static err put_in_order(struct ctx *c, const struct source *s, struct rule_set *set)
{
	struct order o = {.set = set};
	NEW_N(c, o.state, set->catalogue.facts_n + 1);
	NEW_N(c, set->derived, set->catalogue.facts_n + 1);
	for (size_t i = 0; i < set->catalogue.facts_n; i++) {
		const struct fact *circular = visit(&o, &set->catalogue.facts[i]);
		if (circular == NULL)
			continue;
		(void)fail(c, ERR_BAD_VALUE, "it rests on itself");
		return blame(c, ERR_BAD_VALUE, s, json_get(circular->at, "is"), circular->name);
	}
	return OK;
}

static err read_rules(struct ctx *c, const struct source *s, struct rule_set *set)
{
	ENSURE(s->tree->type == JSON_ARRAY, c, ERR_BAD_VALUE, "%s:1: a file of rules is a list",
		s->file->name);
	for (const struct json *j = s->tree->first; j != NULL; j = j->next) {
		const struct json *where = j;
		ENSURE(set->rules_n < LIMIT_RULES, c, ERR_TOO_LARGE,
			"%s: a set has at most %u rules", s->file->name, LIMIT_RULES);
		err e = rule_read(c, &set->catalogue, j, &set->rules[set->rules_n], &where);
		if (e != OK)
			return blame(c, e, s, where, json_text(json_get(j, "id")));
		for (size_t i = 0; i < set->rules_n; i++) {
			if (str_eq(set->rules[i].id, set->rules[set->rules_n].id))
				return fail(c, ERR_CONFLICT, "%s: %.*s stands twice", s->file->name,
					FMT(set->rules[i].id));
		}
		set->rules_n++;
	}
	return OK;
}

static err hash_files(struct ctx *c, const struct rule_file *files, size_t n, struct hash *ret)
{
	struct buf b;
	size_t room = 0;
	for (size_t i = 0; i < n; i++)
		room += files[i].text.n + LIMIT_NAME + 32;
	buf_init(&b, c->arena, room);
	for (size_t i = 0; i < n; i++) {
		ENSURE(i == 0 || strcmp(files[i - 1].name, files[i].name) < 0, c, ERR_CONFLICT,
			"%s: files stand by name, each once", files[i].name);
		buf_z(&b, files[i].name);
		buf_char(&b, '\n');
		buf_u64(&b, files[i].text.n);
		buf_char(&b, '\n');
		buf_add(&b, files[i].text);
	}
	struct str all;
	TRY(buf_done(c, &b, &all));
	*ret = hash_of(all);
	return OK;
}

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct rule *)a)->id, ((const struct rule *)b)->id);
}

static const struct rule_file *file_named(const struct rule_file *files, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	}
	return NULL;
}

static err read_facts(struct ctx *c, const struct rule_file *file, struct rule_set *set)
{
	struct source s;
	TRY(open_source(c, file, &s));
	err e = fact_catalogue_read(c, s.tree, &set->catalogue);
	if (e != OK)
		return blame(c, e, &s, s.tree, STR(""));
	TRY(define(c, &s, &set->catalogue));
	return put_in_order(c, &s, set);
}

err rule_set_read(struct ctx *c, const struct rule_file *files, size_t n, struct rule_set *ret)
{
	struct rule_set set = {0};
	struct source s;
	const struct rule_file *about = file_named(files, n, "set.json"),
			       *facts = file_named(files, n, "facts.json");
	ENSURE(about != NULL && facts != NULL, c, ERR_MISSING_MEMBER,
		"a set of rules needs set.json and facts.json");
	NEW_N(c, set.rules, LIMIT_RULES + 1);
	TRY(hash_files(c, files, n, &set.hash));
	TRY(open_source(c, about, &s));
	TRY(read_version(c, &s, &set.version));
	TRY(read_facts(c, facts, &set));
	for (size_t i = 0; i < n; i++) {
		if (&files[i] == about || &files[i] == facts)
			continue;
		TRY(open_source(c, &files[i], &s));
		TRY(read_rules(c, &s, &set));
	}
	qsort(set.rules, set.rules_n, sizeof *set.rules, by_id);
	*ret = set;
	return OK;
}

const struct rule *rule_find(const struct rule_set *s, struct str id)
{
	struct rule key = {.id = id};
	return s->rules_n == 0 ? NULL
			       : bsearch(&key, s->rules, s->rules_n, sizeof *s->rules, by_id);
}

static err read_item(
	struct ctx *c, const struct rule_set *s, const struct json *j, struct evidence_item *ret)
{
	struct {
		struct str id, kind, unsound;
		const struct json *claims;
	} r = {0};
	static const struct json_field fields[] = {
		{"id", JSON_K_TEXT, false, 0, LIMIT_NAME, NULL},
		{"kind", JSON_K_TEXT, false, sizeof(struct str), LIMIT_NAME, NULL},
		{"unsound", JSON_K_TEXT, true, 2 * sizeof(struct str), 0, NULL},
		{"claims", JSON_K_OBJECT, true, 3 * sizeof(struct str), 0, NULL},
	};
	struct fact_value *claims = NULL;
	TRY(json_read(c, j, fields, countof(fields), false, &r));
	const struct fact_catalogue *k = &s->catalogue;
	ENSURE(fact_find(k->kinds, k->kinds_n, r.kind) != NULL, c, ERR_BAD_VALUE,
		"there is no kind of evidence %.*s", FMT(r.kind));
	TRY(fact_values(c, k->claims, k->claims_n, r.claims, &claims));
	*ret = (struct evidence_item){r.id, r.kind, r.unsound, claims};
	return OK;
}

static void derive(const struct rule_set *s, const struct rule_case *k, struct fact_value *facts)
{
	for (size_t i = 0; i < s->derived_n; i++) {
		const struct fact *f = s->derived[i];
		enum truth t = predicate_ask(f->definition, k);
		facts[f - s->catalogue.facts] =
			(struct fact_value){.known = t != TRUTH_UNKNOWN, .number = t == TRUTH_TRUE};
	}
}

err rule_set_case(
	struct ctx *c, const struct rule_set *s, const struct json *input, struct rule_case *ret)
{
	struct {
		struct str day;
		const struct json *facts, *evidence;
	} r = {0};
	static const struct json_field fields[] = {
		{"day", JSON_K_TEXT, false, 0, 0, NULL},
		{"facts", JSON_K_OBJECT, false, sizeof(struct str), 0, NULL},
		{"evidence", JSON_K_ARRAY, true, sizeof(struct str) + sizeof(void *), 0, NULL},
	};
	struct rule_case k = {.catalogue = &s->catalogue};
	struct fact_value *facts = NULL;
	struct evidence_item *items;
	TRY(json_read(c, input, fields, countof(fields), false, &r));
	ENSURE(day_parse(r.day, &k.today), c, ERR_BAD_VALUE, "day must be YYYY-MM-DD");
	TRY(fact_values(c, s->catalogue.facts, s->catalogue.facts_n, r.facts, &facts));
	size_t n = r.evidence == NULL ? 0 : r.evidence->n;
	ENSURE(n <= LIMIT_EVIDENCE_ITEMS, c, ERR_TOO_LARGE, "at most %u items of evidence",
		LIMIT_EVIDENCE_ITEMS);
	NEW_N(c, items, n + 1);
	for (const struct json *j = n == 0 ? NULL : r.evidence->first; j != NULL; j = j->next)
		TRY(read_item(c, s, j, &items[k.evidence_n++]));
	k.facts = facts;
	k.evidence = items;
	derive(s, &k, facts);
	*ret = k;
	return OK;
}
