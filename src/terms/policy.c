#include "terms/policy.h"

#include <assert.h>

#include "base/limits.h"
#include "codec/time.h"
#include "terms/operand.h"

/* How much of a value is shown, in bytes; the detail of a refusal holds 512. */
#define SHOWN 100u
/* 9999-12-31T23:59:59.999Z, the last time that has a text. */
#define TIME_LAST_MS 253402300799999ll

/* What is understood. lt and gt leave out the value itself: the bound lies one step beside it. */
static const struct row {
	const char *operand, *relation;
	enum term_kind kind;
	int step;
} rows[] = {
	{"purpose", "eq", TERM_PURPOSE, 0},
	{"purpose", "isAnyOf", TERM_PURPOSE, 0},
	{"dateTime", "lt", TERM_NOT_AFTER, -1},
	{"dateTime", "lteq", TERM_NOT_AFTER, 0},
	{"dateTime", "gt", TERM_NOT_BEFORE, 1},
	{"dateTime", "gteq", TERM_NOT_BEFORE, 0},
	{"elapsedTime", "eq", TERM_ELAPSED, 0},
	{"elapsedTime", "lt", TERM_ELAPSED, -1},
	{"elapsedTime", "lteq", TERM_ELAPSED, 0},
	{"count", "lt", TERM_COUNT, -1},
	{"count", "lteq", TERM_COUNT, 0},
};

static const char *const expected[TERM_KINDS] = {
	[TERM_PURPOSE] = "a text, or with isAnyOf a short array of texts",
	[TERM_NOT_BEFORE] = "a time such as 2026-12-31T16:00:00Z",
	[TERM_NOT_AFTER] = "a time such as 2026-12-31T16:00:00Z",
	[TERM_ELAPSED] = "days, hours, minutes and seconds such as P30D, at most a century",
	[TERM_COUNT] = "a whole number such as \"1\"",
};

static const char *const policy_members[] = {"permission", "prohibition", "obligation", "@id",
	"@type", "target", "assigner", "assignee", "timestamp", NULL};
static const char *const rule_members[] = {"action", "constraint", "duty", NULL};
static const char *const constraint_members[] = {"leftOperand", "operator", "rightOperand", NULL};

static err members_check(
	struct ctx *c, const struct json *o, const char *const *names, const char *what)
{
	ENSURE(o != NULL && o->type == JSON_OBJECT, c, ERR_TERM_REFUSES, "a %s must be an object",
		what);
	for (const struct json *j = o->first; j != NULL; j = j->next) {
		size_t i = 0;
		while (names[i] != NULL && !str_is(j->name, names[i]))
			i++;
		ENSURE(names[i] != NULL, c, ERR_TERM_REFUSES, "'%.*s' is not understood in a %s",
			FMT(operand_cut(j->name, SHOWN)), what);
	}
	return OK;
}

/* Rules that we could not keep must not be there. */
static err empty_check(struct ctx *c, const struct json *o, const char *name)
{
	const struct json *list = json_get(o, name);
	ENSURE(list == NULL || list->type == JSON_ARRAY, c, ERR_TERM_REFUSES,
		"'%s' must be an array", name);
	if (list == NULL || list->n == 0)
		return OK;
	const struct json *action = json_get(list->first, "action");
	return fail(c, ERR_TERM_REFUSES, "%s of %.*s is not understood", name,
		FMT(operand_show(action, SHOWN)));
}

static bool is_operand(struct str name)
{
	bool found = false;
	for (size_t i = 0; i < countof(rows); i++)
		found |= str_is(name, rows[i].operand);
	return found;
}

static err row_find(struct ctx *c, const struct json *j, const struct row **ret)
{
	struct str operand = operand_name(json_text(json_get(j, "leftOperand")));
	struct str relation = operand_name(json_text(json_get(j, "operator")));
	ENSURE(operand.n > 0 && relation.n > 0, c, ERR_TERM_REFUSES,
		"a constraint lacks leftOperand or operator as text");
	ENSURE(is_operand(operand), c, ERR_TERM_REFUSES,
		"leftOperand %.*s is not understood; purpose, dateTime, elapsedTime and count are",
		FMT(operand_cut(operand, SHOWN)));
	for (size_t i = 0; i < countof(rows); i++) {
		if (str_is(operand, rows[i].operand) && str_is(relation, rows[i].relation)) {
			*ret = &rows[i];
			return OK;
		}
	}
	return fail(c, ERR_TERM_REFUSES, "operator %.*s is not understood with %.*s",
		FMT(operand_cut(relation, SHOWN)), FMT(operand));
}

