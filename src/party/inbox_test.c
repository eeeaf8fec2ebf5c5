#include "party/inbox.h"

#include "tests/tap.h"

#include "base/limits.h"

static const char *did; /* what the kinds were last asked to do */

static err list_one(struct ctx *c, struct store *db, struct json **rows)
{
	struct json *row = json_object(c);
	(void)db;
	json_set_str(c, &row, "id", STR("urn:one"));
	json_push(rows, row);
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

static err list_none(struct ctx *c, struct store *db, struct json **rows)
{
	(void)c;
	(void)db;
	(void)rows;
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

int main(void)
{
	static const struct inbox_kind none = {
		"none", ROLE_OWNER, list_none, approve_none, refuse_none};
	static const struct inbox_kind one = {
		"one", ROLE_REVIEWER, list_one, approve_one, refuse_one};
	static const struct inbox_kind *const kinds[] = {&none, &one};
	const struct inbox in = {kinds, countof(kinds)};
	const struct str who = STR("operator"), why = STR("no"), id = STR("urn:one");
	static char long_reason[LIMIT_REASON + 1];
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	struct json *rows = NULL;
	struct entry e;
	memset(long_reason, 'x', sizeof long_reason);
	ok(inbox_list(&c, NULL, &in, &rows) == OK && rows->n == 1, "what waits is listed");
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
