#include "delivery/meter.h"

#include "base/limits.h"
#include "delivery/delivery_states.h"
#include "delivery/delivery_store.h"
#include "delivery/share.h"
#include "terms/decide.h"

#define OVERDUE_AT_ONCE 64u

static err ask(struct ctx *c, const struct agreement_row *a, int64_t now_ms, int64_t used)
{
	struct terms terms;
	struct str why;
	TRY(terms_compile(c, a->terms, &terms));
	const struct terms_ask question = {.action = "use",
		.purpose = a->purpose,
		.now_ms = now_ms,
		.agreed_ms = a->agreed_ms,
		.used = used};
	return terms_decide(c, &terms, &question, &why);
}

err meter_ask(struct ctx *c, struct store *db, const struct agreement_row *a, int64_t now_ms)
{
	int64_t used = 0;
	ENSURE(a->state != AGREEMENT_TERMINATED, c, ERR_GONE, "the agreement was ended: %.*s",
		FMT(str_sub(a->reason, 0, 300)));
	TRY(delivery_store_count(c, db, a->agreement, &used));
	return ask(c, a, now_ms, used);
}

/* Towards a plain connector the start may not be answered yet, while its consumer already comes for the data. */
static bool flows(const struct delivery_row *d)
{
	return d->state == DELIVERY_STARTED || (d->waits && d->waiting == DELIVERY_STARTED);
}

err meter_slice(struct ctx *c, struct store *db, struct str delivery, int64_t now_ms,
	struct delivery_row *ret, struct agreement_row *ret_a)
{
	struct delivery_row d;
	struct agreement_row a;
	struct share_row link;
	int64_t used = 0;
	TRY(delivery_store_find(c, db, delivery, &d));
	ENSURE(delivery_is_open(d.state), c, ERR_GONE, "this delivery has ended: %s",
		delivery_state_name(d.state));
	ENSURE(flows(&d), c, ERR_BAD_STATE, "this delivery is %s", delivery_state_name(d.state));
	TRY(agreement_find(c, db, d.agreement, &a));
	ENSURE(a.state != AGREEMENT_TERMINATED, c, ERR_GONE, "the agreement was ended: %.*s",
		FMT(str_sub(a.reason, 0, 300)));
	if (agreement_by_link(d.peer)) {
		TRY(share_find(c, db, d.peer, &link));
		TRY(share_allows(c, &link, now_ms));
	}
	TRY(delivery_store_count(c, db, d.agreement, &used));
	TRY(ask(c, &a, now_ms, used > 0 ? used - 1 : 0));
	*ret = d;
	if (ret_a != NULL)
		*ret_a = a;
	return OK;
}

static err due(struct ctx *c, struct acts *n, const struct delivery_row *d, int64_t *ret)
{
	struct agreement_row a;
	TRY(agreement_find(c, acts_db(n), d->agreement, &a));
	*ret = acts_now_ms(n) + 1000 * a.receipt_within;
	return OK;
}

err meter_left(
	struct ctx *c, struct acts *n, const struct delivery_row *d, int64_t length, bool whole)
{
	struct delivery_progress p;
	TRY(acts_tick(c, n));
	TRY(delivery_store_progress(c, acts_db(n), d->id, &p));
	p.bytes += length;
	p.last_ms = acts_now_ms(n);
	if (whole)
		TRY(due(c, n, d, &p.due_ms));
	return delivery_store_put_progress(c, acts_db(n), d->id, &p);
}

err meter_again(struct ctx *c, struct acts *n, const struct delivery_row *d)
{
	struct delivery_progress p;
	TRY(delivery_store_progress(c, acts_db(n), d->id, &p));
	if (p.due_ms == 0)
		return OK;
	TRY(due(c, n, d, &p.due_ms));
	return delivery_store_put_progress(c, acts_db(n), d->id, &p);
}

err meter_stop(struct ctx *c, struct acts *n, struct str delivery)
{
	struct delivery_progress p;
	TRY(delivery_store_progress(c, acts_db(n), delivery, &p));
	if (p.due_ms == 0)
		return OK;
	p.due_ms = 0;
	return delivery_store_put_progress(c, acts_db(n), delivery, &p);
}

err delivery_find(struct ctx *c, struct store *db, struct str id, struct delivery_row *ret)
{
	struct delivery_row d;
	struct delivery_progress p;
	TRY(delivery_store_find(c, db, id, &d));
	if (d.role == AGREEMENT_PROVIDER && d.state != DELIVERY_SUSPENDED) {
		TRY(delivery_store_progress(c, db, d.id, &p));
		d.deadline_ms = p.due_ms;
	}
	*ret = d;
	return OK;
}

err delivery_overdue(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n)
{
	struct str ids[OVERDUE_AT_ONCE];
	size_t found = 0;
	TRY(delivery_store_unreceipted(c, acts_db(n), now_ms, countof(ids), ids, &found));
	for (size_t i = 0; i < found; i++) {
		const struct act a = {
			STR("delivery.overdue"), STR("node"), ids[i], json_object(c), NULL};
		TRY(acts_do(c, n, &a, NULL));
	}
	*ret_n = found;
	return OK;
}
