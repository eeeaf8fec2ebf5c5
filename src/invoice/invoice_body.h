/* The bodies of the acts invoice.*: which act has which members (docs/FORMATS.md, 12), as one table, read into one plain
 * struct. Texts and trees are borrowed from the body. ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER or ERR_BAD_VALUE, each naming
 * the member. Pure. */
#pragma once

#include "invoice/invoice_record.h"

struct invoice_body {
	struct str party, serial, delivery, agreement, fault, reason, replaces, acceptance, id;
	const struct json *signatures, *due_json, *head;
	struct hash document, corrects, prev, replacement, receipt, peer_entry;
	bool voids, two_people, stamped, has_prev, has_replacement, has_receipt;
	/* Read further from the members above. */
	struct amounts due;
	struct hash provider_signature, consumer_signature;
	bool has_provider, has_consumer;
};

must_use err invoice_body_read(
	struct ctx *c, struct str type, const struct json *body, struct invoice_body *ret);
/* {net, rate, tax}. */
struct json *invoice_amounts_json(struct ctx *c, const struct amounts *a);
