#include "api/share_page.h"

#include <string.h>

#include "api/data.h"
#include "codec/html.h"
#include "api/share_messages.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "contract/agreement_follow.h"
#include "delivery/delivery_store.h"
#include "delivery/share.h"
#include "invoice/invoice_build.h"
#include "invoice/invoice_record.h"
#include "net/fields.h"
#include "paper/words.h"
#include "proof/documents.h"
#include "terms/sentence.h"

#define NAME_MAX_BYTES 320u /* eighty characters of four bytes, in UTF-8 */
#define COLUMNS_SHOWN 100u

static const char style[] =
	":root{color-scheme:light dark;--t:#1a1f2b;--b:#fff;--l:#d9dee8;--m:#5b6475;--a:#0b57d0}"
	"@media(prefers-color-scheme:dark){:root{--t:#e6e9f0;--b:#12151c;--l:#333a49;--m:#a2abbd;--"
	"a:"
	"#8ab4f8}}"
	"*{box-sizing:border-box}body{margin:0 auto;max-width:44rem;padding:1.5rem 1rem "
	"4rem;font:16px/"
	"1.6 system-ui,sans-serif;color:var(--t);background:var(--b);overflow-wrap:anywhere}"
	"h1{font-size:1.5rem;line-height:1.3}h2{font-size:1.1rem;margin-top:2rem}"
	"table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
	"padding:.4rem "
	".6rem .4rem 0;border-bottom:1px solid "
	"var(--l)}th{font-weight:500;color:var(--m);width:38%}"
	"label{display:block;margin:.8rem "
	"0}input[type=text]{display:block;width:100%;font:inherit;padding:"
	".5rem;border:1px solid var(--m);border-radius:6px;background:var(--b);color:var(--t)}"
	"button,.go{display:inline-block;font:inherit;font-weight:600;padding:.6rem "
	"1.2rem;border:0;border-"
	"radius:6px;background:var(--a);color:var(--b);text-decoration:none;cursor:pointer}"
	"a{color:var(--a)}:focus-visible{outline:3px solid var(--a);outline-offset:2px}"
	"pre{white-space:pre-wrap;border:1px solid "
	"var(--l);border-radius:6px;padding:.8rem;font-size:.85rem}"
	".note{border-left:4px solid var(--a);padding:.4rem .8rem;margin:1rem 0}.m{color:var(--m)}";

/* What a page is made of. */
struct page {
	struct buf b;
	int en;
	struct str token, base; /* base: https://host/s/TOKEN */
};

static const char *say(const struct page *p, enum share_word w)
{
	return share_say(p->en, w);
}

static bool wants_json(const struct call *k)
{
	struct str accept = http_header(&k->x->request, "Accept");
	return str_find_str(accept, STR("application/json")) < accept.n;
}

static bool in_chat(const struct call *k)
{
	static const char *const agents[] = {
		"MicroMessenger", "wxwork", "DingTalk", "Lark", "Feishu", "AlipayClient", " QQ/"};
	struct str agent = http_header(&k->x->request, "User-Agent");
	for (size_t i = 0; i < countof(agents); i++) {
		if (str_find_str(agent, str_z(agents[i])) < agent.n)
			return true;
	}
	return false;
}

static void quiet_headers(struct call *k)
{
	call_header(k, "Cache-Control", STR("no-store"));
	call_header(k, "Referrer-Policy", STR("no-referrer"));
	call_header(k, "X-Content-Type-Options", STR("nosniff"));
}

static err page_begin(struct ctx *c, struct call *k, struct page *p)
{
	struct str lang = {"", 0};
	const struct self *self = acts_self(k->acts);
	*p = (struct page){.token = k->param[0]};
	if (call_query(c, k, "lang", &lang) != OK)
		lang = http_header(&k->x->request, "Accept-Language");
	p->en = str_starts(lang, STR("en"));
	TRY(arena_fmt(c, &p->base, "%.*s/s/%.*s", FMT(self->url), FMT(p->token)));
	buf_init(&p->b, c->arena, LIMIT_HTTP_BODY);
	buf_z(&p->b, "<!doctype html><html lang=\"");
	buf_z(&p->b, p->en ? "en" : "zh-CN");
	buf_z(&p->b, "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-"
		     "width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><link "
		     "rel=\"stylesheet\" href=\"/share.css\">");
	html_element(&p->b, "title", str_z(say(p, SHARE_TITLE)));
	buf_z(&p->b, "<body><main>");
	if (in_chat(k))
		html_element(
			&p->b, "p class=\"note\" role=\"alert\"", str_z(say(p, SHARE_OUTSIDE)));
	return OK;
}

