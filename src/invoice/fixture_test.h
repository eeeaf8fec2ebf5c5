/* For the tests of invoices: two nodes in one process, a seller and a buyer, with a delivery that is about to end.
 *
 * Documents and keys are those of proof/fixture_test.h. Agreement, delivery and organisation are rows of this file, which
 * stands in for their folders: the rows of both nodes bear the same documents, kept as contents in both. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "act/content.h"
#include "act/outbox.h"
#include "act/refusal.h"
#include "invoice/correction.h"
#include "invoice/invoice_build.h"
#include "invoice/invoice_record.h"
#include "invoice/invoice_store.h"
#include "invoice/invoice_take.h"
#include "invoice/invoicing.h"
#include "proof/fixture_test.h"
#include "proof/invoice.h"
#include "recognise/interlock.h"

#define FIXTURE_DELIVERY "urn:uuid:01980000-0000-7000-8000-0000000000aa"
#define FIXTURE_AGREEMENT "urn:uuid:01980000-0000-7000-8000-000000000001"

struct fixture_node {
	struct store *db;
	struct acts *n;
	struct self self;
	struct agreement_row agreement;
	struct delivery_row delivery;
	struct organisation peer;
};

/* The seller and the buyer. */
static struct fixture_node nodes[2];
enum { SELLER, BUYER };

static const struct fixture_node *fixture_node_of(struct store *db)
{
	return db == nodes[SELLER].db ? &nodes[SELLER] : &nodes[BUYER];
}

err agreement_find(struct ctx *c, struct store *db, struct str id, struct agreement_row *ret)
{
	ENSURE(str_is(id, FIXTURE_AGREEMENT), c, ERR_NOT_FOUND, "no such agreement");
	*ret = fixture_node_of(db)->agreement;
	return OK;
}

err delivery_find(struct ctx *c, struct store *db, struct str id, struct delivery_row *ret)
{
	ENSURE(str_is(id, FIXTURE_DELIVERY), c, ERR_NOT_FOUND, "no such delivery");
	*ret = fixture_node_of(db)->delivery;
	return OK;
}

err organisation_find(struct ctx *c, struct store *db, struct str did, struct organisation *ret)
{
	const struct fixture_node *n = fixture_node_of(db);
	ENSURE(str_eq(did, n->peer.did), c, ERR_NOT_FOUND, "no such organisation");
	*ret = n->peer;
	return OK;
}

static const struct act_type fixture_types[] = {
	{"delivery.end", NULL, NULL}, {"delivery.overdue", NULL, NULL}};
static const struct module fixture_module = {
	.name = "delivery", .types = fixture_types, .types_n = 2};
static const struct module fixture_assent = {
	.name = "assent", .migrations = assent_migrations, .migrations_n = ASSENT_MIGRATIONS};
static const struct module *const fixture_modules[] = {&act_module, &recognise_module,
	&fixture_module, &fixture_assent, &invoice_module, &wish_module};
static const struct wiring fixture_wiring = {fixture_modules, countof(fixture_modules)};

static err fixture_node_open(struct fixture *f, int which)
{
	struct ctx *c = f->c;
	bool consumer = which == BUYER;
	struct fixture_node *n = &nodes[which];
	struct note_key log = fixture_log(f, consumer), theirs = fixture_log(f, !consumer);
	struct json *p = fixture_party(f, !consumer, true);
	*n = (struct fixture_node){
		.self = {.did = consumer ? STR("did:web:b.example") : STR("did:web:s.example"),
			.kid = consumer ? STR("did:web:b.example#key-1")
					: STR("did:web:s.example#key-1"),
			.origin = consumer ? STR("b.example/log") : STR("s.example/log"),
			.url = consumer ? STR("https://b.example") : STR("https://s.example"),
			.key = f->keys[consumer ? KEY_B : KEY_S]},
		.peer = {.did = json_text(json_get(p, "did")),
			.kid = json_text(json_get(p, "kid")),
			.origin = theirs.name,
			.url = consumer ? STR("https://s.example") : STR("https://b.example"),
			.status = ORGANISATION_APPROVED,
			.joined = true}};
	memcpy(n->peer.key, key_public(f->keys[consumer ? KEY_S : KEY_B]), KEY_BYTES);
	TRY(note_key_text(c, &log, &n->self.vkey));
	TRY(note_key_text(c, &theirs, &n->peer.vkey));
	TRY(store_open(c, ":memory:", &n->db));
	return acts_open(c, &env_system, n->db, &n->self, f->keys[consumer ? KEY_B_LOG : KEY_S_LOG],
		&fixture_wiring, &n->n);
}

