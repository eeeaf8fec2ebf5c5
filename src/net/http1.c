#include "net/http1.h"

#include <string.h>

#include "base/arena.h"
#include "base/reader.h"

/* Classes of bytes: RFC 9110 5.6.2 (token), 5.5 (field value), RFC 3986 (target; brackets are let through, as many
 * clients send them in queries). */
enum { TOKEN = 1, VALUE = 2, TARGET = 4, HOST = 8 };

enum { ALNUM = TOKEN | VALUE | TARGET | HOST };

// clang-format off
static const uint8_t classes[256] = {
	['\t'] = VALUE, [' '] = VALUE, [0x80 ... 0xff] = VALUE,
	['0' ... '9'] = ALNUM, ['A' ... 'Z'] = ALNUM, ['a' ... 'z'] = ALNUM,
	['!'] = ALNUM, ['$'] = ALNUM, ['%'] = ALNUM, ['&'] = ALNUM, ['\''] = ALNUM,
	['*'] = ALNUM, ['+'] = ALNUM, ['-'] = ALNUM, ['.'] = ALNUM, ['_'] = ALNUM, ['~'] = ALNUM,
	['"'] = VALUE, ['<'] = VALUE, ['>'] = VALUE, ['\\'] = VALUE, ['{'] = VALUE,
	['}'] = VALUE,
	['#'] = VALUE | TOKEN, ['^'] = VALUE | TOKEN, ['`'] = VALUE | TOKEN,
	['|'] = VALUE | TOKEN,
	['('] = VALUE | TARGET | HOST, [')'] = VALUE | TARGET | HOST,
	[':'] = VALUE | TARGET | HOST, [';'] = VALUE | TARGET | HOST,
	['='] = VALUE | TARGET | HOST, ['['] = VALUE | TARGET | HOST,
	[']'] = VALUE | TARGET | HOST,
	[','] = VALUE | TARGET, ['/'] = VALUE | TARGET, ['?'] = VALUE | TARGET,
	['@'] = VALUE | TARGET,
};
// clang-format on

static bool all_of(struct str s, uint8_t class)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((classes[(unsigned char)s.p[i]] & class) == 0)
			return false;
	}
	return true;
}

bool http_is_token(struct str s)
{
	return s.n > 0 && all_of(s, TOKEN);
}

static err too_large(struct ctx *c, bool in_first_line)
{
	if (in_first_line)
		return fail(c, ERR_URI_TOO_LONG, "the request line is longer than the limit");
	return fail(c, ERR_HEAD_TOO_LARGE, "the head is larger than %u bytes", LIMIT_HTTP_HEAD);
}

err http_head_end(struct ctx *c, struct str in, size_t *scanned, size_t *ret)
{
	*ret = 0;
	/* Something that is no HTTP (a TLS hello, say) is known by its first byte. */
	ENSURE(in.n == 0 || all_of(str_sub(in, 0, 1), TOKEN), c, ERR_MALFORMED,
		"a request begins with a method");
	size_t at = *scanned;
	while (at < in.n) {
		const char *lf = memchr(in.p + at, '\n', in.n - at);
		if (lf == NULL)
			break;
		size_t end = (size_t)(lf - in.p);
		ENSURE(end > 0 && in.p[end - 1] == '\r', c, ERR_MALFORMED, "a line ends in CR LF");
		at = end + 1;
		if (at > LIMIT_HTTP_HEAD)
			break;
		if (end >= 3 && in.p[end - 2] == '\n') {
			*scanned = 0;
			*ret = at;
			return OK;
		}
	}
	*scanned = at;
	if (in.n > LIMIT_HTTP_HEAD)
		return too_large(c, at == 0);
	return OK;
}

