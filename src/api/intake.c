/* /data/{delivery} at the buyer: what a provider that nobody can call brings (docs/FORMATS.md, 17). Each request bears the
 * token of the delivery, and is answered with what is missing afterwards. */
#include "api/intake.h"

#include "api/api.h"
#include "base/limits.h"
#include "delivery/delivery_store.h"
#include "delivery/intake.h"

/* The token that the provider gave us is what it shows now; it is compared by digest. */
static err check_token(struct ctx *c, struct call *k, struct intake **ret)
{
	struct str field = http_header(&k->x->request, "Authorization"), scheme, token;
	struct delivery_token known;
	struct delivery_row d;
	*ret = k->api != NULL ? api_parts(k->api)->intake : NULL;
	ENSURE(*ret != NULL, c, ERR_BUSY, "no node runs here");
	err e = delivery_store_find(c, acts_db(k->acts), k->param[0], &d);
	ENSURE(e == OK || err_is_fault(e), c, ERR_NOT_FOUND, "nothing is to be brought as %.*s",
		FMT(str_sub(k->param[0], 0, 100)));
	TRY(e);
	ENSURE(d.role == AGREEMENT_CONSUMER && str_eq(d.id, k->param[0]), c, ERR_NOT_FOUND,
		"nothing is to be brought as %.*s", FMT(str_sub(k->param[0], 0, 100)));
	ENSURE(str_cut(field, ' ', &scheme, &token) && str_is_nocase(scheme, "Bearer"), c,
		ERR_UNAUTHENTICATED, "the token of the delivery is missing");
	e = delivery_store_token(c, acts_db(k->acts), d.id, &known);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_UNAUTHENTICATED, "this is not the token of the delivery");
	TRY(e);
	struct hash given = hash_of(str_trim(token)), wanted = hash_of(known.token);
	ENSURE(ct_equal(given.b, wanted.b, HASH_BYTES), c, ERR_UNAUTHENTICATED,
		"this is not the token of the delivery");
	return OK;
}

static err say_at(struct ctx *c, struct call *k, const struct intake_at *at)
{
	struct json *o = json_object(c);
	json_set_num(c, &o, "leaves", (int64_t)at->leaves);
	json_set_num(c, &o, "bytes", (int64_t)at->bytes);
	return call_json(c, k, 200, o);
}

static err get_missing(struct ctx *c, struct call *k)
{
	struct intake *i;
	struct intake_at at;
	TRY(check_token(c, k, &i));
	TRY(intake_missing(c, i, k->param[0], &at));
	return say_at(c, k, &at);
}

static err put_tile(struct ctx *c, struct call *k)
{
	struct intake *i;
	struct intake_at at;
	struct tile t;
	struct str path;
	TRY(check_token(c, k, &i));
	TRY(arena_fmt(c, &path, "tile/%.*s", FMT(k->param[1])));
	ENSURE(tile_path_parse(path, &t), c, ERR_NOT_FOUND, "this is no path of a tile");
	TRY(intake_tile(c, i, k->param[0], &t, k->x->body, &at));
	return say_at(c, k, &at);
}

static err put_chunks(struct ctx *c, struct call *k)
{
	struct intake *i;
	struct intake_at at;
	uint64_t from = 0;
	TRY(check_token(c, k, &i));
	ENSURE(str_u64(k->param[1], &from), c, ERR_NOT_FOUND, "this is no number of a chunk");
	TRY(intake_chunks(c, i, k->param[0], from, k->x->body, &at));
	return say_at(c, k, &at);
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/data/{delivery}/missing", .scope = SCOPE_ANY, .act = get_missing, .doc = "How much of a delivery is here, for its token: the provider brings it, because nobody can call it."},
	{.method = "PUT", .path = "/data/{delivery}/tile/{tile...}", .scope = SCOPE_ANY, .act = put_tile, .doc = "The next chunk hashes of such a delivery."},
	{.method = "PUT", .path = "/data/{delivery}/chunk/{chunk}", .scope = SCOPE_ANY, .act = put_chunks, .doc = "The next chunks of such a delivery, from that number on."},
};
// clang-format on
const struct routes intake_routes = {rows, countof(rows)};
