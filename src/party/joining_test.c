#include "party/joining.h"

#include "tests/tap.h"

#include "act/outbox.h"
#include "party/fixture_test.h"

static const struct module *const modules[] = {&act_module, &party_module};
static const struct wiring wiring = {modules, countof(modules)};
static const struct str operator= {"operator", 8};

/* The one row that waits, and its act. */
static bool waits(struct ctx *c, struct house *h, const char *kind, struct entry *ret)
{
	struct outbox_row rows[4];
	size_t n = 0;
	int64_t next = 0;
	return outbox_due(c, h->acts, house_now, rows, countof(rows), &n, &next) == OK && n == 1 &&
	       str_is(rows[0].kind, kind) && outbox_done(c, h->acts, rows[0].id) == OK &&
	       acts_entry(c, h->acts, rows[0].index, ret) == OK;
}

/* What the party sends for that act, as the other reads it. */
static err sent(struct ctx *c, struct house *from, struct house *to, const struct entry *e,
	const char *kind, struct str *ret_secret, struct mail *ret)
{
	struct json *message;
	TRY(joining_message(c, from->acts, e, &message));
	const struct json *read = house_carry(c, message);
	*ret_secret = json_text(json_get(read, "secret"));
	return letter_read(c, &to->self, kind, read, ret);
}

static err invite_and_join(struct ctx *c, struct house *a, struct house *b, struct entry *ret)
{
	struct str text;
	TRY(joining_invite(c, a->acts, operator, & text, NULL));
	TRY(joining_join(c, b->acts, operator, text, house_document(c, &b->self), ret));
	TRY(acts_tick_end(c, a->acts));
	return acts_tick_end(c, b->acts);
}

static enum organisation_status status(struct ctx *c, struct house *h, struct str did)
{
	struct organisation o;
	return organisation_find(c, acts_db(h->acts), did, &o) == OK ? o.status : ORGANISATION_NONE;
}

static void test_ask(struct ctx *c, struct house *a, struct house *b)
{
	struct entry join, ask;
	struct mail m;
	struct str secret, kid;
	uint64_t index = 0;
	uint8_t key[KEY_BYTES];
	bool known = true, approved = true;
	ok(invite_and_join(c, a, b, &join) == OK, "B follows an invitation: %s", c->trouble.detail);
	is_int(status(c, b, a->self.did), ORGANISATION_JOINING, "and is joining");
	ok(waits(c, b, "party.join", &join), "a message waits at B");
	ok(sent(c, b, a, &join, "join", &secret, &m) == OK, "which A reads: %s", c->trouble.detail);
	is_int(joining_secret(c, a->acts, &m, STR("AQID"), &known, &index), ERR_BAD_VALUE,
		"not with a bad secret");
	ok(joining_secret(c, a->acts, &m, secret, &known, &index) == OK && !known,
		"the secret is new");
	ok(joining_ask(c, a->acts, &m, json_object(c), &ask) == OK, "A logs it: %s",
		c->trouble.detail);
	ok(joining_secret(c, a->acts, &m, secret, &known, &index) == OK && known &&
			index == ask.index,
		"the same message again is known");
	is_int(joining_ask(c, a->acts, &m, json_object(c), NULL), ERR_BAD_STATE, "and asks once");
	ok(organisation_key_of(c, acts_db(a->acts), b->self.did, &kid, key, &approved) == OK &&
			!approved,
		"B has a key at A and is not approved");
}

