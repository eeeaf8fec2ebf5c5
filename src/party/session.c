#include "party/session.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "party/session_store.h"

#define TOKEN_BYTES 32u
#define SEEN_MS 60000

static err new_token(struct ctx *c, struct acts *n, struct str *ret, struct hash *ret_digest)
{
	uint8_t bytes[TOKEN_BYTES];
	env_random(acts_env(n), bytes, sizeof bytes);
	TRY(base64url_encode(c, (struct str){(const char *)bytes, sizeof bytes}, ret));
	*ret_digest = hash_of(*ret);
	return OK;
}

static err no_person_yet(struct ctx *c, struct store *db)
{
	int64_t all = 0, owners = 0;
	TRY(person_count(c, db, &all, &owners));
	ENSURE(all == 0, c, ERR_BAD_STATE, "there is an owner: shugu person link NAME");
	return OK;
}

err session_link(struct ctx *c, struct acts *n, struct str id, struct str *ret_token,
	int64_t *ret_expires_ms)
{
	struct person p;
	struct hash digest;
	int64_t now = env_now_ms(acts_env(n));
	TRY(acts_tick(c, n));
	if (id.n == 0)
		TRY(no_person_yet(c, acts_db(n)));
	else
		TRY(person_find(c, acts_db(n), id, &p));
	ENSURE(id.n == 0 || !p.removed, c, ERR_BAD_STATE, "this person was removed");
	TRY(new_token(c, n, ret_token, &digest));
	*ret_expires_ms = now + LIMIT_LINK_MS;
	return session_store_link(c, acts_db(n), &digest, id, now, *ret_expires_ms);
}

/* Who the link is for. The first owner is added by using it. */
static err owner_of(
	struct ctx *c, struct acts *n, struct str id, struct str name, struct person *ret)
{
	struct entry e = {.subject = id};
	if (id.n == 0) {
		err e1 = no_person_yet(c, acts_db(n));
		ENSURE(e1 != ERR_BAD_STATE, c, ERR_UNAUTHENTICATED,
			"this link is not good any more");
		TRY(e1);
		TRY(person_add(
			c, n, STR("operator"), name.n > 0 ? name : STR("owner"), ROLE_OWNER, &e));
	}
	TRY(person_find(c, acts_db(n), e.subject, ret));
	ENSURE(!ret->removed, c, ERR_UNAUTHENTICATED, "this link is not good any more");
	return OK;
}

err session_open(struct ctx *c, struct acts *n, struct str link, struct str name,
	struct str *ret_token, struct session *ret)
{
	struct hash digest = hash_of(link);
	struct str id;
	struct person p;
	int64_t now = env_now_ms(acts_env(n));
	TRY(acts_tick(c, n));
	err e = session_store_take_link(c, acts_db(n), &digest, now, &id);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_UNAUTHENTICATED,
		"this link is not known, was used or is over: shugu person link NAME makes "
		"another");
	TRY(e);
	TRY(owner_of(c, n, id, name, &p));
	TRY(new_token(c, n, ret_token, &digest));
	TRY(session_store_open(c, acts_db(n), &digest, p.id, now, LIMIT_SIGNED_IN));
	*ret = (struct session){.person = p, .expires_ms = now + LIMIT_SIGNED_IN_MS};
	return OK;
}

/* That it is not noted is no reason to refuse: a full disk can still be read. */
static err note_seen(
	struct ctx *c, struct acts *n, const struct hash *digest, int64_t seen_ms, int64_t now)
{
	if (now - seen_ms < SEEN_MS || acts_tick(c, n) != OK)
		return OK;
	return session_store_seen(c, acts_db(n), digest, now);
}

err session_find(struct ctx *c, struct acts *n, struct str token, struct session *ret)
{
	struct hash digest = hash_of(token);
	struct session_row row;
	struct person p;
	int64_t now = env_now_ms(acts_env(n));
	err e = session_store_find(c, acts_db(n), &digest, &row);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_UNAUTHENTICATED,
		"this session has ended: sign in by a new link");
	TRY(e);
	ENSURE(now < row.opened_ms + LIMIT_SIGNED_IN_MS &&
			now < row.seen_ms + LIMIT_SIGNED_IN_IDLE_MS,
		c, ERR_UNAUTHENTICATED, "this session is over: sign in by a new link");
	TRY(person_find(c, acts_db(n), row.person, &p));
	ENSURE(!p.removed, c, ERR_UNAUTHENTICATED, "this person was removed");
	TRY(note_seen(c, n, &digest, row.seen_ms, now));
	*ret = (struct session){.person = p, .expires_ms = row.opened_ms + LIMIT_SIGNED_IN_MS};
	return OK;
}

err session_end(struct ctx *c, struct acts *n, struct str token)
{
	struct hash digest = hash_of(token);
	TRY(acts_tick(c, n));
	return session_store_end(c, acts_db(n), &digest);
}

static err end_all(struct ctx *c, struct acts *n, const struct entry *e)
{
	return session_store_end_all(c, acts_db(n), e->subject);
}

static const struct reaction reactions[] = {{"person.role", end_all}, {"person.remove", end_all}};

const struct module session_module = {.name = "session",
	.migrations = session_migrations,
	.migrations_n = SESSION_MIGRATIONS,
	.reactions = reactions,
	.reactions_n = countof(reactions)};
