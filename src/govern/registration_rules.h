/* What may be registered: rights by source (guide, art. 21), public data (art. 15), lengths of name and overview (annex 1),
 * and the code of a certificate (annex 6): SJ, region (2 digits of GB/T 2260), registrar (1), YYYYMM, serial (4, from 0001
 * every month). The annex has no check digit: a code is checked by its form, its region and its month. Pure. */
#pragma once

#include "codec/json.h"

enum { RIGHT_HOLD = 1, RIGHT_USE = 2, RIGHT_OPERATE = 4, RIGHTS_ALL = 7 };

#define REGISTRATION_NAME_CHARS 40u
#define REGISTRATION_OVERVIEW_CHARS 400u
#define REGISTRATION_CODE 15u
#define REGISTRATION_SERIAL_MAX 9999

/* rights: what the source gives by itself; with_basis: with what `basis` asks for (a consent, a law or contract, a statement). */
struct registration_source {
	const char *id;
	unsigned rights, with_basis;
	const char *basis; /* in words, or NULL */
};
extern const struct registration_source registration_sources[]; /* ended by a row without id */

/* What an application claims. basis: in words, what it rests on; platform: number on the public-data platform. */
struct registration_claim {
	struct str source, origin; /* origin: none, government, authorised, utility */
	struct str basis, platform;
	unsigned rights;
};

/* A list of hold, use, operate as bits; ERR_BAD_VALUE for others, twice the same and none. And back. */
must_use err registration_rights_read(struct ctx *c, const struct json *list, unsigned *ret);
struct json *registration_rights_json(struct ctx *c, unsigned rights);

/* ERR_BAD_VALUE says the article, and what may be registered instead. */
must_use err registration_may(struct ctx *c, const struct registration_claim *claim);
/* 1 to 40, and 1 to 400 characters. */
must_use err registration_texts(struct ctx *c, struct str name, struct str overview);

struct registration_code {
	int64_t region, digit, year, month, serial;
};
/* False where the text is no code. */
bool registration_code_read(struct str text, struct registration_code *ret);
/* ERR_BAD_VALUE for a region that GB/T 2260 does not have; ERR_QUOTA beyond serial 9999 of a month. */
must_use err registration_code_write(
	struct ctx *c, const struct registration_code *code, struct str *ret);
/* First two digits in GB/T 2260: a province. */
bool registration_region(int64_t region);
