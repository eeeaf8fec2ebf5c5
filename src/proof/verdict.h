/* What a reader is told of an invoice file: text in Chinese or English, or JSON for programs.
 *
 * The words of the labels are those of PROTOCOL and the same in every verifier; they stand in verdict_messages.c. What
 * is not proved is said each time. Control characters of the file never reach a terminal. */
#pragma once

#include "proof/invoice.h"

enum verdict_language { VERDICT_EN, VERDICT_ZH, VERDICT_LANGUAGES };

/* One message of the table, numbered by what it says. */
enum verdict_message {
	SAY_CLAIMED, /* the labels, in the order of enum label */
	SAY_DELIVERED,
	SAY_ACCEPTED,
	SAY_RECORDED,
	SAY_MEANS_CLAIMED, /* what a label means, in one sentence */
	SAY_MEANS_DELIVERED,
	SAY_MEANS_ACCEPTED,
	SAY_MEANS_RECORDED,
	SAY_AS_OF,
	SAY_CHECK_FILE, /* the checks, in the order of enum invoice_check */
	SAY_CHECK_SIGNATURES,
	SAY_CHECK_DIGESTS,
	SAY_CHECK_CONTENT,
	SAY_CHECK_ISSUE,
	SAY_CHECK_ACCEPT,
	SAY_CHECK_LATER,
	SAY_CHECK_KEYS,
	SAY_CHECK_OBJECT,
	SAY_REFUSED,
	SAY_CORRECTED, /* where it stands, beside the label */
	SAY_VOID,
	SAY_DISPUTED,
	SAY_WITHDRAWN,
	SAY_CONTESTED,
	SAY_SIMULATED,
	SAY_SERIAL,
	SAY_PROVIDER,
	SAY_CONSUMER,
	SAY_PRODUCT,
	SAY_AMOUNT,
	SAY_DUE,
	SAY_REASON,
	SAY_REPLACED,
	SAY_NO_RECEIPT,
	SAY_UNSIGNED,
	SAY_HEAD,
	SAY_NAMED,
	SAY_LATER,
	SAY_STATUS,
	SAY_KEYS,
	SAY_TRUSTED,
	SAY_OBJECT,
	SAY_INDEPENDENCE,
	SAY_NO_TAX,
	SAY_UNMET,
	SAY_COUNT
};

const char *verdict_say(enum verdict_language l, enum verdict_message m);

/* What kind of thing an error is, for Chinese readers; what the detail names stands beside it. */
const char *verdict_fault_zh(err code);

/* Lines for a person, each ending in LF. f is what invoice_verify has left, refused or not; the reason of a refusal is
 * the trouble of c. ERR_TOO_LARGE. */
must_use err verdict_text(
	struct ctx *c, const struct invoice_file *f, enum verdict_language l, struct str *ret);
/* One canonical object: ok, check and detail; or label, delivered, accepted, recorded, corrected, void, disputed, withdrawn,
 * contested, serial, digest, net, tax, dueNet, dueTax, heads, status?, trusted, object. file where it has a name. ok is false
 * also where all is proved, but less than the reader requires. */
must_use err verdict_json(struct ctx *c, const struct invoice_file *f, struct str *ret);
