#include "proof/verdict.h"

#include <assert.h>

#include "base/limits.h"

_Static_assert(SAY_RECORDED - SAY_CLAIMED == (int)LABEL_RECORDED, "labels in order");
_Static_assert(SAY_CHECK_LATER - SAY_CHECK_FILE == (int)CHECK_LATER &&
		       SAY_CHECK_OBJECT - SAY_CHECK_FILE == (int)CHECK_OBJECT,
	"checks in order");

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

static void add_amount(
	struct buf *b, enum verdict_language l, enum verdict_message m, int64_t net, int64_t tax)
{
	buf_fmt(b, "  %s: %lld.%02lld + %lld.%02lld\n", verdict_say(l, m), (long long)(net / 100),
		(long long)(net % 100), (long long)(tax / 100), (long long)(tax % 100));
}

/* Where it stands beside its label: the words are one row of flags, for people and programs alike. */
static const struct {
	enum verdict_message say;
	size_t at;
} words[] = {{SAY_CORRECTED, offsetof(struct standing, corrected)},
	{SAY_VOID, offsetof(struct standing, voids)},
	{SAY_DISPUTED, offsetof(struct standing, disputed)},
	{SAY_WITHDRAWN, offsetof(struct standing, withdrawn)},
	{SAY_CONTESTED, offsetof(struct standing, contested)},
	{SAY_SIMULATED, offsetof(struct standing, simulated)}};

static bool stands(const struct invoice_file *f, size_t i)
{
	return *(const bool *)((const char *)&f->later + words[i].at);
}

static void add_words(struct buf *b, enum verdict_language l, const struct invoice_file *f)
{
	buf_z(b, verdict_say(l, SAY_CLAIMED + (enum verdict_message)f->label));
	for (size_t i = 0; i < countof(words); i++) {
		if (!stands(f, i))
			continue;
		buf_z(b, "; ");
		buf_z(b, verdict_say(l, words[i].say));
	}
	buf_fmt(b, ": %s, %s %.*s\n",
		verdict_say(l, SAY_MEANS_CLAIMED + (enum verdict_message)f->label),
		verdict_say(l, SAY_AS_OF), FMT(f->has_accept ? f->accept.at : f->issue.at));
}

static void add_hex(struct buf *b, enum verdict_language l, const struct hash *h)
{
	buf_fmt(b, "  %s: ", verdict_say(l, SAY_REPLACED));
	buf_hex(b, h->b, HASH_BYTES);
	buf_char(b, '\n');
}

static void add_later(struct buf *b, enum verdict_language l, const struct invoice_file *f)
{
	if (f->later.corrected)
		add_amount(b, l, SAY_DUE, f->later.net, f->later.tax);
	if (f->later.has_replacement)
		add_hex(b, l, &f->later.replacement);
	if (f->later.reason.n > 0)
		add_line(b, l, SAY_REASON, f->later.reason);
	if (f->later.at.n > 0)
		buf_fmt(b, "  %s: %.*s, %.*s, %.*s\n", verdict_say(l, SAY_STATUS),
			FMT(f->later.state), FMT(f->later.at), FMT(f->later.origin));
}

/* What is proved and what is not, each time. */
static void add_limits(struct buf *b, enum verdict_language l, const struct invoice_file *f)
{
	add_line(b, l, SAY_LATER, (struct str){0});
	add_line(b, l, f->trusted ? SAY_TRUSTED : SAY_KEYS, (struct str){0});
	if (f->delivered_file)
		add_line(b, l, SAY_OBJECT, (struct str){0});
	add_line(b, l, SAY_INDEPENDENCE, (struct str){0});
	add_line(b, l, SAY_NO_TAX, (struct str){0});
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
	if (f->name.n > 0) {
		add_shown(&b, f->name);
		buf_z(&b, ": ");
	}
	if (f->check != CHECK_NONE) {
		buf_z(&b, verdict_say(l, SAY_REFUSED));
		buf_z(&b, ": ");
		buf_z(&b, verdict_say(l, SAY_CHECK_FILE + (enum verdict_message)f->check));
		buf_z(&b, ": ");
		if (l == VERDICT_ZH)
			buf_fmt(&b, "%s (", verdict_fault_zh(c->trouble.code));
		add_shown(&b, str_z(c->trouble.detail));
		buf_z(&b, l == VERDICT_ZH ? ")\n" : "\n");
		return buf_done(c, &b, ret);
	}
	add_words(&b, l, f);
	add_line(&b, l, SAY_SERIAL, f->i.serial);
	add_line(&b, l, SAY_PROVIDER, f->g.provider.name);
	add_line(&b, l, SAY_CONSUMER, f->g.consumer.name);
	add_line(&b, l, SAY_PRODUCT, f->i.voucher.product);
	add_amount(&b, l, SAY_AMOUNT, f->i.voucher.net, f->i.voucher.tax);
	add_later(&b, l, f);
	if (!f->has_r)
		add_line(&b, l, SAY_NO_RECEIPT, (struct str){0});
	if (f->sigs.i_consumer.n == 0)
		add_line(&b, l, SAY_UNSIGNED, (struct str){0});
	add_head(&b, l, &f->issue);
	if (f->has_accept)
		add_head(&b, l, &f->accept);
	add_named(&b, l, f->i.entries);
	add_limits(&b, l, f);
	return buf_done(c, &b, ret);
}

