/* A product's dossier as a file, NAME.dossier.json (docs/FORMATS.md, 26), and beside it copies of its evidence and its data, so
 * that `shugu rules check` reads all of it without the node. Blocking; for commands alone. */
#pragma once

#include "main/control.h"
#include "main/options.h"

/* product: what the node answers of it. path ends in .dossier.json; the files are put into its directory, which must be
 * there, and replace files of the same names: PREFIX-data.SUFFIX and PREFIX-NN-FILE. with_data: also the data themselves.
 * ret: the dossier. ERR_USAGE, ERR_NOT_FOUND, ERR_IO. */
must_use err dossier_out(struct ctx *c, const struct options *o, struct control *k,
	const struct json *product, const char *path, bool with_data, const struct json **ret);

/* Removes such a directory with the files in it; there are no others below. */
void dossier_out_remove(const char *directory);
