#include "act/tables.h"

const struct migration act_tables[] = {
	{"act-1",
		"CREATE TABLE n_content(digest BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT, "
		"WITHOUT ROWID;"
		"CREATE TABLE n_once(scope TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, "
		"idx INTEGER NOT NULL, PRIMARY KEY(scope, key)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE n_outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, idx INTEGER NOT NULL, "
		"peer TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, created INTEGER "
		"NOT NULL, "
		"tries INTEGER NOT NULL, due INTEGER NOT NULL) STRICT;"
		"CREATE INDEX n_outbox_line ON n_outbox(peer, subject, id);"
		"CREATE INDEX n_outbox_due ON n_outbox(due);"
		"CREATE TABLE refusal(party TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT "
		"NULL, "
		"idx INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(party, subject, reason)) "
		"STRICT, WITHOUT ROWID;"
		"CREATE INDEX refusal_at ON refusal(party, at);"
		"CREATE TABLE n_refusal(party TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT "
		"NOT NULL, "
		"n INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, "
		"PRIMARY KEY(party, subject, reason)) STRICT, WITHOUT ROWID;"},
	{"act-answer",
		"CREATE TABLE n_answer(peer TEXT NOT NULL, row TEXT NOT NULL, status INTEGER NOT "
		"NULL, body TEXT NOT NULL, PRIMARY KEY(peer, row)) STRICT, WITHOUT ROWID;"},
	{"act-once-2",
		"DROP TABLE n_once;"
		"CREATE TABLE n_once(n INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, "
		"key TEXT NOT NULL, digest BLOB NOT NULL, idx INTEGER NOT NULL, subject TEXT NOT "
		"NULL, told_once INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE(scope, key)) "
		"STRICT;"
		"CREATE INDEX n_once_at ON n_once(at);"},
};
const size_t act_tables_n = countof(act_tables);

bool tables_is_state(struct str table)
{
	return !str_starts(table, STR("n_")) && !str_starts(table, STR("sqlite_")) &&
	       !str_is(table, "entry") && !str_is(table, "tile") && !str_is(table, "head");
}
