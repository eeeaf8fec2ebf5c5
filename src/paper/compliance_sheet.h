/* A compliance result for people on paper: the verdict, by which rules it was reached, what blocks and what would unblock it, and all
 * rules with their outcome and the texts on which they rest. It is made of a result of docs/FORMATS.md, 26, and says at its end what
 * it does not confer. A rule whose official text nobody read is marked. Pure. ERR_BAD_VALUE where it is no result, ERR_TOO_LARGE. */
#pragma once

#include "codec/json.h"

/* digest: SHA-256 of the result's canonical form, in hex; product and seller: as the dossier names them. */
struct compliance_of {
	struct str product, seller, uscc, digest;
};

must_use err compliance_sheet(
	struct ctx *c, const struct json *result, const struct compliance_of *of, struct str *ret);
