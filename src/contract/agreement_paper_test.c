#include "contract/agreement_paper.h"

#include "base/limits.h"
#include "codec/time.h"
#include "tests/tap.h"

#include "contract/fixture_test.h"

/* o with the member at path replaced; NULL takes it out. */
static struct json *bent(struct ctx *c, const struct json *o, struct str path, struct json *value)
{
	struct str head, tail;
	bool deep = str_cut(path, '/', &head, &tail);
	const char *name = arena_z(c->arena, deep ? head : path);
	if (!deep && value == NULL)
		return json_copy_without(c, o, name);
	struct json *copy = json_copy(c, o);
	json_set(&copy, name, deep ? bent(c, json_get(o, name), tail, value) : value);
	return copy;
}

static const struct {
	const char *path, *value; /* JSON */
	err want;
} bends[] = {
	{"object/root", "\"aa00000000000000000000000000000000000000000000000000000000000000\"",
		ERR_BAD_VALUE},
	{"object/size", "1001", ERR_BAD_VALUE},
	{"object/revision", "2", ERR_BAD_VALUE},
	{"price/net", "0", ERR_BAD_VALUE},
	{"scenario/purpose", "\"another\"", ERR_BAD_VALUE},
	{"scenario/until", "\"2030\"", ERR_BAD_VALUE},
	{"receiptWithin", "1", ERR_BAD_VALUE},
	{"provider/name", "\"Somebody\"", ERR_BAD_VALUE},
	{"provider/uscc", NULL, ERR_BAD_VALUE},
	{"consumer/origin", "\"s.example/log\"", ERR_BAD_VALUE},
	{"consumer/did", "\"did:web:c.example\"", ERR_BAD_VALUE},
	{"terms",
		"{\"permission\":[{\"action\":\"use\",\"constraint\":[{\"leftOperand\":"
		"\"count\",\"operator\":\"lteq\",\"rightOperand\":\"1\"}]}]}",
		ERR_BAD_VALUE},
	{"terms", "{}", ERR_TERM_REFUSES},
	{"openUntil", "\"2027-01-15T08:00:00.000Z\"", ERR_GONE},
	{"id", "\"urn:uuid:01980000-0000-7000-8000-000000000009\"", ERR_BAD_VALUE},
	{"agreement", "\"aa00000000000000000000000000000000000000000000000000000000000000\"",
		ERR_BAD_DIGEST},
	{"more", "1", ERR_UNKNOWN_MEMBER},
	{"kind", "\"request\"", ERR_BAD_VALUE},
};

/* The provider signs whatever is bent, so that only the comparison can find it. */
static err check_bent(struct ctx *c, struct pair *p, const struct agreement_row *b,
	const struct paper *paper, const struct json *document)
{
	struct organisation seller;
	struct agreement g;
	struct str bytes, signature;
	TRY(organisation_find(c, p->b.db, p->s.self.did, &seller));
	TRY(json_canonical(c, document, LIMIT_DOCUMENT, &bytes));
	TRY(key_sign_jws(c, p->s.self.key, STR("agreement"), p->s.self.kid, bytes, &signature));
	return paper_check(c, p->b.acts, b, &seller, paper->policy, document, signature, &g);
}

static void test_bends(
	struct ctx *c, struct pair *p, const struct agreement_row *b, const struct paper *paper)
{
	is_int(check_bent(c, p, b, paper, paper->document), OK, "the document as it is");
	for (size_t i = 0; i < countof(bends); i++) {
		const struct json *value = NULL;
		if (bends[i].value != NULL)
			ok(json_parse(c, str_z(bends[i].value), &value) == OK, "a value");
		struct json *g = bent(c, paper->document, str_z(bends[i].path),
			value == NULL ? NULL : json_copy(c, value));
		is_int(check_bent(c, p, b, paper, g), bends[i].want, "%s bent", bends[i].path);
	}
}

static void test_signature(
	struct ctx *c, struct pair *p, const struct agreement_row *b, const struct paper *paper)
{
	struct organisation seller;
	struct agreement g;
	struct str bytes, text = {"", 0};
	struct hash kept;
	ok(organisation_find(c, p->b.db, p->s.self.did, &seller) == OK &&
			json_canonical(c, paper->document, LIMIT_DOCUMENT, &bytes) == OK &&
			paper_sign(c, p->b.acts, bytes, &kept) == OK &&
			content_get(c, p->b.db, &kept, &text) == OK,
		"the buyer signs in the seller's place");
	is_int(paper_check(c, p->b.acts, b, &seller, paper->policy, paper->document, text, &g),
		ERR_BAD_SIGNATURE, "which is found");
}

static void test_policy(
	struct ctx *c, struct pair *p, const struct agreement_row *b, const struct paper *paper)
{
	is_int(paper_check_policy(c, p->b.acts, b, paper->policy, true), OK, "the policy as it is");
	const struct json *other = bent(c, paper->policy, STR("target"), json_z(c, "urn:another"));
	is_int(paper_check_policy(c, p->b.acts, b, other, false), ERR_BAD_VALUE, "another target");
	other = bent(c, paper->policy, STR("assignee"), json_z(c, "did:web:c.example"));
	is_int(paper_check_policy(c, p->b.acts, b, other, true), ERR_BAD_VALUE, "another assignee");
	is_int(paper_check_policy(c, p->b.acts, b, other, false), OK,
		"whom a plain connector may call as it likes");
	other = bent(c, paper->policy, STR("permission"), json_array(c));
	is_int(paper_check_policy(c, p->b.acts, b, other, false), ERR_TERM_REFUSES,
		"a policy that allows nothing");
}

/* How long an offer stands: by who is asked, or by what the policy says. */
static void test_open(struct ctx *c, struct pair *p, const struct agreement_row *s,
	const struct organisation *buyer)
{
	const struct {
		int64_t open_for_s, want_ms;
		bool outbound;
	} rows[] = {{0, LIMIT_AGREEMENT_OPEN_MS, false}, {0, LIMIT_AGREEMENT_OPEN_CARRIED_MS, true},
		{7200, 7200000, false}, {60, 60000, true}};
	for (size_t i = 0; i < countof(rows); i++) {
		struct json *o = json_object(c);
		struct organisation peer = *buyer;
		struct paper paper;
		int64_t until = 0;
		peer.outbound = rows[i].outbound;
		json_set_num(c, &o, "openFor", rows[i].open_for_s);
		is_int(agreement_policy(c, p->s.acts, STR("operator"), o), OK, "a policy");
		ok(paper_build(c, p->s.acts, s, &peer, &paper) == OK &&
				time_parse(paper.open_until, &until),
			"G is built");
		is_int(until - acts_now_ms(p->s.acts), rows[i].want_ms, "and stands so long");
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	struct agreement_row s, b;
	struct incoming in;
	struct str negotiation;
	struct organisation buyer;
	struct paper paper;
	if (!ok(pair_open(&c, &p) == OK && pair_ask(&c, &p, &in, &negotiation) == OK &&
			    take_request(&c, p.s.acts, &in, &s) == OK &&
			    agreement_find(&c, p.b.db, negotiation, &b) == OK &&
			    organisation_find(&c, p.s.db, p.b.self.did, &buyer) == OK,
		    "a request"))
		printf("# %s\n", c.trouble.detail);
	ok(paper_build(&c, p.s.acts, &s, &buyer, &paper) == OK, "G is built");
	test_open(&c, &p, &s, &buyer);
	test_bends(&c, &p, &b, &paper);
	test_signature(&c, &p, &b, &paper);
	test_policy(&c, &p, &b, &paper);
	pair_close(&p);
	return done_testing();
}
