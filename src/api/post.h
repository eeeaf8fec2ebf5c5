/* A row of the outbox as a message, and what its answer means: the same whether the courier carries it, the peer collects
 * it from its mailbox (api/mailbox) or it goes in a parcel (api/parcel). One thread. */
#pragma once

#include "api/courier.h"

/* The kinds that this node can render; the tables live as long as the process. */
struct post {
	struct acts *acts;
	const struct renderers *const *tables;
	size_t tables_n;
};

/* ERR_PEER_REFUSED where nothing renders its kind; else what the renderer says: a refusal means that it is to be dropped. */
must_use err post_render(
	struct ctx *c, const struct post *p, const struct outbox_row *row, struct message *ret);
/* An answer came: its meaning as acts, all or none of it, then the row leaves the outbox or waits for another try. Its json is
 * read here. */
must_use err post_answered(struct ctx *c, const struct post *p, const struct outbox_row *row,
	const struct reply *answer);
/* No answer came, or none ever will: e says which (ERR_PEER_REFUSED drops the row; c->trouble says why). */
must_use err post_settle(struct ctx *c, const struct post *p, const struct outbox_row *row, err e);

/* How a peer names a row to us: "<id>.<index>". */
must_use err post_name(struct ctx *c, const struct outbox_row *row, struct str *ret);
/* The row of that name, if it still waits and is that peer's. ERR_NOT_FOUND. */
must_use err post_find(struct ctx *c, const struct post *p, struct str peer, struct str name,
	struct outbox_row *ret);
/* What stands behind the peer's own address in a message's. ERR_FORBIDDEN_ADDRESS where it lies elsewhere. */
must_use err post_path(
	struct ctx *c, const struct post *p, struct str peer, struct str url, struct str *ret);