static err page_end(struct ctx *c, struct call *k, struct page *p, int status)
{
	buf_z(&p->b, "</main><footer><p class=\"m\"><a hreflang=\"");
	buf_z(&p->b, p->en ? "zh-CN\" lang=\"zh-CN\" href=\"?lang=zh"
			   : "en\" lang=\"en\" href=\"?lang=en");
	buf_z(&p->b, "\">");
	buf_z(&p->b, say(p, SHARE_OTHER_LANGUAGE));
	buf_z(&p->b, "</a></footer></html>");
	TRY(buf_done(c, &p->b, &k->answer.body));
	k->answer.status = status;
	k->answer.type = "text/html; charset=utf-8";
	quiet_headers(k);
	call_header(k, "Content-Security-Policy",
		STR("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
		    "frame-ancestors 'none'"));
	return OK;
}

/* A refusal as a page, for people; as a problem where JSON is asked for. */
static err refuse(struct ctx *c, struct call *k, err why)
{
	struct page p;
	struct str detail;
	if (wants_json(k) || err_is_fault(why))
		return why;
	TRY(arena_str(c, str_z(c->trouble.detail), &detail));
	TRY(page_begin(c, k, &p));
	html_element(
		&p.b, "h1", str_z(say(&p, why == ERR_BAD_VALUE ? SHARE_ACCEPT : SHARE_CLOSED)));
	if (why == ERR_NOT_FOUND || why == ERR_UNAUTHENTICATED)
		html_element(&p.b, "p", str_z(say(&p, SHARE_UNKNOWN)));
	else if (why == ERR_BAD_VALUE)
		html_element(&p.b, "p", str_z(say(&p, SHARE_INCOMPLETE)));
	else
		html_element(&p.b, "p", detail);
	return page_end(c, k, &p, err_row(why)->status);
}

/* The link and what it is to. */
static err find(struct ctx *c, struct call *k, struct share_row *ret, struct revision *ret_p)
{
	struct store *db = acts_db(k->acts);
	TRY(share_by_token(c, db, k->param[0], ret));
	return product_find(c, db, ret->product, ret_p);
}

static void number(struct buf *b, const char *head, int64_t v)
{
	struct buf text;
	buf_init(&text, b->arena, 32);
	buf_i64(&text, v);
	html_row(b, head, buf_str(&text));
}

static err money(struct ctx *c, struct page *p, enum share_word head, int64_t fen)
{
	struct str text;
	TRY(words_yuan(c, fen, &text));
	html_row(&p->b, say(p, head), text);
	return OK;
}

static err sentence_of(struct ctx *c, const struct json *policy, int en, struct str *ret)
{
	struct terms terms;
	TRY(terms_compile(c, policy, &terms));
	return terms_sentence(c, &terms, en ? SENTENCE_EN : SENTENCE_ZH, ret);
}

static err offer_table(struct ctx *c, struct call *k, struct page *p, const struct share_row *s,
	const struct revision *r)
{
	const struct self *self = acts_self(k->acts);
	enum sentence_language l = p->en ? SENTENCE_EN : SENTENCE_ZH;
	struct str terms, until;
	TRY(sentence_of(c, r->terms, p->en, &terms));
	TRY(time_str(c, s->until_ms, &until));
	buf_z(&p->b, "<table>");
	html_row(&p->b, say(p, SHARE_FROM), self->name);
	html_row(&p->b, say(p, SHARE_USCC), self->uscc);
	html_row(&p->b, say(p, SHARE_ABOUT), json_text(json_get(r->dossier, "description")));
	number(&p->b, say(p, SHARE_REVISION), r->revision);
	number(&p->b, say(p, SHARE_SIZE), r->size);
	html_row(&p->b, say(p, SHARE_TYPE), r->media_type);
	if (r->net == 0) {
		html_row(&p->b, say(p, SHARE_PRICE), str_z(say(p, SHARE_FREE)));
	} else {
		TRY(money(c, p, SHARE_PRICE, r->net));
		TRY(money(c, p, SHARE_TAX, price_tax(r->net, r->rate)));
	}
	html_row(&p->b, say(p, SHARE_TERMS), terms);
	html_row(&p->b, say(p, SHARE_PURPOSE),
		sentence_word(l, json_text(json_get(r->scenario, "purpose"))));
	html_row(&p->b, say(p, SHARE_ONWARD),
		sentence_word(l, json_text(json_get(r->scenario, "onward"))));
	html_row(&p->b, say(p, SHARE_DISPOSAL), json_text(json_get(r->scenario, "disposal")));
	number(&p->b, say(p, SHARE_LEFT), s->count - s->taken);
	html_row(&p->b, say(p, SHARE_UNTIL), until);
	buf_z(&p->b, "</table>");
	return OK;
}

