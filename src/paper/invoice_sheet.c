#include "paper/invoice_sheet.h"

#include "paper/parts.h"
#include "proof/verdict.h"

static struct str say(enum verdict_message m)
{
	return str_z(verdict_say(VERDICT_ZH, m));
}

static struct str beside(struct sheet_draft *d, const struct standing *s)
{
	const struct {
		bool is;
		enum verdict_message say;
	} rows[] = {{s->corrected, SAY_CORRECTED}, {s->voids, SAY_VOID},
		{s->disputed, SAY_DISPUTED}, {s->withdrawn, SAY_WITHDRAWN},
		{s->contested, SAY_CONTESTED}, {s->simulated, SAY_SIMULATED}};
	struct buf b;
	buf_init(&b, d->c->arena, 1024);
	for (size_t i = 0; i < countof(rows); i++) {
		if (rows[i].is)
			buf_add(&b, parts_one(d, W_BESIDE, say(rows[i].say)));
	}
	d->failed = d->failed || b.failed;
	return buf_str(&b);
}

static void verdict(struct sheet_draft *d, const struct invoice_file *f)
{
	const struct str parts[] = {say(SAY_CLAIMED + (enum verdict_message)f->label),
		beside(d, &f->later), say(SAY_MEANS_CLAIMED + (enum verdict_message)f->label),
		parts_time(d, f->has_accept ? f->accept.at : f->issue.at)};
	sheet_notice(d, parts_fill(d, W_VERDICT, parts, countof(parts)), words_en(W_VERDICT),
		f->later.voids || f->later.withdrawn || f->later.simulated);
}

static void scenario(struct sheet_draft *d, const struct json *s)
{
	const struct json *personal = json_get(s, "personal");
	bool is = personal != NULL && personal->type == JSON_TRUE;
	parts_heading(d, W_P1);
	sheet_facts(d);
	parts_fact(d, W_PURPOSE, json_text(json_get(s, "purpose")));
	parts_fact(d, W_TERRITORY, json_text(json_get(s, "territory")));
	parts_fact(d, W_UNTIL, parts_time(d, json_text(json_get(s, "until"))));
	parts_fact(d, W_ONWARD, json_text(json_get(s, "onward")));
	parts_fact(d, W_DISPOSAL, json_text(json_get(s, "disposal")));
	parts_fact(d, W_RULES, json_text(json_get(s, "rules")));
	parts_fact(d, W_CLASS, json_text(json_get(s, "classification")));
	parts_fact(d, W_PERSONAL, words_zh(is ? W_YES : W_NO));
}

static void row(struct sheet_draft *d, enum word name, struct str a, struct str b)
{
	const struct str cells[] = {words_zh(name), a, b};
	sheet_row(d, cells, countof(cells));
}

static void entities(struct sheet_draft *d, const struct invoice_file *f)
{
	const struct party *p = &f->g.provider, *q = &f->g.consumer;
	const struct sheet_column columns[] = {
		{.name = words_zh(W_ITEM), .note = words_en(W_ITEM), .width = 20},
		{.name = words_zh(W_PROVIDER), .note = words_en(W_PROVIDER), .width = 40},
		{.name = words_zh(W_CONSUMER), .note = words_en(W_CONSUMER), .width = 40}};
	parts_heading(d, W_P2);
	sheet_table(d, columns, countof(columns));
	row(d, W_NAME, p->name, q->name);
	row(d, W_USCC, p->uscc, q->uscc);
	row(d, W_DID, p->did, q->did);
	row(d, W_ASSURANCE, parts_assurance(p->assurance), parts_assurance(q->assurance));
	row(d, W_KEY, parts_fingerprint(d, p), parts_fingerprint(d, q));
	row(d, W_SIGNED, words_zh(W_SIGNED_YES),
		words_zh(f->sigs.i_consumer.n > 0 ? W_SIGNED_YES : W_SIGNED_NO));
}

static void amounts(struct sheet_draft *d, const struct invoice_file *f)
{
	const struct voucher *v = &f->i.voucher;
	int64_t due = f->later.net + f->later.tax;
	parts_fact(d, W_NET, parts_one(d, W_YUAN, parts_yuan(d, v->net)));
	parts_fact(d, W_RATE, parts_rate(d, v->rate));
	parts_fact(d, W_TAX, parts_one(d, W_YUAN, parts_yuan(d, v->tax)));
	parts_fact(d, W_TOTAL, parts_one(d, W_YUAN, parts_yuan(d, v->net + v->tax)));
	parts_fact(d, W_CAPITAL, parts_one(d, W_CAPITALS, parts_capital(d, v->net + v->tax)));
	if (f->later.corrected)
		parts_fact(d, W_DUE, parts_one(d, W_YUAN, parts_yuan(d, due)));
}

