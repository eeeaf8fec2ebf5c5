#include "api/share.h"

#include "api/page.h"
#include "base/limits.h"
#include "codec/time.h"
#include "delivery/share.h"

#define COUNT_DEFAULT 1
#define DAYS_DEFAULT 7
#define DAY_MS 86400000ll

struct sharing {
	struct str product, to;
	int64_t count, days;
};

static const struct json_field fields[] = {
	{"product", JSON_K_TEXT, false, offsetof(struct sharing, product), LIMIT_URL, NULL},
	{"to", JSON_K_TEXT, false, offsetof(struct sharing, to), LIMIT_NAME, NULL},
	{"count", JSON_K_INT, true, offsetof(struct sharing, count), 0, NULL},
	{"days", JSON_K_INT, true, offsetof(struct sharing, days), 0, NULL},
};

static err share_json(struct ctx *c, struct call *k, const struct share_row *s, struct json **ret)
{
	struct json *o = json_object(c);
	struct revision p;
	struct str at, until, url;
	bool over = s->revoked || s->until_ms < env_now_ms(acts_env(k->acts));
	const char *state = s->revoked            ? "revoked"
			    : over                ? "over"
			    : s->taken < s->count ? "open"
						  : "used";
	TRY(time_str(c, s->at_ms, &at));
	TRY(time_str(c, s->until_ms, &until));
	json_set_str(c, &o, "id", s->id);
	json_set_str(c, &o, "product", s->product);
	err e = product_find(c, acts_db(k->acts), s->product, &p);
	if (e == OK)
		json_set_str(c, &o, "productName", p.name);
	else if (e != ERR_NOT_FOUND)
		return e;
	json_set_str(c, &o, "to", s->recipient);
	json_set_num(c, &o, "count", s->count);
	json_set_num(c, &o, "taken", s->taken);
	json_set(&o, "state", json_z(c, state));
	json_set_str(c, &o, "until", until);
	json_set_str(c, &o, "at", at);
	if (s->revoked)
		json_set_str(c, &o, "reason", s->reason);
	if (s->secret.n > 0) {
		TRY(arena_fmt(
			c, &url, "%.*s/s/%.*s", FMT(acts_self(k->acts)->url), FMT(s->secret)));
		json_set_str(c, &o, "url", url);
	}
	*ret = o;
	return OK;
}

static err post_share(struct ctx *c, struct call *k)
{
	struct sharing r = {.count = COUNT_DEFAULT, .days = DAYS_DEFAULT};
	struct revision p;
	struct entry e;
	TRY(json_read(c, k->body, fields, countof(fields), false, &r));
	TRY(product_find(c, acts_db(k->acts), r.product, &p));
	ENSURE(r.days >= 1 && r.days <= LIMIT_SHARE_MS / DAY_MS, c, ERR_BAD_VALUE,
		"'days' is from 1 to %lld", LIMIT_SHARE_MS / DAY_MS);
	const struct share_wish wish = {
		&p, str_trim(r.to), r.count, acts_now_ms(k->acts) + r.days * DAY_MS};
	TRY(share_make(c, k->acts, k->caller, &wish, &e));
	k->index = e.index;
	return OK;
}

static err say_share(struct ctx *c, struct call *k)
{
	struct entry e;
	struct share_row s;
	struct json *o, *proof;
	TRY(acts_entry(c, k->acts, k->index, &e));
	TRY(share_find(c, acts_db(k->acts), e.subject, &s));
	TRY(share_json(c, k, &s, &o));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	json_set(&o, "evidence", proof);
	return call_json(c, k, str_is(e.type, "share.create") ? 201 : 200, o);
}

static err end_share(struct ctx *c, struct call *k)
{
	struct str reason = json_text(json_get(k->body, "reason"));
	struct entry e;
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: reason");
	TRY(share_end(c, k->acts, k->caller, k->param[0], reason, &e));
	k->index = e.index;
	return OK;
}

static err show(struct ctx *c, struct call *k)
{
	struct share_row s;
	struct json *o;
	TRY(share_find(c, acts_db(k->acts), k->param[0], &s));
	TRY(share_json(c, k, &s, &o));
	return call_json(c, k, 200, o);
}

static err list(struct ctx *c, struct call *k)
{
	struct share_row *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_NEWEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(share_list(c, acts_db(k->acts), (uint64_t)p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(share_json(c, k, &rows[i], &one));
		TRY(page_add(c, &p, one, (int64_t)rows[i].index, STR(""), &more));
	}
	return page_say(c, k, &p, "shares");
}

static const struct json_field share_answer[] = {
	{.name = "id", .kind = JSON_K_TEXT},
	{.name = "product", .kind = JSON_K_TEXT},
	{.name = "productName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "to", .kind = JSON_K_TEXT},
	{.name = "count", .kind = JSON_K_INT},
	{.name = "taken", .kind = JSON_K_INT},
	{.name = "state", .kind = JSON_K_TEXT},
	{.name = "until", .kind = JSON_K_TEXT},
	{.name = "at", .kind = JSON_K_TEXT},
	{.name = "reason", .kind = JSON_K_TEXT, .optional = true},
	{.name = "url", .kind = JSON_K_TEXT, .optional = true},
	{.name = "evidence", .kind = JSON_K_OBJECT, .optional = true},
};
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/shares", GIVES(share_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(fields), .act = post_share, .say = say_share, .doc = "Makes a link to a product for a person without a node."},
	{.method = "GET", .path = "/api/v1/shares", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "The links, newest first."},
	{.method = "GET", .path = "/api/v1/shares/{share}", GIVES(share_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = show, .doc = "A link and how often it was taken."},
	{.method = "POST", .path = "/api/v1/shares/{share}/revoke", GIVES(share_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(takes_reason), .act = end_share, .say = say_share, .doc = "A link gives nothing more, also to who has taken."},
};
// clang-format on
const struct routes share_routes = {rows, countof(rows)};
