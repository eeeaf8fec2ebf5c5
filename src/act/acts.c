#include "act/acts.h"

#include <assert.h>
#include <string.h>

#include "act/refusal.h"
#include "act/tables.h"
#include "base/limits.h"
#include "codec/time.h"

#define DUE_TURNS 1000u

struct acts {
	const struct env *env;
	struct store *db;
	const struct self *self;
	const struct wiring *wiring;
	struct commit *log;
	bool open;   /* a tick */
	bool broken; /* a fault has spoilt it */
	bool marked;
	unsigned depth;
	uint64_t appended, at_mark; /* acts of this process */
	uint64_t outbox_turn;
	struct str speaker;
	const struct json *speaker_sealed;
};

static err migrate(struct ctx *c, struct store *db, const struct wiring *w)
{
	TRY(store_migrate(c, db, act_tables, act_tables_n));
	for (size_t i = 0; i < w->n; i++)
		TRY(store_migrate(c, db, w->modules[i]->migrations, w->modules[i]->migrations_n));
	return OK;
}

err acts_open(struct ctx *c, const struct env *e, struct store *db, const struct self *self,
	const struct key *log_key, const struct wiring *w, struct acts **ret)
{
	struct acts *n;
	NEW(c, n);
	n->env = e;
	n->db = db;
	n->self = self;
	n->wiring = w;
	TRY(registry_check(c, w));
	TRY(commit_open(c, e, db, log_key, self->origin, &n->log));
	TRY(migrate(c, db, w));
	*ret = n;
	return OK;
}

err acts_open_readonly(struct ctx *c, const struct env *e, struct store *db,
	const struct self *self, const struct key *log_key, const struct wiring *w,
	struct acts **ret)
{
	struct acts *n;
	NEW(c, n);
	n->env = e;
	n->db = db;
	n->self = self;
	n->wiring = w;
	n->broken = true; /* no tick begins */
	TRY(commit_open_readonly(c, e, db, log_key, self->origin, &n->log));
	*ret = n;
	return OK;
}

err acts_tick(struct ctx *c, struct acts *n)
{
	ENSURE(!n->broken, c, ERR_STORE, "this tick is given up");
	if (n->open)
		return OK;
	TRY(commit_begin(c, n->log));
	n->open = true;
	return OK;
}

/* A fault spoils the tick: what it has written may be half of something. */
static err broken(struct acts *n, err e)
{
	if (e != OK && err_is_fault(e))
		n->broken = true;
	return e;
}

/* Guards and decide; a type that nobody registered is a refusal. */
static err decide(struct ctx *c, struct acts *n, const struct act *a, const struct act_type **ret)
{
	const struct act_type *type = registry_type(n->wiring, a->type);
	int64_t at_ms = commit_next_ms(n->log);
	ENSURE(type != NULL, c, ERR_BAD_VALUE, "there is no act type %.*s", FMT(a->type));
	for (size_t i = 0; i < n->wiring->n; i++) {
		const struct module *m = n->wiring->modules[i];
		for (size_t j = 0; j < m->guards_n; j++) {
			if (str_is(a->type, m->guards[j].type))
				TRY(m->guards[j].ask(c, n->db, a, at_ms));
		}
	}
	if (type->decide != NULL)
		TRY(type->decide(c, n->db, a, at_ms));
	*ret = type;
	return OK;
}

/* A reaction that refuses is over, and only it. */
static err react(struct ctx *c, struct acts *n, const struct entry *e)
{
	ENSURE(n->depth < LIMIT_REACTION_DEPTH, c, ERR_CORRUPT,
		"reactions to %.*s go deeper than %u", FMT(e->type), LIMIT_REACTION_DEPTH);
	n->depth++;
	err result = OK;
	for (size_t i = 0; i < n->wiring->n && result == OK; i++) {
		const struct module *m = n->wiring->modules[i];
		for (size_t j = 0; j < m->reactions_n && result == OK; j++) {
			if (!str_is(e->type, m->reactions[j].type))
				continue;
			err r = m->reactions[j].react(c, n, e);
			result = r != OK && err_is_fault(r) ? r : OK;
		}
	}
	n->depth--;
	return result;
}

