#include "party/organisation.h"

#include "tests/tap.h"

#include "party/fixture_test.h"

static const struct module *const modules[] = {&act_module, &party_module};
static const struct wiring wiring = {modules, countof(modules)};

/* Each step that is allowed, and no other: status before, event, status after. */
static void test_table(void)
{
	static const unsigned char allowed[][3] = {
		{ORGANISATION_NONE, ORGANISATION_JOIN, ORGANISATION_JOINING},
		{ORGANISATION_NONE, ORGANISATION_ASK, ORGANISATION_ASKED},
		{ORGANISATION_NONE, ORGANISATION_REGISTER, ORGANISATION_APPROVED},
		{ORGANISATION_JOINING, ORGANISATION_BE_APPROVED, ORGANISATION_APPROVED},
		{ORGANISATION_JOINING, ORGANISATION_ACKNOWLEDGE, ORGANISATION_JOINING},
		{ORGANISATION_JOINING, ORGANISATION_WITHDRAW, ORGANISATION_WITHDRAWN},
		{ORGANISATION_JOINING, ORGANISATION_BE_WITHDRAWN, ORGANISATION_WITHDRAWN},
		{ORGANISATION_ASKED, ORGANISATION_APPROVE, ORGANISATION_APPROVED},
		{ORGANISATION_ASKED, ORGANISATION_WITHDRAW, ORGANISATION_WITHDRAWN},
		{ORGANISATION_ASKED, ORGANISATION_BE_WITHDRAWN, ORGANISATION_WITHDRAWN},
		{ORGANISATION_APPROVED, ORGANISATION_ACKNOWLEDGE, ORGANISATION_APPROVED},
		{ORGANISATION_APPROVED, ORGANISATION_WITHDRAW, ORGANISATION_WITHDRAWN},
		{ORGANISATION_APPROVED, ORGANISATION_BE_WITHDRAWN, ORGANISATION_WITHDRAWN},
		{ORGANISATION_APPROVED, ORGANISATION_REGISTER, ORGANISATION_APPROVED},
		{ORGANISATION_WITHDRAWN, ORGANISATION_JOIN, ORGANISATION_JOINING},
		{ORGANISATION_WITHDRAWN, ORGANISATION_ASK, ORGANISATION_ASKED},
		{ORGANISATION_WITHDRAWN, ORGANISATION_REGISTER, ORGANISATION_APPROVED},
	};
	unsigned wrong = 0;
	for (unsigned s = 0; s < ORGANISATION_STATUS_MAX; s++) {
		for (unsigned e = 0; e < ORGANISATION_EVENT_MAX; e++) {
			unsigned want = ORGANISATION_NONE;
			for (size_t i = 0; i < countof(allowed); i++) {
				if (allowed[i][0] == s && allowed[i][1] == e)
					want = allowed[i][2];
			}
			wrong += organisation_next(s, e) != want;
		}
	}
	is_int(wrong, 0, "the table allows these steps and no other");
	is_str(organisation_word(ORGANISATION_WITHDRAWN), "withdrawn", "each status has a word");
}

static err meet(struct ctx *c, struct acts *n, const char *type, const struct card *card,
	const char *member, struct json *value)
{
	static const uint8_t digest[HASH_BYTES] = {1};
	struct json *body = json_object(c);
	json_set(&body, "party", card_json(c, card));
	json_set_str(c, &body, "request", STR("urn:request"));
	json_set_hex(c, &body, "secret", digest, sizeof digest);
	json_set_hex(c, &body, "document", digest, sizeof digest);
	json_set_hex(c, &body, "signature", digest, sizeof digest);
	json_set_hex(c, &body, "didDocument", digest, sizeof digest);
	if (value != NULL)
		json_set(&body, member, value);
	const struct act a = {str_z(type), STR("operator"), card->did, body, NULL};
	return acts_do(c, n, &a, NULL);
}

static void test_refusals(struct ctx *c, struct house *a, const struct card *b)
{
	struct acts *n = a->acts;
	static const char *const digests[] = {"secret", "document", "signature", "didDocument"};
	for (size_t i = 0; i < countof(digests); i++)
		is_int(meet(c, n, "party.join", b, digests[i], json_z(c, "00")), ERR_BAD_VALUE,
			"%s must be a digest", digests[i]);
	is_int(meet(c, n, "party.join", b, "request", json_z(c, "")), ERR_MISSING_MEMBER,
		"request");
	is_int(meet(c, n, "party.join", b, "party", json_object(c)), ERR_MISSING_MEMBER, "party");
	struct card other = *b;
	other.did = STR("did:web:x.example");
	is_int(meet(c, n, "party.join", &other, "party", card_json(c, b)), ERR_BAD_VALUE,
		"the card of another");
	is_int(meet(c, n, "party.ask", b, "", NULL), ERR_FORBIDDEN, "asking without an invitation");
	is_int(meet(c, n, "party.approve", b, "", NULL), ERR_NOT_FOUND, "approving a stranger");
	is_int(meet(c, n, "party.approved", b, "", NULL), ERR_NOT_FOUND, "a stranger's approval");
	is_int(meet(c, n, "party.acknowledged", b, "", NULL), ERR_NOT_FOUND, "or answer");
	is_int(commit_size(acts_log(n)), 0, "nothing of that is stored");
}

