#include "paper/product_sheet.h"

#include "base/limits.h"
#include "paper/parts.h"
#include "terms/sentence.h"

static const struct {
	const char *member;
	enum word name;
} dossier[] = {
	{"description", W_D_DESCRIPTION},
	{"source", W_D_SOURCE},
	{"industry", W_D_INDUSTRY},
	{"region", W_D_REGION},
	{"period", W_D_PERIOD},
	{"frequency", W_D_FREQUENCY},
	{"rights", W_D_RIGHTS},
	{"restrictions", W_D_RESTRICTIONS},
};

static struct str text_of(const struct json *o, const char *name)
{
	return json_text(json_get(o, name));
}

static int64_t number_of(const struct json *o, const char *name)
{
	int64_t v = 0;
	return json_int(json_get(o, name), &v) ? v : 0;
}

/* A text as it is, anything else as JSON writes it. */
static struct str any(struct sheet_draft *d, const struct json *value)
{
	struct str text = json_text(value);
	if (value == NULL || text.n > 0)
		return text;
	if (json_canonical(d->c, value, LIMIT_REASON, &text) != OK)
		d->failed = true;
	return text;
}

static struct str number(struct sheet_draft *d, const struct json *o, const char *name)
{
	return json_get(o, name) == NULL ? (struct str){0} : parts_number(d, number_of(o, name));
}

static void object(struct sheet_draft *d, const struct json *p)
{
	const struct json *o = json_get(p, "object");
	sheet_facts(d);
	parts_code(d, W_PRODUCT, text_of(p, "product"));
	parts_fact(d, W_REVISION, number(d, p, "revision"));
	parts_fact(d, W_FORMAT, text_of(p, "mediaType"));
	parts_fact(d, W_SIZE, parts_one(d, W_BYTES, parts_number(d, number_of(o, "size"))));
	parts_code(d, W_SHA, text_of(o, "sha256"));
	parts_fact(d, W_PUBLISHED, parts_time(d, text_of(p, "at")));
}

static void description(struct sheet_draft *d, const struct json *p)
{
	const struct json *o = json_get(p, "dossier");
	parts_heading(d, W_S_DOSSIER);
	sheet_facts(d);
	for (size_t i = 0; i < countof(dossier); i++) {
		struct str value = text_of(o, dossier[i].member);
		parts_fact(d, dossier[i].name, value.n > 0 ? value : words_zh(W_NOT_SAID));
	}
}

/* Terms that cannot be said in a sentence are printed as they are. */
static err terms(struct sheet_draft *d, const struct json *p)
{
	struct ctx *c = d->c;
	struct terms t;
	struct str text;
	const struct json *policy = json_get(p, "terms"), *s = json_get(p, "scenario");
	enum word say = W_TERMS;
	ENSURE(policy != NULL, c, ERR_BAD_VALUE, "a product has terms");
	if (terms_compile(c, policy, &t) == OK) {
		TRY(terms_sentence(c, &t, SENTENCE_ZH, &text));
	} else {
		say = W_TERMS_RAW;
		TRY(json_canonical(c, policy, LIMIT_DOCUMENT, &text));
	}
	parts_heading(d, W_S_TERMS);
	sheet_paragraph(d, parts_one(d, say, text));
	sheet_facts(d);
	parts_fact(d, W_PURPOSE, sentence_word(SENTENCE_ZH, text_of(s, "purpose")));
	parts_fact(d, W_TERRITORY, text_of(s, "territory"));
	parts_fact(d, W_ONWARD, sentence_word(SENTENCE_ZH, text_of(s, "onward")));
	parts_fact(d, W_DISPOSAL, text_of(s, "disposal"));
	return OK;
}

static void price(struct sheet_draft *d, const struct json *p)
{
	const struct json *o = json_get(p, "price");
	int64_t net = number_of(o, "net"), tax = number_of(o, "tax");
	parts_heading(d, W_S_PRICE);
	sheet_facts(d);
	parts_fact(d, W_NET, parts_one(d, W_YUAN, parts_yuan(d, net)));
	parts_fact(d, W_RATE, parts_rate(d, number_of(o, "rate")));
	parts_fact(d, W_TAX, parts_one(d, W_YUAN, parts_yuan(d, tax)));
	parts_fact(d, W_TOTAL, parts_one(d, W_YUAN, parts_yuan(d, net + tax)));
}

static struct sheet_column column(enum word name, int64_t width, bool right)
{
	return (struct sheet_column){words_zh(name), words_en(name), width, right, false};
}

static void profile(struct sheet_draft *d, const struct json *f)
{
	const struct json *all = json_get(f, "columns");
	const struct sheet_column heads[] = {column(W_NAME, 30, false), column(W_TYPE, 14, false),
		column(W_DISTINCT, 14, true), column(W_NULLS, 12, true), column(W_LEAST, 15, false),
		column(W_MOST, 15, false)};
	size_t n = 0;
	if (all == NULL || all->n == 0)
		return;
	parts_heading(d, W_S_PROFILE);
	const struct str counts[] = {
		parts_number(d, number_of(f, "rows")), parts_number(d, (int64_t)all->n)};
	sheet_paragraph(d, parts_fill(d, W_COUNTS, counts, countof(counts)));
	sheet_table(d, heads, countof(heads));
	for (const struct json *x = all->first; x != NULL && n < PRODUCT_COLUMNS;
		x = x->next, n++) {
		const struct str cells[] = {text_of(x, "name"), text_of(x, "type"),
			number(d, x, "distinct"), number(d, x, "nulls"), any(d, json_get(x, "min")),
			any(d, json_get(x, "max"))};
		sheet_row(d, cells, countof(cells));
	}
	if (all->n > PRODUCT_COLUMNS)
		sheet_paragraph(d, parts_one(d, W_FIRST, parts_number(d, PRODUCT_COLUMNS)));
}

err product_sheet(struct ctx *c, const struct json *product, struct str *ret)
{
	struct sheet_draft d;
	struct str name = text_of(product, "name");
	ENSURE(name.n > 0, c, ERR_BAD_VALUE, "a product has a name");
	sheet_begin(c, &d, name, words_en(W_PRODUCT_SHEET));
	d.date = text_of(product, "at");
	d.id = words_zh(W_PRODUCT_SHEET);
	d.footer = parts_one(&d, W_PRODUCT_FOOT, text_of(product, "product"));
	object(&d, product);
	description(&d, product);
	TRY(terms(&d, product));
	price(&d, product);
	profile(&d, json_get(product, "profile"));
	return sheet_done(&d, ret);
}
