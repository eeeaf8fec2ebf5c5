#include "proof/verdict.h"

#include <assert.h>

#include "base/limits.h"

_Static_assert(SAY_RECORDED - SAY_CLAIMED == (int)LABEL_RECORDED, "labels in order");
_Static_assert(SAY_CHECK_LATER - SAY_CHECK_FILE == (int)CHECK_LATER, "checks in order");

/* Names are what the other side wrote: no escape sequence of theirs may act on a terminal (C0, DEL, C1). */
static void add_shown(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		bool c1 = ch == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0;
		if (c1)
			i++;
		buf_char(b, c1 || ch < 0x20 || ch == 0x7f ? '?' : s.p[i]);
	}
}

static void add_line(
	struct buf *b, enum verdict_language l, enum verdict_message m, struct str value)
{
	buf_z(b, "  ");
	buf_z(b, verdict_say(l, m));
	if (value.n > 0) {
		buf_z(b, ": ");
		add_shown(b, value);
	}
	buf_char(b, '\n');
}

static void add_head(struct buf *b, enum verdict_language l, const struct evidence *e)
{
	buf_z(b, "  ");
	buf_z(b, verdict_say(l, SAY_HEAD));
	buf_z(b, ": ");
	buf_u64(b, e->verified.size);
	buf_z(b, ", ");
	add_shown(b, e->verified.origin);
	buf_z(b, ", ");
	add_shown(b, e->at);
	buf_char(b, '\n');
}

static void add_amount(struct buf *b, enum verdict_language l, const struct voucher *v)
{
	buf_fmt(b, "  %s: %lld.%02lld + %lld.%02lld\n", verdict_say(l, SAY_AMOUNT),
		(long long)(v->net / 100), (long long)(v->net % 100), (long long)(v->tax / 100),
		(long long)(v->tax % 100));
}

static void add_named(struct buf *b, enum verdict_language l, const struct json *entries)
{
	buf_z(b, "  ");
	buf_z(b, verdict_say(l, SAY_NAMED));
	buf_z(b, ":");
	for (const struct json *m = entries->first; m != NULL; m = m->next) {
		buf_char(b, ' ');
		add_shown(b, m->name);
	}
	buf_char(b, '\n');
}

err verdict_text(
	struct ctx *c, const struct invoice_file *f, enum verdict_language l, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, LIMIT_DOCUMENT);
	if (f->check != CHECK_NONE) {
		buf_z(&b, verdict_say(l, SAY_REFUSED));
		buf_z(&b, ": ");
		buf_z(&b, verdict_say(l, SAY_CHECK_FILE + (enum verdict_message)f->check));
		buf_z(&b, ": ");
		add_shown(&b, str_z(c->trouble.detail));
		buf_char(&b, '\n');
		return buf_done(c, &b, ret);
	}
	buf_z(&b, verdict_say(l, SAY_CLAIMED + (enum verdict_message)f->label));
	buf_char(&b, '\n');
	add_line(&b, l, SAY_SERIAL, f->i.serial);
	add_line(&b, l, SAY_PROVIDER, f->g.provider.name);
	add_line(&b, l, SAY_CONSUMER, f->g.consumer.name);
	add_line(&b, l, SAY_PRODUCT, f->i.voucher.product);
	add_amount(&b, l, &f->i.voucher);
	if (!f->has_r)
		add_line(&b, l, SAY_NO_RECEIPT, (struct str){0});
	if (f->sigs.i_consumer.n == 0)
		add_line(&b, l, SAY_UNSIGNED, (struct str){0});
	add_head(&b, l, &f->issue);
	if (f->has_accept)
		add_head(&b, l, &f->accept);
	add_named(&b, l, f->i.entries);
	add_line(&b, l, SAY_LATER, (struct str){0});
	add_line(&b, l, SAY_KEYS, (struct str){0});
	add_line(&b, l, SAY_INDEPENDENCE, (struct str){0});
	add_line(&b, l, SAY_NO_TAX, (struct str){0});
	return buf_done(c, &b, ret);
}

static struct json *head_json(struct ctx *c, const struct evidence *e)
{
	struct json *h = json_object(c);
	json_set_str(c, &h, "origin", e->verified.origin);
	json_set_num(c, &h, "size", (int64_t)e->verified.size);
	json_set_num(c, &h, "index", (int64_t)e->index);
	json_set_str(c, &h, "at", e->at);
	return h;
}

err verdict_json(struct ctx *c, const struct invoice_file *f, struct str *ret)
{
	struct json *o = json_object(c);
	json_set(&o, "ok", json_bool(c, f->check == CHECK_NONE));
	if (f->check != CHECK_NONE) {
		enum verdict_message m = SAY_CHECK_FILE + (enum verdict_message)f->check;
		json_set(&o, "check", json_z(c, verdict_say(VERDICT_EN, m)));
		/* A detail that was cut to fit may end inside a character. */
		struct str detail = str_z(c->trouble.detail);
		while (!str_is_utf8(detail))
			detail = str_sub(detail, 0, detail.n - 1);
		json_set(&o, "detail", json_str(c, detail));
		return json_canonical(c, o, LIMIT_DOCUMENT, ret);
	}
	json_set(&o, "label", json_z(c, label_name(f->label)));
	json_set(&o, "delivered", json_bool(c, invoice_meets(f, LABEL_DELIVERED)));
	json_set(&o, "accepted", json_bool(c, invoice_meets(f, LABEL_ACCEPTED)));
	json_set(&o, "recorded", json_bool(c, invoice_meets(f, LABEL_RECORDED)));
	json_set_str(c, &o, "serial", f->i.serial);
	json_set_hex(c, &o, "digest", f->i.doc.digest.b, HASH_BYTES);
	json_set_num(c, &o, "net", f->i.voucher.net);
	json_set_num(c, &o, "tax", f->i.voucher.tax);
	struct json *heads = json_array(c);
	json_push(&heads, head_json(c, &f->issue));
	if (f->has_accept)
		json_push(&heads, head_json(c, &f->accept));
	json_set(&o, "heads", heads);
	return json_canonical(c, o, LIMIT_DOCUMENT, ret);
}
