/* shugu serve: the node runs. One loop; one disk thread for what may take long. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/collector.h"
#include "api/pusher.h"
#include "api/upload.h"
#include "base/heap.h"
#include "base/limits.h"
#include "base/log.h"
#include "contract/agreement_assent.h"
#include "delivery/intake.h"
#include "delivery/draw.h"
#include "delivery/receive.h"
#include "main/command.h"
#include "net/tls.h"
#include "net/trust.h"
#include "party/session.h"
#include "store/disk.h"

#define DRAIN_MS 1500
#define DRAIN_LOOK_MS 10
#define BEAT_MS 1000
#define KEEP_BYTES (4u << 20)
/* Connections both ways, and files. */
#define FILES (LIMIT_HTTP_CONNECTIONS + LIMIT_CLIENT_CONNECTIONS + 1024u)

static const struct option_row options[] = {
	{"listen", OPTION_TEXT, "ADDR:PORT   default 127.0.0.1:7080"},
	{"cert", OPTION_TEXT,
		"FILE          certificates in PEM, the node's first: with --key it speaks TLS "
		"alone"},
	{"key", OPTION_TEXT, "FILE           its key in PEM; SIGHUP reads both again"},
	{"ca", OPTION_TEXT,
		"FILE            authorities in PEM, trusted for calls beside those of the system"},
	{"log", OPTION_TEXT, "text|json     form of the lines on standard error (default text)"},
	{"log-requests", OPTION_FLAG, "        one line a request"},
	{"metrics", OPTION_TEXT,
		"loopback  /metrics also without a token for callers from this machine; not behind "
		"a proxy on it"},
	{"accept-restored", OPTION_FLAG,
		"     once after shugu restore: nothing newer than the backup is left"},
};

struct serving {
	struct node *node;
	struct loop *loop;
	struct client *client;
	struct courier *courier;
	struct receiver *receiver;
	struct drawer *drawer;
	struct collector *collector;
	struct pusher *pusher;
	struct intake *intake;
	struct api *api;
	struct uploads *uploads;
	struct disk *disk;
	struct loop_fd disk_watch;
	struct disk_job checkpoint;
	bool checkpoint_runs;
	struct loop_timer beat, end;
	int64_t end_us; /* once the first signal came: when it ends in any case */
	struct loop_signals signals;
	struct tls *tls; /* NULL: plain HTTP */
	const char *cert;
	const char *socket;
};

static err split_address(struct ctx *c, const char *text, const char **ret_host, uint16_t *ret_port)
{
	struct str s = str_z(text);
	uint64_t port = 0;
	size_t colon = s.n;
	while (colon > 0 && s.p[colon - 1] != ':')
		colon--;
	ENSURE(colon > 1 && str_u64(str_sub(s, colon, s.n), &port) && port <= 65535, c, ERR_USAGE,
		"--listen must be ADDR:PORT");
	struct str host = str_sub(s, 0, colon - 1);
	if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_sub(host, 1, host.n - 2);
	*ret_host = arena_z(c->arena, host);
	*ret_port = (uint16_t)port;
	ENSURE(*ret_host != NULL, c, ERR_MEMORY, "no memory");
	return OK;
}

static void disk_ready(void *arg, uint32_t events)
{
	struct serving *s = arg;
	(void)events;
	for (struct disk_job *j = disk_drain(s->disk); j != NULL; j = disk_drain(s->disk)) {
		if (j->done != NULL)
			j->done(j->arg);
	}
}

static void checkpointed(void *arg)
{
	struct serving *s = arg;
	s->checkpoint_runs = false;
}

/* Passive checkpoints in the thread; far above that, the loop finishes them itself (DESIGN, Processes). */
static void watch_wal(struct serving *s)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	uint32_t frames = store_wal_frames(s->node->db);
	if (a == NULL || frames < LIMIT_WAL_PASSIVE_FRAMES)
		return;
	err e = OK;
	if (frames > LIMIT_WAL_RESTART_FRAMES && !acts_tick_open(s->node->acts))
		e = store_checkpoint_restart(&c, s->node->db);
	else if (!s->checkpoint_runs) {
		s->checkpoint =
			(struct disk_job){.kind = DISK_CHECKPOINT, .done = checkpointed, .arg = s};
		e = disk_submit(&c, s->disk, &s->checkpoint);
		s->checkpoint_runs = e == OK;
	}
	if (e != OK && err_is_fault(e))
		log_event(LOG_WARN, env_now_ms(&env_system), "checkpoint detail=\"%s\"",
			c.trouble.detail);
}

/* What falls due by itself, as acts of the tick that ends with this turn. */
static void watch_times(struct serving *s)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	if (a != NULL && acts_due(&c, s->node->acts) != OK)
		log_event(LOG_ERROR, env_now_ms(&env_system), "fault detail=\"%s\"",
			c.trouble.detail);
}

