#include "govern/registration_facts.h"

#include "base/limits.h"
#include "codec/json_time.h"
#include "crypto/hash.h"
#include "govern/registration_messages.h"

#define CORRECTIONS_MAX 50u
#define REMARKS_MAX 20u

int64_t registration_day(const struct json *o, const char *name)
{
	int64_t day = 0;
	return day_parse(json_text(json_get(o, name)), &day) ? day : 0;
}

#define TEXT_ROW(name) \
	{ \
#name, JSON_K_TEXT, true, offsetof(struct registration_content, name), 0, NULL \
	}
#define TREE_ROW(name, kind) \
	{ \
#name, kind, true, offsetof(struct registration_content, name), 0, NULL \
	}
static const struct json_field fields[] = {
	TEXT_ROW(kind),
	TEXT_ROW(name),
	TEXT_ROW(overview),
	TEXT_ROW(source),
	TEXT_ROW(origin),
	TEXT_ROW(basis),
	TEXT_ROW(platform),
	TEXT_ROW(territory),
	TEXT_ROW(product),
	TEXT_ROW(previous),
	TEXT_ROW(reason),
	TEXT_ROW(limit),
	TEXT_ROW(by),
	TEXT_ROW(outcome),
	TEXT_ROW(place),
	TEXT_ROW(ground),
	TEXT_ROW(code),
	TEXT_ROW(from),
	TEXT_ROW(to),
	TEXT_ROW(description),
	TEXT_ROW(sourcing),
	TEXT_ROW(title),
	TEXT_ROW(dossier),
	TEXT_ROW(evidence),
	TREE_ROW(days, JSON_K_INT),
	TREE_ROW(official, JSON_K_BOOL),
	TREE_ROW(holder, JSON_K_OBJECT),
	TREE_ROW(rights, JSON_K_ARRAY),
	TREE_ROW(corrections, JSON_K_ARRAY),
	TREE_ROW(remarks, JSON_K_ARRAY),
	TREE_ROW(remark, JSON_K_OBJECT),
};

/* Members that a step must and may have, with a space before and behind each. */
static const struct {
	const char *needs, *may;
} contents[REG_EVENTS] = {
	// clang-format off
	[REG_APPLY] = {" kind name overview source rights holder dossier ", " origin basis platform territory product previous reason "},
	[REG_CORRECT] = {" kind name overview source rights holder dossier ", " origin basis platform territory product previous reason "},
	[REG_RECEIVE] = {" ", " "},
	[REG_BOUNCE] = {" reason ", " "},
	[REG_RETURN] = {" corrections limit ", " "},
	[REG_EXPIRE] = {" ", " "},
	[REG_ACCEPT] = {" ", " "},
	[REG_DEEM] = {" ", " "},
	[REG_EXTEND] = {" days reason ", " "},
	[REG_ASK] = {" reason ", " limit "},
	[REG_SUPPLY] = {" dossier ", " reason "},
	[REG_REVIEW] = {" description sourcing title ", " "},
	[REG_PUBLISH] = {" from to ", " place "},
	[REG_WAIVE] = {" reason ", " "},
	[REG_OBJECT] = {" by reason ", " evidence "},
	[REG_RESOLVE] = {" outcome ", " "},
	[REG_CLEAR] = {" ", " "},
	[REG_DEPOSIT] = {" evidence ", " place "},
	[REG_ISSUE] = {" code rights from to official ", " remarks territory "},
	[REG_CLOSE] = {" ", " reason "},
	[REG_REFUSE] = {" ground reason ", " "},
	[REG_WITHDRAW] = {" reason ", " "},
	[REG_REMARK] = {" remark ", " "},
	[REG_CONTEST] = {" by reason ", " evidence "},
	[REG_NOTIFY] = {" ", " reason "},
	[REG_SETTLE] = {" outcome ", " "},
	[REG_REVOKE] = {" reason ", " "},
	[REG_LAPSE] = {" ", " "},
	[REG_SUPERSEDE] = {" ", " "},
	[REG_CANCEL] = {" ", " "},
	// clang-format on
};

