#include "contract/catalog.h"

#include "tests/tap.h"

#include "contract/fixture_test.h"

static struct json *datasets(struct ctx *c, const char *id)
{
	struct json *o = json_object(c), *list = json_array(c);
	json_set_str(c, &o, "@id", str_z(id));
	json_push(&list, o);
	return list;
}

static bool page_is(struct ctx *c, struct pair *p, uint64_t page, const char *id)
{
	const struct json *list = NULL;
	return catalog_page(c, p->b.db, p->s.self.did, page, &list) == OK && list->first != NULL &&
	       str_is(json_text(json_get(list->first, "@id")), id);
}

static void test_asked(struct ctx *c, struct pair *p, struct outbox_row *ret)
{
	struct catalog_row r;
	struct catalog_place at;
	struct outbox_row row;
	is_int(catalog_find(c, p->b.db, p->s.self.did, &r), ERR_NOT_FOUND, "never asked for");
	ok(catalog_ask(c, p->b.acts, p->s.self.did) == OK &&
			catalog_ask(c, p->b.acts, p->s.self.did) == OK,
		"asked for twice");
	ok(pair_row(c, &p->b, "catalog.ask", ret) == OK &&
			str_is(ret->subject, "catalog:did:web:s.example"),
		"is one question");
	ok(pair_row(c, &p->b, "catalog.ask", &row) != OK, "no second one");
	ok(catalog_place(c, p->b.db, ret->subject, &at) == OK && at.page == 0 && at.url.n == 0,
		"from the beginning");
	ok(catalog_find(c, p->b.db, p->s.self.did, &r) == OK && r.pages == 0 && r.fetched_ms == 0,
		"no answer yet");
}

static void test_pages(struct ctx *c, struct pair *p, const struct outbox_row *first)
{
	struct catalog_row r;
	struct catalog_place at;
	struct outbox_row second;
	ok(catalog_continue(c, p->b.acts, first, STR("https://s.example/2")) == OK &&
			catalog_keep(c, p->b.acts, first, datasets(c, "one"), false) == OK,
		"a page that is not the last");
	ok(catalog_find(c, p->b.db, p->s.self.did, &r) == OK && r.pages == 0, "shows nothing yet");
	ok(pair_row(c, &p->b, "catalog.ask", &second) == OK &&
			str_is(second.subject, "catalog:did:web:s.example 1"),
		"the next one is asked for");
	ok(catalog_place(c, p->b.db, second.subject, &at) == OK && at.page == 1 &&
			str_is(at.url, "https://s.example/2"),
		"where it stands");
	is_int(catalog_place(c, p->b.db, first->subject, &at), ERR_GONE, "the first is done with");
	ok(catalog_keep(c, p->b.acts, &second, NULL, true) == OK &&
			catalog_find(c, p->b.db, p->s.self.did, &r) == OK && r.pages == 2 &&
			r.fetched_ms > 0,
		"the last makes it whole");
	ok(page_is(c, p, 0, "one") && !page_is(c, p, 1, "one") && !page_is(c, p, 2, "one"),
		"each page by its number");
}

/* What comes later takes the place of all that was there; what fails leaves it. */
static void test_anew(struct ctx *c, struct pair *p, struct outbox_row *row)
{
	struct catalog_row r;
	ok(catalog_ask(c, p->b.acts, p->s.self.did) == OK &&
			pair_row(c, &p->b, "catalog.ask", row) == OK && page_is(c, p, 0, "one"),
		"asked anew, the old one is still there");
	ok(catalog_failed(c, p->b.acts, p->s.self.did, STR("closed")) == OK &&
			catalog_find(c, p->b.db, p->s.self.did, &r) == OK && r.pages == 2 &&
			str_is(r.reason, "closed"),
		"a no leaves it there, and says so");
	ok(catalog_ask(c, p->b.acts, p->s.self.did) == OK &&
			pair_row(c, &p->b, "catalog.ask", row) == OK &&
			catalog_keep(c, p->b.acts, row, datasets(c, "two"), true) == OK &&
			catalog_find(c, p->b.db, p->s.self.did, &r) == OK && r.pages == 1 &&
			r.reason.n == 0 && page_is(c, p, 0, "two"),
		"a smaller one takes its place");
}

static void test_bound(struct ctx *c, struct pair *p, const struct outbox_row *first)
{
	struct outbox_row row = *first;
	for (unsigned i = 1; i < LIMIT_CATALOG_PAGES; i++)
		ok(catalog_continue(c, p->b.acts, &row, STR("https://s.example/x")) == OK &&
				pair_row(c, &p->b, "catalog.ask", &row) == OK,
			"page %u", i);
	is_int(catalog_continue(c, p->b.acts, &row, STR("https://s.example/x")), ERR_TOO_LARGE,
		"no page behind the last that may be");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct outbox_row row;
	struct pair p;
	if (!ok(pair_open(&c, &p) == OK, "two nodes"))
		printf("# %s\n", c.trouble.detail);
	test_asked(&c, &p, &row);
	test_pages(&c, &p, &row);
	test_anew(&c, &p, &row);
	test_bound(&c, &p, &row);
	ok(acts_tick_end(&c, p.b.acts) == OK, "committed");
	ok(house_replays(&c, &p.b), "the log folds to the same state");
	pair_close(&p);
	return done_testing();
}
