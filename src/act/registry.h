/* What a domain folder exports: its act types, migrations, guards and reactions, as static const tables of a module.
 * main/wiring.c joins the modules; act/ gets them as a pointer and knows none by name. Lookups answer NULL where there
 * is nothing. Everything here lives as long as the process.
 *
 * decide and guards are pure: they read the store and the act, neither clock nor random, and answer OK or a refusal.
 * apply alone writes state tables, and only from what stands in the entry, so that a replay makes the same rows; after
 * decide has agreed it must not refuse. A state table is any table whose name does not begin with n_ (node tables:
 * outbox, sessions, contents, progress) and is not the log's own. apply of a type is kept for ever. */
#pragma once

#include "act/envelope.h"
#include "store/store.h"

struct acts; /* act/acts.h */

/* An act as it stands in the log. Slices live as long as the context in which it was made. */
struct entry {
	uint64_t index;
	int64_t at_ms;
	struct hash leaf;
	struct str type, actor, subject;
	const struct json *body;
	const struct json *sealed; /* digests of what can be forgotten, or NULL */
};

struct act_type {
	const char *type; /* noun.verb; the schema is part of docs/FORMATS.md, 12 */
	err (*decide)(
		struct ctx *c, struct store *db, const struct act *a, int64_t at_ms); /* or NULL */
	err (*apply)(struct ctx *c, struct store *db, const struct entry *e);         /* or NULL */
};

/* Asked before decide of that type; a refusal stands. */
struct guard {
	const char *type;
	err (*ask)(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms);
};

/* Runs in the tick of the act, after its apply: gives the next command to acts_do() or a row to the outbox. A refusal
 * ends only this reaction, a fault the tick. */
struct reaction {
	const char *type;
	err (*react)(struct ctx *c, struct acts *n, const struct entry *e);
};

/* What falls due without a message or a person: asked about once a second while the node runs, and when a simulated clock
 * is set. Does by acts_do, as actor "node", what is due by now_ms, at most a few dozen at a time, each once; ret_n says how many. Must
 * be quick where nothing is due. A refusal stops the others of this turn, so it swallows its own. */
struct due {
	const char *what;
	err (*run)(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n);
};

struct module {
	const char *name;
	const struct act_type *types;
	size_t types_n;
	const struct migration *migrations;
	size_t migrations_n;
	const struct guard *guards;
	size_t guards_n;
	const struct reaction *reactions;
	size_t reactions_n;
	const struct due *dues;
	size_t dues_n;
};

struct wiring {
	const struct module *const *modules;
	size_t n;
};

const struct act_type *registry_type(const struct wiring *w, struct str type);
/* ERR_CORRUPT where a type stands twice, or a guard or reaction names none: asked once at start. */
must_use err registry_check(struct ctx *c, const struct wiring *w);
