/* A server that speaks TLS, and clients of all kinds in the same thread. */
#include "net/tls.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>

#include "net/bed.h"
#include "net/certificate_test.h"
#include "tests/tap.h"

#define R(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define BIG (300u << 10)

static char dir[] = "/tmp/shugu-tls-XXXXXX";
static char big_path[64], big[BIG];
static bool was_tls;
static unsigned ends;

static void file_end(void *arg, uint64_t sent, bool complete)
{
	(void)arg;
	ends += complete && sent == BIG;
}

static void request(void *arg, struct exchange *x)
{
	(void)arg;
	was_tls = x->is_tls;
	struct file_answer f = {.length = BIG, .end = file_end};
	if (str_is(x->request.path, "/file")) {
		f.fd = open(big_path, O_RDONLY | O_CLOEXEC);
		exchange_answer_file(x, 200, NULL, 0, &f);
	} else if (str_is(x->request.path, "/big")) {
		exchange_answer(x, 200, NULL, 0, (struct str){big, BIG});
	} else {
		exchange_answer(x, 200, NULL, 0, x->body.n > 0 ? x->body : x->request.path);
	}
}

struct client {
	int fd;
	SSL *s;
};

/* One step while the server takes its turns; false when it fails for good. */
static bool again(SSL *s, int r)
{
	int why = SSL_get_error(s, r);
	bed_turns(2);
	return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}

static bool shake(struct client *k, SSL_CTX *ctx)
{
	k->fd = bed_connect();
	(void)fcntl(k->fd, F_SETFL, O_NONBLOCK);
	k->s = SSL_new(ctx);
	(void)SSL_set_fd(k->s, k->fd);
	for (int i = 0; i < 100; i++) {
		ERR_clear_error();
		int r = SSL_connect(k->s);
		if (r == 1)
			return true;
		if (!again(k->s, r))
			return false;
	}
	return false;
}

static void leave(struct client *k)
{
	SSL_free(k->s);
	close(k->fd);
	bed_turns(4);
}

static void say(const struct client *k, struct str text)
{
	for (int i = 0; i < 10000 && text.n > 0; i++) {
		size_t n = 0;
		ERR_clear_error();
		if (SSL_write_ex(k->s, text.p, text.n, &n) == 1)
			text = str_sub(text, n, text.n);
		else if (!again(k->s, 0))
			return;
	}
}

static struct str hear(const struct client *k, size_t enough)
{
	bed.got_n = 0;
	bed.closed = false;
	for (int quiet = 0; quiet < 8 && bed.got_n < enough;) {
		size_t n = 0;
		ERR_clear_error();
		bed_turns(2);
		if (SSL_read_ex(k->s, bed.got + bed.got_n, sizeof bed.got - 1 - bed.got_n, &n) ==
			1) {
			bed.got_n += n;
			quiet = 0;
			continue;
		}
		bed.closed = SSL_get_error(k->s, 0) == SSL_ERROR_ZERO_RETURN;
		if (bed.closed || !again(k->s, 0))
			break;
		quiet++;
	}
	bed.got[bed.got_n] = '\0';
	return (struct str){bed.got, bed.got_n};
}

static SSL_CTX *trusting(const struct certificate *k, int version)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	(void)SSL_CTX_load_verify_file(ctx, k->cert);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	(void)SSL_CTX_set_min_proto_version(ctx, version);
	(void)SSL_CTX_set_max_proto_version(ctx, version);
	(void)SSL_CTX_set_mode(
		ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return ctx;
}

static bool has_big(struct str got)
{
	return got.n > BIG && memcmp(got.p + got.n - BIG, big, BIG) == 0;
}

