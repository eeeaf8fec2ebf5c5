#include "govern/sandbox_view.h"

#include "codec/json_time.h"
#include "govern/sandbox_guard.h"
#include "govern/sandbox_store.h"
#include "govern/subjects_store.h"
#include "product/product.h"

static struct json *possible(struct ctx *c, enum sandbox_state state)
{
	struct json *all = json_array(c);
	const char *last = "";
	for (unsigned i = 0; i < SANDBOX_STEPS; i++) {
		const char *name = sandbox_step_name((enum sandbox_step)i);
		if (!sandbox_may(state, (enum sandbox_step)i) || str_is(str_z(name), last))
			continue;
		last = name;
		json_push(&all, json_z(c, name));
	}
	return all;
}

err sandbox_view_brief(
	struct ctx *c, struct store *db, const struct sandbox_row *r, struct json **ret)
{
	struct json *o = json_object(c);
	struct revision p;
	json_set_str(c, &o, "id", r->id);
	json_set_str(c, &o, "title", r->title);
	json_set_str(c, &o, "applicant", json_text(json_get(r->opened, "applicant")));
	json_set(&o, "state", json_z(c, sandbox_state_name(r->state)));
	json_set(&o, "stateZh", json_z(c, sandbox_state_zh(r->state)));
	json_set(&o, "stateEn", json_z(c, sandbox_state_en(r->state)));
	json_set(&o, "possible", possible(c, r->state));
	if (r->product.n > 0) {
		json_set_str(c, &o, "product", r->product);
		TRY(product_find(c, db, r->product, &p));
		json_set_str(c, &o, "productName", p.name);
	}
	json_set_time(c, &o, "since", r->since_ms);
	json_set_time(c, &o, "testingSince", r->testing_ms);
	json_set_day(c, &o, "noticeTo", r->notice_to);
	json_set_day(c, &o, "until", r->until);
	json_set_time(c, &o, "at", r->at_ms);
	*ret = o;
	return OK;
}

