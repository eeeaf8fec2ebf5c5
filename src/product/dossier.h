/* A product's dossier: what is said of it beside its data. One table names its fields; the page, the spreadsheet, the check
 * of acts and the figure of completeness all read it. A field's id is its member's name; values are texts of at most
 * LIMIT_TEXT bytes. Pure. */
#pragma once

#include "codec/json.h"

/* What a field's text is read as, where a rule asks for it. */
enum dossier_kind {
	DOSSIER_TEXT,
	DOSSIER_CHOICE, /* one of the choices */
	DOSSIER_LIST,   /* parted by the signs of product/claims_parts.h */
	DOSSIER_RIGHTS, /* the rights that it names: hold, use, operate */
	DOSSIER_YES,    /* yes or no */
	DOSSIER_COUNT,
	DOSSIER_DAY,
	DOSSIER_PERIOD, /* two days; the fact is followed by that of the second one */
};

struct dossier_field {
	const char *id, *zh, *en;
	const char *hint_zh, *hint_en;
	const char *const *choices; /* what a form offers, NULL-terminated, or NULL: free text */
	bool required;              /* counts for completeness; a dossier without it is still one */
	enum dossier_kind kind;
	const char *fact; /* of rules/facts.json, that it states; NULL: none */
	const char *
		group; /* of the form: basic, origin, use, people, grade, export, price, delivery, applicant */
};

extern const struct dossier_field dossier_fields[];
extern const size_t dossier_fields_n;

/* NULL where there is none. */
const struct dossier_field *dossier_field(struct str id);
/* A dossier has the fields of the table and no others, each a text. ERR_UNKNOWN_MEMBER, ERR_BAD_VALUE. */
must_use err dossier_check(struct ctx *c, const struct json *dossier);
/* {filled, total, missing:[ids]} of the required fields. */
struct json *dossier_completeness(struct ctx *c, const struct json *dossier);
/* The facts that it states, {fact: value}; what is empty or cannot be read states nothing. */
struct json *dossier_facts(struct ctx *c, const struct json *dossier);
/* The table itself, for forms: [{id, zh, en, hint:{zh, en}, choices?, required, group}]. */
struct json *dossier_fields_json(struct ctx *c);