/* Two parties with one key or one log are one party too many. */
static void test_unique(struct ctx *c, struct house *a, const struct card *b, const struct card *d)
{
	struct organisation o;
	struct card mixed = *d;
	is_int(meet(c, a->acts, "party.join", b, "", NULL), OK, "B is joined");
	is_int(meet(c, a->acts, "party.join", b, "", NULL), ERR_BAD_STATE, "once");
	mixed.key_text = b->key_text;
	is_int(meet(c, a->acts, "party.join", &mixed, "", NULL), ERR_CONFLICT,
		"not D with B's key");
	ok(organisation_by_key(c, acts_db(a->acts), b->key, &o) == OK && str_eq(o.did, b->did),
		"a key is one party's");
	is_int(organisation_by_key(c, acts_db(a->acts), d->key, &o), ERR_NOT_FOUND,
		"D has none here");
	is_int(meet(c, a->acts, "party.join", d, "", NULL), OK, "D with its own");
	is_int(organisation_named(c, acts_db(a->acts), STR("Data House"), &o), ERR_CONFLICT,
		"two of one name are told apart");
	ok(organisation_named(c, acts_db(a->acts), d->did, &o) == OK && str_eq(o.did, d->did),
		"by their DID");
	is_int(organisation_named(c, acts_db(a->acts), STR("nobody"), &o), ERR_NOT_FOUND, "nobody");
}

static void test_list(struct ctx *c, struct house *a, const struct card *b, const struct card *d)
{
	struct organisation rows[4];
	size_t n = 0;
	ok(organisation_list(c, acts_db(a->acts), -1, 4, rows, &n) == OK && n == 2 &&
			str_eq(rows[0].did, b->did) && str_eq(rows[1].did, d->did),
		"parties stand in the order in which they came");
	ok(organisation_list(c, acts_db(a->acts), 0, 4, rows, &n) == OK && n == 1 &&
			str_eq(rows[0].did, d->did) && rows[0].joined &&
			rows[0].status == ORGANISATION_JOINING &&
			str_is(rows[0].assurance, "self-declared"),
		"from any place");
}

/* An address that only looks like the pinned one is another. */
static void test_address(struct ctx *c)
{
	const struct organisation o = {.did = STR("did:web:b.example"),
		.url = STR("https://b.example:70"),
		.dsp = STR("https://b.example:70/dsp/2025-1/")};
	static const char *const good[] = {"https://b.example:70", "https://b.example:70/callback",
		"https://b.example:70/dsp/2025-1/callback"};
	static const char *const bad[] = {"", "https://b.example:7001/x",
		"https://b.example:70.evil/x", "http://b.example:70/x", "https://b.example/x",
		"https://evil/https://b.example:70/"};
	const struct organisation none = {.url = STR(""), .dsp = STR("/")};
	for (size_t i = 0; i < countof(good); i++)
		is_int(organisation_address(c, &o, str_z(good[i])), OK, "%s is theirs", good[i]);
	for (size_t i = 0; i < countof(bad); i++)
		is_int(organisation_address(c, &o, str_z(bad[i])), ERR_FORBIDDEN_ADDRESS,
			"'%s' is not", bad[i]);
	is_int(organisation_address(c, &none, STR("/x")), ERR_FORBIDDEN_ADDRESS,
		"who has pinned nothing has no address");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	struct house a = {.db = NULL}, b = {.db = NULL}, d = {.db = NULL};
	struct card second, third;
	test_table();
	ok(house_open(&c, &a, "a.example", 1, &wiring) == OK &&
			house_open(&c, &b, "b.example", 2, &wiring) == OK &&
			house_open(&c, &d, "d.example", 3, &wiring) == OK,
		"nodes: %s", c.trouble.detail);
	ok(card_of_self(&c, &b.self, &second) == OK && card_of_self(&c, &d.self, &third) == OK,
		"their cards");
	test_refusals(&c, &a, &second);
	test_unique(&c, &a, &second, &third);
	test_list(&c, &a, &second, &third);
	test_address(&c);
	ok(acts_tick_end(&c, a.acts) == OK && house_replays(&c, &a), "and a replay agrees");
	house_close(&a);
	house_close(&b);
	house_close(&d);
	arena_free(c.arena);
	return done_testing();
}
