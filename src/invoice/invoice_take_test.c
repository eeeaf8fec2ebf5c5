#include "invoice/invoice_take.h"

#include "invoice/fixture_test.h"
#include "tests/tap.h"

#define ARENA (64u << 20)

/* Rows 9 and 10, alone: both hold the same file, and it is recorded. */
static void both_hold_it(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s, r;
	struct str a = {0}, b = {0};
	struct invoice_file file;
	is_int(fixture_nodes(&f), OK, "two nodes: %s", c.trouble.detail);
	is_int(fixture_end(&c, &s), OK, "an invoice is issued: %s", c.trouble.detail);
	ok(str_ends(s.serial, STR("-00000001")) && str_starts(s.serial, STR("s.example-")),
		"it has the first serial: %.*s", FMT(s.serial));
	is_int(fixture_rows_9_10(&c, &r), OK, "sent and answered: %s", c.trouble.detail);
	is_int(r.state, INVOICE_ACCEPTED, "the seller knows that it is accepted");
	is_int(fixture_export(&c, SELLER, s.id, &a, &file), OK, "the seller's file: %s",
		c.trouble.detail);
	is_int(file.label, LABEL_RECORDED, "is recorded");
	is_int(fixture_export(&c, BUYER, s.serial, &b, &file), OK, "the buyer's, by serial: %s",
		c.trouble.detail);
	ok(str_eq(a, b), "is the same, byte for byte");
	is_int(file.i.voucher.net, FIXTURE_NET, "the price is that of the agreement");
	ok(fixture_replays(&c, SELLER) && fixture_replays(&c, BUYER), "both logs replay");
	fixture_close(&f);
	arena_free(c.arena);
}

/* A message that comes again changes nothing and gets the same answer. */
static void repeats(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s, b;
	struct outbox_row row;
	const struct json *message;
	struct json *first, *again;
	struct acts *n;
	(void)!fixture_nodes(&f);
	(void)!fixture_end(&c, &s);
	n = nodes[BUYER].n;
	is_int(fixture_next(&c, SELLER, &row, &message), OK, "a message");
	ok(str_is(row.kind, "invoice.issue") && str_eq(row.subject, s.id), "of row 9");
	is_int(invoice_take_issue(&c, n, STR("did:web:s.example"), message, &b), OK, "is taken");
	is_int(acts_tick_end(&c, n), OK, "in a tick");
	uint64_t size = commit_size(acts_log(n));
	is_int(invoice_tell_answer(&c, n, &b, &first), OK, "answered");
	is_int(invoice_take_issue(&c, n, STR("did:web:s.example"), message, &b), OK, "again");
	is_int(acts_tick_end(&c, n), OK, "in a tick");
	is_int((long long)commit_size(acts_log(n)), (long long)size, "no act more");
	is_int(invoice_tell_answer(&c, n, &b, &again), OK, "answered again");
	ok(json_eq(json_get(first, "E"), json_get(again, "E")) &&
			json_eq(json_get(first, "signature"), json_get(again, "signature")),
		"with the same proof and signature");
	is_int(invoice_take_issue(&c, n, STR("did:web:x.example"), message, &b), ERR_NOT_FOUND,
		"another party is a stranger to it");
	fixture_close(&f);
	arena_free(c.arena);
}

struct bent {
	const char *path, *value; /* in the message; NULL takes it out */
	err want;
};

static const struct bent bents[] = {
	{"E", NULL, ERR_EVIDENCE_MISSING},
	{"signature", NULL, ERR_MISSING_MEMBER},
	{"signature", "\"x..y\"", ERR_BAD_SIGNATURE},
	{"document", NULL, ERR_BAD_VALUE},
	{"document/serial", "\"s.example-2026-00000002\"", ERR_BAD_SIGNATURE},
	{"document/voucher/net", "1", ERR_BAD_VALUE},
	{"E/act/type", "\"invoice.accept\"", ERR_BAD_DIGEST},
	{"E/index", "0", ERR_BAD_PROOF},
};

/* What cannot be believed is refused and leaves nothing. */
static void refused(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s, b;
	struct outbox_row row;
	const struct json *message;
	struct acts *n;
	(void)!fixture_nodes(&f);
	(void)!fixture_end(&c, &s);
	n = nodes[BUYER].n;
	(void)!fixture_next(&c, SELLER, &row, &message);
	for (size_t i = 0; i < countof(bents); i++) {
		const struct json *value = NULL;
		if (bents[i].value != NULL)
			(void)!json_parse(&c, str_z(bents[i].value), &value);
		const struct json *bad =
			fixture_set(&c, message, str_z(bents[i].path), json_copy(&c, value));
		(void)!acts_mark(&c, n);
		is_int(invoice_take_issue(&c, n, STR("did:web:s.example"), bad, &b), bents[i].want,
			"%s = %s: %s", bents[i].path,
			bents[i].value != NULL ? bents[i].value : "nothing", c.trouble.detail);
		acts_undo(n);
		is_int(invoice_record_find(&c, nodes[BUYER].db, s.id, &b), ERR_NOT_FOUND,
			"and leaves nothing");
	}
	(void)!acts_tick_end(&c, n);
	is_int((long long)commit_size(acts_log(n)), 0, "no act was logged");
	fixture_close(&f);
	arena_free(c.arena);
}

/* Well signed by the seller, but not what was agreed or done. */
static void not_copied(void)
{
	static const struct {
		const char *what;
		bool receipt, place, price;
		const char *reason;
	} rows[] = {
		{"a receipt left out", true, false, false,
			"it leaves out the receipt that was given"},
		{"another act named", false, true, false,
			"entries name another act than the one that was shown"},
		{"the scenario of another agreement", false, false, true, "I does not name G"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct ctx c = {.arena = arena_new(ARENA)};
		struct fixture f = {.c = &c};
		struct invoice_record s, r;
		struct invoice_file file;
		struct str text;
		(void)!fixture_nodes(&f);
		nodes[SELLER].delivery.has_receipt = !rows[i].receipt;
		if (rows[i].place)
			nodes[SELLER].delivery.start.leaf.b[1] = 9;
		if (rows[i].price) {
			struct hash unused;
			struct fixture g = {.c = &c, .path = "G/price/net", .value = NULL};
			memcpy(g.keys, f.keys, sizeof g.keys);
			struct json *other = fixture_set(
				&c, fixture_agreement(&f), STR("receiptWithin"), json_num(&c, 60));
			(void)!fixture_keep(&f, "G.provider", other,
				&nodes[SELLER].agreement.document, &unused);
		}
		(void)!fixture_end(&c, &s);
		is_int(fixture_rows_9_10(&c, &r), OK, "%s: answered: %s", rows[i].what,
			c.trouble.detail);
		is_int(r.state, INVOICE_DISPUTED, "%s: disputed", rows[i].what);
		is_str(arena_z(c.arena, r.reason), rows[i].reason, "%s: with the reason",
			rows[i].what);
		ok(!r.accepted, "and not signed");
		if (rows[i].place)
			ok(fixture_export(&c, SELLER, s.id, &text, &file) == OK &&
					file.later.disputed && file.label == LABEL_DELIVERED,
				"its file says so: %s", c.trouble.detail);
		ok(fixture_replays(&c, SELLER) && fixture_replays(&c, BUYER), "both replay");
		fixture_close(&f);
		arena_free(c.arena);
	}
}

int main(void)
{
	both_hold_it();
	repeats();
	refused();
	not_copied();
	return done_testing();
}
