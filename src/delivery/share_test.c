#include "delivery/share.h"

#include "tests/tap.h"

#include "codec/uuid.h"
#include "delivery/fixture_test.h"
#include "delivery/meter.h"

#define DAY_MS 86400000ll

static err make(
	struct ctx *c, struct deal *d, int64_t count, int64_t until_ms, struct share_row *ret)
{
	struct revision p;
	struct entry e;
	TRY(product_find(c, d->p.s.db, d->s.product, &p));
	const struct share_wish wish = {&p, STR("Zhang San"), count, until_ms};
	TRY(share_make(c, d->p.s.acts, STR("operator"), &wish, &e));
	return share_find(c, d->p.s.db, e.subject, ret);
}

/* A person takes; the delivery that follows. */
static err taken(struct ctx *c, struct deal *d, const struct share_row *s, struct delivery_row *ret)
{
	struct revision p;
	struct entry e;
	struct str id;
	TRY(product_find(c, d->p.s.db, s->product, &p));
	TRY(uuid_new_urn(c, acts_env(d->p.s.acts), &id));
	const struct link_taking w = {s->id, STR("Zhang San, Example"), id, &p};
	TRY(agreement_link(c, d->p.s.acts, &w, &e));
	return delivery_find(c, d->p.s.db, id, ret);
}

static void test_taking(struct ctx *c)
{
	struct deal d;
	struct share_row s;
	struct delivery_row row;
	struct agreement_row a;
	size_t n = 0;
	is_int(deal_open(c, &d, "once"), OK, "a seller");
	is_int(make(c, &d, 2, house_now + DAY_MS, &s), OK, "a link for two takings");
	ok(str_is(s.recipient, "Zhang San"), "is for somebody");
	ok(s.secret.n == 43 && s.taken == 0, "opened by 32 random bytes, and not taken yet");
	is_int(taken(c, &d, &s, &row), OK, "a person takes");
	ok(row.state == DELIVERY_STARTED && !row.waits && !row.joined, "the delivery has started");
	ok(row.has_manifest && !row.has_request && row.ask.known == false, "by M alone");
	ok(agreement_find(c, d.p.s.db, row.agreement, &a) == OK && a.state == AGREEMENT_FINALIZED &&
			a.receipt_within == 0 && a.offered.known,
		"under an agreement that is final and waits for no receipt");
	ok(str_eq(a.peer, s.id), "whose other party is the link");
	is_int(taken(c, &d, &s, &row), OK, "the second, in another agreement");
	is_int(taken(c, &d, &s, &row), ERR_TERM_REFUSES, "not a third");
	ok(strstr(c->trouble.detail, "2 of 2") != NULL, "%s", c->trouble.detail);
	is_int(meter_left(c, d.p.s.acts, &row, 1000, true), OK, "all has left");
	ok(delivery_overdue(c, d.p.s.acts, house_now + 1, &n) == OK && n == 1,
		"so the invoice is due at once");
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

static void test_end(struct ctx *c)
{
	struct deal d;
	struct share_row s, again;
	struct delivery_row row, now;
	struct entry e;
	is_int(deal_open(c, &d, "open"), OK, "a seller");
	is_int(make(c, &d, 0, house_now + DAY_MS, &s), ERR_BAD_VALUE, "no link for nothing");
	is_int(make(c, &d, 1, house_now, &s), ERR_BAD_VALUE, "none that is over");
	is_int(make(c, &d, 1, house_now + 400 * DAY_MS, &s), ERR_BAD_VALUE, "none for ever");
	is_int(make(c, &d, 9, house_now + DAY_MS, &s), OK, "a link for a day");
	ok(share_by_token(c, d.p.s.db, s.secret, &again) == OK && str_eq(again.id, s.id),
		"found by its token");
	is_int(share_by_token(c, d.p.s.db, STR("x"), &again), ERR_NOT_FOUND, "and by no other");
	is_int(share_gives(c, &s, s.until_ms), OK, "it gives to the last moment");
	is_int(share_gives(c, &s, s.until_ms + 1), ERR_GONE, "and no longer");
	is_int(taken(c, &d, &s, &row), OK, "a person takes");
	is_int(meter_slice(c, d.p.s.db, row.id, s.until_ms, &now, NULL), OK, "bytes leave");
	is_int(meter_slice(c, d.p.s.db, row.id, s.until_ms + 1, &now, NULL), ERR_GONE,
		"not beyond the end");
	is_int(share_end(c, d.p.s.acts, STR("operator"), s.id, STR("sent to the wrong one"), &e),
		OK, "it is revoked");
	is_int(meter_slice(c, d.p.s.db, row.id, house_now, &now, NULL), ERR_GONE,
		"no further slice leaves");
	is_int(taken(c, &d, &s, &row), ERR_GONE, "nobody takes any more");
	is_int(share_end(c, d.p.s.acts, STR("operator"), s.id, STR("again"), &e), ERR_GONE,
		"it is revoked once");
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	test_taking(&c);
	test_end(&c);
	return done_testing();
}
