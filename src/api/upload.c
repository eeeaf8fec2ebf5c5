#include "api/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "api/page.h"
#include "api/upload_life.h"
#include "store/blobs.h"

static err body_write(void *arg, struct ctx *c, struct str data)
{
	const struct call *k = arg;
	struct upload *up = ((struct upload_patch *)k->state)->up;
	ENSURE(up->writer == k, c, ERR_CONFLICT, "another request goes on with this upload");
	TRY(blob_put_at(c, up->fd, data.p, data.n, (uint64_t)up->received));
	up->received += (int64_t)data.n;
	return OK;
}

static void body_end(void *arg, bool whole)
{
	struct call *k = arg;
	struct upload *up = ((struct upload_patch *)k->state)->up;
	if (up->writer != k)
		return;
	up->writer = NULL;
	fd_closep(&up->fd);
	if (whole) {
		up->waiting = k;
		k->parked = true;
	}
	if (whole || up->received > up->durable)
		upload_sync(up);
}

static err open_uploads(struct ctx *c, const struct call *k, struct uploads **ret)
{
	*ret = k->api != NULL ? api_parts(k->api)->uploads : NULL;
	ENSURE(*ret != NULL, c, ERR_BAD_STATE, "start shugu serve for uploads");
	return OK;
}

/* One that still takes bytes. */
static err find_receiving(struct ctx *c, struct call *k, struct upload **ret)
{
	struct uploads *u;
	struct upload_row row;
	TRY(open_uploads(c, k, &u));
	struct upload *up = upload_find(u, k->param[0]);
	if (up == NULL) {
		TRY(upload_store_find(c, acts_db(k->acts), k->param[0], &row));
		return fail(c, ERR_BAD_STATE, "this upload is whole");
	}
	*ret = up;
	return OK;
}

static err begin_body(struct ctx *c, struct call *k)
{
	struct upload *up;
	struct upload_patch *p;
	struct str text = http_header(&k->x->request, "Upload-Offset");
	int64_t offset = -1, length = k->x->request.content_length;
	TRY(find_receiving(c, k, &up));
	ENSURE(text.p != NULL && str_i64(text, &offset) && offset >= 0, c, ERR_BAD_VALUE,
		"say at which byte this goes on: Upload-Offset");
	ENSURE(up->waiting == NULL, c, ERR_CONFLICT,
		"the request before this one is not answered yet");
	ENSURE(offset == up->received, c, ERR_CONFLICT, "this upload goes on at byte %lld",
		(long long)up->received);
	ENSURE(length <= up->size - up->received, c, ERR_TOO_LARGE,
		"this upload has %lld bytes in all", (long long)up->size);
	TRY(upload_check_disk(c, up->all, (uint64_t)length));
	NEW(c, p);
	if (up->fd < 0)
		up->fd = open(up->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	ENSURE(up->fd >= 0, c, ERR_IO, "open an upload: %s", strerror(errno));
	p->up = up;
	k->state = p;
	up->writer = k;
	uint64_t left = (uint64_t)(up->size - up->received);
	k->x->sink =
		(struct body_sink){.max = left < LIMIT_UPLOAD_REQUEST ? left : LIMIT_UPLOAD_REQUEST,
			.write = body_write,
			.end = body_end,
			.arg = k};
	k->x->has_sink = true;
	return OK;
}

static err offset_header(struct ctx *c, struct call *k, int64_t offset)
{
	struct str text;
	TRY(arena_fmt(c, &text, "%lld", (long long)offset));
	call_header(k, "Upload-Offset", text);
	call_header(k, "Cache-Control", STR("no-store"));
	return OK;
}

static err patch(struct ctx *c, struct call *k)
{
	const struct upload_patch *p = k->state;
	ENSURE(p != NULL, c, ERR_LENGTH_REQUIRED, "send the bytes that belong at Upload-Offset");
	ENSURE(p->synced, c, ERR_CONFLICT, "another request goes on with this upload");
	return upload_put(c, p->up, (struct str){"", 0});
}

static err say_patched(struct ctx *c, struct call *k)
{
	const struct upload_patch *p = k->state;
	k->answer.status = 204;
	return offset_header(c, k, p->up->durable);
}

static const char *state_of(const struct upload *up)
{
	return up->received == up->size && up->waiting == NULL ? "hashing" : "receiving";
}

static struct json *open_json(struct ctx *c, const struct upload *up)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "id", str_z(up->id));
	json_set_str(c, &o, "name", str_z(up->name));
	json_set_num(c, &o, "size", up->size);
	json_set_num(c, &o, "offset", up->received);
	json_set_str(c, &o, "state", str_z(state_of(up)));
	json_set_num(c, &o, "hashed", up->hashed);
	if (up->trouble[0] != '\0')
		json_set_str(c, &o, "trouble", str_z(up->trouble));
	return o;
}