/* apply is a fold: what it may read of an act is what a replay would give it. */
static err apply(
	struct ctx *c, struct store *db, const struct act_type *type, const struct entry *e)
{
	if (type->apply == NULL)
		return OK;
	enum store_scope outer = store_scope(db, STORE_STATE);
	err result = type->apply(c, db, e);
	(void)store_scope(db, outer);
	ENSURE(result == OK || err_is_fault(result), c, ERR_CORRUPT,
		"apply of %s refused an act that stands: %s", type->type, c->trouble.detail);
	return result;
}

void acts_speaker(struct acts *n, struct str actor, const struct json *sealed)
{
	n->speaker = actor;
	n->speaker_sealed = sealed;
}

/* The command as the one who speaks makes it. */
static struct act spoken(const struct acts *n, const struct act *a)
{
	struct act said = *a;
	if (said.sealed == NULL && n->speaker.n > 0 && str_eq(said.actor, n->speaker))
		said.sealed = n->speaker_sealed;
	return said;
}

err acts_do(struct ctx *c, struct acts *n, const struct act *command, struct entry *ret_entry)
{
	const struct act_type *type;
	const struct act said = spoken(n, command), *a = &said;
	struct entry e = {.type = a->type,
		.actor = a->actor,
		.subject = a->subject,
		.body = a->body,
		.sealed = a->sealed};
	TRY(acts_tick(c, n));
	enum store_scope outer = store_scope(n->db, STORE_READ);
	err result = decide(c, n, a, &type);
	(void)store_scope(n->db, outer);
	if (result == OK)
		result = commit_append(c, n->log, a, &e.index);
	if (result != OK)
		return broken(n, result);
	n->appended++;
	commit_last(n->log, &e.at_ms, &e.leaf);
	result = apply(c, n->db, type, &e);
	if (result == OK)
		result = react(c, n, &e);
	if (result != OK)
		return broken(n, result);
	if (ret_entry != NULL)
		*ret_entry = e;
	return OK;
}

err acts_mark(struct ctx *c, struct acts *n)
{
	assert(!n->marked);
	TRY(acts_tick(c, n));
	TRY(store_savepoint(c, n->db));
	n->marked = true;
	n->at_mark = n->appended;
	return OK;
}

err acts_keep(struct ctx *c, struct acts *n)
{
	assert(n->marked);
	n->marked = false;
	return broken(n, store_release(c, n->db));
}

void acts_undo(struct acts *n)
{
	assert(n->marked);
	assert(n->broken || n->appended == n->at_mark);
	n->marked = false;
	store_undo(n->db);
}

uint64_t acts_since_mark(const struct acts *n)
{
	return n->appended - n->at_mark;
}

bool acts_tick_open(const struct acts *n)
{
	return n->open;
}

err acts_tick_end(struct ctx *c, struct acts *n)
{
	assert(!n->marked && n->depth == 0);
	bool was_broken = n->broken;
	if (!n->open && !was_broken)
		return OK;
	n->open = false;
	n->broken = false;
	err result = was_broken ? ERR_STORE : commit_end(c, n->log);
	if (result == OK || result == ERR_COMMIT_UNKNOWN)
		return result;
	struct trouble why = c->trouble;
	TRY(commit_abandon(c, n->log));
	c->trouble = why;
	if (was_broken)
		return fail(c, ERR_STORE, "the tick was given up");
	return result;
}

struct store *acts_db(const struct acts *n)
{
	return n->db;
}

struct commit *acts_log(const struct acts *n)
{
	return n->log;
}

const struct self *acts_self(const struct acts *n)
{
	return n->self;
}

const struct env *acts_env(const struct acts *n)
{
	return n->env;
}

int64_t acts_now_ms(const struct acts *n)
{
	return commit_next_ms(n->log);
}

