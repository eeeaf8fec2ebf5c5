#include "party/person.h"

#include <string.h>

#include "base/limits.h"
#include "codec/uuid.h"
#include "party/person_store.h"

#define SALT_BYTES 32u
#define PAGE 100u
#define PREFIX "person:"

static const struct {
	enum role role;
	const char *word;
} words[] = {{ROLE_OWNER, "owner"}, {ROLE_OPERATOR, "operator"}, {ROLE_REVIEWER, "reviewer"},
	{ROLE_FINANCE, "finance"}, {ROLE_AUDITOR, "auditor"}};

const char *role_word(enum role role)
{
	for (size_t i = 0; i < countof(words); i++) {
		if (words[i].role == role)
			return words[i].word;
	}
	return "";
}

err role_parse(struct ctx *c, struct str word, enum role *ret)
{
	for (size_t i = 0; i < countof(words); i++) {
		if (str_is(word, words[i].word)) {
			*ret = words[i].role;
			return OK;
		}
	}
	return fail(c, ERR_BAD_VALUE, "role must be owner, operator, reviewer, finance or auditor");
}

err person_actor(struct ctx *c, const struct person *p, struct str *ret)
{
	return arena_fmt(c, ret, PREFIX "%.*s#%s", FMT(p->id), role_word(p->role));
}

unsigned person_roles(struct str actor)
{
	struct str id, word;
	if (!str_starts(actor, STR(PREFIX)))
		return ROLES_ALL;
	if (!str_cut(actor, '#', &id, &word))
		return 0;
	for (size_t i = 0; i < countof(words); i++) {
		if (str_is(word, words[i].word))
			return words[i].role;
	}
	return 0;
}

struct json *person_sealed(struct ctx *c, const struct person *p)
{
	struct json *o = json_object(c);
	json_set_hex(c, &o, "name", p->name.b, HASH_BYTES);
	return o;
}

err person_find(struct ctx *c, struct store *db, struct str id, struct person *ret)
{
	bool found = false;
	TRY(person_store_find(c, db, id, &found, ret));
	ENSURE(found, c, ERR_NOT_FOUND, "there is no person %.*s: shugu person list",
		FMT(str_sub(id, 0, LIMIT_NAME)));
	return OK;
}

