/* Addresses and requests that do not go out. */
#include "net/outgoing.h"

#include <string.h>

#include "base/limits.h"

#include "tests/tap.h"

static void addresses(void)
{
	static const struct {
		const char *url;
		bool remote, local, plain; /* allowed without loopback, with it; http */
	} rows[] = {
		{"https://example.org/", true, true, false},
		{"https://example.org", true, true, false},
		{"https://example.org:8443/a?b=c#d", true, true, false},
		{"https://[2001:db9::1]:1/", true, true, false},
		{"https://10.0.0.1/", true, true, false},
		{"https://example.org?@x", true, true, false},
		{"http://localhost", false, true, true},
		{"http://localhost:7080/a", false, true, true},
		{"http://127.0.0.1:1/", false, true, true},
		{"http://[::1]:1/", false, true, true},
		{"http://[::1", false, false, false},
		{"http://127.1/", false, false, false},
		{"http://127.0.0.2/", false, false, false},
		{"http://localhost.example.org/", false, false, false},
		{"http://localhost@example.org/", false, false, false},
		{"http://localhost:a@example.org/", false, false, false},
		{"http://example.org#localhost", false, false, false},
		{"http://example.org/", false, false, false},
		{"https://user@example.org/", false, false, false},
		{"https://a:b@example.org/", false, false, false},
		{"https://example.org\\@localhost/", false, false, false},
		{"https://ex%61mple.org/", false, false, false},
		{"https:///etc/passwd", false, false, false},
		{"https://", false, false, false},
		{"HTTPS://example.org/", false, false, false},
		{"ftp://example.org/", false, false, false},
		{"file:///etc/passwd", false, false, false},
		{"example.org", false, false, false},
		{"", false, false, false},
		{"https://example.org/a b", false, false, false},
		{"https://example.org/\r\nX: y", false, false, false},
		{"https://example.org/\x7f", false, false, false},
		{"https://ex\xc3\xa4mple.org/", false, false, false},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct str url = str_z(rows[i].url);
		bool plain = false;
		ok((outgoing_flaw(url, false, &plain) == NULL) == rows[i].remote, "'%s'",
			rows[i].url);
		ok((outgoing_flaw(url, true, &plain) == NULL) == rows[i].local, "with loopback");
		if (rows[i].local)
			is_int(plain, rows[i].plain, "and is known as what it is");
	}
	static char big[LIMIT_URL + 1];
	memset(big, 'a', sizeof big);
	memcpy(big, "https://", 8);
	bool plain;
	ok(outgoing_flaw((struct str){big, LIMIT_URL}, false, &plain) == NULL, "as long as may be");
	ok(outgoing_flaw((struct str){big, LIMIT_URL + 1}, false, &plain) != NULL, "and longer");
	ok(outgoing_flaw((struct str){"https://a\0b/", 12}, false, &plain) != NULL, "a NUL");
}

static err header(struct str line)
{
	struct ctx c = {0};
	struct client_request r = {
		.method = "GET", .headers = &line, .headers_n = 1, .timeout_ms = 1};
	return outgoing_check(&c, &r);
}

static void headers(void)
{
	const char *good[] = {
		"A: b", "a:b", "Content-Type: text/plain; x=\"y\"", "X: a:b", "X:\tb"};
	for (size_t i = 0; i < countof(good); i++)
		is_int(header(str_z(good[i])), OK, "'%s' may go out", good[i]);
	const char *bad[] = {"", "A", "A:", "A: ", ": b", "A b: c", " A: b", "A: b\r\nC: d",
		"A: b\n", "A;", "A: \x01", "A\t: b", "A: \x7f"};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(header(str_z(bad[i])), ERR_BAD_VALUE, "'%s' may not", bad[i]);
	is_int(header(STR("A: b\0c")), ERR_BAD_VALUE, "nor may a NUL");
}

static err request(struct client_request r)
{
	struct ctx c = {0};
	return outgoing_check(&c, &r);
}

static void requests(void)
{
	is_int(request((struct client_request){.method = "PUT", .timeout_ms = 1}), OK, "little");
	const char *bad[] = {"", "get", "GET ", "GET\r\n", "ABCDEFGHIJKLMNOPQ"};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(request((struct client_request){.method = bad[i], .timeout_ms = 1}),
			ERR_BAD_VALUE, "method '%s'", bad[i]);
	is_int(request((struct client_request){.method = "GET"}), ERR_BAD_VALUE, "no time");
	struct client_request r = {.method = "GET", .timeout_ms = 1};
	r.answer_max = LIMIT_CLIENT_ANSWER;
	is_int(request(r), OK, "the largest answer");
	r.answer_max++;
	is_int(request(r), ERR_BAD_VALUE, "and a larger");
	static char body[LIMIT_CLIENT_ANSWER + 1];
	r = (struct client_request){.method = "POST", .timeout_ms = 1};
	r.body = (struct str){body, sizeof body - 1};
	is_int(request(r), OK, "the largest body");
	r.body.n++;
	is_int(request(r), ERR_TOO_LARGE, "and a larger");
}

int main(void)
{
	addresses();
	headers();
	requests();
	return done_testing();
}
