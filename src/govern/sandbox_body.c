#include "govern/sandbox_body.h"

#include "base/limits.h"
#include "codec/day.h"
#include "codec/json_members.h"

enum member {
	TITLE,
	APPLICANT,
	PRODUCT,
	DIFFICULTY,
	RULES,
	DETAILS,
	REASON,
	TEXT,
	BY,
	WHERE,
	KEY,
	MEMBER,
	VOTE,
	RESULT,
	RULE,
	AUTHORITY,
	BASIS,
	RULE_SET,
	UNTIL,
	FROM,
	TO,
	STEP,
	CONDITIONS,
	LIMITS,
	STOP,
	SCOPE,
	PROPOSAL,
	OVERLAP,
	CONFLICT,
	REVISION,
	ROWS,
	SUBJECTS,
	NUMBER,
	OBJECT_BIT,
	ROOT,
	SALT,
	KEYS,
	MEMBERS
};

#define BIT(m) (1ull << (m))
#define AT(member) offsetof(struct sandbox_body, member)
#define DAY_MAX DAY_TEXT
static const char *const votes[] = {"yes", "no", "abstain", NULL};
static const char *const results[] = {"promoted", "normal", "stopped", NULL};
static const char *const bound[] = {"admit", "exit", NULL};
// clang-format off
static const struct json_field members[MEMBERS] = {
	[TITLE] = {"title", JSON_K_TEXT, true, AT(title), LIMIT_NAME, NULL},
	[APPLICANT] = {"applicant", JSON_K_TEXT, true, AT(applicant), LIMIT_NAME, NULL},
	[PRODUCT] = {"product", JSON_K_TEXT, true, AT(product), LIMIT_DID, NULL},
	[DIFFICULTY] = {"difficulty", JSON_K_TEXT, true, AT(difficulty), LIMIT_TEXT, NULL},
	[RULES] = {"rules", JSON_K_ARRAY, true, AT(rules), 0, NULL},
	[DETAILS] = {"details", JSON_K_OBJECT, true, AT(details), 0, NULL},
	[REASON] = {"reason", JSON_K_TEXT, true, AT(reason), LIMIT_REASON, NULL},
	[TEXT] = {"text", JSON_K_TEXT, true, AT(text), LIMIT_TEXT, NULL},
	[BY] = {"by", JSON_K_TEXT, true, AT(by), LIMIT_NAME, NULL},
	[WHERE] = {"where", JSON_K_TEXT, true, AT(where), LIMIT_URL, NULL},
	[KEY] = {"key", JSON_K_TEXT, true, AT(key), LIMIT_NAME, NULL},
	[MEMBER] = {"member", JSON_K_TEXT, true, AT(member), LIMIT_NAME, NULL},
	[VOTE] = {"vote", JSON_K_TEXT, true, AT(vote), 0, votes},
	[RESULT] = {"result", JSON_K_TEXT, true, AT(result), 0, results},
	[RULE] = {"rule", JSON_K_TEXT, true, AT(rule), LIMIT_NAME, NULL},
	[AUTHORITY] = {"authority", JSON_K_TEXT, true, AT(authority), LIMIT_NAME, NULL},
	[BASIS] = {"basis", JSON_K_TEXT, true, AT(basis), LIMIT_REASON, NULL},
	[RULE_SET] = {"ruleSet", JSON_K_TEXT, true, AT(rule_set), 64, NULL},
	[UNTIL] = {"until", JSON_K_TEXT, true, AT(until), DAY_MAX, NULL},
	[FROM] = {"from", JSON_K_TEXT, true, AT(from), DAY_MAX, NULL},
	[TO] = {"to", JSON_K_TEXT, true, AT(to), DAY_MAX, NULL},
	[STEP] = {"step", JSON_K_TEXT, true, AT(step), 0, bound},
	[CONDITIONS] = {"conditions", JSON_K_ARRAY, true, AT(conditions), 0, NULL},
	[LIMITS] = {"limits", JSON_K_OBJECT, true, AT(limits), 0, NULL},
	[STOP] = {"stop", JSON_K_ARRAY, true, AT(stop), 0, NULL},
	[SCOPE] = {"scope", JSON_K_OBJECT, true, AT(scope), 0, NULL},
	[PROPOSAL] = {"proposal", JSON_K_OBJECT, true, AT(proposal), 0, NULL},
	[OVERLAP] = {"overlap", JSON_K_ARRAY, true, AT(overlap), 0, NULL},
	[CONFLICT] = {"conflict", JSON_K_BOOL, true, AT(conflict), 0, NULL},
	[REVISION] = {"revision", JSON_K_INT, true, AT(revision), 0, NULL},
	[ROWS] = {"records", JSON_K_INT, true, AT(rows), 0, NULL},
	[SUBJECTS] = {"subjects", JSON_K_INT, true, AT(subjects), 0, NULL},
	[NUMBER] = {"number", JSON_K_INT, true, AT(number), 0, NULL},
	[OBJECT_BIT] = {"bit", JSON_K_INT, true, AT(bit), 0, NULL},
	[ROOT] = {"root", JSON_K_HEX32, true, AT(root), 0, NULL},
	[SALT] = {"salt", JSON_K_HEX32, true, AT(salt), 0, NULL},
	[KEYS] = {"keys", JSON_K_HEX32, true, AT(keys), 0, NULL},
};