/* Names and types of the columns; a file without a profile has no preview. */
static err preview(struct ctx *c, struct call *k, struct page *p, const struct revision *r)
{
	const struct json *profile = NULL, *columns;
	int64_t rows = 0;
	size_t n = 0;
	if (r->profile.n == 0)
		return OK;
	err e = product_profile(c, acts_db(k->acts), r, &profile);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	columns = json_get(profile, "columns");
	if (columns == NULL || columns->type != JSON_ARRAY)
		return OK;
	html_element(&p->b, "h2", str_z(say(p, SHARE_COLUMNS)));
	buf_z(&p->b, "<table>");
	if (json_int(json_get(profile, "rows"), &rows))
		number(&p->b, say(p, SHARE_ROWS), rows);
	for (const struct json *j = columns->first; j != NULL && n < COLUMNS_SHOWN;
		j = j->next, n++) {
		buf_z(&p->b, "<tr>");
		html_element(&p->b, "td", json_text(json_get(j, "name")));
		html_element(&p->b, "td", json_text(json_get(j, "type")));
		buf_z(&p->b, "</tr>");
	}
	buf_z(&p->b, "</table>");
	return OK;
}

static void form(struct page *p)
{
	html_element(&p->b, "h2", str_z(say(p, SHARE_ACCEPT)));
	html_element(&p->b, "p class=\"m\"", str_z(say(p, SHARE_STATED)));
	buf_z(&p->b, "<form method=\"post\"><label>");
	buf_z(&p->b, say(p, SHARE_NAME));
	buf_z(&p->b, "<input type=\"text\" name=\"name\" required maxlength=\"80\" "
		     "autocomplete=\"name\"></label><label>");
	buf_z(&p->b, say(p, SHARE_ORGANISATION));
	buf_z(&p->b, "<input type=\"text\" name=\"organisation\" required maxlength=\"80\" "
		     "autocomplete=\"organization\"></label><label><input type=\"checkbox\" "
		     "name=\"agree\" value=\"yes\" required> ");
	buf_z(&p->b, say(p, SHARE_AGREE));
	buf_z(&p->b, "</label><button>");
	buf_z(&p->b, say(p, SHARE_TAKE));
	buf_z(&p->b, "</button></form>");
}

static void lines_begin(struct page *p)
{
	html_element(&p->b, "h2", str_z(say(p, SHARE_LINES)));
	buf_z(&p->b, "<pre>");
}

static err offer_json(
	struct ctx *c, struct call *k, const struct share_row *s, const struct revision *r)
{
	struct json *o = json_object(c), *terms = json_object(c);
	const struct self *self = acts_self(k->acts);
	struct str zh, en, until;
	TRY(sentence_of(c, r->terms, 0, &zh));
	TRY(sentence_of(c, r->terms, 1, &en));
	TRY(time_str(c, s->until_ms, &until));
	json_set_str(c, &terms, "zh", zh);
	json_set_str(c, &terms, "en", en);
	json_set_str(c, &o, "provider", self->name);
	json_set_str(c, &o, "name", r->name);
	json_set(&o, "object", json_copy(c, r->object_json));
	json_set(&o, "price", json_copy(c, r->price_json));
	json_set(&o, "scenario", json_copy(c, r->scenario));
	json_set(&o, "policy", json_copy(c, r->terms));
	json_set(&o, "terms", terms);
	json_set_num(c, &o, "left", s->count - s->taken);
	json_set_str(c, &o, "until", until);
	quiet_headers(k);
	return call_json(c, k, 200, o);
}

