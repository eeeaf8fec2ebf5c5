#include "net/outgoing.h"

#include <string.h>

#include "base/limits.h"
#include "net/http1.h"

static bool is_host_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       ch == '.' || ch == '-' || ch == '_' || ch == ':' || ch == '[' || ch == ']';
}

/* Host and port, narrowed to what every parser reads alike: no user, no backslash, no escape. Empty where they are
 * more than that. */
static struct str plain_authority(struct str at)
{
	size_t n = 0;
	while (n < at.n && is_host_char(at.p[n]))
		n++;
	bool ends = n == at.n || at.p[n] == '/' || at.p[n] == '?' || at.p[n] == '#';
	return str_sub(at, 0, ends ? n : 0);
}

static bool names_loopback(struct str authority)
{
	bool numeric6 = authority.p[0] == '[';
	size_t end = numeric6 ? str_find(authority, ']') + 1 : str_find(authority, ':');
	struct str host = str_sub(authority, 0, end);
	return str_is(host, "localhost") || str_is(host, "127.0.0.1") || str_is(host, "[::1]");
}

const char *outgoing_flaw(struct str url, bool allow_loopback, bool *ret_plain)
{
	if (url.n > LIMIT_URL)
		return "the address is too long";
	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] <= ' ' || url.p[i] > '~')
			return "the address has a character that must be escaped";
	}
	bool plain = str_starts(url, STR("http://"));
	if (!plain && !str_starts(url, STR("https://")))
		return "only https:// addresses are called";
	struct str authority = plain_authority(str_sub(url, plain ? 7 : 8, url.n));
	if (authority.n == 0)
		return "the address has no plain host";
	*ret_plain = plain;
	if (plain && !names_loopback(authority))
		return "http:// is for loopback alone: use https://";
	return plain && !allow_loopback ? "loopback is not allowed here" : NULL;
}

static err check_header(struct ctx *c, struct str line)
{
	struct str name, value;
	ENSURE(str_cut(line, ':', &name, &value) && http_is_token(name), c, ERR_BAD_VALUE,
		"a header needs a name");
	ENSURE(str_trim(value).n > 0, c, ERR_BAD_VALUE, "a header needs a value");
	for (size_t i = 0; i < value.n; i++) {
		unsigned char ch = (unsigned char)value.p[i];
		ENSURE((ch >= ' ' || ch == '\t') && ch != 0x7f, c, ERR_BAD_VALUE,
			"a header has a character it must not have");
	}
	return OK;
}

err outgoing_check(struct ctx *c, const struct client_request *r)
{
	size_t n = strspn(r->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	ENSURE(n > 0 && n <= 16 && r->method[n] == '\0', c, ERR_BAD_VALUE, "no such method");
	ENSURE(r->answer_max <= LIMIT_CLIENT_ANSWER, c, ERR_BAD_VALUE,
		"an answer may have %u bytes at most", LIMIT_CLIENT_ANSWER);
	ENSURE(r->body.n <= LIMIT_CLIENT_ANSWER, c, ERR_TOO_LARGE, "the body is too large");
	ENSURE(r->timeout_ms > 0, c, ERR_BAD_VALUE, "a request needs time");
	for (size_t i = 0; i < r->headers_n; i++)
		TRY(check_header(c, r->headers[i]));
	return OK;
}
