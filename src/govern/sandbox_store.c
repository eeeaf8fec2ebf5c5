#include "govern/sandbox_store.h"

#include <string.h>

#include "base/limits.h"

const struct migration sandbox_migrations[] = {
	{"sandbox-1",
		"CREATE TABLE sandbox_committee(one INTEGER PRIMARY KEY, body TEXT NOT NULL) "
		"STRICT;"
		"CREATE TABLE sandbox_case(id TEXT PRIMARY KEY, title TEXT NOT NULL, product TEXT "
		"NOT NULL, subject_key TEXT NOT NULL, opened TEXT NOT NULL, ledger TEXT NOT NULL, "
		"proposal TEXT NOT NULL, state INTEGER NOT NULL, stopped INTEGER NOT NULL, round "
		"INTEGER NOT NULL, extended INTEGER NOT NULL, incidents INTEGER NOT NULL, since "
		"INTEGER NOT NULL, testing INTEGER NOT NULL, notice_to INTEGER NOT NULL, until "
		"INTEGER NOT NULL, at INTEGER NOT NULL, idx INTEGER NOT NULL) STRICT;"
		"CREATE INDEX sandbox_case_idx ON sandbox_case(idx);"
		"CREATE INDEX sandbox_case_product ON sandbox_case(product, idx);"
		"CREATE TABLE sandbox_vote(id TEXT NOT NULL, round INTEGER NOT NULL, authority "
		"INTEGER NOT NULL, member TEXT NOT NULL, vote TEXT NOT NULL, reason TEXT NOT NULL, "
		"actor TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(id, round, authority, "
		"member)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE sandbox_declaration(id TEXT NOT NULL, member TEXT NOT NULL, conflict "
		"INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(id, "
		"member)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE sandbox_complaint(id TEXT NOT NULL, number INTEGER NOT NULL, by_whom "
		"TEXT NOT NULL, said TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL, "
		"PRIMARY KEY(id, number)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE sandbox_exemption(id TEXT NOT NULL, number INTEGER NOT NULL, rule "
		"TEXT NOT NULL, authority TEXT NOT NULL, basis TEXT NOT NULL, scope TEXT NOT NULL, "
		"conditions TEXT NOT NULL, from_day INTEGER NOT NULL, to_day INTEGER NOT NULL, at "
		"INTEGER NOT NULL, PRIMARY KEY(id, number)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE sandbox_object(id TEXT NOT NULL, revision INTEGER NOT NULL, bit "
		"INTEGER NOT NULL, root BLOB NOT NULL, records INTEGER NOT NULL, subjects INTEGER "
		"NOT NULL, PRIMARY KEY(id, revision)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE sandbox_overlap(id TEXT NOT NULL, mask INTEGER NOT NULL, subjects "
		"INTEGER NOT NULL, PRIMARY KEY(id, mask)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE n_sandbox_salt(id TEXT PRIMARY KEY, salt BLOB NOT NULL) STRICT;"
		"CREATE TABLE n_sandbox_key(id TEXT NOT NULL, subject BLOB NOT NULL, mask INTEGER "
		"NOT NULL, PRIMARY KEY(id, subject)) STRICT, WITHOUT ROWID;"
		"CREATE INDEX sandbox_agreement ON agreement(product, idx) WHERE role = 0;"},
};
const size_t sandbox_migrations_n = countof(sandbox_migrations);

static err text_of(struct ctx *c, const struct json *j, struct str *ret)
{
	*ret = (struct str){"", 0};
	return j == NULL ? OK : json_canonical(c, j, LIMIT_ACT, ret);
}

static err tree_of(struct ctx *c, struct str text, const struct json **ret)
{
	struct str own;
	*ret = NULL;
	if (text.n == 0)
		return OK;
	TRY(arena_str(c, text, &own));
	return json_parse(c, own, ret);
}

err sandbox_store_put_committee(struct ctx *c, struct store *db, const struct json *body)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str text;
	TRY(text_of(c, body, &text));
	TRY(store_prepare(c, db,
		"INSERT INTO sandbox_committee(one, body) VALUES (1, ?1) ON CONFLICT(one) DO "
		"UPDATE SET body = ?1",
		&s));
	stmt_text(s, 1, text);
	return stmt_run(c, s);
}

