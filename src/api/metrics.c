#include "api/metrics.h"

#include "act/outbox.h"
#include "base/heap.h"
#include "base/limits.h"

/* The upper ends of the buckets of commits, in microseconds. */
static const int64_t ends_us[METRICS_COMMIT_BUCKETS - 1] = {
	250, 500, 1000, 2500, 5000, 10000, 100000, 1000000};

void metrics_begin(struct metrics *m, struct acts *n)
{
	*m = (struct metrics){.begun_us = env_mono_us(acts_env(n)),
		.begun_size = (int64_t)commit_size(acts_log(n))};
}

void metrics_request(struct metrics *m, int status)
{
	m->requests[status >= 100 && status < 600 ? status / 100 : 0]++;
	m->refused_401 += status == 401;
	m->refused_404 += status == 404;
}

void metrics_commit(struct metrics *m, int64_t us)
{
	size_t i = 0;
	while (i < countof(ends_us) && us > ends_us[i])
		i++;
	m->commit_within[i]++;
	m->commits++;
	m->commit_us += (uint64_t)(us > 0 ? us : 0);
}

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_fmt(b, "# HELP shugu_%s %s\n# TYPE shugu_%s %s\n", name, help, name, type);
}

static void one(struct buf *b, const char *name, const char *type, const char *help, int64_t v)
{
	head(b, name, type, help);
	buf_fmt(b, "shugu_%s %lld\n", name, (long long)v);
}

/* Microseconds as seconds. */
static void seconds(struct buf *b, int64_t us)
{
	buf_fmt(b, "%lld.%06lld", (long long)(us / 1000000), (long long)(us % 1000000));
}

static void add_requests(struct buf *b, const struct metrics *m)
{
	head(b, "requests_total", "counter", "Answered requests by class of status.");
	for (size_t i = 2; i < countof(m->requests); i++)
		buf_fmt(b, "shugu_requests_total{class=\"%zuxx\"} %llu\n", i,
			(unsigned long long)m->requests[i]);
	head(b, "refused_total", "counter", "Requests refused to strangers, which are never acts.");
	buf_fmt(b,
		"shugu_refused_total{status=\"401\"} %llu\n"
		"shugu_refused_total{status=\"404\"} %llu\n",
		(unsigned long long)m->refused_401, (unsigned long long)m->refused_404);
}

static void add_commits(struct buf *b, const struct metrics *m)
{
	uint64_t within = 0;
	head(b, "commit_seconds", "histogram", "Time from the end of a tick to its signed head.");
	for (size_t i = 0; i < METRICS_COMMIT_BUCKETS; i++) {
		within += m->commit_within[i];
		buf_z(b, "shugu_commit_seconds_bucket{le=\"");
		if (i < countof(ends_us))
			seconds(b, ends_us[i]);
		else
			buf_z(b, "+Inf");
		buf_fmt(b, "\"} %llu\n", (unsigned long long)within);
	}
	buf_z(b, "shugu_commit_seconds_sum ");
	seconds(b, (int64_t)m->commit_us);
	buf_fmt(b, "\nshugu_commit_seconds_count %llu\n", (unsigned long long)m->commits);
}

static err add_state(struct ctx *c, struct buf *b, struct call *k, const struct metrics *m)
{
	struct acts *n = k->acts;
	int64_t size = (int64_t)commit_size(acts_log(n)), waiting = 0, oldest_ms = 0;
	int64_t now = env_now_ms(acts_env(n));
	TRY(outbox_state(c, n, &waiting, &oldest_ms));
	int64_t age_ms = waiting > 0 && now > oldest_ms ? now - oldest_ms : 0;
	one(b, "acts_total", "counter", "Acts since the process began.", size - m->begun_size);
	one(b, "log_entries", "gauge", "Entries in the evidence log.", size);
	one(b, "outbox_waiting", "gauge", "Messages that partners must still be told.", waiting);
	one(b, "outbox_oldest_seconds", "gauge", "Age of the oldest of them.", age_ms / 1000);
	one(b, "connections", "gauge", "Open connections.",
		k->x->server != NULL ? server_connections(k->x->server) : 0);
	one(b, "sent_bytes_total", "counter", "Bytes of objects that have left.",
		(int64_t)m->sent_bytes);
	one(b, "wal_frames", "gauge", "Frames in the write-ahead log of the database.",
		store_wal_frames(acts_db(n)));
	one(b, "resident_bytes", "gauge", "Resident memory.", (int64_t)heap_resident());
	one(b, "uptime_seconds", "gauge", "Since the process began.",
		(env_mono_us(acts_env(n)) - m->begun_us) / 1000000);
	return OK;
}

static err say(struct ctx *c, struct call *k)
{
	struct buf b;
	ENSURE(k->metrics != NULL, c, ERR_NOT_IMPLEMENTED, "start shugu serve for this");
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	add_requests(&b, k->metrics);
	add_commits(&b, k->metrics);
	TRY(add_state(c, &b, k, k->metrics));
	TRY(buf_done(c, &b, &k->answer.body));
	k->answer.status = 200;
	k->answer.type = "text/plain; version=0.0.4; charset=utf-8";
	call_header(k, "Cache-Control", STR("no-store"));
	return OK;
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/metrics", .scope = SCOPE_OPERATOR, .watch = true, .say = say,
		.doc = "What the process counts, for Prometheus; also without a token from the loopback where serve was told so."},
};
// clang-format on
const struct routes metrics_routes = {rows, countof(rows)};
