#include "govern/registration_due.h"

#include "base/limits.h"
#include "codec/json_time.h"
#include "govern/registration_letter.h"
#include "govern/registration_messages.h"
#include "govern/registration_store.h"

#define TURN 32u
#define QUEUE_MAX 1000u

static const struct str node_actor = {"node", 4};

/* What the node does itself about a day that has passed; false where that is nothing, or not yet. */
static err by_itself(
	struct ctx *c, struct acts *n, const struct registration *r, int64_t today, bool *ret_did)
{
	int64_t deemed = 0;
	struct json *none = json_object(c);
	bool registrar = r->role == REG_REGISTRAR;
	*ret_did = true;
	if (r->state == REG_APPLIED) {
		err e = registration_deemed_on(c, registration_day(r->facts, "received"), &deemed);
		*ret_did = e == OK && today >= deemed;
		return *ret_did ? registration_note(c, n, r, REG_DEEM, today, json_object(c), none)
				: OK;
	}
	if (r->state == REG_RETURNED && registrar)
		return registration_do(c, n, node_actor, r, REG_EXPIRE, none, NULL);
	if (r->state == REG_PUBLICITY && registrar && str_is(r->what, "publicity"))
		return registration_do(c, n, node_actor, r, REG_CLEAR, none, NULL);
	if (str_is(r->what, "lapse"))
		return registration_note(c, n, r, REG_LAPSE, today, json_object(c), none);
	*ret_did = false;
	return OK;
}