static void test_approve(struct ctx *c, struct house *a, struct house *b)
{
	struct organisation o;
	struct entry e;
	struct mail m;
	struct str none, kid;
	uint8_t key[KEY_BYTES];
	bool known = true, approved = false;
	ok(organisation_find(c, acts_db(a->acts), b->self.did, &o) == OK, "what A knows");
	is_int(joining_approve(
		       c, a->acts, operator, STR("urn:x"), house_document(c, &a->self), NULL),
		ERR_NOT_FOUND, "nothing else waits");
	is_int(joining_approve(c, a->acts, operator, o.request, house_document(c, &a->self), NULL),
		OK, "A approves");
	is_int(joining_approve(c, a->acts, operator, o.request, house_document(c, &a->self), NULL),
		ERR_BAD_STATE, "once");
	ok(organisation_key_of(c, acts_db(a->acts), b->self.did, &kid, key, &approved) == OK &&
			approved && memcmp(key, key_public(b->party), KEY_BYTES) == 0,
		"B's key is good at A");
	ok(waits(c, a, "party.approve", &e), "a message waits at A");
	ok(sent(c, a, b, &e, "approval", &none, &m) == OK, "B reads it: %s", c->trouble.detail);
	ok(organisation_find(c, acts_db(b->acts), a->self.did, &o) == OK &&
			joining_answers(c, b->acts, &o, &m, &known) == OK && !known,
		"it answers B's letter: %s", c->trouble.detail);
	is_int(joining_approved(c, b->acts, &m, json_object(c), &e), OK, "B logs it");
	ok(organisation_find(c, acts_db(b->acts), a->self.did, &o) == OK &&
			joining_answers(c, b->acts, &o, &m, &known) == OK && known &&
			o.approved == e.index,
		"the same again is known");
	ok(o.status == ORGANISATION_APPROVED && str_is(o.assurance, "partner-confirmed") &&
			str_is(o.dsp, "https://a.example/dsp/2025-1"),
		"A is approved at B");
	m.letter.digest.b[0] ^= 1;
	is_int(joining_answers(c, b->acts, &o, &m, &known), ERR_CONFLICT,
		"another approval is not");
	m.letter.about.b[0] ^= 1;
	is_int(joining_answers(c, b->acts, &o, &m, &known), ERR_BAD_DIGEST,
		"nor one that answers something else");
	m.letter.card.name = STR("Other");
	is_int(joining_answers(c, b->acts, &o, &m, &known), ERR_CONFLICT,
		"nor one on another card");
	is_int(joining_acknowledged(c, b->acts, &o, json_object(c), NULL), OK,
		"an answer is logged");
}

static void test_withdraw(struct ctx *c, struct house *a, struct house *b)
{
	struct organisation o;
	struct entry e;
	struct str kid;
	uint8_t key[KEY_BYTES];
	bool approved = true;
	is_int(joining_withdraw(c, a->acts, operator, STR("did:web:c.example"), STR("x"), NULL),
		ERR_NOT_FOUND, "who is unknown cannot be withdrawn");
	is_int(joining_withdraw(c, a->acts, operator, b->self.did, STR(""), NULL), ERR_BAD_VALUE,
		"nor anybody without a reason");
	is_int(joining_withdraw(c, a->acts, operator, b->self.did, STR("moved"), NULL), OK,
		"A withdraws B");
	ok(organisation_key_of(c, acts_db(a->acts), b->self.did, &kid, key, &approved) == OK &&
			!approved,
		"whose key is not good any more");
	is_int(organisation_approved(c, acts_db(a->acts), b->self.did, &o), ERR_FORBIDDEN,
		"who gets nothing");
	ok(waits(c, a, "party.withdraw", &e), "B is told");
	ok(organisation_find(c, acts_db(b->acts), a->self.did, &o) == OK &&
			joining_withdrawn(c, b->acts, &o, STR("moved"), NULL, NULL) == OK,
		"and logs it");
	ok(organisation_find(c, acts_db(b->acts), a->self.did, &o) == OK &&
			o.status == ORGANISATION_WITHDRAWN && str_is(o.reason, "moved"),
		"with the reason");
	is_int(joining_withdrawn(c, b->acts, &o, STR("moved"), NULL, NULL), ERR_BAD_STATE, "once");
}

/* A secret is good for one, for a day, and only where it was made. */
static void test_secrets(struct ctx *c, struct house *a, struct house *b, struct house *d)
{
	struct entry e;
	struct mail m;
	struct str secret = {0}, text = {0}, own = {0};
	uint64_t index = 0;
	bool known = false;
	ok(joining_invite(c, a->acts, operator, & text, NULL) == OK, "an invitation");
	is_int(joining_join(c, a->acts, operator, text, house_document(c, &a->self), NULL),
		ERR_CONFLICT, "nobody joins himself");
	ok(joining_join(c, b->acts, operator, text, house_document(c, &b->self), &e) == OK &&
			sent(c, b, a, &e, "join", &secret, &m) == OK &&
			joining_ask(c, a->acts, &m, json_object(c), NULL) == OK,
		"B joins again with it: %s", c->trouble.detail);
	is_int(joining_join(c, b->acts, operator, text, house_document(c, &b->self), NULL),
		ERR_BAD_STATE, "while joining it does not begin once more");
	ok(joining_join(c, d->acts, operator, text, house_document(c, &d->self), &e) == OK &&
			sent(c, d, a, &e, "join", &own, &m) == OK,
		"D found it too");
	is_int(joining_secret(c, a->acts, &m, own, &known, &index), ERR_CONFLICT, "too late");
	is_int(joining_ask(c, a->acts, &m, json_object(c), NULL), ERR_CONFLICT,
		"in the act as well");
	is_int(joining_secret(c, b->acts, &m, own, &known, &index), ERR_FORBIDDEN,
		"B knows nothing of it");
	ok(joining_withdraw(c, d->acts, operator, a->self.did, STR("late"), NULL) == OK &&
			joining_invite(c, a->acts, operator, & text, NULL) == OK &&
			joining_join(c, d->acts, operator, text, house_document(c, &d->self), &e) ==
				OK &&
			sent(c, d, a, &e, "join", &own, &m) == OK,
		"D gets one of its own: %s", c->trouble.detail);
	ok(acts_tick_end(c, a->acts) == OK, "the tick ends");
	house_now += LIMIT_INVITATION_MS - 1;
	is_int(joining_secret(c, a->acts, &m, own, &known, &index), OK, "it is good for a day");
	house_now += 1;
	is_int(joining_secret(c, a->acts, &m, own, &known, &index), ERR_GONE, "and no longer");
	is_int(joining_ask(c, a->acts, &m, json_object(c), NULL), ERR_GONE, "in the act as well");
}

