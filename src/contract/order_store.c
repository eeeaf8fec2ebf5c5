#include "contract/order_store.h"

#include "base/limits.h"

const struct migration order_migrations[] = {
	{"order-1", "CREATE TABLE orders(id TEXT PRIMARY KEY, party TEXT NOT NULL, product TEXT "
		    "NOT NULL, purpose TEXT NOT NULL, deliver TEXT NOT NULL, anew INTEGER NOT "
		    "NULL, state INTEGER NOT "
		    "NULL, negotiation TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) "
		    "STRICT;"
		    "CREATE TABLE n_catalog(party TEXT PRIMARY KEY, asked INTEGER NOT NULL, "
		    "fetched INTEGER NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL) STRICT;"},
};
const size_t order_migrations_n = countof(order_migrations);

err order_store_find(struct ctx *c, struct store *db, struct str id, struct order_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct order_row r = {.state = ORDER_WAITING};
	struct str *const texts[] = {
		&r.id, &r.party, &r.product, &r.purpose, &r.deliver, &r.negotiation, &r.reason};
	TRY(store_prepare(c, db,
		"SELECT id, party, product, purpose, deliver, negotiation, reason, state, at, anew "
		"FROM orders WHERE id = ?1",
		&s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no order %.*s", FMT(str_sub(id, 0, 100)));
	for (size_t i = 0; i < countof(texts); i++)
		TRY(arena_str(c, stmt_col(s, (int)i), texts[i]));
	r.state = (enum order_state)stmt_col_int(s, 7);
	r.at_ms = stmt_col_int(s, 8);
	r.anew = stmt_col_int(s, 9) != 0;
	*ret = r;
	return OK;
}

err order_store_put(struct ctx *c, struct store *db, const struct order_row *row)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO orders(id, party, product, purpose, deliver, state, negotiation, "
		"reason, at, anew) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', '', ?7, ?8)",
		&s));
	stmt_text(s, 1, row->id);
	stmt_text(s, 2, row->party);
	stmt_text(s, 3, row->product);
	stmt_text(s, 4, row->purpose);
	stmt_text(s, 5, row->deliver);
	stmt_int(s, 6, row->state);
	stmt_int(s, 7, row->at_ms);
	stmt_int(s, 8, row->anew);
	return stmt_run(c, s);
}

err order_store_move(struct ctx *c, struct store *db, struct str id, enum order_state state,
	struct str negotiation, struct str reason)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"UPDATE orders SET state = ?2, negotiation = ?3, reason = ?4 WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, state);
	stmt_text(s, 3, negotiation);
	stmt_text(s, 4, reason);
	return stmt_run(c, s);
}