static err add_votes(struct ctx *c, struct store *db, const struct sandbox_row *r, struct json **o)
{
	struct sandbox_vote *v;
	struct json *all = json_array(c);
	size_t n = 0;
	NEW_N(c, v, SANDBOX_LIST);
	TRY(sandbox_store_votes(c, db, r->id, SANDBOX_LIST, v, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *one = json_object(c);
		json_set_num(c, &one, "round", v[i].round);
		json_set(&one, "as", json_z(c, v[i].authority ? "authority" : "member"));
		json_set_str(c, &one, "member", v[i].member);
		json_set_str(c, &one, "vote", v[i].vote);
		if (v[i].reason.n > 0)
			json_set_str(c, &one, "reason", v[i].reason);
		json_set_str(c, &one, "actor", v[i].actor);
		json_set_time(c, &one, "at", v[i].at_ms);
		json_push(&all, one);
	}
	json_set(o, "votes", all);
	return OK;
}

static err add_declarations(
	struct ctx *c, struct store *db, const struct sandbox_row *r, struct json **o)
{
	struct sandbox_declaration *d;
	struct json *all = json_array(c);
	size_t n = 0;
	NEW_N(c, d, SANDBOX_LIST);
	TRY(sandbox_store_declarations(c, db, r->id, SANDBOX_LIST, d, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *one = json_object(c);
		json_set_str(c, &one, "member", d[i].member);
		json_set(&one, "conflict", json_bool(c, d[i].conflict));
		if (d[i].reason.n > 0)
			json_set_str(c, &one, "reason", d[i].reason);
		json_set_time(c, &one, "at", d[i].at_ms);
		json_push(&all, one);
	}
	json_set(o, "declarations", all);
	return OK;
}

static err add_complaints(
	struct ctx *c, struct store *db, const struct sandbox_row *r, struct json **o)
{
	struct sandbox_complaint *x;
	struct json *all = json_array(c);
	size_t n = 0;
	NEW_N(c, x, SANDBOX_LIST);
	TRY(sandbox_store_complaints(c, db, r->id, SANDBOX_LIST, x, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *one = json_object(c);
		json_set_num(c, &one, "number", x[i].number);
		json_set_str(c, &one, "by", x[i].by);
		json_set_str(c, &one, "text", x[i].text);
		if (x[i].answer.n > 0)
			json_set_str(c, &one, "answer", x[i].answer);
		json_set_time(c, &one, "at", x[i].at_ms);
		json_push(&all, one);
	}
	json_set(o, "complaints", all);
	return OK;
}

static err add_exemptions(
	struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t day, struct json **o)
{
	struct exemption *x;
	struct json *all = json_array(c);
	size_t n = 0;
	NEW_N(c, x, SANDBOX_LIST);
	TRY(sandbox_store_exemptions(c, db, r->id, SANDBOX_LIST, x, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *one = json_object(c);
		bool now = sandbox_runs(r->state) && day >= x[i].from && day <= x[i].to;
		json_set_num(c, &one, "number", x[i].number);
		json_set_str(c, &one, "rule", x[i].rule);
		json_set_str(c, &one, "authority", x[i].authority);
		json_set_str(c, &one, "basis", x[i].basis);
		json_set_day(c, &one, "from", x[i].from);
		json_set_day(c, &one, "to", x[i].to);
		if (x[i].scope != NULL)
			json_set(&one, "scope", json_copy(c, x[i].scope));
		if (x[i].conditions != NULL)
			json_set(&one, "conditions", json_copy(c, x[i].conditions));
		json_set(&one, "inForce", json_bool(c, now));
		json_push(&all, one);
	}
	json_set(o, "exemptions", all);
	return OK;
}

static err add_objects(
	struct ctx *c, struct store *db, const struct sandbox_row *r, struct json **o)
{
	struct sandbox_object *x;
	struct json *all = json_array(c);
	size_t n = 0;
	NEW_N(c, x, SANDBOX_OBJECTS);
	TRY(sandbox_store_objects(c, db, r->id, SANDBOX_OBJECTS, x, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *one = json_object(c);
		json_set_num(c, &one, "revision", x[i].revision);
		json_set_hex(c, &one, "root", x[i].root.b, HASH_BYTES);
		json_set_num(c, &one, "records", x[i].rows);
		json_set_num(c, &one, "subjects", x[i].subjects);
		json_push(&all, one);
	}
	json_set(o, "objects", all);
	return OK;
}

static err add_committee(
	struct ctx *c, struct store *db, const struct sandbox_row *r, struct json **o)
{
	const struct json *body = NULL;
	struct tally t;
	struct json *said = json_object(c);
	err e = sandbox_store_committee(c, db, &body);
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	TRY(sandbox_store_tally(c, db, r->id, r->round, &t));
	json_set(o, "committee", json_copy(c, body));
	json_set_num(c, &said, "round", r->round);
	json_set_num(c, &said, "yes", t.yes);
	json_set_num(c, &said, "no", t.no);
	json_set_num(c, &said, "abstain", t.abstain);
	json_set_num(c, &said, "agree", t.agree);
	json_set_num(c, &said, "object", t.object);
	json_set(o, "tally", said);
	return OK;
}

static err add_facts(struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t now_ms,
	struct json **o)
{
	struct case_facts f;
	struct json *gauges, *said = json_object(c);
	TRY(sandbox_facts_now(c, db, r, now_ms, NULL, &f));
	TRY(condition_gauges(c, r->ledger, &f, &gauges));
	if (f.subjects >= 0) {
		json_set_num(c, &said, "subjects", f.subjects);
		json_set_num(c, &said, "records", f.records);
	}
	json_set_num(c, &said, "deliveries", f.deliveries);
	json_set_num(c, &said, "value", f.value);
	json_set_num(c, &said, "counterparties", f.counterparties);
	json_set_num(c, &said, "days", f.days);
	json_set_num(c, &said, "complaints", f.complaints);
	json_set_num(c, &said, "complaints.open", f.open_complaints);
	json_set_num(c, &said, "incidents", f.incidents);
	json_set(o, "facts", said);
	json_set(o, "conditions", gauges);
	return OK;
}

err sandbox_view(struct ctx *c, struct store *db, const struct sandbox_row *r, int64_t now_ms,
	struct json **ret)
{
	struct json *o;
	TRY(sandbox_view_brief(c, db, r, &o));
	json_set(&o, "application", json_copy(c, r->opened));
	if (r->key.n > 0)
		json_set_str(c, &o, "key", r->key);
	if (r->proposal != NULL)
		json_set(&o, "waitsForSecond", json_copy(c, r->proposal));
	TRY(add_facts(c, db, r, now_ms, &o));
	TRY(add_committee(c, db, r, &o));
	TRY(add_votes(c, db, r, &o));
	TRY(add_declarations(c, db, r, &o));
	TRY(add_complaints(c, db, r, &o));
	TRY(add_exemptions(c, db, r, sandbox_day(now_ms), &o));
	TRY(add_objects(c, db, r, &o));
	*ret = o;
	return OK;
}
