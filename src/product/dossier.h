/* A product's dossier: what is said of it beside its data. One table names its fields; the page, the spreadsheet, the check
 * of acts and the figure of completeness all read it. A field's id is its member's name; values are texts of at most
 * LIMIT_TEXT bytes. Pure. */
#pragma once

#include "codec/json.h"

struct dossier_field {
	const char *id, *zh, *en;
	const char *hint_zh, *hint_en;
	const char *const *choices; /* what a form offers, NULL-terminated, or NULL: free text */
	bool required;              /* counts for completeness; a dossier without it is still one */
};

extern const struct dossier_field dossier_fields[];
extern const size_t dossier_fields_n;

/* NULL where there is none. */
const struct dossier_field *dossier_field(struct str id);
/* A dossier has the fields of the table and no others, each a text. ERR_UNKNOWN_MEMBER, ERR_BAD_VALUE. */
must_use err dossier_check(struct ctx *c, const struct json *dossier);
/* {filled, total, missing:[ids]} of the required fields. */
struct json *dossier_completeness(struct ctx *c, const struct json *dossier);
/* The table itself, for forms: [{id, zh, en, hint:{zh, en}, choices?, required}]. */
struct json *dossier_fields_json(struct ctx *c);
