#include "recognise/interlock.h"

#include <string.h>

#include "base/limits.h"
#include "codec/time.h"
#include "recognise/interlock_store.h"

#define PRUNE_EVERY 64u

const struct module recognise_module = {.name = "recognise",
	.migrations = interlock_migrations,
	.migrations_n = INTERLOCK_MIGRATIONS};

/* Origin and size as a signed head says them; nothing is verified. */
static bool peek(struct str note, struct str *ret_origin, uint64_t *ret_size)
{
	struct str rest, size;
	return str_cut(note, '\n', ret_origin, &rest) && str_cut(rest, '\n', &size, &rest) &&
	       str_u64(size, ret_size);
}

/* The path between the head of E and the one the peer holds, whichever is the larger. */
static err link_json(struct ctx *c, struct acts *n, uint64_t held, uint64_t size, struct json **ret)
{
	struct json *o = json_object(c), *path;
	bool forward = held < size;
	TRY(commit_path(c, acts_log(n), forward ? held : size, forward ? size : held, &path));
	json_set_num(c, &o, forward ? "old" : "new", (int64_t)held);
	json_set(&o, "path", path);
	*ret = o;
	return OK;
}

/* The head of our log that the party is known to hold: the one it said, else the first it was ever shown, with the act
 * by which it was met. */
static err size_held(struct ctx *c, struct acts *n, const struct organisation *o, uint64_t *ret)
{
	struct json *proof;
	struct str origin;
	TRY(interlock_store_seen(c, acts_db(n), o->did, ret));
	if (*ret > 0 || !o->joined)
		return OK;
	TRY(acts_evidence(c, n, o->index, &proof));
	ENSURE(peek(json_text(json_get(proof, "head")), &origin, ret), c, ERR_CORRUPT,
		"our own head cannot be read");
	return OK;
}

err interlock_show(
	struct ctx *c, struct acts *n, struct str peer, uint64_t index, struct json **ret)
{
	struct json *o = json_object(c), *proof, *link;
	struct organisation party;
	struct held_head seen;
	struct str origin;
	uint64_t held = 0, size = 0;
	bool found = false;
	TRY(organisation_find(c, acts_db(n), peer, &party));
	TRY(acts_evidence(c, n, index, &proof));
	ENSURE(peek(json_text(json_get(proof, "head")), &origin, &size), c, ERR_CORRUPT,
		"our own head cannot be read");
	TRY(size_held(c, n, &party, &held));
	TRY(interlock_store_head(c, acts_db(n), peer, party.origin, 0, &found, &seen));
	json_set(&o, "E", proof);
	if (held > 0 && held != size) {
		TRY(link_json(c, n, held, size, &link));
		json_set(&o, "link", link);
	}
	if (found)
		json_set_str(c, &o, "seen", seen.note);
	*ret = o;
	return OK;
}

/* A path as hashes; false where it is none. */
static bool path_read(const struct json *j, struct tree_proof *ret)
{
	ret->n = 0;
	if (j == NULL || j->type != JSON_ARRAY || j->n > LIMIT_PROOF_HASHES)
		return false;
	for (const struct json *i = j->first; i != NULL; i = i->next) {
		if (!hash_parse(json_text(i), &ret->path[ret->n++]))
			return false;
	}
	return true;
}

/* The link joins the head shown with one that is held. */
static err links(struct ctx *c, struct store *db, const struct organisation *peer,
	const struct json *link, const struct checkpoint *shown, bool *ret)
{
	struct tree_proof proof;
	struct held_head held;
	int64_t size = 0;
	bool found = false;
	bool forward = json_int(json_get(link, "old"), &size);
	*ret = false;
	if ((!forward && !json_int(json_get(link, "new"), &size)) || size <= 0 ||
		!path_read(json_get(link, "path"), &proof))
		return OK;
	TRY(interlock_store_head(c, db, peer->did, peer->origin, (uint64_t)size, &found, &held));
	if (!found)
		return OK;
	*ret = forward ? tree_verify_consistency(held.size, &held.root, shown->size, &shown->root,
				 proof.path, proof.n)
		       : tree_verify_consistency(shown->size, &shown->root, held.size, &held.root,
				 proof.path, proof.n);
	return OK;
}

