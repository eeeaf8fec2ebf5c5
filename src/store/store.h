/* The embedded database: SQLite in WAL mode with synchronous=FULL, one writer, prepared statements kept.
 *
 * A statement is asked for by its text (a literal: it is kept under its address), bound, stepped and reset by
 * scope: cleanup(stmt_resetp) struct stmt *s = NULL; TRY(store_prepare(c, db, "...", &s)).
 * Errors: ERR_DISK_FULL, ERR_CORRUPT, ERR_LOCKED, ERR_STORE. ERR_COMMIT_UNKNOWN comes from store_commit alone (DESIGN,
 * Commit): the caller must answer nothing more and end the process; recovery decides. One thread a store. */
#pragma once

#include "base/arena.h"
#include "crypto/hash.h"

struct store;
struct stmt;

/* One step of the schema, applied once, in order, each in a transaction of its own. */
struct migration {
	const char *name;
	const char *sqlite_ddl;
};

/* Who writes now (DESIGN, Replay). A node table is one whose name begins with n_. */
enum store_scope {
	STORE_ANY,   /* anything, also the schema */
	STORE_STATE, /* apply: state tables alone */
	STORE_NODE,  /* node tables alone */
	STORE_READ,  /* decide: nothing */
};

/* Opens or creates path. Process-bound: freed by store_close. */
must_use err store_open(struct ctx *c, const char *path, struct store **ret);
/* For commands that read, also beside a running node. ERR_NOT_FOUND where there is none. store_begin gives one
 * unchanging view until store_rollback. */
must_use err store_open_readonly(struct ctx *c, const char *path, struct store **ret);
void store_close(struct store *db);
void store_closep(struct store **db);
/* Applies what is missing. A name that is recorded with other text is ERR_CORRUPT. */
must_use err store_migrate(
	struct ctx *c, struct store *db, const struct migration *steps, size_t n);
/* Sets the scope and gives the one before. A statement that writes outside it is not run: ERR_CORRUPT names the table. */
enum store_scope store_scope(struct store *db, enum store_scope scope);

/* Looks, at most once a second, whether the disk has LIMIT_DISK_RESERVE left. It is also looked at when opened. */
void store_watch_disk(struct store *db, int64_t now_ms);
/* Another reserve than LIMIT_DISK_RESERVE. */
void store_reserve(struct store *db, uint64_t bytes);

/* ERR_DISK_FULL where the reserve was not there at the last look. */
must_use err store_begin(struct ctx *c, struct store *db);
/* One unchanging view for the reads that follow: cheaper than a view for each. Nothing where a view or a transaction is open;
 * store_begin, store_view_end and a statement that writes end it. */
must_use err store_view(struct ctx *c, struct store *db);
/* Nothing where no view is open: a transaction stays. */
void store_view_end(struct store *db);
/* ERR_COMMIT_UNKNOWN as said above; after any other error nothing was stored. */
must_use err store_commit(struct ctx *c, struct store *db);
/* Undoes the transaction; nothing where none is open. */
void store_rollback(struct store *db);
/* A savepoint within the transaction; they nest. */
must_use err store_savepoint(struct ctx *c, struct store *db);
must_use err store_release(struct ctx *c, struct store *db);
void store_undo(struct store *db);

/* Another number after each change that this store has made; it alone writes beside a running node. False while a
 * transaction that may write is open. */
bool store_version(const struct store *db, uint64_t *ret);

must_use err store_prepare(struct ctx *c, struct store *db, const char *text, struct stmt **ret);
/* For text that is put together: compiled for this use, ended by its reset. */
must_use err store_prepare_once(
	struct ctx *c, struct store *db, const char *text, struct stmt **ret);
/* Parameters count from 1. Text and bytes are borrowed until the statement is reset. */
void stmt_text(struct stmt *s, int at, struct str v);
void stmt_bytes(struct stmt *s, int at, struct str v);
void stmt_int(struct stmt *s, int at, int64_t v);
/* Next row in ret_row; false at the end. A transaction that a failure has undone refuses every further step. */
must_use err stmt_step(struct ctx *c, struct stmt *s, bool *ret_row);
/* Runs a statement that gives no row. */
must_use err stmt_run(struct ctx *c, struct stmt *s);
/* Columns count from 0; slices live until the next step. NULL reads as empty or 0. */
struct str stmt_col(struct stmt *s, int at);
int64_t stmt_col_int(struct stmt *s, int at);
/* How many columns; the name of one; the kind of its value in this row: i, f, t, b, or n for NULL. */
int stmt_width(struct stmt *s);
struct str stmt_name(struct stmt *s, int at);
char stmt_kind(struct stmt *s, int at);
void stmt_resetp(struct stmt **s);

/* Copies a consistent snapshot into a new file, durably. ERR_CONFLICT where the file exists; a failure leaves none. */
must_use err store_backup(struct ctx *c, struct store *db, const char *path);
/* Frames of the write-ahead log that are not known to be in the database, as of this store's last commit. */
uint32_t store_wal_frames(const struct store *db);
/* SQLite's own check of the whole database. ERR_CORRUPT with the first thing it found. */
must_use err store_check(struct ctx *c, struct store *db);
/* Moves what it can of the write-ahead log into the database without waiting. */
must_use err store_checkpoint(struct ctx *c, struct store *db);
/* Moves all of it, so that the log starts anew; waits a moment for readers. Where they stay, frames remain. */
must_use err store_checkpoint_restart(struct ctx *c, struct store *db);

/* The same, and the file of the log is cut to nothing: what was overwritten in the database is in no file then. ret says
 * whether it was; readers may be in its way. */
must_use err store_checkpoint_truncate(struct ctx *c, struct store *db, bool *ret);

/* For comparing two stores (store_compare.c). All tables but SQLite's own, sorted by name. */
must_use err store_tables(struct ctx *c, struct store *db, struct str **ret, size_t *ret_n);
/* SHA-256 over the names of the columns and all rows in the order of the primary key. ERR_BAD_VALUE, ERR_NOT_FOUND. */
must_use err store_digest_table(
	struct ctx *c, struct store *db, struct str table, struct hash *ret);
/* Names the first row in which a and b differ, with its key and values; the empty text where none does. */
must_use err store_first_difference(
	struct ctx *c, struct store *a, struct store *b, struct str table, struct str *ret);
