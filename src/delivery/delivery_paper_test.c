#include "delivery/delivery_paper.h"

#include "tests/tap.h"

#include "delivery/fixture_test.h"

static struct json *shown(struct ctx *c, struct house *by, struct json *document, const char *kind)
{
	struct json *o = json_object(c);
	struct str bytes, signature;
	if (json_canonical(c, document, LIMIT_DOCUMENT, &bytes) != OK ||
		key_sign_jws(c, by->self.key, str_z(kind), by->self.kid, bytes, &signature) != OK)
		return NULL;
	json_set(&o, "document", document);
	json_set_str(c, &o, "signature", signature);
	return o;
}

static struct json *document(struct ctx *c, struct house *h, const struct hash *digest)
{
	const struct json *j = NULL;
	return content_get_json(c, h->db, digest, &j) == OK ? json_copy(c, j) : NULL;
}

static void hex_of(struct ctx *c, struct json **o, const char *name, uint8_t first)
{
	struct hash h = {{first}};
	json_set_hex(c, o, name, h.b, HASH_BYTES);
}

/* M with one member changed and signed again, as a seller could send it. */
static void test_manifest(struct ctx *c, struct deal *d, const struct delivery_row *b)
{
	struct delivery_token t;
	struct delivery_paper p;
	struct json *m;
	struct house *s = &d->p.s;
	const struct delivery_row before = {.id = b->id, .request = b->request};
	is_int(delivery_store_token(c, d->p.b.db, b->id, &t), OK, "a token");
#define TAKE(o, tok) \
	delivery_paper_take_manifest( \
		c, d->p.b.acts, &d->b, &before, shown(c, s, o, "manifest"), tok, &p)
	m = document(c, &d->p.b, &b->manifest);
	is_int(TAKE(m, t.token), OK, "the manifest as it is");
	m = document(c, &d->p.b, &b->manifest);
	is_int(TAKE(m, STR("x")), ERR_BAD_DIGEST, "with another token");
	m = document(c, &d->p.b, &b->manifest);
	hex_of(c, &m, "root", 8);
	is_int(TAKE(m, t.token), ERR_BAD_DIGEST, "of another object than was agreed");
	m = document(c, &d->p.b, &b->manifest);
	json_set_num(c, &m, "size", 1001);
	is_int(TAKE(m, t.token), ERR_BAD_VALUE, "of another size");
	m = document(c, &d->p.b, &b->manifest);
	hex_of(c, &m, "request", 1);
	is_int(TAKE(m, t.token), ERR_BAD_DIGEST, "for another request");
	m = document(c, &d->p.b, &b->manifest);
	hex_of(c, &m, "agreement", 1);
	is_int(TAKE(m, t.token), ERR_BAD_DIGEST, "under another agreement");
	m = document(c, &d->p.b, &b->manifest);
	json_set_str(c, &m, "delivery", STR("urn:uuid:01980000-0000-7000-8000-000000000055"));
	is_int(TAKE(m, t.token), ERR_BAD_VALUE, "of another delivery");
	s = &d->p.b;
	is_int(TAKE(document(c, &d->p.b, &b->manifest), t.token), ERR_BAD_SIGNATURE,
		"signed by somebody else");
#undef TAKE
}

static struct json *receipt(struct ctx *c, struct deal *d, const struct delivery_row *s,
	const char *result, const char *ranges, int64_t bad)
{
	struct json *o = json_object(c);
	const struct json *j = NULL;
	json_set_num(c, &o, "v", 1);
	json_set(&o, "kind", json_z(c, "receipt"));
	json_set_str(c, &o, "id", STR("urn:uuid:01980000-0000-7000-8000-000000000066"));
	json_set_hex(c, &o, "manifest", s->manifest.b, HASH_BYTES);
	json_set_num(c, &o, "seq", 1);
	json_set(&o, "result", json_z(c, result));
	if (json_parse(c, str_z(ranges), &j) == OK)
		json_set(&o, "ranges", json_copy(c, j));
	if (bad >= 0)
		json_set_num(c, &o, "bad", bad);
	return shown(c, &d->p.b, o, "receipt");
}

static void test_receipt(struct ctx *c, struct deal *d, const struct delivery_row *s)
{
	static const struct {
		const char *result, *ranges;
		int64_t bad;
		err want;
		const char *what;
	} rows[] = {{"complete", "[[0,1000]]", -1, OK, "all of it"},
		{"complete", "[[0,999]]", -1, ERR_BAD_VALUE, "complete, but not all"},
		{"complete", "[[0,1001]]", -1, ERR_BAD_VALUE, "more than there is"},
		{"complete", "[]", -1, ERR_BAD_VALUE, "complete, and nothing"},
		{"refused", "[]", 0, OK, "refused at the first chunk"},
		{"refused", "[[2000,2500]]", 0, ERR_BAD_VALUE, "bytes behind the end"},
		{"partial", "[[0,500]]", -1, ERR_NOT_IMPLEMENTED, "a part"}};
	struct delivery_paper p;
	struct receipt r;
	for (size_t i = 0; i < countof(rows); i++) {
		struct json *o = receipt(c, d, s, rows[i].result, rows[i].ranges, rows[i].bad);
		is_int(delivery_paper_take_receipt(c, d->p.s.acts, &d->s, s, o, &r, &p),
			rows[i].want, "%s", rows[i].what);
	}
	struct delivery_row other = *s;
	other.manifest.b[0] ^= 1;
	is_int(delivery_paper_take_receipt(c, d->p.s.acts, &d->s, &other,
		       receipt(c, d, s, "complete", "[[0,1000]]", -1), &r, &p),
		ERR_BAD_DIGEST, "of another manifest");
}

/* What we build is what the other side takes, also for objects of no byte. */
static void test_own(struct ctx *c, struct deal *d, const struct delivery_row *b)
{
	struct delivery_paper p;
	struct receipt r;
	struct json *j;
	struct agreement_row empty = d->b;
	empty.size = 0;
	is_int(delivery_paper_receipt(c, d->p.b.acts, &empty, b, -1, &p), OK, "for nothing");
	j = document(c, &d->p.b, &p.document);
	ok(receipt_read(c, j, &r) == OK && r.ranges.n == 0 && str_is(r.result, "complete"),
		"a complete receipt has no range");
	is_int(delivery_paper_receipt(c, d->p.b.acts, &d->b, b, 0, &p), OK,
		"for a bad first chunk");
	j = document(c, &d->p.b, &p.document);
	ok(receipt_read(c, j, &r) == OK && r.ranges.n == 0 && r.has_bad && r.bad == 0 &&
			str_is(r.result, "refused"),
		"a refusing one names it");
	struct agreement_row large = d->b;
	large.size = 10 * LIMIT_CHUNK;
	is_int(delivery_paper_receipt(c, d->p.b.acts, &large, b, 3, &p), OK, "for a bad fourth");
	j = document(c, &d->p.b, &p.document);
	ok(receipt_read(c, j, &r) == OK && r.ranges.covered == 3 * LIMIT_CHUNK,
		"it says what is good before");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct deal d;
	struct delivery_row s, b;
	is_int(deal_open(&c, &d, "open"), OK, "an agreement is final");
	is_int(deal_begin(&c, &d, 1, &s, &b), OK, "a delivery begins");
	test_manifest(&c, &d, &b);
	test_receipt(&c, &d, &s);
	test_own(&c, &d, &b);
	deal_close(&d);
	return done_testing();
}
