/* What this process counts, for /metrics (Prometheus text format 0.0.4). In memory alone: counters begin anew with the
 * process. No label bears an id, a name or a path, so a stranger cannot make the page grow. One thread. */
#pragma once

#include "api/route.h"
#include "api/routes.h"

#define METRICS_COMMIT_BUCKETS 9u

struct metrics {
	int64_t begun_us, begun_size; /* when and from which log size on it counts */
	uint64_t requests[6];         /* by status / 100 */
	uint64_t refused_401, refused_404;
	uint64_t commits, commit_us;
	uint64_t commit_within[METRICS_COMMIT_BUCKETS]; /* not cumulative; the last has no end */
	uint64_t sent_bytes;                            /* of objects */
};

void metrics_begin(struct metrics *m, struct acts *n);
void metrics_request(struct metrics *m, int status);
void metrics_commit(struct metrics *m, int64_t us);

extern const struct routes metrics_routes;