static err offer(struct ctx *c, struct call *k)
{
	struct share_row s;
	struct revision r;
	struct page p;
	TRY(find(c, k, &s, &r));
	TRY(share_gives(c, &s, env_now_ms(acts_env(k->acts))));
	if (wants_json(k))
		return offer_json(c, k, &s, &r);
	TRY(page_begin(c, k, &p));
	html_element(&p.b, "h1", r.name);
	TRY(offer_table(c, k, &p, &s, &r));
	TRY(preview(c, k, &p, &r));
	form(&p);
	lines_begin(&p);
	buf_z(&p.b,
		"curl -fsS -H 'Accept: application/json' -d name=NAME -d organisation=ORGANISATION "
		"-d agree=yes ");
	html_text(&p.b, p.base);
	buf_z(&p.b, "</pre>");
	return page_end(c, k, &p, 200);
}

static err get_offer(struct ctx *c, struct call *k)
{
	err e = offer(c, k);
	return e == OK ? OK : refuse(c, k, e);
}

/* A field of a form that was posted, or of a JSON object. */
static err field(struct ctx *c, const struct call *k, const struct json *j, const char *name,
	struct str *ret)
{
	struct str value;
	if (j != NULL)
		value = json_text(json_get(j, name));
	else
		TRY(http_query(c, k->x->body, name, &value));
	ENSURE(value.p != NULL && str_trim(value).n > 0 && value.n <= NAME_MAX_BYTES, c,
		ERR_BAD_VALUE, "%s is missing or too long: send name, organisation and agree=yes",
		name);
	*ret = str_trim(value);
	return OK;
}

struct stated {
	struct str name, organisation, agree;
};

static err read_form(struct ctx *c, struct call *k, struct stated *ret)
{
	struct str type = http_header(&k->x->request, "Content-Type");
	const struct json *j = NULL;
	if (str_starts(type, STR("application/json")))
		TRY(json_parse(c, k->x->body, &j));
	else
		ENSURE(str_starts(type, STR("application/x-www-form-urlencoded")), c,
			ERR_MEDIA_TYPE, "send the form of this page, or JSON");
	TRY(field(c, k, j, "name", &ret->name));
	TRY(field(c, k, j, "organisation", &ret->organisation));
	TRY(field(c, k, j, "agree", &ret->agree));
	ENSURE(str_is(ret->agree, "yes"), c, ERR_BAD_VALUE,
		"agree=yes says that you accept the terms");
	return OK;
}

/* Asked before anything is written, so that a refusal can be a page. */
static err may_take(
	struct ctx *c, struct call *k, struct share_row *s, struct revision *r, struct stated *ret)
{
	TRY(find(c, k, s, r));
	TRY(share_gives(c, s, acts_now_ms(k->acts)));
	return read_form(c, k, ret);
}

static err post_offer(struct ctx *c, struct call *k)
{
	struct share_row s;
	struct revision r;
	struct stated stated;
	struct str *id;
	struct entry e;
	err why = may_take(c, k, &s, &r, &stated);
	if (why != OK)
		return refuse(c, k, why);
	NEW(c, id);
	TRY(uuid_new_urn(c, acts_env(k->acts), id));
	struct link_taking w = {.link = s.id, .delivery = *id, .product = &r};
	TRY(arena_fmt(c, &w.name, "%.*s / %.*s", FMT(stated.organisation), FMT(stated.name)));
	TRY(agreement_link(c, k->acts, &w, &e));
	k->state = id;
	return OK;
}

