/* The tables of title registration: registration, registrar_office, registrar_serial, title, written by apply alone; and
 * n_registration_shown(document, entry, evidence): what the other side showed of its log with a letter, and the index of
 * our act about it. Slices live in the context given. */
#pragma once

#include "govern/registration.h"
#include "govern/title.h"

#define REGISTRATION_MIGRATIONS 1
extern const struct migration registration_migrations[REGISTRATION_MIGRATIONS];

must_use err registration_store_find(
	struct ctx *c, struct store *db, struct str id, struct registration *ret);
must_use err registration_store_list(struct ctx *c, struct store *db, int64_t at, struct str id,
	size_t max, struct registration *ret, size_t *ret_n);
/* What is due up to that day (unknown days first), the earliest first; and what is overdue. */
must_use err registration_store_due(struct ctx *c, struct store *db, int64_t day, size_t max,
	struct registration *ret, size_t *ret_n);
must_use err registration_store_overdue(
	struct ctx *c, struct store *db, size_t max, struct registration *ret, size_t *ret_n);
/* What waits for a registrar to accept it, or is overdue, behind that key, oldest first. */
must_use err registration_store_waiting(struct ctx *c, struct store *db, int64_t at, struct str id,
	size_t max, struct registration *ret, size_t *ret_n);
must_use err registration_store_office(
	struct ctx *c, struct store *db, struct registrar_office *ret);
/* Serial used last in a month "YYYYMM"; 0 for none. */
must_use err registration_store_serial(
	struct ctx *c, struct store *db, struct str month, int64_t *ret);

must_use err registration_store_put(struct ctx *c, struct store *db, const struct registration *r);
must_use err registration_store_put_office(
	struct ctx *c, struct store *db, const struct registrar_office *o);
must_use err registration_store_put_serial(
	struct ctx *c, struct store *db, struct str month, int64_t last);

must_use err registration_store_keep_shown(struct ctx *c, struct store *db,
	const struct hash *document, uint64_t entry, const struct json *evidence);
/* ERR_NOT_FOUND; ret_evidence may be NULL. */
must_use err registration_store_shown(struct ctx *c, struct store *db, const struct hash *document,
	uint64_t *ret_entry, const struct json **ret_evidence);

must_use err title_store_find(struct ctx *c, struct store *db, struct str id, struct title *ret);
must_use err title_store_list(struct ctx *c, struct store *db, int64_t at, struct str id,
	size_t max, struct title *ret, size_t *ret_n);
must_use err title_store_put(struct ctx *c, struct store *db, const struct title *t);