/* A single text with isAnyOf is an array of one: JSON-LD writes it so. */
static err purposes_read(
	struct ctx *c, const struct row *row, const struct json *right, struct terms *t)
{
	bool many = str_is(str_z(row->relation), "isAnyOf") && right->type == JSON_ARRAY;
	const struct json *j = many ? right->first : right;
	size_t n = many ? right->n : 1;
	ENSURE(n > 0 && n <= LIMIT_TERMS_PURPOSES, c, ERR_TERM_REFUSES,
		"purpose %s: expected is %s", row->relation, expected[TERM_PURPOSE]);
	ENSURE(t->purposes_n == 0, c, ERR_TERM_REFUSES,
		"a second constraint on purpose is not understood");
	struct str *list;
	NEW_N(c, list, n);
	for (size_t i = 0; i < n; i++, j = many ? j->next : j)
		ENSURE(operand_text(j, &list[i]), c, ERR_TERM_REFUSES,
			"purpose %s %.*s: expected is %s", row->relation,
			FMT(operand_show(j, SHOWN)), expected[TERM_PURPOSE]);
	t->purposes = list;
	t->purposes_n = n;
	return n == 1 ? arena_fmt(c, &t->said[TERM_PURPOSE], "purpose %s %.*s", row->relation,
				FMT(operand_cut(list[0], SHOWN)))
		      : arena_fmt(c, &t->said[TERM_PURPOSE], "purpose %s %.*s and %zu more",
				row->relation, FMT(operand_cut(list[0], SHOWN)), n - 1);
}

static bool operand_read(enum term_kind kind, const struct json *right, int64_t *ret)
{
	switch (kind) {
	case TERM_NOT_BEFORE:
	case TERM_NOT_AFTER:
		return operand_time(right, ret);
	case TERM_ELAPSED:
		return operand_duration(right, ret);
	case TERM_COUNT:
		return operand_count(right, ret);
	case TERM_PURPOSE:
	case TERM_KINDS:
		break;
	}
	__builtin_unreachable();
}

static int64_t *bound_of(struct terms *t, enum term_kind kind)
{
	switch (kind) {
	case TERM_NOT_BEFORE:
		return &t->not_before_ms;
	case TERM_NOT_AFTER:
		return &t->not_after_ms;
	case TERM_ELAPSED:
		return &t->elapsed_ms;
	case TERM_COUNT:
		return &t->count_max;
	case TERM_PURPOSE:
	case TERM_KINDS:
		break;
	}
	__builtin_unreachable();
}

static err constraint_read(struct ctx *c, const struct json *j, struct terms *t)
{
	const struct row *row;
	TRY(members_check(c, j, constraint_members, "constraint"));
	TRY(row_find(c, j, &row));
	const struct json *right = json_get(j, "rightOperand");
	ENSURE(right != NULL, c, ERR_TERM_REFUSES, "%s %s: rightOperand is missing", row->operand,
		row->relation);
	if (row->kind == TERM_PURPOSE)
		return purposes_read(c, row, right, t);
	struct str shown = operand_show(right, SHOWN);
	int64_t value;
	ENSURE(operand_read(row->kind, right, &value), c, ERR_TERM_REFUSES,
		"%s %s %.*s: expected is %s", row->operand, row->relation, FMT(shown),
		expected[row->kind]);
	value += row->step;
	ENSURE(value >= 0, c, ERR_TERM_REFUSES, "%s %s %.*s allows nothing", row->operand,
		row->relation, FMT(shown));
	int64_t *bound = bound_of(t, row->kind);
	bool wider = row->kind == TERM_NOT_BEFORE ? value <= *bound : value >= *bound;
	if (t->said[row->kind].n > 0 && wider)
		return OK;
	*bound = value;
	return arena_fmt(
		c, &t->said[row->kind], "%s %s %.*s", row->operand, row->relation, FMT(shown));
}

static err permission_read(struct ctx *c, const struct json *rule, struct terms *t)
{
	TRY(members_check(c, rule, rule_members, "permission"));
	TRY(empty_check(c, rule, "duty"));
	const struct json *action = json_get(rule, "action");
	ENSURE(str_is(operand_name(json_text(action)), "use"), c, ERR_TERM_REFUSES,
		"action %.*s is not understood; use is", FMT(operand_show(action, SHOWN)));
	const struct json *list = json_get(rule, "constraint");
	if (list == NULL)
		return OK;
	ENSURE(list->type == JSON_ARRAY, c, ERR_TERM_REFUSES, "'constraint' must be an array");
	for (const struct json *j = list->first; j != NULL; j = j->next)
		TRY(constraint_read(c, j, t));
	return OK;
}