err sandbox_store_committee(struct ctx *c, struct store *db, const struct json **ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT body FROM sandbox_committee WHERE one = 1", &s));
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND,
		"there is no committee yet: shugu sandbox committee --file FILE names it");
	return tree_of(c, stmt_col(s, 0), ret);
}

#define CASE \
	"SELECT id, title, product, subject_key, opened, ledger, proposal, state, stopped, " \
	"round, " \
	"extended, incidents, since, testing, notice_to, until, at, idx FROM sandbox_case "

static err read_case(struct ctx *c, struct stmt *s, struct sandbox_row *ret)
{
	struct sandbox_row r = {.state = (enum sandbox_state)stmt_col_int(s, 7),
		.stopped = stmt_col_int(s, 8) != 0,
		.round = stmt_col_int(s, 9),
		.extended = stmt_col_int(s, 10),
		.incidents = stmt_col_int(s, 11),
		.since_ms = stmt_col_int(s, 12),
		.testing_ms = stmt_col_int(s, 13),
		.notice_to = stmt_col_int(s, 14),
		.until = stmt_col_int(s, 15),
		.at_ms = stmt_col_int(s, 16),
		.index = (uint64_t)stmt_col_int(s, 17)};
	struct str *const texts[] = {&r.id, &r.title, &r.product, &r.key};
	for (size_t i = 0; i < countof(texts); i++)
		TRY(arena_str(c, stmt_col(s, (int)i), texts[i]));
	TRY(tree_of(c, stmt_col(s, 4), &r.opened));
	TRY(tree_of(c, stmt_col(s, 5), &r.ledger));
	TRY(tree_of(c, stmt_col(s, 6), &r.proposal));
	ENSURE((unsigned)r.state < SANDBOX_STATES, c, ERR_CORRUPT, "a case in no state");
	*ret = r;
	return OK;
}

err sandbox_store_save(struct ctx *c, struct store *db, const struct sandbox_row *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str ledger, proposal;
	TRY(text_of(c, r->ledger, &ledger));
	TRY(text_of(c, r->proposal, &proposal));
	TRY(store_prepare(c, db,
		"UPDATE sandbox_case SET product = ?2, subject_key = ?3, ledger = ?4, proposal = "
		"?5, state = ?6, stopped = ?7, round = ?8, extended = ?9, incidents = ?10, since = "
		"?11, testing = ?12, notice_to = ?13, until = ?14 WHERE id = ?1",
		&s));
	const struct str texts[] = {r->id, r->product, r->key, ledger, proposal};
	const int64_t numbers[] = {(int64_t)r->state, r->stopped, r->round, r->extended,
		r->incidents, r->since_ms, r->testing_ms, r->notice_to, r->until};
	for (size_t i = 0; i < countof(texts); i++)
		stmt_text(s, (int)i + 1, texts[i]);
	for (size_t i = 0; i < countof(numbers); i++)
		stmt_int(s, (int)(i + countof(texts)) + 1, numbers[i]);
	return stmt_run(c, s);
}

err sandbox_store_put(struct ctx *c, struct store *db, const struct sandbox_row *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str opened;
	TRY(text_of(c, r->opened, &opened));
	TRY(store_prepare(c, db,
		"INSERT INTO sandbox_case(id, title, product, subject_key, opened, ledger, "
		"proposal, state, stopped, round, extended, incidents, since, testing, notice_to, "
		"until, at, idx) VALUES (?1, ?2, ?3, '', ?4, '', '', ?5, 0, 0, 0, 0, ?6, 0, 0, 0, "
		"?6, ?7)",
		&s));
	stmt_text(s, 1, r->id);
	stmt_text(s, 2, r->title);
	stmt_text(s, 3, r->product);
	stmt_text(s, 4, opened);
	stmt_int(s, 5, r->state);
	stmt_int(s, 6, r->at_ms);
	stmt_int(s, 7, (int64_t)r->index);
	return stmt_run(c, s);
}

err sandbox_store_find(struct ctx *c, struct store *db, struct str id, struct sandbox_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, CASE "WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no sandbox case %.*s: shugu sandbox list",
		FMT(str_sub(id, 0, 100)));
	return read_case(c, s, ret);
}

