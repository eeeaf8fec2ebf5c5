#include "api/data.h"

#include <string.h>

#include "api/metrics.h"
#include "base/limits.h"
#include "base/log.h"
#include "codec/base64.h"
#include "delivery/meter.h"
#include "net/fields.h"
#include "store/blobs.h"

#define FOREVER "private, max-age=31536000, immutable"

/* What a stream keeps while it runs; in the arena of its exchange. */
struct stream {
	struct acts *acts;
	struct metrics *metrics;
	struct delivery_row delivery;
	uint64_t length;
	bool whole; /* it ends with the last byte of the object */
	bool noted; /* small enough to be noted as a whole before it leaves */
};

/* The token is compared by digest, so that its bytes never meet. Without it nobody learns whether the delivery is there. */
err data_delivery(
	struct ctx *c, struct store *db, struct str id, struct str token, struct delivery_row *ret)
{
	struct delivery_row d = {.has_manifest = false};
	err e = delivery_find(c, db, id, &d);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	bool there = e == OK && d.role == AGREEMENT_PROVIDER && d.has_manifest && str_eq(d.id, id);
	struct hash given = hash_of(token);
	ENSURE(there && ct_equal(given.b, d.token.b, HASH_BYTES), c, ERR_UNAUTHENTICATED,
		"this is not the token of the delivery");
	*ret = d;
	return OK;
}

/* The delivery that the address names, if its data may be had now. */
static err open_delivery(
	struct ctx *c, struct call *k, struct delivery_row *ret, struct agreement_row *ret_a)
{
	struct delivery_row d;
	struct store *db = acts_db(k->acts);
	struct str field = http_header(&k->x->request, "Authorization"), scheme, token;
	ENSURE(str_cut(field, ' ', &scheme, &token) && str_is_nocase(scheme, "Bearer"), c,
		ERR_UNAUTHENTICATED, "the token of the delivery is missing");
	TRY(data_delivery(c, db, k->param[0], str_trim(token), &d));
	return meter_slice(c, db, d.id, env_now_ms(acts_env(k->acts)), ret, ret_a);
}

static err blobs_path(struct ctx *c, const struct call *k, struct str *ret)
{
	return arena_fmt(c, ret, "%s/blobs", acts_self(k->acts)->directory);
}

/* Asked before each slice, in memory of its own: a stream may have many. */
static bool may_go_on(void *arg, uint64_t sent)
{
	struct stream *s = arg;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct delivery_row d;
	int64_t now = env_now_ms(acts_env(s->acts));
	if (a == NULL)
		return false;
	err e = meter_slice(&c, acts_db(s->acts), s->delivery.id, now, &d, NULL);
	if (e != OK)
		log_event(LOG_INFO, now, "stopped delivery=%.*s sent=%llu detail=\"%s\"",
			FMT(s->delivery.id), (unsigned long long)sent, c.trouble.detail);
	return e == OK;
}

/* What was noted before takes back what did not leave; a long stream is noted now. */
static void ended(void *arg, uint64_t sent, bool complete)
{
	struct stream *s = arg;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	int64_t left = s->noted ? (int64_t)sent - (int64_t)s->length : (int64_t)sent;
	bool whole = complete && s->whole;
	if (s->metrics != NULL)
		s->metrics->sent_bytes += sent;
	if (a == NULL || (s->noted && complete))
		return;
	if (meter_left(&c, s->acts, &s->delivery, left, whole) != OK)
		log_event(LOG_ERROR, env_now_ms(acts_env(s->acts)), "fault detail=\"%s\"",
			c.trouble.detail);
}

static err answer_range(struct ctx *c, struct call *k, uint64_t size, enum http_range_kind kind,
	const struct http_range *part)
{
	struct str text;
	if (kind == HTTP_RANGE_PART)
		TRY(arena_fmt(c, &text, "bytes %llu-%llu/%llu", (unsigned long long)part->offset,
			(unsigned long long)(part->offset + part->length - 1),
			(unsigned long long)size));
	else
		TRY(arena_fmt(c, &text, "bytes */%llu", (unsigned long long)size));
	call_header(k, "Content-Range", text);
	return OK;
}

/* The digest of the whole (RFC 9530), by which a receiver without a node checks what it got. */
static err answer_digest(struct ctx *c, struct call *k, const struct hash *sha256)
{
	struct str b64, text;
	TRY(base64_encode(c, hash_str(sha256), &b64));
	TRY(arena_fmt(c, &text, "sha-256=:%.*s:", FMT(b64)));
	call_header(k, "Repr-Digest", text);
	return OK;
}

