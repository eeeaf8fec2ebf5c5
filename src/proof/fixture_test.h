/* A whole valid invoice file from fixed seeds, and the same with one thing bent before it is signed or after.
 *
 * Tests only. A bend is a path such as "I/voucher/net" and a value (NULL takes the member out); its first part says
 * where: G Q M R I (before signing, so the lie is well signed and every later digest follows it), act.issue, act.accept,
 * log.issue, log.accept (the E), sigs, core, file. */
#pragma once

#include <string.h>

#include "base/limits.h"
#include "chain/checkpoint.h"
#include "chain/tree.h"
#include "codec/base64.h"
#include "crypto/key.h"
#include "proof/documents.h"
#include "proof/evidence.h"

struct fixture {
	struct ctx *c;
	const char *path; /* the bend, or NULL */
	struct json *value;
	bool unsigned_by_buyer;      /* neither E(accept) nor the signature on I */
	bool link, no_receipt, part; /* by link; without R; R refused after one chunk of three */
	const char *stranger;        /* the signature of this name is by a stranger's key */
	bool wrong_log;              /* E(accept) is of a log that is not the consumer's */
	struct key *keys[5];         /* provider, consumer, their logs, a stranger */
	uint8_t at;                  /* where an act stands in its log of 6; 0 is 3 */
	struct json *(*later)(struct fixture *f, const struct json *core); /* NULL: nothing */
};

enum { KEY_S, KEY_B, KEY_S_LOG, KEY_B_LOG, KEY_STRANGER };

#define FIXTURE_SIZE 786432
#define FIXTURE_NET 1000001

static inline struct str fixture_hex(struct ctx *c, const char *what)
{
	struct hash h = hash_of(str_z(what));
	struct buf b;
	buf_init(&b, c->arena, 64);
	buf_hex(&b, h.b, HASH_BYTES);
	return buf_str(&b);
}

/* The object is FIXTURE_SIZE zero bytes, three chunks. */
static const char fixture_chunk[DOCUMENT_CHUNK];

static inline struct hash fixture_root(void)
{
	struct hash leaf = hash_leaf((struct str){fixture_chunk, sizeof fixture_chunk});
	struct hash two = hash_node(&leaf, &leaf);
	return hash_node(&two, &leaf);
}

static inline struct hash fixture_digest_of_object(struct ctx *c)
{
	struct hash_stream *s = NULL;
	if (hash_open(c, &s) != OK)
		return hash_empty();
	for (int i = 0; i < 3; i++)
		hash_update(s, fixture_chunk, sizeof fixture_chunk);
	return hash_finish(s);
}

/* o with the member at path replaced or taken out. */
static inline struct json *fixture_set(
	struct ctx *c, const struct json *o, struct str path, struct json *value)
{
	struct str head, tail;
	bool deep = str_cut(path, '/', &head, &tail);
	const char *name = arena_z(c->arena, deep ? head : path);
	if (!deep && value == NULL)
		return json_copy_without(c, o, name);
	struct json *copy = json_copy(c, o);
	json_set(&copy, name, deep ? fixture_set(c, json_get(o, name), tail, value) : value);
	return copy;
}

static inline void fixture_bend(struct fixture *f, const char *where, struct json **o)
{
	struct str head, tail;
	if (f->path != NULL && str_cut(str_z(f->path), '/', &head, &tail) && str_is(head, where))
		*o = fixture_set(f->c, *o, tail, f->value);
}

static inline struct note_key fixture_log(struct fixture *f, bool consumer)
{
	struct note_key k = {0};
	struct str name = consumer ? STR("b.example/log") : STR("s.example/log");
	(void)!note_key_make(f->c, name, key_public(f->keys[consumer ? KEY_B_LOG : KEY_S_LOG]), &k);
	return k;
}

