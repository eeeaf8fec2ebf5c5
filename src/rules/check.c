#include "rules/check.h"

#include "codec/json_time.h"

static bool stands_in(const struct json *list, struct str text)
{
	for (const struct json *j = list == NULL ? NULL : list->first; j != NULL; j = j->next) {
		if (str_eq(json_text(j), text))
			return true;
	}
	return false;
}

static const struct json *waiver_of(const struct check_policy *p, struct str id)
{
	for (const struct json *j = p->waivers == NULL ? NULL : p->waivers->first; j != NULL;
		j = j->next) {
		if (str_eq(json_text(json_get(j, "rule")), id))
			return j;
	}
	return NULL;
}

static err check_waivers(struct ctx *c, const struct rule_set *s, const struct check_policy *p)
{
	for (const struct json *j = p->waivers == NULL ? NULL : p->waivers->first; j != NULL;
		j = j->next) {
		struct str id = json_text(json_get(j, "rule")), by = json_text(json_get(j, "by"));
		const struct rule *r = rule_find(s, id);
		ENSURE(r != NULL, c, ERR_NOT_FOUND, "there is no rule %.*s", FMT(id));
		ENSURE(r->waivable_by.n > 0, c, ERR_FORBIDDEN, "%.*s: nobody here may waive it",
			FMT(id));
		ENSURE(str_eq(r->waivable_by, by), c, ERR_FORBIDDEN, "%.*s: only %.*s may waive it",
			FMT(id), FMT(r->waivable_by));
	}
	return OK;
}

/* What is missing: for a rule that may not concern the case, either. */
static struct json *needs_of(struct ctx *c, const struct rule *r, const struct rule_case *k)
{
	struct json *needs = predicate_needs(c, r->pass, k, true);
	if (r->when == NULL || predicate_ask(r->when, k) != TRUTH_UNKNOWN)
		return needs;
	struct json *both = json_array(c), *o = json_object(c), *out = json_array(c);
	json_push(&both, predicate_needs(c, r->when, k, false));
	json_push(&both, needs);
	json_set(&o, "anyOf", both);
	json_push(&out, o);
	return out;
}

static bool blocks(const struct rule *r, enum outcome o, const struct check_policy *p)
{
	return r->severity == SEVERITY_BLOCK && (o == OUTCOME_FAIL || o == OUTCOME_UNKNOWN) &&
	       (r->verified || !stands_in(p->unadopted, r->id)) && waiver_of(p, r->id) == NULL;
}

static struct json *result_of(struct ctx *c, const struct rule *r, const struct rule_case *k,
	enum outcome o, const struct check_policy *p)
{
	struct json *j = json_object(c), *ids = json_array(c);
	const struct json *waiver = waiver_of(p, r->id);
	bool open = o == OUTCOME_FAIL || o == OUTCOME_UNKNOWN;
	json_set_str(c, &j, "rule", r->id);
	json_set_str(c, &j, "severity", str_z(severities[r->severity]));
	json_set_str(c, &j, "outcome", str_z(outcomes[o]));
	json_set(&j, "blocks", json_bool(c, blocks(r, o, p)));
	json_set(&j, "verified", json_bool(c, r->verified));
	json_set(&j, "title", json_copy(c, r->title));
	json_set(&j, "basis", json_copy(c, r->basis));
	if (o != OUTCOME_NA) {
		predicate_evidence(c, r->pass, k, &ids);
		json_set(&j, "evidence", ids);
	}
	if (open) {
		json_set(&j, "needs", needs_of(c, r, k));
		json_set(&j, "remedy", json_copy(c, r->remedy));
	}
	if (open && waiver != NULL)
		json_set(&j, "waived", json_copy(c, waiver));
	return j;
}

static struct json *set_of(struct ctx *c, const struct rule_set *s)
{
	struct json *j = json_object(c);
	json_set_str(c, &j, "version", s->version);
	json_set_hex(c, &j, "hash", s->hash.b, sizeof s->hash.b);
	return j;
}

err rule_set_check(struct ctx *c, const struct rule_set *s, const struct rule_case *k,
	const struct check_policy *policy, struct json **ret)
{
	static const struct check_policy none = {NULL, NULL};
	const struct check_policy *p = policy == NULL ? &none : policy;
	struct json *all = json_array(c), *j = json_object(c), *counted = json_object(c);
	int64_t counts[4] = {0};
	bool refused = false, warned = false;
	TRY(check_waivers(c, s, p));
	for (size_t i = 0; i < s->rules_n; i++) {
		const struct rule *r = &s->rules[i];
		enum outcome o = rule_ask(r, k);
		counts[o]++;
		refused = refused || blocks(r, o, p);
		warned = warned || (r->severity != SEVERITY_RECORD &&
					   (o == OUTCOME_FAIL || o == OUTCOME_UNKNOWN));
		json_push(&all, result_of(c, r, k, o, p));
	}
	for (size_t i = 0; i < countof(counts); i++)
		json_set_num(c, &counted, outcomes[i], counts[i]);
	json_set(&j, "ruleSet", set_of(c, s));
	json_set(&j, "day", json_day(c, k->today));
	json_set_str(c, &j, "verdict",
		refused  ? STR("refused")
		: warned ? STR("warn")
			 : STR("pass"));
	json_set(&j, "counts", counted);
	json_set(&j, "results", all);
	*ret = j;
	return OK;
}

static void failure(struct ctx *c, const struct rule *r, size_t at, struct str want, struct str got,
	struct json **out)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "rule", r->id);
	json_set_num(c, &o, "at", (int64_t)at);
	json_set_str(c, &o, "want", want);
	json_set_str(c, &o, "got", got);
	json_push(out, o);
}

/* What the rule answers to an example, or why the example cannot be read. */
static err answer(struct ctx *c, const struct rule_set *s, const struct rule *r,
	const struct json *example, struct str *ret)
{
	struct rule_case k;
	err e = rule_set_case(c, s, json_copy_without(c, example, "outcome"), &k);
	if (e != OK)
		return err_is_fault(e) ? e : arena_str(c, str_z(c->trouble.detail), ret);
	*ret = str_z(outcomes[rule_ask(r, &k)]);
	return OK;
}

static err test_rule(struct ctx *c, const struct rule_set *s, const struct rule *r,
	struct example_count *n, struct json **failures)
{
	bool seen[4] = {false};
	size_t at = 0;
	for (const struct json *j = r->examples->first; j != NULL; j = j->next) {
		struct str want = json_text(json_get(j, "outcome")), got;
		TRY(answer(c, s, r, j, &got));
		n->examples++;
		at++;
		for (size_t i = 0; i < countof(seen); i++)
			seen[i] = seen[i] || str_is(want, outcomes[i]);
		if (str_eq(want, got))
			continue;
		n->failed++;
		failure(c, r, at, want, got, failures);
	}
	for (size_t i = OUTCOME_PASS; i <= OUTCOME_UNKNOWN; i++) {
		if (seen[i])
			continue;
		struct json *o = json_object(c);
		n->failed++;
		json_set_str(c, &o, "rule", r->id);
		json_set_str(c, &o, "lacks", str_z(outcomes[i]));
		json_push(failures, o);
	}
	return OK;
}

err rule_set_test(struct ctx *c, const struct rule_set *s, struct example_count *ret,
	struct json **ret_failures)
{
	struct example_count n = {.rules = s->rules_n};
	struct json *failures = json_array(c);
	for (size_t i = 0; i < s->rules_n; i++)
		TRY(test_rule(c, s, &s->rules[i], &n, &failures));
	*ret = n;
	*ret_failures = failures;
	return OK;
}