/* HEAD moves nothing, so it is neither metered nor noted. */
static err stream_out(struct ctx *c, struct call *k, const struct delivery_row *d, uint64_t size,
	struct http_range part, int fd)
{
	struct stream *s;
	struct file_answer f = {.fd = fd, .offset = part.offset, .length = part.length};
	if (!str_is(k->x->request.method, "HEAD")) {
		NEW(c, s);
		*s = (struct stream){.acts = k->acts,
			.metrics = k->metrics,
			.delivery = *d,
			.length = part.length,
			.whole = part.offset + part.length == size,
			.noted = part.length <= LIMIT_STREAM_SLICE};
		f.more = may_go_on;
		f.end = ended;
		f.arg = s;
		TRY(meter_left(
			c, k->acts, d, s->noted ? (int64_t)part.length : 0, s->noted && s->whole));
	}
	k->answer.file = f;
	k->answer.has_file = true;
	return OK;
}

static err serve(struct ctx *c, struct call *k, const struct delivery_row *d,
	const struct agreement_row *a, int *fd, uint64_t size)
{
	struct buf etag;
	struct http_range part = {0, size};
	buf_init(&etag, c->arena, 2 * HASH_BYTES + 2);
	buf_char(&etag, '"');
	buf_hex(&etag, a->root.b, HASH_BYTES);
	buf_char(&etag, '"');
	enum http_range_kind kind = http_request_range(&k->x->request, buf_str(&etag), size, &part);
	k->answer = (struct answer){.type = "application/octet-stream"};
	call_header(k, "ETag", buf_str(&etag));
	call_header(k, "Accept-Ranges", STR("bytes"));
	if (kind != HTTP_RANGE_NONE)
		TRY(answer_range(c, k, size, kind, &part));
	TRY(answer_digest(c, k, &a->sha256));
	if (kind == HTTP_RANGE_UNSATISFIABLE) {
		k->answer.status = err_row(ERR_RANGE)->status;
		return OK;
	}
	TRY(stream_out(c, k, d, size, part, *fd));
	*fd = -1;
	k->answer.status = kind == HTTP_RANGE_PART ? 206 : 200;
	return OK;
}

/* An object that is not where it was is our fault, and none that ends a delivery: a 404 would. */
static err kept(struct ctx *c, err e)
{
	if (e != ERR_NOT_FOUND)
		return e;
	return fail(c, ERR_CORRUPT,
		"an object of an agreement is missing: put it back from a backup (shugu doctor "
		"names it)");
}

static err send_object(
	struct ctx *c, struct call *k, const struct delivery_row *d, const struct agreement_row *a)
{
	cleanup(fd_closep) int fd = -1;
	struct str blobs;
	uint64_t size = 0;
	TRY(blobs_path(c, k, &blobs));
	TRY(kept(c, blob_open(c, blobs.p, &a->root, &fd, &size)));
	ENSURE(size == (uint64_t)a->size, c, ERR_CORRUPT,
		"an object has another size than agreed: put it back from a backup (shugu doctor "
		"names it)");
	return serve(c, k, d, a, &fd, size);
}

err data_send(struct ctx *c, struct call *k, struct str id)
{
	struct delivery_row d;
	struct agreement_row a;
	TRY(meter_slice(c, acts_db(k->acts), id, env_now_ms(acts_env(k->acts)), &d, &a));
	return send_object(c, k, &d, &a);
}

static err get_data(struct ctx *c, struct call *k)
{
	struct delivery_row d;
	struct agreement_row a;
	TRY(open_delivery(c, k, &d, &a));
	return send_object(c, k, &d, &a);
}

static err get_tile(struct ctx *c, struct call *k)
{
	struct delivery_row d;
	struct agreement_row a;
	struct tile t;
	struct hash *hashes;
	struct str blobs, path;
	TRY(open_delivery(c, k, &d, &a));
	TRY(arena_fmt(c, &path, "tile/%.*s", FMT(k->param[1])));
	ENSURE(tile_path_parse(path, &t) && !t.entries, c, ERR_NOT_FOUND,
		"this is no path of a tile");
	TRY(blobs_path(c, k, &blobs));
	NEW_N(c, hashes, t.width);
	TRY(kept(c, blob_tile(c, blobs.p, &a.root, &t, hashes)));
	k->answer = (struct answer){.status = 200,
		.body = {(const char *)hashes, (size_t)t.width * HASH_BYTES},
		.type = "application/octet-stream"};
	call_header(k, "Cache-Control", STR(FOREVER));
	return OK;
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/data/{delivery}", .scope = SCOPE_ANY, .act = get_data, .doc = "The bytes of a delivery, for its token; ranges are served."},
	{.method = "GET", .path = "/data/{delivery}/tile/{tile...}", .scope = SCOPE_ANY, .act = get_tile, .doc = "Chunk hashes of its object (tlog-tiles)."},
};
// clang-format on
const struct routes data_routes = {rows, countof(rows)};
