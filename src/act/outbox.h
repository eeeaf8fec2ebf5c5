/* The outbox: what must still be told to a peer. A row (n_outbox) is an act, a peer, a kind and the act's subject; it is
 * written in the tick of the act, rendered anew whenever it is sent (from stored state only, so the bytes are the
 * same), and stays until it is answered. Rows of one (peer, subject) go one after the other.
 *
 * Waits between tries: 50, 100, 200, 400 ms, then doubling to 60 s. After LIMIT_UNDELIVERED_MS the act
 * message.undelivered is logged and the row goes. Who sends is api/courier. */
#pragma once

#include "act/acts.h"

struct outbox_row {
	int64_t id;
	uint64_t index; /* of the act */
	struct str peer, kind, subject;
	int64_t created_ms;
	unsigned tries;
};

/* Needs an open tick (a reaction has one). ERR_QUOTA above LIMIT_OUTBOX_PARTY rows of one peer. delay_ms: not before. */
must_use err outbox_put(
	struct ctx *c, struct acts *n, const struct outbox_row *row, int64_t delay_ms);
/* Up to max rows that may be sent now, oldest first; ret_next_ms is when another becomes due (INT64_MAX: none). Rows in
 * flight are the caller's to skip. */
must_use err outbox_due(struct ctx *c, struct acts *n, int64_t now_ms, struct outbox_row *ret,
	size_t max, size_t *ret_n, int64_t *ret_next_ms);
/* All rows, oldest first, behind an id (-1: all), up to max. */
must_use err outbox_list(struct ctx *c, struct acts *n, int64_t after, struct outbox_row *ret,
	size_t max, size_t *ret_n);
/* How many rows there are, and when the oldest was made (0: none). */
must_use err outbox_state(struct ctx *c, struct acts *n, int64_t *ret_n, int64_t *ret_oldest_ms);
must_use err outbox_done(struct ctx *c, struct acts *n, int64_t id);
/* Tries again later, or gives up after LIMIT_UNDELIVERED_MS by the act message.undelivered {kind, peer}. */
must_use err outbox_retry(
	struct ctx *c, struct acts *n, const struct outbox_row *row, int64_t now_ms);
/* Lets a row of that subject and kind go at once (a peer came back). */
must_use err outbox_wake(struct ctx *c, struct acts *n, struct str peer);
/* A row for a peer that cannot be called: it is due no more until it is given up; the peer collects it. */
must_use err outbox_hold(struct ctx *c, struct acts *n, const struct outbox_row *row);
/* The rows of one peer that may be told now, whatever their time: the first of each line, oldest first, up to max. */
must_use err outbox_of_peer(struct ctx *c, struct acts *n, struct str peer, struct outbox_row *ret,
	size_t max, size_t *ret_n);
/* ERR_NOT_FOUND where it was answered. */
must_use err outbox_find(struct ctx *c, struct acts *n, int64_t id, struct outbox_row *ret);
/* What we answered to a row of a peer (by the name it gave it) that came in a parcel, for the next parcel to it. */
struct outbox_answer {
	struct str row, body;
	int64_t status;
};
must_use err outbox_answer_keep(
	struct ctx *c, struct acts *n, struct str peer, const struct outbox_answer *a);
must_use err outbox_answers(struct ctx *c, struct acts *n, struct str peer,
	struct outbox_answer *ret, size_t max, size_t *ret_n);
must_use err outbox_answers_drop(struct ctx *c, struct acts *n, struct str peer);
/* A counter that changes with every put, wake and retry: whether to ask outbox_due again. */
uint64_t outbox_turn(struct acts *n);
