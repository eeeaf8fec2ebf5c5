#include "main/pull.h"

#include "base/arena.h"
#include "net/address.h"
#include "net/outgoing.h"
#include "net/trust.h"

#define CONNECT_S 15L
#define SILENT_S 60L /* without a byte */

/* Judged as bytes, after resolution (net/address). */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct pull *p = arg;
	enum address_kind kind = address_kind(&a->addr, NULL);
	bool may = kind == ADDRESS_PUBLIC || (kind == ADDRESS_LOOPBACK && p->loopback);
	if (p->plain)
		may = may && kind == ADDRESS_LOOPBACK;
	if (purpose != CURLSOCKTYPE_IPCXN || !may) {
		p->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

// clang-format off
static const struct {
	CURLoption option;
	long value;
} numbers[] = {
	{CURLOPT_NOSIGNAL, 1},
	{CURLOPT_NOPROGRESS, 1},
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
	{CURLOPT_HTTP09_ALLOWED, 0},
	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_SSL_VERIFYPEER, 1},
	{CURLOPT_SSL_VERIFYHOST, 2},
	{CURLOPT_CONNECTTIMEOUT, CONNECT_S},
	{CURLOPT_LOW_SPEED_LIMIT, 1},
	{CURLOPT_LOW_SPEED_TIME, SILENT_S},
	{CURLOPT_BUFFERSIZE, 256l << 10},
};
// clang-format on

static err trust(struct ctx *c, const struct pull_task *task, struct pull *p)
{
	struct trust *t = NULL;
	if (task->authorities.n > 0)
		TRY(trust_read(c, arena_z(c->arena, task->authorities), &t));
	ENSURE(trust_use(t, p->easy) == CURLE_OK, c, ERR_MEMORY, "no memory for a request");
	return OK;
}

static err bearer(struct ctx *c, struct str token, struct pull *p)
{
	struct str line;
	for (size_t i = 0; i < token.n; i++)
		ENSURE(token.p[i] >= ' ' && token.p[i] <= '~', c, ERR_BAD_VALUE,
			"what opens the data holds what no header can");
	if (token.n == 0)
		return OK;
	TRY(arena_fmt(c, &line, "Authorization: Bearer %.*s", FMT(token)));
	p->headers = curl_slist_append(NULL, line.p);
	ENSURE(p->headers != NULL, c, ERR_MEMORY, "no memory for a request");
	return OK;
}

err pull_open(struct ctx *c, struct pull *ret, const struct pull_task *task,
	curl_write_callback on_body, void *arg)
{
	int bad = 0;
	const char *flaw = outgoing_flaw(task->url, task->loopback, &ret->plain);
	ENSURE(flaw == NULL, c, ERR_FORBIDDEN_ADDRESS, "%s", flaw);
	ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, c, ERR_MEMORY, "no libcurl");
	ret->loopback = task->loopback;
	ret->easy = curl_easy_init();
	ENSURE(ret->easy != NULL, c, ERR_MEMORY, "no memory for a request");
	TRY(bearer(c, task->token, ret));
	for (size_t i = 0; i < countof(numbers); i++)
		bad |= (int)curl_easy_setopt(ret->easy, numbers[i].option, numbers[i].value);
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_PROXY, "");
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_HTTPHEADER, ret->headers);
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_ERRORBUFFER, ret->detail);
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_OPENSOCKETDATA, ret);
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_WRITEFUNCTION, on_body);
	bad |= (int)curl_easy_setopt(ret->easy, CURLOPT_WRITEDATA, arg);
	ENSURE(bad == 0, c, ERR_MEMORY, "no memory for a request");
	return trust(c, task, ret);
}

void pull_close(struct pull *p)
{
	curl_slist_free_all(p->headers);
	curl_easy_cleanup(p->easy);
}
