/* For the tests of title registration: the nodes of an applicant and of a registrar in one process, under one clock that the
 * test moves. */
#pragma once

#include <string.h>

#include "act/outbox.h"
#include "act/refusal.h"
#include "base/limits.h"
#include "chain/note.h"
#include "codec/day.h"
#include "govern/registration_due.h"
#include "govern/registration_letter.h"
#include "govern/registration_store.h"
#include "govern/registration_take.h"
#include "recognise/interlock.h"

enum { APPLICANT, REGISTRAR };

struct fixture_node {
	struct key *key, *log;
	struct self self;
	struct organisation peer;
	struct store *db;
	struct acts *n;
};
static struct fixture_node nodes[2];
static int64_t fixture_now;
static struct env fixture_env;

static int64_t fixture_clock(void *arg)
{
	(void)arg;
	return fixture_now;
}

__attribute__((unused)) static void fixture_day(const char *text)
{
	int64_t day = 0;
	if (day_parse(str_z(text), &day))
		fixture_now = calendar_day_ms(day) + 9 * 3600 * 1000;
}

/* In place of party/organisation: each knows the other alone. */
err organisation_find(struct ctx *c, struct store *db, struct str did, struct organisation *ret)
{
	const struct fixture_node *n = db == nodes[APPLICANT].db ? &nodes[0] : &nodes[1];
	ENSURE(str_eq(did, n->peer.did), c, ERR_NOT_FOUND, "no such organisation");
	*ret = n->peer;
	return OK;
}

err organisation_named(struct ctx *c, struct store *db, struct str text, struct organisation *ret)
{
	return organisation_find(c, db, text, ret);
}

static const struct module *const fixture_modules[] = {
	&act_module, &recognise_module, &registration_module, &title_module};
static const struct wiring fixture_wiring = {fixture_modules, countof(fixture_modules)};

static err fixture_self(struct ctx *c, int which)
{
	struct fixture_node *n = &nodes[which];
	uint8_t seed[SEED_BYTES] = {(uint8_t)(which + 1)};
	struct note_key log;
	const char *host = which == APPLICANT ? "a.example" : "r.example";
	TRY(key_from_seed(c, seed, &n->key));
	seed[1] = 1;
	TRY(key_from_seed(c, seed, &n->log));
	struct self *s = &n->self;
	*s = (struct self){.name = str_z(host), .uscc = STR("91110000802100433B"), .key = n->key};
	TRY(arena_fmt(c, &s->url, "https://%s", host));
	TRY(arena_fmt(c, &s->did, "did:web:%s", host));
	TRY(arena_fmt(c, &s->kid, "did:web:%s#key-1", host));
	TRY(arena_fmt(c, &s->origin, "%s/log", host));
	TRY(note_key_make(c, s->origin, key_public(n->log), &log));
	return note_key_text(c, &log, &s->vkey);
}

static err fixture_open(struct ctx *c)
{
	fixture_env = env_system;
	fixture_env.now_ms = fixture_clock;
	fixture_day("2026-03-02");
	TRY(fixture_self(c, APPLICANT));
	TRY(fixture_self(c, REGISTRAR));
	for (int i = 0; i < 2; i++) {
		const struct self *other = &nodes[1 - i].self;
		nodes[i].peer = (struct organisation){.did = other->did,
			.kid = other->kid,
			.origin = other->origin,
			.vkey = other->vkey,
			.url = other->url,
			.status = ORGANISATION_APPROVED,
			.joined = true};
		memcpy(nodes[i].peer.key, key_public(other->key), KEY_BYTES);
		TRY(store_open(c, ":memory:", &nodes[i].db));
		TRY(acts_open(c, &fixture_env, nodes[i].db, &nodes[i].self, nodes[i].log,
			&fixture_wiring, &nodes[i].n));
	}
	return OK;
}

__attribute__((unused)) static void fixture_close(void)
{
	for (int i = 0; i < 2; i++) {
		store_close(nodes[i].db);
		key_free(nodes[i].key);
		key_free(nodes[i].log);
	}
}

