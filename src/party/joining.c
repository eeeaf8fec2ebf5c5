#include "party/joining.h"

#include <string.h>

#include "act/content.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "proof/documents.h"

static void set_hash(struct ctx *c, struct json **body, const char *name, const struct hash *h)
{
	json_set_hex(c, body, name, h->b, HASH_BYTES);
}

static err run(struct ctx *c, struct acts *n, const char *type, struct str actor,
	struct str subject, const struct json *body, struct entry *ret)
{
	const struct act a = {str_z(type), actor, subject, body, NULL};
	return acts_do(c, n, &a, ret);
}

err joining_invite(
	struct ctx *c, struct acts *n, struct str actor, struct str *ret_text, struct entry *ret)
{
	struct invitation in;
	struct json *body = json_object(c);
	struct str subject, expires;
	env_random(acts_env(n), in.secret, sizeof in.secret);
	in.digest = hash_of((struct str){(const char *)in.secret, sizeof in.secret});
	TRY(card_of_self(c, acts_self(n), &in.card));
	TRY(invitation_write(c, &in, ret_text));
	TRY(uuid_new_urn(c, acts_env(n), &subject));
	TRY(time_str(c, acts_now_ms(n) + LIMIT_INVITATION_MS, &expires));
	set_hash(c, &body, "secret", &in.digest);
	json_set_str(c, &body, "expires", expires);
	return run(c, n, "invitation.make", actor, subject, body, ret);
}

/* The secret is kept among the contents, under the digest that stands in the act, until it is sent. */
err joining_join(struct ctx *c, struct acts *n, struct str actor, struct str text,
	const struct json *did_document, struct entry *ret)
{
	struct invitation in;
	struct json *body = json_object(c);
	struct str request;
	struct hash secret;
	TRY(invitation_read(c, text, &in));
	TRY(card_admit(c, acts_self(n), &in.card));
	TRY(content_put(
		c, acts_db(n), (struct str){(const char *)in.secret, sizeof in.secret}, &secret));
	TRY(letter_make(c, n, "join", in.card.did, &secret, did_document, &body));
	TRY(uuid_new_urn(c, acts_env(n), &request));
	json_set(&body, "party", card_json(c, &in.card));
	json_set_str(c, &body, "request", request);
	set_hash(c, &body, "secret", &secret);
	return run(c, n, "party.join", actor, in.card.did, body, ret);
}

err joining_message(struct ctx *c, struct acts *n, const struct entry *e, struct json **ret)
{
	struct json *o;
	struct hash digest;
	struct str bytes, secret;
	TRY(letter_mail(c, n, e->body, &o));
	if (str_is(e->type, "party.join")) {
		ENSURE(hash_parse(json_text(json_get(e->body, "secret")), &digest), c, ERR_CORRUPT,
			"party.join without secret");
		TRY(content_get(c, acts_db(n), &digest, &bytes));
		TRY(base64url_encode(c, bytes, &secret));
		json_set_str(c, &o, "secret", secret);
	}
	*ret = o;
	return OK;
}

err joining_secret(struct ctx *c, struct acts *n, const struct mail *mail, struct str secret,
	bool *ret_known, uint64_t *ret_index)
{
	struct hash digest;
	struct invitation_row in;
	struct organisation o;
	TRY(invitation_digest(c, secret, &digest));
	ENSURE(hash_eq(&digest, &mail->letter.about), c, ERR_BAD_DIGEST,
		"the letter names another secret");
	err e = organisation_invitation(c, acts_db(n), &digest, &in);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_FORBIDDEN, "this invitation is not known here");
	TRY(e);
	*ret_known = false;
	if (in.used_by.n == 0) {
		ENSURE(acts_now_ms(n) < in.expires_ms, c, ERR_GONE, "this invitation has ended");
		return OK;
	}
	ENSURE(str_eq(in.used_by, mail->letter.card.did), c, ERR_CONFLICT,
		"this invitation was used before");
	TRY(organisation_find(c, acts_db(n), in.used_by, &o));
	ENSURE(hash_eq(&o.secret, &digest), c, ERR_GONE, "another invitation was used since");
	*ret_known = true;
	*ret_index = o.index;
	return OK;
}

err joining_ask(struct ctx *c, struct acts *n, const struct mail *mail, struct json *body,
	struct entry *ret)
{
	const struct letter *l = &mail->letter;
	struct str request;
	TRY(letter_keep(c, n, mail, &body));
	TRY(uuid_new_urn(c, acts_env(n), &request));
	json_set(&body, "party", card_json(c, &l->card));
	json_set_str(c, &body, "request", request);
	set_hash(c, &body, "secret", &l->about);
	return run(c, n, "party.ask", l->card.kid, l->card.did, body, ret);
}