static void after_tick(void *arg)
{
	const struct serving *s = arg;
	receive_pump(s->receiver);
	draw_pump(s->drawer);
	collector_pump(s->collector);
	pusher_pump(s->pusher);
}

static void beat(void *arg)
{
	struct serving *s = arg;
	watch_wal(s);
	watch_times(s);
	loop_timer_set(s->loop, &s->beat, BEAT_MS);
}

/* Ends as soon as nobody waits for an answer. */
static void drain(void *arg)
{
	struct serving *s = arg;
	bool over = loop_now_us(s->loop) >= s->end_us;
	if (over || server_connections(api_server(s->api)) == 0)
		loop_stop(s->loop);
	else
		loop_timer_set(s->loop, &s->end, DRAIN_LOOK_MS);
}

static void warn_of_end(const struct serving *s)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	int days = 0;
	if (a != NULL && tls_days_left(&c, s->cert, &days) == OK && days < LIMIT_CERTIFICATE_DAYS)
		log_event(LOG_WARN, env_now_ms(&env_system),
			"certificate ends soon, renew it and send SIGHUP days=%d", days);
}

/* A new pair of certificate and key; a bad one leaves the old. */
static void reload(struct serving *s)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	int64_t now = env_now_ms(&env_system);
	if (a == NULL || s->tls == NULL)
		return;
	if (tls_reload(&c, s->tls) == OK)
		log_event(LOG_INFO, now, "certificate reloaded");
	else
		log_event(LOG_ERROR, now, "certificate refused, the old one stays detail=\"%s\"",
			c.trouble.detail);
	warn_of_end(s);
}

/* The first signal lets requests finish, the second does not. */
static void caught(void *arg, int signo)
{
	struct serving *s = arg;
	if (signo == SIGHUP) {
		reload(s);
		return;
	}
	if (s->end_us != 0) {
		loop_stop(s->loop);
		return;
	}
	api_drain(s->api);
	server_drain(api_server(s->api));
	s->end_us = loop_now_us(s->loop) + DRAIN_MS * 1000;
	loop_timer_set(s->loop, &s->end, 1);
}

static err start_signals(struct ctx *c, struct serving *s)
{
	sigset_t set;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(
		SIGXFSZ, SIG_IGN); /* a file that may not grow is a failing write, not an end */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	s->signals = (struct loop_signals){.caught = caught, .arg = s};
	return loop_signals_open(c, s->loop, &s->signals, &set);
}

static err start_disk(struct ctx *c, struct serving *s)
{
	const char *db;
	TRY(node_path(c, s->node->self.directory, "node.db", &db));
	TRY(disk_new(c, &env_system, db, &s->disk));
	s->disk_watch = (struct loop_fd){.fd = disk_fd(s->disk), .ready = disk_ready, .arg = s};
	return loop_fd_add(c, s->loop, &s->disk_watch, EPOLLIN);
}

static err start_api(struct ctx *c, struct serving *s, const struct options *o)
{
	struct api_setup setup = node_setup(s->node);
	setup.watch_loopback = option_set(o, "metrics");
	setup.log_requests = option_set(o, "log-requests");
	const struct self *self = &s->node->self;
	struct trust *trust = NULL;
	if (self->authorities != NULL)
		TRY(trust_read(c, self->authorities, &trust));
	TRY(client_new(c, s->loop, &env_system, self->allow_loopback, trust, &s->client));
	TRY(courier_new(c, s->loop, s->client, s->node->acts, node_renderers, node_renderers_n,
		&s->courier));
	TRY(receive_new(c, s->loop, s->client, s->node->acts, s->disk, &s->receiver));
	TRY(draw_new(c, s->loop, s->node->acts, "/proc/self/exe", &s->drawer));
	TRY(uploads_new(c, s->loop, s->disk, s->node->acts, &s->uploads));
	setup.uploads = s->uploads;
	TRY(intake_new(c, s->node->acts, s->receiver, &s->intake));
	TRY(pusher_new(c, s->loop, s->client, s->node->acts, &s->pusher));
	setup.intake = s->intake;
	TRY(collector_new(c, s->loop, s->node->acts, s->courier, &s->collector));
	setup.courier = s->courier;
	setup.after_tick = after_tick;
	setup.after_arg = s;
	TRY(api_new(c, s->loop, &env_system, &setup, &s->api));
	collector_deliver_to(s->collector, s->api);
	return OK;
}

