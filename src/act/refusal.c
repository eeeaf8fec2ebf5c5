#include "act/refusal.h"

#include "base/limits.h"

#define DAY_MS 86400000ll

/* When this refusal was last logged; false where never. */
static err last_logged(
	struct ctx *c, struct store *db, const struct act *a, bool *ret, int64_t *ret_at)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT at FROM refusal WHERE party = ?1 AND subject = ?2 AND reason = ?3", &s));
	stmt_text(s, 1, json_text(json_get(a->body, "party")));
	stmt_text(s, 2, a->subject);
	stmt_text(s, 3, json_text(json_get(a->body, "reason")));
	TRY(stmt_step(c, s, ret));
	*ret_at = *ret ? stmt_col_int(s, 0) : 0;
	return OK;
}

static err logged_today(
	struct ctx *c, struct store *db, struct str party, int64_t at_ms, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT count(*) FROM refusal WHERE party = ?1 AND at > ?2", &s));
	stmt_text(s, 1, party);
	stmt_int(s, 2, at_ms - DAY_MS);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

static err count_repeat(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_refusal(party, subject, reason, n, since, until) "
		"VALUES (?1, ?2, ?3, 1, ?4, ?4) ON CONFLICT(party, subject, reason) "
		"DO UPDATE SET n = n + 1, until = ?4",
		&s));
	stmt_text(s, 1, json_text(json_get(a->body, "party")));
	stmt_text(s, 2, a->subject);
	stmt_text(s, 3, json_text(json_get(a->body, "reason")));
	stmt_int(s, 4, at_ms);
	return stmt_run(c, s);
}

/* Takes the counted repeats out: they become one act. */
static err take_repeats(struct ctx *c, struct store *db, const struct act *a, int64_t ret[3])
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"DELETE FROM n_refusal WHERE party = ?1 AND subject = ?2 AND reason = ?3 "
		"RETURNING n, since, until",
		&s));
	stmt_text(s, 1, json_text(json_get(a->body, "party")));
	stmt_text(s, 2, a->subject);
	stmt_text(s, 3, json_text(json_get(a->body, "reason")));
	TRY(stmt_step(c, s, &row));
	for (int i = 0; i < 3; i++)
		ret[i] = row ? stmt_col_int(s, i) : 0;
	if (row)
		TRY(stmt_step(c, s, &row));
	return OK;
}

/* The repeats of the hour that is over, with this one, as one act. */
static err log_repeats(struct ctx *c, struct acts *n, const struct act *a, int64_t at_ms)
{
	int64_t repeats[3];
	struct json *body = json_copy(c, a->body);
	TRY(take_repeats(c, acts_db(n), a, repeats));
	json_set_num(c, &body, "n", repeats[0] + 1);
	json_set_num(c, &body, "from", repeats[0] > 0 ? repeats[1] : at_ms);
	json_set_num(c, &body, "to", at_ms);
	const struct act repeat = {STR("refusal.repeat"), STR("node"), a->subject, body, NULL};
	return acts_do(c, n, &repeat, NULL);
}

err refusal_record(struct ctx *c, struct acts *n, struct str party, struct str subject, err reason,
	struct str detail)
{
	bool known = false;
	int64_t last = 0, today = 0, at_ms = acts_now_ms(n);
	struct json *body = json_object(c);
	json_set_str(c, &body, "party", party);
	json_set_str(c, &body, "reason", str_z(err_row(reason)->slug));
	const struct act a = {STR("refusal.record"), STR("node"), subject, body, NULL};
	TRY(acts_tick(c, n));
	TRY(last_logged(c, acts_db(n), &a, &known, &last));
	TRY(logged_today(c, acts_db(n), party, at_ms, &today));
	if (today >= LIMIT_REFUSAL_ACTS_DAY || (known && at_ms - last < LIMIT_REFUSAL_REPEAT_MS))
		return count_repeat(c, acts_db(n), &a, at_ms);
	if (known)
		return log_repeats(c, n, &a, at_ms);
	json_set_str(c, &body, "detail", str_sub(detail, 0, LIMIT_REASON));
	return acts_do(c, n, &a, NULL);
}

static err apply_refusal(struct ctx *c, struct store *db, const struct entry *e)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO refusal(party, subject, reason, idx, at) VALUES (?1, ?2, ?3, ?4, ?5) "
		"ON CONFLICT(party, subject, reason) DO UPDATE SET idx = ?4, at = ?5",
		&s));
	stmt_text(s, 1, json_text(json_get(e->body, "party")));
	stmt_text(s, 2, e->subject);
	stmt_text(s, 3, json_text(json_get(e->body, "reason")));
	stmt_int(s, 4, (int64_t)e->index);
	stmt_int(s, 5, e->at_ms);
	return stmt_run(c, s);
}

static const struct act_type types[] = {
	{"refusal.record", NULL, apply_refusal},
	{"refusal.repeat", NULL, apply_refusal},
	{"message.undelivered", NULL, NULL},
};

const struct module act_module = {.name = "act", .types = types, .types_n = countof(types)};