static bool listed(const char *list, struct str name)
{
	struct str rest = str_z(list), word;
	while (str_cut(rest, ' ', &word, &rest)) {
		if (word.n > 0 && str_eq(word, name))
			return true;
	}
	return false;
}

static err check_members(struct ctx *c, enum registration_event event, const struct json *content)
{
	struct str rest = str_z(contents[event].needs), word;
	while (str_cut(rest, ' ', &word, &rest)) {
		char name[32] = {0};
		if (word.n == 0)
			continue;
		for (size_t i = 0; i < word.n && i + 1 < sizeof name; i++)
			name[i] = word.p[i];
		const struct json *j = json_get(content, name);
		ENSURE(j != NULL && (j->type != JSON_STRING || j->text.n > 0), c,
			ERR_MISSING_MEMBER, "%s needs '%s'", registration_event_name(event), name);
	}
	for (const struct json *j = content->first; j != NULL; j = j->next)
		ENSURE(listed(contents[event].needs, j->name) ||
				listed(contents[event].may, j->name),
			c, ERR_UNKNOWN_MEMBER, "%s takes no '%.*s'", registration_event_name(event),
			FMT(j->name));
	return OK;
}

err registration_content_read(struct ctx *c, enum registration_event event,
	const struct json *content, struct registration_content *ret)
{
	struct registration_content r = {.days = 0};
	struct hash h;
	ENSURE(content != NULL && content->type == JSON_OBJECT, c, ERR_MISSING_MEMBER,
		"'content' is an object");
	TRY(check_members(c, event, content));
	TRY(json_read(c, content, fields, countof(fields), false, &r));
	ENSURE(r.dossier.n == 0 || hash_parse(r.dossier, &h), c, ERR_BAD_VALUE,
		"'dossier' is a SHA-256");
	ENSURE(r.evidence.n == 0 || hash_parse(r.evidence, &h), c, ERR_BAD_VALUE,
		"'evidence' is a SHA-256");
	*ret = r;
	return OK;
}

static err check_list(struct ctx *c, const struct json *list, size_t max, const char *what)
{
	ENSURE(list->n >= 1 && list->n <= max, c, ERR_BAD_VALUE, "%s: 1 to %zu", what, max);
	for (const struct json *j = list->first; j != NULL; j = j->next)
		ENSURE(json_text(j).n > 0 && json_text(j).n <= LIMIT_REASON, c, ERR_BAD_VALUE,
			"%s: texts of 1 to %u bytes", what, LIMIT_REASON);
	return OK;
}

static err check_remark(struct ctx *c, const struct json *r)
{
	struct str kind = json_text(json_get(r, "kind")), text = json_text(json_get(r, "text"));
	ENSURE(r->type == JSON_OBJECT && r->n == 2 &&
			registration_word(registration_remark_kinds, kind) != NULL && text.n > 0 &&
			text.n <= LIMIT_REASON,
		c, ERR_BAD_VALUE,
		"a remark is {kind: terms, seizure or restriction; text} (art. 23)");
	return OK;
}

static err check_apply(struct ctx *c, const struct registration_content *k)
{
	struct registration_claim claim = {k->source, k->origin, k->basis, k->platform, RIGHTS_ALL};
	struct registration_code code;
	ENSURE(registration_word(registration_kinds, k->kind) != NULL, c, ERR_BAD_VALUE,
		"kind is initial, transfer, change, renewal or cancel");
	TRY(registration_texts(c, k->name, k->overview));
	TRY(registration_rights_read(c, k->rights, &claim.rights));
	TRY(registration_may(c, &claim));
	ENSURE(k->holder->n == 2 && json_text(json_get(k->holder, "name")).n > 0 &&
			json_text(json_get(k->holder, "uscc")).n > 0,
		c, ERR_BAD_VALUE, "holder is {name, uscc}");
	if (str_is(k->kind, "initial")) {
		ENSURE(k->previous.n == 0, c, ERR_BAD_VALUE,
			"an initial registration follows no certificate");
		return OK;
	}
	ENSURE(registration_code_read(k->previous, &code), c, ERR_BAD_VALUE,
		"'previous' is the code of the certificate that this follows");
	return OK;
}

