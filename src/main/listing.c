#include "main/listing.h"

#include <stdio.h>

#include "base/limits.h"

struct str listing_name(const struct json *j, const char *name, const char *id)
{
	struct str text = json_text(json_get(j, name));
	return text.n > 0 ? text : json_text(json_get(j, id));
}

err listing_rows(struct ctx *c, struct table *t, const struct listing *l, const struct json *answer)
{
	const struct json *rows = json_get(answer, l->member);
	for (const struct json *j = rows == NULL ? NULL : rows->first; j != NULL; j = j->next)
		TRY(l->row(c, t, j, l->arg));
	return OK;
}

/* Each page has its own memory; cells are copied into the table. ret_next is -1 behind the last one. */
static err page(struct ctx *c, struct control *k, const struct listing *l, struct table *t,
	int64_t offset, int64_t *ret_next)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx one = {.arena = a};
	const struct json *answer = NULL;
	struct str target;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	TRY(arena_fmt(c, &target, "%s?offset=%lld", l->path, (long long)offset));
	err e = control_call(&one, k, "GET", target, NULL, &answer);
	if (e != OK)
		return fail(c, e, "%s", one.trouble.detail);
	TRY(listing_rows(c, t, l, answer));
	*ret_next = -1;
	(void)json_int(json_get(answer, "next"), ret_next);
	return OK;
}

err listing_print(struct ctx *c, struct control *k, const struct listing *l)
{
	struct table *t;
	int64_t next = 0;
	TRY(table_new(c, l->heads, l->heads_n, &t));
	while (next >= 0 && next < (int64_t)LISTING_MAX)
		TRY(page(c, k, l, t, next, &next));
	TRY(table_print(c, t, l->empty));
	if (next >= 0)
		fprintf(stderr, "shugu: there are more; the first %u are shown\n", LISTING_MAX);
	return OK;
}
