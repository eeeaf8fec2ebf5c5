#include "paper/agreement_sheet.h"

#include "base/limits.h"
#include "paper/parts.h"
#include "proof/verdict.h"
#include "terms/sentence.h"

/* Clauses of one article are numbered within it. */
struct numbered {
	struct sheet_draft *d;
	int article, clause;
};

static void article(struct numbered *n, enum word heading)
{
	n->article++;
	n->clause = 0;
	parts_heading(n->d, heading);
}

static void clause(struct numbered *n, struct str text)
{
	struct str label = {0};
	n->clause++;
	if (arena_fmt(n->d->c, &label, "%d.%d", n->article, n->clause) != OK)
		n->d->failed = true;
	sheet_clause(n->d, label, text);
}

static void clause_of(struct numbered *n, enum word w, struct str value)
{
	if (value.n > 0)
		clause(n, parts_one(n->d, w, value));
}

static void party(struct sheet_draft *d, enum word who, const struct party *p)
{
	sheet_facts(d);
	parts_fact(d, who, p->name);
	parts_fact(d, W_USCC, p->uscc);
	parts_code(d, W_DID, p->did);
	parts_fact(d, W_ASSURANCE, parts_assurance(p->assurance));
	parts_code(d, W_LOG, p->origin);
}

static void object(struct numbered *n, const struct object *o)
{
	article(n, W_C1);
	clause(n, words_zh(W_C1_1));
	sheet_facts(n->d);
	parts_code(n->d, W_PRODUCT, o->product);
	parts_fact(n->d, W_REVISION, parts_number(n->d, o->revision));
	parts_fact(n->d, W_SIZE, parts_one(n->d, W_BYTES, parts_number(n->d, o->size)));
	parts_code(n->d, W_SHA, parts_hex(n->d, &o->sha256));
	parts_code(n->d, W_ROOT, parts_hex(n->d, &o->root));
}

/* Terms that cannot be said in a sentence are printed as they are. */
static err terms(struct numbered *n, const struct agreement *g)
{
	struct ctx *c = n->d->c;
	struct terms t;
	struct str text;
	enum word say = W_TERMS;
	err e = terms_compile(c, g->terms, &t);
	if (e == OK) {
		TRY(terms_sentence(c, &t, SENTENCE_ZH, &text));
	} else {
		say = W_TERMS_RAW;
		TRY(json_canonical(c, g->terms, LIMIT_DOCUMENT, &text));
	}
	article(n, W_C2);
	clause_of(n, say, text);
	clause_of(n, W_C2_PURPOSE, json_text(json_get(g->scenario, "purpose")));
	clause_of(n, W_C2_TERRITORY, json_text(json_get(g->scenario, "territory")));
	clause_of(n, W_C2_UNTIL, parts_time(n->d, json_text(json_get(g->scenario, "until"))));
	clause_of(n, W_C2_ONWARD, json_text(json_get(g->scenario, "onward")));
	return OK;
}

static void price(struct numbered *n, const struct price *p)
{
	struct sheet_draft *d = n->d;
	const struct str amounts[] = {
		parts_yuan(d, p->net), parts_rate(d, p->rate), parts_yuan(d, p->tax)};
	const struct str total[] = {
		parts_yuan(d, p->net + p->tax), parts_capital(d, p->net + p->tax)};
	article(n, W_C3);
	clause(n, parts_fill(d, W_C3_1, amounts, countof(amounts)));
	clause(n, parts_fill(d, W_C3_2, total, countof(total)));
	clause(n, words_zh(W_C3_3));
}

static void rest(struct numbered *n, const struct agreement *g)
{
	struct sheet_draft *d = n->d;
	struct str disposal = json_text(json_get(g->scenario, "disposal"));
	const struct str within[] = {parts_number(d, g->receipt_within),
		parts_number(d, (g->receipt_within + 1800) / 3600)};
	article(n, W_C4);
	clause(n, words_zh(W_C4_1));
	clause(n, parts_fill(d, W_C4_2, within, countof(within)));
	clause(n, words_zh(W_C4_3));
	article(n, W_C5);
	clause(n, disposal.n > 0 ? parts_one(d, W_C5_SET, disposal) : words_zh(W_C5_NONE));
	article(n, W_C6);
	clause(n, words_zh(W_C6_1));
	clause(n, words_zh(W_C6_2));
	article(n, W_C7);
	clause(n, words_zh(W_C7_1));
	clause(n, words_zh(W_C7_2));
	sheet_facts(d);
	sheet_code(d, words_zh(W_PARTY_A), words_en(W_KEY), parts_fingerprint(d, &g->provider));
	sheet_code(d, words_zh(W_PARTY_B), words_en(W_KEY), parts_fingerprint(d, &g->consumer));
	article(n, W_C8);
	clause(n, parts_one(d, W_C8_1, parts_time(d, g->open_until)));
	clause(n, words_zh(W_C8_2));
}

static void seals(struct sheet_draft *d, const struct agreement *g)
{
	struct str nothing = {0};
	sheet_sign(d);
	sheet_fact(d, parts_one(d, W_SEAL_A, g->provider.name), nothing, words_zh(W_SEAL));
	sheet_fact(d, parts_one(d, W_SEAL_B, g->consumer.name), nothing, words_zh(W_SEAL));
}

err agreement_sheet(struct ctx *c, const struct json *document, struct str agreed, struct str *ret)
{
	struct sheet_draft d;
	struct agreement g;
	struct numbered n = {.d = &d};
	TRY(agreement_read(c, document, &g));
	sheet_begin(c, &d, words_zh(W_CONTRACT), words_en(W_CONTRACT));
	d.date = agreed;
	d.id = parts_one(&d, W_CONTRACT_ID, g.doc.id);
	d.footer = parts_one(&d, W_CONTRACT_FOOT, parts_hex(&d, &g.doc.digest));
	if (party_is_simulated(g.provider.did) || party_is_simulated(g.consumer.did))
		sheet_notice(&d, str_z(verdict_say(VERDICT_ZH, SAY_SIMULATED)),
			str_z(verdict_say(VERDICT_EN, SAY_SIMULATED)), true);
	party(&d, W_PARTY_A, &g.provider);
	party(&d, W_PARTY_B, &g.consumer);
	sheet_paragraph(&d, words_zh(W_PREAMBLE));
	object(&n, &g.object);
	TRY(terms(&n, &g));
	price(&n, &g.price);
	rest(&n, &g);
	seals(&d, &g);
	return sheet_done(&d, ret);
}