static void test_register(struct ctx *c, struct house *a, struct house *b)
{
	struct connector k = {.did = STR("TCK"),
		.name = STR("kit"),
		.url = STR("http://localhost:8083/dsp"),
		.token = STR("0123456789abcdef")};
	struct hash digest = hash_of(k.token);
	struct organisation o;
	struct str did, kid;
	uint8_t key[KEY_BYTES];
	bool approved;
	is_int(joining_register(c, a->acts, operator, & k, NULL), OK, "a plain connector");
	ok(organisation_bearer_of(c, acts_db(a->acts), &digest, &did) == OK && str_is(did, "TCK"),
		"is known by its bearer");
	is_int(organisation_key_of(c, acts_db(a->acts), did, &kid, key, &approved), ERR_NOT_FOUND,
		"and has no key");
	ok(organisation_find(c, acts_db(a->acts), did, &o) == OK && !o.joined &&
			str_eq(o.dsp, k.url),
		"no log, and its address as it is");
	k.token = STR("another-bearer-16");
	ok(joining_register(c, a->acts, operator, & k, NULL) == OK &&
			organisation_bearer_of(c, acts_db(a->acts), &digest, &did) == ERR_NOT_FOUND,
		"a new bearer ends the old one");
	k.did = STR("other");
	is_int(joining_register(c, a->acts, operator, & k, NULL), ERR_CONFLICT,
		"nobody shares one");
	k.token = STR("0123456789abcde");
	is_int(joining_register(c, a->acts, operator, & k, NULL), ERR_BAD_VALUE, "15 characters");
	k.token = STR("0123456789 abcdef");
	is_int(joining_register(c, a->acts, operator, & k, NULL), ERR_BAD_VALUE, "a space");
	k.token = STR("0123456789abcdef");
	k.url = STR("http://localhost:8083/");
	is_int(joining_register(c, a->acts, operator, & k, NULL), ERR_BAD_VALUE,
		"a slash at the end");
	k.did = b->self.did;
	k.url = STR("https://b.example");
	is_int(joining_register(c, a->acts, operator, & k, NULL), ERR_BAD_STATE,
		"one that is asking to join");
	digest = hash_of(STR("another-bearer-16"));
	ok(joining_withdraw(c, a->acts, operator, STR("TCK"), STR("done"), NULL) == OK &&
			organisation_bearer_of(c, acts_db(a->acts), &digest, &did) == ERR_NOT_FOUND,
		"withdrawn, its bearer is worth nothing");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	struct house a = {.db = NULL}, b = {.db = NULL}, d = {.db = NULL};
	ok(house_open(&c, &a, "a.example", 1, &wiring) == OK &&
			house_open(&c, &b, "b.example", 2, &wiring) == OK &&
			house_open(&c, &d, "d.example", 3, &wiring) == OK,
		"three nodes: %s", c.trouble.detail);
	test_ask(&c, &a, &b);
	test_approve(&c, &a, &b);
	test_withdraw(&c, &a, &b);
	test_secrets(&c, &a, &b, &d);
	test_register(&c, &a, &b);
	ok(acts_tick_end(&c, a.acts) == OK && acts_tick_end(&c, b.acts) == OK &&
			acts_tick_end(&c, d.acts) == OK,
		"all is stored");
	ok(house_replays(&c, &a) && house_replays(&c, &b) && house_replays(&c, &d),
		"the logs folded anew give the same");
	house_close(&a);
	house_close(&b);
	house_close(&d);
	arena_free(c.arena);
	return done_testing();
}
