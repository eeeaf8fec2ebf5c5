/* Small answers that are given again: what a steady route (route.h) said last at an address, as long as nothing in the store
 * has changed since. Who asks is asked before, each time. In memory: LIMIT_KEPT bytes; what has no room begins anew with
 * an empty table. While a transaction that writes is open nothing is kept or found. One thread. */
#pragma once

#include "api/route.h"

struct kept;

/* Bound to c's arena. */
must_use err kept_new(struct ctx *c, struct kept **ret);
/* True where the call is answered by it. */
bool kept_find(struct kept *t, struct call *k);
/* Keeps the answer of a call, where it is 200, plain JSON and small. */
void kept_put(struct kept *t, const struct call *k);
