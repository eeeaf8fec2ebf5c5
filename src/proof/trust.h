/* A reader's own list of who holds which key (docs/FORMATS.md, 7): lines `<did> <b64 key>` and `log <vkey>`; empty lines
 * and those that begin with '#' are passed over. Without it a verdict can only say that the keys are those the file
 * states. Pure. */
#pragma once

#include "proof/invoice.h"

/* A file of such lines; larger than the keys of all parties that a node knows. */
#define TRUST_FILE (4u << 20)

/* ERR_MALFORMED, naming the line, for a list that cannot be read; ERR_BAD_SIGNATURE where a party of G that has a key is not
 * in it, or it or its log with another key. f has passed invoice_verify. */
must_use err trust_check(struct ctx *c, struct str list, const struct invoice_file *f);
