/* Values of constraints: what a rightOperand says.
 *
 * A value is a text, a number, or {"@value", "@type"?} with a type that fits; of a purpose also {"@id"}. The functions
 * answer false for everything else. Texts are borrowed from the tree. Pure; no errors of their own. */
#pragma once

#include "codec/json.h"

/* A non-empty text of at most LIMIT_NAME bytes. */
bool operand_text(const struct json *j, struct str *ret);
/* An xsd:dateTime with seconds and zone, not finer than a millisecond, from 1970 on. */
bool operand_time(const struct json *j, int64_t *ret_ms);
/* An xsd:duration of whole days, hours, minutes and seconds, at most LIMIT_TERMS_ELAPSED_MS. */
bool operand_duration(const struct json *j, int64_t *ret_ms);
/* A whole number from 0 to 2^53-1, as a number or in decimal digits. */
bool operand_count(const struct json *j, int64_t *ret);

/* The name without the prefix odrl: or its IRI. */
struct str operand_name(struct str name);
/* For people: the text of a value, cut at a character to at most n bytes, or "(a value)" where it is none. */
struct str operand_show(const struct json *j, size_t n);
/* s cut to at most n bytes, never within a character. */
struct str operand_cut(struct str s, size_t n);
