/* /api/v1/inbox: what waits for a person (shugu inbox, approve, refuse). */
#include "api/inbox.h"

#include "api/names.h"
#include "api/page.h"

/* The key of a row: that of its kind, the kind's number before its text. */
static err key_of(struct ctx *c, const struct inbox_row *r, struct str *ret)
{
	return arena_fmt(c, ret, "%zu %.*s", r->kind, FMT(r->id));
}

static err place_of(struct ctx *c, const struct page *p, struct inbox_page *ret)
{
	size_t end = str_find(p->id, ' ');
	uint64_t kind = 0;
	*ret = (struct inbox_page){.at = p->at, .max = page_rows(p)};
	if (p->id.n == 0)
		return OK;
	ENSURE(end < p->id.n && str_u64(str_sub(p->id, 0, end), &kind), c, ERR_CURSOR,
		"cursor must be next of a page before, unchanged");
	ret->kind = kind;
	ret->id = str_sub(p->id, end + 1, p->id.n);
	return OK;
}

static err say_list(struct ctx *c, struct call *k)
{
	struct page p;
	struct inbox_page in;
	struct str key;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	TRY(place_of(c, &p, &in));
	TRY(inbox_list(c, acts_db(k->acts), &node_inbox, &in));
	for (size_t i = 0; i < in.n && more; i++) {
		struct json *row = in.rows[i].json;
		TRY(names_set_party(c, acts_db(k->acts), json_text(json_get(row, "from")), &row));
		TRY(key_of(c, &in.rows[i], &key));
		TRY(page_add(c, &p, row, in.rows[i].at, key, &more));
	}
	return page_say(c, k, &p, "waiting");
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

static const struct json_field act_answer[] = {
	{.name = "id", .kind = JSON_K_TEXT},
	{.name = "act", .kind = JSON_K_TEXT},
	{.name = "subject", .kind = JSON_K_TEXT},
	{.name = "evidence", .kind = JSON_K_OBJECT},
};
// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/inbox", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .say = say_list, .doc = "What waits for a person."},
	{.method = "POST", .path = "/api/v1/inbox/{id}/approve", GIVES(act_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_REVIEWER | ROLE_FINANCE, .act = approve, .say = say_act,
		.doc = "Says yes to what waits under that id, whatever it is."},
	{.method = "POST", .path = "/api/v1/inbox/{id}/refuse", GIVES(act_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_REVIEWER | ROLE_FINANCE, TAKES(takes_reason), .act = refuse, .say = say_act,
		.doc = "Says no to it, with a reason ({reason})."},
};
// clang-format on
const struct routes inbox_routes = {rows, countof(rows)};
