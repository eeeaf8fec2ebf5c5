#include "contract/easing.h"

#include "base/limits.h"
#include "codec/uuid.h"
#include "contract/assent_store.h"

#define STEP "policy.ease"

static const char *const policies[] = {"agreement", "invoice", NULL};
static const struct binding two = {.two_people = true};

struct ease_body {
	struct str wish, policy, reason;
	const struct json *rules;
};

static const struct json_field ease_fields[] = {
	{"wish", JSON_K_TEXT, false, offsetof(struct ease_body, wish), LIMIT_DID, NULL},
	{"policy", JSON_K_TEXT, false, offsetof(struct ease_body, policy), 0, policies},
	{"rules", JSON_K_OBJECT, false, offsetof(struct ease_body, rules), 0, NULL},
};
static const struct json_field drop_fields[] = {
	{"wish", JSON_K_TEXT, false, offsetof(struct ease_body, wish), LIMIT_DID, NULL},
	{"policy", JSON_K_TEXT, false, offsetof(struct ease_body, policy), 0, policies},
	{"reason", JSON_K_TEXT, false, offsetof(struct ease_body, reason), LIMIT_REASON, NULL},
};

static bool is_no(const struct json *rules, const char *member)
{
	const struct json *j = json_get(rules, member);
	return j != NULL && j->type == JSON_FALSE;
}

bool easing_eases(const struct binding *b, const struct json *rules)
{
	return b->two_people &&
	       (is_no(rules, "twoPeople") || (b->stamped && is_no(rules, "stamped")));
}

err easing_propose(struct ctx *c, struct acts *n, const char *policy, struct str actor,
	const struct json *rules)
{
	struct str id;
	struct json *body = json_object(c);
	TRY(uuid_new_urn(c, acts_env(n), &id));
	json_set_str(c, &body, "wish", id);
	json_set(&body, "policy", json_z(c, policy));
	json_set(&body, "rules", json_copy(c, rules));
	const struct act a = {STR(STEP), actor, acts_self(n)->did, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err easing_ask(struct ctx *c, struct store *db, const char *policy, const struct binding *b,
	const struct act *a)
{
	struct easing x;
	if (!easing_eases(b, a->body))
		return OK;
	err e = easing_store_find(c, db, str_z(policy), &x);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_FORBIDDEN,
		"two people lift what two people decide, and nobody has proposed it yet");
	TRY(e);
	ENSURE(json_eq(x.rules, a->body), c, ERR_PRECONDITION,
		"this is another policy than the one that waits");
	return assent_ask(c, db, &two, x.id, STEP, a->actor);
}

err easing_done(struct ctx *c, struct store *db, const char *policy)
{
	return easing_store_drop(c, db, str_z(policy));
}

static err say_one(struct ctx *c, struct store *db, const struct easing *x, struct json **ret)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "id", x->id);
	json_set(&o, "rules", json_copy(c, x->rules));
	TRY(assent_say(c, db, &two, false, x->id, STEP, &o));
	*ret = o;
	return OK;
}

err easing_say(struct ctx *c, struct store *db, const char *policy, struct json **o)
{
	struct easing x;
	struct json *waiting;
	err e = easing_store_find(c, db, str_z(policy), &x);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(say_one(c, db, &x, &waiting));
	json_set(o, "waiting", waiting);
	return OK;
}

static err decide_ease(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct ease_body b;
	struct easing other;
	(void)at_ms;
	TRY(json_read(c, a->body, ease_fields, countof(ease_fields), false, &b));
	err e = easing_store_find(c, db, b.policy, &other);
	ENSURE(e != OK, c, ERR_BAD_STATE,
		"a change of this policy waits for another person: %.*s (shugu inbox)",
		FMT(other.id));
	if (e != ERR_NOT_FOUND)
		return e;
	return assent_decide(c, db, a->actor, b.wish, STR(STEP));
}

static err apply_ease(struct ctx *c, struct store *db, const struct entry *e)
{
	struct ease_body b;
	TRY(json_read(c, e->body, ease_fields, countof(ease_fields), false, &b));
	const struct easing x = {b.policy, b.wish, b.rules};
	TRY(easing_store_put(c, db, &x));
	return assent_apply(c, db, b.wish, STR(STEP), e);
}

static err decide_drop(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct ease_body b;
	struct easing x;
	(void)at_ms;
	TRY(json_read(c, a->body, drop_fields, countof(drop_fields), false, &b));
	TRY(easing_store_find(c, db, b.policy, &x));
	ENSURE(str_eq(x.id, b.wish), c, ERR_NOT_FOUND, "another change waits");
	return OK;
}

static err apply_drop(struct ctx *c, struct store *db, const struct entry *e)
{
	return easing_store_drop(c, db, json_text(json_get(e->body, "policy")));
}

static err list(struct ctx *c, struct store *db, struct inbox_page *p)
{
	for (size_t i = 0; policies[i] != NULL && inbox_room(p) > 0; i++) {
		struct easing x;
		struct json *o;
		struct str rules, about;
		err e = (int64_t)i <= p->at ? ERR_NOT_FOUND
					    : easing_store_find(c, db, str_z(policies[i]), &x);
		if (e == ERR_NOT_FOUND)
			continue;
		TRY(e);
		TRY(say_one(c, db, &x, &o));
		TRY(json_canonical(c, x.rules, LIMIT_ACT, &rules));
		TRY(arena_fmt(c, &about, "%s policy: %.*s", policies[i], FMT(rules)));
		json_set(&o, "what", json_z(c, "policy"));
		json_set_str(c, &o, "from", json_text(json_get(o, "proposedBy")));
		json_set_str(c, &o, "since", json_text(json_get(o, "proposedAt")));
		json_set_str(c, &o, "about", about);
		inbox_add(p, o, (int64_t)i, x.id);
	}
	return OK;
}

static err find(struct ctx *c, struct store *db, struct str id, struct easing *ret)
{
	for (size_t i = 0; policies[i] != NULL; i++) {
		err e = easing_store_find(c, db, str_z(policies[i]), ret);
		if (e == OK && str_eq(ret->id, id))
			return OK;
		if (e != OK && e != ERR_NOT_FOUND)
			return e;
	}
	return fail(c, ERR_NOT_FOUND, "no policy waits under that id");
}

static err approve(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	struct easing x;
	struct str type;
	TRY(find(c, acts_db(n), id, &x));
	TRY(arena_fmt(c, &type, "%.*s.policy", FMT(x.policy)));
	const struct act a = {type, actor, acts_self(n)->did, x.rules, NULL};
	return acts_do(c, n, &a, ret);
}

static err refuse(struct ctx *c, struct acts *n, struct str actor, struct str id, struct str reason,
	struct entry *ret)
{
	struct easing x;
	struct json *body = json_object(c);
	TRY(find(c, acts_db(n), id, &x));
	json_set_str(c, &body, "wish", x.id);
	json_set_str(c, &body, "policy", x.policy);
	json_set_str(c, &body, "reason", reason);
	const struct act a = {STR("policy.drop"), actor, acts_self(n)->did, body, NULL};
	return acts_do(c, n, &a, ret);
}

const struct inbox_kind easing_inbox = {"policy", ROLE_OWNER, list, approve, refuse};

static const struct act_type types[] = {
	{STEP, decide_ease, apply_ease},
	{"policy.drop", decide_drop, apply_drop},
};
const struct module easing_module = {.name = "easing", .types = types, .types_n = countof(types)};
