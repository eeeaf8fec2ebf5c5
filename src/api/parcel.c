/* /api/v1/parcels: what a command needs of the node to write a parcel, and to take one (docs/FORMATS.md, 21). The messages
 * of a parcel themselves go to their own routes over the control socket, in the name of the party that signed it. */
#include "api/parcel.h"

#include <string.h>

#include "api/passes.h"
#include "api/post.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "delivery/delivery_follow.h"
#include "delivery/delivery_store.h"
#include "delivery/meter.h"
#include "party/organisation.h"
#include "party/parcel.h"
#include "store/blobs.h"

#define ROWS 64u
/* A head stands twice in JSON text, with its quotes escaped. */
#define BODIES_MAX (160u << 10)

struct out {
	struct organisation party;
	struct delivery_row *owed;
	struct agreement_row *under;
	size_t n;
};

/* Whole objects go: they are metered as if they had left. What the terms refuse stays. */
static err meter_object(struct ctx *c, struct call *k, struct str id, struct out *o)
{
	struct delivery_row d;
	struct agreement_row a;
	TRY(delivery_find(c, acts_db(k->acts), id, &d));
	if (!str_eq(d.peer, o->party.did) || o->n == ROWS)
		return OK;
	err e = meter_slice(c, acts_db(k->acts), id, env_now_ms(acts_env(k->acts)), &d, &a);
	if (e != OK)
		return err_is_fault(e) ? e : OK;
	TRY(acts_tick(c, k->acts));
	TRY(meter_left(c, k->acts, &d, a.size, true));
	o->owed[o->n] = d;
	o->under[o->n++] = a;
	return OK;
}

static err take_out(struct ctx *c, struct call *k)
{
	const struct json *objects = json_get(k->body, "objects");
	struct out *o;
	struct str *ids;
	size_t n = 0;
	NEW(c, o);
	NEW_N(c, o->owed, ROWS);
	NEW_N(c, o->under, ROWS);
	NEW_N(c, ids, LIMIT_OPEN_DELIVERIES_PARTY);
	TRY(organisation_named(
		c, acts_db(k->acts), json_text(json_get(k->body, "party")), &o->party));
	ENSURE(o->party.joined, c, ERR_BAD_STATE, "a plain connector takes no parcels");
	k->state = o;
	if (objects == NULL || objects->type != JSON_TRUE)
		return OK;
	TRY(delivery_store_owed(c, acts_db(k->acts), LIMIT_OPEN_DELIVERIES_PARTY, ids, &n));
	for (size_t i = 0; i < n; i++)
		TRY(meter_object(c, k, ids[i], o));
	return OK;
}

static err rows_json(
	struct ctx *c, struct call *k, const struct out *o, struct json **ret, bool *ret_more)
{
	struct outbox_row *rows;
	size_t n = 0, room = BODIES_MAX;
	struct json *all = json_array(c);
	NEW_N(c, rows, ROWS);
	TRY(outbox_of_peer(c, k->acts, o->party.did, rows, ROWS, &n));
	*ret_more = n == ROWS;
	for (size_t i = 0; i < n; i++) {
		struct message m = {.method = "POST"};
		struct json *j = json_object(c);
		struct str name, path;
		err e = post_render(c, k->post, &rows[i], &m);
		if (e != OK && !err_is_fault(e)) /* it is of no use any more */
			continue;
		TRY(e);
		if (m.body.n > room && room < BODIES_MAX) {
			*ret_more = true;
			break;
		}
		room -= m.body.n < room ? m.body.n : room;
		TRY(post_name(c, &rows[i], &name));
		TRY(post_path(c, k->post, o->party.did, m.url, &path));
		json_set_str(c, &j, "row", name);
		json_set_str(c, &j, "method", str_z(m.method));
		json_set_str(c, &j, "path", path);
		json_set_str(c, &j, "body", m.body.p != NULL ? m.body : STR(""));
		json_push(&all, j);
	}
	*ret = all;
	return OK;
}