static err read_cases(
	struct ctx *c, struct stmt *s, size_t max, struct sandbox_row *ret, size_t *ret_n)
{
	bool row = false;
	size_t n = 0;
	TRY(stmt_step(c, s, &row));
	while (row && n < max) {
		TRY(read_case(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err sandbox_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct sandbox_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, CASE "WHERE idx < ?1 ORDER BY idx DESC LIMIT ?2", &s));
	stmt_int(s, 1, (int64_t)before);
	stmt_int(s, 2, (int64_t)max);
	return read_cases(c, s, max, ret, ret_n);
}

err sandbox_store_of_product(struct ctx *c, struct store *db, struct str product, size_t max,
	struct sandbox_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	*ret_n = 0;
	if (product.n == 0)
		return OK;
	TRY(store_prepare(c, db, CASE "WHERE product = ?1 ORDER BY idx DESC LIMIT ?2", &s));
	stmt_text(s, 1, product);
	stmt_int(s, 2, (int64_t)max);
	return read_cases(c, s, max, ret, ret_n);
}

err sandbox_store_put_vote(
	struct ctx *c, struct store *db, struct str id, int64_t round, const struct sandbox_vote *v)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO sandbox_vote(id, round, authority, member, vote, reason, actor, at) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, round);
	stmt_int(s, 3, v->authority);
	stmt_text(s, 4, v->member);
	stmt_text(s, 5, v->vote);
	stmt_text(s, 6, v->reason);
	stmt_text(s, 7, v->actor);
	stmt_int(s, 8, v->at_ms);
	return stmt_run(c, s);
}

err sandbox_store_votes(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_vote *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT member, vote, reason, actor, round, authority, at FROM sandbox_vote WHERE "
		"id = ?1 ORDER BY round, authority, member LIMIT ?2",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct sandbox_vote *v = &ret[n++];
		*v = (struct sandbox_vote){.round = stmt_col_int(s, 4),
			.authority = stmt_col_int(s, 5) != 0,
			.at_ms = stmt_col_int(s, 6)};
		TRY(arena_str(c, stmt_col(s, 0), &v->member));
		TRY(arena_str(c, stmt_col(s, 1), &v->vote));
		TRY(arena_str(c, stmt_col(s, 2), &v->reason));
		TRY(arena_str(c, stmt_col(s, 3), &v->actor));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err sandbox_store_tally(
	struct ctx *c, struct store *db, struct str id, int64_t round, struct tally *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct tally t = {.yes = 0};
	TRY(store_prepare(c, db,
		"SELECT authority, vote, count(*) FROM sandbox_vote v WHERE id = ?1 AND round = ?2 "
		"AND (authority = 1 OR NOT EXISTS (SELECT 1 FROM sandbox_declaration d WHERE d.id "
		"= v.id AND d.member = v.member AND d.conflict = 1)) GROUP BY authority, vote",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, round);
	TRY(stmt_step(c, s, &row));
	while (row) {
		bool authority = stmt_col_int(s, 0) != 0, yes = str_is(stmt_col(s, 1), "yes");
		bool no = str_is(stmt_col(s, 1), "no");
		int64_t *to = authority ? (yes ? &t.agree : &t.object)
			      : yes     ? &t.yes
			      : no      ? &t.no
					: &t.abstain;
		*to += stmt_col_int(s, 2);
		TRY(stmt_step(c, s, &row));
	}
	*ret = t;
	return OK;
}

err sandbox_store_declare(
	struct ctx *c, struct store *db, struct str id, const struct sandbox_declaration *d)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO sandbox_declaration(id, member, conflict, reason, at) VALUES (?1, ?2, "
		"?3, ?4, ?5) ON CONFLICT(id, member) DO UPDATE SET conflict = ?3, reason = ?4, at "
		"= ?5",
		&s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, d->member);
	stmt_int(s, 3, d->conflict);
	stmt_text(s, 4, d->reason);
	stmt_int(s, 5, d->at_ms);
	return stmt_run(c, s);
}

static err read_declaration(struct ctx *c, struct stmt *s, struct sandbox_declaration *ret)
{
	*ret = (struct sandbox_declaration){
		.conflict = stmt_col_int(s, 1) != 0, .at_ms = stmt_col_int(s, 3)};
	TRY(arena_str(c, stmt_col(s, 0), &ret->member));
	return arena_str(c, stmt_col(s, 2), &ret->reason);
}

err sandbox_store_declaration(struct ctx *c, struct store *db, struct str id, struct str member,
	struct sandbox_declaration *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT member, conflict, reason, at FROM sandbox_declaration WHERE id = ?1 AND "
		"member = ?2",
		&s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, member);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "%.*s has declared nothing in this case", FMT(member));
	return read_declaration(c, s, ret);
}