static inline struct json *fixture_party(struct fixture *f, bool consumer, bool keys)
{
	struct ctx *c = f->c;
	struct json *p = json_object(c);
	json_set(&p, "name", json_z(c, consumer ? "Buyer" : "Seller"));
	json_set(&p, "assurance", json_z(c, "self-declared"));
	if (consumer && f->link)
		return p;
	json_set(&p, "did", json_z(c, consumer ? "did:web:b.example" : "did:web:s.example"));
	if (!keys)
		return p;
	struct str key, vkey;
	struct note_key log = fixture_log(f, consumer);
	(void)!base64_encode(c,
		(struct str){(const char *)key_public(f->keys[consumer ? KEY_B : KEY_S]), 32},
		&key);
	(void)!note_key_text(c, &log, &vkey);
	json_set_str(c, &p, "key", key);
	json_set(&p, "kid",
		json_z(c, consumer ? "did:web:b.example#key-1" : "did:web:s.example#key-1"));
	json_set_str(c, &p, "log", vkey);
	json_set(&p, "origin", json_z(c, consumer ? "b.example/log" : "s.example/log"));
	return p;
}

static inline struct json *fixture_document(struct ctx *c, const char *kind, const char *id)
{
	struct json *d = json_object(c);
	struct str urn;
	json_set_num(c, &d, "v", 1);
	json_set(&d, "kind", json_z(c, kind));
	(void)!arena_fmt(c, &urn, "urn:uuid:01980000-0000-7000-8000-0000000000%s", id);
	json_set_str(c, &d, "id", urn);
	return d;
}

static inline void fixture_digest(
	struct ctx *c, struct json **o, const char *name, const struct json *d)
{
	struct hash h = {0};
	(void)!jws_digest(c, d, &h);
	json_set_hex(c, o, name, h.b, HASH_BYTES);
}

static inline struct json *fixture_scenario(struct ctx *c, bool whole)
{
	struct json *s = json_object(c);
	json_set(&s, "purpose", json_z(c, "training"));
	json_set(&s, "onward", json_z(c, "none"));
	if (whole) {
		json_set(&s, "rules",
			json_z(c, "\xe6\x9c\xaa\xe4\xbd\x9c\xe5\x90\x88\xe8\xa7\x84\xe8\xaf\x84\xe4"
				  "\xbc\xb0"));
		json_set(&s, "personal", json_bool(c, false));
	}
	return s;
}

static inline struct json *fixture_agreement(struct fixture *f)
{
	struct ctx *c = f->c;
	struct json *g = fixture_document(c, "agreement", "01"), *o = json_object(c),
		    *p = json_object(c);
	json_set(&g, "openUntil", json_z(c, "2026-12-01T00:00:00.000Z"));
	json_set_str(c, &g, "agreement", fixture_hex(c, "message"));
	json_set(&g, "provider", fixture_party(f, false, true));
	json_set(&g, "consumer", fixture_party(f, true, true));
	json_set(&o, "product", json_z(c, "urn:product:1"));
	json_set_num(c, &o, "revision", 1);
	struct hash root = fixture_root(), sha256 = fixture_digest_of_object(c);
	json_set_hex(c, &o, "root", root.b, HASH_BYTES);
	json_set_num(c, &o, "size", FIXTURE_SIZE);
	json_set_num(c, &o, "chunk", 262144);
	json_set_hex(c, &o, "sha256", sha256.b, HASH_BYTES);
	json_set(&g, "object", o);
	json_set(&g, "terms", json_object(c));
	json_set(&p, "currency", json_z(c, "CNY"));
	json_set_num(c, &p, "net", FIXTURE_NET);
	json_set_num(c, &p, "rate", 600);
	json_set_num(c, &p, "tax", 60000);
	json_set(&g, "price", p);
	json_set(&g, "scenario", fixture_scenario(c, false));
	json_set_num(c, &g, "receiptWithin", 3600);
	fixture_bend(f, "G", &g);
	return g;
}

static inline struct json *fixture_ranges(struct fixture *f)
{
	struct json *r = json_array(f->c), *one = json_array(f->c);
	json_push(&one, json_num(f->c, 0));
	json_push(&one, json_num(f->c, f->part ? 262144 : FIXTURE_SIZE));
	json_push(&r, one);
	return r;
}

