#include "main/probe.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/env.h"
#include "net/address.h"

static size_t drop(char *bytes, size_t one, size_t n, void *arg)
{
	(void)bytes;
	(void)arg;
	return one * n;
}

/* The Date field, in whole seconds (RFC 9110, 6.6.1). */
static size_t on_header(char *bytes, size_t one, size_t n, void *arg)
{
	struct probe *p = arg;
	struct str line = {bytes, one * n}, name, value;
	char text[64];
	if (!str_cut(line, ':', &name, &value) || !str_is_nocase(name, "Date"))
		return one * n;
	value = str_trim(value);
	(void)snprintf(text, sizeof text, "%.*s", FMT(str_sub(value, 0, sizeof text - 1)));
	time_t at = curl_getdate(text, NULL);
	p->has_time = at != (time_t)-1;
	p->skew_ms = (int64_t)at * 1000 - env_now_ms(&env_system);
	return one * n;
}

/* Judged as bytes, after resolution (net/address): a partner's name may lead anywhere. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	const bool *loopback = arg;
	enum address_kind kind = address_kind(&a->addr, NULL);
	bool may = kind == ADDRESS_PUBLIC || (kind == ADDRESS_LOOPBACK && *loopback);
	if (purpose != CURLSOCKTYPE_IPCXN || !may)
		return CURL_SOCKET_BAD;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

err probe_partner(struct ctx *c, struct str url, bool loopback, struct probe *ret)
{
	char why[CURL_ERROR_SIZE] = "";
	struct str target;
	long status = 0;
	int bad = 0;
	TRY(arena_fmt(c, &target, "%.*s/healthz", FMT(url)));
	*ret = (struct probe){.reached = false};
	CURL *h = curl_easy_init();
	ENSURE(h != NULL, c, ERR_MEMORY, "no memory for a look at a partner");
	bad |= (int)curl_easy_setopt(h, CURLOPT_URL, target.p);
	bad |= (int)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= (int)curl_easy_setopt(h, CURLOPT_PROXY, "");
	bad |= (int)curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)PROBE_S);
	bad |= (int)curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	bad |= (int)curl_easy_setopt(h, CURLOPT_ERRORBUFFER, why);
	bad |= (int)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, drop);
	bad |= (int)curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
	bad |= (int)curl_easy_setopt(h, CURLOPT_HEADERDATA, ret);
	bad |= (int)curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_open);
	bad |= (int)curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, &loopback);
	CURLcode done = bad == 0 ? curl_easy_perform(h) : CURLE_FAILED_INIT;
	(void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	ret->reached = done == CURLE_OK;
	ret->status = (int)status;
	(void)snprintf(ret->detail, sizeof ret->detail, "%s",
		why[0] != '\0' ? why : curl_easy_strerror(done));
	curl_easy_cleanup(h);
	return OK;
}