/* Keeps a document and its signature in both nodes. */
static err fixture_keep(struct fixture *f, const char *name, const struct json *d, struct hash *ret,
	struct hash *ret_signature)
{
	struct json *sigs = json_object(f->c);
	struct str text = fixture_sign(f, &sigs, name, d);
	for (int i = 0; i < 2; i++) {
		TRY(content_put_json(f->c, nodes[i].db, d, ret));
		TRY(content_put(f->c, nodes[i].db, text, ret_signature));
	}
	return OK;
}

static struct place fixture_place(bool consumer, uint64_t index)
{
	struct place p = {
		consumer ? STR("b.example/log") : STR("s.example/log"), index, {{0}}, true};
	p.leaf.b[0] = (uint8_t)index;
	return p;
}

static void fixture_rows(const struct agreement_row *a, const struct delivery_row *d)
{
	for (int i = 0; i < 2; i++) {
		nodes[i].agreement = *a;
		nodes[i].delivery = *d;
		nodes[i].agreement.role = nodes[i].delivery.role =
			i == SELLER ? AGREEMENT_PROVIDER : AGREEMENT_CONSUMER;
		nodes[i].agreement.peer = nodes[i].delivery.peer = nodes[i].peer.did;
	}
}

/* Both nodes with G, Q, M and, unless f->no_receipt, R. */
static err fixture_nodes(struct fixture *f)
{
	struct hash unused;
	int64_t now = env_now_ms(&env_system);
	for (size_t i = 0; i < countof(f->keys); i++) {
		uint8_t seed[SEED_BYTES];
		memset(seed, (int)i + 1, sizeof seed);
		TRY(key_from_seed(f->c, seed, &f->keys[i]));
	}
	TRY(fixture_node_open(f, SELLER));
	TRY(fixture_node_open(f, BUYER));
	struct json *g = fixture_agreement(f), *q = fixture_request(f, g);
	struct json *m = fixture_manifest(f, g, q), *r = fixture_receipt(f, m);
	struct agreement_row a = {.agreement = STR(FIXTURE_AGREEMENT),
		.joined = true,
		.has_document = true,
		.offered = fixture_place(false, 0),
		.conclude = fixture_place(true, 1),
		.concluded = fixture_place(false, 2)};
	struct delivery_row d = {.id = STR(FIXTURE_DELIVERY),
		.agreement = a.agreement,
		.has_request = true,
		.has_manifest = true,
		.has_receipt = !f->no_receipt,
		.start_ms = now - 2,
		.end_ms = now - 1,
		.ask = fixture_place(true, 3),
		.start = fixture_place(false, 4)};
	if (d.has_receipt) {
		d.receive = fixture_place(true, 5);
		d.end = fixture_place(false, 6);
	}
	TRY(fixture_keep(f, "G.provider", g, &a.document, &a.provider_signature));
	TRY(fixture_keep(f, "G.consumer", g, &unused, &a.consumer_signature));
	TRY(fixture_keep(f, "Q.consumer", q, &d.request, &d.request_signature));
	TRY(fixture_keep(f, "M.provider", m, &d.manifest, &d.manifest_signature));
	TRY(fixture_keep(f, "R.consumer", r, &d.receipt, &d.receipt_signature));
	fixture_rows(&a, &d);
	return OK;
}

static void fixture_close(struct fixture *f)
{
	for (int i = 0; i < 2; i++)
		store_close(nodes[i].db);
	for (size_t i = 0; i < countof(f->keys); i++)
		key_free(f->keys[i]);
}

