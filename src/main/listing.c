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

/* ret_next is -1 behind the last page. */
static err fetch(struct ctx *c, struct control *k, const struct listing *l, int64_t offset,
	const struct json **ret, int64_t *ret_next)
{
	struct str target;
	TRY(arena_fmt(c, &target, "%s?offset=%lld", l->path, (long long)offset));
	TRY(control_call(c, k, "GET", target, NULL, ret));
	*ret_next = -1;
	(void)json_int(json_get(*ret, "next"), ret_next);
	return OK;
}

/* Each page has its own memory; cells are copied into the table. */
static err page(
	struct ctx *c, struct control *k, const struct listing *l, struct table *t, int64_t *next)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx one = {.arena = a};
	const struct json *answer = NULL;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	err e = fetch(&one, k, l, *next, &answer, next);
	if (e != OK)
		return fail(c, e, "%s", one.trouble.detail);
	return listing_rows(c, t, l, answer);
}

static err csv_rows(struct ctx *c, struct control *k, const struct listing *l, int64_t *next)
{
	const struct json *answer = NULL;
	struct table *t;
	TRY(fetch(c, k, l, *next, &answer, next));
	TRY(table_new(c, l->heads, l->heads_n, &t));
	TRY(listing_rows(c, t, l, answer));
	return table_print_csv(c, t);
}

/* No page is kept. */
static err print_csv(struct ctx *c, struct control *k, const struct listing *l)
{
	int64_t next = 0;
	TRY(table_print_csv_heads(c, l->heads, l->heads_n));
	while (next >= 0 && next < (int64_t)LISTING_CSV_MAX) {
		cleanup(arena_freep) struct arena *a = arena_new(2 * LIMIT_REQUEST_ARENA);
		struct ctx one = {.arena = a};
		ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
		err e = csv_rows(&one, k, l, &next);
		if (e != OK)
			return fail(c, e, "%s", one.trouble.detail);
	}
	ENSURE(next < 0, c, ERR_TOO_LARGE, "there are more than %u rows; the list ends early",
		LISTING_CSV_MAX);
	return OK;
}

err listing_print(
	struct ctx *c, struct control *k, const struct listing *l, const struct options *o)
{
	struct table *t;
	int64_t next = 0;
	if (option_set(o, "csv"))
		return print_csv(c, k, l);
	TRY(table_new(c, l->heads, l->heads_n, &t));
	while (next >= 0 && next < (int64_t)LISTING_MAX)
		TRY(page(c, k, l, t, &next));
	TRY(table_print(c, t, l->empty));
	if (next >= 0)
		fprintf(stderr,
			"shugu: there are more; the first %u are shown, --csv writes all of them\n",
			LISTING_MAX);
	return OK;
}
