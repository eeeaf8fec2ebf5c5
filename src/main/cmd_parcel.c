/* shugu parcel out|in: carries what waits between networks that are not joined, as one signed file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "main/command.h"
#include "main/control.h"
#include "party/parcel.h"
#include "store/blob_write.h"

static const struct option_row options[] = {
	{"objects", OPTION_FLAG, "   with out: also the bytes of deliveries that have begun"},
};

static void closep(FILE **f)
{
	if (*f != NULL)
		(void)fclose(*f);
}

static err put(struct ctx *c, FILE *f, struct str bytes)
{
	ENSURE(fwrite(bytes.p, 1, bytes.n, f) == bytes.n, c, ERR_IO, "write the parcel: %s",
		strerror(errno));
	return OK;
}

static err get(struct ctx *c, FILE *f, char *bytes, size_t n)
{
	ENSURE(fread(bytes, 1, n, f) == n, c, ERR_MALFORMED, "the parcel was cut off");
	return OK;
}

static err put_object(struct ctx *c, FILE *f, const char *blobs, const struct parcel_object *o)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx own = {.arena = a};
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0, chunks = blob_chunks((uint64_t)o->size);
	struct hash leaves[TILES_WIDTH];
	char *bytes;
	size_t got = 0;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	NEW_N(&own, bytes, LIMIT_CHUNK);
	TRY(blob_open(c, blobs, &o->root, &fd, &size));
	ENSURE(size == (uint64_t)o->size, c, ERR_CORRUPT, "the object has another size");
	for (uint64_t i = 0; i < chunks; i += TILES_WIDTH) {
		uint64_t n = chunks - i < TILES_WIDTH ? chunks - i : TILES_WIDTH;
		TRY(blob_leaves(c, blobs, &o->root, i, n, leaves));
		TRY(put(c, f, (struct str){(const char *)leaves, (size_t)n * HASH_BYTES}));
	}
	for (uint64_t at = 0; at < size; at += got) {
		TRY(blob_get_at(c, fd, bytes, LIMIT_CHUNK, at, &got));
		ENSURE(got > 0, c, ERR_CORRUPT, "the object is shorter than it was");
		TRY(put(c, f, (struct str){bytes, got}));
	}
	return OK;
}

static err write_file(struct ctx *c, const struct options *o, const struct json *answer)
{
	const char *blobs;
	struct parcel_object object;
	struct str temporary;
	TRY(node_path(c, o->data, "blobs", &blobs));
	TRY(arena_fmt(c, &temporary, "%s.part", o->arguments[2]));
	cleanup(closep) FILE *f = fopen(temporary.p, "wb");
	ENSURE(f != NULL, c, ERR_IO, "open %s: %s", temporary.p, strerror(errno));
	TRY(put(c, f, json_text(json_get(answer, "parcel"))));
	const struct json *all = json_get(answer, "objects");
	for (const struct json *j = all->first; j != NULL; j = j->next) {
		TRY(parcel_read_object(c, j, &object));
		TRY(put_object(c, f, blobs, &object));
	}
	ENSURE(fflush(f) == 0, c, ERR_IO, "write %s: %s", temporary.p, strerror(errno));
	TRY(env_sync(c, &env_system, fileno(f)));
	ENSURE(rename(temporary.p, o->arguments[2]) == 0, c, ERR_IO, "write %s: %s",
		o->arguments[2], strerror(errno));
	return OK;
}

static err out(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body = json_object(c);
	const struct json *answer;
	int64_t messages = 0, answers = 0;
	ENSURE(o->n == 3, c, ERR_USAGE, "parcel out needs PARTY and FILE");
	json_set_str(c, &body, "party", str_z(o->arguments[1]));
	json_set(&body, "objects", json_bool(c, option_set(o, "objects")));
	TRY(control_call(c, k, "POST", STR("/api/v1/parcels/out"), body, &answer));
	TRY(write_file(c, o, answer));
	(void)json_int(json_get(answer, "messages"), &messages);
	(void)json_int(json_get(answer, "answers"), &answers);
	bool more = json_get(answer, "more") != NULL && json_get(answer, "more")->type == JSON_TRUE;
	if (o->json)
		return command_print(c, json_copy_without(c, answer, "parcel"));
	printf("%s: %lld messages, %lld answers, %zu objects%s\n", o->arguments[2],
		(long long)messages, (long long)answers, json_get(answer, "objects")->n,
		more ? "; more wait for the next parcel" : "");
	return OK;
}

static err keep_answers(struct ctx *c, struct control *k, struct str party, struct json *answers)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "party", party);
	json_set(&body, "answers", answers);
	return control_call(c, k, "POST", STR("/api/v1/parcels/kept"), body, NULL);
}

/* Every message by its own route, in the name of who signed the parcel. */
static err do_rows(struct ctx *c, struct control *k, const struct parcel *p)
{
	struct json *answers = json_array(c);
	struct parcel_row row;
	for (const struct json *j = p->rows->first; j != NULL; j = j->next) {
		struct json *a = json_object(c);
		struct str body = {"", 0};
		int status = 0;
		TRY(parcel_read_row(c, j, &row));
		TRY(control_message(c, k, p->from, row.path, row.body, &status, &body));
		json_set_str(c, &a, "row", row.row);
		json_set_num(c, &a, "status", status);
		json_set_str(c, &a, "body", str_is_utf8(body) && body.p != NULL ? body : STR(""));
		json_push(&answers, a);
	}
	return keep_answers(c, k, p->from, answers);
}

