#include "api/person.h"

#include "api/page.h"
#include "base/limits.h"
#include "codec/time.h"
#include "party/session.h"

struct input {
	struct str name, role;
};

static const struct json_field fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct input, name), LIMIT_NAME, NULL},
	{"role", JSON_K_TEXT, false, offsetof(struct input, role), LIMIT_NAME, NULL},
};

/* A person's new link. */
struct said {
	struct str token;
	int64_t expires_ms;
};

static err person_json(struct ctx *c, struct store *db, const struct person *p, struct json **ret)
{
	struct json *o = json_object(c);
	struct str name, since;
	TRY(person_name(c, db, p, &name));
	TRY(time_str(c, p->since_ms, &since));
	json_set_str(c, &o, "id", p->id);
	json_set_str(c, &o, "name", name);
	json_set_str(c, &o, "role", str_z(role_word(p->role)));
	json_set_str(c, &o, "status",
		p->forgotten ? STR("forgotten")
		: p->removed ? STR("removed")
			     : STR("active"));
	json_set_str(c, &o, "since", since);
	*ret = o;
	return OK;
}

/* The link is told once: it is the state of this call alone. */
static err make_link(struct ctx *c, struct call *k, struct str id)
{
	struct said *said;
	NEW(c, said);
	k->subject = id;
	k->state = said;
	return session_link(c, k->acts, id, &said->token, &said->expires_ms);
}

static err add(struct ctx *c, struct call *k)
{
	struct input in;
	struct entry e;
	enum role role;
	TRY(json_read(c, k->body, fields, countof(fields), false, &in));
	TRY(role_parse(c, in.role, &role));
	TRY(person_add(c, k->acts, k->caller, in.name, role, &e));
	return make_link(c, k, e.subject);
}

static err link_again(struct ctx *c, struct call *k)
{
	struct person p;
	TRY(person_named(c, acts_db(k->acts), k->param[0], &p));
	return make_link(c, k, p.id);
}

static err set_role(struct ctx *c, struct call *k)
{
	struct person p;
	enum role role;
	TRY(role_parse(c, json_text(json_get(k->body, "role")), &role));
	TRY(person_named(c, acts_db(k->acts), k->param[0], &p));
	k->subject = p.id;
	return person_set_role(c, k->acts, k->caller, p.id, role);
}

static err take_away(struct ctx *c, struct call *k)
{
	struct person p;
	TRY(person_named(c, acts_db(k->acts), k->param[0], &p));
	k->subject = p.id;
	return person_remove(c, k->acts, k->caller, p.id);
}

static err forget(struct ctx *c, struct call *k)
{
	struct person p;
	TRY(person_named(c, acts_db(k->acts), k->param[0], &p));
	k->subject = p.id;
	return person_forget(c, k->acts, k->caller, p.id);
}

static err say(struct ctx *c, struct call *k, int status)
{
	const struct said *said = k->state;
	struct person p;
	struct json *o;
	struct str link, expires;
	TRY(person_find(c, acts_db(k->acts), k->subject, &p));
	TRY(person_json(c, acts_db(k->acts), &p, &o));
	if (said != NULL) {
		TRY(arena_fmt(c, &link, "%.*s/signin#%.*s", FMT(acts_self(k->acts)->url),
			FMT(said->token)));
		TRY(time_str(c, said->expires_ms, &expires));
		json_set_str(c, &o, "link", link);
		json_set_str(c, &o, "expires", expires);
		call_header(k, "Cache-Control", STR("no-store"));
	}
	return call_json(c, k, status, o);
}

static err say_made(struct ctx *c, struct call *k)
{
	return say(c, k, 201);
}

static err say_done(struct ctx *c, struct call *k)
{
	return say(c, k, 200);
}

/* The write-ahead log holds the name until it is cut; who is in its way may be asked once more. */
static err say_forgotten(struct ctx *c, struct call *k)
{
	struct person p;
	struct json *o;
	bool cut = false;
	store_view_end(acts_db(k->acts));
	TRY(store_checkpoint_truncate(c, acts_db(k->acts), &cut));
	TRY(person_find(c, acts_db(k->acts), k->subject, &p));
	TRY(person_json(c, acts_db(k->acts), &p, &o));
	json_set(&o, "overwritten", json_bool(c, cut));
	return call_json(c, k, 200, o);
}

static err list(struct ctx *c, struct call *k)
{
	struct person *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(person_list(c, acts_db(k->acts), p.id, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(person_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, 0, rows[i].id, &more));
	}
	return page_say(c, k, &p, "people");
}

static const struct json_field role_fields[] = {
	{.name = "role", .kind = JSON_K_TEXT, .max = LIMIT_NAME},
};

static const struct json_field person_answer[] = {
	{.name = "id", .kind = JSON_K_TEXT},
	{.name = "name", .kind = JSON_K_TEXT},
	{.name = "role", .kind = JSON_K_TEXT},
	{.name = "status", .kind = JSON_K_TEXT},
	{.name = "since", .kind = JSON_K_TEXT},
	{.name = "link", .kind = JSON_K_TEXT, .optional = true},
	{.name = "expires", .kind = JSON_K_TEXT, .optional = true},
	{.name = "overwritten", .kind = JSON_K_BOOL, .optional = true},
};
// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/people", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "The people who may sign in, oldest first."},
	{.method = "POST", .path = "/api/v1/people", GIVES(person_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, TAKES(fields), .act = add, .say = say_made,
		.doc = "Adds a person ({name, role}) and answers a link to sign in, good once and for 15 minutes."},
	{.method = "POST", .path = "/api/v1/people/{person}/link", GIVES(person_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, .act = link_again, .say = say_made,
		.doc = "Another link for a person, by id or name; his earlier ones are void."},
	{.method = "POST", .path = "/api/v1/people/{person}/role", GIVES(person_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, TAKES(role_fields), .act = set_role, .say = say_done,
		.doc = "Another role ({role}); his sessions end."},
	{.method = "POST", .path = "/api/v1/people/{person}/remove", GIVES(person_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, .act = take_away, .say = say_done,
		.doc = "He may sign in no more, and his sessions end."},
	{.method = "POST", .path = "/api/v1/people/{person}/forget", GIVES(person_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, .act = forget, .say = say_forgotten,
		.doc = "Destroys the sealed name of one who was removed; overwritten: also in the write-ahead log, else ask once more."},
};
// clang-format on
const struct routes person_routes = {rows, countof(rows)};
