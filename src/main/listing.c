#include "main/listing.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#define CURSOR_MAX 1024u

/* How far a list has been read. */
struct at {
	char cursor[CURSOR_MAX];
	size_t rows;
	bool more;
};

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

/* The cursor outlives the memory of its page; it is empty behind the last. */
static err go_on(struct ctx *c, const struct json *answer, struct at *at)
{
	struct str next = json_text(json_get(answer, "next"));
	ENSURE(next.n < sizeof at->cursor, c, ERR_TOO_LARGE, "the node gave a cursor too long");
	if (next.n > 0)
		memcpy(at->cursor, next.p, next.n);
	at->cursor[next.n] = '\0';
	at->more = next.n > 0;
	return OK;
}

static err fetch(struct ctx *c, struct control *k, const struct listing *l, struct at *at,
	const struct json **ret)
{
	struct str target = str_z(l->path);
	if (at->cursor[0] != '\0')
		TRY(arena_fmt(c, &target, "%s?cursor=%s", l->path, at->cursor));
	TRY(control_call(c, k, "GET", target, NULL, ret));
	const struct json *rows = json_get(*ret, l->member);
	at->rows += rows == NULL ? 0 : rows->n;
	return go_on(c, *ret, at);
}

/* Each page has its own memory; cells are copied into the table. */
static err page(
	struct ctx *c, struct control *k, const struct listing *l, struct table *t, struct at *at)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx one = {.arena = a};
	const struct json *answer = NULL;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	err e = fetch(&one, k, l, at, &answer);
	if (e != OK)
		return fail(c, e, "%s", one.trouble.detail);
	return listing_rows(c, t, l, answer);
}

static err csv_rows(struct ctx *c, struct control *k, const struct listing *l, struct at *at)
{
	const struct json *answer = NULL;
	struct table *t;
	TRY(fetch(c, k, l, at, &answer));
	TRY(table_new(c, l->heads, l->heads_n, &t));
	TRY(listing_rows(c, t, l, answer));
	return table_print_csv(c, t);
}

/* No page is kept. */
static err print_csv(struct ctx *c, struct control *k, const struct listing *l)
{
	struct at at = {.more = true};
	TRY(table_print_csv_heads(c, l->heads, l->heads_n));
	while (at.more && at.rows < LISTING_CSV_MAX) {
		cleanup(arena_freep) struct arena *a = arena_new(2 * LIMIT_REQUEST_ARENA);
		struct ctx one = {.arena = a};
		ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
		err e = csv_rows(&one, k, l, &at);
		if (e != OK)
			return fail(c, e, "%s", one.trouble.detail);
	}
	ENSURE(!at.more, c, ERR_TOO_LARGE, "there are more than %u rows; the list ends early",
		LISTING_CSV_MAX);
	return OK;
}

err listing_print(
	struct ctx *c, struct control *k, const struct listing *l, const struct options *o)
{
	struct table *t;
	struct at at = {.more = true};
	if (option_set(o, "csv"))
		return print_csv(c, k, l);
	TRY(table_new(c, l->heads, l->heads_n, &t));
	while (at.more && at.rows < LISTING_MAX)
		TRY(page(c, k, l, t, &at));
	TRY(table_print(c, t, l->empty));
	if (at.more)
		fprintf(stderr,
			"shugu: there are more; the first %u are shown, --csv writes all of them\n",
			LISTING_MAX);
	return OK;
}

static err json_rows(struct ctx *c, struct control *k, const struct listing *l, struct at *at)
{
	const struct json *answer = NULL;
	struct str text;
	bool first = at->rows == 0;
	TRY(fetch(c, k, l, at, &answer));
	const struct json *rows = json_get(answer, l->member);
	for (const struct json *j = rows == NULL ? NULL : rows->first; j != NULL; j = j->next) {
		TRY(json_write(c, j, false, LIMIT_HTTP_BODY, &text));
		printf("%s%.*s", first ? "" : ",", FMT(text));
		first = false;
	}
	return OK;
}

err listing_json(struct ctx *c, struct control *k, const struct listing *l, const char *name)
{
	struct at at = {.more = true};
	printf(name != NULL ? "{\"%s\":[" : "[", name);
	while (at.more) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx one = {.arena = a};
		ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
		err e = json_rows(&one, k, l, &at);
		if (e != OK)
			return fail(c, e, "%s", one.trouble.detail);
	}
	printf(name != NULL ? "]}\n" : "]\n");
	return OK;
}