static void answers(const struct certificate *k, int version, const char *name)
{
	SSL_CTX *ctx = trusting(k, version);
	struct client one;
	char *body = malloc(
		sizeof "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 307200\r\n\r\n" - 1 + BIG);
	ok(shake(&one, ctx), "%s: a handshake", name);
	is_str(SSL_get_version(one.s), name, "of that version");
	say(&one, STR(R("/one") R("/two")));
	struct str got = hear(&one, SIZE_MAX);
	ok(bed_has(got, "/one") && bed_has(got, "/two") && was_tls,
		"requests in one record are answered");
	say(&one, STR("GET /spl"));
	bed_turns(4);
	say(&one, STR("it HTTP/1.1\r\nHost: a\r\n\r\n"));
	ok(bed_has(hear(&one, SIZE_MAX), "/split"), "and one in two records");
	say(&one, STR(R("/big")));
	ok(has_big(hear(&one, SIZE_MAX)), "a large answer comes whole");
	ends = 0;
	say(&one, STR(R("/file") R("/after")));
	got = hear(&one, SIZE_MAX);
	ok(bed_has(got, "/after") && ends == 1, "so does a file");
	size_t at = str_find_str(got, STR("\r\n\r\n")) + 4;
	ok(got.n > at + BIG && memcmp(got.p + at, big, BIG) == 0, "byte for byte");
	struct str head = STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 307200\r\n\r\n");
	memcpy(body, head.p, head.n);
	memcpy(body + head.n, big, BIG);
	say(&one, (struct str){body, head.n + BIG});
	ok(has_big(hear(&one, SIZE_MAX)), "a large body goes in and comes back");
	(void)SSL_shutdown(one.s);
	shutdown(one.fd, SHUT_WR);
	bed_turns(8);
	is_int(server_connections(bed.server), 0, "a client that leaves is let go");
	leave(&one);
	free(body);
	SSL_CTX_free(ctx);
}

static void refusals(const struct certificate *k)
{
	SSL_CTX *ctx = trusting(k, TLS1_1_VERSION);
	struct client one;
	SSL_CTX_set_security_level(ctx, 0);
	ok(!shake(&one, ctx), "TLS 1.1 is refused");
	leave(&one);
	SSL_CTX_free(ctx);
	ctx = trusting(k, TLS1_2_VERSION);
	(void)SSL_CTX_set_cipher_list(ctx, "AES128-SHA:AES256-GCM-SHA384");
	ok(!shake(&one, ctx), "so are ciphers without forward secrecy");
	leave(&one);
	SSL_CTX_free(ctx);
	ctx = trusting(k, TLS1_3_VERSION);
	(void)SSL_CTX_set_alpn_protos(ctx, (const unsigned char *)"\x02h2", 3);
	ok(!shake(&one, ctx), "and who speaks HTTP/2 alone");
	leave(&one);
	(void)SSL_CTX_set_alpn_protos(ctx, (const unsigned char *)"\x02h2\x08http/1.1", 12);
	ok(shake(&one, ctx), "not who speaks HTTP/1.1 too");
	leave(&one);
	SSL_CTX_free(ctx);
	struct str got = bed_ask(STR(R("/plain")));
	ok(str_starts(got, STR("HTTP/1.1 400 ")) && bed_count(got, "HTTP/1.1") == 1 && bed.closed,
		"plain HTTP is answered 400, once, and closed");
	int fd = bed_connect();
	bed_send(fd, STR("\x16\x03\x01\x00\x20nonsense that is no hello at all .............."));
	(void)bed_read(fd);
	ok(bed.closed, "nonsense ends the connection");
	close(fd);
	fd = bed_connect();
	bed_send(fd, STR("\x16\x03\x01"));
	bed_pass(LIMIT_HTTP_HEAD_MS - 500);
	(void)bed_read(fd);
	ok(!bed.closed, "a slow handshake is waited for");
	bed_pass(1000);
	(void)bed_read(fd);
	ok(bed.closed, "as long as for a head");
	close(fd);
	bed_turns(4);
	is_int(server_connections(bed.server), 0, "no connection is left");
}

