#include "contract/agreement_inbox.h"

#include "tests/tap.h"

#include "contract/fixture_test.h"

/* The party becomes known after all. */
static err know(struct ctx *c, struct pair *p)
{
	struct json *o = json_object(c);
	const struct hash bearer = hash_of(STR("another"));
	json_set_str(c, &o, "name", STR("Unknown"));
	json_set_str(c, &o, "url", STR("https://unknown.example"));
	json_set_hex(c, &o, "bearer", bearer.b, HASH_BYTES);
	return pair_act(c, &p->s, "party.register", STR("did:web:unknown.example"), o);
}

/* A request that nothing follows from: whom G would name is not known. */
static err ask_unapproved(struct ctx *c, struct pair *p, struct str *ret)
{
	struct incoming in;
	struct agreement_row r;
	struct str pid;
	struct json *body = json_object(c);
	TRY(pair_ask(c, p, &in, &pid));
	*ret = pid;
	json_set_str(c, &body, "party", STR("did:web:unknown.example"));
	json_set_str(c, &body, "peerPid", pid);
	json_set_str(c, &body, "address", STR("https://unknown.example"));
	json_set_str(c, &body, "offer", p->product.offer);
	json_set_str(c, &body, "product", p->product.product);
	json_set_num(c, &body, "revision", 1);
	json_set_str(c, &body, "purpose", STR("any lawful use"));
	pair_hex(c, &body, "message");
	TRY(pair_act(c, &p->s, "agreement.requested", pid, body));
	return agreement_find(c, p->s.db, pid, &r);
}

static size_t waiting(struct ctx *c, struct pair *p)
{
	static const struct inbox_kind *const kinds[] = {&agreement_inbox};
	const struct inbox in = {kinds, 1};
	struct inbox_page page = {.at = -1, .max = 8};
	return inbox_list(c, p->s.db, &in, &page) == OK ? page.n : 99;
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	struct entry e;
	struct str id;
	struct agreement_row s, b;
	if (!ok(pair_open(&c, &p) == OK && pair_agree(&c, &p, &s, &b) == OK, "two nodes"))
		printf("# %s\n", c.trouble.detail);
	is_int(waiting(&c, &p), 0, "nothing waits");
	ok(ask_unapproved(&c, &p, &id) == OK, "a request of a party that is not known");
	is_int(waiting(&c, &p), 1, "waits: no agreement was made for it");
	is_int(agreement_inbox.approve(&c, p.s.acts, STR("person:1"), id, &e), ERR_NOT_FOUND,
		"and cannot be approved before the party is known");
	is_int(agreement_inbox.approve(&c, p.s.acts, STR("person:1"), s.negotiation, &e),
		ERR_NOT_FOUND, "what is final does not wait");
	is_int(agreement_inbox.refuse(&c, p.s.acts, STR("person:1"), id, STR("unknown"), &e), OK,
		"a person refuses");
	ok(str_is(e.type, "agreement.terminate") && str_is(e.actor, "person:1"), "by name");
	is_str(pair_state(&c, &p.s, id), "TERMINATED", "it is over");
	is_int(waiting(&c, &p), 0, "nothing waits any more");
	ok(ask_unapproved(&c, &p, &id) == OK && know(&c, &p) == OK,
		"another, and then it is known");
	is_int(agreement_inbox.approve(&c, p.s.acts, STR("person:1"), id, &e), OK, "approved");
	ok(str_is(e.type, "agreement.offer") && waiting(&c, &p) == 0, "the agreement is signed");
	pair_close(&p);
	return done_testing();
}