/* The delivery waits for an object of that root, from who brings it. */
static err is_wanted(
	struct ctx *c, struct control *k, struct str from, const struct parcel_object *o, bool *ret)
{
	struct str segment, target;
	struct buf root;
	const struct json *d = NULL;
	buf_init(&root, c->arena, 2 * HASH_BYTES);
	buf_hex(&root, o->root.b, HASH_BYTES);
	TRY(control_segment(c, o->delivery, &segment));
	TRY(arena_fmt(c, &target, "/api/v1/deliveries/%.*s", FMT(segment)));
	err e = control_call(c, k, "GET", target, NULL, &d);
	*ret = e == OK && str_is(json_text(json_get(d, "role")), "consumer") &&
	       str_is(json_text(json_get(d, "state")), "STARTED") &&
	       str_eq(json_text(json_get(d, "party")), from) &&
	       str_eq(json_text(json_get(d, "root")), buf_str(&root));
	return e != OK && err_is_fault(e) ? e : OK;
}

static err take_bytes(struct ctx *c, FILE *f, const char *blobs, const struct parcel_object *o)
{
	const struct blob expected = {.root = o->root, .size = (uint64_t)o->size};
	struct blob_write *w;
	struct blob kept;
	struct hash leaves[TILES_WIDTH];
	char *bytes;
	uint64_t chunks = blob_chunks(expected.size);
	NEW_N(c, bytes, LIMIT_CHUNK);
	TRY(blob_write_open(c, &env_system, blobs, &expected, &w));
	for (uint64_t i = 0; i < chunks; i += TILES_WIDTH) {
		uint64_t n = chunks - i < TILES_WIDTH ? chunks - i : TILES_WIDTH;
		TRY(get(c, f, (char *)leaves, (size_t)n * HASH_BYTES));
		uint64_t have = blob_write_leaves_have(w), skip = have > i ? have - i : 0;
		if (skip < n)
			TRY(blob_write_leaves(c, w, leaves + skip, n - skip));
	}
	for (uint64_t at = 0; at < expected.size; at += LIMIT_CHUNK) {
		uint64_t left = expected.size - at;
		size_t n = left < LIMIT_CHUNK ? (size_t)left : LIMIT_CHUNK;
		TRY(get(c, f, bytes, n));
		if (blob_write_position(w) <= at)
			TRY(blob_write_bytes(c, w, (struct str){bytes, n}));
	}
	return blob_write_finish(c, w, &kept);
}

static uint64_t object_bytes(const struct parcel_object *o)
{
	return blob_chunks((uint64_t)o->size) * HASH_BYTES + (uint64_t)o->size;
}