static err answers_json(struct ctx *c, struct call *k, const struct out *o, struct json **ret)
{
	struct outbox_answer *answers;
	size_t n = 0, room = BODIES_MAX;
	struct json *all = json_array(c);
	NEW_N(c, answers, ROWS);
	TRY(outbox_answers(c, k->acts, o->party.did, answers, ROWS, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *j = json_object(c);
		if (answers[i].body.n > room && room < BODIES_MAX)
			break; /* asked again, it is answered again */
		room -= answers[i].body.n < room ? answers[i].body.n : room;
		json_set_str(c, &j, "row", answers[i].row);
		json_set_num(c, &j, "status", answers[i].status);
		json_set_str(c, &j, "body", answers[i].body);
		json_push(&all, j);
	}
	*ret = all;
	return OK;
}

static struct json *objects_json(struct ctx *c, const struct out *o)
{
	struct json *all = json_array(c);
	for (size_t i = 0; i < o->n; i++) {
		struct json *j = json_object(c);
		json_set_str(c, &j, "delivery", o->owed[i].id);
		json_set_hex(c, &j, "root", o->under[i].root.b, HASH_BYTES);
		json_set_num(c, &j, "size", o->under[i].size);
		json_push(&all, j);
	}
	return all;
}

static err say_out(struct ctx *c, struct call *k)
{
	const struct out *o = k->state;
	struct json *rows, *answers, *r = json_object(c);
	struct str id, at, text;
	bool more = false;
	TRY(rows_json(c, k, o, &rows, &more));
	TRY(answers_json(c, k, o, &answers));
	TRY(uuid_new_urn(c, acts_env(k->acts), &id));
	TRY(time_str(c, env_now_ms(acts_env(k->acts)), &at));
	json_set_num(c, &r, "messages", rows != NULL ? (int64_t)rows->n : 0);
	json_set_num(c, &r, "answers", answers != NULL ? (int64_t)answers->n : 0);
	json_set(&r, "objects", objects_json(c, o));
	json_set(&r, "more", json_bool(c, more));
	TRY(parcel_write(c, acts_self(k->acts), id, o->party.did, at, rows, answers,
		objects_json(c, o), &text));
	json_set_str(c, &r, "parcel", text);
	return call_json(c, k, 200, r);
}

/* It is for us, and the key is that of the party, where the party is known. */
static err read_checked(struct ctx *c, struct call *k, struct parcel *ret)
{
	struct organisation o;
	struct parcel p;
	size_t used = 0;
	TRY(parcel_read(c, json_text(json_get(k->body, "parcel")), &p, &used));
	ENSURE(str_eq(p.to, acts_self(k->acts)->did), c, ERR_FORBIDDEN,
		"this parcel is for %.*s, not for this node", FMT(p.to));
	*ret = p;
	err e = organisation_find(c, acts_db(k->acts), p.from, &o);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	ENSURE(o.joined && str_eq(o.kid, p.kid) && memcmp(o.key, p.key, KEY_BYTES) == 0, c,
		ERR_BAD_SIGNATURE, "this parcel is signed by another key than that of %.*s",
		FMT(p.from));
	return OK;
}

/* From now on its messages may come under Shugu-As. */
static err check(struct ctx *c, struct call *k)
{
	struct parcel p;
	TRY(read_checked(c, k, &p));
	return k->passes != NULL ? passes_put(c, k->passes, &p) : OK;
}

static err say_nothing(struct ctx *c, struct call *k)
{
	return call_json(c, k, 200, json_object(c));
}

/* What we answered to the messages of a party goes into the next parcel to it, instead of what went into the last. */
static err keep(struct ctx *c, struct call *k)
{
	struct str party = json_text(json_get(k->body, "party"));
	const struct json *all = json_get(k->body, "answers");
	struct parcel_answer a;
	ENSURE(all != NULL && all->type == JSON_ARRAY, c, ERR_MISSING_MEMBER, "answers is missing");
	TRY(outbox_answers_drop(c, k->acts, party));
	for (const struct json *j = all->first; j != NULL; j = j->next) {
		TRY(parcel_read_answer(c, j, &a));
		const struct outbox_answer answer = {a.row, a.body, a.status};
		TRY(outbox_answer_keep(c, k->acts, party, &answer));
	}
	return OK;
}

/* What a party answered to ours, out of the parcel itself. With a running node its courier takes them; else they are
 * taken in say(), because what an answer means is a command of its own. */
static err take_answers(struct ctx *c, struct call *k)
{
	struct parcel p;
	struct parcel_answer a;
	TRY(read_checked(c, k, &p));
	for (const struct json *j = p.answers->first; k->courier != NULL && j != NULL;
		j = j->next) {
		TRY(parcel_read_answer(c, j, &a));
		TRY(courier_collected(c, k->courier, p.from, a.row, (int)a.status, a.body));
	}
	return OK;
}

static err say_taken(struct ctx *c, struct call *k)
{
	struct parcel p;
	struct parcel_answer a;
	struct outbox_row row;
	if (k->courier != NULL)
		return say_nothing(c, k);
	TRY(read_checked(c, k, &p));
	for (const struct json *j = p.answers->first; j != NULL; j = j->next) {
		TRY(parcel_read_answer(c, j, &a));
		err e = post_find(c, k->post, p.from, a.row, &row);
		if (e == ERR_NOT_FOUND || e == ERR_BAD_VALUE)
			continue;
		TRY(e);
		TRY(post_answered(c, k->post, &row,
			&(struct reply){.status = (int)a.status, .body = a.body}));
		TRY(acts_tick_end(c, k->acts));
	}
	return say_nothing(c, k);
}

/* An object came whole and verified: it lies in blobs/ under the root that was signed. */
static err arrived(struct ctx *c, struct call *k)
{
	cleanup(fd_closep) int fd = -1;
	struct str id = json_text(json_get(k->body, "delivery")), blobs;
	struct delivery_row d;
	struct agreement_row a;
	uint64_t size = 0;
	TRY(delivery_find(c, acts_db(k->acts), id, &d));
	TRY(agreement_find(c, acts_db(k->acts), d.agreement, &a));
	ENSURE(d.role == AGREEMENT_CONSUMER && d.state == DELIVERY_STARTED && !d.has_receipt, c,
		ERR_BAD_STATE, "nothing is waited for under this delivery");
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(k->acts)->directory));
	TRY(blob_open(c, blobs.p, &a.root, &fd, &size));
	ENSURE(size == (uint64_t)a.size, c, ERR_BAD_DIGEST, "the object has another size");
	return delivery_give_receipt(c, k->acts, d.id, -1);
}

