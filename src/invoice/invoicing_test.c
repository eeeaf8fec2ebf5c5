#include "invoice/invoicing.h"

#include "invoice/fixture_test.h"
#include "tests/tap.h"

#define ARENA (64u << 20)

static struct str operator= {"operator", 8};

/* One I for each delivery: what ends again issues nothing more. */
static void once(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s, again, list[4];
	size_t n = 0;
	is_int(fixture_nodes(&f), OK, "two nodes: %s", c.trouble.detail);
	is_int(fixture_end(&c, &s), OK, "an invoice: %s", c.trouble.detail);
	is_int(fixture_end(&c, &again), OK, "the delivery ends again");
	ok(str_eq(s.id, again.id), "the same invoice");
	ok(invoice_record_list(&c, nodes[SELLER].db, INT64_MAX, STR(""), 4, list, &n) == OK &&
			n == 1,
		"and no more");
	fixture_close(&f);
	arena_free(c.arena);
}

/* A person decides: 202, then the acceptance is a message of its own; or a dispute with a reason. */
static void by_person(bool yes)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s, r;
	struct outbox_row row;
	const struct json *message;
	static const struct inbox_kind *const kinds[] = {&invoicing_inbox};
	const struct inbox in = {kinds, 1};
	struct inbox_page p = {.at = -1, .max = 8};
	struct entry e;
	struct acts *n;
	(void)!fixture_nodes(&f);
	(void)!fixture_end(&c, &s);
	n = nodes[BUYER].n;
	struct json *rules = json_object(&c);
	json_set_str(&c, &rules, "acceptance", STR("person"));
	is_int(invoicing_policy(&c, n, operator, rules), OK, "a person decides");
	json_set_str(&c, &rules, "acceptance", STR("nobody"));
	is_int(invoicing_policy(&c, n, operator, rules), ERR_BAD_VALUE, "or somebody");
	is_int(fixture_rows_9_10(&c, &r), OK, "it came: %s", c.trouble.detail);
	is_int(r.state, INVOICE_ISSUED, "and has no answer yet");
	ok(inbox_list(&c, nodes[BUYER].db, &in, &p) == OK && p.n == 1 &&
			str_eq(json_text(json_get(p.rows[0].json, "id")), s.id),
		"it waits");
	if (yes)
		is_int(invoicing_inbox.approve(&c, n, operator, s.id, &e), OK, "yes");
	else
		is_int(invoicing_inbox.refuse(&c, n, operator, s.id, STR("too late"), &e), OK,
			"no");
	ok(str_is(e.type, yes ? "invoice.accept" : "invoice.dispute"), "is an act");
	is_int(invoicing_inbox.approve(&c, n, operator, s.id, &e), ERR_NOT_FOUND, "once");
	is_int(acts_tick_end(&c, n), OK, "in a tick");
	is_int(fixture_next(&c, BUYER, &row, &message), OK, "the seller is told");
	ok(str_is(row.kind, yes ? "invoice.accept" : "invoice.dispute"), "by a row of that kind");
	(void)!acts_tick(&c, nodes[SELLER].n);
	if (yes)
		is_int(invoice_take_accept(
			       &c, nodes[SELLER].n, STR("did:web:b.example"), s.id, message, &r),
			OK, "and takes it: %s", c.trouble.detail);
	else
		is_int(invoice_take_dispute(
			       &c, nodes[SELLER].n, STR("did:web:b.example"), message, &r),
			OK, "and takes it: %s", c.trouble.detail);
	is_int(acts_tick_end(&c, nodes[SELLER].n), OK, "in a tick");
	is_int(r.state, yes ? INVOICE_ACCEPTED : INVOICE_DISPUTED, "the state is that");
	ok(fixture_replays(&c, SELLER) && fixture_replays(&c, BUYER), "both replay");
	fixture_close(&f);
	arena_free(c.arena);
}

/* P after acceptance, by either side: the signatures stand, the invoice is contested. */
static void disputed_later(int by)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s, r, mine;
	struct outbox_row row;
	const struct json *message;
	struct invoice_file file;
	struct str text;
	int other = by == SELLER ? BUYER : SELLER;
	(void)!fixture_nodes(&f);
	(void)!fixture_end(&c, &s);
	(void)!fixture_rows_9_10(&c, &r);
	(void)!invoice_record_find(&c, nodes[by].db, s.id, &mine);
	is_int(invoicing_dispute(&c, nodes[by].n, &mine, operator, STR("wrong lines"), true, NULL),
		OK, "%d disputes: %s", by, c.trouble.detail);
	(void)!acts_tick_end(&c, nodes[by].n);
	is_int(fixture_next(&c, by, &row, &message), OK, "the other is told");
	for (int i = 0; i < 2; i++) {
		(void)!acts_tick(&c, nodes[other].n);
		is_int(invoice_take_dispute(&c, nodes[other].n, nodes[other].peer.did, message, &r),
			OK, "and takes it, also twice: %s", c.trouble.detail);
		(void)!acts_tick_end(&c, nodes[other].n);
	}
	is_int(r.state, INVOICE_DISPUTED, "it is disputed");
	for (int i = 0; i < 2; i++) {
		is_int(fixture_export(&c, i, s.id, &text, &file), OK, "the file of %d: %s", i,
			c.trouble.detail);
		ok(file.label == LABEL_RECORDED && file.later.disputed &&
				str_is(file.later.reason, "wrong lines"),
			"is recorded and disputed");
	}
	ok(fixture_replays(&c, SELLER) && fixture_replays(&c, BUYER), "both replay");
	fixture_close(&f);
	arena_free(c.arena);
}

