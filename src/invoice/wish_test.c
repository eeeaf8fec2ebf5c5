#include "invoice/wish.h"

#include "tests/tap.h"

#include "invoice/fixture_test.h"

#define BOB "person:urn:uuid:01980000-0000-7000-8000-00000000000b#finance"

static struct ctx c;

static err two_people(int which)
{
	struct json *rules = json_object(&c);
	json_set(&rules, "twoPeople", json_bool(&c, true));
	TRY(invoicing_policy(&c, nodes[which].n, STR("operator"), rules));
	return acts_tick_end(&c, nodes[which].n);
}

static size_t waiting(int which)
{
	static const struct inbox_kind *const kinds[] = {&wish_inbox};
	const struct inbox in = {kinds, 1};
	struct inbox_page p = {.at = -1, .max = 8};
	return inbox_list(&c, nodes[which].db, &in, &p) == OK ? p.n : 99;
}

static void test_own(struct invoice_record *r)
{
	const struct correction_wish wish = {.net = r->issued.net - 100, .reason = STR("less")};
	struct wish_row w;
	struct correction_row x;
	struct entry e;
	struct acts *n = nodes[SELLER].n;
	is_int(correction_propose(&c, n, r, STR("operator"), &wish, NULL), ERR_FORBIDDEN,
		"nobody corrects alone");
	is_int(wish_propose(&c, n, r, STR("operator"), &wish, &e), OK, "one wishes it");
	ok(str_is(e.type, "invoice.assent") && waiting(SELLER) == 1, "which waits");
	is_int(wish_propose(&c, n, r, STR(BOB), &wish, NULL), ERR_BAD_STATE, "one wish at a time");
	is_int(invoice_store_wish(&c, nodes[SELLER].db, r->id, &w), OK, "it is kept");
	is_int(wish_inbox.approve(&c, n, STR("operator"), w.id, &e), ERR_FORBIDDEN,
		"not twice the same");
	const struct correction_wish other = {.net = r->issued.net - 200, .reason = STR("less")};
	is_int(correction_propose(&c, n, r, STR(BOB), &other, NULL), ERR_PRECONDITION,
		"nor something else");
	is_int(wish_inbox.refuse(&c, n, STR(BOB), w.id, STR("no"), &e), OK, "the second says no");
	ok(str_is(e.type, "invoice.drop") && waiting(SELLER) == 0, "and nothing waits");
	is_int(wish_propose(&c, n, r, STR("operator"), &wish, &e), OK, "wished again");
	is_int(invoice_store_wish(&c, nodes[SELLER].db, r->id, &w), OK, "and kept");
	is_int(wish_inbox.approve(&c, n, STR(BOB), w.id, &e), OK, "the second says yes");
	ok(str_is(e.type, "invoice.correct") && str_is(e.actor, BOB) && waiting(SELLER) == 0,
		"X is proposed, by name");
	is_int(invoice_store_correction(
		       &c, nodes[SELLER].db, json_text(json_get(e.body, "correction")), &x),
		OK, "it is open");
	is_int(x.change.net, -100, "as wished");
	is_int(acts_tick_end(&c, n), OK, "told");
}

/* The seller's X at the buyer, whose node would agree to less by itself. */
static void test_theirs(void)
{
	struct outbox_row row;
	const struct json *message = NULL;
	struct correction_row x[2];
	struct entry e;
	struct acts *n = nodes[BUYER].n;
	size_t rows = 0;
	ok(fixture_next(&c, SELLER, &row, &message) == OK, "X is sent");
	is_int(acts_tick(&c, n), OK, "a tick");
	ok(invoice_take_correct(&c, n, nodes[BUYER].peer.did, message, &x[0]) == OK, "and comes");
	ok(invoice_store_proposed(&c, nodes[BUYER].db, -1, 2, x, &rows) == OK && rows == 1,
		"it waits, though it is a gift");
	is_int(invoicing_correction_inbox.approve(&c, n, STR("operator"), x[0].id, &e), OK,
		"one says yes");
	ok(str_is(e.type, "invoice.assent"), "which is the first");
	is_int(invoicing_correction_inbox.approve(&c, n, STR("operator"), x[0].id, &e),
		ERR_FORBIDDEN, "not twice the same");
	is_int(invoicing_correction_inbox.approve(&c, n, STR(BOB), x[0].id, &e), OK,
		"the second says yes");
	ok(str_is(e.type, "invoice.agree"), "and it is in force");
	is_int(acts_tick_end(&c, n), OK, "done");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct invoice_record r, seller;
	c = (struct ctx){.arena = a};
	struct fixture f = {.c = &c};
	if (!ok(fixture_nodes(&f) == OK && fixture_end(&c, &r) == OK &&
			    fixture_rows_9_10(&c, &seller) == OK,
		    "an invoice"))
		printf("# %s\n", c.trouble.detail);
	ok(two_people(SELLER) == OK && two_people(BUYER) == OK, "two people correct");
	test_own(&seller);
	test_theirs();
	ok(fixture_replays(&c, SELLER) && fixture_replays(&c, BUYER),
		"both logs fold to their state");
	fixture_close(&f);
	return done_testing();
}
