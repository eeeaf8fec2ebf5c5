/* shugu backup FILE, shugu restore FILE: a node in one file, and back. The file is store/backup.h; keys go in only when
 * asked for, locked by a passphrase. Restoring happens in DIR/restoring; node.json, which makes a directory a node, comes
 * into its place last, when everything has been checked. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "act/audit.h"
#include "base/limits.h"
#include "main/command.h"
#include "store/backup.h"
#include "store/backup_keys.h"

static const char *const key_files[] = {"log.key", "operator.token", "party.key"};
static const struct backup_reference reference_rows[] = {{"revision", "root"}};
static const struct backup_references references = {reference_rows, countof(reference_rows)};

struct progress {
	const char *what;
	uint64_t shown;
};

static void show_progress(void *arg, uint64_t done)
{
	struct progress *p = arg;
	if (isatty(2) == 0 || done - p->shown < (64u << 20))
		return;
	p->shown = done;
	fprintf(stderr, "\r%s: %llu MiB", p->what, (unsigned long long)(done >> 20));
}

static void end_progress(const struct progress *p)
{
	if (p->shown > 0)
		fprintf(stderr, "\n");
}

struct echo {
	int fd;
	struct termios before;
};

static void echo_restorep(struct echo *t)
{
	if (t->fd < 0)
		return;
	(void)tcsetattr(t->fd, TCSAFLUSH, &t->before);
	(void)close(t->fd);
}

/* One line from the terminal, not echoed. */
static err ask(struct ctx *c, const char *prompt, struct str *ret)
{
	static const char hint[] = "give the passphrase by a terminal, $SHUGU_PASSPHRASE or "
				   "--passphrase-file";
	cleanup(echo_restorep) struct echo t = {
		.fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
	char line[BACKUP_PASSPHRASE_MAX + 2];
	ENSURE(t.fd >= 0 && tcgetattr(t.fd, &t.before) == 0, c, ERR_USAGE, "%s", hint);
	struct termios silent = t.before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(t.fd, TCSAFLUSH, &silent);
	(void)dprintf(t.fd, "%s: ", prompt);
	ssize_t n = read(t.fd, line, sizeof line);
	(void)dprintf(t.fd, "\n");
	ENSURE(n > 0, c, ERR_USAGE, "%s", hint);
	struct str typed = {line, (size_t)n};
	TRY(arena_str(c, str_sub(typed, 0, str_find(typed, '\n')), ret));
	backup_keys_wipe(&typed);
	return OK;
}

static err passphrase(struct ctx *c, const struct options *o, bool twice, struct str *ret)
{
	const char *file = option(o, "passphrase-file"), *given = getenv("SHUGU_PASSPHRASE");
	struct str again;
	if (file != NULL) {
		TRY(file_read(c, file, BACKUP_PASSPHRASE_MAX + 1, ret));
		*ret = str_sub(*ret, 0, str_find(*ret, '\n'));
		return OK;
	}
	if (given != NULL) {
		*ret = str_z(given);
		return OK;
	}
	TRY(ask(c, "Passphrase for the keys", ret));
	if (!twice)
		return OK;
	TRY(ask(c, "Once more", &again));
	ENSURE(str_eq(*ret, again), c, ERR_BAD_VALUE, "the two passphrases differ");
	return OK;
}

/* The three files in their order, each behind its length in two bytes, most significant first. */
static err pack_keys(struct ctx *c, const char *keys, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, 1024);
	for (size_t i = 0; i < countof(key_files); i++) {
		const char *path;
		struct str text;
		TRY(node_path(c, keys, key_files[i], &path));
		TRY(file_read(c, path, LIMIT_NAME, &text));
		buf_char(&b, (char)(text.n >> 8));
		buf_char(&b, (char)(text.n & 255));
		buf_add(&b, text);
	}
	return buf_done(c, &b, ret);
}

static err unpack_keys(struct ctx *c, struct str packed, const char *keys)
{
	for (size_t i = 0; i < countof(key_files); i++) {
		const char *path;
		ENSURE(packed.n >= 2, c, ERR_CORRUPT, "the locked keys end early");
		size_t n = (size_t)(uint8_t)packed.p[0] << 8 | (uint8_t)packed.p[1];
		ENSURE(packed.n - 2 >= n, c, ERR_CORRUPT, "the locked keys end early");
		TRY(node_path(c, keys, key_files[i], &path));
		TRY(file_write(c, &env_system, path, str_sub(packed, 2, n), 0600));
		packed = str_sub(packed, 2 + n, packed.n);
	}
	return OK;
}