__attribute__((unused)) static err fixture_office(struct ctx *c)
{
	const struct json *j = NULL;
	TRY(json_parse(c, STR("{\"region\":33,\"digit\":1,\"name\":\"Office\"}"), &j));
	TRY(registration_open_office(c, nodes[REGISTRAR].n, STR("operator"), j));
	return acts_tick_end(c, nodes[REGISTRAR].n);
}

/* What is to be told, told: to == NULL takes it off, else the message as it arrives. ERR_NOT_FOUND where nothing is. */
__attribute__((unused)) static err fixture_message(
	struct ctx *c, int which, struct outbox_row *ret_row, const struct json **ret)
{
	size_t n = 0;
	struct json *told;
	struct str text;
	TRY(acts_tick_end(c, nodes[which].n));
	TRY(outbox_list(c, nodes[which].n, 0, ret_row, 1, &n));
	ENSURE(n == 1, c, ERR_NOT_FOUND, "nothing is to be told");
	TRY(registration_tell(c, nodes[which].n, ret_row->peer, ret_row->index, &told));
	TRY(json_write(c, told, false, LIMIT_HTTP_BODY, &text));
	return json_parse(c, text, ret);
}

/* Carries the oldest letter over, and its answer back. */
__attribute__((unused)) static err fixture_carry(struct ctx *c, int which)
{
	struct outbox_row row;
	const struct json *message = NULL, *answer = NULL;
	struct json *shown;
	struct str text;
	uint64_t index = 0;
	struct acts *from = nodes[which].n, *to = nodes[1 - which].n;
	TRY(fixture_message(c, which, &row, &message));
	TRY(registration_take(c, to, nodes[which].self.did, message, &index));
	TRY(acts_tick_end(c, to));
	TRY(interlock_show(c, to, nodes[which].self.did, index, &shown));
	TRY(json_write(c, shown, false, LIMIT_HTTP_BODY, &text));
	TRY(json_parse(c, text, &answer));
	TRY(acts_tick(c, from));
	TRY(registration_taken(c, from, row.peer, row.index, answer));
	TRY(outbox_done(c, from, row.id));
	return acts_tick_end(c, from);
}

/* A step with a content as text, told to the other side. */
__attribute__((unused)) static err fixture_step(
	struct ctx *c, int which, struct str id, const char *step, const char *content)
{
	const struct json *j = NULL;
	struct registration r;
	enum registration_event event;
	ENSURE(registration_event_read(str_z(step), &event), c, ERR_CORRUPT, "no step %s", step);
	TRY(json_parse(c, str_z(content), &j));
	TRY(registration_find(c, nodes[which].db, id, &r));
	TRY(registration_do(c, nodes[which].n, STR("operator"), &r, event, j, NULL));
	return fixture_carry(c, which);
}

#define FIXTURE_CLAIM \
	"{\"kind\":\"initial\",\"name\":\"traffic\",\"overview\":\"cars by road\",\"source\":" \
	"\"collected\",\"rights\":[\"hold\",\"use\"],\"dossier\":{\"v\":1}}"

/* An application, received. */
__attribute__((unused)) static err fixture_apply(
	struct ctx *c, const char *claim, struct str *ret_id)
{
	const struct json *j = NULL;
	struct entry e;
	TRY(json_parse(c, str_z(claim), &j));
	TRY(registration_apply(
		c, nodes[APPLICANT].n, STR("operator"), nodes[REGISTRAR].self.did, j, &e));
	*ret_id = e.subject;
	return fixture_carry(c, APPLICANT);
}

__attribute__((unused)) static const char *fixture_state(struct ctx *c, int which, struct str id)
{
	struct registration r;
	err e = registration_find(c, nodes[which].db, id, &r);
	return e == OK ? registration_state_name(r.state) : "?";
}

/* What falls due at both. */
__attribute__((unused)) static err fixture_due(struct ctx *c)
{
	for (int i = 0; i < 2; i++) {
		TRY(acts_due(c, nodes[i].n));
		TRY(acts_tick_end(c, nodes[i].n));
	}
	return OK;
}

__attribute__((unused)) static bool fixture_replays(struct ctx *c, int which)
{
	struct store *scratch = NULL;
	struct str difference = {0};
	bool same = store_open(c, ":memory:", &scratch) == OK &&
		    acts_replay(c, nodes[which].n, scratch, &difference) == OK && difference.n == 0;
	store_closep(&scratch);
	return same;
}
