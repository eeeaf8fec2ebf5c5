#include "party/invitation.h"

#include "tests/tap.h"

#include "party/fixture_test.h"

static const struct module *const modules[] = {&act_module, &party_module};
static const struct wiring wiring = {modules, countof(modules)};

static void test_text(struct ctx *c, const struct self *self)
{
	struct invitation in = {.secret = {1, 2, 3}}, again;
	struct str text = {0}, spaced, bent;
	struct hash digest,
		want = hash_of((struct str){(const char *)in.secret, INVITATION_SECRET});
	ok(card_of_self(c, self, &in.card) == OK && invitation_write(c, &in, &text) == OK,
		"an invitation is one line");
	ok(str_starts(text, STR("shugu-invite:")) && str_find(text, ' ') == text.n &&
			str_find(text, '\n') == text.n,
		"without space");
	ok(arena_fmt(c, &spaced, " \n%.*s\r\n", FMT(text)) == OK &&
			invitation_read(c, spaced, &again) == OK &&
			memcmp(again.secret, in.secret, INVITATION_SECRET) == 0 &&
			str_eq(again.card.did, self->did) && hash_eq(&again.digest, &want),
		"which is read, with space around it");
	is_int(invitation_read(c, str_sub(text, 0, text.n - 3), &again), ERR_MALFORMED,
		"not cut short");
	is_int(invitation_read(c, str_sub(text, 1, text.n), &again), ERR_MALFORMED,
		"nor otherwise");
	is_int(invitation_read(c, STR(""), &again), ERR_MALFORMED, "nor nothing");
	unsigned passed = 0;
	for (size_t i = 13; i < text.n; i++) {
		char *p = arena_z(c->arena, text);
		p[i] = p[i] == 'A' ? 'B' : 'A';
		bent = (struct str){p, text.n};
		if (invitation_read(c, bent, &again) == OK &&
			(invitation_write(c, &again, &spaced) != OK || !str_eq(spaced, bent)))
			passed++;
	}
	is_int(passed, 0, "and what is read with a character changed says something else");
	is_int(invitation_digest(c, STR("AQID"), &digest), ERR_BAD_VALUE, "a secret has 32 bytes");
	is_int(invitation_digest(c, STR("AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), &digest),
		OK, "in base64url");
	ok(hash_eq(&digest, &want), "and that digest");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(64u << 20)};
	struct house a = {.db = NULL};
	ok(house_open(&c, &a, "a.example", 1, &wiring) == OK, "a node: %s", c.trouble.detail);
	test_text(&c, &a.self);
	house_close(&a);
	arena_free(c.arena);
	return done_testing();
}
