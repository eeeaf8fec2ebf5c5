/* For the tests of delivery/: the seller and the buyer of contract/, with a final agreement on a product. Messages are
 * carried by hand: what one side's outbox says is shown to the other. */
#pragma once

#include "contract/fixture_test.h"
#include "delivery/delivery_follow.h"
#include "delivery/delivery_states.h"
#include "delivery/delivery_store.h"
#include "delivery/delivery_take.h"
#include "delivery/share.h"

static const struct module *const deal_modules[] = {&act_module, &party_module, &person_module,
	&recognise_module, &product_module, &contract_module, &assent_module, &order_module,
	&delivery_module, &share_module};
static const struct wiring deal_wiring = {deal_modules, countof(deal_modules)};

#define DEAL_ID "urn:uuid:01980000-0000-7000-8000-0000000000%02x"
#define DEAL_CALLBACK "https://b.example/dsp/2025-1/callback"

struct deal {
	struct pair p;
	struct agreement_row s, b; /* the agreement, of either */
};

/* Two houses under these terms, and a final agreement. */
__attribute__((unused)) static err deal_open(struct ctx *c, struct deal *d, const char *preset)
{
	*d = (struct deal){.s = {.size = 0}};
	TRY(house_open(c, &d->p.s, "s.example", 1, &deal_wiring));
	TRY(house_open(c, &d->p.b, "b.example", 2, &deal_wiring));
	TRY(pair_know(c, &d->p.s, &d->p.b.self));
	TRY(pair_know(c, &d->p.b, &d->p.s.self));
	TRY(pair_register(c, &d->p.s));
	TRY(pair_register(c, &d->p.b));
	TRY(pair_publish(c, &d->p, 1, preset));
	TRY(acts_tick_end(c, d->p.s.acts));
	TRY(acts_tick_end(c, d->p.b.acts));
	TRY(pair_agree(c, &d->p, &d->s, &d->b));
	TRY(acts_tick(c, d->p.s.acts));
	return acts_tick(c, d->p.b.acts);
}

__attribute__((unused)) static void deal_close(struct deal *d)
{
	pair_close(&d->p);
}

__attribute__((unused)) static struct str deal_id(struct ctx *c, unsigned n)
{
	struct str id;
	if (arena_fmt(c, &id, DEAL_ID, n) != OK)
		abort();
	return id;
}

static err deal_paper(struct ctx *c, struct house *from, const struct outbox_row *row,
	const struct delivery_row *d, struct json **ret)
{
	const struct json *j;
	struct str text;
	bool ask = str_is(row->kind, "delivery.ask"), start = str_is(row->kind, "delivery.start");
	const struct hash *document = ask ? &d->request : start ? &d->manifest : &d->receipt;
	const struct hash *signature = ask     ? &d->request_signature
				       : start ? &d->manifest_signature
					       : &d->receipt_signature;
	TRY(interlock_show(c, from->acts, row->peer, row->index, ret));
	TRY(content_get_json(c, from->db, document, &j));
	TRY(content_get(c, from->db, signature, &text));
	json_set(ret, "document", json_copy(c, j));
	json_set_str(c, ret, "signature", text);
	return OK;
}

/* What arrives of a row of from about its delivery, at to. */
__attribute__((unused)) static err deal_carry(struct ctx *c, struct house *from, struct house *to,
	const char *kind, struct delivery_message *ret)
{
	struct outbox_row row;
	struct delivery_row d;
	struct delivery_token token = {{"", 0}, {"", 0}};
	struct json *shugu = NULL;
	TRY(pair_row(c, from, kind, &row));
	TRY(delivery_find(c, from->db, row.subject, &d));
	if (d.joined)
		TRY(deal_paper(c, from, &row, &d, &shugu));
	if (strcmp(kind, "delivery.start") == 0)
		TRY(delivery_store_token(c, from->db, d.id, &token));
	TRY(acts_tick(c, to->acts));
	*ret = (struct delivery_message){.peer = from->self.did,
		.pid = d.peer_pid,
		.peer_pid = d.pid,
		.address = STR(DEAL_CALLBACK),
		.agreement = d.agreement,
		.endpoint = token.endpoint,
		.token = token.token,
		.reason = d.reason,
		.shugu = shugu != NULL ? house_carry(c, shugu) : NULL};
	return OK;
}

/* Row 5: the buyer asks for delivery n. in is what arrives at the seller. */
__attribute__((unused)) static err deal_ask(
	struct ctx *c, struct deal *d, unsigned n, struct delivery_message *in)
{
	TRY(acts_tick(c, d->p.b.acts));
	TRY(delivery_request(
		c, d->p.b.acts, STR("operator"), deal_id(c, n), &d->b, (struct str){"", 0}));
	TRY(deal_carry(c, &d->p.b, &d->p.s, "delivery.ask", in));
	in->pid = (struct str){"", 0};
	return OK;
}

/* Rows 5 and 6: delivery n has begun on both sides. */
__attribute__((unused)) static err deal_begin(struct ctx *c, struct deal *d, unsigned n,
	struct delivery_row *ret_s, struct delivery_row *ret_b)
{
	struct delivery_message in;
	TRY(deal_ask(c, d, n, &in));
	TRY(delivery_take_request(c, d->p.s.acts, &in, ret_s));
	TRY(delivery_take_answer(c, d->p.b.acts, deal_id(c, n), ret_s->pid, (struct str){"", 0}));
	TRY(deal_carry(c, &d->p.s, &d->p.b, "delivery.start", &in));
	return delivery_take_start(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, ret_b);
}

/* The state of a delivery, or "none". */
__attribute__((unused)) static const char *deal_state(struct ctx *c, struct house *h, struct str id)
{
	struct delivery_row d;
	return delivery_find(c, h->db, id, &d) == OK ? delivery_state_name(d.state) : "none";
}

/* The log of h, folded anew, gives the state that is stored. */
__attribute__((unused)) static bool deal_replays(struct ctx *c, struct house *h)
{
	struct store *scratch = NULL;
	struct str difference = STR("not folded");
	char path[120];
	(void)snprintf(path, sizeof path, "%s/scratch", h->directory);
	bool done = acts_tick_end(c, h->acts) == OK && store_open(c, path, &scratch) == OK &&
		    acts_replay(c, h->acts, scratch, &difference) == OK;
	store_closep(&scratch);
	static const char *const tails[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < countof(tails); i++) {
		char file[140];
		(void)snprintf(file, sizeof file, "%s%s", path, tails[i]);
		(void)unlink(file);
	}
	return done && difference.n == 0;
}
