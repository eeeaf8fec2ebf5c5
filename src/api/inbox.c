/* /api/v1/inbox: what waits for a person (shugu inbox, approve, refuse). */
#include "api/inbox.h"

#include "api/names.h"

static err say_list(struct ctx *c, struct call *k)
{
	struct json *o = json_object(c), *rows;
	TRY(inbox_list(c, acts_db(k->acts), &node_inbox, &rows));
	for (struct json *r = rows == NULL ? NULL : rows->first; r != NULL; r = r->next) {
		struct json *row = r;
		TRY(names_set_party(c, acts_db(k->acts), json_text(json_get(r, "from")), &row));
	}
	json_set(&o, "waiting", rows);
	return call_json(c, k, 200, o);
}

static err approve(struct ctx *c, struct call *k)
{
	struct entry e;
	TRY(inbox_approve(c, k->acts, &node_inbox, k->caller, k->param[0], &e));
	k->index = e.index;
	return OK;
}

static err refuse(struct ctx *c, struct call *k)
{
	struct entry e;
	struct str reason = json_text(json_get(k->body, "reason"));
	TRY(inbox_refuse(c, k->acts, &node_inbox, k->caller, k->param[0], reason, &e));
	k->index = e.index;
	return OK;
}

static err say_act(struct ctx *c, struct call *k)
{
	struct entry e;
	struct json *o = json_object(c), *proof;
	TRY(acts_entry(c, k->acts, k->index, &e));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	json_set_str(c, &o, "id", k->param[0]);
	json_set_str(c, &o, "act", e.type);
	json_set_str(c, &o, "subject", e.subject);
	json_set(&o, "evidence", proof);
	return call_json(c, k, 200, o);
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/inbox", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .say = say_list, .doc = "What waits for a person."},
	{.method = "POST", .path = "/api/v1/inbox/{id}/approve", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_REVIEWER | ROLE_FINANCE, .act = approve, .say = say_act,
		.doc = "Says yes to what waits under that id, whatever it is."},
	{.method = "POST", .path = "/api/v1/inbox/{id}/refuse", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_REVIEWER | ROLE_FINANCE, .takes_json = true, .act = refuse, .say = say_act,
		.doc = "Says no to it, with a reason ({reason})."},
};
// clang-format on
const struct routes inbox_routes = {rows, countof(rows)};