err sandbox_store_declarations(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_declaration *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT member, conflict, reason, at FROM sandbox_declaration WHERE id = ?1 ORDER "
		"BY member LIMIT ?2",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_declaration(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err sandbox_store_complain(
	struct ctx *c, struct store *db, struct str id, const struct sandbox_complaint *x)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO sandbox_complaint(id, number, by_whom, said, answer, at) VALUES (?1, "
		"1 + (SELECT count(*) FROM sandbox_complaint WHERE id = ?1), ?2, ?3, '', ?4)",
		&s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, x->by);
	stmt_text(s, 3, x->text);
	stmt_int(s, 4, x->at_ms);
	return stmt_run(c, s);
}

err sandbox_store_answer(
	struct ctx *c, struct store *db, struct str id, int64_t number, struct str answer)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"UPDATE sandbox_complaint SET answer = ?3 WHERE id = ?1 AND number = ?2", &s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, number);
	stmt_text(s, 3, answer);
	return stmt_run(c, s);
}

err sandbox_store_complaints(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_complaint *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT by_whom, said, answer, number, at FROM sandbox_complaint WHERE id = ?1 "
		"ORDER BY number LIMIT ?2",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct sandbox_complaint *x = &ret[n++];
		*x = (struct sandbox_complaint){
			.number = stmt_col_int(s, 3), .at_ms = stmt_col_int(s, 4)};
		TRY(arena_str(c, stmt_col(s, 0), &x->by));
		TRY(arena_str(c, stmt_col(s, 1), &x->text));
		TRY(arena_str(c, stmt_col(s, 2), &x->answer));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err sandbox_store_complaint_count(
	struct ctx *c, struct store *db, struct str id, int64_t *ret_all, int64_t *ret_open)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*), count(CASE WHEN answer = '' THEN 1 END) FROM sandbox_complaint "
		"WHERE id = ?1",
		&s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	*ret_all = stmt_col_int(s, 0);
	*ret_open = stmt_col_int(s, 1);
	return OK;
}

err sandbox_store_exempt(struct ctx *c, struct store *db, struct str id, const struct exemption *x)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str scope, conditions;
	TRY(text_of(c, x->scope, &scope));
	TRY(text_of(c, x->conditions, &conditions));
	TRY(store_prepare(c, db,
		"INSERT INTO sandbox_exemption(id, number, rule, authority, basis, scope, "
		"conditions, from_day, to_day, at) VALUES (?1, 1 + (SELECT count(*) FROM "
		"sandbox_exemption WHERE id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		&s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, x->rule);
	stmt_text(s, 3, x->authority);
	stmt_text(s, 4, x->basis);
	stmt_text(s, 5, scope);
	stmt_text(s, 6, conditions);
	stmt_int(s, 7, x->from);
	stmt_int(s, 8, x->to);
	stmt_int(s, 9, x->at_ms);
	return stmt_run(c, s);
}

err sandbox_store_exemptions(struct ctx *c, struct store *db, struct str id, size_t max,
	struct exemption *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT rule, authority, basis, scope, conditions, number, from_day, to_day, at "
		"FROM sandbox_exemption WHERE id = ?1 ORDER BY number LIMIT ?2",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct exemption *x = &ret[n++];
		*x = (struct exemption){.number = stmt_col_int(s, 5),
			.from = stmt_col_int(s, 6),
			.to = stmt_col_int(s, 7),
			.at_ms = stmt_col_int(s, 8)};
		TRY(arena_str(c, stmt_col(s, 0), &x->rule));
		TRY(arena_str(c, stmt_col(s, 1), &x->authority));
		TRY(arena_str(c, stmt_col(s, 2), &x->basis));
		TRY(tree_of(c, stmt_col(s, 3), &x->scope));
		TRY(tree_of(c, stmt_col(s, 4), &x->conditions));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}
