/* /peer/v1/join, approved, withdrawn: how nodes meet and part (docs/FORMATS.md, 11), as they are received and sent. */
#include "api/party.h"

#include <string.h>

#include "base/limits.h"
#include "party/joining.h"
#include "recognise/interlock.h"

/* The act shown is about us, and names the letter that it came with. */
static err check_shown(
	struct ctx *c, const struct evidence *e, struct str own_did, const struct hash *letter)
{
	struct hash named;
	ENSURE(str_eq(e->subject, own_did), c, ERR_BAD_DIGEST, "the act shown is not about us");
	ENSURE(letter == NULL || (hash_parse(json_text(json_get(e->body, "document")), &named) &&
					 hash_eq(&named, letter)),
		c, ERR_BAD_DIGEST, "the act shown does not hold the letter");
	return OK;
}

/* Takes what rides beside a message or an answer, and begins the body of our own act with it. */
static err take_shown(struct ctx *c, struct acts *n, const struct organisation *o,
	const struct json *message, const char *type, struct evidence *ret, struct json **ret_body)
{
	struct json *body = json_object(c);
	TRY(interlock_take(c, n, o, json_get(message, "shugu"), type, ret));
	TRY(interlock_write(c, n, o, ret, &body));
	*ret_body = body;
	return OK;
}

/* A party before it is known: what interlock needs of its card. */
static struct organisation of_card(const struct card *card)
{
	return (struct organisation){.did = card->did,
		.name = card->name,
		.kid = card->kid,
		.origin = card->origin,
		.vkey = card->vkey,
		.joined = true};
}

static err join(struct ctx *c, struct call *k)
{
	const struct self *self = acts_self(k->acts);
	struct str secret = json_text(json_get(k->body, "secret"));
	struct mail m;
	struct evidence e;
	struct entry ask;
	struct json *body;
	bool known = false;
	TRY(letter_read(c, self, "join", k->body, &m));
	ENSURE(str_eq(k->caller, m.letter.card.did), c, ERR_FORBIDDEN,
		"the token is not of the party that writes");
	TRY(joining_secret(c, k->acts, &m, secret, &known, &k->index));
	if (known)
		return OK;
	const struct organisation o = of_card(&m.letter.card);
	TRY(take_shown(c, k->acts, &o, k->body, "party.join", &e, &body));
	TRY(check_shown(c, &e, self->did, &m.letter.digest));
	TRY(joining_ask(c, k->acts, &m, body, &ask));
	k->index = ask.index;
	return OK;
}

/* The caller as a party; a stranger is told no more than that. */
static err known_caller(struct ctx *c, struct call *k, struct organisation *ret)
{
	err e = organisation_find(c, acts_db(k->acts), k->caller, ret);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	ENSURE(e == OK && ret->joined, c, ERR_FORBIDDEN, "%.*s has not joined here",
		FMT(k->caller));
	return OK;
}

static err approved(struct ctx *c, struct call *k)
{
	struct organisation o;
	struct mail m;
	struct evidence e;
	struct entry entry;
	struct json *body;
	bool known = false;
	TRY(known_caller(c, k, &o));
	ENSURE(o.status == ORGANISATION_JOINING || o.status == ORGANISATION_APPROVED, c,
		ERR_BAD_STATE, "%.*s is %s", FMT(o.did), organisation_word(o.status));
	TRY(letter_read(c, acts_self(k->acts), "approval", k->body, &m));
	TRY(joining_answers(c, k->acts, &o, &m, &known));
	k->index = o.approved;
	if (known)
		return OK;
	TRY(take_shown(c, k->acts, &o, k->body, "party.approve", &e, &body));
	TRY(check_shown(c, &e, acts_self(k->acts)->did, &m.letter.digest));
	TRY(joining_approved(c, k->acts, &m, body, &entry));
	k->index = entry.index;
	return OK;
}

static err withdrawn(struct ctx *c, struct call *k)
{
	struct organisation o;
	struct evidence e;
	struct json *body;
	TRY(known_caller(c, k, &o));
	if (o.status == ORGANISATION_WITHDRAWN)
		return OK;
	TRY(take_shown(c, k->acts, &o, k->body, "party.withdraw", &e, &body));
	TRY(check_shown(c, &e, acts_self(k->acts)->did, NULL));
	return joining_withdrawn(c, k->acts, &o, json_text(json_get(e.body, "reason")), body, NULL);
}

static err say_status(struct ctx *c, struct call *k, struct json **ret)
{
	struct organisation o;
	struct json *j = json_object(c);
	TRY(organisation_find(c, acts_db(k->acts), k->caller, &o));
	json_set_str(c, &j, "status", str_z(organisation_word(o.status)));
	*ret = j;
	return OK;
}

static err say_proof(struct ctx *c, struct call *k, int status)
{
	struct json *o, *shown;
	TRY(say_status(c, k, &o));
	TRY(interlock_show(c, k->acts, k->caller, k->index, &shown));
	json_set(&o, "shugu", shown);
	return call_json(c, k, status, o);
}

static err say_asked(struct ctx *c, struct call *k)
{
	return say_proof(c, k, 202);
}

static err say_approved(struct ctx *c, struct call *k)
{
	return say_proof(c, k, 200);
}