static void voucher(struct sheet_draft *d, const struct invoice_file *f)
{
	const struct voucher *v = &f->i.voucher;
	parts_heading(d, W_P3);
	sheet_facts(d);
	parts_code(d, W_PRODUCT, v->product);
	parts_fact(d, W_REVISION, parts_number(d, v->revision));
	parts_code(d, W_SHA, parts_hex(d, &f->g.object.sha256));
	parts_fact(d, W_SIZE, parts_one(d, W_BYTES, parts_number(d, f->g.object.size)));
	if (f->has_r)
		parts_fact(
			d, W_DELIVERED, parts_one(d, W_BYTES, parts_number(d, v->ranges.covered)));
	amounts(d, f);
	parts_fact(d, W_MODE, v->mode);
	parts_fact(d, W_SECURITY, v->security);
	parts_fact(d, W_START, parts_time(d, v->start));
	parts_fact(d, W_END, parts_time(d, v->end));
	parts_fact(d, W_ISSUED, parts_time(d, f->i.issued));
}

static void head(struct sheet_draft *d, enum word what, const struct evidence *e)
{
	struct str sized = {0}, root = parts_hex(d, &e->verified.root);
	if (arena_fmt(d->c, &sized, "%llu\n%.*s", (unsigned long long)e->verified.size,
		    FMT(root)) != OK)
		d->failed = true;
	const struct str cells[] = {words_zh(what), e->verified.origin,
		parts_number(d, (int64_t)e->index), parts_time(d, e->at), sized};
	sheet_row(d, cells, countof(cells));
}

static void registration(struct sheet_draft *d, const struct invoice_file *f)
{
	const struct json *r = f->i.registration;
	const struct sheet_column columns[] = {
		{.name = words_zh(W_ACT), .note = words_en(W_ACT), .width = 8},
		{.name = words_zh(W_LOG), .note = words_en(W_LOG), .width = 24},
		{.name = words_zh(W_INDEX), .note = words_en(W_INDEX), .width = 8},
		{.name = words_zh(W_TIME), .note = words_en(W_TIME), .width = 22},
		{.name = words_zh(W_HEAD), .note = words_en(W_HEAD), .width = 38, .code = true}};
	parts_heading(d, W_P4);
	sheet_facts(d);
	parts_fact(d, W_REGISTERED, json_text(json_get(r, "status")));
	parts_fact(d, W_CENTRE, json_text(json_get(r, "centre")));
	parts_fact(d, W_NUMBER, json_text(json_get(r, "number")));
	parts_fact(d, W_TIME, parts_time(d, json_text(json_get(r, "time"))));
	parts_code(d, W_RECEIPT, json_text(json_get(r, "receipt")));
	sheet_table(d, columns, countof(columns));
	head(d, W_ACT_ISSUE, &f->issue);
	if (f->has_accept)
		head(d, W_ACT_ACCEPT, &f->accept);
	parts_heading(d, W_P5);
	sheet_facts(d);
	parts_code(d, W_MIRROR, json_text(json_get(f->i.supervision, "mirror")));
	parts_code(d, W_STATUS, json_text(json_get(f->i.supervision, "status")));
}

static err scan(struct sheet_draft *d, const struct invoice_file *f, struct str verifier)
{
	struct str payload, digest = parts_hex(d, &f->i.doc.digest);
	TRY(arena_fmt(d->c, &payload, "%.*s#serial=%.*s&digest=%.*s", FMT(verifier),
		FMT(str_sub(f->i.serial, 0, 400)), FMT(digest)));
	sheet_qr(d, payload, parts_one(d, W_SCAN, digest), words_en(W_SCAN));
	sheet_notice(d, words_zh(W_NO_TAX), words_en(W_NO_TAX), true);
	return OK;
}

err invoice_sheet(struct ctx *c, struct str file, struct str verifier, struct str *ret)
{
	struct sheet_draft d;
	struct invoice_file *f;
	NEW(c, f);
	TRY(invoice_verify(c, file, f));
	sheet_begin(c, &d, words_zh(W_INVOICE), words_en(W_INVOICE));
	d.date = f->i.issued;
	d.id = parts_one(&d, W_SERIAL, f->i.serial);
	d.footer = parts_one(&d, W_INVOICE_FOOT, parts_hex(&d, &f->i.doc.digest));
	verdict(&d, f);
	scenario(&d, f->i.scenario);
	entities(&d, f);
	voucher(&d, f);
	registration(&d, f);
	TRY(scan(&d, f, verifier));
	return sheet_done(&d, ret);
}
