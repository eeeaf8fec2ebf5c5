#include "invoice/correction.h"

#include "invoice/fixture_test.h"
#include "tests/tap.h"

#define ARENA (64u << 20)

static struct str operator= {"operator", 8};

static err propose(struct ctx *c, int by, struct str id, int64_t net, bool voids)
{
	struct invoice_record r;
	const struct correction_wish wish = {.net = net, .voids = voids, .reason = STR("agreed")};
	TRY(invoice_record_find(c, nodes[by].db, id, &r));
	(void)!acts_mark(c, nodes[by].n);
	err e = correction_propose(c, nodes[by].n, &r, operator, & wish, NULL);
	if (e == OK)
		TRY(acts_keep(c, nodes[by].n));
	else
		acts_undo(nodes[by].n);
	TRY(acts_tick_end(c, nodes[by].n));
	return e;
}

/* The proposal travels; x is what the other side then has. */
static err carry(struct ctx *c, int by, struct correction_row *x)
{
	struct outbox_row row;
	const struct json *message;
	int other = by == SELLER ? BUYER : SELLER;
	TRY(fixture_next(c, by, &row, &message));
	TRY(acts_tick(c, nodes[other].n));
	TRY(invoice_take_correct(c, nodes[other].n, nodes[other].peer.did, message, x));
	return acts_tick_end(c, nodes[other].n);
}

/* The answer travels back, by its own message. */
static err carry_back(struct ctx *c, int by, struct correction_row *x)
{
	struct json *told;
	const struct json *message;
	int other = by == SELLER ? BUYER : SELLER;
	TRY(invoice_tell_correction_answer(c, nodes[other].n, x, &told));
	ENSURE(told != NULL, c, ERR_NOT_FOUND, "there is no answer");
	TRY(fixture_wire(c, told, &message));
	TRY(acts_tick(c, nodes[by].n));
	TRY(invoice_take_correction_answer(c, nodes[by].n, nodes[by].peer.did, x->id, message, x));
	return acts_tick_end(c, nodes[by].n);
}

static err begin(struct fixture *f, struct invoice_record *s)
{
	struct invoice_record r;
	TRY(fixture_nodes(f));
	TRY(fixture_end(f->c, s));
	return fixture_rows_9_10(f->c, &r);
}

static void is_now(struct ctx *c, struct str id, int64_t net, enum invoice_state state)
{
	for (int i = 0; i < 2; i++) {
		struct invoice_record r;
		struct invoice_file file;
		struct str text;
		is_int(fixture_export(c, i, id, &text, &file), OK, "the file of %d: %s", i,
			c->trouble.detail);
		(void)!invoice_record_find(c, nodes[i].db, id, &r);
		ok(r.now.net == net && file.later.net == net && file.later.tax == r.now.tax,
			"says that %lld is due", (long long)net);
		is_int(r.state, state, "and the state");
	}
	ok(fixture_replays(c, SELLER) && fixture_replays(c, BUYER), "both replay");
}

/* The seller lowers his claim: the buyer's node agrees at once; a second follows the first; then all is void. */
static void downwards(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s;
	struct correction_row x;
	is_int(begin(&f, &s), OK, "an accepted invoice: %s", c.trouble.detail);
	static const int64_t steps[] = {900000, 800000};
	for (size_t i = 0; i < countof(steps); i++) {
		is_int(propose(&c, SELLER, s.id, steps[i], false), OK, "down to %lld: %s",
			(long long)steps[i], c.trouble.detail);
		is_int(propose(&c, SELLER, s.id, 1, false), ERR_BAD_STATE, "one at a time");
		is_int(carry(&c, SELLER, &x), OK, "told: %s", c.trouble.detail);
		is_int(x.state, CORRECTION_IN_FORCE, "agreed at once");
		is_int(carry_back(&c, SELLER, &x), OK, "and answered: %s", c.trouble.detail);
		is_now(&c, s.id, steps[i], INVOICE_CORRECTED);
	}
	is_int(propose(&c, SELLER, s.id, 0, true), OK, "void: %s", c.trouble.detail);
	is_int(carry(&c, SELLER, &x), OK, "told: %s", c.trouble.detail);
	is_int(carry_back(&c, SELLER, &x), OK, "answered: %s", c.trouble.detail);
	is_now(&c, s.id, 0, INVOICE_VOID);
	is_int(propose(&c, SELLER, s.id, 5, false), ERR_BAD_STATE, "and no more after that");
	fixture_close(&f);
	arena_free(c.arena);
}

