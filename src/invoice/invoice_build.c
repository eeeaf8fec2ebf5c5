#include "invoice/invoice_build.h"

#include <string.h>

#include "act/content.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "contract/agreement_body.h"
#include "invoice/invoice_store.h"

#define NOT_ASSESSED "\xe6\x9c\xaa\xe4\xbd\x9c\xe5\x90\x88\xe8\xa7\x84\xe8\xaf\x84\xe4\xbc\xb0"
#define NOT_REGISTERED "\xe6\x9c\xaa\xe7\x99\xbb\xe8\xae\xb0"

static struct json *scenario_json(struct ctx *c, const struct agreement *g)
{
	struct json *o = json_copy(c, g->scenario);
	json_set(&o, "rules", json_z(c, NOT_ASSESSED));
	json_set(&o, "personal", json_bool(c, false));
	return o;
}

/* What is not needed to know who it is stays in G. */
static struct json *entity_json(struct ctx *c, const struct json *party)
{
	struct json *o = json_copy_without(c, party, "key");
	o = json_copy_without(c, o, "kid");
	o = json_copy_without(c, o, "log");
	return json_copy_without(c, o, "origin");
}

static struct json *entities_json(struct ctx *c, const struct agreement *g)
{
	struct json *o = json_object(c);
	json_set(&o, "provider", entity_json(c, g->provider_json));
	json_set(&o, "consumer", entity_json(c, g->consumer_json));
	return o;
}

static struct json *ranges_json(struct ctx *c, const struct invoice_sources *s)
{
	if (s->r != NULL)
		return json_copy(c, s->r->ranges_json);
	struct json *all = json_array(c), *one = json_array(c);
	if (s->g->object.size == 0)
		return all;
	json_push(&one, json_num(c, 0));
	json_push(&one, json_num(c, s->g->object.size));
	json_push(&all, one);
	return all;
}

static struct amounts due_of(const struct invoice_sources *s)
{
	const struct price *p = &s->g->price;
	bool whole = s->r == NULL || str_is(s->r->result, "complete");
	int64_t covered = s->r == NULL ? 0 : s->r->ranges.covered;
	int64_t net = price_due(p->net, whole, covered, s->g->object.size);
	return (struct amounts){net, p->rate, price_tax(net, p->rate)};
}

static const char *security_at(struct str url)
{
	return str_starts(url, STR("https:")) ? "tls" : "plain";
}

static err voucher_json(struct ctx *c, const struct invoice_sources *s, const struct amounts *due,
	struct json **ret)
{
	struct json *o = json_object(c);
	struct str start, end;
	int64_t end_ms = s->delivery->end_ms;
	TRY(time_str(c, s->delivery->start_ms, &start));
	TRY(time_str(c, end_ms > 0 ? end_ms : s->issued_ms, &end));
	json_set_str(c, &o, "product", s->g->object.product);
	json_set_num(c, &o, "revision", s->g->object.revision);
	json_set_num(c, &o, "net", due->net);
	json_set_num(c, &o, "rate", due->rate);
	json_set_num(c, &o, "tax", due->tax);
	json_set_str(c, &o, "currency", s->g->price.currency);
	json_set(&o, "mode", json_z(c, "file"));
	json_set(&o, "security", json_z(c, security_at(s->self->url)));
	json_set_str(c, &o, "start", start);
	json_set_str(c, &o, "end", end);
	json_set(&o, "ranges", ranges_json(c, s));
	*ret = o;
	return OK;
}

static struct json *entries_json(struct ctx *c, const struct invoice_sources *s)
{
	const struct agreement_row *a = s->agreement;
	const struct delivery_row *d = s->delivery;
	bool receipt = s->r != NULL;
	const struct {
		const char *name;
		const struct place *at;
		bool shown;
	} rows[] = {{"offer", &a->offered, true}, {"conclude", &a->conclude, a->joined},
		{"concluded", &a->concluded, true}, {"ask", &d->ask, a->joined},
		{"start", &d->start, true}, {"receive", &d->receive, receipt},
		{"end", &d->end, receipt}};
	struct json *o = json_object(c);
	for (size_t i = 0; i < countof(rows); i++) {
		if (rows[i].shown && rows[i].at->known)
			json_set(&o, rows[i].name, place_json(c, rows[i].at));
	}
	return o;
}