static err say_withdrawn(struct ctx *c, struct call *k)
{
	struct json *o;
	TRY(say_status(c, k, &o));
	return call_json(c, k, 200, o);
}

// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/peer/v1/join", .scope = SCOPE_JOINING, .takes_json = true, .act = join, .say = say_asked,
		.doc = "A party that was invited asks to join: its letter, the secret, the proof of its act."},
	{.method = "POST", .path = "/peer/v1/approved", .scope = SCOPE_JOINING, .takes_json = true, .act = approved, .say = say_approved,
		.doc = "The party that invited us has approved."},
	{.method = "POST", .path = "/peer/v1/withdrawn", .scope = SCOPE_JOINING, .takes_json = true, .act = withdrawn, .say = say_withdrawn,
		.doc = "A party ends what there was."},
};
// clang-format on
const struct routes party_peer_routes = {rows, countof(rows)};

static err post(struct ctx *c, const struct organisation *o, const char *path,
	const struct json *message, struct message *ret)
{
	ret->method = "POST";
	TRY(arena_fmt(c, &ret->url, "%.*s/peer/v1/%s", FMT(o->url), path));
	return json_write(c, message, false, LIMIT_HTTP_BODY, &ret->body);
}

/* A letter is sent while it is the one that counts: what was withdrawn meanwhile is not. */
static err render_letter(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct organisation o;
	struct entry e;
	struct json *message, *shown;
	bool is_join = str_is(row->kind, "party.join");
	TRY(organisation_find(c, acts_db(n), row->peer, &o));
	bool counts = is_join ? o.status == ORGANISATION_JOINING && o.index == row->index
			      : o.status == ORGANISATION_APPROVED && o.approved == row->index;
	ENSURE(counts, c, ERR_GONE, "%.*s is %s", FMT(o.did), organisation_word(o.status));
	TRY(acts_entry(c, n, row->index, &e));
	TRY(joining_message(c, n, &e, &message));
	TRY(interlock_show(c, n, row->peer, row->index, &shown));
	json_set(&message, "shugu", shown);
	return post(c, &o, is_join ? "join" : "approved", message, ret);
}

static err render_withdraw(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct organisation o;
	struct entry e;
	struct json *message = json_object(c), *shown;
	TRY(organisation_find(c, acts_db(n), row->peer, &o));
	TRY(acts_entry(c, n, row->index, &e));
	TRY(interlock_show(c, n, row->peer, row->index, &shown));
	json_set_str(c, &message, "reason", json_text(json_get(e.body, "reason")));
	json_set(&message, "shugu", shown);
	return post(c, &o, "withdrawn", message, ret);
}

/* What will not change however often it is asked. */
static bool is_final(int status)
{
	static const int all[] = {400, 403, 409, 410, 413, 422};
	for (size_t i = 0; i < countof(all); i++) {
		if (status == all[i])
			return true;
	}
	return false;
}

static err reason_of(struct ctx *c, const struct reply *r, struct str *ret)
{
	struct str detail = str_sub(json_text(json_get(r->json, "detail")), 0, 1000);
	while (!str_is_utf8(detail))
		detail.n--;
	return arena_fmt(c, ret, "answered %d: %.*s", r->status, FMT(detail));
}

/* Their answer to a letter: their proof, or their no, with which the joining ends. */
static err answered_letter(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct organisation o;
	struct evidence e;
	struct entry entry;
	struct json *body;
	struct hash letter;
	struct str reason;
	TRY(organisation_find(c, acts_db(n), row->peer, &o));
	if (o.status == ORGANISATION_WITHDRAWN)
		return fail(c, ERR_PEER_REFUSED, "%.*s was withdrawn meanwhile", FMT(o.did));
	if (is_final(r->status)) {
		TRY(reason_of(c, r, &reason));
		return joining_withdrawn(c, n, &o, reason, NULL, NULL);
	}
	ENSURE(r->status >= 200 && r->status < 300, c, ERR_PEER_UNREACHABLE, "answered %d",
		r->status);
	TRY(acts_entry(c, n, row->index, &entry));
	ENSURE(hash_parse(json_text(json_get(entry.body, "document")), &letter), c, ERR_CORRUPT,
		"%.*s without letter", FMT(entry.type));
	bool is_join = str_is(row->kind, "party.join");
	TRY(take_shown(c, n, &o, r->json, is_join ? "party.ask" : "party.approved", &e, &body));
	TRY(check_shown(c, &e, acts_self(n)->did, &letter));
	return joining_acknowledged(c, n, &o, body, NULL);
}

/* Whatever they say, it has ended; only who was not reached is told again. */
static err answered_withdraw(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	(void)n;
	(void)row;
	bool again = r->status >= 500 || r->status == 408 || r->status == 429;
	ENSURE(!again, c, ERR_PEER_UNREACHABLE, "answered %d", r->status);
	return OK;
}

static const struct renderer kinds[] = {
	{"party.join", render_letter, answered_letter},
	{"party.approve", render_letter, answered_letter},
	{"party.withdraw", render_withdraw, answered_withdraw},
};
const struct renderers party_renderers = {kinds, countof(kinds)};