/* D of the letter by which a joining began: ours as kept by party.join, theirs by party.ask. */
static err first_letter(
	struct ctx *c, struct acts *n, const struct organisation *o, struct hash *ret)
{
	struct entry e;
	TRY(acts_entry(c, n, o->index, &e));
	ENSURE(hash_parse(json_text(json_get(e.body, "document")), ret), c, ERR_CORRUPT,
		"%.*s without letter", FMT(e.type));
	return OK;
}

err joining_approve(struct ctx *c, struct acts *n, struct str actor, struct str request,
	const struct json *did_document, struct entry *ret)
{
	struct organisation o;
	struct hash letter;
	struct json *body = json_object(c);
	TRY(organisation_by_request(c, acts_db(n), request, &o));
	ENSURE(o.status == ORGANISATION_ASKED, c, ERR_BAD_STATE, "%.*s is %s", FMT(o.did),
		organisation_word(o.status));
	TRY(first_letter(c, n, &o, &letter));
	TRY(letter_make(c, n, "approval", o.did, &letter, did_document, &body));
	return run(c, n, "party.approve", actor, o.did, body, ret);
}

/* The facts on the card are those that a person agreed to with the invitation. */
static bool same_card(const struct card *card, const struct organisation *o)
{
	return str_eq(card->did, o->did) && str_eq(card->kid, o->kid) &&
	       memcmp(card->key, o->key, KEY_BYTES) == 0 && str_eq(card->vkey, o->vkey) &&
	       str_eq(card->origin, o->origin) && str_eq(card->url, o->url) &&
	       card->outbound == o->outbound && str_eq(card->name, o->name) &&
	       str_eq(card->uscc, o->uscc);
}

err joining_answers(struct ctx *c, struct acts *n, const struct organisation *o,
	const struct mail *mail, bool *ret_known)
{
	struct hash letter, known;
	struct entry e;
	ENSURE(same_card(&mail->letter.card, o), c, ERR_CONFLICT,
		"the card is not the one on the invitation");
	TRY(first_letter(c, n, o, &letter));
	ENSURE(hash_eq(&letter, &mail->letter.about), c, ERR_BAD_DIGEST,
		"this approval answers another letter");
	*ret_known = false;
	if (o->status != ORGANISATION_APPROVED)
		return OK;
	TRY(acts_entry(c, n, o->approved, &e));
	ENSURE(hash_parse(json_text(json_get(e.body, "document")), &known) &&
			hash_eq(&known, &mail->letter.digest),
		c, ERR_CONFLICT, "another approval came before");
	*ret_known = true;
	return OK;
}

err joining_approved(struct ctx *c, struct acts *n, const struct mail *mail, struct json *body,
	struct entry *ret)
{
	const struct card *card = &mail->letter.card;
	TRY(letter_keep(c, n, mail, &body));
	return run(c, n, "party.approved", card->kid, card->did, body, ret);
}

err joining_acknowledged(struct ctx *c, struct acts *n, const struct organisation *o,
	struct json *body, struct entry *ret)
{
	return run(c, n, "party.acknowledged", o->kid, o->did, body, ret);
}

err joining_withdraw(struct ctx *c, struct acts *n, struct str actor, struct str did,
	struct str reason, struct entry *ret)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "reason", reason);
	return run(c, n, "party.withdraw", actor, did, body, ret);
}

err joining_withdrawn(struct ctx *c, struct acts *n, const struct organisation *o,
	struct str reason, struct json *body, struct entry *ret)
{
	if (body == NULL)
		body = json_object(c);
	json_set_str(c, &body, "reason", reason);
	return run(c, n, "party.withdrawn", o->kid, o->did, body, ret);
}

err joining_register(struct ctx *c, struct acts *n, struct str actor, const struct connector *k,
	struct entry *ret)
{
	struct json *body = json_object(c);
	struct hash bearer = hash_of(k->token);
	ENSURE(k->token.n >= CONNECTOR_TOKEN_MIN && k->token.n <= CONNECTOR_TOKEN_MAX, c,
		ERR_BAD_VALUE, "the bearer must have %u to %u characters", CONNECTOR_TOKEN_MIN,
		CONNECTOR_TOKEN_MAX);
	for (size_t i = 0; i < k->token.n; i++)
		ENSURE(k->token.p[i] > ' ' && k->token.p[i] <= '~', c, ERR_BAD_VALUE,
			"the bearer must be ASCII without space");
	if (party_is_simulated(k->did))
		TRY(card_same_kind(c, acts_self(n), k->did));
	json_set_str(c, &body, "name", k->name);
	json_set_str(c, &body, "url", k->url);
	set_hash(c, &body, "bearer", &bearer);
	return run(c, n, "party.register", actor, k->did, body, ret);
}
