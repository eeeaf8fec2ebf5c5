/* Heads, chunked bodies and the fields that answers depend on. What is taken must mean the same however it arrives:
 * whole or byte by byte. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "net/chunks.h"
#include "net/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct http_request req;

/* Decodes in pieces of step bytes; *ret_sum stands for the data. */
static err decode(struct str in, size_t step, size_t *ret_used, uint64_t *ret_sum)
{
	struct ctx c = {0};
	struct chunks k;
	chunks_init(&k);
	*ret_used = 0;
	*ret_sum = 0;
	while (*ret_used < in.n && !chunks_done(&k)) {
		size_t used;
		struct str data;
		TRY(chunks_feed(&c, &k, str_sub(in, *ret_used, step), &used, &data));
		assert(used > 0 && data.n <= used);
		*ret_used += used;
		for (size_t i = 0; i < data.n; i++)
			*ret_sum = *ret_sum * 31 + (unsigned char)data.p[i] + 1;
	}
	return OK;
}

static void check_chunks(struct str in)
{
	size_t used, used_slowly;
	uint64_t sum, sum_slowly;
	err e = decode(in, SIZE_MAX, &used, &sum);
	assert(decode(in, 1, &used_slowly, &sum_slowly) == e);
	assert(e != OK || (used == used_slowly && sum == sum_slowly));
}

static void check_request(struct ctx *c)
{
	assert(req.n <= LIMIT_HTTP_HEADERS && req.content_length >= 0);
	assert(!(req.chunked && req.has_length));
	assert(str_is(req.path, "*") || (req.path.n > 0 && req.path.p[0] == '/'));
	assert(str_find_str(req.path, STR("/../")) == req.path.n && str_is_utf8(req.path));
	for (size_t i = 0; i < req.n; i++) {
		assert(http_is_token(req.headers[i].name));
		assert(memchr(req.headers[i].value.p, '\n', req.headers[i].value.n) == NULL);
	}
	struct http_range range;
	struct str value;
	if (http_request_range(&req, STR("\"a\""), 1000, &range) == HTTP_RANGE_PART)
		assert(range.length > 0 && range.offset + range.length <= 1000);
	(void)http_not_modified(&req, STR("\"a\""));
	if (http_query(c, req.query, "a", &value) == OK && value.p != NULL)
		assert(str_is_utf8(value));
}

static void check_head(struct ctx *c, struct str in)
{
	size_t scanned = 0, end = 0, slow_scanned = 0, slow_end = 0;
	err e = http_head_end(c, in, &scanned, &end), slow = OK;
	for (size_t n = 1; n <= in.n && slow == OK && slow_end == 0; n++)
		slow = http_head_end(c, str_sub(in, 0, n), &slow_scanned, &slow_end);
	assert(slow == e && slow_end == end);
	if (e != OK || end == 0)
		return;
	if (http_head_parse(c, str_sub(in, 0, end), &req) != OK)
		return;
	check_request(c);
	check_chunks(str_sub(in, end, in.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	/* A copy of its own, so that reading beyond it is seen. */
	char *copy = malloc(n > 0 ? n : 1);
	assert(copy != NULL);
	if (n > 0)
		memcpy(copy, data, n);
	struct ctx c = {.arena = arena_new(1u << 20)};
	check_head(&c, (struct str){copy, n});
	check_chunks((struct str){copy, n});
	arena_free(c.arena);
	free(copy);
	return 0;
}