/* What says whom and what a policy is about allows nothing; it must be text all the same. */
static err places_check(struct ctx *c, const struct json *policy)
{
	static const char *const places[] = {
		"@id", "@type", "target", "assigner", "assignee", "timestamp"};
	for (size_t i = 0; i < countof(places); i++) {
		const struct json *j = json_get(policy, places[i]);
		ENSURE(j == NULL || j->type == JSON_STRING, c, ERR_TERM_REFUSES,
			"'%s' of a policy must be a text", places[i]);
	}
	const struct json *type = json_get(policy, "@type");
	struct str name = operand_name(json_text(type));
	bool known = str_is(name, "Offer") || str_is(name, "Agreement") || str_is(name, "Set");
	ENSURE(type == NULL || known, c, ERR_TERM_REFUSES,
		"a policy of type %.*s is not understood", FMT(operand_cut(name, SHOWN)));
	return OK;
}

err terms_compile(struct ctx *c, const struct json *policy, struct terms *ret)
{
	struct terms t = {
		.open_ended = true, .not_after_ms = INT64_MAX, .elapsed_ms = -1, .count_max = -1};
	TRY(members_check(c, policy, policy_members, "policy"));
	TRY(places_check(c, policy));
	TRY(empty_check(c, policy, "prohibition"));
	TRY(empty_check(c, policy, "obligation"));
	const struct json *list = json_get(policy, "permission");
	ENSURE(list != NULL && list->type == JSON_ARRAY && list->n == 1, c, ERR_TERM_REFUSES,
		"'permission' must be an array of one: that is what is understood");
	TRY(permission_read(c, list->first, &t));
	for (size_t i = 0; i < TERM_KINDS; i++)
		t.open_ended &= t.said[i].n == 0;
	*ret = t;
	return OK;
}

static bool holds(const struct terms *t, struct str purpose)
{
	for (size_t i = 0; i < t->purposes_n; i++) {
		if (str_eq(t->purposes[i], purpose))
			return true;
	}
	return false;
}

static bool holds_all(const struct terms *t, const struct terms *of)
{
	for (size_t i = 0; i < of->purposes_n; i++) {
		if (!holds(t, of->purposes[i]))
			return false;
	}
	return true;
}

bool terms_equal(const struct terms *a, const struct terms *b)
{
	return a->not_before_ms == b->not_before_ms && a->not_after_ms == b->not_after_ms &&
	       a->elapsed_ms == b->elapsed_ms && a->count_max == b->count_max &&
	       (a->purposes_n == 0) == (b->purposes_n == 0) && holds_all(a, b) && holds_all(b, a);
}

static struct json *member(struct json *o, const char *name)
{
	struct json *j = o == NULL ? NULL : o->first;
	while (j != NULL && !str_is(j->name, name))
		j = j->next;
	return j;
}

/* Compiled before, so the members are there and of their types. */
static err constraint_bind(struct ctx *c, struct json *j, int64_t agreed_ms)
{
	int64_t ms;
	struct str text;
	if (!str_is(operand_name(json_text(json_get(j, "leftOperand"))), "elapsedTime"))
		return OK;
	bool known = operand_duration(json_get(j, "rightOperand"), &ms);
	assert(known && ms >= 0 && ms <= LIMIT_TERMS_ELAPSED_MS);
	ENSURE(agreed_ms >= 0 && agreed_ms <= TIME_LAST_MS - ms, c, ERR_TERM_REFUSES,
		"elapsedTime ends before 1970 or after the year 9999");
	TRY(time_str(c, agreed_ms + ms, &text));
	struct str relation = operand_name(json_text(json_get(j, "operator")));
	json_set(&j, "leftOperand", json_z(c, "dateTime"));
	json_set(&j, "operator", json_z(c, str_is(relation, "lt") ? "lt" : "lteq"));
	json_set(&j, "rightOperand", json_str(c, text));
	ENSURE(j != NULL, c, ERR_TOO_LARGE, "the request needs more memory than allowed");
	return OK;
}

err terms_bind(struct ctx *c, const struct json *policy, int64_t agreed_ms, struct json **ret)
{
	struct terms t;
	TRY(terms_compile(c, policy, &t));
	struct json *copy = json_copy(c, policy);
	ENSURE(copy != NULL, c, ERR_TOO_LARGE, "the request needs more memory than allowed");
	struct json *rules = member(copy, "permission");
	assert(rules != NULL && rules->n == 1);
	struct json *list = member(rules->first, "constraint");
	for (struct json *j = list == NULL ? NULL : list->first; j != NULL; j = j->next)
		TRY(constraint_bind(c, j, agreed_ms));
	*ret = copy;
	return OK;
}
