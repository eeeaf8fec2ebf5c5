#include "main/node.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/pass.h"
#include "api/node_routes.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "main/birth.h"
#include "party/uscc.h"
#include "proof/documents.h"

/* Shorter ones are no secret; auth would let nobody in by them. */
#define OPERATOR_TOKEN 32u

struct settings {
	struct str name, uscc, url, did, origin;
	bool allow_loopback, outbound;
};

static const struct json_field fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct settings, name), LIMIT_NAME, NULL},
	{"uscc", JSON_K_TEXT, false, offsetof(struct settings, uscc), USCC_TEXT, NULL},
	{"url", JSON_K_TEXT, false, offsetof(struct settings, url), LIMIT_URL, NULL},
	{"did", JSON_K_TEXT, false, offsetof(struct settings, did), LIMIT_DID, NULL},
	{"origin", JSON_K_TEXT, false, offsetof(struct settings, origin), LIMIT_ORIGIN, NULL},
	{"allowLoopback", JSON_K_BOOL, false, offsetof(struct settings, allow_loopback), 0, NULL},
	{"outboundOnly", JSON_K_BOOL, true, offsetof(struct settings, outbound), 0, NULL},
};

err node_path(struct ctx *c, const char *directory, const char *tail, const char **ret)
{
	struct str s;
	TRY(arena_fmt(c, &s, "%s/%s", directory, tail));
	*ret = s.p;
	return OK;
}

/* The address without scheme and trailing slash. */
static err host_of(struct ctx *c, const struct node_facts *f, struct str *ret)
{
	struct str url = str_z(f->url), https = STR("https://"), http = STR("http://localhost:");
	bool loopback = f->allow_loopback && str_starts(url, http);
	ENSURE(str_starts(url, https) || loopback, c, ERR_BAD_VALUE,
		"--url must be https://..., or http://localhost:PORT with --allow-loopback");
	struct str rest = str_sub(url, loopback ? 7 : https.n, url.n);
	if (str_ends(rest, STR("/")))
		rest.n--;
	ENSURE(rest.n > 0 && rest.n + 4 <= LIMIT_ORIGIN && str_find(rest, '?') == rest.n &&
			str_find(rest, '#') == rest.n && str_find(rest, '%') == rest.n &&
			str_find(rest, ' ') == rest.n && str_find(rest, '@') == rest.n,
		c, ERR_BAD_VALUE, "--url must name a host, and a path at most");
	*ret = rest;
	return OK;
}

/* did:web of that address: the port's colon is escaped, slashes become colons (did:web, 2.3). */
static err did_of(struct ctx *c, struct str host, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, LIMIT_DID);
	buf_z(&b, "did:web:");
	for (size_t i = 0; i < host.n; i++) {
		if (host.p[i] == ':')
			buf_z(&b, "%3A");
		else
			buf_char(&b, host.p[i] == '/' ? ':' : host.p[i]);
	}
	return buf_done(c, &b, ret);
}

static err check(struct ctx *c, const struct node_facts *f)
{
	ENSURE(f->name != NULL && f->uscc != NULL && f->url != NULL, c, ERR_USAGE,
		"init needs --name, --uscc and --url");
	struct str name = str_z(f->name);
	ENSURE(name.n > 0 && name.n <= LIMIT_NAME && str_is_utf8(name), c, ERR_BAD_VALUE,
		"--name must be 1 to %u bytes of UTF-8", LIMIT_NAME);
	enum uscc_verdict verdict = uscc_check(str_z(f->uscc));
	ENSURE(verdict == USCC_GOOD, c, ERR_BAD_VALUE, "--uscc: %s", uscc_explain(verdict));
	return OK;
}

static err make_directory(struct ctx *c, const char *path)
{
	ENSURE(mkdir(path, 0700) == 0 || errno == EEXIST, c, ERR_IO, "make %s: %s", path,
		strerror(errno));
	return OK;
}

/* The operator's token for TCP: 32 random bytes in base64url. */
static err write_token(struct ctx *c, const struct env *e, const char *path)
{
	uint8_t bytes[32];
	struct str text, line;
	env_random(e, bytes, sizeof bytes);
	TRY(base64url_encode(c, (struct str){(const char *)bytes, sizeof bytes}, &text));
	TRY(arena_fmt(c, &line, "%.*s\n", FMT(text)));
	return file_write(c, e, path, line, 0600);
}