static err supervision_json(struct ctx *c, const struct invoice_sources *s, struct json **ret)
{
	struct json *o = json_object(c);
	struct str at;
	TRY(arena_fmt(c, &at, "%.*s/peer/v1/invoices/%.*s/status", FMT(s->self->url), FMT(s->id)));
	json_set_str(c, &o, "status", at);
	*ret = o;
	return OK;
}

/* <url>/peer/v1/invoices/<id>/status, and no mirror. */
static bool is_status_at(const struct json *supervision, struct str url, struct str id)
{
	struct str at = json_text(json_get(supervision, "status")),
		   start = STR("/peer/v1/invoices/");
	return supervision->n == 1 && at.n == url.n + start.n + id.n + strlen("/status") &&
	       str_starts(at, url) && str_starts(str_sub(at, url.n, at.n), start) &&
	       str_starts(str_sub(at, url.n + start.n, at.n), id) && str_ends(at, STR("/status"));
}

const char *invoice_beyond(const struct invoice *i, struct str url, const struct agreement_row *a)
{
	int64_t start_ms = 0;
	const struct json *personal = json_get(i->scenario, "personal");
	if (!str_is(i->voucher.mode, "file") || !str_is(i->voucher.security, security_at(url)))
		return "its mode or security is not that of the delivery";
	if (!str_is(json_text(json_get(i->scenario, "rules")), NOT_ASSESSED) ||
		json_get(i->scenario, "classification") != NULL || personal->type != JSON_FALSE)
		return "its scenario says what was not agreed";
	if (i->registration->n != 1)
		return "it says that it is registered";
	if (!is_status_at(i->supervision, url, i->doc.id))
		return "its status lies elsewhere";
	if (!time_parse(i->voucher.start, &start_ms) || start_ms < a->agreed_ms)
		return "it begins before the agreement";
	return "";
}

static const char *acceptance_of(const struct agreement_row *a)
{
	if (a->joined)
		return "party";
	return agreement_by_link(a->peer) ? "by link" : "none";
}

err invoice_build(
	struct ctx *c, const struct invoice_sources *s, struct json **ret, struct amounts *ret_due)
{
	struct json *o = json_object(c), *voucher, *supervision, *registration = json_object(c);
	struct amounts due = due_of(s);
	struct str issued;
	TRY(time_str(c, s->issued_ms, &issued));
	TRY(voucher_json(c, s, &due, &voucher));
	TRY(supervision_json(c, s, &supervision));
	json_set(&registration, "status", json_z(c, NOT_REGISTERED));
	json_set_num(c, &o, "v", 1);
	json_set(&o, "kind", json_z(c, "invoice"));
	json_set_str(c, &o, "id", s->id);
	json_set_str(c, &o, "serial", s->serial);
	json_set_str(c, &o, "issued", issued);
	json_set_hex(c, &o, "agreement", s->g->doc.digest.b, HASH_BYTES);
	if (s->delivery->has_manifest)
		json_set_hex(c, &o, "manifest", s->delivery->manifest.b, HASH_BYTES);
	if (s->r != NULL)
		json_set_hex(c, &o, "receipt", s->r->doc.digest.b, HASH_BYTES);
	json_set(&o, "acceptance", json_z(c, acceptance_of(s->agreement)));
	json_set(&o, "scenario", scenario_json(c, s->g));
	json_set(&o, "entities", entities_json(c, s->g));
	json_set(&o, "voucher", voucher);
	json_set(&o, "registration", registration);
	json_set(&o, "supervision", supervision);
	json_set(&o, "entries", entries_json(c, s));
	*ret = o;
	*ret_due = due;
	return OK;
}

err invoice_document(struct ctx *c, struct acts *n, const char *kind, struct json **ret)
{
	struct json *o = json_object(c);
	struct str id;
	TRY(uuid_new_urn(c, acts_env(n), &id));
	json_set_num(c, &o, "v", 1);
	json_set(&o, "kind", json_z(c, kind));
	json_set_str(c, &o, "id", id);
	*ret = o;
	return OK;
}

