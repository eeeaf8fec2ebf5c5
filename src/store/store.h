/* The embedded database: SQLite in WAL mode with synchronous=FULL, one writer, prepared statements kept.
 *
 * A statement is asked for by its text (a literal: it is cached by address and content), bound, stepped and reset by
 * scope: cleanup(stmt_resetp) struct stmt *s = NULL; TRY(store_prepare(c, db, "...", &s)).
 * Errors: ERR_DISK_FULL, ERR_CORRUPT, ERR_STORE. A failure of store_commit means "unknown" (DESIGN, Commit): the caller
 * must answer nothing more and end the process; recovery decides. One thread only. */
#pragma once

#include "base/arena.h"

struct store;
struct stmt;

/* One step of the schema, applied once, in order, each in a transaction of its own. */
struct migration {
	const char *name;
	const char *sqlite_ddl;
};

/* Opens or creates path. Process-bound: freed by store_close. */
must_use err store_open(struct ctx *c, const char *path, struct store **ret);
void store_close(struct store *db);
void store_closep(struct store **db);
/* Applies what is missing. A name that is recorded with other text is ERR_CORRUPT. */
must_use err store_migrate(
	struct ctx *c, struct store *db, const struct migration *steps, size_t n);

must_use err store_begin(struct ctx *c, struct store *db);
must_use err store_commit(struct ctx *c, struct store *db);
/* Undoes the transaction; nothing where none is open. */
void store_rollback(struct store *db);
/* A savepoint within the transaction; they nest. */
must_use err store_savepoint(struct ctx *c, struct store *db);
must_use err store_release(struct ctx *c, struct store *db);
void store_undo(struct store *db);

must_use err store_prepare(struct ctx *c, struct store *db, const char *text, struct stmt **ret);
/* Parameters count from 1. Text and bytes are borrowed until the statement is reset. */
void stmt_text(struct stmt *s, int at, struct str v);
void stmt_bytes(struct stmt *s, int at, struct str v);
void stmt_int(struct stmt *s, int at, int64_t v);
/* Next row in ret_row; false at the end. */
must_use err stmt_step(struct ctx *c, struct stmt *s, bool *ret_row);
/* Runs a statement that gives no row. */
must_use err stmt_run(struct ctx *c, struct stmt *s);
/* Columns count from 0; slices live until the next step. NULL reads as empty or 0. */
struct str stmt_col(struct stmt *s, int at);
int64_t stmt_col_int(struct stmt *s, int at);
void stmt_resetp(struct stmt **s);

/* Copies a consistent snapshot into a new file, durably. ERR_CONFLICT where the file exists. */
must_use err store_backup(struct ctx *c, struct store *db, const char *path);
/* Moves what it can of the write-ahead log into the database without waiting. */
must_use err store_checkpoint(struct ctx *c, struct store *db);
