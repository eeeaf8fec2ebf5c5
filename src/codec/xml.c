#include "codec/xml.h"

#include <expat.h>
#include <string.h>

#include "base/limits.h"

#define PIECE (32u << 10)

struct reading {
	struct ctx *c;
	XML_Parser parser;
	const char *what;
	const struct xml_handler *h;
	void *arg;
	unsigned depth;
	err e;
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon != NULL ? colon + 1 : name;
}

struct str xml_attribute(const char *const *attributes, const char *name)
{
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strcmp(local(attributes[i]), name) == 0 &&
			strncmp(attributes[i], "xmlns", 5) != 0)
			return str_z(attributes[i + 1]);
	}
	return (struct str){0};
}

/* The first failure ends the reading. */
static void came(struct reading *r, err e)
{
	if (e == OK || r->e != OK)
		return;
	r->e = e;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = arg;
	if (r->e != OK)
		return;
	if (++r->depth > LIMIT_XML_DEPTH) {
		came(r, fail(r->c, ERR_TOO_LARGE, "%s has more than %u levels", r->what,
				LIMIT_XML_DEPTH));
		return;
	}
	if (r->h->start != NULL)
		came(r, r->h->start(r->arg, local(name), (const char *const *)attributes));
}

static void on_end(void *arg, const XML_Char *name)
{
	struct reading *r = arg;
	if (r->e != OK)
		return;
	r->depth--;
	if (r->h->end != NULL)
		came(r, r->h->end(r->arg, local(name)));
}

static void on_text(void *arg, const XML_Char *p, int n)
{
	struct reading *r = arg;
	if (r->e == OK && r->h->text != NULL)
		came(r, r->h->text(r->arg, (struct str){p, (size_t)n}));
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
	const XML_Char *public, int internal)
{
	struct reading *r = arg;
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	came(r, fail(r->c, ERR_MALFORMED, "%s declares a document type, which no spreadsheet needs",
			r->what));
}

static void free_parser(XML_Parser *p)
{
	if (*p != NULL)
		XML_ParserFree(*p);
}

static err parse(struct ctx *c, struct reading *r, const char *piece, size_t n, uint64_t fed)
{
	enum XML_Status answer = XML_Parse(r->parser, piece, (int)n, n == 0);
	TRY(r->e);
	ENSURE(answer == XML_STATUS_OK, c, ERR_MALFORMED, "%s is damaged at line %llu: %s", r->what,
		(unsigned long long)XML_GetCurrentLineNumber(r->parser),
		XML_ErrorString(XML_GetErrorCode(r->parser)));
	XML_Index at = XML_GetCurrentByteIndex(r->parser);
	ENSURE(at < 0 || fed - (uint64_t)at <= LIMIT_XML_TOKEN, c, ERR_TOO_LARGE,
		"%s has a tag of more than %u bytes", r->what, LIMIT_XML_TOKEN);
	return OK;
}

err xml_read(struct ctx *c, struct zip_stream *s, const char *what, const struct xml_handler *h,
	void *arg)
{
	cleanup(free_parser) XML_Parser parser = XML_ParserCreate(NULL);
	struct reading r = {.c = c, .parser = parser, .what = what, .h = h, .arg = arg};
	char *piece;
	size_t n = 0;
	uint64_t fed = 0;
	ENSURE(parser != NULL, c, ERR_MEMORY, "no memory to read %s", what);
	NEW_N(c, piece, PIECE);
	XML_SetUserData(parser, &r);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetStartDoctypeDeclHandler(parser, on_doctype);
	do {
		TRY(zip_read(c, s, piece, PIECE, &n));
		fed += n;
		TRY(parse(c, &r, piece, n, fed));
	} while (n > 0);
	return OK;
}
