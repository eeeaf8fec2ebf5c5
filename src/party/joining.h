/* Joining: what people and messages do about organisations, as commands. Each makes one act; what follows from it (a row
 * of the outbox) comes by the reactions of party_module. body, where it is given, is an object that already holds
 * "head" and "peerEntry" of what the other side showed; the command adds its own members.
 *
 * Needs an open tick; ret may be NULL. Refusals: those of letter.h and invitation.h, and what the table of statuses says
 * (organisation.h). */
#pragma once

#include "party/invitation.h"
#include "party/letter.h"
#include "party/organisation.h"

/* A new invitation of this node. */
must_use err joining_invite(
	struct ctx *c, struct acts *n, struct str actor, struct str *ret_text, struct entry *ret);
/* Follows an invitation of another: our confirmation, and the letter to be sent. */
must_use err joining_join(struct ctx *c, struct acts *n, struct str actor, struct str text,
	const struct json *did_document, struct entry *ret);
/* The message to be sent for a party.join or party.approve: mail, and with party.join the secret. */
must_use err joining_message(
	struct ctx *c, struct acts *n, const struct entry *e, struct json **ret);

/* The other side. A letter of joining came with that secret: it is good once, ERR_FORBIDDEN where it is unknown,
 * ERR_GONE where it has ended, ERR_CONFLICT where another has used it. ret_known: the same party has used it before, and
 * ret_index is its party.ask. */
must_use err joining_secret(struct ctx *c, struct acts *n, const struct mail *mail,
	struct str secret, bool *ret_known, uint64_t *ret_index);
must_use err joining_ask(struct ctx *c, struct acts *n, const struct mail *mail, struct json *body,
	struct entry *ret);
/* A person approves what waits under request. ERR_NOT_FOUND. */
must_use err joining_approve(struct ctx *c, struct acts *n, struct str actor, struct str request,
	const struct json *did_document, struct entry *ret);
/* The letter of approval answers ours and is from the party that was on the invitation. ret_known: it came before, and
 * its party.approved is o->approved. */
must_use err joining_answers(struct ctx *c, struct acts *n, const struct organisation *o,
	const struct mail *mail, bool *ret_known);
must_use err joining_approved(struct ctx *c, struct acts *n, const struct mail *mail,
	struct json *body, struct entry *ret);
/* The other side answered with its proof. */
must_use err joining_acknowledged(struct ctx *c, struct acts *n, const struct organisation *o,
	struct json *body, struct entry *ret);

/* We end it, whatever it is: a joining, a request, an approved party. */
must_use err joining_withdraw(struct ctx *c, struct acts *n, struct str actor, struct str did,
	struct str reason, struct entry *ret);
/* They end it. body may be NULL where they only said no. */
must_use err joining_withdrawn(struct ctx *c, struct acts *n, const struct organisation *o,
	struct str reason, struct json *body, struct entry *ret);

/* As random as a person may hope for: a session of ours has 43. */
#define CONNECTOR_TOKEN_MIN 16u
#define CONNECTOR_TOKEN_MAX 512u

/* A plain connector. token is compared by digest and not kept. */
struct connector {
	struct str did, name, url, token;
};
must_use err joining_register(struct ctx *c, struct acts *n, struct str actor,
	const struct connector *k, struct entry *ret);
