/* The requests of a child that fetches (cmd_fetch, cmd_draw): one libcurl handle, set up as the node's own client is: HTTP/1.1
 * to https:// addresses (http:// to the loopback alone, where it is allowed), every address judged after resolution, no
 * redirect, proxy or cookie. The caller sets the address and performs. */
#pragma once

#include <curl/curl.h>

#include "base/err.h"
#include "base/str.h"

struct pull_task {
	struct str url, token;  /* token may be empty */
	struct str authorities; /* path of further ones, or empty */
	bool loopback;
};

struct pull {
	CURL *easy;
	struct curl_slist *headers;
	bool plain, loopback;
	bool forbidden; /* an address was refused */
	char detail[CURL_ERROR_SIZE];
};

/* ret must stay where it is until it is closed. ERR_FORBIDDEN_ADDRESS; ERR_BAD_VALUE: a token that no header can hold;
 * ERR_MEMORY. */
must_use err pull_open(struct ctx *c, struct pull *ret, const struct pull_task *task,
	curl_write_callback on_body, void *arg);
void pull_close(struct pull *p);