static err say_taken(struct ctx *c, struct call *k)
{
	const struct str *id = k->state;
	struct delivery_token t;
	struct str page, part;
	struct json *o = json_object(c);
	TRY(delivery_store_token(c, acts_db(k->acts), *id, &t));
	TRY(arena_fmt(c, &page, "/s/%.*s/%.*s/%.*s", FMT(k->param[0]),
		FMT(str_sub(*id, strlen("urn:uuid:"), id->n)), FMT(t.token)));
	quiet_headers(k);
	if (!wants_json(k)) {
		call_header(k, "Location", page);
		k->answer.status = 303;
		return OK;
	}
	json_set_str(c, &o, "page", page);
	TRY(arena_fmt(c, &part, "%.*s%.*s/file", FMT(acts_self(k->acts)->url), FMT(page)));
	json_set_str(c, &o, "file", part);
	TRY(arena_fmt(c, &part, "%.*s%.*s/invoice", FMT(acts_self(k->acts)->url), FMT(page)));
	json_set_str(c, &o, "invoice", part);
	return call_json(c, k, 201, o);
}

/* The delivery that this page is of: its link, its token, and what it is under. */
struct taking {
	struct share_row link;
	struct delivery_row delivery;
	struct agreement_row agreement;
	struct revision product;
};

static err find_taking(struct ctx *c, struct call *k, struct taking *ret)
{
	struct store *db = acts_db(k->acts);
	struct str id;
	TRY(arena_fmt(c, &id, "urn:uuid:%.*s", FMT(k->param[1])));
	TRY(share_by_token(c, db, k->param[0], &ret->link));
	TRY(data_delivery(c, db, id, k->param[2], &ret->delivery));
	ENSURE(str_eq(ret->delivery.peer, ret->link.id), c, ERR_NOT_FOUND,
		"this delivery is of another link");
	TRY(agreement_find(c, db, ret->delivery.agreement, &ret->agreement));
	return product_revision(
		c, db, ret->agreement.product, ret->agreement.revision, &ret->product);
}

static err invoice_part(struct ctx *c, struct call *k, struct page *p, const struct taking *t)
{
	struct invoice_record i;
	err e = invoice_record_of_delivery(
		c, acts_db(k->acts), AGREEMENT_PROVIDER, t->delivery.id, &i);
	html_element(&p->b, "h2", str_z(say(p, SHARE_INVOICE)));
	if (e == ERR_NOT_FOUND) {
		html_element(&p->b, "p", str_z(say(p, SHARE_INVOICE_LATER)));
		return OK;
	}
	TRY(e);
	buf_z(&p->b, "<table>");
	html_row(&p->b, say(p, SHARE_INVOICE), i.serial);
	TRY(money(c, p, SHARE_PRICE, i.now.net));
	TRY(money(c, p, SHARE_TAX, i.now.tax));
	buf_z(&p->b, "</table><p><a class=\"go\" href=\"");
	html_text(&p->b, k->param[2]);
	buf_z(&p->b, "/invoice\">");
	buf_z(&p->b, say(p, SHARE_INVOICE_JSON));
	buf_z(&p->b, "</a> <a href=\"/verify.html\">");
	buf_z(&p->b, say(p, SHARE_VERIFY));
	buf_z(&p->b, "</a>");
	html_element(&p->b, "p", str_z(say(p, SHARE_CLAIMED)));
	html_element(&p->b, "p", str_z(say(p, SHARE_NO_TAX)));
	return OK;
}

static void use_lines(struct page *p, const struct call *k, const struct taking *t)
{
	struct buf url;
	bool parquet = str_ends(t->product.name, STR(".parquet"));
	buf_init(&url, p->b.arena, LIMIT_URL);
	buf_fmt(&url, "%.*s/%.*s/%.*s/file", FMT(p->base), FMT(k->param[1]), FMT(k->param[2]));
	lines_begin(p);
	buf_z(&p->b, "curl -fJO -C - ");
	html_text(&p->b, buf_str(&url));
	buf_z(&p->b, "\n\nimport pandas\ndata = pandas.");
	buf_z(&p->b, parquet ? "read_parquet(\"" : "read_csv(\"");
	html_text(&p->b, buf_str(&url));
	buf_z(&p->b, "\")</pre>");
}

