#include "net/http1.h"

#include "base/arena.h"
#include "tests/tap.h"

#define HOST "Host: a.example\r\n"

static struct http_request req;

/* As a server reads it: the end of the head, then the head; ERR_MAX_ for a head that is not whole. */
static err read_whole(struct ctx *c, struct str in)
{
	size_t scanned = 0, end = 0;
	TRY(http_head_end(c, in, &scanned, &end));
	if (end == 0)
		return ERR_MAX_;
	return http_head_parse(c, str_sub(in, 0, end), &req);
}

// clang-format off
static const struct {
	const char *what;
	struct str head;
	err want;
} table[] = {
	{"a plain request", STR("GET / HTTP/1.1\r\n" HOST "\r\n"), OK},
	{"1.0 without Host", STR("GET / HTTP/1.0\r\n\r\n"), OK},
	{"a later minor version", STR("GET / HTTP/1.4\r\n" HOST "\r\n"), OK},
	{"an absolute target", STR("GET http://b.example/x HTTP/1.1\r\n" HOST "\r\n"), OK},
	{"asterisk for OPTIONS", STR("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), OK},
	{"an empty value", STR("GET / HTTP/1.1\r\n" HOST "X:\r\n\r\n"), OK},
	{"high bytes in a value", STR("GET / HTTP/1.1\r\n" HOST "X: \xc3\xa4\r\n\r\n"), OK},
	{"chunked in capitals", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: CHUNKED\r\n\r\n"), OK},
	/* The ten of the strictness probe. */
	{"two lengths", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\n"), ERR_MALFORMED},
	{"length and coding", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), ERR_MALFORMED},
	{"xchunked", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n"), ERR_MALFORMED},
	{"a signed length", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\n"), ERR_MALFORMED},
	{"bare LF", STR("GET / HTTP/1.1\nHost: a\n\n"), ERR_MALFORMED},
	{"a space before the colon", STR("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), ERR_MALFORMED},
	{"no Host", STR("GET / HTTP/1.1\r\n\r\n"), ERR_MALFORMED},
	{"two Hosts", STR("GET / HTTP/1.1\r\n" HOST HOST "\r\n"), ERR_MALFORMED},
	{"obs-fold", STR("GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n"), ERR_MALFORMED},
	{"NUL in a value", STR("GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"), ERR_MALFORMED},
	/* Others that two readers could take for different things. */
	{"the same length twice", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\n"), ERR_MALFORMED},
	{"a list of lengths", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\n"), ERR_MALFORMED},
	{"a negative length", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"), ERR_MALFORMED},
	{"an empty length", STR("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"), ERR_MALFORMED},
	{"a length beyond 64 bits", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\n"), ERR_MALFORMED},
	{"a length beyond 63 bits", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n\r\n"), ERR_TOO_LARGE},
	{"two codings", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), ERR_MALFORMED},
	{"chunked twice", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n"), ERR_MALFORMED},
	{"chunked not at the end", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, gzip\r\n\r\n"), ERR_MALFORMED},
	{"gzip below chunked", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"), ERR_NOT_IMPLEMENTED},
	{"identity", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n"), ERR_MALFORMED},
	{"chunked in 1.0", STR("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), ERR_MALFORMED},
	{"vertical tab before chunked", STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \vchunked\r\n\r\n"), ERR_MALFORMED},
	{"bare CR in a value", STR("GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n"), ERR_MALFORMED},
	{"DEL in a value", STR("GET / HTTP/1.1\r\n" HOST "X: a\x7f\r\n\r\n"), ERR_MALFORMED},
	{"no colon", STR("GET / HTTP/1.1\r\n" HOST "X\r\n\r\n"), ERR_MALFORMED},
	{"an empty name", STR("GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n"), ERR_MALFORMED},
	{"a space before the first field", STR("GET / HTTP/1.1\r\n X: y\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"two spaces", STR("GET  / HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a tab between", STR("GET\t/ HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a space at the end", STR("GET / HTTP/1.1 \r\n" HOST "\r\n"), ERR_MALFORMED},
	{"HTTP/0.9", STR("GET /\r\n\r\n"), ERR_MALFORMED},
	{"HTTP/2.0", STR("GET / HTTP/2.0\r\n" HOST "\r\n"), ERR_HTTP_VERSION},
	{"http in lower case", STR("GET / http/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"HTTP/1.10", STR("GET / HTTP/1.10\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a bad method", STR("G@T / HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"TLS", STR("\x16\x03\x01\x02"), ERR_MALFORMED},
	{"a Host with a path", STR("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), ERR_MALFORMED},
	{"a Host with a user", STR("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"), ERR_MALFORMED},
	{"an empty Host", STR("GET / HTTP/1.1\r\nHost:\r\n\r\n"), ERR_MALFORMED},
	{"authority form", STR("CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"asterisk for GET", STR("GET * HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"another scheme", STR("GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a target without host", STR("GET http:///x HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"dot-dot", STR("GET /a/../b HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a dot at the end", STR("GET /a/. HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"encoded dot-dot", STR("GET /%2e%2E/b HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"an encoded slash", STR("GET /a%2fb HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"an encoded backslash", STR("GET /a%5cb HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"an encoded NUL", STR("GET /a%00 HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"an encoded LF", STR("GET /a%0a HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"half an escape", STR("GET /a%2 HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"an escape of no digits", STR("GET /a%zz HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a path that is not UTF-8", STR("GET /%ff HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"raw bytes in the target", STR("GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a fragment", STR("GET /a#b HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"a backslash", STR("GET /a\\b HTTP/1.1\r\n" HOST "\r\n"), ERR_MALFORMED},
	{"another expectation", STR("POST / HTTP/1.1\r\n" HOST "Expect: tea\r\n\r\n"), ERR_EXPECTATION},
	{"half a head", STR("GET / HTTP/1.1\r\n" HOST), ERR_MAX_},
	{"nothing", STR(""), ERR_MAX_},
};
// clang-format on

static void judges(struct ctx *c)
{
	for (size_t i = 0; i < countof(table); i++) {
		arena_reset(c->arena);
		is_int(read_whole(c, table[i].head), table[i].want, "%s", table[i].what);
	}
}

static void reads_members(struct ctx *c)
{
	struct str head =
		STR("POST /a%20b//c?x=1?&y HTTP/1.1\r\nHOST: A.example:80\r\ncontent-length: 12\r\n"
		    "Expect: 100-Continue\r\nConnection: x, Close\r\nX: \t v w \t\r\n\r\n");
	is_int(read_whole(c, head), OK, "a full head");
	ok(str_is(req.method, "POST"), "method");
	ok(str_is(req.path, "/a b//c"), "the path is decoded");
	ok(str_is(req.query, "x=1?&y"), "the query is as sent");
	ok(str_is(req.host, "A.example:80"), "host");
	is_int(req.content_length, 12, "length");
	ok(req.has_length && !req.chunked && req.expect_continue && !req.keep_alive, "flags");
	ok(str_is(http_header(&req, "x"), "v w"), "a value is trimmed, a name has no case");
	ok(http_header(&req, "y").p == NULL, "what is not there is NULL");
	is_int(read_whole(c, STR("GET http://b.example?q HTTP/1.1\r\n" HOST "\r\n")), OK,
		"absolute");
	ok(str_is(req.host, "b.example") && str_is(req.path, "/") && str_is(req.query, "q"),
		"the authority of the target wins over Host");
	ok(req.keep_alive && req.content_length == 0 && !req.expect_continue,
		"and nothing is left over");
}

/* The end is found in the same place however the bytes come. */
static void finds_end(struct ctx *c)
{
	struct str in = STR("GET / HTTP/1.1\r\n" HOST "\r\nGET");
	size_t scanned = 0, end = 0, n = 0;
	while (end == 0 && n < in.n) {
		if (http_head_end(c, str_sub(in, 0, ++n), &scanned, &end) != OK)
			break;
	}
	is_int(end, in.n - 3, "the end, byte by byte");
	is_int(n, end, "as soon as it is there");
}

static void keeps_limits(struct ctx *c)
{
	static char big[LIMIT_HTTP_HEAD + 2];
	size_t scanned = 0, end = 0;
	memset(big, 'a', sizeof big);
	is_int(http_head_end(c, (struct str){big, LIMIT_HTTP_HEAD}, &scanned, &end), OK,
		"as much as the limit");
	is_int(http_head_end(c, (struct str){big, LIMIT_HTTP_HEAD + 1}, &scanned, &end),
		ERR_URI_TOO_LONG, "one more in the first line");
	memcpy(big, "GET / HTTP/1.1\r\nX: ", 19);
	scanned = 0;
	is_int(http_head_end(c, (struct str){big, LIMIT_HTTP_HEAD + 1}, &scanned, &end),
		ERR_HEAD_TOO_LARGE, "one more in a field");
	memcpy(big + LIMIT_HTTP_HEAD - 4, "\r\n\r\n", 4);
	scanned = 0;
	is_int(http_head_end(c, (struct str){big, LIMIT_HTTP_HEAD}, &scanned, &end), OK,
		"a head of exactly the limit");
	is_int(end, LIMIT_HTTP_HEAD, "is whole");
	for (unsigned n = LIMIT_HTTP_HEADERS; n <= LIMIT_HTTP_HEADERS + 1; n++) {
		size_t at = 0;
		at += (size_t)snprintf(big, sizeof big, "GET / HTTP/1.1\r\n" HOST);
		for (unsigned i = 1; i < n; i++)
			at += (size_t)snprintf(big + at, sizeof big - at, "A%u: b\r\n", i);
		at += (size_t)snprintf(big + at, sizeof big - at, "\r\n");
		is_int(read_whole(c, (struct str){big, at}),
			n == LIMIT_HTTP_HEADERS ? OK : ERR_HEAD_TOO_LARGE, "%u fields", n);
	}
}

int main(void)
{
	struct ctx c = {.arena = arena_new(1u << 20)};
	judges(&c);
	reads_members(&c);
	finds_end(&c);
	keeps_limits(&c);
	arena_free(c.arena);
	return done_testing();
}
