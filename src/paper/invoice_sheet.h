/* A data invoice for people: its five parts (scenario, entities, voucher, registration, supervision), the verdict on its file
 * as of the heads it shows, the keys' fingerprints, a QR code to the verifier with serial and digest, and always that it is
 * no tax invoice. Only a file that verifies is printed: else the refusal of invoice_verify. Pure. */
#pragma once

#include "base/arena.h"

/* file: the invoice file; verifier: address of the page that verifies. */
must_use err invoice_sheet(struct ctx *c, struct str file, struct str verifier, struct str *ret);
