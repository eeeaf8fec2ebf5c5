#include "delivery/delivery_paper.h"

#include "act/content.h"
#include "base/limits.h"
#include "codec/uuid.h"

static err begin(struct ctx *c, struct acts *n, const char *kind, struct json **ret)
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

static err sign(
	struct ctx *c, struct acts *n, const struct json *document, struct delivery_paper *ret)
{
	const struct self *self = acts_self(n);
	struct str bytes, signature;
	TRY(json_canonical(c, document, LIMIT_DOCUMENT, &bytes));
	TRY(key_sign_jws(
		c, self->key, json_text(json_get(document, "kind")), self->kid, bytes, &signature));
	TRY(content_put(c, acts_db(n), bytes, &ret->document));
	return content_put(c, acts_db(n), signature, &ret->signature);
}

err delivery_paper_request(struct ctx *c, struct acts *n, const struct agreement_row *g,
	struct str delivery, struct delivery_paper *ret)
{
	struct json *o;
	TRY(begin(c, n, "request", &o));
	json_set_str(c, &o, "delivery", delivery);
	json_set_hex(c, &o, "agreement", g->document.b, HASH_BYTES);
	return sign(c, n, o, ret);
}

err delivery_paper_manifest(struct ctx *c, struct acts *n, const struct agreement_row *g,
	const struct delivery_row *d, const struct hash *token, struct delivery_paper *ret)
{
	struct json *o;
	TRY(begin(c, n, "manifest", &o));
	json_set_str(c, &o, "delivery", d->id);
	json_set_hex(c, &o, "agreement", g->document.b, HASH_BYTES);
	if (d->has_request)
		json_set_hex(c, &o, "request", d->request.b, HASH_BYTES);
	json_set_hex(c, &o, "root", g->root.b, HASH_BYTES);
	json_set_num(c, &o, "size", g->size);
	json_set_num(c, &o, "chunk", g->chunk);
	json_set_hex(c, &o, "token", token->b, HASH_BYTES);
	return sign(c, n, o, ret);
}

/* [[0, to]], or [] where that is nothing. */
static struct json *ranges_to(struct ctx *c, int64_t to)
{
	struct json *all = json_array(c), *one = json_array(c);
	if (to == 0)
		return all;
	json_push(&one, json_num(c, 0));
	json_push(&one, json_num(c, to));
	json_push(&all, one);
	return all;
}

/* What is good of an object whose chunk bad is the first that failed. */
static int64_t good_bytes(const struct agreement_row *g, int64_t bad)
{
	return bad < 0 ? g->size : bad * g->chunk;
}

err delivery_paper_receipt(struct ctx *c, struct acts *n, const struct agreement_row *g,
	const struct delivery_row *d, int64_t bad, struct delivery_paper *ret)
{
	struct json *o;
	TRY(begin(c, n, "receipt", &o));
	json_set_hex(c, &o, "manifest", d->manifest.b, HASH_BYTES);
	json_set_num(c, &o, "seq", 1);
	json_set(&o, "ranges", ranges_to(c, good_bytes(g, bad)));
	json_set(&o, "result", json_z(c, bad < 0 ? "complete" : "refused"));
	if (bad >= 0)
		json_set_num(c, &o, "bad", bad);
	return sign(c, n, o, ret);
}

/* G as it was signed: it pins the keys. */
static err read_agreement(
	struct ctx *c, struct acts *n, const struct agreement_row *g, struct agreement *ret)
{
	const struct json *j;
	TRY(content_get_json(c, acts_db(n), &g->document, &j));
	return agreement_read(c, j, ret);
}

/* What came stands in content under its digests, once its signature is good. */
static err keep(struct ctx *c, struct acts *n, const struct document *doc, const struct party *by,
	struct str signature, struct delivery_paper *ret)
{
	TRY(jws_verify(c, doc->kind, by->kid, by->key, doc->bytes, signature));
	TRY(content_put(c, acts_db(n), doc->bytes, &ret->document));
	return content_put(c, acts_db(n), signature, &ret->signature);
}

static err shown_parts(struct ctx *c, const struct json *shown, const char *what,
	const struct json **ret_document, struct str *ret_signature)
{
	*ret_document = json_get(shown, "document");
	*ret_signature = json_text(json_get(shown, "signature"));
	ENSURE(*ret_document != NULL && ret_signature->n > 0, c, ERR_EVIDENCE_MISSING,
		"the signed %s is missing", what);
	return OK;
}

