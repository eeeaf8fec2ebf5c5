/* What a peer sends about invoices, judged and made an act; and what we send, told from the act. api/ carries the messages
 * (docs/FORMATS.md, 15).
 *
 * The sender is authenticated and approved; it must bring the proof that its log holds its act (ERR_EVIDENCE_MISSING), an
 * invoice of another party is ERR_NOT_FOUND. What cannot be believed is refused and changes nothing: a signature, a
 * proof, a document that cannot be read. An invoice that is well signed but not copied from G, M and R is taken and its
 * fault written down. A repeat changes nothing and gives the row as it is now. */
#pragma once

#include "invoice/invoice_record.h"

/* Row 9, to the consumer. */
must_use err invoice_take_issue(struct ctx *c, struct acts *n, struct str peer,
	const struct json *message, struct invoice_record *ret);
/* Row 10, to the provider: an answer of row 9 or a message of its own. */
must_use err invoice_take_accept(struct ctx *c, struct acts *n, struct str peer, struct str id,
	const struct json *message, struct invoice_record *ret);
/* P, to either: an answer of row 9 or a message of its own. */
must_use err invoice_take_dispute(struct ctx *c, struct acts *n, struct str peer,
	const struct json *message, struct invoice_record *ret);
/* X, to either; and the answer to one of ours, by id of X: "signature" agrees, "reason" declines. */
must_use err invoice_take_correct(struct ctx *c, struct acts *n, struct str peer,
	const struct json *message, struct correction_row *ret);
must_use err invoice_take_correction_answer(struct ctx *c, struct acts *n, struct str peer,
	struct str id, const struct json *message, struct correction_row *ret);

/* What tells the other side of an act of ours: {"document"?, "signature"?, "reason"?, "correction"?, "E", "link"?,
 * "seen"?}. The act is durable. The same bytes but for link and seen whenever it is asked. */
must_use err invoice_tell(
	struct ctx *c, struct acts *n, struct str peer, uint64_t index, struct json **ret);
/* The answer to row 9 from the row as it is: ret is NULL while a person decides. */
must_use err invoice_tell_answer(
	struct ctx *c, struct acts *n, const struct invoice_record *r, struct json **ret);
/* The same for a correction that came. */
must_use err invoice_tell_correction_answer(
	struct ctx *c, struct acts *n, const struct correction_row *x, struct json **ret);