static err take_object(struct ctx *c, const struct options *o, struct control *k, FILE *f,
	struct str from, const struct parcel_object *object)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx own = {.arena = a};
	const char *blobs;
	struct json *body = json_object(c);
	bool wanted = false;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	TRY(node_path(c, o->data, "blobs", &blobs));
	TRY(is_wanted(c, k, from, object, &wanted));
	if (!wanted) {
		ENSURE(fseeko(f, (off_t)object_bytes(object), SEEK_CUR) == 0, c, ERR_IO,
			"read the parcel: %s", strerror(errno));
		return OK;
	}
	err e = take_bytes(&own, f, blobs, object);
	if (e != OK)
		return fail(c, e, "%s", own.trouble.detail);
	json_set_str(c, &body, "delivery", object->delivery);
	return control_call(c, k, "POST", STR("/api/v1/parcels/arrived"), body, NULL);
}

/* Where the objects end the file ends, before anything is done: a copy that was cut off changes nothing. */
static err is_whole(struct ctx *c, FILE *f, const struct parcel *p, size_t front)
{
	struct parcel_object o;
	uint64_t size = front;
	ENSURE(fseeko(f, 0, SEEK_END) == 0, c, ERR_IO, "read the parcel: %s", strerror(errno));
	off_t end = ftello(f);
	for (const struct json *j = p->objects->first; j != NULL; j = j->next) {
		TRY(parcel_read_object(c, j, &o));
		size += object_bytes(&o);
	}
	ENSURE(end >= 0 && (uint64_t)end == size, c, ERR_MALFORMED,
		"the file has more bytes or fewer than its head says (%llu): copy it again",
		(unsigned long long)size);
	return OK;
}

static err read_front(struct ctx *c, FILE *f, struct parcel *ret, struct str *ret_text)
{
	char *bytes;
	size_t used = 0;
	NEW_N(c, bytes, PARCEL_FRONT);
	size_t n = fread(bytes, 1, PARCEL_FRONT, f);
	TRY(parcel_read(c, (struct str){bytes, n}, ret, &used));
	TRY(is_whole(c, f, ret, used));
	ENSURE(fseeko(f, (off_t)used, SEEK_SET) == 0, c, ERR_IO, "read the parcel: %s",
		strerror(errno));
	*ret_text = (struct str){bytes, used};
	return OK;
}

static err in(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body = json_object(c);
	struct parcel p;
	struct parcel_object object;
	struct str text;
	ENSURE(o->n == 2, c, ERR_USAGE, "parcel in needs FILE");
	cleanup(closep) FILE *f = fopen(o->arguments[1], "rb");
	ENSURE(f != NULL, c, ERR_IO, "open %s: %s", o->arguments[1], strerror(errno));
	TRY(read_front(c, f, &p, &text));
	json_set_str(c, &body, "parcel", text);
	TRY(control_call(c, k, "POST", STR("/api/v1/parcels/check"), body, NULL));
	TRY(control_call(c, k, "POST", STR("/api/v1/parcels/answers"), body, NULL));
	TRY(do_rows(c, k, &p));
	for (const struct json *j = p.objects->first; j != NULL; j = j->next) {
		TRY(parcel_read_object(c, j, &object));
		TRY(take_object(c, o, k, f, p.from, &object));
	}
	printf("of %.*s: %zu messages, %zu answers, %zu objects\n", FMT(p.from), p.rows->n,
		p.answers->n, p.objects->n);
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	bool is_out = o->n > 0 && strcmp(o->arguments[0], "out") == 0;
	bool is_in = o->n > 0 && strcmp(o->arguments[0], "in") == 0;
	ENSURE(is_out || is_in, c, ERR_USAGE, "parcel out PARTY FILE, or parcel in FILE");
	TRY(control_open(c, o->data, &k));
	return is_out ? out(c, o, k) : in(c, o, k);
}

const struct command cmd_parcel = {"parcel", "out PARTY FILE [--objects] | in FILE",
	"Carries what waits for a party, and its answers, as one signed file.", options,
	countof(options), run};
