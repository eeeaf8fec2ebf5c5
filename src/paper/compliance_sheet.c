#include "paper/compliance_sheet.h"

#include "base/limits.h"
#include "paper/parts.h"

static struct str text_of(const struct json *o, const char *name)
{
	return json_text(json_get(o, name));
}

static bool is_true(const struct json *o, const char *name)
{
	const struct json *j = json_get(o, name);
	return j != NULL && j->type == JSON_TRUE;
}

static bool is_open(const struct json *r)
{
	struct str outcome = text_of(r, "outcome");
	return str_is(outcome, "FAIL") || str_is(outcome, "UNKNOWN");
}

static enum word outcome_word(struct str outcome)
{
	if (str_is(outcome, "PASS"))
		return W_C_PASS;
	if (str_is(outcome, "FAIL"))
		return W_C_FAIL;
	return str_is(outcome, "NA") ? W_C_NA : W_C_UNKNOWN;
}

static enum word verdict_word(struct str verdict)
{
	if (str_is(verdict, "pass"))
		return W_C_V_PASS;
	return str_is(verdict, "warn") ? W_C_V_WARN : W_C_V_REFUSED;
}

/* Text and article of each basis; a mark behind one that nobody read. */
static struct str basis_of(struct sheet_draft *d, const struct json *r)
{
	struct buf b;
	struct str text = {"", 0};
	const struct json *all = json_get(r, "basis");
	buf_init(&b, d->c->arena, LIMIT_DOCUMENT);
	for (const struct json *j = all == NULL ? NULL : all->first; j != NULL; j = j->next) {
		buf_add(&b, j == all->first ? STR("") : STR("; "));
		buf_add(&b, text_of(j, "text"));
		buf_add(&b, text_of(j, "article").n > 0 ? STR(" ") : STR(""));
		buf_add(&b, text_of(j, "article"));
		buf_add(&b, is_true(j, "verified") ? STR("") : words_zh(W_C_UNREAD));
	}
	if (buf_done(d->c, &b, &text) != OK)
		d->failed = true;
	return text;
}

static void needs(struct sheet_draft *d, const struct json *list)
{
	for (const struct json *j = list == NULL ? NULL : list->first; j != NULL; j = j->next) {
		const struct json *ways = json_get(j, "anyOf"), *items = json_get(j, "items");
		for (const struct json *w = ways == NULL ? NULL : ways->first; w != NULL;
			w = w->next)
			needs(d, w);
		if (ways != NULL)
			continue;
		sheet_paragraph(d, parts_one(d, W_C_NEEDS, text_of(j, "need")));
		for (const struct json *i = items == NULL ? NULL : items->first; i != NULL;
			i = i->next) {
			const struct str said[] = {text_of(i, "id"), text_of(i, "trouble")};
			if (said[1].n > 0)
				sheet_paragraph(d, parts_fill(d, W_C_ITEM, said, countof(said)));
		}
	}
}

/* What stands in the way, one clause a rule. */
static void open_rules(
	struct sheet_draft *d, const struct json *results, bool blocking, enum word heading)
{
	bool any = false;
	for (const struct json *r = results->first; r != NULL; r = r->next) {
		if (!is_open(r) || is_true(r, "blocks") != blocking)
			continue;
		if (!any)
			parts_heading(d, heading);
		any = true;
		sheet_clause(d, text_of(r, "rule"), text_of(json_get(r, "title"), "zh"));
		sheet_paragraph(d, basis_of(d, r));
		sheet_paragraph(d, parts_one(d, W_C_REMEDY, text_of(json_get(r, "remedy"), "zh")));
		needs(d, json_get(r, "needs"));
		if (json_get(r, "waived") != NULL)
			sheet_paragraph(d,
				parts_one(d, W_C_WAIVED, text_of(json_get(r, "waived"), "record")));
	}
}

static void all_rules(struct sheet_draft *d, const struct json *results)
{
	const struct sheet_column heads[] = {
		{words_zh(W_C_RULE), words_en(W_C_RULE), 10, false, false},
		{words_zh(W_C_TITLE), words_en(W_C_TITLE), 42, false, false},
		{words_zh(W_C_OUTCOME), words_en(W_C_OUTCOME), 10, false, false},
		{words_zh(W_C_BASIS), words_en(W_C_BASIS), 38, false, false}};
	parts_heading(d, W_C_ALL);
	sheet_table(d, heads, countof(heads));
	for (const struct json *r = results->first; r != NULL; r = r->next) {
		const struct str cells[] = {text_of(r, "rule"), text_of(json_get(r, "title"), "zh"),
			words_zh(outcome_word(text_of(r, "outcome"))), basis_of(d, r)};
		sheet_row(d, cells, countof(cells));
	}
}

static void about(struct sheet_draft *d, const struct json *result, const struct compliance_of *of)
{
	const struct json *set = json_get(result, "ruleSet");
	sheet_facts(d);
	parts_fact(d, W_PRODUCT, of->product);
	parts_fact(d, W_PROVIDER, of->seller);
	parts_code(d, W_USCC, of->uscc);
	parts_fact(d, W_C_DAY, text_of(result, "day"));
	parts_fact(d, W_C_SET, text_of(set, "version"));
	parts_code(d, W_C_HASH, text_of(set, "hash"));
	parts_code(d, W_C_DIGEST, of->digest);
}

err compliance_sheet(
	struct ctx *c, const struct json *result, const struct compliance_of *of, struct str *ret)
{
	struct sheet_draft d;
	const struct json *results = json_get(result, "results");
	struct str verdict = text_of(result, "verdict");
	ENSURE(results != NULL && results->type == JSON_ARRAY && verdict.n > 0, c, ERR_BAD_VALUE,
		"this is no compliance result");
	sheet_begin(c, &d, words_zh(W_C_REPORT), words_en(W_C_REPORT));
	d.id = of->product;
	TRY(arena_fmt(c, &d.date, "%.*sT01:00:00.000Z",
		FMT(text_of(result, "day")))); /* nine in the morning there */
	sheet_notice(&d, words_zh(verdict_word(verdict)), words_en(verdict_word(verdict)), true);
	about(&d, result, of);
	open_rules(&d, results, true, W_C_BLOCKED);
	open_rules(&d, results, false, W_C_WARNED);
	all_rules(&d, results);
	sheet_notice(&d, words_zh(W_C_NOT), words_en(W_C_NOT), false);
	return sheet_done(&d, ret);
}
