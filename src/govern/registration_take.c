#include "govern/registration_take.h"

#include "act/content.h"
#include "base/limits.h"
#include "codec/json_time.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "crypto/jws.h"
#include "govern/registration_store.h"
#include "recognise/interlock.h"

struct letter_fields {
	int64_t v;
	struct str kind, id, subject, to, step, day;
	const struct json *content;
};
static const struct json_field letter_rows[] = {
	{"v", JSON_K_INT, false, offsetof(struct letter_fields, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct letter_fields, kind), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct letter_fields, id), UUID_URN, NULL},
	{"case", JSON_K_TEXT, false, offsetof(struct letter_fields, subject), UUID_URN, NULL},
	{"to", JSON_K_TEXT, false, offsetof(struct letter_fields, to), LIMIT_DID, NULL},
	{"step", JSON_K_TEXT, false, offsetof(struct letter_fields, step), 0, NULL},
	{"day", JSON_K_TEXT, false, offsetof(struct letter_fields, day), 0, NULL},
	{"content", JSON_K_OBJECT, false, offsetof(struct letter_fields, content), 0, NULL},
};

struct arrived {
	struct organisation peer;
	struct letter_fields l;
	struct str bytes, signature;
	struct hash document;
	struct evidence e;
	enum registration_event event;
	int64_t day;
};

/* The letter by itself: whole, for us, signed. */
static err read_letter(
	struct ctx *c, struct acts *n, const struct json *message, struct arrived *in)
{
	const struct json *d = json_get(message, "document");
	uint8_t id[UUID_BYTES];
	struct letter_fields *l = &in->l;
	in->signature = json_text(json_get(message, "signature"));
	ENSURE(d != NULL && in->signature.n > 0 && in->signature.n <= LIMIT_TEXT, c,
		ERR_MISSING_MEMBER, "'document' and 'signature'");
	TRY(json_read(c, d, letter_rows, countof(letter_rows), false, l));
	ENSURE(l->v == 1 && str_is(l->kind, "registration"), c, ERR_BAD_VALUE,
		"this is no letter of a registration");
	ENSURE(uuid_parse(l->subject, id), c, ERR_BAD_VALUE, "case is not urn:uuid:");
	ENSURE(str_eq(l->to, acts_self(n)->did), c, ERR_FORBIDDEN, "this letter is meant for %.*s",
		FMT(l->to));
	ENSURE(registration_event_read(l->step, &in->event) &&
			registration_event_who(in->event) != REG_EACH,
		c, ERR_BAD_VALUE, "there is no such step");
	ENSURE(day_parse(l->day, &in->day), c, ERR_BAD_VALUE, "day of the letter");
	TRY(json_canonical(c, d, LIMIT_DOCUMENT, &in->bytes));
	in->document = hash_of(in->bytes);
	return jws_verify(
		c, STR("registration"), in->peer.kid, in->peer.key, in->bytes, in->signature);
}

/* The act that is shown is the one of this letter, and of its day. */
static err check_act(struct ctx *c, const struct arrived *in)
{
	struct hash named;
	int64_t at = 0;
	ENSURE(str_eq(in->e.subject, in->l.subject), c, ERR_BAD_PROOF,
		"the act that is proved is of another registration");
	ENSURE(hash_parse(json_text(json_get(in->e.body, "document")), &named) &&
			hash_eq(&named, &in->document),
		c, ERR_BAD_DIGEST, "the act shown does not hold the letter");
	ENSURE(time_parse(in->e.at, &at), c, ERR_BAD_VALUE, "time of the act shown");
	ENSURE(calendar_day(at) == in->day, c, ERR_BAD_VALUE,
		"the day of the letter is not that of its act");
	return OK;
}

static err keep_dossier(
	struct ctx *c, struct acts *n, const struct json *message, const struct json *content)
{
	struct hash named, is;
	const struct json *dossier = json_get(message, "dossier");
	if (json_get(content, "dossier") == NULL)
		return OK;
	ENSURE(dossier != NULL && dossier->type == JSON_OBJECT, c, ERR_MISSING_MEMBER,
		"'dossier' is not with the letter");
	TRY(content_put_json(c, acts_db(n), dossier, &is));
	ENSURE(hash_parse(json_text(json_get(content, "dossier")), &named) && hash_eq(&named, &is),
		c, ERR_BAD_DIGEST, "the dossier is not the one that the letter names");
	return OK;
}

static err row_for(
	struct ctx *c, struct acts *n, const struct arrived *in, struct registration *ret)
{
	err e = registration_store_find(c, acts_db(n), in->l.subject, ret);
	if (e == ERR_NOT_FOUND && in->event == REG_APPLY) {
		*ret = (struct registration){
			.id = in->l.subject, .peer = in->peer.did, .role = REG_REGISTRAR};
		return OK;
	}
	TRY(e);
	ENSURE(str_eq(ret->peer, in->peer.did) && str_eq(ret->id, in->l.subject), c, ERR_NOT_FOUND,
		"there is no such registration");
	ENSURE(ret->state != REG_SENT, c, ERR_BUSY,
		"the receipt of the application has not come back yet");
	return OK;
}