/* No later than the last day for a word about acceptance, where that is known. */
static err check_acceptance(
	struct ctx *c, enum registration_state state, const struct json *facts, int64_t day)
{
	int64_t by = 0;
	const struct json *deemed = json_get(json_get(facts, "accepted"), "deemed");
	ENSURE(state != REG_ACCEPTED || (deemed != NULL && deemed->type == JSON_TRUE), c,
		ERR_BAD_STATE, "it is accepted");
	err e = registration_accept_by(c, registration_day(facts, "received"), &by);
	if (e == ERR_CALENDAR)
		return OK;
	TRY(e);
	ENSURE(day <= by, c, ERR_GONE,
		"three working days have passed since receipt: it counts as accepted (art. 17)");
	return OK;
}

static err check_return(struct ctx *c, enum registration_state state, const struct json *facts,
	int64_t day, const struct registration_content *k)
{
	int64_t limit = 0;
	ENSURE(json_get(facts, "returned") == NULL, c, ERR_BAD_STATE,
		"all corrections are asked for at once, and once (art. 17): accept or refuse");
	TRY(check_acceptance(c, state, facts, day));
	TRY(check_list(c, k->corrections, CORRECTIONS_MAX, "corrections"));
	ENSURE(day_parse(k->limit, &limit) && limit > day, c, ERR_BAD_VALUE,
		"limit is a day after today");
	return OK;
}

static err check_publish(struct ctx *c, int64_t day, const struct registration_content *k)
{
	int64_t from = 0, to = 0, due = 0;
	ENSURE(day_parse(k->from, &from) && day_parse(k->to, &to) && from == day, c, ERR_BAD_VALUE,
		"publicity begins on the day on which it is published");
	TRY(calendar_add_working_days(c, from, REGISTRATION_PUBLICITY_WD, &due));
	ENSURE(to == due, c, ERR_BAD_VALUE, "publicity takes %d working days (art. 24)",
		REGISTRATION_PUBLICITY_WD);
	return OK;
}

static err check_issue(
	struct ctx *c, const struct json *facts, int64_t day, const struct registration_content *k)
{
	struct registration_code code;
	unsigned claimed = 0, given = 0;
	int64_t from = 0, to = 0;
	int64_t deposited = registration_day(json_get(facts, "deposit"), "day");
	ENSURE(!str_is(json_text(json_get(facts, "kind")), "cancel"), c, ERR_BAD_STATE,
		"a cancellation ends with close, without a certificate");
	ENSURE(registration_code_read(k->code, &code), c, ERR_BAD_VALUE, "this is no code");
	TRY(registration_rights_read(c, json_get(facts, "rights"), &claimed));
	TRY(registration_rights_read(c, k->rights, &given));
	ENSURE((given & ~claimed) == 0, c, ERR_BAD_VALUE, "rights that were not applied for");
	ENSURE(day_parse(k->from, &from) && day_parse(k->to, &to) && from >= deposited &&
			from <= day && to > from,
		c, ERR_BAD_VALUE, "validity begins between the deposit and today, and ends later");
	ENSURE(to <= registration_valid_to(deposited), c, ERR_BAD_VALUE,
		"a certificate is valid for at most %d years after the deposit (art. 26)",
		REGISTRATION_VALID_YEARS);
	ENSURE(k->remarks == NULL || k->remarks->n <= REMARKS_MAX, c, ERR_BAD_VALUE,
		"at most %u remarks", REMARKS_MAX);
	for (const struct json *r = k->remarks == NULL ? NULL : k->remarks->first; r != NULL;
		r = r->next)
		TRY(check_remark(c, r));
	return OK;
}

