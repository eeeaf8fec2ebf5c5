/* The table of orders, written by apply alone. Slices live in the context given. */
#pragma once

#include "contract/order.h"

extern const struct migration order_migrations[];
extern const size_t order_migrations_n;

must_use err order_store_find(
	struct ctx *c, struct store *db, struct str id, struct order_row *ret);
must_use err order_store_put(struct ctx *c, struct store *db, const struct order_row *row);
must_use err order_store_move(struct ctx *c, struct store *db, struct str id,
	enum order_state state, struct str negotiation, struct str reason);