static err stepped(struct ctx *c, struct acts *n, const struct arrived *in,
	const struct registration *r, int64_t day, struct entry *ret)
{
	struct json *body = json_object(c), *due;
	struct registration next;
	struct hash document, signature;
	const struct registration_move m = {.event = in->event,
		.by = r->role == REG_APPLICANT ? REG_REGISTRAR : REG_APPLICANT,
		.day = day,
		.content = in->l.content,
		.received = r->role == REG_REGISTRAR &&
			    (in->event == REG_APPLY || in->event == REG_CORRECT)};
	TRY(registration_advance(c, r, &m, &next));
	TRY(registration_next(c, &next, 0, &due));
	TRY(content_put(c, acts_db(n), in->bytes, &document));
	TRY(content_put(c, acts_db(n), in->signature, &signature));
	json_set_str(c, &body, "party", in->peer.did);
	json_set(&body, "step", json_z(c, registration_event_name(in->event)));
	json_set_day(c, &body, "day", day);
	json_set(&body, "content", json_copy(c, in->l.content));
	if (due != NULL)
		json_set(&body, "next", due);
	json_set_hex(c, &body, "document", document.b, HASH_BYTES);
	json_set_hex(c, &body, "signature", signature.b, HASH_BYTES);
	TRY(interlock_write(c, n, &in->peer, &in->e, &body));
	const struct act a = {STR("registration.stepped"), in->peer.did, in->l.subject, body, NULL};
	return acts_do(c, n, &a, ret);
}

err registration_take(struct ctx *c, struct acts *n, struct str peer, const struct json *message,
	uint64_t *ret_index)
{
	struct arrived in = {.day = 0};
	struct registration r;
	struct entry e;
	TRY(organisation_find(c, acts_db(n), peer, &in.peer));
	ENSURE(in.peer.joined, c, ERR_FORBIDDEN, "a plain connector registers nothing");
	TRY(read_letter(c, n, message, &in));
	err known = registration_store_shown(c, acts_db(n), &in.document, ret_index, NULL);
	if (known != ERR_NOT_FOUND)
		return known;
	TRY(interlock_take(c, n, &in.peer, message, "registration.step", &in.e));
	TRY(check_act(c, &in));
	TRY(row_for(c, n, &in, &r));
	TRY(keep_dossier(c, n, message, in.l.content));
	bool handed_in = registration_event_who(in.event) == REG_APPLICANT;
	TRY(stepped(c, n, &in, &r, handed_in ? calendar_day(acts_now_ms(n)) : in.day, &e));
	*ret_index = e.index;
	return registration_store_keep_shown(
		c, acts_db(n), &in.document, e.index, json_get(message, "E"));
}

static bool is_application(const struct json *body, enum registration_event *ret)
{
	return registration_event_read(json_text(json_get(body, "step")), ret) &&
	       (*ret == REG_APPLY || *ret == REG_CORRECT);
}

err registration_taken(
	struct ctx *c, struct acts *n, struct str peer, uint64_t index, const struct json *answer)
{
	struct organisation o;
	struct evidence e;
	struct entry ours;
	struct registration r;
	enum registration_event event;
	struct json *body = json_object(c);
	int64_t at = 0;
	TRY(acts_entry(c, n, index, &ours));
	TRY(organisation_find(c, acts_db(n), peer, &o));
	TRY(interlock_take(c, n, &o, answer, "registration.stepped", &e));
	ENSURE(str_eq(e.subject, ours.subject) &&
			str_eq(json_text(json_get(e.body, "document")),
				json_text(json_get(ours.body, "document"))),
		c, ERR_BAD_DIGEST, "the act shown is not about our letter");
	TRY(registration_store_find(c, acts_db(n), ours.subject, &r));
	if (!is_application(ours.body, &event) || r.state != REG_SENT)
		return OK;
	ENSURE(time_parse(e.at, &at), c, ERR_BAD_VALUE, "time of the act shown");
	TRY(interlock_write(c, n, &o, &e, &body));
	return registration_note(c, n, &r, REG_RECEIVE, calendar_day(at), body, json_object(c));
}

err registration_bounced(struct ctx *c, struct acts *n, uint64_t index, struct str reason)
{
	struct entry ours;
	struct registration r;
	enum registration_event event;
	struct json *content = json_object(c);
	TRY(acts_entry(c, n, index, &ours));
	TRY(registration_store_find(c, acts_db(n), ours.subject, &r));
	if (!is_application(ours.body, &event) || r.state != REG_SENT)
		return OK;
	json_set_str(c, &content, "reason", reason);
	return registration_note(
		c, n, &r, REG_BOUNCE, calendar_day(acts_now_ms(n)), json_object(c), content);
}
