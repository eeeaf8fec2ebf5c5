#include "paper/html.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/html.h"
#include "crypto/hash.h"

#define STYLE \
	"@page{size:A4;margin:20mm}*{box-sizing:border-box}" \
	"body{font:10.5pt/1.6 \"Noto Sans CJK SC\",\"PingFang SC\",\"Microsoft " \
	"YaHei\",\"WenQuanYi Micro Hei\",sans-serif;" \
	"color:#1a1a1e;background:#fff;max-width:190mm;margin:0 " \
	"auto;padding:10mm;overflow-wrap:anywhere}" \
	"@media print{body{padding:0;max-width:none}}" \
	"h1{font-size:20pt;text-align:center;margin:0}h2{font-size:12pt;margin:14pt 0 " \
	"4pt;break-after:avoid}" \
	"p{margin:3pt " \
	"0;white-space:pre-line}small{display:block;color:#5c6068;font-size:7.5pt;font-weight:" \
	"normal}" \
	".id,.sub{text-align:center}.clause{display:flex}.clause>b{flex:0 0 " \
	"34pt;font-weight:normal}" \
	"table{border-collapse:collapse;width:100%;margin:4pt " \
	"0}thead{display:table-header-group}tr{break-inside:avoid}" \
	"th,td{border:.5pt solid #9ea3ad;padding:4pt " \
	"6pt;text-align:left;vertical-align:top;white-space:pre-line}" \
	"th{background:#f1f2f5;font-weight:normal}.facts th{width:120pt}.right{text-align:right}" \
	"code,.code{font-family:monospace;font-size:8.5pt}" \
	".notice{border:.5pt solid #9ea3ad;padding:6pt 8pt;margin:8pt " \
	"0}.strong{border-color:#a8171a;color:#a8171a;text-align:center}" \
	".sign{display:flex;margin:12pt 0;break-inside:avoid}.sign>div{flex:1;border:.5pt solid " \
	"#9ea3ad;padding:10pt;min-height:150pt}" \
	"footer{border-top:.5pt solid #9ea3ad;margin-top:14pt;color:#5c6068;font-size:7.5pt}"

static void text(struct buf *b, struct str s)
{
	buf_z(b, "<bdi>");
	html_text(b, s);
	buf_z(b, "</bdi>");
}

/* open and close are literals of ours. */
static void element(
	struct buf *b, const char *open, struct str s, struct str note, const char *close)
{
	buf_z(b, open);
	text(b, s);
	if (note.n > 0) {
		buf_z(b, "<small>");
		text(b, note);
		buf_z(b, "</small>");
	}
	buf_z(b, close);
}

static void facts(struct buf *b, const struct sheet_block *k)
{
	buf_z(b, "<table class=\"facts\"><tbody>\n");
	for (size_t i = 0; i < k->facts_n; i++) {
		const struct sheet_fact *f = &k->facts[i];
		element(b, "<tr><th scope=\"row\">", f->name, f->note, "</th>");
		element(b, f->code ? "<td class=\"code\">" : "<td>", f->value, (struct str){0},
			"</td></tr>\n");
	}
	buf_z(b, "</tbody></table>\n");
}

static void table(struct buf *b, const struct sheet_block *k)
{
	buf_z(b, "<table><thead><tr>");
	for (size_t i = 0; i < k->columns_n; i++)
		element(b, "<th scope=\"col\">", k->columns[i].name, k->columns[i].note, "</th>");
	buf_z(b, "</tr></thead><tbody>\n");
	for (const struct json *r = k->rows->first; r != NULL; r = r->next) {
		size_t i = 0;
		buf_z(b, "<tr>");
		for (const struct json *cell = r->first; cell != NULL; cell = cell->next, i++)
			element(b,
				k->columns[i].code    ? "<td class=\"code\">"
				: k->columns[i].right ? "<td class=\"right\">"
						      : "<td>",
				cell->text, (struct str){0}, "</td>");
		buf_z(b, "</tr>\n");
	}
	buf_z(b, "</tbody></table>\n");
}

static void sign(struct buf *b, const struct sheet_block *k)
{
	buf_z(b, "<div class=\"sign\">");
	for (size_t i = 0; i < k->facts_n; i++) {
		element(b, "<div><p>", k->facts[i].name, (struct str){0}, "</p>");
		element(b, "<p>", k->facts[i].value, (struct str){0}, "</p></div>");
	}
	buf_z(b, "</div>\n");
}

static void block(struct buf *b, const struct sheet_block *k)
{
	struct str none = {0};
	switch (k->kind) {
	case SHEET_HEADING:
		element(b, "<h2>", k->text, k->note, "</h2>\n");
		return;
	case SHEET_TEXT:
		element(b, "<p>", k->text, none, "</p>\n");
		return;
	case SHEET_CLAUSE:
		element(b, "<div class=\"clause\"><b>", k->label, none, "</b>");
		element(b, "<p>", k->text, none, "</p></div>\n");
		return;
	case SHEET_FACTS:
		facts(b, k);
		return;
	case SHEET_TABLE:
		table(b, k);
		return;
	case SHEET_NOTICE:
		element(b, k->strong ? "<p class=\"notice strong\">" : "<p class=\"notice\">",
			k->text, k->note, "</p>\n");
		return;
	case SHEET_QR:
		element(b, "<p>", k->text, k->note, "</p>\n");
		element(b, "<p><code>", k->payload, none, "</code></p>\n");
		return;
	case SHEET_SIGN:
		sign(b, k);
		return;
	case SHEET_KINDS:
		break;
	}
	__builtin_unreachable();
}

err html_page(struct ctx *c, const struct sheet *s, struct str *ret)
{
	struct buf b;
	struct str none = {0}, style = STR(STYLE), digest;
	struct hash h = hash_of(style);
	TRY(base64_encode(c, hash_str(&h), &digest));
	buf_init(&b, c->arena, 4 * LIMIT_SHEET);
	buf_fmt(&b,
		"<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'sha256-%.*s'; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
		FMT(digest));
	/* Within a title markup is text; only its end must not stand there, and < is escaped. */
	struct buf title;
	buf_init(&title, c->arena, LIMIT_SHEET);
	text(&title, s->title);
	struct str inner = buf_str(&title);
	b.failed = b.failed || title.failed;
	if (inner.n > 11)
		buf_add(&b, str_sub(inner, 5, inner.n - 11));
	buf_fmt(&b, "</title>\n<style>%.*s</style>\n</head>\n<body>\n", FMT(style));
	element(&b, "<h1>", s->title, none, "</h1>\n");
	if (s->note.n > 0)
		element(&b, "<p class=\"sub\">", none, s->note, "</p>\n");
	if (s->id.n > 0)
		element(&b, "<p class=\"id\">", s->id, none, "</p>\n");
	for (size_t i = 0; i < s->n; i++)
		block(&b, &s->blocks[i]);
	if (s->footer.n > 0)
		element(&b, "<footer>", s->footer, none, "</footer>\n");
	buf_z(&b, "</body>\n</html>\n");
	return buf_done(c, &b, ret);
}