static struct json *ready_json(struct ctx *c, const struct upload_row *row)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "id", row->id);
	json_set_str(c, &o, "name", row->name);
	json_set_num(c, &o, "size", row->size);
	json_set_num(c, &o, "offset", row->size);
	json_set_str(c, &o, "state", STR("ready"));
	json_set_num(c, &o, "hashed", row->size);
	return o;
}

struct creating {
	struct str name, encoding;
	int64_t size;
};

static const struct json_field fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct creating, name), LIMIT_NAME, NULL},
	{"size", JSON_K_INT, false, offsetof(struct creating, size), 0, NULL},
	{"encoding", JSON_K_TEXT, true, offsetof(struct creating, encoding), LIMIT_NAME, NULL},
};

static err check_new(struct ctx *c, struct call *k, struct uploads *u, const struct creating *r)
{
	struct upload_row *rows;
	size_t n = 0;
	ENSURE(r->name.n > 0 && str_find(r->name, '/') == r->name.n, c, ERR_BAD_VALUE,
		"name must be a file's name");
	ENSURE(r->encoding.p == NULL || charset_named(r->encoding) != CHARSET_UNKNOWN, c,
		ERR_BAD_VALUE, "encoding must be utf-8, utf-16le, utf-16be or gb18030");
	ENSURE(r->size >= 0, c, ERR_BAD_VALUE, "size must not be negative");
	ENSURE(r->size <= (int64_t)LIMIT_OBJECT, c, ERR_TOO_LARGE,
		"an object has at most %llu bytes", LIMIT_OBJECT);
	NEW_N(c, rows, LIMIT_UPLOADS);
	TRY(upload_store_list(c, acts_db(k->acts), STR(""), LIMIT_UPLOADS, rows, &n));
	ENSURE(n < LIMIT_UPLOADS, c, ERR_QUOTA, "at most %u uploads are kept: delete some",
		LIMIT_UPLOADS);
	return upload_check_disk(c, u, upload_outstanding(u) + (uint64_t)r->size);
}

