/* XML out of a zip archive, read as a stream by expat, for the documents of OOXML.
 *
 * Refused: a document type (and with it every entity but the five of XML: none can grow), more than LIMIT_XML_DEPTH
 * levels, one token of more than LIMIT_XML_TOKEN bytes. Names are told without their prefix: the prefixes of the writers
 * differ. What a handler answers ends the reading and is passed on. Errors: ERR_MALFORMED, ERR_TOO_LARGE. */
#pragma once

#include "codec/zip.h"

struct xml_handler {
	/* attributes: for xml_attribute. Any of the three may be NULL. */
	err (*start)(void *arg, const char *name, const char *const *attributes);
	err (*end)(void *arg, const char *name);
	err (*text)(void *arg, struct str text); /* in pieces */
};

/* Reads the entry to its end. what names it in refusals. */
must_use err xml_read(struct ctx *c, struct zip_stream *s, const char *what,
	const struct xml_handler *h, void *arg);
/* An attribute by its name without prefix; p is NULL where it is absent. */
struct str xml_attribute(const char *const *attributes, const char *name);
