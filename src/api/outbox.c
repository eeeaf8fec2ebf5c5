#include "api/outbox.h"

#include "act/outbox.h"
#include "api/names.h"
#include "api/page.h"
#include "codec/time.h"

static err row_json(
	struct ctx *c, struct store *db, const struct outbox_row *row, struct json **ret)
{
	struct json *o = json_object(c);
	struct str since;
	TRY(time_str(c, row->created_ms, &since));
	json_set_str(c, &o, "peer", row->peer);
	json_set_str(c, &o, "kind", row->kind);
	json_set_str(c, &o, "subject", row->subject);
	json_set_str(c, &o, "since", since);
	json_set_num(c, &o, "tries", row->tries);
	TRY(names_set_party(c, db, row->peer, &o));
	*ret = o;
	return OK;
}

static err list(struct ctx *c, struct call *k)
{
	struct outbox_row *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(outbox_list(c, k->acts, p.at, rows, page_rows(&p), &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(row_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, rows[i].id, STR(""), &more));
	}
	return page_say(c, k, &p, "waiting");
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/outbox", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "What must still be told to peers, the oldest first."},
};
// clang-format on
const struct routes outbox_routes = {rows, countof(rows)};
