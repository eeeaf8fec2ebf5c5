#include "contract/catalog.h"

#include "base/limits.h"
#include "contract/catalog_store.h"

#define ASKED_AGAIN_MS 60000

const struct module catalog_module = {
	.name = "catalog", .migrations = catalog_migrations, .migrations_n = 1};

err catalog_ask(struct ctx *c, struct acts *n, struct str party)
{
	struct catalog_row known;
	struct str line;
	int64_t now = acts_now_ms(n);
	err e = catalog_store_find(c, acts_db(n), party, &known);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	bool waiting = e == OK && known.asked_ms > known.fetched_ms && known.reason.n == 0 &&
		       now - known.asked_ms < ASKED_AGAIN_MS;
	if (waiting)
		return OK;
	TRY(acts_tick(c, n));
	TRY(catalog_store_asked(c, acts_db(n), party, now));
	TRY(arena_fmt(c, &line, "catalog:%.*s", FMT(party)));
	TRY(catalog_store_drop_next(c, acts_db(n), line));
	const struct outbox_row row = {.peer = party, .kind = STR("catalog.ask"), .subject = line};
	return outbox_put(c, n, &row, 0);
}

/* Line and page of a subject. */
static void split(struct str subject, struct catalog_place *ret)
{
	struct str line, page;
	*ret = (struct catalog_place){.line = subject};
	if (str_cut(subject, ' ', &line, &page) && str_u64(page, &ret->page))
		ret->line = line;
}

err catalog_place(struct ctx *c, struct store *db, struct str subject, struct catalog_place *ret)
{
	struct catalog_place at;
	uint64_t page = 0;
	split(subject, &at);
	TRY(catalog_store_next(c, db, at.line, &page, &at.url));
	ENSURE(page == at.page, c, ERR_GONE, "another page of this catalogue is asked for");
	*ret = at;
	return OK;
}

err catalog_continue(struct ctx *c, struct acts *n, const struct outbox_row *row, struct str url)
{
	struct catalog_place at;
	struct outbox_row next = *row;
	split(row->subject, &at);
	ENSURE(at.page + 1 < LIMIT_CATALOG_PAGES, c, ERR_TOO_LARGE,
		"the catalogue has more than %u pages; ask for a product by its name",
		LIMIT_CATALOG_PAGES);
	TRY(catalog_store_put_next(c, acts_db(n), at.line, at.page + 1, url));
	TRY(arena_fmt(
		c, &next.subject, "%.*s %llu", FMT(at.line), (unsigned long long)at.page + 1));
	return outbox_put(c, n, &next, 0);
}

err catalog_keep(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct json *datasets, bool last)
{
	struct catalog_place at;
	struct str body = STR("[]");
	split(row->subject, &at);
	TRY(acts_tick(c, n));
	if (datasets != NULL)
		TRY(json_write(c, datasets, false, LIMIT_HTTP_BODY, &body));
	TRY(catalog_store_put_page(c, acts_db(n), row->peer, at.page, body));
	if (!last)
		return OK;
	TRY(catalog_store_drop_next(c, acts_db(n), at.line));
	return catalog_store_whole(c, acts_db(n), row->peer, acts_now_ms(n));
}

err catalog_failed(struct ctx *c, struct acts *n, struct str party, struct str reason)
{
	TRY(acts_tick(c, n));
	return catalog_store_failed(c, acts_db(n), party, reason);
}

err catalog_find(struct ctx *c, struct store *db, struct str party, struct catalog_row *ret)
{
	return catalog_store_find(c, db, party, ret);
}

err catalog_page(
	struct ctx *c, struct store *db, struct str party, uint64_t page, const struct json **ret)
{
	struct str body;
	TRY(catalog_store_page(c, db, party, page, &body));
	return json_parse(c, body, ret);
}
