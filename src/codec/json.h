/* JSON: a strict RFC 8259 reader into an arena tree, and the RFC 8785 (JCS) canonical writer for the subset that acts
 * and documents use.
 *
 * Reading: UTF-8 validated, lone surrogates refused, duplicate member names refused, depth and number of values limited
 * (base/limits.h), no BOM, nothing after the value. Numbers keep their text, so 128430.250 survives.
 * Canonical subset: strings, integers |n| <= 2^53-1 written plainly (no fraction, no exponent, no -0), booleans, arrays,
 * objects; null and every other number are refused with ERR_BAD_VALUE.
 * Trees are immutable once built and live in the context's arena. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_type type;
	struct str text;           /* STRING: decoded UTF-8; NUMBER: as written */
	size_t n;                  /* ARRAY, OBJECT: how many */
	struct json *first, *last; /* ARRAY, OBJECT: values, linked by next */
	struct json *next;
	struct str name; /* where the parent is an OBJECT */
};

/* The whole text is one JSON value, else ERR_MALFORMED (detail: byte position and why). */
must_use err json_parse(struct ctx *c, struct str text, const struct json **ret);
/* The same of a text that lives as long as the arena; the tree may be built on. */
must_use err json_parse_own(struct ctx *c, struct str text, struct json **ret);
/* As json_parse, and the text equals its canonical form byte for byte (ERR_MALFORMED otherwise). */
must_use err json_parse_canonical(struct ctx *c, struct str text, const struct json **ret);

/* The member, or NULL (also when o is NULL or no object). */
const struct json *json_get(const struct json *o, const char *name);
/* The text of a string, or the empty slice with p == NULL where j is NULL or no string. */
struct str json_text(const struct json *j);
/* An integer within |n| <= 2^53-1; false otherwise. */
bool json_int(const struct json *j, int64_t *ret);
/* Deep equality by canonical meaning: member order does not matter, number text does. */
bool json_eq(const struct json *a, const struct json *b);

/* Building. A failed allocation answers NULL, which every builder accepts and passes on: ask once, at json_canonical or
 * json_write (ERR_TOO_LARGE for NULL). Text is borrowed, not copied. set replaces a member of that name. */
struct json *json_object(struct ctx *c);
struct json *json_array(struct ctx *c);
struct json *json_str(struct ctx *c, struct str s);
struct json *json_z(struct ctx *c, const char *z);
struct json *json_num(struct ctx *c, int64_t v);
struct json *json_bool(struct ctx *c, bool v);
struct json *json_null(struct ctx *c);
/* o[name] = v; takes v over (v must stand in no other tree; a parsed tree is copied with json_copy first). */
void json_set(struct json **o, const char *name, struct json *v);
void json_push(struct json **a, struct json *v);
/* Short forms: o[name] = text, number, boolean. */
void json_set_str(struct ctx *c, struct json **o, const char *name, struct str s);
void json_set_num(struct ctx *c, struct json **o, const char *name, int64_t v);
/* Lower-case hex of n bytes. */
void json_set_hex(struct ctx *c, struct json **o, const char *name, const void *bytes, size_t n);
/* A value that may stand in another tree beside j, with the same text and members: neither is built on any more. */
struct json *json_share(struct ctx *c, const struct json *j);
/* Deep copy into c's arena; a copy without one member when without != NULL. */
struct json *json_copy(struct ctx *c, const struct json *j);
struct json *json_copy_without(struct ctx *c, const struct json *j, const char *without);

/* RFC 8785 bytes; members sorted by UTF-16 code units. */
must_use err json_canonical(struct ctx *c, const struct json *j, size_t size_max, struct str *ret);
/* The tree as it is, in member order, numbers as written (protocol messages). indent: 2 spaces when true. */
must_use err json_write(
	struct ctx *c, const struct json *j, bool indent, size_t size_max, struct str *ret);
/* A quoted, escaped string (RFC 8785 3.2.2.2). */
void json_quote(struct buf *b, struct str s);

/* Reading a tree into a struct by table, strictly: unknown members (ERR_UNKNOWN_MEMBER), missing ones
 * (ERR_MISSING_MEMBER), wrong types or lengths (ERR_BAD_VALUE), each naming the member.
 * Kinds and the C type at offset: TEXT struct str; INT int64_t; BOOL bool; HEX32 uint8_t[32]; HEX any-length hex as
 * struct str; ANY, OBJECT, ARRAY const struct json *; SIG struct str (detached JWS). Optional ones keep the zero value. */
enum json_kind {
	JSON_K_TEXT,
	JSON_K_INT,
	JSON_K_BOOL,
	JSON_K_HEX32,
	JSON_K_ANY,
	JSON_K_OBJECT,
	JSON_K_ARRAY
};

struct json_field {
	const char *name;
	enum json_kind kind;
	bool optional;
	size_t offset;
	size_t max; /* TEXT: longest allowed in bytes; 0 = LIMIT_TEXT */
	const char *const
		*words; /* TEXT: NULL-terminated list of the only allowed values, or NULL */
};

/* open = true lets unknown members pass (messages of other people's protocols). ret_struct NULL: it is only checked. */
must_use err json_read(struct ctx *c, const struct json *j, const struct json_field *fields,
	size_t n, bool open, void *ret_struct);
