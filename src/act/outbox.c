#include "act/outbox.h"

#include "act/tables.h"
#include "base/limits.h"

#define WAIT_FIRST_MS 50
#define WAIT_MAX_MS 60000

static err count(struct ctx *c, struct store *db, struct str peer, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM (SELECT 1 FROM n_outbox WHERE peer = ?1 LIMIT ?2)", &s));
	stmt_text(s, 1, peer);
	stmt_int(s, 2, LIMIT_OUTBOX_PARTY);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err outbox_put(struct ctx *c, struct acts *n, const struct outbox_row *row, int64_t delay_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	/* By the clock, not by the time of the log: that may be ahead of it for as long as the clock once was in error. */
	int64_t waiting = 0, now = env_now_ms(acts_env(n));
	TRY(acts_tick(c, n));
	TRY(count(c, acts_db(n), row->peer, &waiting));
	ENSURE(waiting < LIMIT_OUTBOX_PARTY, c, ERR_QUOTA, "%u messages wait for %.*s already",
		LIMIT_OUTBOX_PARTY, FMT(row->peer));
	TRY(store_prepare(c, acts_db(n),
		"INSERT INTO n_outbox(idx, peer, kind, subject, created, tries, due) "
		"VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
		&s));
	stmt_int(s, 1, (int64_t)row->index);
	stmt_text(s, 2, row->peer);
	stmt_text(s, 3, row->kind);
	stmt_text(s, 4, row->subject);
	stmt_int(s, 5, now);
	stmt_int(s, 6, now + delay_ms);
	++*acts_outbox_turn(n);
	return stmt_run(c, s);
}

static err read_row(struct ctx *c, struct stmt *s, struct outbox_row *ret)
{
	struct outbox_row r = {.id = stmt_col_int(s, 0), .index = (uint64_t)stmt_col_int(s, 1)};
	TRY(arena_str(c, stmt_col(s, 2), &r.peer));
	TRY(arena_str(c, stmt_col(s, 3), &r.kind));
	TRY(arena_str(c, stmt_col(s, 4), &r.subject));
	r.created_ms = stmt_col_int(s, 5);
	r.tries = (unsigned)stmt_col_int(s, 6);
	*ret = r;
	return OK;
}

/* When the next row that is not due yet becomes so. */
static err next_due(struct ctx *c, struct store *db, int64_t now_ms, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(
		c, db, "SELECT due FROM n_outbox WHERE due > ?1 ORDER BY due LIMIT 1", &s));
	stmt_int(s, 1, now_ms);
	TRY(stmt_step(c, s, &row));
	*ret = row ? stmt_col_int(s, 0) : INT64_MAX;
	return OK;
}

static err read_rows(struct ctx *c, struct stmt *s, struct outbox_row *ret, size_t *ret_n)
{
	bool row = false;
	*ret_n = 0;
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[*ret_n]));
		++*ret_n;
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

#define COLUMNS "SELECT id, idx, peer, kind, subject, created, tries FROM n_outbox "

err outbox_due(struct ctx *c, struct acts *n, int64_t now_ms, struct outbox_row *ret, size_t max,
	size_t *ret_n, int64_t *ret_next_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, acts_db(n),
		COLUMNS
		"o WHERE due <= ?1 "
		"AND NOT EXISTS (SELECT 1 FROM n_outbox e WHERE e.peer = o.peer AND e.subject = "
		"o.subject "
		"AND e.id < o.id) ORDER BY due LIMIT ?2",
		&s));
	stmt_int(s, 1, now_ms);
	stmt_int(s, 2, (int64_t)max);
	TRY(read_rows(c, s, ret, ret_n));
	return next_due(c, acts_db(n), now_ms, ret_next_ms);
}

err outbox_list(struct ctx *c, struct acts *n, int64_t after, struct outbox_row *ret, size_t max,
	size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, acts_db(n), COLUMNS "WHERE id > ?2 ORDER BY id LIMIT ?1", &s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, after);
	return read_rows(c, s, ret, ret_n);
}

err outbox_of_peer(struct ctx *c, struct acts *n, struct str peer, struct outbox_row *ret,
	size_t max, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, acts_db(n),
		COLUMNS "o WHERE peer = ?1 AND NOT EXISTS (SELECT 1 FROM n_outbox e WHERE e.peer = "
			"o.peer AND e.subject = o.subject AND e.id < o.id) ORDER BY id LIMIT ?2",
		&s));
	stmt_text(s, 1, peer);
	stmt_int(s, 2, (int64_t)max);
	return read_rows(c, s, ret, ret_n);
}