static err decode_path(struct ctx *c, struct str raw, struct str *ret)
{
	if (str_find(raw, '%') == raw.n) {
		*ret = raw;
		return OK;
	}
	char *out;
	NEW_N(c, out, raw.n);
	size_t n = 0;
	for (size_t i = 0; i < raw.n; i++) {
		out[n] = raw.p[i];
		if (raw.p[i] == '%') {
			int high = i + 2 < raw.n ? str_hex_digit(raw.p[i + 1]) : -1;
			int low = i + 2 < raw.n ? str_hex_digit(raw.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return fail(c, ERR_MALFORMED, "a percent sign without two digits");
			out[n] = (char)(high * 16 + low);
			bool hidden =
				(unsigned char)out[n] < ' ' || out[n] == 0x7f || out[n] == '/';
			ENSURE(!hidden && out[n] != '\\', c, ERR_MALFORMED,
				"an encoded slash or control character in the path");
			i += 2;
		}
		n++;
	}
	*ret = (struct str){out, n};
	ENSURE(str_is_utf8(*ret), c, ERR_MALFORMED, "the path is not UTF-8");
	return OK;
}

static bool has_dot_segment(struct str path)
{
	struct str rest = str_sub(path, 1, path.n), segment;
	for (bool more = true; more;) {
		struct str all = rest;
		more = str_cut(all, '/', &segment, &rest);
		if (!more)
			segment = all;
		if (str_is(segment, ".") || str_is(segment, ".."))
			return true;
	}
	return false;
}

/* Origin, absolute or asterisk form (RFC 9112, 3.2). */
static err parse_target(struct ctx *c, struct http_request *r)
{
	ENSURE(r->target.n > 0 && all_of(r->target, TARGET), c, ERR_MALFORMED,
		"the target holds a character that must be encoded");
	if (str_is(r->target, "*")) {
		ENSURE(str_is(r->method, "OPTIONS"), c, ERR_MALFORMED,
			"the target * is for OPTIONS");
		r->path = r->target;
		return OK;
	}
	struct str rest = r->target;
	if (rest.p[0] != '/') {
		size_t scheme =
			rest.n >= 7 && str_is_nocase(str_sub(rest, 0, 7), "http://") ? 7 : 0;
		if (scheme == 0 && rest.n >= 8 && str_is_nocase(str_sub(rest, 0, 8), "https://"))
			scheme = 8;
		ENSURE(scheme > 0, c, ERR_MALFORMED,
			"the target is neither a path nor an http address");
		rest = str_sub(rest, scheme, rest.n);
		size_t slash = str_find(rest, '/'), ask = str_find(rest, '?');
		size_t end = slash < ask ? slash : ask;
		r->host = str_sub(rest, 0, end);
		ENSURE(r->host.n > 0 && all_of(r->host, HOST), c, ERR_MALFORMED,
			"the target has no host");
		rest = str_sub(rest, end, rest.n);
	}
	struct str raw = rest;
	if (!str_cut(rest, '?', &raw, &r->query))
		raw = rest;
	if (raw.n == 0)
		raw = STR("/");
	TRY(decode_path(c, raw, &r->path));
	ENSURE(!has_dot_segment(r->path), c, ERR_MALFORMED, "the path has a dot segment");
	return OK;
}

/* *ret_minor: 0 or more. */
static err parse_version(struct ctx *c, struct str v, int *ret_minor)
{
	bool formed = v.n == 8 && str_starts(v, STR("HTTP/")) && v.p[6] == '.' && v.p[5] >= '0' &&
		      v.p[5] <= '9' && v.p[7] >= '0' && v.p[7] <= '9';
	ENSURE(formed, c, ERR_MALFORMED, "the request line does not end in a version");
	ENSURE(v.p[5] == '1', c, ERR_HTTP_VERSION, "this server speaks HTTP/1.1");
	*ret_minor = v.p[7] - '0';
	return OK;
}

static err parse_line(struct ctx *c, struct str line, struct http_request *r, int *ret_minor)
{
	struct str rest, version;
	bool three =
		str_cut(line, ' ', &r->method, &rest) && str_cut(rest, ' ', &r->target, &version);
	ENSURE(three && http_is_token(r->method), c, ERR_MALFORMED,
		"the request line is not a method, a target and a version");
	TRY(parse_version(c, version, ret_minor));
	return parse_target(c, r);
}

static err parse_field(struct ctx *c, struct str line, struct http_request *r)
{
	ENSURE(r->n < LIMIT_HTTP_HEADERS, c, ERR_HEAD_TOO_LARGE, "more than %u header fields",
		LIMIT_HTTP_HEADERS);
	struct str name, value;
	ENSURE(str_cut(line, ':', &name, &value) && http_is_token(name), c, ERR_MALFORMED,
		"a header field is a name, a colon and a value");
	ENSURE(all_of(value, VALUE), c, ERR_MALFORMED, "a control character in a header field");
	r->headers[r->n++] = (struct http_header){name, str_trim(value)};
	return OK;
}

/* What the framing and the life of the connection depend on; how often each occurred. */
struct framing {
	struct str length, coding, host, connection, expect;
	unsigned lengths, codings, hosts, expects;
};

static void take_connection(struct http_request *r, struct str value)
{
	struct str rest = value, option;
	for (bool more = true; more;) {
		struct str all = rest;
		more = str_cut(all, ',', &option, &rest);
		if (!more)
			option = all;
		if (str_is_nocase(str_trim(option), "close"))
			r->keep_alive = false;
	}
}

static struct framing collect(struct http_request *r)
{
	struct framing f = {0};
	for (size_t i = 0; i < r->n; i++) {
		struct str name = r->headers[i].name, value = r->headers[i].value;
		if (str_is_nocase(name, "content-length")) {
			f.length = value;
			f.lengths++;
		} else if (str_is_nocase(name, "transfer-encoding")) {
			f.coding = value;
			f.codings++;
		} else if (str_is_nocase(name, "host")) {
			f.host = value;
			f.hosts++;
		} else if (str_is_nocase(name, "connection")) {
			take_connection(r, value);
		} else if (str_is_nocase(name, "expect")) {
			f.expect = value;
			f.expects++;
		}
	}
	return f;
}

/* chunked, or one that is registered and not offered, or nonsense that could hide a second request. */
static err check_coding(struct ctx *c, struct str coding)
{
	if (str_is_nocase(coding, "chunked"))
		return OK;
	static const char *const known[] = {"gzip, chunked", "gzip,chunked", "deflate, chunked",
		"deflate,chunked", "compress, chunked", "compress,chunked", "x-gzip, chunked"};
	for (size_t i = 0; i < countof(known); i++) {
		ENSURE(!str_is_nocase(coding, known[i]), c, ERR_NOT_IMPLEMENTED,
			"the only transfer coding taken is chunked");
	}
	return fail(c, ERR_MALFORMED, "the transfer coding is unknown or not chunked at its end");
}

static err check_framing(struct ctx *c, const struct framing *f, int minor, struct http_request *r)
{
	ENSURE(f->hosts == 1 || (f->hosts == 0 && minor == 0), c, ERR_MALFORMED,
		"a request has one Host field");
	ENSURE(f->hosts == 0 || (f->host.n > 0 && all_of(f->host, HOST)), c, ERR_MALFORMED,
		"the Host field is not a host");
	if (r->host.n == 0)
		r->host = f->host;
	ENSURE(f->lengths <= 1 && f->codings <= 1, c, ERR_MALFORMED, "the length is stated twice");
	ENSURE(f->lengths == 0 || f->codings == 0, c, ERR_MALFORMED,
		"Content-Length and Transfer-Encoding contradict each other");
	if (f->codings == 1) {
		ENSURE(minor > 0, c, ERR_MALFORMED, "HTTP/1.0 has no transfer codings");
		TRY(check_coding(c, f->coding));
		r->chunked = true;
	}
	if (f->lengths == 1) {
		uint64_t n;
		ENSURE(str_u64(f->length, &n), c, ERR_MALFORMED,
			"the Content-Length is not a number");
		ENSURE(n <= INT64_MAX, c, ERR_TOO_LARGE, "the body is larger than the limit");
		r->content_length = (int64_t)n;
		r->has_length = true;
	}
	if (f->expects > 0 && minor > 0) {
		ENSURE(f->expects == 1 && str_is_nocase(f->expect, "100-continue"), c,
			ERR_EXPECTATION, "the only expectation met is 100-continue");
		r->expect_continue = r->chunked || r->content_length > 0;
	}
	return OK;
}

err http_head_parse(struct ctx *c, struct str head, struct http_request *ret)
{
	struct http_request *r = ret;
	memset(r, 0, offsetof(struct http_request, headers));
	struct reader in = reader_on(head);
	struct str line;
	int minor = 0;
	for (bool first = true;; first = false) {
		bool whole = reader_line(&in, &line) && line.n > 0 && line.p[line.n - 1] == '\r';
		ENSURE(whole, c, ERR_MALFORMED, "a line ends in CR LF");
		line.n--;
		if (line.n == 0 && !first)
			break;
		if (first)
			TRY(parse_line(c, line, r, &minor));
		else
			TRY(parse_field(c, line, r));
	}
	ENSURE(reader_end(&in), c, ERR_MALFORMED, "bytes behind the head");
	r->keep_alive = minor > 0;
	struct framing f = collect(r);
	return check_framing(c, &f, minor, r);
}

struct str http_header(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++) {
		if (str_is_nocase(r->headers[i].name, name))
			return r->headers[i].value;
	}
	return (struct str){0};
}