static err taking_page(struct ctx *c, struct call *k)
{
	struct taking t;
	struct page p;
	struct buf digest;
	TRY(find_taking(c, k, &t));
	TRY(page_begin(c, k, &p));
	buf_init(&digest, c->arena, 2 * HASH_BYTES);
	buf_hex(&digest, t.agreement.sha256.b, HASH_BYTES);
	html_element(&p.b, "h1", t.product.name);
	html_element(&p.b, "p class=\"m\"", str_z(say(&p, SHARE_TAKEN)));
	buf_z(&p.b, "<p><a class=\"go\" download href=\"");
	html_text(&p.b, k->param[2]);
	buf_z(&p.b, "/file\">");
	buf_z(&p.b, say(&p, SHARE_DOWNLOAD));
	buf_z(&p.b, "</a>");
	html_element(&p.b, "p class=\"m\"", str_z(say(&p, SHARE_RESUME)));
	buf_z(&p.b, "<table>");
	number(&p.b, say(&p, SHARE_SIZE), t.agreement.size);
	html_row(&p.b, say(&p, SHARE_DIGEST), buf_str(&digest));
	buf_z(&p.b, "</table>");
	TRY(invoice_part(c, k, &p, &t));
	use_lines(&p, k, &t);
	return page_end(c, k, &p, 200);
}

static err get_taking(struct ctx *c, struct call *k)
{
	err e = taking_page(c, k);
	return e == OK ? OK : refuse(c, k, e);
}

/* attachment; filename*=UTF-8''... (RFC 6266, RFC 8187): every byte but letters and digits is escaped. */
static void attachment(struct ctx *c, struct call *k, struct str name)
{
	struct buf b;
	buf_init(&b, c->arena, 8 * LIMIT_NAME);
	buf_z(&b, "attachment; filename*=UTF-8''");
	for (size_t i = 0; i < name.n; i++) {
		unsigned char ch = (unsigned char)name.p[i];
		bool plain = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') ||
			     (ch >= 'a' && ch <= 'z') || ch == '.' || ch == '-' || ch == '_';
		if (plain)
			buf_char(&b, (char)ch);
		else
			buf_fmt(&b, "%%%02X", ch);
	}
	call_header(k, "Content-Disposition", buf_str(&b));
}

static err get_file(struct ctx *c, struct call *k)
{
	struct taking t;
	err e = find_taking(c, k, &t);
	if (e == OK)
		e = data_send(c, k, t.delivery.id);
	if (e != OK)
		return refuse(c, k, e);
	attachment(c, k, t.product.name);
	return OK;
}

static err get_invoice(struct ctx *c, struct call *k)
{
	struct taking t;
	struct invoice_record i;
	struct str text, name;
	TRY(find_taking(c, k, &t));
	TRY(invoice_record_of_delivery(c, acts_db(k->acts), AGREEMENT_PROVIDER, t.delivery.id, &i));
	TRY(invoice_export(c, k->acts, &i, &text));
	TRY(arena_fmt(c, &name, "invoice-%.*s.json", FMT(i.serial)));
	k->answer = (struct answer){.status = 200, .body = text};
	quiet_headers(k);
	attachment(c, k, name);
	return OK;
}

static err get_style(struct ctx *c, struct call *k)
{
	(void)c;
	k->answer = (struct answer){.status = 200, .body = str_z(style), .type = "text/css"};
	call_header(k, "Cache-Control", STR("max-age=3600"));
	return OK;
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/share.css", .scope = SCOPE_ANY, .act = get_style, .doc = "How the pages of links look."},
	{.method = "GET", .path = "/s/{token}", .scope = SCOPE_ANY, .is_page = true, .act = get_offer, .doc = "What a link offers, and on which terms: a page, or JSON."},
	{.method = "POST", .path = "/s/{token}", .scope = SCOPE_ANY, .is_page = true, .act = post_offer, .say = say_taken, .doc = "Takes it by a stated name: name, organisation, agree=yes."},
	{.method = "GET", .path = "/s/{token}/{delivery}/{key}", .scope = SCOPE_ANY, .is_page = true, .act = get_taking, .doc = "What was taken: the file and its invoice."},
	{.method = "GET", .path = "/s/{token}/{delivery}/{key}/file", .scope = SCOPE_ANY, .is_page = true, .act = get_file, .doc = "The file; ranges are served."},
	{.method = "GET", .path = "/s/{token}/{delivery}/{key}/invoice", .scope = SCOPE_ANY, .is_page = true, .act = get_invoice, .doc = "The invoice file, once all bytes have left."},
};
// clang-format on
const struct routes share_page_routes = {rows, countof(rows)};