err outbox_find(struct ctx *c, struct acts *n, int64_t id, struct outbox_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	size_t found = 0;
	TRY(store_prepare(c, acts_db(n), COLUMNS "WHERE id = ?1", &s));
	stmt_int(s, 1, id);
	TRY(read_rows(c, s, ret, &found));
	ENSURE(found > 0, c, ERR_NOT_FOUND, "this message does not wait any more");
	return OK;
}

err outbox_state(struct ctx *c, struct acts *n, int64_t *ret_n, int64_t *ret_oldest_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(
		c, acts_db(n), "SELECT count(*), ifnull(min(created), 0) FROM n_outbox", &s));
	TRY(stmt_step(c, s, &row));
	*ret_n = stmt_col_int(s, 0);
	*ret_oldest_ms = stmt_col_int(s, 1);
	return OK;
}

err outbox_done(struct ctx *c, struct acts *n, int64_t id)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(acts_tick(c, n));
	TRY(store_prepare(c, acts_db(n), "DELETE FROM n_outbox WHERE id = ?1", &s));
	stmt_int(s, 1, id);
	++*acts_outbox_turn(n); /* the next of its line may go */
	return stmt_run(c, s);
}

static err give_up(struct ctx *c, struct acts *n, const struct outbox_row *row)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "kind", row->kind);
	json_set_str(c, &body, "peer", row->peer);
	const struct act a = {STR("message.undelivered"), STR("node"), row->subject, body, NULL};
	TRY(outbox_done(c, n, row->id));
	return acts_do(c, n, &a, NULL);
}

err outbox_retry(struct ctx *c, struct acts *n, const struct outbox_row *row, int64_t now_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	if (now_ms - row->created_ms > LIMIT_UNDELIVERED_MS)
		return give_up(c, n, row);
	int64_t wait = row->tries < 11 ? (int64_t)WAIT_FIRST_MS << row->tries : WAIT_MAX_MS;
	TRY(acts_tick(c, n));
	TRY(store_prepare(c, acts_db(n),
		"UPDATE n_outbox SET tries = tries + 1, due = ?2 WHERE id = ?1", &s));
	stmt_int(s, 1, row->id);
	stmt_int(s, 2, now_ms + (wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS));
	++*acts_outbox_turn(n);
	return stmt_run(c, s);
}

err outbox_hold(struct ctx *c, struct acts *n, const struct outbox_row *row)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(acts_tick(c, n));
	TRY(store_prepare(c, acts_db(n), "UPDATE n_outbox SET due = ?2 WHERE id = ?1", &s));
	stmt_int(s, 1, row->id);
	stmt_int(s, 2, row->created_ms + LIMIT_UNDELIVERED_MS + 1);
	return stmt_run(c, s);
}

err outbox_wake(struct ctx *c, struct acts *n, struct str peer)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(acts_tick(c, n));
	TRY(store_prepare(c, acts_db(n),
		"UPDATE n_outbox SET due = ?2, tries = 0 WHERE peer = ?1 AND due > ?2", &s));
	stmt_text(s, 1, peer);
	stmt_int(s, 2, env_now_ms(acts_env(n)));
	++*acts_outbox_turn(n);
	return stmt_run(c, s);
}

uint64_t outbox_turn(struct acts *n)
{
	return *acts_outbox_turn(n);
}

err outbox_answer_keep(
	struct ctx *c, struct acts *n, struct str peer, const struct outbox_answer *a)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(acts_tick(c, n));
	TRY(store_prepare(c, acts_db(n),
		"INSERT OR REPLACE INTO n_answer(peer, row, status, body) VALUES (?1, ?2, ?3, ?4)",
		&s));
	stmt_text(s, 1, peer);
	stmt_text(s, 2, a->row);
	stmt_int(s, 3, a->status);
	stmt_text(s, 4, a->body);
	return stmt_run(c, s);
}

err outbox_answers(struct ctx *c, struct acts *n, struct str peer, struct outbox_answer *ret,
	size_t max, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, acts_db(n),
		"SELECT row, body, status FROM n_answer WHERE peer = ?1 ORDER BY row LIMIT ?2",
		&s));
	stmt_text(s, 1, peer);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct outbox_answer *a = &ret[(*ret_n)++];
		TRY(arena_str(c, stmt_col(s, 0), &a->row));
		TRY(arena_str(c, stmt_col(s, 1), &a->body));
		a->status = stmt_col_int(s, 2);
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err outbox_answers_drop(struct ctx *c, struct acts *n, struct str peer)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(acts_tick(c, n));
	TRY(store_prepare(c, acts_db(n), "DELETE FROM n_answer WHERE peer = ?1", &s));
	stmt_text(s, 1, peer);
	return stmt_run(c, s);
}