static const struct json_field out_fields[] = {
	{.name = "party", .kind = JSON_K_TEXT, .max = LIMIT_DID},
	{.name = "objects", .kind = JSON_K_BOOL, .optional = true},
};

static const struct json_field check_fields[] = {
	{.name = "parcel", .kind = JSON_K_TEXT, .max = LIMIT_HTTP_BODY},
};

static const struct json_field answers_fields[] = {
	{.name = "party", .kind = JSON_K_TEXT, .max = LIMIT_DID},
	{.name = "answers", .kind = JSON_K_ARRAY},
};

static const struct json_field arrived_fields[] = {
	{.name = "delivery", .kind = JSON_K_TEXT, .max = LIMIT_DID},
};

// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/parcels/out", .scope = SCOPE_OPERATOR, TAKES(out_fields), .act = take_out, .say = say_out,
		.doc = "What waits for a party as a signed parcel ({party, objects})."},
	{.method = "POST", .path = "/api/v1/parcels/check", .scope = SCOPE_OPERATOR, TAKES(check_fields), .act = check, .say = say_nothing,
		.doc = "Whether a parcel ({parcel}) is for this node and of whom it says; then its messages may come, each by its own route, under Shugu-As."},
	{.method = "POST", .path = "/api/v1/parcels/kept", .scope = SCOPE_OPERATOR, TAKES(answers_fields), .act = keep, .say = say_nothing,
		.doc = "Keeps what was answered to the messages of a parcel ({party, answers}) for the next one to that party."},
	{.method = "POST", .path = "/api/v1/parcels/answers", .scope = SCOPE_OPERATOR, TAKES(check_fields), .act = take_answers, .say = say_taken,
		.doc = "Takes what a party answered to our messages in its parcel ({parcel})."},
	{.method = "POST", .path = "/api/v1/parcels/arrived", .scope = SCOPE_OPERATOR, TAKES(arrived_fields), .act = arrived, .say = say_nothing,
		.doc = "The object of a delivery ({delivery}) came in a parcel and lies in blobs/."},
};
// clang-format on
const struct routes parcel_routes = {rows, countof(rows)};