/* Members are written in their order (RFC 8785), so that the text is canonical. */
static void add_member(struct buf *b, const char *name)
{
	buf_z(b, b->n > 0 && b->p[b->n - 1] != '{' ? "," : "");
	buf_fmt(b, "\"%s\":", name);
}

static void add_bool(struct buf *b, const char *name, bool v)
{
	add_member(b, name);
	buf_z(b, v ? "true" : "false");
}

static void add_int(struct buf *b, const char *name, int64_t v)
{
	add_member(b, name);
	buf_i64(b, v);
}

static void add_text(struct buf *b, const char *name, struct str v)
{
	add_member(b, name);
	json_quote(b, v);
}

static void add_head_json(struct buf *b, const struct evidence *e)
{
	buf_char(b, '{');
	add_text(b, "at", e->at);
	add_int(b, "index", (int64_t)e->index);
	add_text(b, "origin", e->verified.origin);
	add_int(b, "size", (int64_t)e->verified.size);
	buf_char(b, '}');
}

static void add_name_json(const struct invoice_file *f, struct buf *b)
{
	/* A path may be of any bytes, JSON may not. */
	if (f->name.n > 0 && str_is_utf8(f->name))
		add_text(b, "file", f->name);
}

static void add_refusal_json(struct ctx *c, const struct invoice_file *f, struct buf *b)
{
	/* A detail that was cut to fit may end inside a character. */
	struct str detail = str_z(c->trouble.detail);
	while (!str_is_utf8(detail))
		detail = str_sub(detail, 0, detail.n - 1);
	enum verdict_message m = SAY_CHECK_FILE + (enum verdict_message)f->check;
	add_text(b, "check", str_z(verdict_say(VERDICT_EN, m)));
	add_text(b, "detail", detail);
	add_name_json(f, b);
	add_bool(b, "ok", false);
}

static void add_status_json(const struct invoice_file *f, struct buf *b)
{
	if (f->later.at.n == 0)
		return;
	add_member(b, "status");
	buf_char(b, '{');
	add_text(b, "at", f->later.at);
	add_text(b, "origin", f->later.origin);
	add_text(b, "state", f->later.state);
	buf_char(b, '}');
}

static void add_verdict_json(const struct invoice_file *f, struct buf *b)
{
	add_bool(b, "accepted", invoice_reaches(f, LABEL_ACCEPTED));
	add_bool(b, "contested", f->later.contested);
	add_bool(b, "corrected", f->later.corrected);
	add_bool(b, "delivered", invoice_reaches(f, LABEL_DELIVERED));
	add_member(b, "digest");
	buf_char(b, '"');
	buf_hex(b, f->i.doc.digest.b, HASH_BYTES);
	buf_char(b, '"');
	add_bool(b, "disputed", f->later.disputed);
	add_int(b, "dueNet", f->later.net);
	add_int(b, "dueTax", f->later.tax);
	add_name_json(f, b);
	add_member(b, "heads");
	buf_char(b, '[');
	add_head_json(b, &f->issue);
	if (f->has_accept) {
		buf_char(b, ',');
		add_head_json(b, &f->accept);
	}
	buf_char(b, ']');
	add_text(b, "label", str_z(label_name(f->label)));
	add_int(b, "net", f->i.voucher.net);
	add_bool(b, "object", f->delivered_file);
	add_bool(b, "ok", !f->unmet);
	add_bool(b, "recorded", invoice_reaches(f, LABEL_RECORDED));
	add_text(b, "serial", f->i.serial);
	add_bool(b, "simulated", f->later.simulated);
	add_status_json(f, b);
	add_int(b, "tax", f->i.voucher.tax);
	add_bool(b, "trusted", f->trusted);
	add_bool(b, "void", f->later.voids);
	add_bool(b, "withdrawn", f->later.withdrawn);
}

err verdict_json(struct ctx *c, const struct invoice_file *f, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, LIMIT_DOCUMENT);
	buf_char(&b, '{');
	if (f->check != CHECK_NONE)
		add_refusal_json(c, f, &b);
	else
		add_verdict_json(f, &b);
	buf_char(&b, '}');
	return buf_done(c, &b, ret);
}
