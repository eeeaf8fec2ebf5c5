/* The collector of a node that nobody can call: it asks each partner for what waits (api/mailbox), does it by its own
 * routes as if it had been called, and brings the answers back. One request waits at each partner; what breaks is tried
 * again after 100 ms to 60 s. At most LIMIT_COLLECT partners. A message is of the partner that holds it: its token says so.
 *
 * What it works on stands at the partners, so nothing is lost when it ends. One thread, that of the loop. */
#pragma once

#include "api/api.h"

struct collector;

/* c->arena must live as long as it. NULL in *ret where this node can be called. */
must_use err collector_new(
	struct ctx *c, struct loop *l, struct acts *n, struct courier *k, struct collector **ret);
/* Before the first pump: where messages are taken. */
void collector_deliver_to(struct collector *k, struct api *a);
/* At the end of every tick. Accepts NULL. */
void collector_pump(struct collector *k);
/* Before the courier. Accepts NULL. */
void collector_free(struct collector *k);