err invoice_sign(struct ctx *c, struct acts *n, const struct json *document,
	struct hash *ret_document, struct hash *ret_signature)
{
	const struct self *self = acts_self(n);
	struct str bytes, signature;
	TRY(json_canonical(c, document, LIMIT_DOCUMENT, &bytes));
	TRY(key_sign_jws(
		c, self->key, json_text(json_get(document, "kind")), self->kid, bytes, &signature));
	TRY(content_put(c, acts_db(n), bytes, ret_document));
	return content_put(c, acts_db(n), signature, ret_signature);
}

/* sigs[name] = the text of a signature, where there is one. */
static err add_signature(struct ctx *c, struct store *db, struct json **sigs, const char *name,
	const struct hash *digest)
{
	static const struct hash none;
	struct str text;
	if (hash_eq(digest, &none))
		return OK;
	TRY(content_get(c, db, digest, &text));
	json_set_str(c, sigs, name, text);
	return OK;
}

static err add_document(
	struct ctx *c, struct store *db, struct json **core, const char *name, const struct hash *h)
{
	const struct json *j;
	TRY(content_get_json(c, db, h, &j));
	json_set(core, name, json_copy(c, j));
	return OK;
}

/* G, Q, M and R; R only where I names it: one that came late stands in the file of another I. */
static err add_delivery(struct ctx *c, struct store *db, const struct delivery_row *d, bool receipt,
	struct json **core, struct json **sigs)
{
	if (d->has_request) {
		TRY(add_document(c, db, core, "Q", &d->request));
		TRY(add_signature(c, db, sigs, "Q.consumer", &d->request_signature));
	}
	if (d->has_manifest) {
		TRY(add_document(c, db, core, "M", &d->manifest));
		TRY(add_signature(c, db, sigs, "M.provider", &d->manifest_signature));
	}
	if (receipt && d->has_receipt) {
		TRY(add_document(c, db, core, "R", &d->receipt));
		TRY(add_signature(c, db, sigs, "R.consumer", &d->receipt_signature));
	}
	return OK;
}

err invoice_core(struct ctx *c, struct store *db, const struct agreement_row *a,
	const struct delivery_row *d, const struct core_parts *p, struct json **ret)
{
	struct json *core = json_object(c), *sigs = json_object(c);
	TRY(add_document(c, db, &core, "G", &a->document));
	TRY(add_signature(c, db, &sigs, "G.provider", &a->provider_signature));
	TRY(add_signature(c, db, &sigs, "G.consumer", &a->consumer_signature));
	TRY(add_delivery(c, db, d, json_get(p->i, "receipt") != NULL, &core, &sigs));
	json_set(&core, "I", json_copy(c, p->i));
	json_set_str(c, &sigs, "I.provider", p->i_provider);
	if (p->i_consumer.n > 0)
		json_set_str(c, &sigs, "I.consumer", p->i_consumer);
	json_set(&core, "issue", json_copy(c, p->issue));
	if (p->accept != NULL)
		json_set(&core, "accept", json_copy(c, p->accept));
	json_set(&core, "sigs", sigs);
	*ret = core;
	return OK;
}

err invoice_file_text(struct ctx *c, struct json *core, struct json *later, struct str *ret)
{
	struct json *o = json_object(c);
	json_set_num(c, &o, "v", 1);
	json_set(&o, "kind", json_z(c, "invoice-file"));
	json_set(&o, "core", core);
	json_set(&o, "later", later);
	return json_canonical(c, o, LIMIT_INVOICE_FILE, ret);
}

/* E of the act of that type: ours from our log, the other side's as it was shown. */
static err evidence_of(struct ctx *c, struct acts *n, const struct invoice_record *r,
	enum agreement_role by, struct json **ret)
{
	const struct json *shown;
	if (by == r->role)
		return acts_evidence(c, n, r->own, ret);
	bool issue = by == AGREEMENT_PROVIDER;
	TRY(invoice_store_shown(c, acts_db(n), &r->document,
		issue ? STR("invoice.issue") : STR("invoice.accept"), &shown));
	*ret = json_copy(c, shown);
	return OK;
}