static err lock_keys(struct ctx *c, const struct options *o, struct str *ret)
{
	const char *keys;
	struct str word, packed;
	TRY(passphrase(c, o, true, &word));
	TRY(node_path(c, o->data, "keys", &keys));
	TRY(pack_keys(c, keys, &packed));
	err e = backup_keys_lock(c, &env_system, word, packed, ret);
	backup_keys_wipe(&packed);
	return e;
}

static err put_files(
	struct ctx *c, const struct options *o, struct node *n, struct backup *b, struct str locked)
{
	const char *settings;
	struct str text, public = {(const char *)key_public(n->self.key), KEY_BYTES};
	TRY(node_path(c, o->data, "node.json", &settings));
	TRY(file_read(c, settings, LIMIT_ACT, &text));
	TRY(backup_put_file(c, b, STR("node.json"), text));
	TRY(backup_put_file(c, b, STR("log.vkey"), n->self.vkey));
	TRY(backup_put_file(c, b, STR("party.public"), public));
	return locked.n == 0 ? OK : backup_put_file(c, b, STR("keys.locked"), locked);
}

/* How many acts the snapshot has; its right edge must give its root. */
static err count_acts(struct ctx *c, struct node *n, struct store *snapshot, uint64_t *ret)
{
	struct commit *log;
	TRY(commit_open_readonly(c, &env_system, snapshot, n->log_key, n->self.origin, &log));
	*ret = commit_size(log);
	return OK;
}

struct report {
	uint64_t entries, size;
	struct backup_count count;
	bool keys;
};

static err print_report(struct ctx *c, const struct options *o, const struct report *r)
{
	struct json *j = json_object(c);
	json_set_num(c, &j, "entries", (int64_t)r->entries);
	json_set_num(c, &j, "objects", (int64_t)r->count.objects);
	json_set_num(c, &j, "bytes", (int64_t)r->count.bytes);
	json_set(&j, "keys", json_bool(c, r->keys));
	if (r->size > 0)
		json_set_num(c, &j, "size", (int64_t)r->size);
	if (o->json)
		return command_print(c, j);
	printf("%llu acts and %llu objects (%llu bytes)", (unsigned long long)r->entries,
		(unsigned long long)r->count.objects, (unsigned long long)r->count.bytes);
	return OK;
}

static err write_backup(struct ctx *c, const struct options *o, struct node *n, struct str locked,
	struct report *ret)
{
	struct backup *b;
	const char *db, *blobs;
	struct progress p = {.what = "objects"};
	TRY(node_path(c, o->data, "node.db", &db));
	TRY(node_path(c, o->data, "blobs", &blobs));
	TRY(backup_begin(c, db, o->arguments[0], &b));
	TRY(count_acts(c, n, backup_store(b), &ret->entries));
	TRY(put_files(c, o, n, b, locked));
	err e = backup_put_objects(c, b, blobs, &references, show_progress, &p, &ret->count);
	end_progress(&p);
	TRY(e);
	return backup_finish(c, &env_system, b, &ret->size);
}

static err run_backup(struct ctx *c, const struct options *o)
{
	struct node *n;
	struct str locked = {0};
	struct report r = {.keys = option_set(o, "with-keys")};
	ENSURE(o->n == 1, c, ERR_USAGE, "backup needs one FILE");
	ENSURE(r.keys || !option_set(o, "passphrase-file"), c, ERR_USAGE,
		"a passphrase is for --with-keys");
	TRY(node_open_readonly(c, &env_system, o->data, &n));
	store_rollback(n->db); /* the view would hold the write-ahead log */
	if (r.keys)
		TRY(lock_keys(c, o, &locked));
	TRY(write_backup(c, o, n, locked, &r));
	TRY(print_report(c, o, &r));
	if (!o->json)
		printf(" in %s, %llu bytes; %s\n", o->arguments[0], (unsigned long long)r.size,
			r.keys ? "with the keys, locked by the passphrase"
			       : "without the keys: keep keys/ elsewhere");
	return OK;
}

/* What is being restored; goes with the context unless it came to its end. */
struct restoring {
	const char *directory, *inner;
	bool made, done;
	struct store *scratch;
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *f)
{
	(void)st, (void)kind, (void)f;
	return remove(path);
}

