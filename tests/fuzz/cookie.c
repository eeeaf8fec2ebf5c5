/* The Cookie field. What must hold for any bytes: a value that is found stands in the field behind its name and holds
 * nothing that could end a header or a cookie; what a second field or the same name again would change is refused. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "net/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* As api/session.c makes it for some node. */
#define NAME "shugu_session_01234567"
#define LENGTH (sizeof NAME "=" - 1)

static struct http_request req;

static void check(struct ctx *c, struct str field)
{
	struct str value, again;
	req.n = 1;
	req.headers[0] = (struct http_header){STR("Cookie"), field};
	err e = http_cookie(c, &req, NAME, &value);
	assert(e == OK || e == ERR_MALFORMED);
	if (e == OK && value.p != NULL) {
		assert(value.p >= field.p + LENGTH && value.p + value.n <= field.p + field.n);
		assert(memcmp(value.p - LENGTH, NAME "=", LENGTH) == 0);
		for (size_t i = 0; i < value.n; i++)
			assert(value.p[i] > ' ' && value.p[i] <= '~' && value.p[i] != ';');
	}
	/* Beside another cookie it is the same. */
	struct str text;
	e = arena_fmt(c, &text, "a=1; %.*s", FMT(field)) == OK ? e : ERR_MEMORY;
	req.headers[0].value = text;
	if (memchr(field.p, '\0', field.n) == NULL) {
		assert(http_cookie(c, &req, NAME, &again) == e);
		assert(e != OK || str_eq(value, again));
	}
	req.n = 2;
	req.headers[1] = (struct http_header){STR("cookie"), field};
	assert(http_cookie(c, &req, NAME, &again) == ERR_MALFORMED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *copy = malloc(n > 0 ? n : 1);
	assert(copy != NULL);
	if (n > 0)
		memcpy(copy, data, n);
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	if (n <= LIMIT_HTTP_HEAD)
		check(&c, (struct str){copy, n});
	free(copy);
	return 0;
}
