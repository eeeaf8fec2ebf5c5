/* For the tests of party/ and recognise/: nodes in one process, each with a log and a store of its own, under one clock
 * that the test moves. */
#pragma once

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/acts.h"
#include "act/refusal.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "party/joining.h"

struct house {
	char directory[64], path[80];
	struct key *party, *log;
	struct self self;
	struct store *db;
	struct acts *acts;
};

static int64_t house_now = 1800000000000; /* 2027-01-15 */

static int64_t house_clock(void *arg)
{
	(void)arg;
	return house_now;
}

static struct env house_env;

/* A node at https://<host>; its keys come from seed. */
__attribute__((unused)) static err house_open(
	struct ctx *c, struct house *h, const char *host, uint8_t seed, const struct wiring *w)
{
	uint8_t bytes[SEED_BYTES] = {seed};
	struct note_key log;
	struct self *s = &h->self;
	house_env = env_system;
	house_env.now_ms = house_clock;
	(void)snprintf(h->directory, sizeof h->directory, "/var/tmp/party_test.XXXXXX");
	ENSURE(mkdtemp(h->directory) != NULL, c, ERR_IO, "no directory");
	(void)snprintf(h->path, sizeof h->path, "%s/db", h->directory);
	TRY(key_from_seed(c, bytes, &h->party));
	bytes[1] = 1;
	TRY(key_from_seed(c, bytes, &h->log));
	*s = (struct self){
		.name = STR("Data House"), .uscc = STR("91110000802100433B"), .key = h->party};
	TRY(arena_fmt(c, &s->url, "https://%s", host));
	TRY(arena_fmt(c, &s->did, "did:web:%s", host));
	TRY(arena_fmt(c, &s->kid, "did:web:%s#key-1", host));
	TRY(arena_fmt(c, &s->origin, "%s/log", host));
	TRY(note_key_make(c, s->origin, key_public(h->log), &log));
	TRY(note_key_text(c, &log, &s->vkey));
	TRY(store_open(c, h->path, &h->db));
	return acts_open(c, &house_env, h->db, s, h->log, w, &h->acts);
}

__attribute__((unused)) static void house_close(struct house *h)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	store_closep(&h->db);
	for (size_t i = 0; i < countof(tails); i++) {
		char file[96];
		(void)snprintf(file, sizeof file, "%s%s", h->path, tails[i]);
		(void)unlink(file);
	}
	(void)rmdir(h->directory);
}

/* The least that a DID document says. */
__attribute__((unused)) static struct json *house_document(struct ctx *c, const struct self *s)
{
	struct json *o = json_object(c), *methods = json_array(c), *method = json_object(c),
		    *jwk = json_object(c), *ids = json_array(c), *services = json_array(c),
		    *service = json_object(c);
	struct str x, node;
	if (base64url_encode(c, (struct str){(const char *)key_public(s->key), KEY_BYTES}, &x) !=
			OK ||
		arena_fmt(c, &node, "%.*s/peer/v1", FMT(s->url)) != OK)
		return NULL;
	json_set_str(c, &jwk, "kty", STR("OKP"));
	json_set_str(c, &jwk, "crv", STR("Ed25519"));
	json_set_str(c, &jwk, "x", x);
	json_set_str(c, &method, "id", s->kid);
	json_set(&method, "publicKeyJwk", jwk);
	json_push(&methods, method);
	json_push(&ids, json_str(c, s->kid));
	json_set_str(c, &service, "type", STR("ShuguNode"));
	json_set_str(c, &service, "serviceEndpoint", node);
	json_push(&services, service);
	json_set_str(c, &o, "id", s->did);
	json_set(&o, "verificationMethod", methods);
	json_set(&o, "assertionMethod", ids);
	json_set(&o, "service", services);
	return o;
}

/* The log folded anew gives the same tables. */
__attribute__((unused)) static bool house_replays(struct ctx *c, struct house *h)
{
	char path[96];
	static const char *const tails[] = {"", "-wal", "-shm"};
	struct store *scratch = NULL;
	struct str difference = {0};
	(void)snprintf(path, sizeof path, "%s/scratch", h->directory);
	bool same = store_open(c, path, &scratch) == OK &&
		    acts_replay(c, h->acts, scratch, &difference) == OK && difference.n == 0;
	store_closep(&scratch);
	for (size_t i = 0; i < countof(tails); i++) {
		char file[112];
		(void)snprintf(file, sizeof file, "%s%s", path, tails[i]);
		(void)unlink(file);
	}
	return same;
}

/* A message as it arrives: written and read again. */
__attribute__((unused)) static const struct json *house_carry(
	struct ctx *c, const struct json *message)
{
	struct str text;
	const struct json *j = NULL;
	return json_write(c, message, false, LIMIT_HTTP_BODY, &text) == OK &&
			       json_parse(c, text, &j) == OK
		       ? j
		       : NULL;
}