static err write_settings(
	struct ctx *c, const struct env *e, const char *path, const struct node_facts *f)
{
	struct json *j = json_object(c);
	struct str host, origin, did, text, url = str_z(f->url);
	if (str_ends(url, STR("/")))
		url.n--;
	TRY(host_of(c, f, &host));
	TRY(did_of(c, host, &did));
	TRY(arena_fmt(c, &origin, "%.*s/log", FMT(host)));
	json_set_str(c, &j, "name", str_z(f->name));
	json_set_str(c, &j, "uscc", str_z(f->uscc));
	json_set_str(c, &j, "url", url);
	json_set_str(c, &j, "did", did);
	json_set_str(c, &j, "origin", origin);
	json_set(&j, "allowLoopback", json_bool(c, f->allow_loopback));
	if (f->outbound)
		json_set(&j, "outboundOnly", json_bool(c, true));
	TRY(json_canonical(c, j, LIMIT_ACT, &text));
	return file_write(c, e, path, text, 0600);
}

/* A key that an init which was cut short left behind is kept. */
static err make_key(struct ctx *c, const struct env *e, const char *keys, const char *name)
{
	struct stat st;
	const char *path;
	TRY(node_path(c, keys, name, &path));
	return stat(path, &st) != 0 ? key_create(c, e, path) : OK;
}

err node_create(
	struct ctx *c, const struct env *e, const char *directory, const struct node_facts *f)
{
	struct stat st;
	struct str host;
	const char *settings, *keys, *blobs, *token;
	TRY(check(c, f));
	TRY(host_of(c, f, &host));
	ENSURE(str_ends(host, STR("/simulated")) == f->simulated, c, ERR_BAD_VALUE,
		"an address that ends in /simulated is that of a simulated node (--simulated)");
	TRY(node_path(c, directory, "node.json", &settings));
	TRY(node_path(c, directory, "keys", &keys));
	TRY(node_path(c, directory, "blobs", &blobs));
	TRY(node_path(c, keys, "operator.token", &token));
	ENSURE(stat(settings, &st) != 0, c, ERR_CONFLICT, "there is a node in %s already",
		directory);
	TRY(make_directory(c, directory));
	TRY(make_directory(c, keys));
	TRY(make_directory(c, blobs));
	TRY(make_key(c, e, keys, "log.key"));
	TRY(make_key(c, e, keys, "party.key"));
	TRY(write_token(c, e, token));
	if (f->simulated)
		TRY(pass_keep(c, e, directory, f->at_ms));
	return write_settings(c, e, settings, f);
}

static void node_release(void *ptr)
{
	struct node *n = ptr;
	store_closep(&n->db);
	fd_closep(&n->lock);
}

static err take_lock(struct ctx *c, const char *directory, struct node *n)
{
	const char *path;
	TRY(node_path(c, directory, "lock", &path));
	n->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ENSURE(n->lock >= 0, c, ERR_IO, "open %s: %s", path, strerror(errno));
	ENSURE(flock(n->lock, LOCK_EX | LOCK_NB) == 0, c, ERR_LOCKED, "another process works in %s",
		directory);
	return OK;
}

/* What was to be read does not hold together, for the reason told already. */
static err damaged(struct ctx *c, const char *path)
{
	struct str why;
	TRY(arena_str(c, str_z(c->trouble.detail), &why));
	return fail(
		c, ERR_CORRUPT, "%s is damaged (%.*s): put it back from a backup", path, FMT(why));
}

static err read_settings(struct ctx *c, const char *directory, struct self *self)
{
	const char *path;
	struct str text;
	struct settings set;
	const struct json *j;
	TRY(node_path(c, directory, "node.json", &path));
	err e = file_read(c, path, LIMIT_ACT, &text);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_NOT_FOUND, "no node in %s: make one with shugu init",
		directory);
	TRY(e);
	e = json_parse_canonical(c, text, &j);
	if (e == OK)
		e = json_read(c, j, fields, countof(fields), false, &set);
	if (e != OK)
		return damaged(c, path);
	*self = (struct self){.name = set.name,
		.uscc = set.uscc,
		.url = set.url,
		.did = set.did,
		.origin = set.origin,
		.directory = directory,
		.allow_loopback = set.allow_loopback,
		.simulated = party_is_simulated(set.did),
		.outbound = set.outbound};
	return arena_fmt(c, &self->kid, "%.*s#key-1", FMT(set.did));
}

static err read_keys(struct ctx *c, const char *directory, struct node *n)
{
	const char *log, *party, *token;
	struct key *key;
	struct str text;
	TRY(node_path(c, directory, "keys/log.key", &log));
	TRY(node_path(c, directory, "keys/party.key", &party));
	TRY(node_path(c, directory, "keys/operator.token", &token));
	TRY(key_open(c, log, &n->log_key));
	TRY(key_open(c, party, &key));
	n->self.key = key;
	TRY(note_key_make(c, n->self.origin, key_public(n->log_key), &n->log));
	TRY(note_key_text(c, &n->log, &n->self.vkey));
	TRY(file_read(c, token, LIMIT_NAME, &text));
	n->operator_token = str_sub(text, 0, str_find(text, '\n'));
	ENSURE(n->operator_token.n >= OPERATOR_TOKEN, c, ERR_CORRUPT,
		"%s holds fewer than %u characters: write another token into it", token,
		OPERATOR_TOKEN);
	return OK;
}