static const struct {
	const char *type;
	uint64_t must, may;
	enum sandbox_step step;
} rows[] = {
	{"sandbox.open", BIT(TITLE) | BIT(APPLICANT) | BIT(DIFFICULTY), BIT(PRODUCT) | BIT(RULES) | BIT(DETAILS), SANDBOX_STEPS},
	{"sandbox.submit", 0, BIT(TEXT) | BIT(DETAILS), SANDBOX_SUBMIT},
	{"sandbox.check", 0, BIT(TEXT), SANDBOX_CHECK},
	{"sandbox.return", BIT(REASON) | BIT(UNTIL), 0, SANDBOX_RETURN},
	{"sandbox.refer", 0, BIT(TEXT), SANDBOX_REFER},
	{"sandbox.admit", BIT(REASON), BIT(CONDITIONS), SANDBOX_ADMIT},
	{"sandbox.reject", BIT(REASON), 0, SANDBOX_REJECT},
	{"sandbox.plan", BIT(PRODUCT) | BIT(LIMITS) | BIT(UNTIL), BIT(KEY) | BIT(CONDITIONS) | BIT(STOP) | BIT(TEXT), SANDBOX_PLAN},
	{"sandbox.notice", BIT(TO) | BIT(WHERE), BIT(TEXT), SANDBOX_NOTICE},
	{"sandbox.start", 0, BIT(TEXT), SANDBOX_START},
	{"sandbox.incident", BIT(TEXT), BIT(BY), SANDBOX_REPORT_INCIDENT},
	{"sandbox.suspend", BIT(REASON), 0, SANDBOX_SUSPEND},
	{"sandbox.resume", BIT(REASON), 0, SANDBOX_RESUME},
	{"sandbox.terminate", BIT(REASON), 0, SANDBOX_TERMINATE},
	{"sandbox.report", BIT(TEXT), BIT(DETAILS), SANDBOX_REPORT},
	{"sandbox.evaluate", 0, BIT(TEXT), SANDBOX_EVALUATE},
	{"sandbox.exit", BIT(RESULT) | BIT(REASON), BIT(PROPOSAL), SANDBOX_LEAVE},
	{"sandbox.extend", BIT(REASON) | BIT(UNTIL), 0, SANDBOX_EXTEND},
	{"sandbox.archive", 0, BIT(TEXT), SANDBOX_ARCHIVE},
	{"sandbox.declare", BIT(MEMBER) | BIT(CONFLICT), BIT(REASON), SANDBOX_DECLARE},
	{"sandbox.vote", BIT(MEMBER) | BIT(VOTE), BIT(REASON), SANDBOX_VOTE},
	{"sandbox.opinion", BIT(MEMBER) | BIT(VOTE) | BIT(REASON), 0, SANDBOX_OPINE},
	{"sandbox.complain", BIT(BY) | BIT(TEXT), 0, SANDBOX_COMPLAIN},
	{"sandbox.answer", BIT(NUMBER) | BIT(TEXT), 0, SANDBOX_ANSWER},
	{"sandbox.exempt", BIT(RULE) | BIT(AUTHORITY) | BIT(BASIS) | BIT(FROM) | BIT(TO) | BIT(RULE_SET), BIT(SCOPE) | BIT(CONDITIONS), SANDBOX_EXEMPT},
	{"sandbox.safeguard", BIT(RULE) | BIT(TEXT), BIT(RULE_SET), SANDBOX_SAFEGUARD},
	{"sandbox.measure", BIT(REVISION) | BIT(OBJECT_BIT) | BIT(ROOT) | BIT(ROWS) | BIT(SUBJECTS) | BIT(OVERLAP) | BIT(SALT) | BIT(KEYS) | BIT(KEY), 0, SANDBOX_MEASURE},
	{"sandbox.assent", BIT(STEP) | BIT(PROPOSAL), 0, SANDBOX_STEPS},
};
// clang-format on

static err read_day(struct ctx *c, struct str text, const char *name, int64_t *ret)
{
	ENSURE(text.n == 0 || day_parse(text, ret), c, ERR_BAD_VALUE,
		"'%s' is not a day, YYYY-MM-DD", name);
	return OK;
}

/* What must be said is said. */
static err check_empty(struct ctx *c, const struct json *body, uint64_t must)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		const struct json *j = json_get(body, members[i].name);
		ENSURE((must & BIT(i)) == 0 || members[i].kind != JSON_K_TEXT ||
				str_trim(json_text(j)).n > 0,
			c, ERR_BAD_VALUE, "'%s' says nothing", members[i].name);
	}
	return OK;
}

static enum sandbox_step step_of(enum sandbox_step step, struct str result)
{
	if (step != SANDBOX_LEAVE)
		return step;
	return str_is(result, "promoted")  ? SANDBOX_PROMOTE
	       : str_is(result, "stopped") ? SANDBOX_STOP
					   : SANDBOX_LEAVE;
}

err sandbox_body_read(
	struct ctx *c, struct str type, const struct json *body, struct sandbox_body *ret)
{
	struct sandbox_body b = {.conflict = false};
	size_t i = 0;
	while (i < countof(rows) && !str_is(type, rows[i].type))
		i++;
	ENSURE(i < countof(rows), c, ERR_NOT_FOUND, "there is no act %.*s",
		FMT(str_sub(type, 0, 64)));
	TRY(json_read_members(c, body, members, MEMBERS, rows[i].must, rows[i].may, &b));
	TRY(check_empty(c, body, rows[i].must));
	TRY(read_day(c, b.until, "until", &b.until_day));
	TRY(read_day(c, b.from, "from", &b.from_day));
	TRY(read_day(c, b.to, "to", &b.to_day));
	b.taken = step_of(rows[i].step, b.result);
	*ret = b;
	return OK;
}
