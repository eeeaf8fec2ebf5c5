#include "invoice/invoice_record.h"

#include "invoice/fixture_test.h"
#include "invoice/invoice_body.h"
#include "tests/tap.h"

#define ARENA (64u << 20)

static struct json *signatures(struct ctx *c, const char *side)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, side, fixture_hex(c, side));
	return o;
}

static err issue(struct ctx *c, const char *id, const char *serial, const char *delivery)
{
	struct json *b = json_object(c);
	const struct amounts due = {100, 600, 6};
	json_set(&b, "party", json_z(c, "did:web:b.example"));
	json_set(&b, "serial", json_z(c, serial));
	json_set(&b, "delivery", json_z(c, delivery));
	json_set(&b, "agreement", json_z(c, "urn:g"));
	json_set(&b, "due", invoice_amounts_json(c, &due));
	json_set_str(c, &b, "document", fixture_hex(c, id));
	json_set(&b, "signatures", signatures(c, "provider"));
	const struct act a = {STR("invoice.issue"), STR("node"), str_z(id), b, NULL};
	return acts_do(c, nodes[SELLER].n, &a, NULL);
}

static err act(struct ctx *c, const char *type, const char *id, const char *document,
	const char *side, const char *reason)
{
	struct json *b = json_object(c);
	json_set_str(c, &b, "document", fixture_hex(c, document));
	struct json *sigs = signatures(c, "provider");
	if (strcmp(side, "both") == 0)
		json_set_str(c, &sigs, "consumer", fixture_hex(c, "consumer"));
	json_set(&b, "signatures", strcmp(side, "both") == 0 ? sigs : signatures(c, side));
	if (reason != NULL)
		json_set(&b, "reason", json_z(c, reason));
	if (str_ends(str_z(type), STR("ed"))) {
		json_set_str(c, &b, "peerEntry", fixture_hex(c, "entry"));
		json_set(&b, "head", json_object(c));
	}
	const struct act a = {str_z(type), STR("node"), str_z(id), b, NULL};
	return acts_do(c, nodes[SELLER].n, &a, NULL);
}

static void refusals(struct ctx *c)
{
	is_int(issue(c, "urn:1", "s.example-2026-00000002", "urn:d1"), ERR_PRECONDITION,
		"no serial is left out");
	is_int(issue(c, "urn:1", "s.example-2026", "urn:d1"), ERR_BAD_VALUE,
		"nor is it another text");
	ok(issue(c, "urn:1", "s.example-2026-00000001", "urn:d1") == OK, "the first");
	is_int(issue(c, "urn:1", "s.example-2026-00000002", "urn:d2"), ERR_CONFLICT, "a known id");
	is_int(issue(c, "urn:2", "s.example-2026-00000001", "urn:d2"), ERR_CONFLICT,
		"a known serial");
	is_int(issue(c, "urn:2", "s.example-2026-00000002", "urn:d1"), ERR_CONFLICT,
		"a delivery that has its invoice");
	ok(issue(c, "urn:2", "s.example-2026-00000002", "urn:d2") == OK, "the second");
	ok(issue(c, "urn:3", "s.example-2027-00000001", "urn:d3") == OK,
		"the next year begins anew");
	is_int(act(c, "invoice.accept", "urn:1", "urn:1", "both", NULL), ERR_BAD_STATE,
		"the provider does not accept");
	is_int(act(c, "invoice.accepted", "urn:9", "urn:1", "both", NULL), ERR_NOT_FOUND,
		"an unknown one");
	is_int(act(c, "invoice.accepted", "urn:1", "urn:2", "both", NULL), ERR_BAD_DIGEST,
		"another document");
	is_int(act(c, "invoice.accepted", "urn:1", "urn:1", "provider", NULL), ERR_MISSING_MEMBER,
		"without the consumer's signature");
	is_int(act(c, "invoice.disputed", "urn:1", "p", "provider", "r"), ERR_MISSING_MEMBER,
		"a dispute signed by the other side");
	is_int(act(c, "invoice.dispute", "urn:1", "p", "provider", "r"), ERR_BAD_STATE,
		"the provider disputes nothing that nobody accepted");
	ok(act(c, "invoice.accepted", "urn:1", "urn:1", "both", NULL) == OK, "accepted");
	is_int(act(c, "invoice.accepted", "urn:1", "urn:1", "both", NULL), ERR_BAD_STATE, "once");
	ok(act(c, "invoice.disputed", "urn:1", "p", "consumer", "r") == OK, "disputed afterwards");
	size_t said = 1;
	char name[8] = "p0";
	while (act(c, "invoice.accepted", "urn:1", "urn:1", "both", NULL) == OK && said < 100) {
		(void)snprintf(name, sizeof name, "p%zu", said);
		if (act(c, "invoice.disputed", "urn:1", name, "consumer", "r") != OK)
			break;
		said++;
	}
	is_int((long long)said, LIMIT_INVOICE_LATER, "and again, as often as a file holds");
	is_int(c->trouble.code, ERR_QUOTA, "not more often: %s", c->trouble.detail);
}

int main(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record r, list[4];
	struct dispute_row d[LIMIT_INVOICE_LATER];
	size_t n = 0;
	int64_t next = 0;
	is_int(fixture_nodes(&f), OK, "two nodes: %s", c.trouble.detail);
	refusals(&c);
	is_int(acts_tick_end(&c, nodes[SELLER].n), OK, "a tick");
	ok(invoice_record_list(&c, nodes[SELLER].db, INT64_MAX, STR(""), 4, list, &n) == OK &&
			n == 3,
		"three");
	ok(invoice_record_find(&c, nodes[SELLER].db, STR("s.example-2026-00000001"), &r) == OK &&
			r.accepted && r.state == INVOICE_ACCEPTED && str_is(r.reason, "r"),
		"found by serial");
	ok(invoice_record_disputes(&c, nodes[SELLER].db, r.id, LIMIT_INVOICE_LATER, d, &n) == OK &&
			n == LIMIT_INVOICE_LATER && !d[0].ours && d[0].by == AGREEMENT_CONSUMER,
		"its dispute is there");
	ok(invoice_record_next(&c, nodes[SELLER].db, 2026, &next) == OK && next == 3, "the next");
	ok(fixture_replays(&c, SELLER), "the log replays");
	fixture_close(&f);
	arena_free(c.arena);
	return done_testing();
}