/* No receipt came in time, and then one did: I2 takes the place of I by an X that lowers nothing. */
static void late_receipt(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c, .no_receipt = true};
	struct invoice_record s, r, list[4];
	struct correction_row x;
	struct outbox_row row;
	const struct json *message;
	struct invoice_file file;
	struct str text;
	size_t n = 0;
	(void)!fixture_nodes(&f);
	(void)!fixture_end(&c, &s);
	ok(!s.has_receipt, "an invoice without receipt");
	is_int(fixture_rows_9_10(&c, &r), OK, "sent: %s", c.trouble.detail);
	is_int(r.state, INVOICE_ACCEPTED, "the buyer has none either, and accepts");
	for (int i = 0; i < 2; i++) {
		nodes[i].delivery.has_receipt = true;
		nodes[i].delivery.receive = fixture_place(true, 5);
		nodes[i].delivery.end = fixture_place(false, 6);
	}
	is_int(fixture_end(&c, &s), OK, "then a receipt comes: %s", c.trouble.detail);
	ok(invoice_record_list(&c, nodes[SELLER].db, INT64_MAX, STR(""), 4, list, &n) == OK &&
			n == 2,
		"there are two invoices");
	struct json *told = NULL;
	const struct str fresh = str_eq(list[0].id, s.id) ? list[1].id : list[0].id;
	(void)!invoice_record_find(&c, nodes[SELLER].db, fresh, &r);
	(void)!invoice_tell(&c, nodes[SELLER].n, STR("did:web:b.example"), r.own, &told);
	(void)!acts_mark(&c, nodes[BUYER].n);
	is_int(invoice_take_issue(&c, nodes[BUYER].n, STR("did:web:s.example"), told, &r),
		ERR_CONFLICT, "the second is refused while no correction names it");
	acts_undo(nodes[BUYER].n);
	is_int(fixture_next(&c, SELLER, &row, &message), OK, "the correction goes first");
	(void)!acts_tick(&c, nodes[BUYER].n);
	is_int(invoice_take_correct(&c, nodes[BUYER].n, STR("did:web:s.example"), message, &x), OK,
		"and is taken: %s", c.trouble.detail);
	(void)!acts_tick_end(&c, nodes[BUYER].n);
	ok(x.state == CORRECTION_IN_FORCE && x.change.net == 0 && x.has_replacement,
		"it is in force, and changes no amount");
	is_int(invoice_tell_correction_answer(&c, nodes[BUYER].n, &x, &told), OK, "answered");
	(void)!acts_tick(&c, nodes[SELLER].n);
	is_int(invoice_take_correction_answer(
		       &c, nodes[SELLER].n, STR("did:web:b.example"), x.id, told, &x),
		OK, "and heard: %s", c.trouble.detail);
	(void)!acts_tick_end(&c, nodes[SELLER].n);
	is_int(fixture_rows_9_10(&c, &r), OK, "then the second is sent: %s", c.trouble.detail);
	ok(r.has_receipt && str_eq(r.replaces, s.id) && r.state == INVOICE_ACCEPTED &&
			hash_eq(&x.replacement, &r.document),
		"it is the one named, has the receipt, and is accepted");
	is_int(fixture_export(&c, SELLER, r.id, &text, &file), OK, "the second's file: %s",
		c.trouble.detail);
	ok(file.label == LABEL_RECORDED && file.has_r, "is recorded, with the receipt");
	ok(fixture_replays(&c, SELLER) && fixture_replays(&c, BUYER), "both replay");
	fixture_close(&f);
	arena_free(c.arena);
}

/* A plain connector signs nothing and is told nothing. */
static void plain(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s;
	struct outbox_row row;
	const struct json *message;
	struct invoice_file file;
	struct str text;
	struct hash unused;
	(void)!fixture_nodes(&f);
	struct fixture_node *n = &nodes[SELLER];
	struct json *g = fixture_agreement(&f);
	json_set(&g, "consumer", fixture_party(&f, true, false));
	(void)!fixture_keep(
		&f, "G.provider", g, &n->agreement.document, &n->agreement.provider_signature);
	struct json *m = fixture_manifest(&f, g, g);
	m = json_copy_without(&c, m, "request");
	(void)!fixture_keep(
		&f, "M.provider", m, &n->delivery.manifest, &n->delivery.manifest_signature);
	(void)unused;
	n->agreement.joined = false;
	n->agreement.consumer_signature = (struct hash){{0}};
	n->delivery.has_request = n->delivery.has_receipt = false;
	is_int(fixture_end(&c, &s), OK, "an invoice: %s", c.trouble.detail);
	is_int(fixture_next(&c, SELLER, &row, &message), ERR_NOT_FOUND, "nobody is told");
	is_int(fixture_export(&c, SELLER, s.id, &text, &file), OK, "its file: %s",
		c.trouble.detail);
	ok(file.label == LABEL_CLAIMED && str_is(file.i.acceptance, "none"), "is claimed, no more");
	fixture_close(&f);
	arena_free(c.arena);
}

int main(void)
{
	once();
	by_person(true);
	by_person(false);
	disputed_later(BUYER);
	disputed_later(SELLER);
	late_receipt();
	plain();
	return done_testing();
}
