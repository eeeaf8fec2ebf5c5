/* The pusher of a node that nobody can call: brings the bytes of each delivery that it owes to the buyer (docs/FORMATS.md,
 * 17), the next part after the answer to the last. The meter is asked before each part, which is noted before it leaves,
 * as where bytes are fetched. What breaks is tried again after 100 ms to 30 s, from what the buyer then says is missing,
 * until the receipt is there. What it works on stands in the store. One thread, that of the loop. */
#pragma once

#include "act/acts.h"
#include "net/client.h"

struct pusher;

/* c->arena must live as long as it. NULL in *ret where this node can be called. */
must_use err pusher_new(
	struct ctx *c, struct loop *l, struct client *client, struct acts *n, struct pusher **ret);
/* At the end of every tick. Accepts NULL. */
void pusher_pump(struct pusher *p);
/* After client_free. Accepts NULL. */
void pusher_free(struct pusher *p);
