#include "api/sandbox.h"

#include "act/history.h"
#include "api/page.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "govern/sandbox_messages.h"
#include "govern/sandbox_store.h"
#include "govern/sandbox_view.h"
#include "govern/subjects.h"
#include "store/blobs.h"

#include <unistd.h>

/* The one subject of sandbox.committee. */
#define COMMITTEE_SUBJECT STR("urn:shugu:sandbox")

/* A product may be named as people do: in the act it stands by its urn. */
static err name_product(struct ctx *c, struct call *k, struct json **body)
{
	struct revision p;
	struct str named = json_text(json_get(*body, "product"));
	if (named.n == 0)
		return OK;
	TRY(product_find(c, acts_db(k->acts), named, &p));
	json_set_str(c, body, "product", p.product);
	return OK;
}

static err post_committee(struct ctx *c, struct call *k)
{
	struct entry e;
	const struct act a = {STR("sandbox.committee"), k->caller, COMMITTEE_SUBJECT,
		json_copy(c, k->body), NULL};
	TRY(acts_do(c, k->acts, &a, &e));
	k->index = e.index;
	return OK;
}

static err show_committee(struct ctx *c, struct call *k)
{
	const struct json *body;
	TRY(sandbox_store_committee(c, acts_db(k->acts), &body));
	return call_json(c, k, 200, body);
}

static err post_case(struct ctx *c, struct call *k)
{
	struct entry e;
	struct str id;
	struct json *body = json_copy(c, k->body);
	TRY(name_product(c, k, &body));
	TRY(acts_tick(c, k->acts));
	TRY(uuid_new_urn(c, acts_env(k->acts), &id));
	const struct act a = {STR("sandbox.open"), k->caller, id, body, NULL};
	TRY(acts_do(c, k->acts, &a, &e));
	k->index = e.index;
	return OK;
}

static err post_step(struct ctx *c, struct call *k)
{
	struct entry e;
	bool first = false;
	struct json *body = json_copy(c, k->body);
	if (str_is(k->param[1], "plan"))
		TRY(name_product(c, k, &body));
	TRY(sandbox_take(c, k->acts, k->caller, k->param[0], k->param[1], body, &e, &first));
	k->index = e.index;
	return OK;
}

/* The object is read here, in the tick: its limits are subjects.h's. */
static err post_measure(struct ctx *c, struct call *k)
{
	struct sandbox_row r;
	struct revision p;
	struct entry e;
	struct str blobs;
	uint64_t size = 0;
	int64_t revision = 0;
	int fd = -1;
	TRY(sandbox_find(c, acts_db(k->acts), k->param[0], &r));
	ENSURE(r.product.n > 0, c, ERR_BAD_STATE,
		"the case has no product yet: shugu sandbox plan CASE names it");
	TRY(product_find(c, acts_db(k->acts), r.product, &p));
	if (json_int(json_get(k->body, "revision"), &revision))
		TRY(product_revision(c, acts_db(k->acts), r.product, revision, &p));
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(k->acts)->directory));
	TRY(blob_open(c, blobs.p, &p.root, &fd, &size));
	err said = subjects_measure(c, k->acts, k->caller, &r, &p, fd, &e);
	(void)close(fd);
	TRY(said);
	k->index = e.index;
	return OK;
}

static err say_case(struct ctx *c, struct call *k)
{
	struct entry e;
	struct sandbox_row r;
	struct json *o, *proof;
	TRY(acts_entry(c, k->acts, k->index, &e));
	TRY(sandbox_find(c, acts_db(k->acts), e.subject, &r));
	TRY(sandbox_view(c, acts_db(k->acts), &r, acts_now_ms(k->acts), &o));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	json_set_str(c, &o, "act", e.type);
	json_set(&o, "evidence", proof);
	return call_json(c, k, str_is(e.type, "sandbox.open") ? 201 : 200, o);
}

static err say_committee(struct ctx *c, struct call *k)
{
	struct entry e;
	struct json *o, *proof;
	TRY(acts_entry(c, k->acts, k->index, &e));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	o = json_copy(c, e.body);
	json_set(&o, "evidence", proof);
	return call_json(c, k, 200, o);
}