static inline struct json *fixture_request(struct fixture *f, const struct json *g)
{
	struct json *q = fixture_document(f->c, "request", "02");
	json_set(&q, "delivery", json_z(f->c, "urn:uuid:01980000-0000-7000-8000-0000000000aa"));
	fixture_digest(f->c, &q, "agreement", g);
	fixture_bend(f, "Q", &q);
	return q;
}

static inline struct json *fixture_manifest(
	struct fixture *f, const struct json *g, const struct json *q)
{
	struct ctx *c = f->c;
	struct json *m = fixture_document(c, "manifest", "03");
	json_set(&m, "delivery", json_z(c, "urn:uuid:01980000-0000-7000-8000-0000000000aa"));
	fixture_digest(c, &m, "agreement", g);
	fixture_digest(c, &m, "request", q);
	struct hash root = fixture_root();
	json_set_hex(c, &m, "root", root.b, HASH_BYTES);
	json_set_num(c, &m, "size", FIXTURE_SIZE);
	json_set_num(c, &m, "chunk", 262144);
	json_set_str(c, &m, "token", fixture_hex(c, "token"));
	fixture_bend(f, "M", &m);
	return m;
}

static inline struct json *fixture_receipt(struct fixture *f, const struct json *m)
{
	struct ctx *c = f->c;
	struct json *r = fixture_document(c, "receipt", "04");
	fixture_digest(c, &r, "manifest", m);
	json_set_num(c, &r, "seq", 1);
	json_set(&r, "ranges", fixture_ranges(f));
	json_set(&r, "result", json_z(c, f->part ? "refused" : "complete"));
	if (f->part)
		json_set_num(c, &r, "bad", 1);
	fixture_bend(f, "R", &r);
	return r;
}

static inline struct json *fixture_entries(struct fixture *f)
{
	static const char *const rows[] = {
		"offer", "conclude", "concluded", "ask", "start", "receive", "end"};
	struct ctx *c = f->c;
	struct json *all = json_object(c);
	for (size_t i = 0; i < countof(rows); i++) {
		bool consumer = i == 1 || i == 3 || i == 5;
		if ((f->link && i > 0) || (f->no_receipt && i > 4))
			continue;
		struct json *e = json_object(c);
		json_set(&e, "origin", json_z(c, consumer ? "b.example/log" : "s.example/log"));
		json_set_num(c, &e, "index", (int64_t)i);
		json_set_str(c, &e, "leaf", fixture_hex(c, rows[i]));
		json_set(&all, rows[i], e);
	}
	return all;
}

static inline struct json *fixture_voucher(struct fixture *f)
{
	struct ctx *c = f->c;
	struct json *v = json_object(c);
	json_set(&v, "product", json_z(c, "urn:product:1"));
	json_set_num(c, &v, "revision", 1);
	json_set_num(c, &v, "net", f->part ? 333334 : FIXTURE_NET); /* 333333.67, half up */
	json_set_num(c, &v, "rate", 600);
	json_set_num(c, &v, "tax", f->part ? 20000 : 60000);
	json_set(&v, "currency", json_z(c, "CNY"));
	json_set(&v, "mode", json_z(c, "file"));
	json_set(&v, "security", json_z(c, "plain"));
	json_set(&v, "start", json_z(c, "2026-11-24T03:00:00.000Z"));
	json_set(&v, "end", json_z(c, "2026-11-24T03:01:00.000Z"));
	json_set(&v, "ranges", fixture_ranges(f));
	return v;
}

