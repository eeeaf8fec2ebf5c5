/* One connection and what the files of the server share; nothing above net/ includes this.
 *
 * Reading (conn.c): edge-triggered; bytes go through one lent buffer of the server, so an idle connection holds nothing.
 * What is not whole yet lies in the arena of the exchange being read. Writing (answer.c): at the end of the tick, the
 * answered exchanges at the front of the queue. A dropped connection leaves its lists at once and is reused only at the
 * end of a tick, so that a pointer to it stays valid for the rest of the callback. */
#pragma once

#include <netinet/in.h>

#include "net/server.h"
#include "net/tls.h"

struct conn {
	struct loop_fd watch;
	struct server *server;
	struct conn *prev, *next;               /* of all */
	struct conn *same_peer;                 /* of one bucket of peers */
	struct conn *again_next;                /* to be read again in the next turn */
	struct conn *dirty_next;                /* to be written at the end of the tick */
	struct conn *stream_prev, *stream_next; /* sending a file */
	bool again, dirty, streaming;
	struct exchange *first, *last; /* in the order of the requests */
	unsigned queued;
	struct exchange *reading; /* not whole yet, or NULL */
	bool readable, writable, eof, closing, lingering, dead, begun;
	int64_t read_deadline_us, write_deadline_us; /* 0: none */
	struct ssl_st *tls;                          /* NULL: plain */
	bool greeted;                                /* its first byte was looked at */
	struct in6_addr peer;
	bool is_unix;
	char peer_text[46];
};

struct listener {
	struct loop_fd watch;
	struct server *server;
	struct listener *next;
	bool is_unix;
};

#define SERVER_READ (64u << 10)
#define SERVER_BUCKETS 1024u

struct server {
	struct arena *arena;
	struct loop *loop;
	const struct env *env;
	struct server_handler handler;
	void *arg;
	struct listener *listeners;
	struct tls *tls; /* for TCP; NULL: plain */
	bool draining;
	struct conn *conns, *conns_end; /* the newest first */
	struct conn *free_conns, *dead, *again, *dirty, *streams, *streams_end;
	struct conn *buckets[SERVER_BUCKETS];
	unsigned conns_n, outstanding;
	struct exchange *all_exchanges, *free_exchanges, *done;
	unsigned warm; /* free exchanges that keep an arena */
	size_t bodies;
	uint64_t stream_left; /* of this tick */
	struct loop_task again_task;
	struct loop_timer sweep, resume;
	int64_t date_s;
	char date[64];
	char lent[LIMIT_HTTP_HEAD + 2 * SERVER_READ];
};

/* server.c */
struct exchange *server_exchange_take(struct server *s, struct conn *c); /* NULL: no memory */
/* Now, or with _later at the end of the tick. */
void server_exchange_release(struct server *s, struct exchange *x);
void server_exchange_release_later(struct server *s, struct exchange *x);
/* This connection has something to write, or may have. */
void server_touch(struct conn *c);
/* It has something to read that no event will announce. */
void server_read_again(struct conn *c);
void server_stream_add(struct conn *c);
void server_stream_del(struct conn *c);
void server_unlink(struct conn *c);

/* conn.c */
void conn_open(struct conn *c);
void conn_ready(void *arg, uint32_t events);
/* Reads and parses what there is, at most a few buffers. */
void conn_pump(struct conn *c);
/* After a flush: closes, or lets reading go on. */
void conn_flushed(struct conn *c);
void conn_check_time(struct conn *c, int64_t now_us);
/* Tells the sink of the body, if there is one and it has not been told. */
void conn_sink_end(struct exchange *x, bool whole);
/* Closes at once; every parked exchange is told. */
void conn_drop(struct conn *c);

/* answer.c */
/* Writes what is ready; may drop the connection. */
void conn_flush(struct conn *c);
/* The next slice of the file at the front of the queue. */
void conn_stream(struct conn *c);
/* The file callbacks and descriptor of an exchange that is going away. */
void answer_end(struct exchange *x, bool complete);
