/* The courier: takes due rows from the outbox, has them rendered, sends them by net/client with the token or session of
 * this node, and gives the answer back to the renderer within a tick. A row leaves the outbox when answered() is OK;
 * on ERR_PEER_REFUSED (a final no) it leaves as well; on any other error it is tried again later. At most
 * LIMIT_COURIER_FLIGHT rows are in flight, one for each (peer, subject). A row for a party that cannot be called is held
 * until that party has collected it (api/mailbox). */
#pragma once

#include "act/outbox.h"
#include "net/client.h"
#include "net/loop.h"

/* One rendered message to a peer: what a client_request is made of. */
struct message {
	const char *method; /* POST, PUT, GET */
	struct str url;
	struct str body;     /* JSON, or empty */
	int64_t patience_ms; /* 0: LIMIT_MESSAGE_MS */
};

struct reply {
	int status;
	struct str body;
	struct str next;         /* what a Link of the answer names as the next page, or empty */
	const struct json *json; /* where the body is a JSON object, else NULL */
};

struct renderer {
	const char *kind; /* of outbox rows */
	/* Makes the message from stored state alone. A refusal drops the row (it is logged). */
	err (*render)(
		struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret);
	/* What the answer means: may give commands to acts_do(). 2xx only enters a state; ERR_PEER_UNREACHABLE: again. NULL:
	 * any 2xx is the end, 4xx but 404, 408, 409, 425 and 429 is a final no. */
	err (*answered)(
		struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r);
};

struct renderers {
	const struct renderer *p;
	size_t n;
};

struct courier;

must_use err courier_new(struct ctx *c, struct loop *l, struct client *client, struct acts *n,
	const struct renderers *const *tables, size_t tables_n, struct courier **ret);
/* Sends what is due; called at the end of every tick and by its own timer. */
void courier_pump(struct courier *k);
/* A call of one's own to a peer (a catalogue asked by a person): authenticated like a row, not stored, answered once from
 * a later turn of the loop; the tick is open then. */
typedef void (*courier_reply_fn)(void *arg, err code, const struct reply *r);
must_use err courier_call(struct ctx *c, struct courier *k, struct str peer,
	const struct message *m, courier_reply_fn done, void *arg);
/* Before the end of every tick: takes what courier_collected has brought, within it. */
void courier_take(struct courier *k);
/* The answer of a peer to a row (by the name of api/post) that it collected or got in a parcel, taken at the end of the
 * turn; an answer to what does not wait any more is passed over. status 0: the row could not be rendered any more. */
must_use err courier_collected(struct ctx *c, struct courier *k, struct str peer, struct str row,
	int status, struct str body);
/* held is told when a row is there for a party that cannot be called. */
void courier_on_held(struct courier *k, void (*held)(void *arg, struct str peer), void *arg);
void courier_free(struct courier *k);
