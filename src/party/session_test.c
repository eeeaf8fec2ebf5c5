#include "party/session.h"

#include "tests/tap.h"

#include "party/fixture_test.h"

static const struct module *const modules[] = {&act_module, &person_module, &session_module};
static const struct wiring wiring = {modules, countof(modules)};

static struct str link_of(struct ctx *c, struct house *h, struct str id)
{
	struct str token = {0};
	int64_t expires = 0;
	ok(session_link(c, h->acts, id, &token, &expires) == OK &&
			expires == house_now + LIMIT_LINK_MS && token.n == SESSION_TOKEN_LENGTH,
		"a link");
	return token;
}

static err use(struct ctx *c, struct house *h, struct str link, struct str *ret, struct session *s)
{
	return session_open(c, h->acts, link, (struct str){0}, ret, s);
}

static void test_first(struct ctx *c, struct house *h, struct str *ret_token, struct session *s)
{
	struct str name, other, first = link_of(c, h, STR("")), link = link_of(c, h, STR(""));
	int64_t expires;
	is_int(use(c, h, STR(""), &other, s), ERR_UNAUTHENTICATED, "no token is not good");
	is_int(use(c, h, first, &other, s), ERR_UNAUTHENTICATED, "a new link ends the one before");
	is_int(use(c, h, link, ret_token, s), OK, "the first owner signs in");
	ok(s->person.role == ROLE_OWNER && person_name(c, h->db, &s->person, &name) == OK &&
			str_is(name, "owner"),
		"and is a person");
	is_int(use(c, h, link, &other, s), ERR_UNAUTHENTICATED, "a link is good once");
	is_int(use(c, h, *ret_token, &other, s), ERR_UNAUTHENTICATED, "a session is no link");
	is_int(session_find(c, h->acts, link, s), ERR_UNAUTHENTICATED, "nor a link a session");
	is_int(session_find(c, h->acts, *ret_token, s), OK, "the session is good");
	is_int(session_link(c, h->acts, STR(""), &other, &expires), ERR_BAD_STATE,
		"there is no second first owner");
}

static void test_times(struct ctx *c, struct house *h, struct str id)
{
	struct str link = link_of(c, h, id), token;
	struct session s;
	int64_t begun = house_now;
	house_now += LIMIT_LINK_MS;
	is_int(use(c, h, link, &token, &s), ERR_UNAUTHENTICATED, "a link is over after its time");
	link = link_of(c, h, id);
	house_now += LIMIT_LINK_MS - 1;
	is_int(use(c, h, link, &token, &s), OK, "and good up to it");
	begun = house_now;
	house_now += LIMIT_SIGNED_IN_IDLE_MS - 1;
	is_int(session_find(c, h->acts, token, &s), OK, "a session is good while it is used");
	house_now += LIMIT_SIGNED_IN_IDLE_MS - 1;
	is_int(session_find(c, h->acts, token, &s), OK, "use is noted");
	house_now += LIMIT_SIGNED_IN_IDLE_MS;
	is_int(session_find(c, h->acts, token, &s), ERR_UNAUTHENTICATED, "idle it ends");
	is_int(use(c, h, link_of(c, h, id), &token, &s), OK, "once more");
	begun = house_now;
	unsigned good = 0;
	while (house_now < begun + LIMIT_SIGNED_IN_MS) {
		good += session_find(c, h->acts, token, &s) == OK;
		house_now += LIMIT_SIGNED_IN_IDLE_MS / 2;
	}
	is_int(good, 2 * LIMIT_SIGNED_IN_MS / LIMIT_SIGNED_IN_IDLE_MS, "used all day");
	is_int(session_find(c, h->acts, token, &s), ERR_UNAUTHENTICATED, "it ends all the same");
}

/* Signing out, another role, removal: a copied token is worth nothing then. */
static void test_ends(struct ctx *c, struct house *h)
{
	struct entry e;
	struct str token, second, link;
	struct session s;
	is_int(person_add(c, h->acts, STR("operator"), STR("Lucy"), ROLE_AUDITOR, &e), OK, "Lucy");
	is_int(use(c, h, link_of(c, h, e.subject), &token, &s), OK, "signs in");
	is_int(use(c, h, link_of(c, h, e.subject), &second, &s), OK, "twice");
	is_int(session_end(c, h->acts, token), OK, "signs out once");
	is_int(session_find(c, h->acts, token, &s), ERR_UNAUTHENTICATED, "that session is over");
	is_int(session_find(c, h->acts, second, &s), OK, "the other is not");
	link = link_of(c, h, e.subject);
	is_int(person_set_role(c, h->acts, STR("operator"), e.subject, ROLE_OWNER), OK, "a role");
	is_int(session_find(c, h->acts, second, &s), ERR_UNAUTHENTICATED, "ends her sessions");
	is_int(use(c, h, link, &token, &s), ERR_UNAUTHENTICATED, "and links");
	is_int(use(c, h, link_of(c, h, e.subject), &token, &s), OK, "she comes again");
	is_int(s.person.role, ROLE_OWNER, "in her new role");
	is_int(person_remove(c, h->acts, STR("operator"), e.subject), OK, "she is removed");
	is_int(session_find(c, h->acts, token, &s), ERR_UNAUTHENTICATED, "and out");
	int64_t expires;
	is_int(session_link(c, h->acts, e.subject, &link, &expires), ERR_BAD_STATE, "for good");
	is_int(session_link(c, h->acts, STR("urn:no"), &link, &expires), ERR_NOT_FOUND, "nobody");
}

static void test_many(struct ctx *c, struct house *h, struct str id)
{
	struct str tokens[LIMIT_SIGNED_IN + 1];
	struct session s;
	unsigned good = 0;
	for (size_t i = 0; i <= LIMIT_SIGNED_IN; i++) {
		house_now++;
		is_int(use(c, h, link_of(c, h, id), &tokens[i], &s), OK, "session %zu", i);
	}
	for (size_t i = 1; i <= LIMIT_SIGNED_IN; i++)
		good += session_find(c, h->acts, tokens[i], &s) == OK;
	is_int(good, LIMIT_SIGNED_IN, "the newest are good");
	is_int(session_find(c, h->acts, tokens[0], &s), ERR_UNAUTHENTICATED, "the oldest is not");
}

/* Whoever reads the database finds no token in it. */
static bool stored(struct ctx *c, struct house *h, struct str token)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	if (store_prepare(c, h->db,
		    "SELECT 1 FROM n_session WHERE instr(hex(digest), hex(?1)) OR digest = ?1 OR "
		    "person = ?1",
		    &s) != OK)
		return true;
	stmt_text(s, 1, token);
	return stmt_step(c, s, &row) != OK || row;
}

int main(void)
{
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	struct house h = {.db = NULL};
	struct str token = {0};
	struct session s = {.expires_ms = 0};
	is_int(house_open(&c, &h, "a.example", 1, &wiring), OK, "a node");
	test_first(&c, &h, &token, &s);
	ok(!stored(&c, &h, token), "no token is stored");
	test_times(&c, &h, s.person.id);
	test_ends(&c, &h);
	test_many(&c, &h, s.person.id);
	ok(acts_tick_end(&c, h.acts) == OK && house_replays(&c, &h), "and a replay agrees");
	house_close(&h);
	return done_testing();
}
