#include "contract/agreement_assent.h"

#include "codec/time.h"
#include "contract/agreement_follow.h"
#include "contract/agreement_states.h"
#include "contract/easing.h"

#define LAPSES 50u

struct assent_body {
	struct str step;
	struct hash document;
};

static const struct json_field assent_fields[] = {
	{"step", JSON_K_TEXT, false, offsetof(struct assent_body, step), 0, NULL},
	{"document", JSON_K_HEX32, true, offsetof(struct assent_body, document), 0, NULL},
};

err agreement_assent(struct ctx *c, struct acts *n, const struct agreement_row *r, struct str actor,
	struct entry *ret, bool *ret_first)
{
	struct agreement_rules rules;
	struct assent known;
	struct json *body = json_object(c);
	const struct agreement_next *next = agreement_next(r);
	TRY(agreement_rules(c, acts_db(n), &rules));
	*ret_first = false;
	if (next == NULL || !next->binds || !rules.binding.two_people)
		return OK;
	err e = assent_find(c, acts_db(n), r->negotiation, next->type, &known);
	if (e != ERR_NOT_FOUND)
		return e;
	json_set(&body, "step", json_z(c, next->type));
	if (r->has_document)
		json_set_hex(c, &body, "document", r->document.b, HASH_BYTES);
	const struct act a = {STR("agreement.assent"), actor, r->negotiation, body, NULL};
	*ret_first = true;
	return acts_do(c, n, &a, ret);
}

err agreement_attach(struct ctx *c, struct acts *n, const struct agreement_row *r, struct str actor,
	const struct attachment *file, struct entry *ret)
{
	const struct act a = {
		STR("agreement.attach"), actor, r->negotiation, attachment_json(c, file), NULL};
	return acts_do(c, n, &a, ret);
}

err agreement_waits(struct ctx *c, struct store *db, const struct agreement_row *r, struct json **o)
{
	struct agreement_rules rules;
	struct str until;
	const struct agreement_next *next = agreement_next(r);
	if (next == NULL)
		return OK;
	TRY(agreement_rules(c, db, &rules));
	if (!next->binds)
		rules.binding = (struct binding){.two_people = false};
	TRY(assent_say(c, db, &rules.binding, rules.by_person, r->negotiation, next->type, o));
	if (r->open_until_ms == 0)
		return OK;
	TRY(time_str(c, r->open_until_ms, &until));
	json_set_str(c, o, "openUntil", until);
	return OK;
}

err agreement_lapse(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n)
{
	struct agreement_row *rows;
	size_t rows_n = 0;
	*ret_n = 0;
	NEW_N(c, rows, LAPSES);
	TRY(agreement_unsigned(c, acts_db(n), now_ms, LAPSES, rows, &rows_n));
	for (size_t i = 0; i < rows_n; i++) {
		err e = agreement_end(c, n, &rows[i], STR("node"),
			STR("it was not signed here before openUntil"), NULL);
		if (e != OK && err_is_fault(e))
			return e;
		*ret_n += e == OK;
	}
	return OK;
}

err agreement_link_may(struct ctx *c, struct store *db)
{
	struct agreement_rules r;
	TRY(agreement_rules(c, db, &r));
	ENSURE(!r.binding.two_people && !r.binding.stamped, c, ERR_BAD_STATE,
		"agreements are concluded here by two people or on a stamped contract, and a link "
		"would conclude one at once: let the other side join, or change shugu contract "
		"policy");
	return OK;
}

static err decide_assent(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct assent_body b = {.step = {"", 0}};
	struct agreement_row r;
	(void)at_ms;
	TRY(json_read(c, a->body, assent_fields, countof(assent_fields), false, &b));
	TRY(agreement_find(c, db, a->subject, &r));
	const struct agreement_next *next = agreement_next(&r);
	ENSURE(next != NULL && next->binds && str_is(b.step, next->type), c, ERR_BAD_STATE,
		"this step does not wait");
	ENSURE(r.has_document == (json_get(a->body, "document") != NULL) &&
			(!r.has_document || hash_eq(&r.document, &b.document)),
		c, ERR_BAD_DIGEST, "this is another agreement");
	return assent_decide(c, db, a->actor, a->subject, b.step);
}

static err apply_assent(struct ctx *c, struct store *db, const struct entry *e)
{
	return assent_apply(c, db, e->subject, json_text(json_get(e->body, "step")), e);
}

static err decide_attach(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_row r;
	(void)at_ms;
	TRY(agreement_find(c, db, a->subject, &r));
	ENSURE(str_eq(r.negotiation, a->subject), c, ERR_NOT_FOUND, "there is no such negotiation");
	ENSURE(r.state != AGREEMENT_TERMINATED, c, ERR_BAD_STATE, "this negotiation has ended");
	return attachment_decide(c, db, a->subject, a->body, NULL);
}

static err apply_attach(struct ctx *c, struct store *db, const struct entry *e)
{
	return attachment_apply(c, db, e->subject, e, NULL);
}

static err guard_step(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_rules r;
	const char *step =
		str_is(a->type, "agreement.offer") ? "agreement.offer" : "agreement.conclude";
	(void)at_ms;
	TRY(agreement_rules(c, db, &r));
	return assent_ask(c, db, &r.binding, a->subject, step, a->actor);
}

static err guard_linked(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	(void)a;
	(void)at_ms;
	return agreement_link_may(c, db);
}

/* Nobody lifts alone what two people decide. */
static err guard_policy(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct agreement_rules rules;
	(void)at_ms;
	TRY(agreement_rules(c, db, &rules));
	return easing_ask(c, db, "agreement", &rules.binding, a);
}

static const struct act_type types[] = {
	{"agreement.assent", decide_assent, apply_assent},
	{"agreement.attach", decide_attach, apply_attach},
};
static const struct guard guards[] = {
	{"agreement.offer", guard_step},
	{"agreement.conclude", guard_step},
	{"agreement.linked", guard_linked},
	{"agreement.policy", guard_policy},
};
static const struct reaction reactions[] = {{"agreement.attach", follow_attach}};

static const struct due dues[] = {{"agreements that were not signed in time", agreement_lapse}};

const struct module assent_module = {.name = "assent",
	.types = types,
	.types_n = countof(types),
	.migrations = assent_migrations,
	.migrations_n = ASSENT_MIGRATIONS,
	.guards = guards,
	.guards_n = countof(guards),
	.dues = dues,
	.dues_n = countof(dues),
	.reactions = reactions,
	.reactions_n = countof(reactions)};