/* Steps that must come before, or after, a day that stands in the facts. */
static err check_days(
	struct ctx *c, const struct json *facts, enum registration_event event, int64_t day)
{
	int64_t due = 0;
	if (event == REG_CORRECT)
		ENSURE(day <= registration_day(json_get(facts, "returned"), "limit"), c, ERR_GONE,
			"the time for corrections is over: it counts as never applied (art. 17)");
	if (event == REG_EXPIRE)
		ENSURE(day > registration_day(json_get(facts, "returned"), "limit"), c,
			ERR_BAD_STATE, "the time for corrections is not over");
	if (event == REG_OBJECT)
		ENSURE(day <= registration_day(json_get(facts, "publicity"), "to"), c, ERR_GONE,
			"publicity is over: an objection to the registration follows it (art. 29)");
	if (event == REG_CLEAR)
		ENSURE(day > registration_day(json_get(facts, "publicity"), "to"), c, ERR_BAD_STATE,
			"publicity is not over");
	if (event == REG_LAPSE)
		ENSURE(day > registration_day(json_get(facts, "certificate"), "to"), c,
			ERR_BAD_STATE, "the certificate is valid");
	if (event != REG_DEEM)
		return OK;
	TRY(registration_deemed_on(c, registration_day(facts, "received"), &due));
	ENSURE(day >= due, c, ERR_BAD_STATE, "the time for acceptance is not over");
	return OK;
}

static err check_extend(struct ctx *c, const struct json *facts, int64_t days)
{
	int64_t had = 0;
	(void)json_int(json_get(json_get(facts, "extension"), "days"), &had);
	ENSURE(days >= 1 && had + days <= REGISTRATION_EXTENSION_WD, c, ERR_BAD_VALUE,
		"at most %d working days more in all (art. 28)", REGISTRATION_EXTENSION_WD);
	return OK;
}

static err check_cancelling(struct ctx *c, const struct json *facts)
{
	ENSURE(str_is(json_text(json_get(facts, "kind")), "cancel"), c, ERR_BAD_STATE,
		"close is for a cancellation: issue the certificate");
	return OK;
}

err registration_check(struct ctx *c, enum registration_state state, const struct json *facts,
	enum registration_event event, int64_t day, const struct json *content)
{
	struct registration_content k;
	const struct json *steps = json_get(facts, "steps");
	int64_t limit = 0;
	ENSURE(steps == NULL || steps->n < REGISTRATION_STEPS_MAX, c, ERR_QUOTA,
		"this registration has had %u steps", REGISTRATION_STEPS_MAX);
	TRY(registration_content_read(c, event, content, &k));
	TRY(check_days(c, facts, event, day));
	if (event == REG_APPLY || event == REG_CORRECT)
		return check_apply(c, &k);
	if (event == REG_RETURN)
		return check_return(c, state, facts, day, &k);
	if (event == REG_ACCEPT)
		return check_acceptance(c, state, facts, day);
	if (event == REG_EXTEND)
		return check_extend(c, facts, k.days);
	if (event == REG_ASK)
		ENSURE(k.limit.n == 0 || (day_parse(k.limit, &limit) && limit > day), c,
			ERR_BAD_VALUE, "limit is a day after today");
	if (event == REG_PUBLISH)
		return check_publish(c, day, &k);
	if (event == REG_ISSUE)
		return check_issue(c, facts, day, &k);
	if (event == REG_CLOSE)
		return check_cancelling(c, facts);
	if (event == REG_REFUSE)
		ENSURE(registration_word(registration_grounds, k.ground) != NULL, c, ERR_BAD_VALUE,
			"ground is security, unlawful-source, dispute, false-proof or other (art. "
			"22)");
	return event == REG_REMARK ? check_remark(c, k.remark) : OK;
}

static struct json *list_of(struct ctx *c, const struct json *facts, const char *name)
{
	const struct json *j = json_get(facts, name);
	return j != NULL ? json_copy(c, j) : json_array(c);
}

static void append(struct ctx *c, struct json **facts, const char *name, struct json *one)
{
	struct json *list = list_of(c, *facts, name);
	json_push(&list, one);
	json_set(facts, name, list);
}

/* The last of a list, open for more members; NULL where there is none. */
static struct json *last_of(struct ctx *c, struct json **facts, const char *name)
{
	struct json *list = list_of(c, *facts, name);
	struct json *last = list == NULL ? NULL : list->last;
	json_set(facts, name, list);
	return last;
}

static void set_text(struct ctx *c, struct json **o, const char *name, struct str text)
{
	if (text.n > 0)
		json_set_str(c, o, name, text);
}

static void pause_begin(
	struct ctx *c, struct json **facts, const char *cause, int64_t from, int64_t to)
{
	struct json *p = json_object(c);
	json_set(&p, "cause", json_z(c, cause));
	json_set_day(c, &p, "from", from);
	if (to > 0)
		json_set_day(c, &p, "to", to);
	append(c, facts, "pauses", p);
}

