/* What may go out by net/client, seen before anything is tried: the form of a request and of its address. Pure. */
#pragma once

#include "net/client.h"

/* Method, header lines, sizes, time. ERR_BAD_VALUE, ERR_TOO_LARGE. */
must_use err outgoing_check(struct ctx *c, const struct client_request *r);

/* Why this address is not called, or NULL; then ret_plain tells whether it is an http:// one. Host and port may hold
 * only what every parser reads alike. Which machine the host is remains to be judged after resolution. */
const char *outgoing_flaw(struct str url, bool allow_loopback, bool *ret_plain);
