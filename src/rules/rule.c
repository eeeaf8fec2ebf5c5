#include "rules/rule.h"

#include "base/limits.h"
#include "codec/day.h"

const char *const severities[] = {"block", "warn", "record", NULL};
const char *const outcomes[] = {"PASS", "FAIL", "UNKNOWN", "NA", NULL};

/* From the highest; of the first three nobody here can waive anything. */
static const char *const ranks[] = {
	"law", "regulation", "ministerial", "normative", "standard", "venue", "house", NULL};
#define RANKS_BINDING 3

struct written {
	struct str id, severity, when, pass, from, to;
	const struct json *title, *remedy, *basis, *examples, *waivable;
};

static err read_words(struct ctx *c, const struct json *j)
{
	struct {
		struct str zh, en;
	} w = {0};
	static const struct json_field fields[] = {
		{"zh", JSON_K_TEXT, false, 0, 0, NULL},
		{"en", JSON_K_TEXT, false, sizeof(struct str), 0, NULL},
	};
	TRY(json_read(c, j, fields, countof(fields), false, &w));
	ENSURE(w.zh.n > 0 && w.en.n > 0, c, ERR_BAD_VALUE, "zh and en must both say something");
	return OK;
}

struct basis {
	struct str text, article, rank, version, read;
	bool verified;
};

static err read_basis(struct ctx *c, const struct json *j, struct basis *ret)
{
	static const struct json_field fields[] = {
		{"text", JSON_K_TEXT, false, offsetof(struct basis, text), 0, NULL},
		{"article", JSON_K_TEXT, true, offsetof(struct basis, article), 0, NULL},
		{"rank", JSON_K_TEXT, false, offsetof(struct basis, rank), 0, ranks},
		{"version", JSON_K_TEXT, false, offsetof(struct basis, version), 0, NULL},
		{"read", JSON_K_TEXT, true, offsetof(struct basis, read), 0, NULL},
		{"verified", JSON_K_BOOL, false, offsetof(struct basis, verified), 0, NULL},
	};
	TRY(json_read(c, j, fields, countof(fields), false, ret));
	ENSURE(!ret->verified || ret->read.n > 0, c, ERR_BAD_VALUE,
		"verified needs read: where the official text was read");
	return OK;
}

static bool is_binding(struct str rank)
{
	for (int i = 0; i < RANKS_BINDING; i++) {
		if (str_is(rank, ranks[i]))
			return true;
	}
	return false;
}

static err read_bases(struct ctx *c, const struct json *all, struct rule *r, bool *ret_binding,
	const struct json **where)
{
	*where = all;
	ENSURE(all->n > 0, c, ERR_BAD_VALUE, "basis must name at least one text");
	r->verified = true;
	for (const struct json *j = all->first; j != NULL; j = j->next) {
		struct basis b = {0};
		*where = j;
		TRY(read_basis(c, j, &b));
		r->verified = r->verified && b.verified;
		*ret_binding = *ret_binding || is_binding(b.rank);
	}
	r->basis = all;
	return OK;
}

static err read_waivable(struct ctx *c, const struct json *j, bool binding, struct str *ret)
{
	static const struct json_field fields[] = {{"by", JSON_K_TEXT, false, 0, LIMIT_NAME, NULL}};
	TRY(json_read(c, j, fields, countof(fields), false, ret));
	ENSURE(ret->n > 0, c, ERR_BAD_VALUE, "waivable must name the authority");
	ENSURE(!binding, c, ERR_BAD_VALUE,
		"it rests on a law, an administrative regulation or a ministerial rule: nobody "
		"here can waive it");
	return OK;
}

static err read_dates(struct ctx *c, const struct written *w, struct rule *r)
{
	r->dated_from = w->from.n > 0;
	r->dated_to = w->to.n > 0;
	ENSURE(!r->dated_from || day_parse(w->from, &r->from), c, ERR_BAD_VALUE,
		"from is no day, YYYY-MM-DD");
	ENSURE(!r->dated_to || day_parse(w->to, &r->to), c, ERR_BAD_VALUE,
		"to is no day, YYYY-MM-DD");
	ENSURE(!r->dated_from || !r->dated_to || r->from <= r->to, c, ERR_BAD_VALUE,
		"from lies after to");
	return OK;
}