static err show(struct ctx *c, struct call *k)
{
	struct sandbox_row r;
	struct json *o;
	TRY(sandbox_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(sandbox_view(c, acts_db(k->acts), &r, acts_now_ms(k->acts), &o));
	return call_json(c, k, 200, o);
}

static err list(struct ctx *c, struct call *k)
{
	struct sandbox_row *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_NEWEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(sandbox_list(c, acts_db(k->acts), (uint64_t)p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(sandbox_view_brief(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, (int64_t)rows[i].index, STR(""), &more));
	}
	return page_say(c, k, &p, "cases");
}

static err act_json(struct ctx *c, struct call *k, uint64_t index, struct json **ret)
{
	struct entry e;
	struct str at;
	struct json *o = json_object(c), *proof;
	TRY(acts_entry(c, k->acts, index, &e));
	TRY(acts_evidence(c, k->acts, index, &proof));
	TRY(time_str(c, e.at_ms, &at));
	json_set_num(c, &o, "index", (int64_t)index);
	json_set_str(c, &o, "type", e.type);
	json_set_str(c, &o, "at", at);
	json_set_str(c, &o, "actor", e.actor);
	json_set(&o, "evidence", proof);
	*ret = o;
	return OK;
}

static err list_acts(struct ctx *c, struct call *k)
{
	struct sandbox_row r;
	struct page p;
	struct json *one;
	uint64_t *places;
	size_t n = 0;
	bool more = true;
	TRY(sandbox_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(page_read(c, k, r.id, PAGE_OLDEST_FIRST, &p));
	NEW_N(c, places, page_rows(&p));
	TRY(history_of(c, k->acts, r.id, p.at, page_rows(&p), places, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(act_json(c, k, places[i], &one));
		TRY(page_add(c, &p, one, (int64_t)places[i], STR(""), &more));
	}
	return page_say(c, k, &p, "acts");
}

static const struct json_field committee_fields[] = {
	{.name = "size", .kind = JSON_K_INT},
	{.name = "quorum", .kind = JSON_K_INT},
	{.name = "members", .kind = JSON_K_ARRAY},
	{.name = "observers", .kind = JSON_K_ARRAY, .optional = true},
};
static const struct json_field open_fields[] = {
	{.name = "title", .kind = JSON_K_TEXT},
	{.name = "applicant", .kind = JSON_K_TEXT},
	{.name = "difficulty", .kind = JSON_K_TEXT},
	{.name = "product", .kind = JSON_K_TEXT, .optional = true},
	{.name = "rules", .kind = JSON_K_ARRAY, .optional = true},
	{.name = "details", .kind = JSON_K_OBJECT, .optional = true},
};
static const struct json_field measure_fields[] = {
	{.name = "revision", .kind = JSON_K_INT, .optional = true},
};

#define SECRETARIAT (ROLE_OWNER | ROLE_OPERATOR)
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/sandbox/committee", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, TAKES(committee_fields), .act = post_committee, .say = say_committee, .doc = "Who sits on the sandbox committee, its quorum, and who observes for which authority."},
	{.method = "GET", .path = "/api/v1/sandbox/committee", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = show_committee, .doc = "The sandbox committee."},
	{.method = "POST", .path = "/api/v1/sandbox/cases", .scope = SCOPE_OPERATOR, .roles = SECRETARIAT, TAKES(open_fields), .act = post_case, .say = say_case, .doc = "Opens a case of the reform sandbox."},
	{.method = "GET", .path = "/api/v1/sandbox/cases", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "The sandbox cases, newest first."},
	{.method = "GET", .path = "/api/v1/sandbox/cases/{case}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = show, .doc = "A case: state, what is possible, conditions as gauges, votes, exemptions, objects."},
	{.method = "GET", .path = "/api/v1/sandbox/cases/{case}/acts", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list_acts, .doc = "The acts of a case, oldest first, each with its proof."},
	{.method = "POST", .path = "/api/v1/sandbox/cases/{case}/measure", .scope = SCOPE_OPERATOR, .roles = SECRETARIAT, TAKES(measure_fields), .act = post_measure, .say = say_case, .doc = "Counts the distinct subjects of a revision of the case's product."},
	{.method = "POST", .path = "/api/v1/sandbox/cases/{case}/steps/{step}", .scope = SCOPE_OPERATOR, .roles = SECRETARIAT | ROLE_REVIEWER, .takes_json = true, .act = post_step, .say = say_case, .doc = "Takes a step, whose body is that of the act sandbox.{step}; of admit and exit the first yes waits for another person's."},
};
// clang-format on
const struct routes sandbox_routes = {rows, countof(rows)};
