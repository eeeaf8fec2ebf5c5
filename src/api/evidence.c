/* /api/v1/evidence: the digest of anything goes into the log, and E of it comes back. */
#include "api/node_routes.h"
#include "base/limits.h"
#include "codec/uuid.h"

struct input {
	struct str subject, digest;
};

static const struct json_field fields[] = {
	{"subject", JSON_K_TEXT, true, offsetof(struct input, subject), LIMIT_NAME, NULL},
	{"digest", JSON_K_TEXT, false, offsetof(struct input, digest), 80, NULL},
};

static err post(struct ctx *c, struct call *k)
{
	struct input in = {.subject = {0}};
	struct json *body = json_object(c);
	struct entry e;
	TRY(json_read(c, k->body, fields, countof(fields), false, &in));
	if (in.subject.n == 0)
		TRY(uuid_new_urn(c, acts_env(k->acts), &in.subject));
	json_set_str(c, &body, "digest", in.digest);
	const struct act a = {STR("evidence.anchor"), k->caller, in.subject, body, NULL};
	TRY(acts_do(c, k->acts, &a, &e));
	k->index = e.index;
	return OK;
}

static err say_proof(struct ctx *c, struct call *k)
{
	k->answer.status = 201;
	return commit_evidence_text(c, acts_log(k->acts), k->index, &k->answer.body);
}

static err say_old(struct ctx *c, struct call *k)
{
	uint64_t index;
	ENSURE(str_u64(k->param[0], &index), c, ERR_BAD_VALUE, "an index is a number");
	k->answer.status = 200;
	return commit_evidence_text(c, acts_log(k->acts), index, &k->answer.body);
}

static const struct json_field proof_answer[] = {
	{.name = "act", .kind = JSON_K_OBJECT},
	{.name = "head", .kind = JSON_K_TEXT},
	{.name = "index", .kind = JSON_K_INT},
	{.name = "path", .kind = JSON_K_ARRAY},
	{.name = "salt", .kind = JSON_K_TEXT},
};
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/evidence", GIVES(proof_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(fields), .act = post, .say = say_proof,
		.doc = "Anchors a digest ({subject?, digest}) in the log and answers its proof."},
	{.method = "GET", .path = "/api/v1/evidence/{index}", GIVES(proof_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .say = say_old,
		.doc = "The proof of an act by its place in the log, the same bytes whenever it is asked."},
};
// clang-format on
const struct routes evidence_routes = {rows, countof(rows)};