static void restoring_release(void *ptr)
{
	struct restoring *r = ptr;
	store_closep(&r->scratch);
	(void)nftw(r->inner, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (r->made && !r->done)
		(void)rmdir(r->directory);
}

static err make_directory(struct ctx *c, const char *path)
{
	ENSURE(mkdir(path, 0700) == 0, c, ERR_IO, "make %s: %s", path, strerror(errno));
	return OK;
}

/* DIR is made where it is missing, and goes again where anything fails. One that is there may be a mount point. */
static err begin_restoring(struct ctx *c, const char *directory, struct restoring **ret)
{
	struct restoring *r;
	struct stat st;
	NEW(c, r);
	r->directory = directory;
	TRY(node_path(c, directory, "restoring", &r->inner));
	r->made = lstat(directory, &st) != 0 && errno == ENOENT;
	if (r->made)
		TRY(make_directory(c, directory));
	if (mkdir(r->inner, 0700) != 0)
		return fail(c, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "make %s: %s", r->inner,
			strerror(errno));
	TRY(arena_defer(c, restoring_release, r));
	*ret = r;
	return OK;
}

static int count_one(const char *path, const struct stat *st, int kind, struct FTW *f)
{
	(void)path, (void)st, (void)kind;
	return f->level > 0;
}

static err is_empty(struct ctx *c, const char *directory)
{
	struct stat st;
	if (lstat(directory, &st) != 0 && errno == ENOENT)
		return OK;
	ENSURE(nftw(directory, count_one, 4, FTW_PHYS) == 0 && S_ISDIR(st.st_mode), c, ERR_CONFLICT,
		"%s is not an empty directory", directory);
	return OK;
}

static err copy_keys(struct ctx *c, const char *from, const char *keys)
{
	for (size_t i = 0; i < countof(key_files); i++) {
		const char *source, *target;
		struct str text;
		TRY(node_path(c, from, key_files[i], &source));
		TRY(node_path(c, keys, key_files[i], &target));
		TRY(file_read(c, source, LIMIT_NAME, &text));
		TRY(file_write(c, &env_system, target, text, 0600));
	}
	return OK;
}

static err restore_keys(
	struct ctx *c, const struct options *o, struct backup *b, const char *inner, bool *ret_keys)
{
	const char *keys;
	struct str locked, word, packed;
	TRY(node_path(c, inner, "keys", &keys));
	TRY(make_directory(c, keys));
	*ret_keys = true;
	if (option_set(o, "keys"))
		return copy_keys(c, option(o, "keys"), keys);
	err e = backup_get_file(c, b, STR("keys.locked"), &locked);
	if (e == ERR_NOT_FOUND) {
		*ret_keys = false;
		return OK;
	}
	TRY(e);
	TRY(passphrase(c, o, false, &word));
	TRY(backup_keys_unlock(c, word, locked, &packed));
	e = unpack_keys(c, packed, keys);
	backup_keys_wipe(&packed);
	return e;
}

static err restore_parts(struct ctx *c, const struct options *o, struct backup *b,
	const char *inner, struct report *ret)
{
	const char *settings, *db, *blobs;
	struct str text;
	struct progress p = {.what = "objects"};
	TRY(node_path(c, inner, "node.json", &settings));
	TRY(node_path(c, inner, "node.db", &db));
	TRY(node_path(c, inner, "blobs", &blobs));
	TRY(backup_get_file(c, b, STR("node.json"), &text));
	TRY(restore_keys(c, o, b, inner, &ret->keys));
	TRY(file_write(c, &env_system, settings, text, 0600));
	TRY(backup_get_database(c, &env_system, b, db));
	ENSURE(mkdir(blobs, 0700) == 0, c, ERR_IO, "make %s: %s", blobs, strerror(errno));
	TRY(backup_check(c, b, &references));
	err e = backup_get_objects(c, &env_system, b, blobs, show_progress, &p, &ret->count);
	end_progress(&p);
	return e;
}

/* With keys they must be those of this log and this party. */
static err open_restored(
	struct ctx *c, struct backup *b, const char *inner, bool keys, struct node **ret)
{
	struct str vkey, public;
	TRY(backup_get_file(c, b, STR("log.vkey"), &vkey));
	TRY(backup_get_file(c, b, STR("party.public"), &public));
	if (!keys)
		return node_open_keyless(c, &env_system, inner, vkey, ret);
	TRY(node_open_readonly(c, &env_system, inner, ret));
	const struct str have = {(const char *)key_public((*ret)->self.key), KEY_BYTES};
	ENSURE(str_eq((*ret)->self.vkey, vkey) && str_eq(have, public), c, ERR_CONFLICT,
		"these keys are not those of the node in the backup");
	return OK;
}

static err check_restored(struct ctx *c, struct backup *b, struct restoring *r, struct report *ret)
{
	struct node *n;
	struct str difference;
	const char *scratch;
	TRY(open_restored(c, b, r->inner, ret->keys, &n));
	TRY(audit_log(c, n->db, &n->log, &ret->entries));
	TRY(node_path(c, r->inner, "replay.db", &scratch));
	TRY(store_open(c, scratch, &r->scratch));
	TRY(acts_replay(c, n->acts, r->scratch, &difference));
	ENSURE(difference.n == 0, c, ERR_CORRUPT, "the log makes another state: %.*s",
		FMT(difference));
	return OK;
}

/* Each part comes into its place, node.json last. */
static err settle(struct ctx *c, struct restoring *r)
{
	static const char *const parts[] = {"keys", "blobs", "node.db", "restored", "node.json"};
	TRY(node_mark_restored(c, &env_system, r->inner));
	cleanup(fd_closep) int fd = open(r->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_IO, "open %s: %s", r->directory, strerror(errno));
	for (size_t i = 0; i < countof(parts); i++) {
		const char *from, *to;
		TRY(node_path(c, r->inner, parts[i], &from));
		TRY(node_path(c, r->directory, parts[i], &to));
		TRY(env_sync(c, &env_system, fd));
		ENSURE(rename(from, to) == 0, c, ERR_IO, "rename %s: %s", from, strerror(errno));
	}
	r->done = true;
	TRY(env_sync(c, &env_system, fd));
	cleanup(fd_closep) int above = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ENSURE(above >= 0, c, ERR_IO, "open the directory above: %s", strerror(errno));
	return env_sync(c, &env_system, above);
}

/* To standard error, so that it is seen beside --json as well. */
static void warn(const char *directory, bool keys)
{
	if (!keys)
		fprintf(stderr,
			"The keys are not in it: put log.key, party.key and operator.token (mode "
			"0600) into %s/keys.\n",
			directory);
	fprintf(stderr,
		"It may be older than what partners saw of its log. Where the old node or a newer "
		"backup is left, use that:\na node that signs another history after what it has "
		"signed is a forger to its partners. Else start it once with\n"
		"  shugu serve --data %s --accept-restored\n",
		directory);
}

static err run_restore(struct ctx *c, const struct options *o)
{
	struct backup *b;
	struct restoring *r;
	struct report report = {0};
	struct progress p = {.what = "checked"};
	ENSURE(o->n == 1, c, ERR_USAGE, "restore needs one FILE");
	TRY(is_empty(c, o->data));
	err e = backup_open(c, o->arguments[0], show_progress, &p, &b);
	end_progress(&p);
	TRY(e);
	TRY(begin_restoring(c, o->data, &r));
	TRY(restore_parts(c, o, b, r->inner, &report));
	TRY(check_restored(c, b, r, &report));
	TRY(settle(c, r));
	TRY(print_report(c, o, &report));
	if (!o->json)
		printf(" restored to %s and checked\n", o->data);
	(void)fflush(stdout);
	warn(o->data, report.keys);
	return OK;
}

static const struct option_row backup_options[] = {
	{"with-keys", OPTION_FLAG, "             puts in the keys, locked by a passphrase"},
	{"passphrase-file", OPTION_TEXT,
		"PATH   its first line (default: $SHUGU_PASSPHRASE, else asked)"},
};

static const struct option_row restore_options[] = {
	{"keys", OPTION_TEXT, "PATH              a directory with the three files of keys/"},
	{"passphrase-file", OPTION_TEXT,
		"PATH   its first line (default: $SHUGU_PASSPHRASE, else asked)"},
};

const struct command cmd_backup = {"backup", "FILE [--with-keys [--passphrase-file PATH]]",
	"Copies the node into one new file, also while it runs.", backup_options,
	countof(backup_options), run_backup};

const struct command cmd_restore = {"restore",
	"FILE --data DIR [--keys PATH] [--passphrase-file PATH]",
	"Makes a node's directory of a backup and checks all of it.", restore_options,
	countof(restore_options), run_restore};
