/* /log: the evidence log in the C2SP formats, for anybody (docs/FORMATS.md, 3). */
#include "api/node_routes.h"

#define FOREVER "public, max-age=31536000, immutable"

static err say_checkpoint(struct ctx *c, struct call *k)
{
	struct str note;
	TRY(commit_head(c, acts_log(k->acts), &note));
	k->answer =
		(struct answer){.status = 200, .body = note, .type = "text/plain; charset=utf-8"};
	call_header(k, "Cache-Control", STR("no-cache"));
	return OK;
}

/* A tile never changes once it is there: a partial one has its width in its name. */
static err say_tile(struct ctx *c, struct call *k)
{
	struct tile t;
	struct str path, bytes;
	TRY(arena_fmt(c, &path, "tile/%.*s", FMT(k->param[0])));
	ENSURE(tile_path_parse(path, &t), c, ERR_NOT_FOUND, "this is no path of a tile");
	if (t.entries)
		TRY(commit_bundle(c, acts_log(k->acts), &t, &bytes));
	else
		TRY(commit_tile(c, acts_log(k->acts), &t, &bytes));
	k->answer =
		(struct answer){.status = 200, .body = bytes, .type = "application/octet-stream"};
	call_header(k, "Cache-Control", STR(FOREVER));
	return OK;
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/log/checkpoint", .scope = SCOPE_ANY, .say = say_checkpoint, .doc = "The signed head of the newest commit."},
	{.method = "GET", .path = "/log/tile/{tile...}", .scope = SCOPE_ANY, .say = say_tile, .doc = "A tile or an entry bundle of the log (tlog-tiles)."},
};
// clang-format on
const struct routes log_routes = {rows, countof(rows)};