void acts_advance(struct acts *n, int64_t ms)
{
	env_advance(n->env, ms);
	commit_advance(n->log, ms);
}

/* Each due is asked until it has nothing more, a bounded number of times. */
err acts_due(struct ctx *c, struct acts *n)
{
	for (size_t i = 0; i < n->wiring->n; i++) {
		const struct module *m = n->wiring->modules[i];
		for (size_t j = 0; j < m->dues_n; j++) {
			size_t did = 1;
			for (unsigned turn = 0; turn < DUE_TURNS && did > 0; turn++)
				TRY(m->dues[j].run(c, n, acts_now_ms(n), &did));
		}
	}
	return OK;
}

uint64_t *acts_outbox_turn(struct acts *n)
{
	return &n->outbox_turn;
}

/* The entry of a stored act: what apply was given. */
static err read_entry(
	struct ctx *c, uint64_t index, struct str act, struct str salt, struct entry *ret)
{
	struct hash s;
	const struct json *j;
	struct entry e = {.index = index};
	ENSURE(salt.n == HASH_BYTES, c, ERR_CORRUPT, "a salt is not %u bytes", HASH_BYTES);
	memcpy(s.b, salt.p, HASH_BYTES);
	e.leaf = evidence_leaf(act, &s);
	TRY(json_parse(c, act, &j));
	e.type = json_text(json_get(j, "type"));
	e.actor = json_text(json_get(j, "actor"));
	e.subject = json_text(json_get(j, "subject"));
	e.body = json_get(j, "body");
	e.sealed = json_get(j, "sealed");
	bool timed = time_parse(json_text(json_get(j, "at")), &e.at_ms);
	ENSURE(timed && e.type.n > 0 && e.body != NULL, c, ERR_CORRUPT, "entry %llu is no act",
		(unsigned long long)index);
	*ret = e;
	return OK;
}

err acts_entry(struct ctx *c, struct acts *n, uint64_t index, struct entry *ret)
{
	struct str act;
	struct hash salt;
	TRY(commit_entry(c, n->log, index, &act, &salt));
	return read_entry(c, index, act, hash_str(&salt), ret);
}

err acts_evidence(struct ctx *c, struct acts *n, uint64_t index, struct json **ret)
{
	return commit_evidence(c, n->log, index, ret);
}

/* One entry into scratch, in memory of its own so that a long log needs no more than a short one. */
static err fold(struct ctx *c, struct acts *n, struct store *scratch, uint64_t index)
{
	struct entry e;
	TRY(acts_entry(c, n, index, &e));
	const struct act_type *type = registry_type(n->wiring, e.type);
	ENSURE(type != NULL, c, ERR_CORRUPT, "entry %llu is of type %.*s, which is not known here",
		(unsigned long long)index, FMT(e.type));
	return apply(c, scratch, type, &e);
}

static err fold_all(struct ctx *c, struct acts *n, struct store *scratch)
{
	for (uint64_t i = 0; i < commit_size(n->log); i++) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx inner = {.arena = a};
		ENSURE(a != NULL, c, ERR_MEMORY, "no memory for entry %llu", (unsigned long long)i);
		err e = fold(&inner, n, scratch, i);
		if (e != OK)
			return fail(c, e, "entry %llu: %s", (unsigned long long)i,
				inner.trouble.detail);
	}
	return OK;
}

err acts_replay(struct ctx *c, struct acts *n, struct store *scratch, struct str *ret_difference)
{
	struct str *tables;
	size_t tables_n;
	*ret_difference = (struct str){0};
	TRY(migrate(c, scratch, n->wiring));
	TRY(store_begin(c, scratch));
	TRY(fold_all(c, n, scratch));
	TRY(store_commit(c, scratch));
	TRY(store_tables(c, scratch, &tables, &tables_n));
	for (size_t i = 0; i < tables_n && ret_difference->n == 0; i++) {
		if (tables_is_state(tables[i]))
			TRY(store_first_difference(c, n->db, scratch, tables[i], ret_difference));
	}
	return OK;
}
