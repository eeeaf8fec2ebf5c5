#include "govern/exemption.h"

#include "govern/sandbox_store.h"
#include "rules/shipped.h"

#define CASES_OF_PRODUCT 16u

err exemption_may(struct ctx *c, struct str rule, struct str authority)
{
	struct rule_set set;
	TRY(rules_shipped_set(c, &set));
	const struct rule *r = rule_find(&set, rule);
	ENSURE(r != NULL, c, ERR_NOT_FOUND, "there is no rule %.*s: shugu rules list", FMT(rule));
	ENSURE(r->waivable_by.n > 0, c, ERR_FORBIDDEN,
		"%.*s: no authority may waive this rule in a local case; record a safeguard "
		"instead: shugu sandbox safeguard CASE",
		FMT(rule));
	ENSURE(authority.n == 0 || str_eq(authority, r->waivable_by), c, ERR_FORBIDDEN,
		"%.*s: only %.*s may waive it", FMT(rule), FMT(r->waivable_by));
	return OK;
}

err exemption_rule_set(struct ctx *c, struct str *ret)
{
	struct rule_set set;
	struct json *o = json_object(c);
	TRY(rules_shipped_set(c, &set));
	json_set_hex(c, &o, "hash", set.hash.b, sizeof set.hash.b);
	*ret = json_text(json_get(o, "hash"));
	return OK;
}

static bool stands_in(const struct json *list, struct str text)
{
	for (const struct json *j = list == NULL ? NULL : list->first; j != NULL; j = j->next) {
		if (str_eq(json_text(j), text))
			return true;
	}
	return false;
}

err exemption_check(struct ctx *c, const struct json *scope, const struct json *conditions,
	const struct json *ledger)
{
	for (const struct json *j = scope == NULL ? NULL : scope->first; j != NULL; j = j->next) {
		ENSURE(str_is(j->name, "purposes") || str_is(j->name, "counterparties"), c,
			ERR_UNKNOWN_MEMBER, "a scope has purposes and counterparties");
		ENSURE(j->type == JSON_ARRAY && j->n > 0, c, ERR_BAD_VALUE,
			"'%.*s' of the scope is a list that is not empty", FMT(j->name));
		for (const struct json *t = j->first; t != NULL; t = t->next)
			ENSURE(json_text(t).n > 0, c, ERR_BAD_VALUE,
				"'%.*s' of the scope holds texts", FMT(j->name));
	}
	for (const struct json *j = conditions == NULL ? NULL : conditions->first; j != NULL;
		j = j->next)
		ENSURE(condition_is_known(ledger, json_text(j)), c, ERR_NOT_FOUND,
			"the case has no condition %.*s", FMT(json_text(j)));
	return OK;
}

/* Those of a case that are in force on the day. */
static err in_force(struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t day,
	struct exemption **ret, size_t *ret_n)
{
	struct exemption *x;
	size_t all = 0, n = 0;
	*ret_n = 0;
	if (!sandbox_runs(r->state))
		return OK;
	NEW_N(c, x, SANDBOX_LIST);
	TRY(sandbox_store_exemptions(c, db, r->id, SANDBOX_LIST, x, &all));
	for (size_t i = 0; i < all; i++) {
		if (day >= x[i].from && day <= x[i].to)
			x[n++] = x[i];
	}
	*ret = x;
	*ret_n = n;
	return OK;
}

static bool is_waived(const struct json *waivers, struct str rule)
{
	for (const struct json *j = waivers == NULL ? NULL : waivers->first; j != NULL;
		j = j->next) {
		if (str_eq(json_text(json_get(j, "rule")), rule))
			return true;
	}
	return false;
}

static err add_waivers(struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t day,
	struct json **all)
{
	struct exemption *x = NULL;
	size_t n = 0;
	TRY(in_force(c, db, r, day, &x, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_object(c);
		struct str record;
		if (is_waived(*all, x[i].rule))
			continue;
		TRY(arena_fmt(c, &record, "%.*s#%lld", FMT(r->id), (long long)x[i].number));
		json_set_str(c, &o, "rule", x[i].rule);
		json_set_str(c, &o, "by", x[i].authority);
		json_set_str(c, &o, "record", record);
		json_push(all, o);
	}
	return OK;
}

err exemption_waivers(
	struct ctx *c, struct store *db, struct str product, int64_t day, struct json **ret)
{
	struct sandbox_row *rows;
	struct json *all = json_array(c);
	size_t n = 0;
	NEW_N(c, rows, CASES_OF_PRODUCT);
	TRY(sandbox_store_of_product(c, db, product, CASES_OF_PRODUCT, rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(add_waivers(c, db, &rows[i], day, &all));
	*ret = all;
	return OK;
}

err exemption_covers(struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t day,
	struct str peer, struct str purpose)
{
	struct exemption *x = NULL;
	size_t n = 0;
	TRY(in_force(c, db, r, day, &x, &n));
	for (size_t i = 0; i < n; i++) {
		const struct json *peers = json_get(x[i].scope, "counterparties"),
				  *purposes = json_get(x[i].scope, "purposes");
		ENSURE(peers == NULL || stands_in(peers, peer), c, ERR_TERM_REFUSES,
			"the exemption from %.*s (%.*s#%lld) is for other counterparties than "
			"%.*s; %.*s decides",
			FMT(x[i].rule), FMT(r->id), (long long)x[i].number, FMT(peer),
			FMT(x[i].authority));
		ENSURE(purposes == NULL || stands_in(purposes, purpose), c, ERR_TERM_REFUSES,
			"the exemption from %.*s (%.*s#%lld) is for other purposes than '%.*s'; "
			"%.*s decides",
			FMT(x[i].rule), FMT(r->id), (long long)x[i].number, FMT(purpose),
			FMT(x[i].authority));
	}
	return OK;
}
