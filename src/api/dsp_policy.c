#include "api/dsp_policy.h"

#include <assert.h>

#include "base/limits.h"
#include "codec/time.h"

static const char *const operators[] = {"eq", "neq", "gt", "gteq", "lt", "lteq", "hasPart", "isA",
	"isAllOf", "isAnyOf", "isNoneOf", "isPartOf", "term-lteq", NULL};
static const char *const logical[] = {"and", "or", "xone", "andSequence"};
static const char *const rule_kinds[] = {"permission", "prohibition", "obligation"};
static const char *const places[] = {
	"@context", "@id", "@type", "target", "assigner", "assignee", "timestamp"};

static const struct json_field policy_fields[] = {
	{"@id", JSON_K_TEXT, false, offsetof(struct dsp_policy, id), LIMIT_URL, NULL},
	{"target", JSON_K_TEXT, true, offsetof(struct dsp_policy, target), LIMIT_URL, NULL},
	{"assigner", JSON_K_TEXT, true, offsetof(struct dsp_policy, assigner), LIMIT_URL, NULL},
	{"assignee", JSON_K_TEXT, true, offsetof(struct dsp_policy, assignee), LIMIT_URL, NULL},
	{"timestamp", JSON_K_TEXT, true, offsetof(struct dsp_policy, timestamp), LIMIT_NAME, NULL},
};

static bool is_place(struct str name)
{
	for (size_t i = 0; i < countof(places); i++) {
		if (str_is(name, places[i]))
			return true;
	}
	return false;
}

/* An xsd:dateTime has seconds and need not have a zone. */
static bool is_date_time(struct ctx *c, struct str s)
{
	int64_t ms;
	struct str with_zone;
	return time_parse_rfc3339(s, &ms) || (arena_fmt(c, &with_zone, "%.*sZ", FMT(s)) == OK &&
						     time_parse_rfc3339(with_zone, &ms));
}

static err atomic_check(struct ctx *c, const struct json *j)
{
	struct {
		struct str left, operator;
		const struct json *right;
	} atom = {0};
	const struct json_field fields[] = {
		{"leftOperand", JSON_K_TEXT, false, offsetof(__typeof__(atom), left), LIMIT_URL,
			NULL},
		{"operator", JSON_K_TEXT, false, offsetof(__typeof__(atom), operator), 0,
			operators},
		{"rightOperand", JSON_K_ANY, false, offsetof(__typeof__(atom), right), 0, NULL},
	};
	TRY(json_read(c, j, fields, countof(fields), true, &atom));
	ENSURE(atom.left.n > 0, c, ERR_BAD_VALUE, "'leftOperand' is empty");
	ENSURE(atom.right->type == JSON_STRING || atom.right->type == JSON_OBJECT ||
			atom.right->type == JSON_ARRAY,
		c, ERR_BAD_VALUE,
		"'rightOperand' must be a string, an object or an array (numbers are strings)");
	return OK;
}

/* Nested at most as deep as JSON is read. */
static err constraints_check(struct ctx *c, const struct json *list, const char *name)
{
	ENSURE(list->type == JSON_ARRAY, c, ERR_BAD_VALUE, "'%s' must be an array", name);
	for (const struct json *j = list->first; j != NULL; j = j->next) {
		ENSURE(j->type == JSON_OBJECT, c, ERR_BAD_VALUE, "'%s' holds what is no object",
			name);
		const char *word = NULL;
		for (size_t i = 0; i < countof(logical); i++) {
			if (json_get(j, logical[i]) == NULL)
				continue;
			ENSURE(word == NULL && json_get(j, "leftOperand") == NULL, c, ERR_BAD_VALUE,
				"a constraint in '%s' is of two kinds", name);
			word = logical[i];
		}
		if (word == NULL)
			TRY(atomic_check(c, j));
		else
			TRY(constraints_check(c, json_get(j, word), word));
	}
	return OK;
}

static err rules_check(struct ctx *c, const struct json *rules, const char *name)
{
	if (rules == NULL)
		return OK;
	ENSURE(rules->type == JSON_ARRAY, c, ERR_BAD_VALUE, "'%s' must be an array", name);
	for (const struct json *j = rules->first; j != NULL; j = j->next) {
		ENSURE(j->type == JSON_OBJECT, c, ERR_BAD_VALUE, "'%s' holds what is no object",
			name);
		const struct json *action = json_get(j, "action");
		ENSURE(action != NULL, c, ERR_MISSING_MEMBER, "'action' is missing in '%s'", name);
		ENSURE(json_text(action).n > 0, c, ERR_BAD_VALUE, "'action' must be a string");
		if (json_get(j, "constraint") != NULL)
			TRY(constraints_check(c, json_get(j, "constraint"), "constraint"));
	}
	return OK;
}

static err profile_check(struct ctx *c, const struct json *profile)
{
	if (profile == NULL || profile->type == JSON_STRING)
		return OK;
	ENSURE(profile->type == JSON_ARRAY, c, ERR_BAD_VALUE,
		"'profile' must be a string or an array of strings");
	for (const struct json *j = profile->first; j != NULL; j = j->next)
		ENSURE(j->type == JSON_STRING, c, ERR_BAD_VALUE, "'profile' holds no string");
	return OK;
}

