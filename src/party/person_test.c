#include "party/person.h"

#include "tests/tap.h"

#include "party/fixture_test.h"

#include "act/content.h"

static const struct module *const modules[] = {&act_module, &person_module};
static const struct wiring wiring = {modules, countof(modules)};
static const struct str by_operator = STR("operator");

static void test_words(struct ctx *c)
{
	static const char *const roles[] = {"owner", "operator", "reviewer", "finance", "auditor"};
	enum role role;
	unsigned all = 0;
	for (size_t i = 0; i < countof(roles); i++) {
		ok(role_parse(c, str_z(roles[i]), &role) == OK, "%s is a role", roles[i]);
		is_str(role_word(role), roles[i], "and says so");
		all |= role;
	}
	is_int(all, ROLES_ALL, "those are all");
	is_int(role_parse(c, STR("root"), &role), ERR_BAD_VALUE, "root is none");
	is_int(role_parse(c, STR(""), &role), ERR_BAD_VALUE, "nor is nothing");
}

/* What an actor's text allows: nobody but people is bound to a role, and a person without one may nothing. */
static void test_actor(struct ctx *c)
{
	const struct person p = {.id = STR("urn:uuid:1"), .role = ROLE_FINANCE};
	struct str actor = {0};
	is_int(person_actor(c, &p, &actor), OK, "an actor");
	ok(str_is(actor, "person:urn:uuid:1#finance"), "names id and role");
	is_int(person_roles(actor), ROLE_FINANCE, "and gives the role back");
	is_int(person_roles(by_operator), ROLES_ALL, "the operator has all");
	is_int(person_roles(STR("person:urn:uuid:1")), 0, "a person without role none");
	is_int(person_roles(STR("person:urn:uuid:1#root")), 0, "nor one with another");
	is_int(person_roles(STR("person:urn:uuid:1#finance#owner")), 0, "nor one with two");
}

static void test_add(struct ctx *c, struct house *h, struct str *ret_id)
{
	static const char *const bad[] = {"", "a\nb", "\x7f", "\xff"};
	struct entry e;
	struct person p;
	struct str name, act;
	struct hash salt;
	char text[LIMIT_NAME + 2];
	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < countof(bad); i++)
		is_int(person_add(c, h->acts, by_operator, str_z(bad[i]), ROLE_OWNER, &e),
			ERR_BAD_VALUE, "bad name %zu", i);
	is_int(person_add(
		       c, h->acts, by_operator, (struct str){text, LIMIT_NAME + 1}, ROLE_OWNER, &e),
		ERR_BAD_VALUE, "a name that is too long");
	is_int(person_add(
		       c, h->acts, by_operator, (struct str){text, LIMIT_NAME}, ROLE_AUDITOR, &e),
		OK, "one that is just not");
	is_int(person_add(c, h->acts, by_operator, STR("李雷"), ROLE_OWNER, &e), OK, "an owner");
	is_int(person_add(c, h->acts, by_operator, STR("李雷"), ROLE_AUDITOR, &e), ERR_CONFLICT,
		"no other of that name");
	ok(person_named(c, h->db, STR("李雷"), &p) == OK && p.role == ROLE_OWNER, "by name");
	*ret_id = p.id;
	ok(person_named(c, h->db, *ret_id, &p) == OK && person_name(c, h->db, &p, &name) == OK &&
			str_is(name, "李雷"),
		"by id");
	is_int(person_named(c, h->db, STR("nobody"), &p), ERR_NOT_FOUND, "nobody");
	ok(commit_entry(c, acts_log(h->acts), e.index, &act, &salt) == OK &&
			str_find_str(act, STR("李雷")) == act.n &&
			str_find_str(act, STR("\"sealed\":{\"name\":\"")) < act.n,
		"the act holds the name only as a digest");
}

static void test_change(struct ctx *c, struct house *h, struct str id)
{
	struct entry e;
	struct person p;
	struct acts *n = h->acts;
	uint64_t size = commit_size(acts_log(n));
	is_int(person_set_role(c, n, by_operator, id, ROLE_OWNER), ERR_BAD_STATE, "the same role");
	is_int(person_set_role(c, n, by_operator, id, ROLE_AUDITOR), ERR_BAD_STATE,
		"the only owner stays one");
	is_int(person_remove(c, n, by_operator, id), ERR_BAD_STATE, "and stays");
	is_int(person_remove(c, n, by_operator, STR("urn:no")), ERR_NOT_FOUND, "nobody is removed");
	is_int(commit_size(acts_log(n)), (int64_t)size, "none of which is an act");
	is_int(person_add(c, n, by_operator, STR("Han Meimei"), ROLE_OWNER, &e), OK,
		"a second owner");
	is_int(person_set_role(c, n, by_operator, id, ROLE_REVIEWER), OK,
		"then the first may change");
	is_int(person_remove(c, n, by_operator, id), OK, "and go");
	is_int(person_remove(c, n, by_operator, id), ERR_BAD_STATE, "once");
	is_int(person_set_role(c, n, by_operator, id, ROLE_AUDITOR), ERR_BAD_STATE, "for good");
	is_int(person_named(c, h->db, STR("李雷"), &p), ERR_NOT_FOUND, "the name is free");
	is_int(person_add(c, n, by_operator, STR("李雷"), ROLE_FINANCE, &e), OK, "for another");
}