/* Keeps the head of E, or the pair that does not link. */
static err keep(struct ctx *c, struct store *db, const struct organisation *peer,
	const struct json *link, const struct evidence *e)
{
	struct held_head held;
	const struct held_head shown = {e->verified.size, e->verified.root, e->head};
	bool found = false, joined = false;
	TRY(interlock_store_head(c, db, peer->did, peer->origin, shown.size, &found, &held));
	if (found && hash_eq(&held.root, &shown.root))
		return OK;
	if (found)
		return interlock_store_unlink(c, db, peer->did, &held, &shown);
	TRY(interlock_store_head(c, db, peer->did, peer->origin, 0, &found, &held));
	if (found)
		TRY(links(c, db, peer, link, &e->verified, &joined));
	if (found && !joined)
		return interlock_store_unlink(c, db, peer->did, &held, &shown);
	if (shown.size % PRUNE_EVERY ==
		0) /* before, so that what is kept now stays for the answer */
		TRY(interlock_store_prune(c, db, peer->did, peer->origin, LIMIT_INTERLOCK_HEADS));
	return interlock_store_keep(c, db, peer->did, peer->origin, &shown);
}

/* What the party holds of our log. A head that is larger than our log and bears our signature says that we were set back;
 * any other that does not fit says nothing. */
static err take_seen(
	struct ctx *c, struct acts *n, const struct organisation *peer, struct str note)
{
	struct note_key own;
	struct checkpoint later;
	struct str origin;
	uint64_t size = 0, known = 0;
	if (!peek(note, &origin, &size) || !str_eq(origin, acts_self(n)->origin) || size == 0)
		return OK;
	if (size > commit_size(acts_log(n))) {
		TRY(note_key_parse(c, acts_self(n)->vkey, &own));
		ENSURE(checkpoint_open(c, note, &own, &later) != OK, c, ERR_PROOF_REFUSED,
			"%.*s holds a head of our log of size %llu, which it has not reached",
			FMT(peer->did), (unsigned long long)size);
		return OK;
	}
	TRY(interlock_store_seen(c, acts_db(n), peer->did, &known));
	return known != size ? interlock_store_put_seen(c, acts_db(n), peer->did, size) : OK;
}

err interlock_take(struct ctx *c, struct acts *n, const struct organisation *peer,
	const struct json *shown, const char *type, struct evidence *ret)
{
	struct evidence e;
	int64_t at_ms = 0;
	const struct json *proof = json_get(shown, "E");
	ENSURE(peer->joined, c, ERR_BAD_STATE, "%.*s has no log", FMT(peer->did));
	ENSURE(proof != NULL, c, ERR_EVIDENCE_MISSING, "the proof of %s is missing", type);
	TRY(evidence_read(c, proof, &e));
	ENSURE(str_is(e.type, type), c, ERR_BAD_DIGEST, "the act shown is no %s", type);
	TRY(evidence_verify(c, &e, peer->vkey, peer->origin));
	if (time_parse(e.at, &at_ms))
		acts_advance(n, at_ms);
	ENSURE(time_parse(e.at, &at_ms) && at_ms <= env_now_ms(acts_env(n)) + LIMIT_SKEW_MS, c,
		ERR_CLOCK_SKEW,
		"the act is dated more than five minutes ahead: look at the clocks, and say it "
		"again when its time has come");
	TRY(keep(c, acts_db(n), peer, json_get(shown, "link"), &e));
	TRY(take_seen(c, n, peer, json_text(json_get(shown, "seen"))));
	*ret = e;
	return OK;
}

err interlock_write(struct ctx *c, struct acts *n, const struct organisation *peer,
	const struct evidence *taken, struct json **body)
{
	struct json *head = json_object(c);
	const struct checkpoint *p = &taken->verified;
	struct held_head held;
	bool found = false;
	TRY(interlock_store_head(c, acts_db(n), peer->did, peer->origin, p->size, &found, &held));
	json_set_str(c, &head, "origin", p->origin);
	json_set_num(c, &head, "size", (int64_t)p->size);
	json_set_hex(c, &head, "root", p->root.b, HASH_BYTES);
	if (!found || !hash_eq(&held.root, &p->root))
		json_set(&head, "unlinked", json_bool(c, true));
	json_set(body, "head", head);
	json_set_hex(c, body, "peerEntry", taken->leaf.b, HASH_BYTES);
	return OK;
}

err interlock_unlinked(struct ctx *c, struct store *db, struct str peer, int64_t *ret)
{
	return interlock_store_unlinked(c, db, peer, ret);
}