static err core_of(struct ctx *c, struct acts *n, const struct invoice_record *r, struct json **ret)
{
	struct store *db = acts_db(n);
	struct agreement_row a;
	struct delivery_row d;
	struct core_parts p = {.accept = NULL};
	struct json *issue, *accept = NULL;
	TRY(agreement_find(c, db, r->agreement, &a));
	TRY(delivery_find(c, db, r->delivery, &d));
	TRY(content_get_json(c, db, &r->document, &p.i));
	TRY(content_get(c, db, &r->provider_signature, &p.i_provider));
	TRY(evidence_of(c, n, r, AGREEMENT_PROVIDER, &issue));
	if (r->accepted) {
		TRY(content_get(c, db, &r->consumer_signature, &p.i_consumer));
		TRY(evidence_of(c, n, r, AGREEMENT_CONSUMER, &accept));
	}
	p.issue = issue;
	p.accept = accept;
	return invoice_core(c, db, &a, &d, &p, ret);
}

static err add_corrections(
	struct ctx *c, struct acts *n, const struct invoice_record *r, struct json **later)
{
	struct correction_row *rows;
	size_t rows_n = 0;
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_store_corrections(c, acts_db(n), r->id, LIMIT_INVOICE_LATER, rows, &rows_n));
	for (size_t i = 0; i < rows_n; i++) {
		struct json *o = json_object(c), *sigs = json_object(c);
		if (rows[i].state == CORRECTION_DECLINED)
			continue;
		TRY(add_document(c, acts_db(n), &o, "X", &rows[i].document));
		TRY(add_signature(c, acts_db(n), &sigs, "provider", &rows[i].provider_signature));
		TRY(add_signature(c, acts_db(n), &sigs, "consumer", &rows[i].consumer_signature));
		json_set(&o, "sigs", sigs);
		json_push(later, o);
	}
	return OK;
}

static err dispute_evidence(
	struct ctx *c, struct acts *n, const struct dispute_row *d, struct json **ret)
{
	const struct json *shown;
	if (d->ours)
		return acts_evidence(c, n, d->index, ret);
	TRY(invoice_store_shown(c, acts_db(n), &d->document, STR("invoice.dispute"), &shown));
	*ret = json_copy(c, shown);
	return OK;
}

static err add_disputes(
	struct ctx *c, struct acts *n, const struct invoice_record *r, struct json **later)
{
	struct dispute_row *rows;
	size_t rows_n = 0;
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_store_disputes(c, acts_db(n), r->id, LIMIT_INVOICE_LATER, rows, &rows_n));
	for (size_t i = 0; i < rows_n; i++) {
		struct json *o = json_object(c), *e, *sigs = json_object(c);
		TRY(add_document(c, acts_db(n), &o, "P", &rows[i].document));
		TRY(add_signature(c, acts_db(n), &sigs,
			rows[i].by == AGREEMENT_PROVIDER ? "provider" : "consumer",
			&rows[i].signature));
		TRY(dispute_evidence(c, n, &rows[i], &e));
		json_set(&o, "sigs", sigs);
		json_set(&o, "act", e);
		json_push(later, o);
	}
	return OK;
}

err invoice_export(struct ctx *c, struct acts *n, const struct invoice_record *r, struct str *ret)
{
	struct json *core, *later = json_array(c);
	TRY(core_of(c, n, r, &core));
	TRY(add_corrections(c, n, r, &later));
	TRY(add_disputes(c, n, r, &later));
	return invoice_file_text(c, core, later, ret);
}

err invoice_status(struct ctx *c, struct acts *n, const struct invoice_record *r, struct json **ret)
{
	struct json *z, *o = json_object(c), *sigs = json_object(c);
	const struct self *self = acts_self(n);
	const struct place at = {self->origin, r->last, r->last_leaf, true};
	struct str head, now, bytes, signature;
	TRY(commit_head(c, acts_log(n), &head));
	TRY(time_str(c, acts_now_ms(n), &now));
	TRY(invoice_document(c, n, "status", &z));
	json_set_hex(c, &z, "invoice", r->document.b, HASH_BYTES);
	json_set(&z, "state", json_z(c, invoice_state_name(r->state)));
	json_set(&z, "entry", place_json(c, &at));
	json_set_str(c, &z, "head", head);
	json_set_str(c, &z, "at", now);
	TRY(json_canonical(c, z, LIMIT_DOCUMENT, &bytes));
	TRY(key_sign_jws(c, self->key, STR("status"), self->kid, bytes, &signature));
	json_set_str(c, &sigs, r->role == AGREEMENT_PROVIDER ? "provider" : "consumer", signature);
	json_set(&o, "Z", z);
	json_set(&o, "sigs", sigs);
	*ret = o;
	return OK;
}