static void pause_end(struct ctx *c, struct json **facts, const char *cause, int64_t to)
{
	struct json *list = list_of(c, *facts, "pauses");
	for (struct json *p = list == NULL ? NULL : list->first; p != NULL; p = p->next) {
		if (str_is(json_text(json_get(p, "cause")), cause) && json_get(p, "to") == NULL)
			json_set_day(c, &p, "to", to);
	}
	json_set(facts, "pauses", list);
}

/* What was said, with the day on which it was. */
static struct json *said_on(struct ctx *c, const struct json *content, int64_t day)
{
	struct json *o = json_copy(c, content);
	json_set_day(c, &o, "day", day);
	return o;
}

static void fold_claim(struct ctx *c, struct json **facts, const struct json *content)
{
	for (const struct json *j = content->first; j != NULL; j = j->next) {
		char name[32] = {0};
		struct str kept = {0};
		for (size_t i = 0; i < j->name.n && i + 1 < sizeof name; i++)
			name[i] = j->name.p[i];
		if (arena_str(c, str_z(name), &kept) == OK)
			json_set(facts, kept.p, json_copy(c, j));
	}
}

static void fold_ends(struct ctx *c, struct json **facts, enum registration_event event,
	int64_t day, struct str reason)
{
	struct json *o = json_object(c);
	json_set(&o, "why", json_z(c, registration_event_name(event)));
	json_set_day(c, &o, "day", day);
	set_text(c, &o, "reason", reason);
	json_set(facts, "ended", o);
}

/* An objection, of either kind, is answered. */
static void fold_answer(struct ctx *c, struct json **facts, const char *list, const char *name,
	struct str outcome, int64_t day)
{
	struct json *all = list_of(c, *facts, list);
	for (struct json *o = all == NULL ? NULL : all->first; o != NULL; o = o->next) {
		if (json_get(o, name) != NULL)
			continue;
		json_set_day(c, &o, name, day);
		set_text(c, &o, "outcome", outcome);
	}
	json_set(facts, list, all);
}

static void fold_accept(struct ctx *c, struct json **facts, int64_t day, bool deemed)
{
	struct json *o = json_object(c);
	json_set_day(c, &o, "day", day);
	json_set(&o, "deemed", json_bool(c, deemed));
	json_set(facts, "accepted", o);
}

static void fold_extend(struct ctx *c, struct json **facts, const struct registration_content *k)
{
	struct json *o = json_object(c);
	int64_t had = 0;
	(void)json_int(json_get(json_get(*facts, "extension"), "days"), &had);
	json_set_num(c, &o, "days", had + k->days);
	json_set_str(c, &o, "reason", k->reason);
	json_set(facts, "extension", o);
}

/* Until it is accepted. */
static bool fold_before(struct ctx *c, struct json **f, enum registration_event event, int64_t day,
	const struct json *content)
{
	switch ((int)event) {
	case REG_APPLY:
	case REG_CORRECT:
		fold_claim(c, f, content);
		return true;
	case REG_RECEIVE:
		json_set_day(c, f, "received", day);
		return true;
	case REG_RETURN:
		json_set(f, "returned", said_on(c, content, day));
		*f = json_copy_without(c, *f, "accepted");
		return true;
	case REG_ACCEPT:
	case REG_DEEM:
		fold_accept(c, f, day, event == REG_DEEM);
		return true;
	}
	return false;
}

/* Publicity, objections and what the clock is stopped by. */
static bool fold_public(struct ctx *c, struct json **f, enum registration_event event, int64_t day,
	const struct json *content, const struct registration_content *k)
{
	switch ((int)event) {
	case REG_ASK:
		pause_begin(c, f, "supplement", day, 0);
		append(c, f, "asked", said_on(c, content, day));
		return true;
	case REG_SUPPLY:
		pause_end(c, f, "supplement", day);
		append(c, f, "supplied", said_on(c, content, day));
		return true;
	case REG_PUBLISH:
		pause_begin(c, f, "publicity", day, registration_day(content, "to"));
		json_set(f, "publicity", json_copy(c, content));
		return true;
	case REG_WAIVE:
		json_set(f, "waived", said_on(c, content, day));
		return true;
	case REG_OBJECT:
		pause_begin(c, f, "objection", day, 0);
		append(c, f, "objections", said_on(c, content, day));
		return true;
	case REG_RESOLVE:
		pause_end(c, f, "objection", day);
		fold_answer(c, f, "objections", "resolved", k->outcome, day);
		return true;
	}
	return false;
}

