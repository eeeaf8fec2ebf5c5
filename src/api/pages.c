#include "api/pages.h"

#include <string.h>
#include <zlib.h>

#define FOREVER "public, max-age=31536000, immutable"
#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, and a gzip header */

static const struct page *page_of(struct str path)
{
	for (size_t i = 0; i < console_pages_n; i++) {
		if (str_is(path, console_pages[i].path))
			return &console_pages[i];
	}
	return NULL;
}

/* Whether a list of a header names this word; parameters are passed over. */
static bool lists(struct str field, const char *word)
{
	struct str item, rest = field;
	while (rest.n > 0) {
		if (!str_cut(rest, ',', &item, &field)) {
			item = rest;
			field = STR("");
		}
		rest = field;
		item = str_trim(item);
		if (str_is(str_trim(str_sub(item, 0, str_find(item, ';'))), word))
			return true;
	}
	return false;
}

static err inflated(struct ctx *c, const struct page *p, struct str *ret)
{
	char *out;
	NEW_N(c, out, p->size + 1);
	z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)p->gzip,
		.avail_in = (uInt)p->gzip_n,
		.next_out = (Bytef *)out,
		.avail_out = (uInt)p->size};
	ENSURE(inflateInit2(&z, GZIP_WINDOW) == Z_OK, c, ERR_MEMORY, "no memory to inflate a page");
	int end = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	ENSURE(end == Z_STREAM_END && z.avail_out == 0, c, ERR_CORRUPT, "%s cannot be inflated",
		p->path);
	*ret = (struct str){out, p->size};
	return OK;
}

static err say_page(struct ctx *c, struct call *k)
{
	const struct http_request *r = &k->x->request;
	/* One page answers all addresses at which the console may be entered. */
	const struct page *p = page_of(str_is(r->path, "/signin") ? STR("/") : r->path);
	ENSURE(p != NULL, c, ERR_NOT_FOUND, "this node has no page %.*s",
		FMT(str_sub(r->path, 0, 200)));
	call_header(k, "ETag", str_z(p->etag));
	call_header(k, "Vary", STR("Accept-Encoding"));
	call_header(k, "Cache-Control", p->forever ? STR(FOREVER) : STR("no-cache"));
	call_header(k, "Content-Security-Policy", str_z(p->policy));
	call_header(k, "X-Content-Type-Options", STR("nosniff"));
	call_header(k, "Referrer-Policy", STR("no-referrer"));
	k->answer.type = p->type;
	k->answer.status = 304;
	if (lists(http_header(r, "If-None-Match"), p->etag))
		return OK;
	k->answer.status = 200;
	if (!lists(http_header(r, "Accept-Encoding"), "gzip"))
		return inflated(c, p, &k->answer.body);
	call_header(k, "Content-Encoding", STR("gzip"));
	k->answer.body = (struct str){(const char *)p->gzip, p->gzip_n};
	return OK;
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/", .scope = SCOPE_ANY, .say = say_page, .doc = "The console."},
	{.method = "GET", .path = "/signin", .scope = SCOPE_ANY, .say = say_page, .doc = "The console, entered by a one-time link (/signin#TOKEN)."},
	{.method = "GET", .path = "/app.{name}", .scope = SCOPE_ANY, .say = say_page, .doc = "Script and style of the console, with a digest in their names."},
	{.method = "GET", .path = "/verify.html", .scope = SCOPE_ANY, .say = say_page, .doc = "The verifier of invoices, one page that works without a network."},
};
// clang-format on
const struct routes pages_routes = {rows, countof(rows)};