err delivery_paper_take_request(struct ctx *c, struct acts *n, const struct agreement_row *g,
	struct str delivery, const struct json *shown, struct delivery_paper *ret)
{
	const struct json *document;
	struct str signature;
	struct agreement agreement;
	struct request q;
	TRY(shown_parts(c, shown, "request", &document, &signature));
	TRY(request_read(c, document, &q));
	ENSURE(str_eq(q.delivery, delivery), c, ERR_BAD_VALUE,
		"the signed request is of another delivery than the message");
	ENSURE(hash_eq(&q.agreement, &g->document), c, ERR_BAD_DIGEST,
		"the signed request is under another agreement");
	TRY(read_agreement(c, n, g, &agreement));
	return keep(c, n, &q.doc, &agreement.consumer, signature, ret);
}

static err check_object(
	struct ctx *c, const struct agreement_row *g, const struct manifest *m, struct str token)
{
	struct hash opens = hash_of(token);
	ENSURE(hash_eq(&m->root, &g->root), c, ERR_BAD_DIGEST,
		"the object of the manifest is not the one that was agreed");
	ENSURE(m->size == g->size && m->chunk == g->chunk, c, ERR_BAD_VALUE,
		"the size in the manifest is not the one that was agreed");
	ENSURE(hash_eq(&m->token, &opens), c, ERR_BAD_DIGEST,
		"the token is not the one in the manifest");
	return OK;
}

err delivery_paper_take_manifest(struct ctx *c, struct acts *n, const struct agreement_row *g,
	const struct delivery_row *d, const struct json *shown, struct str token,
	struct delivery_paper *ret)
{
	const struct json *document;
	struct str signature;
	struct agreement agreement;
	struct manifest m;
	TRY(shown_parts(c, shown, "manifest", &document, &signature));
	TRY(manifest_read(c, document, &m));
	ENSURE(str_eq(m.delivery, d->id), c, ERR_BAD_VALUE,
		"the manifest is of another delivery than the message");
	ENSURE(hash_eq(&m.agreement, &g->document), c, ERR_BAD_DIGEST,
		"the manifest is under another agreement");
	ENSURE(m.has_request && hash_eq(&m.request, &d->request), c, ERR_BAD_DIGEST,
		"the manifest answers another request");
	TRY(check_object(c, g, &m, token));
	TRY(read_agreement(c, n, g, &agreement));
	return keep(c, n, &m.doc, &agreement.provider, signature, ret);
}

/* A final receipt: all of it, or what is good before the chunk that failed. */
static err check_receipt(struct ctx *c, const struct agreement_row *g, const struct receipt *r)
{
	bool complete = str_is(r->result, "complete");
	ENSURE(complete || str_is(r->result, "refused"), c, ERR_NOT_IMPLEMENTED,
		"a receipt is complete or refused here");
	ENSURE(r->ranges.covered <= g->size, c, ERR_BAD_VALUE,
		"the receipt covers more than the object");
	ENSURE(!complete || r->ranges.covered == g->size, c, ERR_BAD_VALUE,
		"a complete receipt covers the whole object");
	ENSURE(r->ranges.n == 0 || r->ranges.p[r->ranges.n - 1].to <= g->size, c, ERR_BAD_VALUE,
		"the receipt names bytes behind the end of the object");
	ENSURE(r->seq == 1, c, ERR_BAD_VALUE, "the receipt is not the first one");
	return OK;
}

err delivery_paper_take_receipt(struct ctx *c, struct acts *n, const struct agreement_row *g,
	const struct delivery_row *d, const struct json *shown, struct receipt *ret_receipt,
	struct delivery_paper *ret)
{
	const struct json *document;
	struct str signature;
	struct agreement agreement;
	struct receipt r;
	TRY(shown_parts(c, shown, "receipt", &document, &signature));
	TRY(receipt_read(c, document, &r));
	ENSURE(hash_eq(&r.manifest, &d->manifest), c, ERR_BAD_DIGEST,
		"the receipt is of another manifest");
	TRY(check_receipt(c, g, &r));
	TRY(read_agreement(c, n, g, &agreement));
	TRY(keep(c, n, &r.doc, &agreement.consumer, signature, ret));
	*ret_receipt = r;
	return OK;
}
