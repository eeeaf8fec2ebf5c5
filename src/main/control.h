/* How a command reaches the node of its directory: over DIR/control.sock where one runs (same HTTP, same routes), else by
 * taking the lock and calling the same route in this process. Blocking; for commands alone. */
#pragma once

#include "api/route.h"
#include "main/node.h"

struct control;

/* Bound to c's arena. ERR_NOT_FOUND where the directory holds no node; ERR_LOCKED where another command works there. */
must_use err control_open(struct ctx *c, const char *directory, struct control **ret);
/* True where the calls go to a running node: only then does anything reach a partner. */
bool control_is_running(const struct control *k);
/* One request. body NULL: none. An answer of 400 or more is a failure with the problem's detail: ERR_PEER_REFUSED is not
 * used, the code is that of the problem's slug. ret may be NULL. */
must_use err control_call(struct ctx *c, struct control *k, const char *method, struct str target,
	const struct json *body, const struct json **ret);
/* A message of a party that came in its parcel, whose signature was checked: what the node answers it, whatever that is. */
must_use err control_message(struct ctx *c, struct control *k, struct str did, struct str target,
	struct str body, int *ret_status, struct str *ret_body);
/* Tells the simulated node in the directory what time it is (--at), whether it runs or not. ERR_SIMULATED where it is real. */
must_use err control_clock(struct ctx *c, const char *directory, const char *at);
/* Percent-encodes one segment of a path. */
must_use err control_segment(struct ctx *c, struct str text, struct str *ret);
