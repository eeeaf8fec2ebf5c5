/* Tries to sign in that failed: LIMIT_TRIES from one address, LIMIT_TRIES_ALL from all, within LIMIT_TRIES_MS; then nobody is
 * let in from there, also with a good link, until the window is over. Who is signed in already is not touched.
 * In memory; an address that the table has no room for takes the place of the one with the fewest tries. One thread. */
#pragma once

#include "base/arena.h"

struct tries;

/* Bound to c's arena. */
must_use err tries_new(struct ctx *c, struct tries **ret);
/* ERR_TRIES, with the seconds to wait in ret_wait_s. */
must_use err tries_ask(
	struct ctx *c, struct tries *t, struct str address, int64_t now_ms, unsigned *ret_wait_s);
void tries_failed(struct tries *t, struct str address, int64_t now_ms);
