/* Orders: what a person asked this node to get (docs/FORMATS.md, 12). An order asks the party for its catalogue, finds the
 * product in it, requests the offer, and carries the id of the delivery to ask for once the agreement is final. Where an
 * agreement on the product is final already, the order uses that one and asks for the delivery at once (order.reuse).
 * Slices live in the context given. ERR_NOT_FOUND. */
#pragma once

#include "contract/agreement.h"

enum order_state { ORDER_WAITING, ORDER_NEGOTIATING, ORDER_FAILED };

struct order_row {
	struct str id, party, product, purpose; /* product: urn or name, as it was asked for */
	struct str deliver;                     /* id of the delivery to be, or empty */
	bool anew; /* an agreement of its own, also where one that is final would do */
	enum order_state state;
	struct str negotiation; /* empty while waiting */
	struct str reason;      /* why it failed */
	int64_t at_ms;
};

/* What a catalogue says of one product of ours: a dataset and its first offer. */
struct order_find {
	struct str product, offer; /* ids, verbatim */
	const struct json *terms;
	const struct json *shugu; /* what a node says beyond DCAT, or NULL */
};

must_use err order_find_row(struct ctx *c, struct store *db, struct str id, struct order_row *ret);
/* The final agreement that makes another one needless: on the same revision, for the same purpose. Whether its terms
 * allow one more delivery is the caller's to ask. */
must_use err order_usable(struct ctx *c, struct acts *n, const struct order_row *order,
	const struct order_find *found, struct agreement_row *ret);
/* The delivery is asked for under that agreement: the act order.reuse, to which delivery/ reacts. */
must_use err order_reuse(struct ctx *c, struct acts *n, const struct order_row *order,
	const struct agreement_row *with);
/* The request that an order leads to otherwise. ERR_MISSING_MEMBER where a joined party's catalogue does not say what G
 * will be compared with. */
must_use err order_request(struct ctx *c, struct acts *n, const struct order_row *order,
	const struct order_find *found);
must_use err order_fail(
	struct ctx *c, struct acts *n, const struct order_row *order, struct str reason);
/* Asks for an offer without an order: agreement.request. address may be empty: the one pinned. */
must_use err order_ask(struct ctx *c, struct acts *n, struct str actor, struct str party,
	const struct order_find *found, struct str address, struct str *ret_negotiation);

extern const struct module order_module;
