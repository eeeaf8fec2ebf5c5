#include "delivery/delivery_follow.h"

#include "act/content.h"
#include "act/outbox.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "contract/agreement_follow.h"
#include "delivery/delivery_body.h"
#include "delivery/delivery_paper.h"
#include "delivery/delivery_store.h"
#include "delivery/meter.h"

#define TOKEN_BYTES 32u

static err command(struct ctx *c, struct acts *n, const char *type, struct str actor,
	struct str subject, struct json *body)
{
	const struct act a = {str_z(type), actor, subject, body, NULL};
	return acts_do(c, n, &a, NULL);
}

static err tell(struct ctx *c, struct acts *n, const struct delivery_row *d, struct str kind,
	uint64_t index, int64_t delay_ms)
{
	if (agreement_by_link(d->peer))
		return OK; /* a person, who sees it on the page */
	const struct outbox_row row = {
		.index = index, .peer = d->peer, .kind = kind, .subject = d->id};
	return outbox_put(c, n, &row, delay_ms);
}

err delivery_request(struct ctx *c, struct acts *n, struct str actor, struct str id,
	const struct agreement_row *with, struct str address)
{
	struct json *body = json_object(c);
	struct delivery_paper q;
	json_set_str(c, &body, "agreement", with->agreement);
	json_set_str(c, &body, "party", with->peer);
	json_set_str(c, &body, "origin", acts_self(n)->origin);
	if (address.n > 0)
		json_set_str(c, &body, "address", address);
	if (with->has_document) {
		TRY(acts_tick(c, n));
		TRY(delivery_paper_request(c, n, with, id, &q));
		delivery_body_sign(c, &body, &q.document, "consumer", &q.signature);
	}
	return command(c, n, "delivery.ask", actor, id, body);
}

err follow_final(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct agreement_row g;
	TRY(agreement_find(c, acts_db(n), e->subject, &g));
	if (g.role != AGREEMENT_CONSUMER || g.deliver.n == 0)
		return OK;
	return delivery_request(c, n, STR("node"), g.deliver, &g, g.address);
}

err follow_linked(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "agreement", json_text(json_get(e->body, "agreement")));
	json_set_str(c, &body, "party", json_text(json_get(e->body, "party")));
	return command(c, n, "delivery.linked", STR("node"),
		json_text(json_get(e->body, "deliver")), body);
}

err follow_reuse(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct agreement_row g;
	struct str id = json_text(json_get(e->body, "deliver"));
	TRY(agreement_find(c, acts_db(n), json_text(json_get(e->body, "agreement")), &g));
	return delivery_request(c, n, STR("node"), id, &g, g.address);
}

err follow_ask(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, acts_db(n), e->subject, &d));
	return tell(c, n, &d, e->type, e->index, 0);
}

/* What opens the data: only its digest is signed and logged. */
static err make_token(struct ctx *c, struct acts *n, struct str id, struct delivery_token *ret,
	struct hash *opens)
{
	uint8_t bytes[TOKEN_BYTES];
	env_random(acts_env(n), bytes, sizeof bytes);
	TRY(base64url_encode(c, (struct str){(const char *)bytes, sizeof bytes}, &ret->token));
	*opens = hash_of(ret->token);
	return arena_fmt(c, &ret->endpoint, "%.*s/data/%.*s", FMT(acts_self(n)->url), FMT(id));
}

err follow_asked(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct delivery_row d;
	struct agreement_row g;
	struct delivery_paper m;
	struct delivery_token token;
	struct hash opens;
	struct json *body = json_object(c);
	TRY(delivery_store_find(c, acts_db(n), e->subject, &d));
	TRY(agreement_find(c, acts_db(n), d.agreement, &g));
	TRY(make_token(c, n, d.id, &token, &opens));
	TRY(delivery_paper_manifest(c, n, &g, &d, &opens, &m));
	delivery_body_sign(c, &body, &m.document, "provider", &m.signature);
	json_set_hex(c, &body, "token", opens.b, HASH_BYTES);
	json_set_str(c, &body, "origin", acts_self(n)->origin);
	TRY(delivery_store_put_token(c, acts_db(n), d.id, &token));
	return command(c, n, "delivery.start", STR("node"), d.id, body);
}

err follow_start(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, acts_db(n), e->subject, &d));
	return tell(c, n, &d, e->type, e->index, d.joined ? 0 : FOLLOW_PLAIN_MS);
}

err delivery_repeat_start(struct ctx *c, struct acts *n, const struct delivery_row *d)
{
	return tell(c, n, d, STR("delivery.start"), d->start.index, 0);
}

