/* The HTTP client: requests of this node to others, by libcurl driven from the loop, never blocking it.
 *
 * It speaks HTTP/1.1 to https:// addresses, with TLS 1.2 or newer and the certificate verified. http:// is for
 * localhost, 127.0.0.1 and [::1] alone and needs allow_loopback. After resolution every address is judged by
 * net/address: what is not public is refused before a packet leaves, on kept connections as well (loopback passes with
 * allow_loopback). It follows no redirect (a 3xx is an answer like any other) and knows no proxy, cookie, .netrc, HSTS
 * or user name in an address.
 *
 * A request is copied and done when client_send returns OK; then done is called exactly once, from a later callback of
 * the loop. What is wrong with the address, the way or the answer comes through done, so that a caller has one place
 * for it; client_send itself fails only where nothing was begun, and then done is not called. done may send again; it
 * must not free the client.
 *
 * A request on a kept connection that the peer closes before the first byte of its answer goes out once more on another
 * connection, whatever its method: a peer must be able to see it twice. Names are resolved by a thread of libcurl for
 * each new connection (localhost and numeric ones need none); one that hangs is left behind, not waited for.
 *
 * The process must ignore SIGPIPE. Time-outs run by the clock of env, the lives of kept connections by libcurl's own.
 * Limits (base/limits.h): open requests, connections to a host and in all (further requests wait, within their time),
 * the head and the body of an answer, the address. */
#pragma once

#include "base/env.h"
#include "base/err.h"
#include "base/str.h"
#include "net/loop.h"

struct client;
struct trust;

struct client_request {
	const char *method; /* upper-case letters */
	struct str url;
	/* "Name: value" each, no value empty. Host, Content-Length and Connection are the client's. */
	const struct str *headers;
	size_t headers_n;
	struct str body;
	int64_t timeout_ms; /* > 0; for the whole of it, resolution and waiting for a connection included */
	size_t answer_max; /* bytes of body, at most LIMIT_CLIENT_ANSWER */
};

/* Borrowed for the time of the call. Unless code is OK only detail is set. */
struct client_answer {
	/* OK: an answer came, whatever its status. ERR_FORBIDDEN_ADDRESS; ERR_PEER_UNREACHABLE: no connection, a
	 * certificate that does not verify, an answer that breaks off or is not HTTP; ERR_TIMEOUT; ERR_TOO_LARGE: the
	 * head or the body; ERR_MEMORY. */
	err code;
	int status;
	struct str body;
	struct str session; /* of Shugu-Session */
	struct str next;    /* target of the Link whose relation is next (RFC 8288), or empty */
	struct str detail;  /* for people */
};

typedef void (*client_done_fn)(void *arg, const struct client_answer *a);

/* trust: authorities beside the system's, or NULL. c->arena must live as long as the client, and so must loop, env and trust. ERR_TOO_LARGE, ERR_MEMORY. */
must_use err client_new(struct ctx *c, struct loop *loop, const struct env *env,
	bool allow_loopback, struct trust *trust, struct client **ret);

/* ERR_BAD_VALUE: method, header or answer_max; ERR_BUSY: too many are open; ERR_TOO_LARGE, ERR_MEMORY. */
must_use err client_send(struct ctx *c, struct client *k, const struct client_request *r,
	client_done_fn done, void *arg);

/* How many requests are open. */
unsigned client_open(const struct client *k);

/* Gives up what is open: its done is not called. Not from within done, before loop_free; accepts NULL. */
void client_free(struct client *k);
