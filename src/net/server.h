/* The HTTP/1.1 server: connections in, exchanges out. It knows no route and no document.
 *
 * An exchange is one whole request, its memory (ctx.arena, at most LIMIT_REQUEST_ARENA) and its answer. The handler gets
 * each exchange once and answers it once, at once or in a later callback of the loop (then it is parked). Answers leave
 * in the order of the requests of their connection, at the end of the tick, after the handler's tick_end: all that a
 * connection has ready goes out in one call.
 *
 * After exchange_answer* the exchange belongs to the server again and is freed at the end of the tick. A parked exchange
 * stays valid whatever its client does: when the connection breaks, gone is set, handler->gone is called, and the
 * answer, which must still be given, is thrown away.
 *
 * Limits (base/limits.h): the head, the body (buffered, or as much as its sink takes; 413), all bodies together (503), header fields, connections per
 * peer (a further one is closed) and in all (the oldest idle one is closed for it), requests in flight per connection (then it is not read), times. */
#pragma once

#include "base/env.h"
#include "base/err.h"
#include "net/chunks.h"
#include "net/http1.h"
#include "net/loop.h"

struct server;
struct conn;
struct tls;

/* A part of a file as the body of an answer. */
struct file_answer {
	int fd; /* becomes the server's, which closes it */
	uint64_t offset, length;
	/* Asked before each slice (at most LIMIT_STREAM_SLICE) with what has left so far; false breaks the connection.
	 * NULL: always. */
	bool (*more)(void *arg, uint64_t sent);
	/* Told once, whatever happens: how many bytes left, and whether that was all. May be NULL. */
	void (*end)(void *arg, uint64_t sent, bool complete);
	void *arg;
};

/* Takes a body piece by piece, so that it is never held. */
struct body_sink {
	uint64_t max; /* bytes; more is refused as ERR_TOO_LARGE */
	/* A failure refuses the request and closes the connection. */
	err (*write)(void *arg, struct ctx *c, struct str data);
	/* Told once, before the request is given to the handler (whole) or when it never will be. */
	void (*end)(void *arg, bool whole);
	void *arg;
};

enum exchange_phase { EXCHANGE_HEAD, EXCHANGE_BODY, EXCHANGE_PARKED, EXCHANGE_ANSWERED };

struct exchange {
	/* For the handler. */
	struct ctx ctx;
	struct str body;
	char peer[46]; /* numeric address; "" on the unix socket */
	bool is_unix;
	bool is_tls;    /* the client's cookies may be Secure */
	bool gone;      /* nobody waits for the answer any more */
	bool half_gone; /* the client sends nothing more; it may still read */
	void *user;     /* the handler's own */

	/* Of the server. */
	struct server *server;
	struct conn *conn; /* NULL once gone */
	struct exchange *next;
	enum exchange_phase phase;
	bool close_after, continued;
	struct str out[2]; /* head and body of the answer */
	struct file_answer file;
	bool has_file;
	uint64_t file_sent;
	char *in; /* bytes held: an unfinished head, or what follows while the connection is not read */
	size_t in_n, in_cap, scanned;
	char *body_bytes;
	size_t body_cap;
	uint64_t body_n; /* bytes of the body that have come */
	struct body_sink sink;
	bool has_sink;
	struct chunks chunks;
	struct exchange *all_next;

	/* For the handler; last, because its fields are not wiped between two requests. */
	struct http_request request;
};

struct server_handler {
	/* The head of a request with a body has come: the handler may set x->sink and has_sink, or refuse (which closes the
	 * connection). May be NULL. */
	err (*head)(void *arg, struct exchange *x);
	void (*request)(void *arg, struct exchange *x);
	/* After the ready events of one turn: commit here, then answer. May be NULL. */
	void (*tick_end)(void *arg);
	/* A parked exchange lost its client; answer it now or later. May be NULL. */
	void (*gone)(void *arg, struct exchange *x);
	/* Answers, at once, a request that could not be read; x->request may be empty. Where it is NULL or answers nothing,
	 * a plain answer goes out. The connection closes afterwards. */
	void (*refuse)(void *arg, struct exchange *x, err why);
};

/* Takes the tick end of the loop for itself. c->arena must live as long as the server. ERR_TOO_LARGE, ERR_MEMORY. */
must_use err server_new(struct ctx *c, struct loop *l, const struct env *e,
	const struct server_handler *h, void *arg, struct server **ret);

/* host: a numeric IPv4 or IPv6 address; port 0 chooses one. ERR_BAD_VALUE, ERR_IO. */
must_use err server_listen_tcp(
	struct ctx *c, struct server *s, const char *host, uint16_t port, uint16_t *ret_port);
/* From now on TCP connections speak TLS, and nothing else: a client that speaks plainly is refused by 400. t is borrowed. */
void server_use_tls(struct server *s, struct tls *t);
/* Listens on path with mode 0600, replacing a socket that lies there. ERR_BAD_VALUE, ERR_IO. */
must_use err server_listen_unix(struct ctx *c, struct server *s, const char *path);

/* Answers. status 200 to 599; names and values are copied (control characters become '?'), the body is not: it must
 * live in x's arena or for ever. Content-Length, Date and Connection are added; a HEAD gets no body. */
void exchange_answer(struct exchange *x, int status, const struct http_header *headers,
	size_t headers_n, struct str body);
void exchange_answer_file(struct exchange *x, int status, const struct http_header *headers,
	size_t headers_n, const struct file_answer *file);

/* The loop that it lives in. */
struct loop *server_loop(const struct server *s);
/* How many connections are open. */
unsigned server_connections(const struct server *s);

/* Accepts no more, closes idle connections, and the others after the answers they wait for. */
void server_drain(struct server *s);

/* Closes everything at once and frees it, parked exchanges included (gone is not called, file_answer.end is); accepts
 * NULL. Between turns of the loop only. */
void server_free(struct server *s);