/* The type may be left out in a catalogue, where the place says it. */
static err type_check(struct ctx *c, const struct json *j, enum dsp_policy_kind kind)
{
	const struct json *type = json_get(j, "@type");
	if (type == NULL && kind == DSP_CATALOG_OFFER)
		return OK;
	const char *want = kind == DSP_AGREEMENT_POLICY ? "Agreement" : "Offer";
	ENSURE(type != NULL, c, ERR_MISSING_MEMBER, "'@type' of the policy is missing");
	ENSURE(str_is(json_text(type), want), c, ERR_BAD_VALUE, "'@type' of the policy is not %s",
		want);
	return OK;
}

static err places_check(struct ctx *c, const struct dsp_policy *p, enum dsp_policy_kind kind)
{
	ENSURE(p->id.n > 0, c, ERR_BAD_VALUE, "'@id' of the policy is empty");
	if (kind == DSP_CATALOG_OFFER)
		return OK;
	ENSURE(p->target.n > 0, c, ERR_MISSING_MEMBER, "'target' is missing");
	if (kind == DSP_MESSAGE_OFFER)
		return OK;
	ENSURE(p->assigner.n > 0, c, ERR_MISSING_MEMBER, "'assigner' is missing");
	ENSURE(p->assignee.n > 0, c, ERR_MISSING_MEMBER, "'assignee' is missing");
	ENSURE(p->timestamp.n == 0 || is_date_time(c, p->timestamp), c, ERR_BAD_VALUE,
		"'timestamp' is no xsd:dateTime with seconds");
	return OK;
}

err dsp_policy_read(
	struct ctx *c, const struct json *j, enum dsp_policy_kind kind, struct dsp_policy *ret)
{
	struct dsp_policy p = {.json = j};
	size_t rules = 0;
	TRY(json_read(c, j, policy_fields, countof(policy_fields), true, &p));
	TRY(type_check(c, j, kind));
	TRY(places_check(c, &p, kind));
	TRY(profile_check(c, json_get(j, "profile")));
	for (size_t i = 0; i < countof(rule_kinds); i++) {
		const struct json *list = json_get(j, rule_kinds[i]);
		TRY(rules_check(c, list, rule_kinds[i]));
		if (list != NULL && i < 2)
			rules += list->n;
	}
	ENSURE(rules > 0, c, ERR_MISSING_MEMBER, "'permission' or 'prohibition' is missing");
	*ret = p;
	return OK;
}

static struct json *rules_copy(struct ctx *c, const struct json *rules)
{
	struct json *copy = json_array(c);
	for (const struct json *j = rules->first; j != NULL; j = j->next) {
		const struct json *constraint = json_get(j, "constraint");
		bool empty =
			constraint != NULL && constraint->type == JSON_ARRAY && constraint->n == 0;
		json_push(&copy, json_copy_without(c, j, empty ? "constraint" : NULL));
	}
	return copy;
}

/* The members of a policy that have no place of their own, added to o. */
static void terms_add(struct ctx *c, const struct json *policy, struct json **o)
{
	for (const struct json *j = policy->first; j != NULL; j = j->next) {
		bool is_rules = false;
		for (size_t i = 0; i < countof(rule_kinds); i++)
			is_rules |= str_is(j->name, rule_kinds[i]) && j->type == JSON_ARRAY;
		if (is_place(j->name) || (is_rules && j->n == 0))
			continue;
		struct json *copy = is_rules ? rules_copy(c, j) : json_copy(c, j);
		char *name = arena_z(c->arena, j->name);
		json_set(o, name == NULL ? "" : name, name == NULL ? NULL : copy);
	}
}

struct json *dsp_policy_terms(struct ctx *c, const struct json *policy)
{
	struct json *o = json_object(c);
	assert(policy != NULL && policy->type == JSON_OBJECT);
	terms_add(c, policy, &o);
	return o;
}

struct json *dsp_policy_json(struct ctx *c, const struct dsp_policy *p, enum dsp_policy_kind kind)
{
	assert(p->id.n > 0 && p->json != NULL && p->json->type == JSON_OBJECT);
	struct json *o = json_object(c);
	json_set_str(c, &o, "@id", p->id);
	json_set(&o, "@type", json_z(c, kind == DSP_AGREEMENT_POLICY ? "Agreement" : "Offer"));
	if (kind != DSP_CATALOG_OFFER) {
		assert(p->target.n > 0);
		json_set_str(c, &o, "target", p->target);
	}
	if (kind == DSP_AGREEMENT_POLICY) {
		assert(p->assigner.n > 0 && p->assignee.n > 0 && is_date_time(c, p->timestamp));
		json_set_str(c, &o, "assigner", p->assigner);
		json_set_str(c, &o, "assignee", p->assignee);
		json_set_str(c, &o, "timestamp", p->timestamp);
	}
	terms_add(c, p->json, &o);
	return o;
}
