#include "govern/condition.h"

#include <string.h>

#include "govern/sandbox_messages.h"

static const char *const limits_of[] = {
	"subjects", "records", "value", "counterparties", "days", "deliveries"};

struct condition_fields {
	struct str id, pass, when, title, by;
};

#define AT(member) offsetof(struct condition_fields, member)
static const struct json_field condition_fields[] = {
	{"id", JSON_K_TEXT, false, AT(id), 64, NULL},
	{"pass", JSON_K_TEXT, false, AT(pass), 1000, NULL},
	{"title", JSON_K_TEXT, true, AT(title), 400, NULL},
	{"by", JSON_K_TEXT, true, AT(by), 200, NULL},
};
static const struct json_field stop_fields[] = {
	{"id", JSON_K_TEXT, false, AT(id), 64, NULL},
	{"when", JSON_K_TEXT, false, AT(when), 1000, NULL},
	{"title", JSON_K_TEXT, true, AT(title), 400, NULL},
	{"by", JSON_K_TEXT, true, AT(by), 200, NULL},
};

static err catalogue(struct ctx *c, struct fact_catalogue *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(sandbox_facts), &j));
	return fact_catalogue_read(c, j, ret);
}

bool condition_is_known(const struct json *ledger, struct str id)
{
	for (const struct json *j = ledger == NULL ? NULL : ledger->first; j != NULL; j = j->next) {
		if (str_eq(json_text(json_get(j, "id")), id))
			return true;
	}
	return false;
}

static err add(
	struct ctx *c, struct json **ledger, const char *kind, const struct condition_fields *f)
{
	struct fact_catalogue k;
	const struct predicate *p;
	struct json *o = json_object(c);
	ENSURE(*ledger != NULL && (*ledger)->n < CONDITIONS_MAX, c, ERR_TOO_LARGE,
		"a case has %u conditions at most", CONDITIONS_MAX);
	ENSURE(f->id.n > 0, c, ERR_BAD_VALUE, "a condition has an id");
	ENSURE(!condition_is_known(*ledger, f->id), c, ERR_CONFLICT,
		"two conditions have the id %.*s", FMT(f->id));
	TRY(catalogue(c, &k));
	err e = f->when.n > 0 ? predicate_read(c, &k, f->when, &p) : OK;
	if (e == OK)
		e = predicate_read(c, &k, f->pass, &p);
	if (e != OK && !err_is_fault(e)) {
		struct str why;
		TRY(arena_str(c, str_z(c->trouble.detail), &why));
		return fail(c, e, "condition %.*s: %.*s", FMT(f->id), FMT(why));
	}
	TRY(e);
	json_set_str(c, &o, "id", f->id);
	json_set(&o, "kind", json_z(c, kind));
	json_set_str(c, &o, "pass", f->pass);
	if (f->title.n > 0)
		json_set_str(c, &o, "title", f->title);
	if (f->by.n > 0)
		json_set_str(c, &o, "by", f->by);
	json_push(ledger, o);
	return OK;
}

static err add_limit(struct ctx *c, struct json **ledger, const char *name, const struct json *j)
{
	struct condition_fields f = {.by = {"", 0}};
	int64_t n = 0;
	ENSURE(json_int(j, &n) && n >= 0, c, ERR_BAD_VALUE, "the limit '%s' is a whole number",
		name);
	TRY(arena_fmt(c, &f.id, "limit.%s", name));
	TRY(arena_fmt(c, &f.pass, "%s <= %lld", name, (long long)n));
	return add(c, ledger, "limit", &f);
}

/* In the order of the table, not of the members: a log has them sorted. */
static err add_limits(struct ctx *c, struct json **ledger, const struct json *limits)
{
	size_t known = 0;
	for (size_t i = 0; i < countof(limits_of); i++) {
		const struct json *j = json_get(limits, limits_of[i]);
		if (j == NULL)
			continue;
		TRY(add_limit(c, ledger, limits_of[i], j));
		known++;
	}
	ENSURE(limits == NULL || known == limits->n, c, ERR_UNKNOWN_MEMBER,
		"the limits are subjects, records, value, counterparties, days, deliveries");
	return OK;
}

err condition_add(struct ctx *c, struct json **ledger, const struct json *conditions,
	const struct json *limits, const struct json *stop)
{
	for (const struct json *j = conditions == NULL ? NULL : conditions->first; j != NULL;
		j = j->next) {
		struct condition_fields f = {.by = {"", 0}};
		TRY(json_read(c, j, condition_fields, countof(condition_fields), false, &f));
		TRY(add(c, ledger, "condition", &f));
	}
	TRY(add_limits(c, ledger, limits));
	for (const struct json *j = stop == NULL ? NULL : stop->first; j != NULL; j = j->next) {
		struct condition_fields f = {.by = {"", 0}};
		TRY(json_read(c, j, stop_fields, countof(stop_fields), false, &f));
		TRY(arena_fmt(c, &f.pass, "not (%.*s)", FMT(f.when)));
		TRY(add(c, ledger, "stop", &f));
	}
	return OK;
}