/* A slow reader: the socket is full in the middle of a record, many times. */
static void slowly(const struct certificate *k)
{
	SSL_CTX *ctx = trusting(k, TLS1_3_VERSION);
	struct client one;
	ok(shake(&one, ctx), "a slow reader");
	ends = 0;
	for (int i = 0; i < 15; i++)
		say(&one, STR(R("/big") R("/file")));
	bed_turns(100);
	ok(ends < 15, "fills the socket");
	uint64_t bytes = 0;
	/* A window that was closed opens by real time. */
	for (int i = 0; i < 20000 && bytes <= 30u * BIG; i++) {
		struct str got = hear(&one, 1);
		bytes += got.n;
		if (got.n == 0)
			(void)usleep(1000);
	}
	bytes += hear(&one, SIZE_MAX).n;
	ok(bytes > 30u * BIG && bytes < 30u * (BIG + 300), "gets everything, nothing twice");
	is_int(ends, 15, "and each file to its end");
	leave(&one);
	SSL_CTX_free(ctx);
}

static void reloads(struct tls *t, const struct certificate *k, const struct certificate *other)
{
	SSL_CTX *old = trusting(k, TLS1_3_VERSION), *new = trusting(other, TLS1_3_VERSION);
	struct client one, two;
	ok(shake(&one, old), "a connection under the first certificate");
	ok(rename(other->key, k->key) == 0, "a key that is not the certificate's");
	is_int(tls_reload(&bed.c, t), ERR_BAD_VALUE, "is refused");
	ok(shake(&two, old), "and the old pair stays");
	leave(&two);
	ok(rename(other->cert, k->cert) == 0, "a whole new pair");
	is_int(tls_reload(&bed.c, t), OK, "is taken");
	ok(shake(&two, new), "for what comes");
	say(&two, STR(R("/new")));
	ok(bed_has(hear(&two, SIZE_MAX), "/new"), "and answers");
	leave(&two);
	ok(!shake(&two, old), "who trusts the first alone does not come in");
	leave(&two);
	say(&one, STR(R("/old")));
	ok(bed_has(hear(&one, SIZE_MAX), "/old"), "what was open goes on");
	leave(&one);
	SSL_CTX_free(old);
	SSL_CTX_free(new);
}

int main(void)
{
	const struct server_handler h = {.request = request};
	struct certificate first, second, third;
	struct tls *t = NULL;
	(void)signal(SIGPIPE, SIG_IGN);
	if (!ok(mkdtemp(dir) != NULL, "a directory"))
		return done_testing();
	(void)snprintf(big_path, sizeof big_path, "%s/big", dir);
	for (size_t i = 0; i < BIG; i++)
		big[i] = (char)(i * 2654435761u >> 13);
	FILE *f = fopen(big_path, "w");
	if (f == NULL || fwrite(big, 1, BIG, f) != BIG || fclose(f) != 0)
		abort();
	certificate_make(&first, dir, "first");
	certificate_make(&second, dir, "second");
	certificate_make(&third, dir, "third");
	bed_open(&h);
	is_int(tls_new(&bed.c, first.cert, second.key, &t), ERR_BAD_VALUE, "a pair that is none");
	is_int(tls_new(&bed.c, "/nowhere", first.key, &t), ERR_BAD_VALUE, "no certificate");
	is_int(tls_new(&bed.c, first.key, first.key, &t), ERR_BAD_VALUE, "a key is none");
	is_int(tls_new(&bed.c, first.cert, first.key, &t), OK, "a pair");
	int days = -9;
	is_int(tls_days_left(&bed.c, first.key, &days), ERR_BAD_VALUE, "a key has no end");
	is_int(tls_days_left(&bed.c, "/nowhere", &days), ERR_BAD_VALUE, "nor has nothing");
	is_int(days, -9, "and nothing is told");
	is_int(tls_days_left(&bed.c, first.cert, &days), OK, "a certificate has");
	ok(days >= 0 && days < 400, "in so many days");
	server_use_tls(bed.server, t);
	answers(&first, TLS1_3_VERSION, "TLSv1.3");
	answers(&first, TLS1_2_VERSION, "TLSv1.2");
	refusals(&first);
	slowly(&first);
	reloads(t, &first, &second);
	bed_close();
	certificate_remove(&first);
	certificate_remove(&second);
	certificate_remove(&third);
	(void)unlink(big_path);
	(void)rmdir(dir);
	return done_testing();
}