static inline struct json *fixture_invoice(
	struct fixture *f, const struct json *g, const struct json *m, const struct json *r)
{
	struct ctx *c = f->c;
	struct json *i = fixture_document(c, "invoice", "05"), *o = json_object(c);
	json_set(&i, "serial", json_z(c, "s.example-2026-00000001"));
	json_set(&i, "issued", json_z(c, "2026-11-24T03:02:00.000Z"));
	fixture_digest(c, &i, "agreement", g);
	if (m != NULL)
		fixture_digest(c, &i, "manifest", m);
	if (r != NULL)
		fixture_digest(c, &i, "receipt", r);
	json_set(&i, "acceptance", json_z(c, f->link ? "by link" : "party"));
	json_set(&i, "scenario", fixture_scenario(c, true));
	json_set(&o, "provider", fixture_party(f, false, false));
	json_set(&o, "consumer", fixture_party(f, true, false));
	json_set(&i, "entities", o);
	json_set(&i, "voucher", fixture_voucher(f));
	o = json_object(c);
	json_set(&o, "status", json_z(c, "\xe6\x9c\xaa\xe7\x99\xbb\xe8\xae\xb0"));
	json_set(&i, "registration", o);
	o = json_object(c);
	json_set(&o, "status", json_z(c, "https://s.example/status"));
	json_set(&i, "supervision", o);
	json_set(&i, "entries", fixture_entries(f));
	fixture_bend(f, "I", &i);
	return i;
}

/* sigs[name] = the detached JWS; answers its text. */
static inline struct str fixture_sign(
	struct fixture *f, struct json **sigs, const char *name, const struct json *d)
{
	struct str sig = {0}, bytes;
	bool consumer = str_ends(str_z(name), STR("consumer"));
	int by = consumer ? KEY_B : KEY_S;
	if (f->stranger != NULL && strcmp(f->stranger, name) == 0)
		by = KEY_STRANGER;
	(void)!json_canonical(f->c, d, LIMIT_DOCUMENT, &bytes);
	(void)!key_sign_jws(f->c, f->keys[by], json_text(json_get(d, "kind")),
		consumer ? STR("did:web:b.example#key-1") : STR("did:web:s.example#key-1"), bytes,
		&sig);
	json_set_str(f->c, sigs, name, sig);
	return sig;
}

struct fixture_leaves {
	struct hash h[8];
};

static inline err fixture_leaf(
	void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret)
{
	struct fixture_leaves *l = arg;
	(void)c;
	if (level == 0) {
		*ret = l->h[index];
		return OK;
	}
	struct hash left, right;
	(void)!fixture_leaf(arg, c, level - 1, 2 * index, &left);
	(void)!fixture_leaf(arg, c, level - 1, 2 * index + 1, &right);
	*ret = hash_node(&left, &right);
	return OK;
}

/* E of an act that stands at f->at in a log of 6. */
static inline struct json *fixture_evidence(struct fixture *f, struct json *act, bool consumer)
{
	struct ctx *c = f->c;
	struct hash salt = hash_of(STR("salt"));
	struct str bytes, text, note;
	(void)!json_canonical(c, act, LIMIT_ACT, &bytes);
	struct fixture_leaves l;
	struct tree t = {0};
	uint8_t at = f->at == 0 ? 3 : f->at;
	for (uint8_t i = 0; i < 6; i++) {
		l.h[i] = i == at ? evidence_leaf(bytes, &salt)
				 : hash_of((struct str){(const char *)&i, 1});
		tree_append(&t, &l.h[i], NULL, NULL);
	}
	struct tree_proof proof = {0};
	(void)!tree_prove_inclusion(c, at, 6, fixture_leaf, &l, &proof);
	struct note_key k = fixture_log(f, consumer);
	struct checkpoint head = {k.name, 6, tree_root(&t)};
	uint8_t sig[SIGNATURE_BYTES];
	(void)!checkpoint_text(c, &head, &text);
	key_sign(f->keys[consumer ? KEY_B_LOG : KEY_S_LOG], text, sig);
	(void)!note_write(c, text, &k, sig, &note);
	struct json *e = json_object(c), *path = json_array(c);
	for (size_t i = 0; i < proof.n; i++) {
		struct buf b;
		buf_init(&b, c->arena, 64);
		buf_hex(&b, proof.path[i].b, HASH_BYTES);
		json_push(&path, json_str(c, buf_str(&b)));
	}
	json_set(&e, "act", act);
	json_set_hex(c, &e, "salt", salt.b, HASH_BYTES);
	json_set_num(c, &e, "index", at);
	json_set(&e, "path", path);
	json_set_str(c, &e, "head", note);
	return e;
}