static err case_of(struct ctx *c, const struct fact_catalogue *k, const struct case_facts *f,
	struct rule_case *ret)
{
	const struct {
		const char *name;
		int64_t value;
		bool known;
	} values[] = {
		{"subjects", f->subjects, f->subjects >= 0},
		{"records", f->records, f->subjects >= 0},
		{"deliveries", f->deliveries, true},
		{"value", f->value, true},
		{"counterparties", f->counterparties, true},
		{"days", f->days, true},
		{"complaints", f->complaints, true},
		{"complaints.open", f->open_complaints, true},
		{"incidents", f->incidents, true},
	};
	struct json *given = json_object(c);
	struct fact_value *facts;
	for (size_t i = 0; i < countof(values); i++) {
		if (values[i].known)
			json_set_num(c, &given, values[i].name, values[i].value);
	}
	TRY(fact_values(c, k->facts, k->facts_n, given, &facts));
	*ret = (struct rule_case){.catalogue = k, .facts = facts, .today = f->today};
	return OK;
}

static bool asks_for(const struct predicate *p, const struct fact *f)
{
	return p != NULL && ((p->op == PREDICATE_FACT && p->fact == f) || asks_for(p->left, f) ||
				    asks_for(p->right, f));
}

/* The facts that p asks for: {name: value}. */
static struct json *asked(struct ctx *c, const struct predicate *p, const struct rule_case *k)
{
	struct json *o = json_object(c);
	for (size_t i = 0; i < k->catalogue->facts_n; i++) {
		const struct fact *f = &k->catalogue->facts[i];
		const char *name = arena_z(c->arena, f->name);
		if (name != NULL && asks_for(p, f))
			json_set(&o, name, fact_json(c, f->type, &k->facts[i]));
	}
	return o;
}

static err explain(
	struct ctx *c, const struct json *item, const struct json *values, struct str *ret)
{
	struct str by = json_text(json_get(item, "by")), text, id = json_text(json_get(item, "id"));
	bool limit = str_is(json_text(json_get(item, "kind")), "limit");
	TRY(json_write(c, values, false, 4000, &text));
	return arena_fmt(c, ret,
		"condition %.*s of the sandbox case asks for: %.*s; after this it would be %.*s; "
		"%s%.*s decides about another %s",
		FMT(id), FMT(json_text(json_get(item, "pass"))), FMT(text),
		str_find_str(text, STR("null")) < text.n
			? "what is null was not counted: shugu sandbox measure CASE counts it; "
			: "",
		FMT(by.n > 0 ? by : STR("the committee")), limit ? "limit" : "condition");
}

err condition_ask(struct ctx *c, const struct json *ledger, const struct case_facts *f,
	const struct json **ret, struct str *ret_why)
{
	struct fact_catalogue k;
	struct rule_case now;
	TRY(catalogue(c, &k));
	TRY(case_of(c, &k, f, &now));
	*ret = NULL;
	for (const struct json *j = ledger == NULL ? NULL : ledger->first; j != NULL; j = j->next) {
		const struct predicate *p;
		TRY(predicate_read(c, &k, json_text(json_get(j, "pass")), &p));
		if (predicate_ask(p, &now) == TRUTH_TRUE)
			continue;
		*ret = j;
		return explain(c, j, asked(c, p, &now), ret_why);
	}
	return OK;
}

/* value, limit and left of "name <= n". */
static void set_limit(
	struct ctx *c, struct json **o, const struct predicate *p, const struct json *values)
{
	int64_t value = 0;
	if (p->right == NULL || p->right->op != PREDICATE_LITERAL || values == NULL)
		return;
	json_set_num(c, o, "limit", p->right->literal.number);
	if (!json_int(values->first, &value))
		return;
	json_set_num(c, o, "value", value);
	json_set_num(c, o, "left", p->right->literal.number - value);
}

err condition_gauges(
	struct ctx *c, const struct json *ledger, const struct case_facts *f, struct json **ret)
{
	static const char *const words[] = {"FAIL", "PASS", "UNKNOWN"};
	struct fact_catalogue k;
	struct rule_case now;
	struct json *all = json_array(c);
	TRY(catalogue(c, &k));
	TRY(case_of(c, &k, f, &now));
	for (const struct json *j = ledger == NULL ? NULL : ledger->first; j != NULL; j = j->next) {
		const struct predicate *p;
		struct json *o = json_copy(c, j);
		TRY(predicate_read(c, &k, json_text(json_get(j, "pass")), &p));
		struct json *values = asked(c, p, &now);
		json_set(&o, "outcome", json_z(c, words[predicate_ask(p, &now)]));
		if (str_is(json_text(json_get(j, "kind")), "limit"))
			set_limit(c, &o, p, values);
		json_set(&o, "facts", values);
		json_push(&all, o);
	}
	*ret = all;
	return OK;
}
