/* Which step is possible in which state of an invoice: one table. Pure. */
#pragma once

#include "invoice/invoice_record.h"

enum invoice_event {
	INVOICE_ACCEPT,  /* the consumer signs I */
	INVOICE_DISPUTE, /* either says P */
	INVOICE_CORRECT, /* an X comes into force */
	INVOICE_VOIDED   /* one that makes the invoice void */
};

/* The state after it. ERR_BAD_STATE where this may not happen in that state. */
must_use err invoice_step(struct ctx *c, enum invoice_state state, enum invoice_event event,
	enum agreement_role sender, enum invoice_state *ret);