static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (!((ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-'))
			return false;
	}
	return s.n > 0 && s.n <= LIMIT_NAME;
}

static err read_written(struct ctx *c, const struct json *j, struct written *ret)
{
	static const struct json_field fields[] = {
		{"id", JSON_K_TEXT, false, offsetof(struct written, id), LIMIT_NAME, NULL},
		{"severity", JSON_K_TEXT, false, offsetof(struct written, severity), 0, severities},
		{"title", JSON_K_OBJECT, false, offsetof(struct written, title), 0, NULL},
		{"when", JSON_K_TEXT, true, offsetof(struct written, when), LIMIT_PREDICATE, NULL},
		{"pass", JSON_K_TEXT, false, offsetof(struct written, pass), LIMIT_PREDICATE, NULL},
		{"remedy", JSON_K_OBJECT, false, offsetof(struct written, remedy), 0, NULL},
		{"basis", JSON_K_ARRAY, false, offsetof(struct written, basis), 0, NULL},
		{"from", JSON_K_TEXT, true, offsetof(struct written, from), 0, NULL},
		{"to", JSON_K_TEXT, true, offsetof(struct written, to), 0, NULL},
		{"waivable", JSON_K_OBJECT, true, offsetof(struct written, waivable), 0, NULL},
		{"examples", JSON_K_ARRAY, false, offsetof(struct written, examples), 0, NULL},
	};
	TRY(json_read(c, j, fields, countof(fields), false, ret));
	ENSURE(is_id(ret->id), c, ERR_BAD_VALUE, "%.*s is no id: capitals, digits and -",
		FMT(ret->id));
	return OK;
}

err rule_read(struct ctx *c, const struct fact_catalogue *k, const struct json *j, struct rule *ret,
	const struct json **ret_where)
{
	struct written w = {0};
	struct rule r = {.at = j};
	bool binding = false;
	*ret_where = j;
	TRY(read_written(c, j, &w));
	r.id = w.id;
	r.title = w.title;
	r.remedy = w.remedy;
	r.examples = w.examples;
	while (!str_is(w.severity, severities[r.severity]))
		r.severity++;
	TRY(read_dates(c, &w, &r));
	*ret_where = w.title;
	TRY(read_words(c, w.title));
	*ret_where = w.remedy;
	TRY(read_words(c, w.remedy));
	*ret_where = json_get(j, "when");
	if (w.when.n > 0)
		TRY(predicate_read(c, k, w.when, &r.when));
	*ret_where = json_get(j, "pass");
	TRY(predicate_read(c, k, w.pass, &r.pass));
	TRY(read_bases(c, w.basis, &r, &binding, ret_where));
	*ret_where = w.waivable;
	if (w.waivable != NULL)
		TRY(read_waivable(c, w.waivable, binding, &r.waivable_by));
	*ret = r;
	return OK;
}

bool rule_in_force(const struct rule *r, int64_t day)
{
	return !(r->dated_from && day < r->from) && !(r->dated_to && day > r->to);
}

enum outcome rule_ask(const struct rule *r, const struct rule_case *k)
{
	enum truth concerns = r->when == NULL ? TRUTH_TRUE : predicate_ask(r->when, k);
	if (!rule_in_force(r, k->today) || concerns == TRUTH_FALSE)
		return OUTCOME_NA;
	enum truth passes = predicate_ask(r->pass, k);
	if (passes == TRUTH_TRUE)
		return OUTCOME_PASS;
	/* Whether it concerns the case is not known, but then it would fail: still not known. */
	if (concerns == TRUTH_UNKNOWN || passes == TRUTH_UNKNOWN)
		return OUTCOME_UNKNOWN;
	return OUTCOME_FAIL;
}
