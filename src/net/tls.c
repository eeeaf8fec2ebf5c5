#include "net/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
#define GROUPS "X25519:P-256:P-384"

struct tls {
	SSL_CTX *ctx;
	const char *cert, *key;
	char out[TLS_FILE]; /* pieces put together, or of a file */
};

struct tls_authorities {
	STACK_OF(X509_INFO) * all;
};

/* No terminal is asked for a passphrase. */
static int no_passphrase(char *p, int n, int writing, void *arg)
{
	(void)p, (void)n, (void)writing, (void)arg;
	return 0;
}

static const char *reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());
	return text != NULL ? text : "it cannot be read";
}

/* http/1.1 is all that is spoken; a client that names no protocol gets it too. */
static int choose_protocol(SSL *s, const unsigned char **ret, unsigned char *ret_n,
	const unsigned char *offered, unsigned n, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;
	(void)s, (void)arg;
	if (SSL_select_next_proto(&chosen, ret_n, ours, sizeof ours - 1, offered, n) !=
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*ret = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static void free_ctx(SSL_CTX **ctx)
{
	SSL_CTX_free(*ctx);
	*ctx = NULL;
}

static err set_up(struct ctx *c, SSL_CTX *ctx)
{
	char groups[] = GROUPS; /* the macro casts const away */
	bool good = SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
		    SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 &&
		    SSL_CTX_set1_groups_list(ctx, groups) == 1 &&
		    SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"shugu", 5) == 1;
	ENSURE(good, c, ERR_CRYPTO, "TLS cannot be set up: %s", reason());
	(void)SSL_CTX_set_options(ctx,
		SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
			SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
	(void)SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
					    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
					    SSL_MODE_RELEASE_BUFFERS);
	(void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set_num_tickets(ctx, 1);
	SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
	SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
	return OK;
}

err tls_reload(struct ctx *c, struct tls *t)
{
	cleanup(free_ctx) SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	ENSURE(ctx != NULL, c, ERR_MEMORY, "no memory for TLS");
	ERR_clear_error();
	TRY(set_up(c, ctx));
	ENSURE(SSL_CTX_use_certificate_chain_file(ctx, t->cert) == 1, c, ERR_BAD_VALUE,
		"the certificate %s is of no use: %s", t->cert, reason());
	ENSURE(SSL_CTX_use_PrivateKey_file(ctx, t->key, SSL_FILETYPE_PEM) == 1, c, ERR_BAD_VALUE,
		"the key %s is of no use with the certificate: %s", t->key, reason());
	ENSURE(SSL_CTX_check_private_key(ctx) == 1, c, ERR_BAD_VALUE,
		"the key %s is not that of the certificate: %s", t->key, reason());
	SSL_CTX_free(t->ctx);
	t->ctx = ctx;
	ctx = NULL;
	return OK;
}

static void tls_free(void *arg)
{
	struct tls *t = arg;
	SSL_CTX_free(t->ctx);
}

err tls_new(struct ctx *c, const char *cert, const char *key, struct tls **ret)
{
	struct tls *t;
	NEW(c, t);
	t->cert = arena_z(c->arena, str_z(cert));
	t->key = arena_z(c->arena, str_z(key));
	ENSURE(t->cert != NULL && t->key != NULL, c, ERR_MEMORY, "no memory for TLS");
	TRY(arena_defer(c, tls_free, t));
	TRY(tls_reload(c, t));
	*ret = t;
	return OK;
}

err tls_days_left(struct ctx *c, const char *cert, int *ret)
{
	BIO *file = BIO_new_file(cert, "r");
	X509 *x = file != NULL ? PEM_read_bio_X509(file, NULL, no_passphrase, NULL) : NULL;
	int days = 0, seconds = 0;
	bool good = x != NULL && ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x)) == 1;
	X509_free(x);
	BIO_free(file);
	ERR_clear_error();
	ENSURE(good, c, ERR_BAD_VALUE, "%s holds no certificate in PEM", cert);
	*ret = days - (seconds < 0);
	return OK;
}

SSL *tls_open(struct tls *t, int fd)
{
	SSL *s = SSL_new(t->ctx);
	if (s == NULL)
		return NULL;
	if (SSL_set_fd(s, fd) != 1)
		tls_closep(&s);
	else
		SSL_set_accept_state(s);
	return s;
}

/* A handshake record (RFC 8446, 5.1); no method of HTTP begins so. */
bool tls_begins(char first)
{
	return first == 0x16;
}

/* What an operation that did nothing means. After a fatal failure nothing more is said. */
static ssize_t failed(SSL *s)
{
	switch (SSL_get_error(s, 0)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		SSL_set_shutdown(s, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
		ERR_clear_error();
		errno = EPROTO;
		return -1;
	}
}

ssize_t tls_recv(SSL *s, void *p, size_t n)
{
	size_t have = 0, got = 0;
	ERR_clear_error();
	while (have < n && SSL_read_ex(s, (char *)p + have, n - have, &got) == 1)
		have += got;
	return have > 0 ? (ssize_t)have : failed(s);
}

bool tls_is_empty(const SSL *s)
{
	return SSL_want_read(s);
}

static ssize_t send_all(SSL *s, const char *p, size_t n)
{
	size_t done = 0, put = 0;
	ERR_clear_error();
	while (done < n && SSL_write_ex(s, p + done, n - done, &put) == 1)
		done += put;
	return done > 0 ? (ssize_t)done : failed(s);
}

/* Small pieces become one record. */
ssize_t tls_send(struct tls *t, SSL *s, const struct iovec *at, size_t n)
{
	size_t have = 0;
	if (n == 1 || at[0].iov_len >= sizeof t->out)
		return send_all(s, at[0].iov_base, at[0].iov_len);
	for (size_t i = 0; i < n && have < sizeof t->out; i++) {
		size_t room = sizeof t->out - have;
		size_t part = at[i].iov_len < room ? at[i].iov_len : room;
		memcpy(t->out + have, at[i].iov_base, part);
		have += part;
	}
	return send_all(s, t->out, have);
}

ssize_t tls_send_file(struct tls *t, SSL *s, int fd, off_t offset, size_t n)
{
	ssize_t got = pread(fd, t->out, n < sizeof t->out ? n : sizeof t->out, offset);
	return got > 0 ? send_all(s, t->out, (size_t)got) : got;
}

void tls_finish(SSL *s)
{
	ERR_clear_error();
	if (SSL_is_init_finished(s))
		(void)SSL_shutdown(s);
}

void tls_closep(SSL **s)
{
	SSL_free(*s);
	*s = NULL;
}
