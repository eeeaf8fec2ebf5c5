#include "party/inbox.h"

#include "tests/tap.h"

#include "base/limits.h"

static const char *did; /* what the kinds were last asked to do */

/* Three rows, with the keys 0 to 2. */
static err list_one(struct ctx *c, struct store *db, struct inbox_page *p)
{
	(void)db;
	for (int64_t at = p->at + 1; at < 3 && inbox_room(p) > 0; at++)
		inbox_add(p, json_object(c), at, STR("key"));
	return OK;
}

static err approve_one(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	(void)n;
	(void)ret;
	ENSURE(str_is(id, "urn:one"), c, ERR_NOT_FOUND, "not mine");
	ENSURE(str_is(actor, "operator"), c, ERR_FORBIDDEN, "not yours");
	did = "approved one";
	return OK;
}

static err refuse_one(struct ctx *c, struct acts *n, struct str actor, struct str id,
	struct str reason, struct entry *ret)
{
	(void)reason;
	TRY(approve_one(c, n, actor, id, ret));
	did = "refused one";
	return OK;
}

static err list_none(struct ctx *c, struct store *db, struct inbox_page *p)
{
	(void)c;
	(void)db;
	(void)p;
	return OK;
}

static err approve_none(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	(void)n;
	(void)actor;
	(void)ret;
	return fail(c, ERR_NOT_FOUND, "nothing under %.*s", FMT(id));
}

static err refuse_none(struct ctx *c, struct acts *n, struct str actor, struct str id,
	struct str reason, struct entry *ret)
{
	(void)reason;
	return approve_none(c, n, actor, id, ret);
}

static const struct inbox_kind none = {"none", ROLE_OWNER, list_none, approve_none, refuse_none};
static const struct inbox_kind one = {"one", ROLE_REVIEWER, list_one, approve_one, refuse_one};

static void test_pages(struct ctx *c)
{
	static const struct inbox_kind *const kinds[] = {&one, &none, &one};
	const struct inbox in = {kinds, countof(kinds)};
	struct inbox_page p = {.at = -1, .max = 4};
	ok(inbox_list(c, NULL, &in, &p) == OK && p.n == 4, "a page is filled");
	ok(p.rows[2].kind == 0 && p.rows[2].at == 2 && p.rows[3].kind == 2 && p.rows[3].at == 0,
		"kind after kind");
	ok(str_is(p.rows[3].id, "key"), "each row with its key");
	p = (struct inbox_page){.kind = 2, .at = 0, .id = STR("key"), .max = 4};
	ok(inbox_list(c, NULL, &in, &p) == OK && p.n == 2 && p.rows[0].at == 1,
		"the next goes on behind the last");
	p = (struct inbox_page){.kind = 7, .at = 0, .max = 4};
	ok(inbox_list(c, NULL, &in, &p) == OK && p.n == 0, "behind all kinds there is nothing");
}

int main(void)
{
	static const struct inbox_kind *const kinds[] = {&none, &one};
	const struct inbox in = {kinds, countof(kinds)};
	const struct str who = STR("operator"), why = STR("no"), id = STR("urn:one");
	static char long_reason[LIMIT_REASON + 1];
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	struct entry e;
	memset(long_reason, 'x', sizeof long_reason);
	test_pages(&c);
	is_int(inbox_approve(&c, NULL, &in, who, id, &e), OK, "its kind is found");
	is_str(did, "approved one", "and asked");
	is_int(inbox_approve(&c, NULL, &in, STR("x"), id, &e), ERR_FORBIDDEN,
		"its no is passed on");
	is_int(inbox_approve(&c, NULL, &in, who, STR("urn:two"), &e), ERR_NOT_FOUND,
		"else nothing waits");
	is_int(inbox_refuse(&c, NULL, &in, who, id, why, &e), OK, "the same for a refusal");
	is_str(did, "refused one", "which is another step");
	is_int(inbox_refuse(&c, NULL, &in, who, STR("urn:two"), why, &e), ERR_NOT_FOUND, "nothing");
	is_int(inbox_refuse(&c, NULL, &in, who, id, STR(""), &e), ERR_BAD_VALUE,
		"it needs a reason");
	is_int(inbox_refuse(
		       &c, NULL, &in, who, id, (struct str){long_reason, sizeof long_reason}, &e),
		ERR_BAD_VALUE, "of no more than the limit");
	is_int(inbox_refuse(&c, NULL, &in, who, id, (struct str){long_reason, LIMIT_REASON}, &e),
		OK, "up to which it may be");
	arena_free(c.arena);
	return done_testing();
}
