/* A dossier as a file, NAME.dossier.json, with the files that it names beside it: read, looked at, and made a case of rules.
 *
 *   {v:1, kind:"dossier", seller:{name, uscc}, product:{name}, fields:{...}, evidence?:[{id, kind, file?, sha256?, title?, claims?}],
 *    data?:[{file, sha256?}]}
 *
 * Nothing is believed that a file contradicts: claims are read from the paper itself where it has words, and a person's claims only
 * count for what it does not say; a digest that is not the file's, or a file that is not there, makes the item unsound; every
 * byte of the data is looked at for identifiers; rows, columns and days are those measured. The program's own part
 * (encryption, logs, revocation, keeping) is stated by it. */
#pragma once

#include "rules/rule_set.h"

/* What was looked at, besides the case: {evidence:[{id, kind, sha256?, claims, stated?, unsound?, twice?}], data:[{file, sha256, size, rows?, columns?,
 * identifiers:{idCard, phone, bankCard, email, minors}}], contradictions:[{id?, claim, stated, found}]}. */
struct dossier_case {
	struct json *input; /* {day, facts, evidence}, for rule_set_case */
	struct json *seen;
};

/* dir: an open directory in which files are named; names with "/" or ".." are refused. day as codec/day.h. ERR_NOT_FOUND only for the
 * dossier's own data; ERR_BAD_VALUE, ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_TOO_LARGE, ERR_IO. */
must_use err dossier_case_read(struct ctx *c, const struct rule_set *s, const struct json *dossier,
	int dir, int64_t day, struct dossier_case *ret);
