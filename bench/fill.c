/* bench-fill NODE.DB PRODUCT PRODUCTS INVOICES: what a node has after years, for the row lists of bench/run. The node must not run.
 *
 * Copies the newest revision of the one product that was published to so many others, and puts so many invoices of as many
 * deliveries under as many agreements, one in a hundred in dispute or waiting for a person: by the statements of the
 * nouns' own stores, in the node's own database. They stand in no log, so such a node answers lists but replays nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "contract/agreement_store.h"
#include "delivery/delivery_store.h"
#include "invoice/invoice_store.h"
#include "product/product_store.h"

#define STEP 500u
#define FIRST_MS 1700000000000ll

static struct str text(struct ctx *c, const char *kind, unsigned i)
{
	struct str s = {0};
	(void)!arena_fmt(c, &s, "urn:uuid:00000000-0000-7000-8000-%s%08u", kind, i);
	return s;
}

static struct hash hash_number(const char *what, unsigned i)
{
	char name[64];
	int n = snprintf(name, sizeof name, "%s %u", what, i);
	return hash_of((struct str){name, (size_t)n});
}

static err put_product(struct ctx *c, struct store *db, const struct json *body, unsigned i)
{
	struct str name, urn = text(c, "0001", i);
	struct str root = json_text(json_get(json_get(body, "object"), "root"));
	TRY(arena_fmt(c, &name, "product-%06u", i));
	struct json *copy = json_copy(c, body);
	json_set_str(c, &copy, "name", name);
	const struct entry e = {.subject = urn, .body = copy, .at_ms = FIRST_MS + i};
	TRY(product_store_put(c, db, urn, name, 1));
	return product_store_put_revision(c, db, &e, 1, text(c, "0002", i), root);
}

static err put_deal(struct ctx *c, struct store *db, const struct product_row *p,
	const struct json *body, unsigned i)
{
	struct agreement_row a = {.negotiation = text(c, "0003", i),
		.peer = STR("did:web:partner.example"),
		.role = AGREEMENT_PROVIDER,
		.product = p->urn,
		.terms = json_get(body, "terms"),
		.object = json_get(body, "object"),
		.price = json_get(body, "price"),
		.scenario = json_get(body, "scenario"),
		.revision = 1,
		.peer_pid = text(c, "0004", i),
		.agreement = text(c, "0005", i),
		.state = AGREEMENT_FINALIZED,
		.at_ms = FIRST_MS + i,
		.index = 1000 + i,
		.net = 10000,
		.rate = 600};
	TRY(agreement_store_put(c, db, &a));
	struct delivery_row d = {.id = text(c, "0006", i),
		.pid = text(c, "0006", i),
		.peer_pid = text(c, "0007", i),
		.agreement = a.agreement,
		.peer = a.peer,
		.role = AGREEMENT_PROVIDER,
		.joined = true,
		.at_ms = a.at_ms,
		.index = a.index,
		.result = STR("complete"),
		.state = DELIVERY_COMPLETED,
		.has_receipt = true};
	TRY(delivery_store_put(c, db, &d));
	struct invoice_record r = {.id = text(c, "0008", i),
		.peer = a.peer,
		.delivery = d.id,
		.agreement = a.agreement,
		.role = i % 100 == 1 ? AGREEMENT_CONSUMER : AGREEMENT_PROVIDER,
		.state = i % 100 == 1   ? INVOICE_ISSUED
			 : i % 100 == 2 ? INVOICE_DISPUTED
					: INVOICE_ACCEPTED,
		.document = hash_number("document", i),
		.provider_signature = hash_number("provider", i),
		.consumer_signature = hash_number("consumer", i),
		.accepted = i % 100 != 1,
		.issued = {10000, 600, 600},
		.now = {10000, 600, 600},
		.has_receipt = true,
		.at_ms = a.at_ms,
		.last_ms = a.at_ms,
		.last = a.index};
	TRY(arena_fmt(c, &r.serial, "BENCH-%08u", i));
	return invoice_store_put(c, db, &r);
}

/* One part in one transaction, with memory of its own. */
static err part(struct store *db, struct str product, unsigned from, unsigned products, unsigned to)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct product_row row;
	struct revision_row old;
	const struct json *body;
	bool found = false;
	TRY(store_begin(&c, db));
	TRY(product_store_by_name(&c, db, product, &found, &row));
	TRY(product_store_revision(&c, db, row.urn, row.newest, &old));
	TRY(json_parse(&c, old.body, &body));
	for (unsigned i = from; i < to; i++) {
		err e = i < products ? put_product(&c, db, body, i) : OK;
		if (e == OK)
			e = put_deal(&c, db, &row, body, i);
		if (e != OK) {
			fprintf(stderr, "bench-fill: %u: %s\n", i, c.trouble.detail);
			return e;
		}
	}
	return store_commit(&c, db);
}

int main(int argc, char **argv)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	cleanup(store_closep) struct store *db = NULL;
	struct ctx c = {.arena = a};
	uint64_t products = 0, invoices = 0;
	if (argc != 5 || !str_u64(str_z(argv[3]), &products) ||
		!str_u64(str_z(argv[4]), &invoices) || invoices > 10000000 || products > invoices) {
		fprintf(stderr, "usage: bench-fill NODE.DB PRODUCT PRODUCTS INVOICES\n");
		return 2;
	}
	if (store_open(&c, argv[1], &db) != OK) {
		fprintf(stderr, "bench-fill: %s\n", c.trouble.detail);
		return 3;
	}
	for (unsigned i = 0; i < invoices; i += STEP) {
		unsigned to = i + STEP < invoices ? i + STEP : (unsigned)invoices;
		if (part(db, str_z(argv[2]), i, (unsigned)products, to) != OK)
			return 3;
	}
	return 0;
}