static err begin_open(struct ctx *c, const struct env *e, const char *directory, struct node **ret)
{
	struct node *n;
	int64_t at_ms;
	NEW(c, n);
	n->lock = -1;
	n->env = *e;
	TRY(read_settings(c, directory, &n->self));
	if (n->self.simulated) {
		TRY(pass_kept(c, directory, &at_ms));
		n->env = env_simulated(&n->clock, at_ms);
	}
	TRY(arena_defer(c, node_release, n));
	*ret = n;
	return OK;
}

static err refuse_restored(struct ctx *c, const char *directory)
{
	struct stat st;
	const char *path;
	TRY(node_path(c, directory, "restored", &path));
	ENSURE(lstat(path, &st) != 0 && errno == ENOENT, c, ERR_BAD_STATE,
		"%s was restored from a backup and may be older than what partners saw of its log; "
		"where nothing newer is left, start it once with shugu serve --accept-restored",
		directory);
	return OK;
}

err node_mark_restored(struct ctx *c, const struct env *e, const char *directory)
{
	const char *path;
	TRY(node_path(c, directory, "restored", &path));
	return file_write(c, e, path, STR("restored from a backup\n"), 0600);
}

err node_accept_restored(struct ctx *c, const struct env *e, const char *directory)
{
	const char *path;
	TRY(node_path(c, directory, "restored", &path));
	if (unlink(path) != 0) {
		ENSURE(errno == ENOENT, c, ERR_IO, "remove %s: %s", path, strerror(errno));
		return OK;
	}
	cleanup(fd_closep) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_IO, "open %s: %s", directory, strerror(errno));
	return env_sync(c, e, fd);
}

static err open_to_write(
	struct ctx *c, const struct env *e, const char *directory, bool fresh, struct node **ret)
{
	struct node *n;
	struct stat st;
	const char *db;
	TRY(begin_open(c, e, directory, &n));
	TRY(take_lock(c, directory, n));
	TRY(refuse_restored(c, directory));
	TRY(read_keys(c, directory, n));
	TRY(node_path(c, directory, "node.db", &db));
	ENSURE(fresh || (stat(db, &st) == 0 && st.st_size > 0), c, ERR_CORRUPT,
		"%s is missing or empty, and without it a second history would begin under the "
		"same key: put it back, or restore a backup (a node that was never used may be "
		"removed and made anew)",
		db);
	TRY(store_open(c, db, &n->db));
	TRY(acts_open(c, &n->env, n->db, &n->self, n->log_key, &node_wiring, &n->acts));
	acts_advance(n->acts, acts_now_ms(n->acts));
	TRY(fresh ? birth_log(c, n->acts) : birth_check(c, n->acts));
	*ret = n;
	return OK;
}

err node_open(struct ctx *c, const struct env *e, const char *directory, struct node **ret)
{
	return open_to_write(c, e, directory, false, ret);
}

err node_open_new(struct ctx *c, const struct env *e, const char *directory, struct node **ret)
{
	return open_to_write(c, e, directory, true, ret);
}

static err open_view(struct ctx *c, const char *directory, struct node *n, struct node **ret)
{
	const char *db;
	TRY(node_path(c, directory, "node.db", &db));
	TRY(store_open_readonly(c, db, &n->db));
	TRY(store_begin(c, n->db));
	TRY(acts_open_readonly(c, &n->env, n->db, &n->self, n->log_key, &node_wiring, &n->acts));
	acts_advance(n->acts, acts_now_ms(n->acts));
	*ret = n;
	return OK;
}

err node_open_readonly(struct ctx *c, const struct env *e, const char *directory, struct node **ret)
{
	struct node *n;
	TRY(begin_open(c, e, directory, &n));
	TRY(read_keys(c, directory, n));
	return open_view(c, directory, n, ret);
}

err node_open_keyless(struct ctx *c, const struct env *e, const char *directory, struct str vkey,
	struct node **ret)
{
	struct node *n;
	uint8_t seed[SEED_BYTES];
	TRY(begin_open(c, e, directory, &n));
	env_random(e, seed, sizeof seed);
	TRY(key_from_seed(c, seed, &n->log_key));
	n->self.key = n->log_key;
	n->self.vkey = vkey;
	TRY(note_key_parse(c, vkey, &n->log));
	return open_view(c, directory, n, ret);
}

struct api_setup node_setup(const struct node *n)
{
	return (struct api_setup){.acts = n->acts,
		.post = {n->acts, node_renderers, node_renderers_n},
		.routes = all_routes,
		.source = node_auth_source,
		.operator_token = n->operator_token};
}