static err create(struct ctx *c, struct call *k)
{
	struct creating r = {.size = -1};
	struct uploads *u;
	struct upload *up;
	struct str urn;
	TRY(open_uploads(c, k, &u));
	TRY(json_read(c, k->body, fields, countof(fields), false, &r));
	TRY(check_new(c, k, u, &r));
	TRY(uuid_new_urn(c, acts_env(k->acts), &urn));
	TRY(upload_place(c, u, str_sub(urn, UUID_URN - UUID_TEXT, urn.n), r.name, &up));
	up->size = r.size;
	up->encoding = charset_named(r.encoding);
	up->fresh = true;
	cleanup(fd_closep) int fd =
		open(up->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	err e = upload_put(c, up, (struct str){"", 0});
	if (fd < 0)
		e = fail(c, ERR_IO, "make an upload: %s", strerror(errno));
	if (e != OK) {
		upload_forget(up);
		return e;
	}
	k->subject = str_z(up->id);
	return OK;
}

/* A repeat finds it further on, or whole. */
static err say_created(struct ctx *c, struct call *k)
{
	struct uploads *u;
	struct upload_row row;
	struct str location;
	TRY(open_uploads(c, k, &u));
	TRY(arena_fmt(c, &location, "/api/v1/uploads/%.*s", FMT(k->subject)));
	call_header(k, "Location", location);
	struct upload *up = upload_find(u, k->subject);
	if (up == NULL) {
		TRY(upload_store_find(c, acts_db(k->acts), k->subject, &row));
		return call_json(c, k, 201, ready_json(c, &row));
	}
	bool fresh = up->fresh;
	up->fresh = false;
	if (fresh && up->size == 0)
		upload_start_children(up->all);
	return call_json(c, k, 201, open_json(c, up));
}

static err show(struct ctx *c, struct call *k)
{
	struct uploads *u;
	struct upload_row row;
	const struct json *result;
	struct json *o;
	TRY(open_uploads(c, k, &u));
	const struct upload *up = upload_find(u, k->param[0]);
	if (up != NULL) {
		TRY(offset_header(c, k, up->received));
		return call_json(c, k, 200, open_json(c, up));
	}
	TRY(upload_store_find(c, acts_db(k->acts), k->param[0], &row));
	ENSURE(row.ready, c, ERR_BUSY, "the upload is being looked after: ask again in a minute");
	TRY(json_parse(c, row.result, &result));
	o = ready_json(c, &row);
	for (const struct json *m = result->first; m != NULL; m = m->next) {
		const char *name = arena_z(c->arena, m->name);
		ENSURE(name != NULL, c, ERR_MEMORY, "no memory");
		json_set(&o, name, json_copy(c, m));
	}
	TRY(offset_header(c, k, row.size));
	return call_json(c, k, 200, o);
}

static err list(struct ctx *c, struct call *k)
{
	struct uploads *u;
	struct upload_row *rows;
	struct page p;
	size_t n = 0;
	bool more = true;
	TRY(open_uploads(c, k, &u));
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	NEW_N(c, rows, LIMIT_UPLOADS);
	TRY(upload_store_list(c, acts_db(k->acts), p.id, LIMIT_UPLOADS, rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		const struct upload *up = upload_find(u, rows[i].id);
		if (up == NULL && !rows[i].ready)
			continue;
		struct json *one = up != NULL ? open_json(c, up) : ready_json(c, &rows[i]);
		TRY(page_add(c, &p, one, 0, rows[i].id, &more));
	}
	return page_say(c, k, &p, "uploads");
}

static err drop(struct ctx *c, struct call *k)
{
	struct uploads *u;
	struct upload_row row;
	TRY(open_uploads(c, k, &u));
	TRY(upload_store_find(c, acts_db(k->acts), k->param[0], &row));
	struct upload *up = upload_find(u, k->param[0]);
	ENSURE(up == NULL || up->waiting == NULL, c, ERR_BUSY, "bytes of it are being written");
	TRY(acts_tick(c, k->acts));
	TRY(upload_store_drop(c, acts_db(k->acts), row.id));
	k->subject = row.id;
	return OK;
}

static err say_dropped(struct ctx *c, struct call *k)
{
	struct uploads *u;
	TRY(open_uploads(c, k, &u));
	struct upload *up = upload_find(u, k->subject);
	if (up != NULL)
		upload_forget(up);
	k->answer.status = 204;
	return OK;
}

err upload_object(struct ctx *c, struct call *k, struct str id, struct upload_object *ret)
{
	static const struct json_field members[] = {
		{"root", JSON_K_HEX32, false, offsetof(struct upload_object, root), 0, NULL},
		{"sha256", JSON_K_HEX32, false, offsetof(struct upload_object, sha256), 0, NULL},
		{"profile", JSON_K_OBJECT, false, offsetof(struct upload_object, profile), 0, NULL},
	};
	struct upload_row row;
	const struct json *result;
	TRY(upload_store_find(c, acts_db(k->acts), id, &row));
	ENSURE(row.ready, c, ERR_BAD_STATE,
		"the upload is not ready: bring its bytes, then ask for it until it is");
	TRY(json_parse(c, row.result, &result));
	TRY(json_read(c, result, members, countof(members), false, ret));
	ret->size = row.size;
	return OK;
}

/* Products, and stamped contracts. */
#define UPLOADERS (ROLE_OWNER | ROLE_OPERATOR | ROLE_REVIEWER | ROLE_FINANCE)
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/uploads", .scope = SCOPE_OPERATOR, .roles = UPLOADERS, TAKES(fields), .act = create, .say = say_created,
		.doc = "Begins an upload of {name, size, encoding?}."},
	{.method = "GET", .path = "/api/v1/uploads", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .say = list, .doc = "The uploads, oldest first, without profiles."},
	{.method = "GET", .path = "/api/v1/uploads/{upload}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .say = show,
		.doc = "An upload: receiving, hashing or ready; Upload-Offset is where it goes on."},
	{.method = "PATCH", .path = "/api/v1/uploads/{upload}", .scope = SCOPE_OPERATOR, .roles = UPLOADERS, .body = begin_body, .act = patch, .say = say_patched,
		.doc = "Brings bytes at Upload-Offset, at most 8 MiB; answered when they are durable."},
	{.method = "DELETE", .path = "/api/v1/uploads/{upload}", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, .act = drop, .say = say_dropped,
		.doc = "Gives an upload up; what was published of it stands."},
};
// clang-format on
const struct routes upload_routes = {rows, countof(rows)};
