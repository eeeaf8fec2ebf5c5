#include "proof/documents.h"

#include "proof/fixture_test.h"
#include "tests/tap.h"

static err ranges_of(struct ctx *c, const char *text, struct ranges *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return ranges_read(c, j, ret);
}

static void ranges(struct ctx *c)
{
	struct ranges r = {0};
	is_int(ranges_of(c, "[[0,5],[6,10]]", &r), OK, "two ranges");
	is_int((intmax_t)r.n, 2, "are two");
	is_int(r.covered, 9, "of nine bytes");
	is_int(ranges_of(c, "[]", &r), OK, "none");
	is_int(r.covered, 0, "of no byte");
	is_int(ranges_of(c, "[[0,17592186044416]]", &r), OK, "as large as an object may be");
	static const char *const bad[] = {"[[0,5],[5,10]]", "[[0,5],[4,10]]", "[[6,10],[0,5]]",
		"[[1,1]]", "[[2,1]]", "[[-1,1]]", "[[0]]", "[[0,1,2]]", "[0,1]", "{}",
		"[[0,17592186044417]]", "[[0.5,1]]", "[[\"0\",1]]"};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(ranges_of(c, bad[i], &r), ERR_BAD_VALUE, "ranges %s", bad[i]);
}

static void money(void)
{
	is_int(price_tax(0, 600), 0, "no tax on nothing");
	is_int(price_tax(8, 600), 0, "0.48 fen");
	is_int(price_tax(25, 600), 2, "1.5 fen, half up");
	is_int(price_tax(24, 600), 1, "1.44 fen");
	is_int(price_tax((1LL << 53) - 1, 10000), (1LL << 53) - 1, "the largest does not overflow");
	is_int(price_part(100, 1, 3), 33, "33.3");
	is_int(price_part(100, 2, 3), 67, "66.7");
	is_int(price_part(1, 1, 2), 1, "0.5, half up");
	is_int(price_part(100, 0, 3), 0, "nothing");
	is_int(price_part(100, 3, 3), 100, "all");
	is_int(price_part(100, 0, 0), 100, "all of nothing");
	is_int(price_part((1LL << 53) - 1, (1LL << 44) - 1, 1LL << 44), 9007199254740479LL,
		"the largest does not overflow");
}

static void documents(struct ctx *c)
{
	struct fixture f = {.c = c};
	struct str text = fixture_file(&f);
	const struct json *j;
	ok(json_parse(c, text, &j) == OK, "a file");
	const struct json *core = json_get(j, "core");
	struct agreement g = {0};
	struct request q = {0};
	struct manifest m = {0};
	struct receipt r = {0};
	struct invoice i = {0};
	is_int(agreement_read(c, json_get(core, "G"), &g), OK, "G");
	is_int(request_read(c, json_get(core, "Q"), &q), OK, "Q");
	is_int(manifest_read(c, json_get(core, "M"), &m), OK, "M");
	is_int(receipt_read(c, json_get(core, "R"), &r), OK, "R");
	is_int(invoice_read(c, json_get(core, "I"), &i), OK, "I");
	ok(hash_eq(&q.agreement, &g.doc.digest), "Q names G");
	ok(hash_eq(&m.request, &q.doc.digest) && m.has_request, "M names Q");
	ok(hash_eq(&r.manifest, &m.doc.digest), "R names M");
	ok(hash_eq(&i.receipt, &r.doc.digest) && i.has_receipt, "I names R");
	ok(str_is(g.consumer.kid, "did:web:b.example#key-1") && g.consumer.joined, "the parties");
	is_int(i.voucher.ranges.covered, FIXTURE_SIZE, "what was delivered");
	struct request other = q;
	is_int(request_read(c, json_get(core, "M"), &other), ERR_UNKNOWN_MEMBER, "M is no Q");
	ok(hash_eq(&other.doc.digest, &q.doc.digest), "a refusal writes nothing");
	is_int(request_read(c, NULL, &other), ERR_BAD_VALUE, "nothing is no Q");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	ranges(&c);
	money();
	documents(&c);
	arena_free(c.arena);
	return done_testing();
}
