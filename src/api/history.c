/* /api/v1/acts: the log as a person reads it: what happened to one thing, and where a digest occurs. */
#include "act/history.h"

#include "api/node_routes.h"
#include "base/limits.h"
#include "codec/time.h"

#define PAGE 100u

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

/* Acts are large: a page ends early where the answer would not hold them. */
static err answer(struct ctx *c, struct call *k, const uint64_t *at, size_t n, size_t *ret_shown,
	struct json **ret)
{
	struct json *o = json_object(c), *acts = json_array(c), *one;
	size_t room = LIMIT_HTTP_BODY / 2, i = 0;
	for (; i < n; i++) {
		struct str text;
		TRY(act_json(c, k, at[i], &one));
		TRY(json_write(c, one, false, LIMIT_HTTP_BODY, &text));
		if (i > 0 && text.n > room)
			break;
		room -= text.n < room ? text.n : room;
		json_push(&acts, one);
	}
	json_set(&o, "acts", acts);
	*ret_shown = i;
	*ret = o;
	return OK;
}

static err number(struct ctx *c, struct call *k, const char *name, uint64_t *ret)
{
	struct str text;
	if (call_query(c, k, name, &text) != OK)
		return OK;
	ENSURE(str_u64(text, ret) && *ret <= INT64_MAX, c, ERR_BAD_VALUE, "%s must be a number",
		name);
	return OK;
}

static err of_subject(struct ctx *c, struct call *k, struct str subject)
{
	uint64_t *at, offset = 0;
	size_t n = 0, shown = 0;
	struct json *o;
	TRY(number(c, k, "offset", &offset));
	NEW_N(c, at, PAGE);
	TRY(history_of(c, k->acts, subject, offset, PAGE, at, &n));
	TRY(answer(c, k, at, n, &shown, &o));
	if (n == PAGE || shown < n)
		json_set_num(c, &o, "next", (int64_t)(offset + shown));
	return call_json(c, k, 200, o);
}

static err list(struct ctx *c, struct call *k)
{
	struct str text;
	uint64_t *at, before = INT64_MAX, next = 0;
	size_t n = 0, shown = 0;
	struct json *o;
	if (call_query(c, k, "subject", &text) == OK)
		return of_subject(c, k, text);
	if (call_query(c, k, "text", &text) != OK)
		text = STR("");
	ENSURE(text.n <= LIMIT_URL, c, ERR_BAD_VALUE, "text must be at most %u bytes", LIMIT_URL);
	TRY(number(c, k, "before", &before));
	NEW_N(c, at, PAGE);
	TRY(history_search(c, k->acts, text, before, PAGE, at, &n, &next));
	TRY(answer(c, k, at, n, &shown, &o));
	if (shown < n)
		next = at[shown - 1];
	if (next > 0)
		json_set_num(c, &o, "next", (int64_t)next);
	return call_json(c, k, 200, o);
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/acts", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = list,
		.doc = "Acts of the log: of one thing (?subject=, from ?offset= on), or the newest first, with ?text= only those that hold it, before ?before=."},
};
// clang-format on
const struct routes history_routes = {rows, countof(rows)};
