#include "main/node.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/base64.h"
#include "party/uscc.h"

static const struct json_field fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct node, name), LIMIT_NAME, NULL},
	{"uscc", JSON_K_TEXT, false, offsetof(struct node, uscc), USCC_TEXT, NULL},
	{"url", JSON_K_TEXT, false, offsetof(struct node, url), LIMIT_URL, NULL},
	{"origin", JSON_K_TEXT, false, offsetof(struct node, origin), LIMIT_ORIGIN, NULL},
};

static err path_of(struct ctx *c, const char *directory, const char *tail, const char **ret)
{
	struct str s;
	TRY(arena_fmt(c, &s, "%s/%s", directory, tail));
	*ret = s.p;
	return OK;
}

/* The log's origin: the address without scheme and trailing slash, plus /log (docs/FORMATS.md, 3). */
static err origin_of(struct ctx *c, const struct options *o, struct str *ret)
{
	struct str url = str_z(o->url), https = STR("https://"), http = STR("http://localhost:");
	bool loopback = o->allow_loopback && str_starts(url, http);
	ENSURE(str_starts(url, https) || loopback, c, ERR_BAD_VALUE,
		"--url must be https://..., or http://localhost:PORT with --allow-loopback");
	struct str rest = str_sub(url, loopback ? 7 : https.n, url.n);
	if (str_ends(rest, STR("/")))
		rest.n--;
	ENSURE(rest.n > 0 && rest.n + 4 <= LIMIT_ORIGIN, c, ERR_BAD_VALUE,
		"--url names no host, or is too long");
	return arena_fmt(c, ret, "%.*s/log", FMT(rest));
}

static err check(struct ctx *c, const struct options *o)
{
	ENSURE(o->name != NULL && o->uscc != NULL && o->url != NULL, c, ERR_USAGE,
		"init needs --name, --uscc and --url");
	struct str name = str_z(o->name);
	ENSURE(name.n > 0 && name.n <= LIMIT_NAME && str_is_utf8(name), c, ERR_BAD_VALUE,
		"--name must be 1 to %u bytes of UTF-8", LIMIT_NAME);
	enum uscc_verdict verdict = uscc_check(str_z(o->uscc));
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
	struct ctx *c, const struct env *e, const char *path, const struct options *o)
{
	struct json *j = json_object(c);
	struct str origin, text;
	TRY(origin_of(c, o, &origin));
	json_set_str(c, &j, "name", str_z(o->name));
	json_set_str(c, &j, "uscc", str_z(o->uscc));
	json_set_str(c, &j, "url", str_z(o->url));
	json_set_str(c, &j, "origin", origin);
	TRY(json_canonical(c, j, LIMIT_ACT, &text));
	return file_write(c, e, path, text, 0600);
}

err node_create(struct ctx *c, const struct env *e, const struct options *o)
{
	struct stat st;
	struct str origin;
	const char *settings, *keys, *log_key, *token;
	TRY(check(c, o));
	TRY(origin_of(c, o, &origin));
	TRY(path_of(c, o->data, "node.json", &settings));
	TRY(path_of(c, o->data, "keys", &keys));
	TRY(path_of(c, keys, "log.key", &log_key));
	TRY(path_of(c, keys, "operator.token", &token));
	ENSURE(stat(settings, &st) != 0, c, ERR_CONFLICT, "there is a node in %s already", o->data);
	TRY(make_directory(c, o->data));
	TRY(make_directory(c, keys));
	if (stat(log_key, &st) != 0) /* an init that was cut short left it */
		TRY(key_create(c, e, log_key));
	TRY(write_token(c, e, token));
	return write_settings(c, e, settings, o);
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
	TRY(path_of(c, directory, "lock", &path));
	n->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ENSURE(n->lock >= 0, c, ERR_IO, "open %s: %s", path, strerror(errno));
	ENSURE(flock(n->lock, LOCK_EX | LOCK_NB) == 0, c, ERR_LOCKED, "another process works in %s",
		directory);
	return OK;
}

static err read_settings(struct ctx *c, const char *directory, struct node *n)
{
	const char *path;
	struct str text;
	const struct json *j;
	TRY(path_of(c, directory, "node.json", &path));
	err e = file_read(c, path, LIMIT_ACT, &text);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_NOT_FOUND, "no node in %s: make one with shugu init",
		directory);
	TRY(e);
	TRY(json_parse_canonical(c, text, &j));
	return json_read(c, j, fields, countof(fields), false, n);
}

err node_open(struct ctx *c, const struct env *e, const char *directory, struct node **ret)
{
	struct node *n;
	const char *key, *db;
	NEW(c, n);
	n->lock = -1;
	TRY(read_settings(c, directory, n));
	TRY(arena_defer(c, node_release, n));
	TRY(take_lock(c, directory, n));
	TRY(path_of(c, directory, "keys/log.key", &key));
	TRY(path_of(c, directory, "node.db", &db));
	TRY(key_open(c, key, &n->log_key));
	TRY(note_key_make(c, n->origin, key_public(n->log_key), &n->log));
	TRY(store_open(c, db, &n->db));
	TRY(commit_open(c, e, n->db, n->log_key, n->origin, &n->commit));
	*ret = n;
	return OK;
}
