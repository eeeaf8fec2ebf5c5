/* The tables of sandbox cases, written by apply alone: sandbox_committee, sandbox_case, sandbox_vote, sandbox_declaration,
 * sandbox_complaint, sandbox_exemption; those of counting are read and written by subjects_store. Slices live in the context
 * given. ERR_NOT_FOUND where there is none. */
#pragma once

#include "govern/committee.h"
#include "govern/sandbox.h"

extern const struct migration sandbox_migrations[];
extern const size_t sandbox_migrations_n;

must_use err sandbox_store_put_committee(struct ctx *c, struct store *db, const struct json *body);
must_use err sandbox_store_committee(struct ctx *c, struct store *db, const struct json **ret);

must_use err sandbox_store_put(struct ctx *c, struct store *db, const struct sandbox_row *row);
must_use err sandbox_store_save(struct ctx *c, struct store *db, const struct sandbox_row *row);
must_use err sandbox_store_find(
	struct ctx *c, struct store *db, struct str id, struct sandbox_row *ret);
must_use err sandbox_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct sandbox_row *ret, size_t *ret_n);
/* The newest case of a product. */
must_use err sandbox_store_of_product(struct ctx *c, struct store *db, struct str product,
	size_t max, struct sandbox_row *ret, size_t *ret_n);

/* authority: the vote is an opinion of an observer. */
must_use err sandbox_store_put_vote(struct ctx *c, struct store *db, struct str id, int64_t round,
	const struct sandbox_vote *v);
must_use err sandbox_store_votes(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_vote *ret, size_t *ret_n);
must_use err sandbox_store_tally(
	struct ctx *c, struct store *db, struct str id, int64_t round, struct tally *ret);
must_use err sandbox_store_declare(
	struct ctx *c, struct store *db, struct str id, const struct sandbox_declaration *d);
must_use err sandbox_store_declaration(struct ctx *c, struct store *db, struct str id,
	struct str member, struct sandbox_declaration *ret);
must_use err sandbox_store_declarations(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_declaration *ret, size_t *ret_n);

/* ret_answer NULL: a new one; else the answer to that number. */
must_use err sandbox_store_complain(
	struct ctx *c, struct store *db, struct str id, const struct sandbox_complaint *x);
must_use err sandbox_store_answer(
	struct ctx *c, struct store *db, struct str id, int64_t number, struct str answer);
must_use err sandbox_store_complaints(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_complaint *ret, size_t *ret_n);
must_use err sandbox_store_complaint_count(
	struct ctx *c, struct store *db, struct str id, int64_t *ret_all, int64_t *ret_open);

must_use err sandbox_store_exempt(
	struct ctx *c, struct store *db, struct str id, const struct exemption *x);
must_use err sandbox_store_exemptions(struct ctx *c, struct store *db, struct str id, size_t max,
	struct exemption *ret, size_t *ret_n);