/* What the buyer proposes, and what goes up again, waits for a person; no is an answer too, and frees the place. */
static void by_person(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s;
	struct correction_row x;
	static const struct inbox_kind *const kinds[] = {&invoicing_correction_inbox};
	const struct inbox in = {kinds, 1};
	struct inbox_page p = {.at = -1, .max = 8};
	struct entry e;
	(void)!begin(&f, &s);
	is_int(propose(&c, BUYER, s.id, 500000, false), OK, "the buyer proposes");
	is_int(carry(&c, BUYER, &x), OK, "told: %s", c.trouble.detail);
	is_int(x.state, CORRECTION_PROPOSED, "it waits");
	is_int(propose(&c, SELLER, s.id, 500000, false), ERR_BAD_STATE,
		"the seller may not cross it");
	ok(inbox_list(&c, nodes[SELLER].db, &in, &p) == OK && p.n == 1, "for a person");
	is_int(invoicing_correction_inbox.refuse(
		       &c, nodes[SELLER].n, operator, x.id, STR("no"), &e),
		OK, "who says no");
	(void)!acts_tick_end(&c, nodes[SELLER].n);
	(void)!invoice_record_correction(&c, nodes[SELLER].db, x.id, &x);
	is_int(carry_back(&c, BUYER, &x), OK, "the buyer hears it: %s", c.trouble.detail);
	is_int(x.state, CORRECTION_DECLINED, "declined");
	is_now(&c, s.id, FIXTURE_NET, INVOICE_ACCEPTED);
	is_int(propose(&c, BUYER, s.id, 400000, false), OK, "and proposes another");
	is_int(carry(&c, BUYER, &x), OK, "told: %s", c.trouble.detail);
	is_int(invoicing_correction_inbox.approve(&c, nodes[SELLER].n, operator, x.id, &e), OK,
		"now yes: %s", c.trouble.detail);
	(void)!acts_tick_end(&c, nodes[SELLER].n);
	(void)!invoice_record_correction(&c, nodes[SELLER].db, x.id, &x);
	is_int(carry_back(&c, BUYER, &x), OK, "heard: %s", c.trouble.detail);
	is_now(&c, s.id, 400000, INVOICE_CORRECTED);
	fixture_close(&f);
	arena_free(c.arena);
}

static void upwards(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s;
	struct correction_row x;
	(void)!begin(&f, &s);
	is_int(propose(&c, SELLER, s.id, FIXTURE_NET + 1, false), ERR_BAD_VALUE,
		"never above the invoice");
	is_int(propose(&c, SELLER, s.id, -1, false), ERR_BAD_VALUE, "nor below nothing");
	is_int(propose(&c, SELLER, s.id, 1, true), ERR_BAD_VALUE, "nor void and something");
	is_int(propose(&c, SELLER, s.id, 1000, false), OK, "down");
	is_int(carry(&c, SELLER, &x), OK, "told");
	is_int(carry_back(&c, SELLER, &x), OK, "answered");
	is_int(propose(&c, SELLER, s.id, 2000, false), OK, "and up again");
	is_int(carry(&c, SELLER, &x), OK, "told");
	is_int(x.state, CORRECTION_PROPOSED, "which waits for a person");
	fixture_close(&f);
	arena_free(c.arena);
}

/* As many as a file holds, and none more. */
static void limit(void)
{
	struct ctx c = {.arena = arena_new(8 * ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s;
	struct correction_row x;
	int64_t net = FIXTURE_NET;
	size_t made = 0;
	(void)!begin(&f, &s);
	while (made < LIMIT_INVOICE_LATER && propose(&c, SELLER, s.id, --net, false) == OK &&
		carry(&c, SELLER, &x) == OK && carry_back(&c, SELLER, &x) == OK)
		made++;
	is_int((long long)made, LIMIT_INVOICE_LATER, "so many corrections: %s", c.trouble.detail);
	is_now(&c, s.id, net, INVOICE_CORRECTED);
	is_int(propose(&c, SELLER, s.id, --net, false), ERR_QUOTA, "and none more");
	fixture_close(&f);
	arena_free(c.arena);
}

int main(void)
{
	downwards();
	by_person();
	upwards();
	limit();
	return done_testing();
}