/* The delivery ends at the seller: what follows is its invoice. */
__attribute__((unused)) static err fixture_end(struct ctx *c, struct invoice_record *ret)
{
	const struct act a = {
		STR("delivery.end"), STR("node"), STR(FIXTURE_DELIVERY), json_object(c), NULL};
	TRY(acts_do(c, nodes[SELLER].n, &a, NULL));
	TRY(acts_tick_end(c, nodes[SELLER].n));
	return invoice_record_of_delivery(
		c, nodes[SELLER].db, AGREEMENT_PROVIDER, STR(FIXTURE_DELIVERY), ret);
}

/* A message as it arrives: written and read. */
__attribute__((unused)) static err fixture_wire(
	struct ctx *c, const struct json *j, const struct json **ret)
{
	struct str text;
	TRY(json_canonical(c, j, LIMIT_INVOICE_FILE, &text));
	return json_parse(c, text, ret);
}

/* The oldest row of a node's outbox, told and taken off; ERR_NOT_FOUND where it is empty. */
__attribute__((unused)) static err fixture_next(
	struct ctx *c, int which, struct outbox_row *ret_row, const struct json **ret)
{
	struct fixture_node *n = &nodes[which];
	size_t rows = 0;
	int64_t next;
	struct json *j;
	TRY(outbox_due(c, n->n, env_now_ms(&env_system) + 1000, ret_row, 1, &rows, &next));
	ENSURE(rows == 1, c, ERR_NOT_FOUND, "nothing is to be sent");
	TRY(invoice_tell(c, n->n, ret_row->peer, ret_row->index, &j));
	TRY(outbox_done(c, n->n, ret_row->id));
	TRY(acts_tick_end(c, n->n));
	return fixture_wire(c, j, ret);
}

/* Row 9 and 10: the seller's message to the buyer and, where it answers at once, the answer back. */
__attribute__((unused)) static err fixture_rows_9_10(
	struct ctx *c, struct invoice_record *ret_seller)
{
	struct outbox_row row;
	struct invoice_record b;
	const struct json *message, *answer;
	struct json *told;
	TRY(fixture_next(c, SELLER, &row, &message));
	TRY(acts_tick(c, nodes[BUYER].n));
	TRY(invoice_take_issue(c, nodes[BUYER].n, nodes[BUYER].peer.did, message, &b));
	TRY(acts_tick_end(c, nodes[BUYER].n));
	TRY(invoice_tell_answer(c, nodes[BUYER].n, &b, &told));
	if (told == NULL)
		return invoice_record_find(c, nodes[SELLER].db, b.id, ret_seller);
	TRY(fixture_wire(c, told, &answer));
	TRY(acts_tick(c, nodes[SELLER].n));
	if (json_get(answer, "reason") != NULL)
		TRY(invoice_take_dispute(
			c, nodes[SELLER].n, nodes[SELLER].peer.did, answer, ret_seller));
	else
		TRY(invoice_take_accept(
			c, nodes[SELLER].n, nodes[SELLER].peer.did, b.id, answer, ret_seller));
	return acts_tick_end(c, nodes[SELLER].n);
}

/* The bytes of the file that a node exports, and what a verifier says of them. */
__attribute__((unused)) static err fixture_export(
	struct ctx *c, int which, struct str id, struct str *ret, struct invoice_file *ret_file)
{
	struct invoice_record r;
	TRY(invoice_record_find(c, nodes[which].db, id, &r));
	TRY(invoice_export(c, nodes[which].n, &r, ret));
	return invoice_verify(c, *ret, ret_file);
}

/* Replaying a node's log makes the same state. */
__attribute__((unused)) static bool fixture_replays(struct ctx *c, int which)
{
	cleanup(store_closep) struct store *scratch = NULL;
	struct str difference = {"?", 1};
	bool same = store_open(c, ":memory:", &scratch) == OK &&
		    acts_replay(c, nodes[which].n, scratch, &difference) == OK && difference.n == 0;
	if (!same)
		printf("# %.*s; %s\n", FMT(difference), c->trouble.detail);
	return same;
}