/* An act of a person bears his sealed name, one of anybody else does not. */
static void test_speaker(struct ctx *c, struct house *h)
{
	struct person p;
	struct entry e;
	struct str actor, id;
	is_int(person_named(c, h->db, STR("Han Meimei"), &p), OK, "the owner");
	is_int(person_actor(c, &p, &actor), OK, "as an actor");
	is_int(person_add(c, h->acts, by_operator, STR("Lucy"), ROLE_AUDITOR, &e), OK, "somebody");
	id = e.subject;
	acts_speaker(h->acts, actor, person_sealed(c, &p));
	is_int(person_set_role(c, h->acts, by_operator, id, ROLE_FINANCE), OK, "the operator acts");
	is_int(person_set_role(c, h->acts, actor, id, ROLE_REVIEWER), OK, "the owner acts");
	acts_speaker(h->acts, (struct str){0}, NULL);
	uint64_t last = e.index + 2;
	struct hash name = {{0}};
	ok(acts_entry(c, h->acts, last, &e) == OK && str_eq(e.actor, actor) &&
			hash_parse(json_text(json_get(e.sealed, "name")), &name) &&
			hash_eq(&name, &p.name),
		"his act seals his name");
	ok(acts_entry(c, h->acts, last - 1, &e) == OK && e.sealed == NULL, "the other none");
}

static void test_list(struct ctx *c, struct house *h)
{
	struct person rows[8];
	size_t n = 0;
	int64_t all = 0, owners = 0;
	ok(person_list(c, h->db, STR(""), 2, rows, &n) == OK && n == 2, "two of them");
	ok(person_list(c, h->db, rows[1].id, 8, rows, &n) == OK && n == 3, "the rest behind them");
	ok(person_count(c, h->db, &all, &owners) == OK && all == 5 && owners == 1, "counted");
}

static void test_forget(struct ctx *c, struct house *h)
{
	struct entry e;
	struct person p;
	struct str name, actor = {"", 0};
	is_int(person_add(c, h->acts, by_operator, STR("Forget Me"), ROLE_FINANCE, &e), OK, "one");
	struct str id = e.subject;
	ok(person_find(c, h->db, id, &p) == OK && person_actor(c, &p, &actor) == OK, "who acts");
	is_int(person_forget(c, h->acts, by_operator, id), ERR_BAD_STATE,
		"not while he may sign in");
	is_int(person_remove(c, h->acts, by_operator, id), OK, "he is removed");
	ok(person_actor_name(c, h->db, actor, &name) == OK && str_is(name, "Forget Me"),
		"and has his name");
	is_int(person_forget(c, h->acts, by_operator, id), OK, "he is forgotten");
	ok(person_find(c, h->db, id, &p) == OK && p.forgotten && p.removed, "which is told");
	ok(person_actor_name(c, h->db, actor, &name) == OK && str_is(name, PERSON_FORGOTTEN),
		"what he did has no name");
	is_int(person_forget(c, h->acts, by_operator, id), OK, "again");
	struct entry last;
	ok(person_add(c, h->acts, by_operator, STR("Next"), ROLE_FINANCE, &last) == OK &&
			last.index == e.index + 3,
		"makes no second act");
	is_int(person_remove(c, h->acts, by_operator, last.subject), OK, "who came after");
	ok(person_find(c, h->db, last.subject, &p) == OK &&
			person_name(c, h->db, &p, &name) == OK && str_is(name, "Next"),
		"keeps the name");
}

int main(void)
{
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	struct house h = {.db = NULL};
	struct str id = {0};
	test_words(&c);
	test_actor(&c);
	is_int(house_open(&c, &h, "a.example", 1, &wiring), OK, "a node");
	test_add(&c, &h, &id);
	test_change(&c, &h, id);
	test_speaker(&c, &h);
	test_list(&c, &h);
	test_forget(&c, &h);
	ok(acts_tick_end(&c, h.acts) == OK && house_replays(&c, &h), "and a replay agrees");
	house_close(&h);
	return done_testing();
}