err delivery_repeat_ask(struct ctx *c, struct acts *n, const struct delivery_row *d)
{
	return tell(c, n, d, STR("delivery.ask"), d->index, 0);
}

err delivery_post_receipt(struct ctx *c, struct acts *n, const struct delivery_row *d)
{
	return tell(c, n, d, STR("delivery.receipt"), d->receive.index, 0);
}

err delivery_give_receipt(struct ctx *c, struct acts *n, struct str id, int64_t bad)
{
	struct delivery_row d;
	struct agreement_row g;
	struct delivery_paper r;
	const struct json *document;
	struct json *body = json_object(c);
	TRY(delivery_store_find(c, acts_db(n), id, &d));
	TRY(agreement_find(c, acts_db(n), d.agreement, &g));
	TRY(acts_tick(c, n));
	TRY(delivery_paper_receipt(c, n, &g, &d, bad, &r));
	TRY(content_get_json(c, acts_db(n), &r.document, &document));
	delivery_body_sign(c, &body, &r.document, "consumer", &r.signature);
	json_set_str(c, &body, "result", json_text(json_get(document, "result")));
	json_set(&body, "ranges", json_copy(c, json_get(document, "ranges")));
	json_set_str(c, &body, "origin", acts_self(n)->origin);
	return command(c, n, "delivery.receive", STR("node"), id, body);
}

/* What has ended is told by the receipt's own way. */
err follow_receive(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, acts_db(n), e->subject, &d));
	TRY(delivery_store_drop_token(c, acts_db(n), d.id));
	bool agrees = (d.state == DELIVERY_COMPLETED) == str_is(d.result, "complete");
	return agrees ? tell(c, n, &d, e->type, e->index, 0) : delivery_post_receipt(c, n, &d);
}

err follow_end(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, acts_db(n), e->subject, &d));
	TRY(delivery_store_drop_token(c, acts_db(n), d.id));
	TRY(meter_stop(c, n, d.id));
	bool ours = !d.joined && str_is(json_text(json_get(e->body, "by")), "us");
	return ours ? tell(c, n, &d, STR("delivery.complete"), e->index, 0) : OK;
}

/* What a plain connector gave is here: the transfer is complete, and it is told so. */
err follow_draw(struct ctx *c, struct acts *n, const struct entry *e)
{
	TRY(delivery_store_drop_draw(c, acts_db(n), e->subject));
	return delivery_complete(c, n, STR("node"), e->subject);
}

err follow_step(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, acts_db(n), e->subject, &d));
	if (str_is(e->type, "delivery.resume"))
		TRY(meter_again(c, n, &d));
	bool ours = str_is(json_text(json_get(e->body, "by")), "us");
	return ours ? tell(c, n, &d, e->type, e->index, 0) : OK;
}

/* The count is given back only where no byte left. */
static err give_back(struct ctx *c, struct acts *n, const struct delivery_row *d)
{
	struct delivery_progress p;
	if (d->role != AGREEMENT_PROVIDER || !d->start.known || d->has_receipt)
		return OK;
	TRY(delivery_store_progress(c, acts_db(n), d->id, &p));
	if (p.last_ms > 0)
		return OK;
	return command(c, n, "delivery.giveback", STR("node"), d->id, json_object(c));
}

err follow_ended(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct delivery_row d;
	TRY(delivery_store_find(c, acts_db(n), e->subject, &d));
	TRY(delivery_store_drop_token(c, acts_db(n), d.id));
	if (str_is(json_text(json_get(e->body, "by")), "us"))
		TRY(tell(c, n, &d, e->type, e->index, 0));
	return give_back(c, n, &d);
}

err follow_overdue(struct ctx *c, struct acts *n, const struct entry *e)
{
	return meter_stop(c, n, e->subject);
}

err delivery_change(struct ctx *c, struct acts *n, const char *type, struct str actor,
	struct str id, struct str reason)
{
	struct json *body = json_object(c);
	json_set(&body, "by", json_z(c, "us"));
	if (reason.n > 0)
		json_set_str(c, &body, "reason", reason);
	return command(c, n, type, actor, id, body);
}

err delivery_complete(struct ctx *c, struct acts *n, struct str actor, struct str id)
{
	struct json *body = json_object(c);
	json_set(&body, "by", json_z(c, "us"));
	json_set_str(c, &body, "origin", acts_self(n)->origin);
	return command(c, n, "delivery.end", actor, id, body);
}