static void fold_rest(struct ctx *c, struct json **f, enum registration_event event, int64_t day,
	const struct json *content, const struct registration_content *k)
{
	struct json *o;
	switch ((int)event) {
	case REG_EXTEND:
		fold_extend(c, f, k);
		return;
	case REG_REVIEW:
		json_set(f, "review", said_on(c, content, day));
		return;
	case REG_DEPOSIT:
		json_set(f, "deposit", said_on(c, content, day));
		return;
	case REG_ISSUE:
		json_set(f, "certificate", said_on(c, content, day));
		return;
	case REG_REMARK:
		append(c, f, "remarks", said_on(c, k->remark, day));
		return;
	case REG_CONTEST:
		append(c, f, "contests", said_on(c, content, day));
		return;
	case REG_NOTIFY:
		o = last_of(c, f, "contests");
		json_set_day(c, &o, "notified", day);
		return;
	case REG_SETTLE:
		fold_answer(c, f, "contests", "settled", k->outcome, day);
		return;
	case REG_REFUSE:
		json_set(f, "refusal", said_on(c, content, day));
		break;
	}
	if (event != REG_CLEAR)
		fold_ends(c, f, event, day, k->reason);
}

err registration_fold(struct ctx *c, const struct json *facts, enum registration_event event,
	int64_t day, const struct json *content, uint64_t entry, struct json **ret)
{
	struct registration_content k;
	struct json *f = facts == NULL ? json_object(c) : json_copy(c, facts);
	struct json *step = json_object(c);
	TRY(registration_content_read(c, event, content, &k));
	if (!fold_before(c, &f, event, day, content) &&
		!fold_public(c, &f, event, day, content, &k))
		fold_rest(c, &f, event, day, content, &k);
	json_set(&step, "step", json_z(c, registration_event_name(event)));
	json_set_day(c, &step, "day", day);
	json_set_num(c, &step, "entry", (int64_t)entry);
	append(c, &f, "steps", step);
	ENSURE(f != NULL, c, ERR_MEMORY, "no room for the facts of a registration");
	*ret = f;
	return OK;
}

err registration_dates_read(struct ctx *c, const struct json *facts, struct registration_dates *ret)
{
	struct registration_dates d = {.received = registration_day(facts, "received"),
		.correct_by = registration_day(json_get(facts, "returned"), "limit"),
		.accepted = registration_day(json_get(facts, "accepted"), "day"),
		.publicity_to = registration_day(json_get(facts, "publicity"), "to"),
		.from = registration_day(json_get(facts, "certificate"), "from"),
		.to = registration_day(json_get(facts, "certificate"), "to")};
	const struct json *list = json_get(facts, "pauses"), *one = json_get(facts, "asked");
	(void)json_int(json_get(json_get(facts, "extension"), "days"), &d.extension);
	d.supply_by = one == NULL ? 0 : registration_day(one->last, "limit");
	one = json_get(facts, "objections");
	d.objected = one == NULL ? 0 : registration_day(one->last, "day");
	one = json_get(facts, "contests");
	d.contested = one == NULL ? 0 : registration_day(one->last, "day");
	d.notified = one != NULL && json_get(one->last, "notified") != NULL;
	ENSURE(list == NULL || list->n <= REGISTRATION_PAUSES, c, ERR_QUOTA,
		"the clock of this registration was stopped %u times", REGISTRATION_PAUSES);
	for (const struct json *p = list == NULL ? NULL : list->first; p != NULL; p = p->next) {
		int64_t to = registration_day(p, "to");
		d.pauses[d.pauses_n++] = (struct deadline_pause){
			registration_day(p, "from"), to > 0 ? to : DEADLINE_LASTS};
	}
	*ret = d;
	return OK;
}
