/* /api/v1/acts: the log as a person reads it: what happened to one thing, and where a digest occurs. */
#include "act/history.h"

#include "api/node_routes.h"
#include "api/page.h"
#include "base/limits.h"
#include "codec/time.h"

static err act_json(struct ctx *c, struct call *k, uint64_t index, struct json **ret)
{
	struct entry e;
	struct str at;
	struct json *o = json_object(c);
	TRY(acts_entry(c, k->acts, index, &e));
	TRY(time_str(c, e.at_ms, &at));
	json_set_num(c, &o, "index", (int64_t)e.index);
	json_set_str(c, &o, "type", e.type);
	json_set_str(c, &o, "at", at);
	json_set_str(c, &o, "actor", e.actor);
	json_set_str(c, &o, "subject", e.subject);
	json_set(&o, "body", json_copy(c, e.body));
	*ret = o;
	return OK;
}

static err add(struct ctx *c, struct call *k, struct page *p, const uint64_t *at, size_t n)
{
	struct json *one;
	bool more = true;
	for (size_t i = 0; i < n && more; i++) {
		TRY(act_json(c, k, at[i], &one));
		TRY(page_add(c, p, one, (int64_t)at[i], STR(""), &more));
	}
	return OK;
}

static err of_subject(struct ctx *c, struct call *k, struct str subject)
{
	struct str filter;
	struct page p;
	uint64_t *at;
	size_t n = 0;
	TRY(arena_fmt(c, &filter, "subject %.*s", FMT(subject)));
	TRY(page_read(c, k, filter, PAGE_OLDEST_FIRST, &p));
	NEW_N(c, at, page_rows(&p));
	TRY(history_of(c, k->acts, subject, p.at, page_rows(&p), at, &n));
	TRY(add(c, k, &p, at, n));
	return page_say(c, k, &p, "acts");
}

static err list(struct ctx *c, struct call *k)
{
	struct str text, filter;
	struct page p;
	uint64_t *at, next = 0;
	size_t n = 0;
	if (call_query(c, k, "subject", &text) == OK)
		return of_subject(c, k, text);
	if (call_query(c, k, "text", &text) != OK)
		text = STR("");
	ENSURE(text.n <= LIMIT_URL, c, ERR_BAD_VALUE, "text must be at most %u bytes", LIMIT_URL);
	TRY(arena_fmt(c, &filter, "text %.*s", FMT(text)));
	TRY(page_read(c, k, filter, PAGE_NEWEST_FIRST, &p));
	NEW_N(c, at, page_rows(&p));
	TRY(history_search(c, k->acts, text, (uint64_t)p.at, page_rows(&p), at, &n, &next));
	TRY(add(c, k, &p, at, n));
	/* The search has looked far enough for one call: it goes on behind the last entry it has looked at. */
	if (!p.more && next > 0) {
		p.more = true;
		p.next_at = (int64_t)next;
	}
	return page_say(c, k, &p, "acts");
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/acts", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .filters = "subject text", .act = list,
		.doc = "Acts of the log: of one thing (?subject=) in their order, or the newest first, with ?text= only those that hold it."},
};
// clang-format on
const struct routes history_routes = {rows, countof(rows)};