static err overdue(struct ctx *c, struct acts *n, const struct registration *r, int64_t today)
{
	struct json *body = json_object(c), *next;
	TRY(registration_next(c, r, today - 1, &next));
	json_set_str(c, &body, "what", r->what);
	json_set_day(c, &body, "day", r->due);
	if (next != NULL)
		json_set(&body, "next", next);
	const struct act a = {STR("registration.overdue"), node_actor, r->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

/* A day that was unknown when it was written, under the calendar of today. */
static err known_now(struct ctx *c, struct registration *r)
{
	struct json *next;
	if (r->due != REGISTRATION_DUE_UNKNOWN)
		return OK;
	TRY(registration_next(c, r, 0, &next));
	r->due = registration_day(next, "day");
	if (r->due == 0)
		r->due = REGISTRATION_DUE_UNKNOWN;
	return OK;
}

static bool waits_for_silence(const struct registration *r)
{
	return r->state == REG_APPLIED ||
	       (r->state == REG_PUBLICITY && str_is(r->what, "publicity"));
}

static err one(struct ctx *c, struct acts *n, struct registration *r, int64_t today, size_t *ret_n)
{
	bool did = false;
	TRY(known_now(c, r));
	if (r->due == REGISTRATION_DUE_UNKNOWN || r->due >= today)
		return OK;
	TRY(by_itself(c, n, r, today, &did));
	if (!did && !waits_for_silence(r)) {
		TRY(overdue(c, n, r, today));
		did = true;
	}
	*ret_n += did;
	return OK;
}

err registration_due_run(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n)
{
	struct registration *rows;
	size_t rows_n = 0, done = 0;
	int64_t today = calendar_day(now_ms);
	NEW_N(c, rows, TURN);
	TRY(registration_store_due(c, acts_db(n), today - 1, TURN, rows, &rows_n));
	for (size_t i = 0; i < rows_n; i++) {
		err e = one(c, n, &rows[i], today, &done);
		if (e != OK && err_row(e)->class == FAULT)
			return e;
	}
	*ret_n = done;
	return OK;
}

static const char *who_of(struct str what, const struct registration *r)
{
	if (str_is(what, "correct") || str_is(what, "supplement") || str_is(what, "renew"))
		return "applicant";
	(void)r;
	return str_is(what, "lapse") ? "nobody" : "registrar";
}

static struct json *queue_row(
	struct ctx *c, const struct registration *r, struct str what, int64_t day, bool late)
{
	const struct registration_word *w = registration_word(registration_clock_words, what);
	struct json *o = json_object(c);
	json_set_str(c, &o, "id", r->id);
	json_set(&o, "role", json_z(c, r->role == REG_REGISTRAR ? "registrar" : "applicant"));
	json_set_str(c, &o, "party", r->peer);
	json_set(&o, "state", json_z(c, registration_state_name(r->state)));
	json_set_str(c, &o, "kind", json_text(json_get(r->facts, "kind")));
	json_set_str(c, &o, "name", json_text(json_get(r->facts, "name")));
	json_set_str(c, &o, "what", what);
	json_set(&o, "who", json_z(c, who_of(what, r)));
	if (w != NULL) {
		json_set(&o, "zh", json_z(c, w->zh));
		json_set(&o, "en", json_z(c, w->en));
		json_set(&o, "article", json_z(c, w->article));
	}
	if (day > 0)
		json_set_day(c, &o, "day", day);
	else
		json_set(&o, "unknown", json_bool(c, true));
	json_set(&o, "overdue", json_bool(c, late));
	return o;
}

err registration_queue(struct ctx *c, struct store *db, int64_t day, struct json **ret)
{
	struct registration *rows;
	struct json *o = json_object(c), *list = json_array(c);
	size_t n = 0;
	NEW_N(c, rows, QUEUE_MAX);
	TRY(registration_store_overdue(c, db, QUEUE_MAX, rows, &n));
	for (size_t i = 0; i < n; i++)
		json_push(
			&list, queue_row(c, &rows[i], rows[i].overdue_what, rows[i].overdue, true));
	TRY(registration_store_due(c, db, day, QUEUE_MAX, rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(known_now(c, &rows[i]));
		if (rows[i].due <= day)
			json_push(&list, queue_row(c, &rows[i], rows[i].what,
						 rows[i].due > 0 ? rows[i].due : 0, false));
	}
	json_set_day(c, &o, "day", day);
	json_set(&o, "due", list);
	*ret = o;
	return OK;
}

err registration_overdue_count(struct ctx *c, struct store *db, size_t *ret)
{
	struct registration *rows;
	NEW_N(c, rows, QUEUE_MAX);
	return registration_store_overdue(c, db, QUEUE_MAX, rows, ret);
}

static err row_json(struct ctx *c, const struct registration *r, struct json **ret)
{
	const struct registration_word *w =
		registration_word(registration_clock_words, r->overdue_what);
	struct json *o = json_object(c);
	struct str name = json_text(json_get(r->facts, "name")), about = name;
	if (r->overdue > 0)
		TRY(arena_fmt(c, &about, "overdue since the end of the day: %s (%.*s)",
			w == NULL ? "" : w->en, FMT(name)));
	json_set_str(c, &o, "id", r->id);
	json_set(&o, "what", json_z(c, "registration"));
	json_set_str(c, &o, "from", r->peer);
	if (r->overdue > 0)
		json_set_day(c, &o, "since", r->overdue);
	else
		json_set_str(c, &o, "since", json_text(json_get(r->facts, "received")));
	json_set_str(c, &o, "about", about);
	if (r->due > 0)
		json_set_day(c, &o, "due", r->due);
	*ret = o;
	return OK;
}

static err list(struct ctx *c, struct store *db, struct inbox_page *p)
{
	struct registration *all;
	size_t n = 0, room = inbox_room(p);
	NEW_N(c, all, room);
	TRY(registration_store_waiting(c, db, p->at, p->id, room, all, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o;
		TRY(row_json(c, &all[i], &o));
		inbox_add(p, o, all[i].at_ms, all[i].id);
	}
	return OK;
}

/* An application that waits may be accepted, or refused, here; everything else has more to say. */
static err waiting(struct ctx *c, struct acts *n, struct str id, struct registration *ret)
{
	TRY(registration_store_find(c, acts_db(n), id, ret));
	ENSURE(ret->role == REG_REGISTRAR && ret->state == REG_APPLIED, c, ERR_BAD_STATE,
		"this one is %s: shugu register show %.*s says what can be done",
		registration_state_name(ret->state), FMT(id));
	return OK;
}

static err approve(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	struct registration r;
	TRY(waiting(c, n, id, &r));
	return registration_do(c, n, actor, &r, REG_ACCEPT, json_object(c), ret);
}

static err refuse(struct ctx *c, struct acts *n, struct str actor, struct str id, struct str reason,
	struct entry *ret)
{
	struct registration r;
	struct json *content = json_object(c);
	TRY(waiting(c, n, id, &r));
	json_set(&content, "ground", json_z(c, "other"));
	json_set_str(c, &content, "reason", reason);
	return registration_do(c, n, actor, &r, REG_REFUSE, content, ret);
}

const struct inbox_kind registration_inbox = {
	"registration", ROLE_OWNER | ROLE_REVIEWER, list, approve, refuse};