/* While nobody may sign in yet, whoever sees this output may, as the owner. */
static err say_first_link(struct ctx *c, const struct node *n)
{
	struct str token;
	int64_t all = 0, owners = 0, expires_ms = 0;
	TRY(person_count(c, n->db, &all, &owners));
	if (all > 0)
		return OK;
	TRY(session_link(c, n->acts, STR(""), &token, &expires_ms));
	TRY(acts_tick_end(c, n->acts));
	printf("sign in as the owner, once, within %lld minutes: %.*s/signin#%.*s\n",
		LIMIT_LINK_MS / 60000, FMT(n->self.url), FMT(token));
	return OK;
}

static err start_tls(struct ctx *c, struct serving *s, const struct options *o)
{
	const char *cert = option(o, "cert"), *key = option(o, "key");
	ENSURE((cert == NULL) == (key == NULL), c, ERR_USAGE, "--cert and --key go together");
	if (cert == NULL)
		return OK;
	TRY(tls_new(c, cert, key, &s->tls));
	server_use_tls(api_server(s->api), s->tls);
	s->cert = cert;
	warn_of_end(s);
	return OK;
}

static err start(struct ctx *c, struct serving *s, const struct options *o, uint16_t *ret_port)
{
	const char *listen = option(o, "listen"), *host;
	uint16_t port;
	TRY(split_address(c, listen != NULL ? listen : "127.0.0.1:7080", &host, &port));
	if (option_set(o, "accept-restored"))
		TRY(node_accept_restored(c, &env_system, o->data));
	TRY(node_open(c, &env_system, o->data, &s->node));
	s->node->self.authorities = option(o, "ca");
	TRY(loop_new(c, &env_system, &s->loop));
	TRY(start_signals(c, s));
	TRY(start_disk(c, s));
	TRY(start_api(c, s, o));
	TRY(start_tls(c, s, o));
	TRY(node_path(c, o->data, "control.sock", &s->socket));
	TRY(server_listen_tcp(c, api_server(s->api), host, port, ret_port));
	TRY(server_listen_unix(c, api_server(s->api), s->socket));
	s->beat = (struct loop_timer){.fire = beat, .arg = s};
	s->end = (struct loop_timer){.fire = drain, .arg = s};
	loop_timer_set(s->loop, &s->beat, BEAT_MS);
	printf("serving %.*s on %s port %u\n", FMT(s->node->self.url), host, *ret_port);
	if (say_first_link(c, s->node) != OK)
		log_event(LOG_WARN, env_now_ms(&env_system), "no link to sign in: %s",
			c->trouble.detail);
	(void)fflush(stdout);
	return OK;
}

static void stop(struct serving *s)
{
	api_free(s->api);
	collector_free(s->collector);
	courier_free(s->courier);
	uploads_free(s->uploads);
	if (s->disk != NULL)
		disk_free(s->disk);
	intake_free(s->intake);
	receive_free(s->receiver);
	draw_free(s->drawer);
	client_free(s->client);
	pusher_free(s->pusher);
	loop_free(s->loop);
	if (s->socket != NULL)
		(void)unlink(s->socket);
}

static err read_watch(struct ctx *c, const struct options *o)
{
	const char *form = option(o, "log"), *metrics = option(o, "metrics");
	bool json = form != NULL && strcmp(form, "json") == 0;
	ENSURE(form == NULL || json || strcmp(form, "text") == 0, c, ERR_USAGE,
		"--log is text or json");
	ENSURE(metrics == NULL || strcmp(metrics, "loopback") == 0, c, ERR_USAGE,
		"--metrics is loopback");
	log_format_set(json ? LOG_JSON : LOG_TEXT);
	return OK;
}

/* Shells and systemd give 1,024 descriptors unless a program asks for more. */
static void take_files(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= FILES)
		return;
	r.rlim_cur = r.rlim_max < FILES ? r.rlim_max : FILES;
	(void)setrlimit(RLIMIT_NOFILE, &r);
}

static err run(struct ctx *c, const struct options *o)
{
	struct serving s = {.node = NULL};
	uint16_t port = 0;
	(void)heap_keep(KEEP_BYTES);
	take_files();
	ENSURE(o->n == 0, c, ERR_USAGE, "serve takes no argument");
	TRY(read_watch(c, o));
	err e = start(c, &s, o, &port);
	if (e == OK)
		e = loop_run(c, s.loop);
	if (e == OK && api_fate(s.api) != OK)
		_exit(3); /* nothing more is answered, signed or written: recovery decides */
	stop(&s);
	return e;
}

const struct command cmd_serve = {"serve",
	"[--listen ADDR:PORT] [--cert FILE --key FILE] [--ca FILE] [--log text|json] "
	"[--log-requests] [--metrics loopback] "
	"[--accept-restored]",
	"Runs the node until SIGTERM or SIGINT.", options, countof(options), run};
