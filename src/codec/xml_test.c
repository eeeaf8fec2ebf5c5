#include "codec/xml.h"

#include "base/limits.h"
#include "codec/zip_fixture_test.h"
#include "tests/tap.h"

struct heard {
	struct buf b;
	struct ctx *c;
};

static err on_start(void *arg, const char *name, const char *const *attributes)
{
	struct heard *h = arg;
	buf_fmt(&h->b, "<%s", name);
	struct str id = xml_attribute(attributes, "id");
	if (id.p != NULL)
		buf_fmt(&h->b, " id=%.*s", FMT(id));
	buf_z(&h->b, ">");
	return strcmp(name, "stop") == 0 ? fail(h->c, ERR_GONE, "stopped") : OK;
}

static err on_end(void *arg, const char *name)
{
	struct heard *h = arg;
	buf_fmt(&h->b, "</%s>", name);
	return OK;
}

static err on_text(void *arg, struct str text)
{
	struct heard *h = arg;
	buf_add(&h->b, text);
	return OK;
}

static err read_text(struct ctx *c, struct str xml, struct heard *h)
{
	static const struct xml_handler handler = {on_start, on_end, on_text};
	struct zip_made made;
	struct zip z;
	struct zip_stream *s;
	zip_begin(&made, c->arena);
	zip_put(&made, STR("x"), xml, true, &zip_straight);
	struct source source = source_of_text(zip_end(&made, (struct str){"", 0}));
	h->c = c;
	buf_init(&h->b, c->arena, 1u << 20);
	TRY(zip_open(c, &source, &z));
	TRY(zip_read_open(c, &z, &z.entries[0], 64u << 20, &s));
	return xml_read(c, s, "the part", &handler, h);
}

static struct str nested(struct ctx *c, unsigned depth)
{
	struct buf b;
	buf_init(&b, c->arena, 4096);
	for (unsigned i = 0; i < depth; i++)
		buf_z(&b, "<a>");
	for (unsigned i = 0; i < depth; i++)
		buf_z(&b, "</a>");
	return buf_str(&b);
}

/* A tag whose attribute has n bytes that pack badly, so that no ratio is the reason. */
static struct str long_tag(struct ctx *c, size_t n)
{
	struct buf b;
	uint32_t v = 1;
	buf_init(&b, c->arena, n + 64);
	buf_z(&b, "<a b=\"");
	for (size_t i = 0; i < n; i++) {
		v = v * 1664525u + 1013904223u;
		buf_char(&b, (char)('a' + (v >> 24) % 26));
	}
	buf_z(&b, "\"/>");
	return buf_str(&b);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct heard h;
	is_int(read_text(&c, STR("<x:a xmlns:x='u' xmlns:id='v' x:id='1'>t&lt;&#20013;<b/></x:a>"),
		       &h),
		OK, "a document");
	is_str(arena_z(a, buf_str(&h.b)), "<a id=1>t<\xe4\xb8\xad<b></b></a>",
		"names without prefixes, five entities, characters");
	static const struct {
		const char *xml, *why;
		err want;
	} bad[] = {
		{"<!DOCTYPE a><a/>", "document type", ERR_MALFORMED},
		{"<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;'>]><a>&m;</a>",
			"document type", ERR_MALFORMED},
		{"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "document type", ERR_MALFORMED},
		{"<a>&x;</a>", "damaged", ERR_MALFORMED},
		{"<a>", "damaged", ERR_MALFORMED},
		{"<a></b>", "damaged", ERR_MALFORMED},
		{"", "damaged", ERR_MALFORMED},
		{"<a>\xff</a>", "damaged", ERR_MALFORMED},
		{"<a/><b/>", "damaged", ERR_MALFORMED},
		{"<a><stop/><b/></a>", "stopped", ERR_GONE},
	};
	for (size_t i = 0; i < countof(bad); i++) {
		is_int(read_text(&c, str_z(bad[i].xml), &h), bad[i].want, "%s", bad[i].xml);
		ok(strstr(c.trouble.detail, bad[i].why) != NULL, "because: %s", c.trouble.detail);
	}
	is_str(arena_z(a, buf_str(&h.b)), "<a><stop>", "nothing is told after a failure");
	is_int(read_text(&c, nested(&c, LIMIT_XML_DEPTH), &h), OK, "the deepest");
	is_int(read_text(&c, nested(&c, LIMIT_XML_DEPTH + 1), &h), ERR_TOO_LARGE, "deeper");
	is_int(read_text(&c, long_tag(&c, LIMIT_XML_TOKEN / 2), &h), OK, "a long tag");
	is_int(read_text(&c, long_tag(&c, 2 * LIMIT_XML_TOKEN), &h), ERR_TOO_LARGE, "a longer one");
	return done_testing();
}
