#include "party/card.h"

#include "tests/tap.h"

#include "party/fixture_test.h"

static const struct module *const modules[] = {&act_module, &party_module};
static const struct wiring wiring = {modules, countof(modules)};

static void test_read(struct ctx *c, const struct self *self)
{
	static const struct {
		const char *member, *value;
	} bad[] = {
		{"name", ""},
		{"name", "a\nb"},
		{"uscc", "91110000802100433C"},
		{"uscc", "9111000080210043"},
		{"did", "did:web:b.example"},
		{"url", "https://b.example"},
		{"url", "https://a.example/"},
		{"kid", "did:web:b.example#key-1"},
		{"kid", "did:web:a.example#"},
		{"kid", "did:web:a.example"},
		{"kid", "did:web:a.example#a#b"},
		{"key", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
		{"key", "AAAA"},
		{"vkey", "a.example/log+00000000+AAAA"},
		{"origin", "b.example/log"},
	};
	struct card card, again;
	ok(card_of_self(c, self, &card) == OK, "our own card");
	ok(card_read(c, card_json(c, &card), &again) == OK && str_eq(card.vkey, again.vkey) &&
			memcmp(card.key, again.key, KEY_BYTES) == 0 && !again.loopback,
		"is read as it was written");
	ok(!again.outbound, "which can be called");
	card.outbound = true;
	ok(card_read(c, card_json(c, &card), &again) == OK && again.outbound,
		"and so is that of a node that cannot be");
	card.outbound = false;
	struct json *open = card_json(c, &card);
	json_set(&open, "outbound", json_bool(c, false));
	is_int(card_read(c, open, &again), ERR_BAD_VALUE, "there is one way to say either");
	for (size_t i = 0; i < countof(bad); i++) {
		struct json *j = card_json(c, &card);
		json_set_str(c, &j, bad[i].member, str_z(bad[i].value));
		is_int(card_read(c, j, &again), ERR_BAD_VALUE, "not with %s '%s'", bad[i].member,
			bad[i].value);
	}
	struct json *j = card_json(c, &card);
	json_set_str(c, &j, "assurance", STR("authority"));
	is_int(card_read(c, j, &again), ERR_UNKNOWN_MEMBER, "nor with more");
	is_int(card_read(c, json_copy_without(c, card_json(c, &card), "uscc"), &again),
		ERR_MISSING_MEMBER, "nor with less");
}

static void test_admit(struct ctx *c, const struct house *a, const struct house *b)
{
	struct card own = {.name = {0}}, other = own, mixed;
	ok(card_of_self(c, &a->self, &own) == OK && card_of_self(c, &b->self, &other) == OK,
		"two cards");
	is_int(card_admit(c, &a->self, &other), OK, "another is admitted");
	is_int(card_admit(c, &a->self, &own), ERR_CONFLICT, "we are not");
	mixed = other;
	memcpy(mixed.key, own.key, KEY_BYTES);
	is_int(card_admit(c, &a->self, &mixed), ERR_CONFLICT, "nor who has our party key");
	mixed = other;
	memcpy(mixed.log_key, own.log_key, KEY_BYTES);
	is_int(card_admit(c, &a->self, &mixed), ERR_CONFLICT, "nor who has our log key");
	mixed = other;
	mixed.loopback = true;
	is_int(card_admit(c, &a->self, &mixed), ERR_FORBIDDEN_ADDRESS,
		"nor who lives on this machine");
	struct self local = a->self;
	local.allow_loopback = true;
	is_int(card_admit(c, &local, &mixed), OK, "unless init allowed it");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	struct house a = {.db = NULL}, b = {.db = NULL};
	ok(house_open(&c, &a, "a.example", 1, &wiring) == OK &&
			house_open(&c, &b, "b.example", 2, &wiring) == OK,
		"two nodes: %s", c.trouble.detail);
	test_read(&c, &a.self);
	test_admit(&c, &a, &b);
	house_close(&a);
	house_close(&b);
	arena_free(c.arena);
	return done_testing();
}
