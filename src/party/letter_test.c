#include "party/letter.h"

#include "tests/tap.h"

#include "party/fixture_test.h"

static const struct module *const modules[] = {&act_module, &party_module};
static const struct wiring wiring = {modules, countof(modules)};
static const struct hash about = {{7}};

/* The mail of a letter from one node to another. */
static err write_mail(
	struct ctx *c, struct house *from, const char *kind, struct str to, struct json **ret)
{
	struct json *body = json_object(c);
	TRY(acts_tick(c, from->acts));
	TRY(letter_make(c, from->acts, kind, to, &about, house_document(c, &from->self), &body));
	return letter_mail(c, from->acts, body, ret);
}

static void test_good(struct ctx *c, struct house *a, struct house *b)
{
	struct json *mail, *again, *body = json_object(c);
	struct mail m;
	struct str one, two;
	ok(write_mail(c, b, "join", a->self.did, &mail) == OK, "a letter: %s", c->trouble.detail);
	is_int(letter_read(c, &a->self, "join", house_carry(c, mail), &m), OK, "is read");
	ok(str_eq(m.letter.card.did, b->self.did) && hash_eq(&m.letter.about, &about),
		"and says whose it is, about what");
	ok(acts_tick(c, a->acts) == OK && letter_keep(c, a->acts, &m, &body) == OK &&
			letter_mail(c, a->acts, body, &again) == OK,
		"it is kept");
	ok(json_canonical(c, mail, LIMIT_DOCUMENT, &one) == OK &&
			json_canonical(c, again, LIMIT_DOCUMENT, &two) == OK && str_eq(one, two),
		"byte for byte");
}

static void test_bad(struct ctx *c, struct house *a, struct house *b)
{
	struct json *mail, *other;
	struct mail m;
	ok(write_mail(c, b, "join", a->self.did, &mail) == OK &&
			write_mail(c, b, "join", a->self.did, &other) == OK,
		"two letters");
	is_int(letter_read(c, &a->self, "approval", mail, &m), ERR_BAD_VALUE,
		"not as another kind");
	is_int(letter_read(c, &b->self, "join", mail, &m), ERR_FORBIDDEN, "not by another reader");
	is_int(letter_read(c, &a->self, "join", json_object(c), &m), ERR_MISSING_MEMBER,
		"not nothing");
	struct json *bent = json_copy(c, mail);
	json_set(&bent, "signature", json_copy(c, json_get(other, "signature")));
	is_int(letter_read(c, &a->self, "join", bent, &m), ERR_BAD_SIGNATURE,
		"not under the signature of another letter");
	bent = json_copy(c, mail);
	json_set(&bent, "didDocument", house_document(c, &a->self));
	is_int(letter_read(c, &a->self, "join", bent, &m), ERR_BAD_DIGEST,
		"not with another document");
	bent = json_copy(c, mail);
	struct json *letter = json_copy(c, json_get(mail, "letter"));
	json_set_hex(c, &letter, "about", (const uint8_t[HASH_BYTES]){8}, HASH_BYTES);
	json_set(&bent, "letter", letter);
	is_int(letter_read(c, &a->self, "join", bent, &m), ERR_BAD_SIGNATURE, "not changed");
	letter = json_copy(c, json_get(mail, "letter"));
	json_set_str(c, &letter, "note", STR("x"));
	bent = json_copy(c, mail);
	json_set(&bent, "letter", letter);
	is_int(letter_read(c, &a->self, "join", bent, &m), ERR_UNKNOWN_MEMBER, "not with more");
	ok(write_mail(c, a, "join", a->self.did, &mail) == OK, "a letter to oneself");
	is_int(letter_read(c, &a->self, "join", mail, &m), ERR_CONFLICT, "is refused");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	struct house a = {.db = NULL}, b = {.db = NULL};
	ok(house_open(&c, &a, "a.example", 1, &wiring) == OK &&
			house_open(&c, &b, "b.example", 2, &wiring) == OK,
		"two nodes: %s", c.trouble.detail);
	test_good(&c, &a, &b);
	test_bad(&c, &a, &b);
	house_close(&a);
	house_close(&b);
	arena_free(c.arena);
	return done_testing();
}