static inline struct json *fixture_act(struct fixture *f, const char *type,
	const struct json *invoice, struct str provider, struct str consumer)
{
	struct ctx *c = f->c;
	struct json *a = json_object(c), *body = json_object(c), *sigs = json_object(c);
	struct hash h = hash_of(provider);
	json_set_hex(c, &sigs, "provider", h.b, HASH_BYTES);
	h = hash_of(consumer);
	if (consumer.n > 0)
		json_set_hex(c, &sigs, "consumer", h.b, HASH_BYTES);
	fixture_digest(c, &body, "document", invoice);
	json_set(&body, "signatures", sigs);
	json_set_num(c, &a, "v", 1);
	json_set(&a, "type", json_z(c, type));
	json_set(&a, "at", json_z(c, "2026-11-24T03:02:00.000Z"));
	json_set(&a, "actor", json_z(c, "node"));
	json_set_str(c, &a, "subject", json_text(json_get(invoice, "id")));
	json_set(&a, "body", body);
	return a;
}

static inline struct json *fixture_core(struct fixture *f)
{
	struct ctx *c = f->c;
	struct json *core = json_object(c), *sigs = json_object(c), *m = NULL, *r = NULL;
	struct json *g = fixture_agreement(f);
	(void)fixture_sign(f, &sigs, "G.provider", g);
	if (!f->link) {
		struct json *q = fixture_request(f, g);
		m = fixture_manifest(f, g, q);
		(void)fixture_sign(f, &sigs, "G.consumer", g);
		(void)fixture_sign(f, &sigs, "Q.consumer", q);
		(void)fixture_sign(f, &sigs, "M.provider", m);
		json_set(&core, "Q", q);
	}
	if (!f->link && !f->no_receipt) {
		r = fixture_receipt(f, m);
		(void)fixture_sign(f, &sigs, "R.consumer", r);
	}
	struct json *i = fixture_invoice(f, g, m, r);
	struct str s = fixture_sign(f, &sigs, "I.provider", i), b = {0};
	struct json *act = fixture_act(f, "invoice.issue", i, s, b);
	fixture_bend(f, "act.issue", &act);
	struct json *e = fixture_evidence(f, act, false);
	fixture_bend(f, "log.issue", &e);
	json_set(&core, "issue", e);
	if (!f->link && !f->unsigned_by_buyer) {
		b = fixture_sign(f, &sigs, "I.consumer", i);
		act = fixture_act(f, "invoice.accept", i, s, b);
		fixture_bend(f, "act.accept", &act);
		e = fixture_evidence(f, act, !f->wrong_log);
		fixture_bend(f, "log.accept", &e);
		json_set(&core, "accept", e);
	}
	fixture_bend(f, "sigs", &sigs);
	json_set(&core, "G", g);
	if (m != NULL)
		json_set(&core, "M", m);
	if (r != NULL)
		json_set(&core, "R", r);
	json_set(&core, "I", i);
	json_set(&core, "sigs", sigs);
	fixture_bend(f, "core", &core);
	return core;
}

/* The file's bytes; empty where something failed. */
static inline struct str fixture_file(struct fixture *f)
{
	struct ctx *c = f->c;
	struct str text = {0};
	for (size_t i = 0; i < countof(f->keys); i++) {
		uint8_t seed[SEED_BYTES];
		memset(seed, (int)i + 1, sizeof seed);
		if (key_from_seed(c, seed, &f->keys[i]) != OK)
			return text;
	}
	struct json *core = fixture_core(f), *file = json_object(c);
	json_set_num(c, &file, "v", 1);
	json_set(&file, "kind", json_z(c, "invoice-file"));
	json_set(&file, "core", core);
	json_set(&file, "later", f->later != NULL ? f->later(f, core) : json_array(c));
	fixture_bend(f, "file", &file);
	(void)!json_canonical(c, file, LIMIT_INVOICE_FILE, &text);
	for (size_t i = 0; i < countof(f->keys); i++)
		key_free(f->keys[i]);
	return text;
}