/* Names are sealed: they are looked through one by one, LIMIT_PEOPLE at most. */
static err by_name(
	struct ctx *c, struct store *db, struct str name, unsigned *ret_n, struct person *ret)
{
	struct person *page;
	struct str after = STR(""), one;
	size_t n = PAGE;
	*ret_n = 0;
	NEW_N(c, page, PAGE);
	while (n == PAGE) {
		TRY(person_store_list(c, db, after, PAGE, page, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(person_name(c, db, &page[i], &one));
			after = page[i].id;
			if (page[i].removed || !str_eq(one, name))
				continue;
			*ret = page[i];
			++*ret_n;
		}
	}
	return OK;
}

err person_named(struct ctx *c, struct store *db, struct str text, struct person *ret)
{
	unsigned n = 0;
	bool found = false;
	TRY(person_store_find(c, db, text, &found, ret));
	if (found)
		return OK;
	TRY(by_name(c, db, text, &n, ret));
	ENSURE(n > 0, c, ERR_NOT_FOUND, "there is no person %.*s: shugu person list",
		FMT(str_sub(text, 0, LIMIT_NAME)));
	ENSURE(n == 1, c, ERR_CONFLICT, "two are called %.*s: give the id", FMT(text));
	return OK;
}

err person_list(struct ctx *c, struct store *db, struct str after, size_t max, struct person *ret,
	size_t *ret_n)
{
	return person_store_list(c, db, after, max, ret, ret_n);
}

err person_count(struct ctx *c, struct store *db, int64_t *ret_all, int64_t *ret_owners)
{
	return person_store_count(c, db, ret_all, ret_owners);
}

err person_name(struct ctx *c, struct store *db, const struct person *p, struct str *ret)
{
	struct str bytes = {0};
	*ret = STR(PERSON_FORGOTTEN);
	if (p->forgotten)
		return OK;
	TRY(name_store_get(c, db, &p->name, &bytes));
	*ret = str_sub(bytes, SALT_BYTES, bytes.n);
	return OK;
}

err person_actor_name(struct ctx *c, struct store *db, struct str actor, struct str *ret)
{
	struct person p;
	bool found = false;
	struct str id = str_sub(actor, 0, str_find(actor, '#'));
	*ret = (struct str){"", 0};
	if (!str_starts(actor, STR(PREFIX)))
		return OK;
	id = str_sub(id, sizeof PREFIX - 1, id.n);
	TRY(person_store_find(c, db, id, &found, &p));
	return found ? person_name(c, db, &p, ret) : OK;
}

static err check_name(struct ctx *c, struct store *db, struct str name)
{
	struct person other;
	unsigned n = 0;
	ENSURE(name.n > 0 && name.n <= LIMIT_NAME && str_is_utf8(name), c, ERR_BAD_VALUE,
		"name must be 1 to %u bytes of text", LIMIT_NAME);
	for (size_t i = 0; i < name.n; i++)
		ENSURE((unsigned char)name.p[i] >= ' ' && name.p[i] != 0x7f, c, ERR_BAD_VALUE,
			"name must hold no control characters");
	TRY(by_name(c, db, name, &n, &other));
	ENSURE(n == 0, c, ERR_CONFLICT, "there is a %.*s already: choose another name", FMT(name));
	return OK;
}

err person_add(struct ctx *c, struct acts *n, struct str actor, struct str name, enum role role,
	struct entry *ret)
{
	uint8_t salt[SALT_BYTES];
	struct person p = {.role = role};
	struct json *body = json_object(c);
	struct str bytes;
	struct buf b;
	TRY(acts_tick(c, n));
	TRY(check_name(c, acts_db(n), name));
	env_random(acts_env(n), salt, sizeof salt);
	buf_init(&b, c->arena, SALT_BYTES + LIMIT_NAME);
	buf_add(&b, (struct str){(const char *)salt, sizeof salt});
	buf_add(&b, name);
	TRY(buf_done(c, &b, &bytes));
	TRY(name_store_put(c, acts_db(n), bytes, &p.name));
	TRY(uuid_new_urn(c, acts_env(n), &p.id));
	json_set_str(c, &body, "role", str_z(role_word(role)));
	const struct act a = {STR("person.add"), actor, p.id, body, person_sealed(c, &p)};
	return acts_do(c, n, &a, ret);
}

err person_set_role(struct ctx *c, struct acts *n, struct str actor, struct str id, enum role role)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "role", str_z(role_word(role)));
	const struct act a = {STR("person.role"), actor, id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err person_remove(struct ctx *c, struct acts *n, struct str actor, struct str id)
{
	const struct act a = {STR("person.remove"), actor, id, json_object(c), NULL};
	return acts_do(c, n, &a, NULL);
}

err person_forget(struct ctx *c, struct acts *n, struct str actor, struct str id)
{
	struct person p;
	const struct act a = {STR("person.forget"), actor, id, json_object(c), NULL};
	TRY(person_find(c, acts_db(n), id, &p));
	TRY(acts_tick(c, n));
	if (!p.forgotten)
		TRY(acts_do(c, n, &a, NULL));
	return name_store_forget(c, acts_db(n), &p.name);
}

static err role_of(struct ctx *c, const struct json *body, enum role *ret)
{
	TRY(role_parse(c, json_text(json_get(body, "role")), ret));
	ENSURE(body->n == 1, c, ERR_UNKNOWN_MEMBER, "this act holds a role and nothing else");
	return OK;
}

static err decide_add(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct person p;
	struct hash name;
	enum role role;
	int64_t all = 0, owners = 0;
	bool found = false;
	(void)at_ms;
	TRY(role_of(c, a->body, &role));
	ENSURE(hash_parse(json_text(json_get(a->sealed, "name")), &name), c, ERR_BAD_VALUE,
		"the name must be sealed");
	TRY(person_store_find(c, db, a->subject, &found, &p));
	ENSURE(!found, c, ERR_CONFLICT, "there is a person %.*s", FMT(a->subject));
	TRY(person_store_count(c, db, &all, &owners));
	ENSURE(all < LIMIT_PEOPLE, c, ERR_QUOTA, "a node knows %d people at most", LIMIT_PEOPLE);
	return OK;
}

/* Somebody must be left who may say who does what. */
static err check_last_owner(struct ctx *c, struct store *db, const struct person *p)
{
	int64_t all = 0, owners = 0;
	TRY(person_store_count(c, db, &all, &owners));
	ENSURE(p->role != ROLE_OWNER || owners > 1, c, ERR_BAD_STATE,
		"this is the only owner: make another one first");
	return OK;
}

static err decide_change(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct person p;
	enum role role = ROLE_AUDITOR;
	bool removes = str_is(a->type, "person.remove");
	(void)at_ms;
	TRY(person_find(c, db, a->subject, &p));
	ENSURE(!p.removed, c, ERR_BAD_STATE, "this person was removed: add a new one");
	if (!removes)
		TRY(role_of(c, a->body, &role));
	if (!removes && role == p.role)
		return fail(c, ERR_BAD_STATE, "the role is %s already", role_word(role));
	return check_last_owner(c, db, &p);
}

static err decide_forget(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct person p;
	(void)at_ms;
	ENSURE(a->body->n == 0, c, ERR_UNKNOWN_MEMBER, "this act holds nothing");
	TRY(person_find(c, db, a->subject, &p));
	ENSURE(p.removed, c, ERR_BAD_STATE,
		"who may still sign in is not forgotten: shugu person remove first");
	ENSURE(!p.forgotten, c, ERR_BAD_STATE, "this person was forgotten");
	return OK;
}

static err apply(struct ctx *c, struct store *db, const struct entry *e)
{
	struct person p = {.id = e->subject};
	bool adds = str_is(e->type, "person.add");
	if (!adds)
		TRY(person_find(c, db, e->subject, &p));
	if (str_is(e->type, "person.remove"))
		p.removed = true;
	else if (str_is(e->type, "person.forget"))
		p.forgotten = true;
	else
		TRY(role_parse(c, json_text(json_get(e->body, "role")), &p.role));
	ENSURE(!adds || hash_parse(json_text(json_get(e->sealed, "name")), &p.name), c, ERR_CORRUPT,
		"a person without name");
	p.since_ms = e->at_ms;
	return person_store_put(c, db, &p);
}

static const struct act_type types[] = {
	{"person.add", decide_add, apply},
	{"person.role", decide_change, apply},
	{"person.remove", decide_change, apply},
	{"person.forget", decide_forget, apply},
};

const struct module person_module = {.name = "person",
	.types = types,
	.types_n = countof(types),
	.migrations = person_migrations,
	.migrations_n = PERSON_MIGRATIONS};
