/* One look at a partner from a command: does its /healthz answer, and what time does it say it is? Blocking, at most
 * PROBE_S seconds; no redirect, no proxy, no credential, nothing of the answer is kept but its Date. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#define PROBE_S 5

struct probe {
	bool reached;
	int status;
	int64_t skew_ms; /* of their clock against ours, to about a second; valid with has_time */
	bool has_time;
	char detail[256]; /* why it was not reached */
};

/* url without a slash at its end. ERR_MEMORY alone; everything else stands in ret. */
must_use err probe_partner(struct ctx *c, struct str url, bool loopback, struct probe *ret);
