/* TLS 1.2 and 1.3 (RFC 5246, RFC 8446) by OpenSSL: the server's side on a non-blocking socket. No renegotiation, no compression, no early data; ECDHE with AEAD alone; ALPN http/1.1 (RFC 7301), and
 * whoever offers others only is refused. Tickets live as long as the certificate that is loaded.
 *
 * Reading and writing are as recv and send: bytes, 0 at the end, or -1 with errno, EAGAIN where the socket has to become
 * ready first. After EAGAIN what is written next must begin with the same bytes, and not be fewer. The process must
 * ignore SIGPIPE. One thread. */
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include "base/err.h"
#include "base/str.h"

struct ssl_st; /* SSL */
struct tls;

/* cert: PEM, the server's certificate first, then those that lead to its authority; key: PEM without a passphrase.
 * ERR_BAD_VALUE, naming the file, where they cannot be read or do not belong together. Bound to c's arena. */
must_use err tls_new(struct ctx *c, const char *cert, const char *key, struct tls **ret);
/* Reads the files again, for connections that come from now on; where that fails the old pair stays. */
must_use err tls_reload(struct ctx *c, struct tls *t);

/* Whole days until the first certificate in the file ends; below 0 where it has. ERR_BAD_VALUE. */
must_use err tls_days_left(struct ctx *c, const char *cert, int *ret);

/* A connection that has been accepted; NULL without memory. fd stays the caller's. */
struct ssl_st *tls_open(struct tls *t, int fd);
/* True for the first byte of a client that speaks TLS. */
bool tls_begins(char first);
ssize_t tls_recv(struct ssl_st *s, void *p, size_t n);
/* The last read stopped because the socket was empty. */
bool tls_is_empty(const struct ssl_st *s);
ssize_t tls_send(struct tls *t, struct ssl_st *s, const struct iovec *at, size_t n);
/* n bytes of a file from offset on, at most TLS_FILE a call. 0: the file ends there. */
#define TLS_FILE (64u << 10)
ssize_t tls_send_file(struct tls *t, struct ssl_st *s, int fd, off_t offset, size_t n);
/* Says that nothing follows. */
void tls_finish(struct ssl_st *s);
void tls_closep(struct ssl_st **s);
