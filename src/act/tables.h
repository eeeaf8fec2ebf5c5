/* The tables of act/ itself, and which tables are state. */
#pragma once

#include "store/store.h"

extern const struct migration act_tables[];
extern const size_t act_tables_n;

/* State is what a replay must reproduce: neither a node table (n_...) nor the log's own (entry, tile, head) nor the
 * store's record of migrations. */
bool tables_is_state(struct str table);

struct acts;
/* The counter behind outbox_turn(). */
uint64_t *acts_outbox_turn(struct acts *n);
