/* shugu doctor: what may be wrong with this node, each with what to do. Reads only, beside a running node as well. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include "act/audit.h"
#include "act/outbox.h"
#include "base/limits.h"
#include "govern/registration_due.h"
#include "main/command.h"
#include "main/probe.h"
#include "main/table.h"
#include "net/tls.h"
#include "party/organisation.h"
#include "product/product_store.h"
#include "store/blobs.h"

#define DISK_LOW (1ull << 30)
#define OUTBOX_OLD_MS (3600ll * 1000)
#define SKEW_WARN_MS 60000
#define PARTNERS_MAX 100u
#define OBJECTS_MAX 10000u
#define OBJECTS_SAID 20u

enum state { FINE, WARN, FAIL };

static const char *const words[] = {"OK", "WARN", "FAIL"};

struct doctor {
	struct node *node; /* NULL where it could not be opened */
	const char *directory;
	struct json *checks;
	struct table *table;
	bool failed;
};

/* todo NULL where nothing is to be done. */
static err say(struct ctx *c, struct doctor *d, const char *check, enum state state,
	struct str detail, const char *todo)
{
	struct json *o = json_object(c);
	const struct str cells[] = {str_z(words[state]), str_z(check), detail,
		str_z(state != FINE && todo != NULL ? todo : "")};
	json_set(&o, "check", json_z(c, check));
	json_set(&o, "state", json_z(c, words[state]));
	json_set_str(c, &o, "detail", detail);
	if (cells[3].n > 0)
		json_set_str(c, &o, "todo", cells[3]);
	json_push(&d->checks, o);
	d->failed = d->failed || state == FAIL;
	return table_row(c, d->table, cells);
}

/* The failure of a check, in its own words. */
static err say_failed(struct ctx *c, struct doctor *d, const char *check, const char *todo)
{
	struct str why;
	TRY(arena_str(c, str_z(c->trouble.detail), &why));
	return say(c, d, check, FAIL, why, todo);
}

/* What lies in a directory that is the owner's alone needs no mode of its own. */
enum kept { INSIDE, CLOSED, SECRET };

static err check_mode(struct ctx *c, struct doctor *d, const char *tail, enum kept kept)
{
	const char *path;
	struct stat st;
	struct str said;
	TRY(node_path(c, d->directory, tail, &path));
	if (stat(path, &st) != 0) {
		TRY(arena_fmt(c, &said, "%s is not there", path));
		return say(c, d, "files", FAIL, said,
			"restore it from a backup: without it the node does not start");
	}
	bool open = (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;
	TRY(arena_fmt(c, &said, "%s has mode %04o%s", path, (unsigned)st.st_mode & 07777,
		st.st_uid == geteuid() ? "" : ", of another user"));
	if (!open || kept == INSIDE)
		return OK;
	return say(c, d, "permissions", kept == SECRET ? FAIL : WARN, said,
		kept == SECRET
			? "chmod go= it; if others could read it, count the key as known to them"
			: "chmod go= it");
}

static err check_files(struct ctx *c, struct doctor *d)
{
	static const struct {
		const char *tail;
		enum kept kept;
	} files[] = {{".", CLOSED}, {"keys", SECRET}, {"keys/log.key", SECRET},
		{"keys/party.key", SECRET}, {"keys/operator.token", SECRET}, {"node.json", INSIDE},
		{"node.db", INSIDE}, {"blobs", INSIDE}};
	size_t before = d->checks->n;
	for (size_t i = 0; i < countof(files); i++)
		TRY(check_mode(c, d, files[i].tail, files[i].kept));
	return d->checks->n > before
		       ? OK
		       : say(c, d, "permissions", FINE,
				 STR("directory and keys are the owner's alone"), NULL);
}

static err check_disk(struct ctx *c, struct doctor *d)
{
	struct statvfs v;
	struct str said;
	if (statvfs(d->directory, &v) != 0)
		return say(c, d, "disk", FAIL, STR("the file system does not answer"),
			"look at the disk");
	uint64_t bytes = (uint64_t)v.f_bavail * v.f_frsize;
	TRY(arena_fmt(c, &said, "%llu MiB are free", (unsigned long long)(bytes >> 20)));
	enum state s = bytes < LIMIT_DISK_RESERVE ? FAIL : bytes < DISK_LOW ? WARN : FINE;
	return say(c, d, "disk", s, said,
		"make room: below 64 MiB the node takes nothing more in (507), and loses nothing");
}

static bool runs(struct ctx *c, const char *directory)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	const char *path;
	cleanup(fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || node_path(c, directory, "control.sock", &path) != OK ||
		strlen(path) >= sizeof a.sun_path)
		return false;
	memcpy(a.sun_path, path, strlen(path));
	return connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
}

static err check_process(struct ctx *c, struct doctor *d)
{
	const char *path;
	struct stat st;
	TRY(node_path(c, d->directory, "restored", &path));
	if (stat(path, &st) == 0)
		TRY(say(c, d, "restored", WARN, STR("this directory was made by restore"),
			"read `Backup and restore` in OPERATIONS before you start it with "
			"--accept-restored"));
	bool running = runs(c, d->directory);
	return say(c, d, "process", running ? FINE : WARN,
		running ? STR("the node runs") : STR("the node does not run"),
		"start it: shugu serve; until then nothing reaches partners");
}

static err check_database(struct ctx *c, struct doctor *d)
{
	return store_check(c, d->node->db) == OK
		       ? say(c, d, "database", FINE, STR("SQLite finds it whole"), NULL)
		       : say_failed(c, d, "database",
				 "stop the node, keep the directory as it is, restore a backup "
				 "elsewhere and compare");
}

static err check_log(struct ctx *c, struct doctor *d)
{
	uint64_t size = 0;
	struct str said;
	if (audit_log(c, d->node->db, &d->node->log, &size) != OK)
		return say_failed(c, d, "log",
			"keep the directory as it is, restore a backup elsewhere and compare");
	TRY(arena_fmt(c, &said, "%llu entries hash to their heads", (unsigned long long)size));
	return say(c, d, "log", FINE, said, NULL);
}

/* One object: there, of the size that was published, its leaves beside it. Its bytes are hashed by backup. */
static err check_object(
	struct ctx *c, struct doctor *d, struct str root, struct str body, bool *ret)
{
	const struct json *j = NULL;
	const char *path;
	struct str file, said;
	struct stat st, leaves;
	int64_t size = 0;
	struct hash h;
	char name[BLOB_NAME], beside[BLOB_NAME];
	ENSURE(hash_parse(root, &h), c, ERR_CORRUPT, "a revision names no root");
	TRY(json_parse(c, body, &j));
	ENSURE(json_int(json_get(json_get(j, "object"), "size"), &size), c, ERR_CORRUPT,
		"a revision has no size");
	blob_name(&h, "", name);
	blob_name(&h, ".tiles", beside);
	TRY(arena_fmt(c, &file, "blobs/%s", name));
	TRY(node_path(c, d->directory, file.p, &path));
	*ret = stat(path, &st) == 0 && st.st_size == size;
	TRY(arena_fmt(c, &file, "blobs/%s", beside));
	TRY(node_path(c, d->directory, file.p, &path));
	*ret = *ret && stat(path, &leaves) == 0 &&
	       (uint64_t)leaves.st_size == blob_chunks((uint64_t)size) * HASH_BYTES;
	if (*ret)
		return OK;
	TRY(arena_fmt(c, &said,
		"blobs/%s (%lld bytes) or its .tiles is missing or has another size", name,
		(long long)size));
	return say(c, d, "objects", FAIL, said,
		"put both back from a backup, or publish the same file again; deliveries of it "
		"wait");
}

static err check_objects(struct ctx *c, struct doctor *d)
{
	struct str root = {"", 0}, body, said;
	size_t n = 0, bad = 0;
	for (; n < OBJECTS_MAX; n++) {
		bool good = false;
		err e = product_store_next_object(c, d->node->db, root, &root, &body);
		if (e == ERR_NOT_FOUND)
			break;
		TRY(e);
		TRY(check_object(c, d, root, body, &good));
		bad += !good;
		if (bad == OBJECTS_SAID)
			return OK;
	}
	TRY(arena_fmt(c, &said, "%zu are there", n));
	return bad > 0 ? OK : say(c, d, "objects", FINE, said, NULL);
}

static err check_outbox(struct ctx *c, struct doctor *d)
{
	int64_t n = 0, oldest = 0;
	struct str said;
	TRY(outbox_state(c, d->node->acts, &n, &oldest));
	int64_t age = n > 0 ? env_now_ms(&env_system) - oldest : 0;
	TRY(arena_fmt(c, &said,
		n == 0 ? "nothing waits" : "%lld messages wait, the oldest for %lld minutes",
		(long long)n, (long long)(age / 60000)));
	return say(c, d, "outbox", age > OUTBOX_OLD_MS ? WARN : FINE, said,
		"shugu outbox says whom they are for: ask that partner; after seven days they are "
		"given up");
}

/* What is overdue in title registrations; by no calendar it cannot be told. */
static err check_registrations(struct ctx *c, struct doctor *d)
{
	size_t n = 0;
	struct str said;
	TRY(registration_overdue_count(c, d->node->db, &n));
	TRY(arena_fmt(c, &said, n == 0 ? "nothing is overdue" : "%zu steps are overdue", n));
	return say(c, d, "registrations", n > 0 ? WARN : FINE, said,
		"shugu register queue says which, and since when");
}

static err check_partner(struct ctx *c, struct doctor *d, const struct organisation *o)
{
	struct probe p;
	struct str said;
	TRY(probe_partner(c, o->url, d->node->self.allow_loopback, &p));
	if (!p.reached) {
		TRY(arena_fmt(c, &said, "%.*s at %.*s: %s", FMT(o->name), FMT(o->url), p.detail));
		return say(c, d, "partner", WARN, said,
			"messages to it wait and are repeated; look at your network, then ask it");
	}
	TRY(arena_fmt(c, &said, "%.*s answers %d", FMT(o->name), p.status));
	TRY(say(c, d, "partner", p.status == 200 ? FINE : WARN, said, "ask it"));
	if (!p.has_time)
		return OK;
	int64_t off = p.skew_ms < 0 ? -p.skew_ms : p.skew_ms;
	enum state s = off > LIMIT_SKEW_MS ? FAIL : off > SKEW_WARN_MS ? WARN : FINE;
	TRY(arena_fmt(
		c, &said, "%lld s from that of %.*s", (long long)(p.skew_ms / 1000), FMT(o->name)));
	return say(c, d, "clock", s, said,
		"let a time service set the clock: above five minutes tokens are refused");
}

static err check_partners(struct ctx *c, struct doctor *d)
{
	struct organisation *all;
	size_t n = 0, looked = 0;
	NEW_N(c, all, PARTNERS_MAX);
	TRY(organisation_list(c, d->node->db, -1, PARTNERS_MAX, all, &n));
	for (size_t i = 0; i < n; i++) {
		if (all[i].status != ORGANISATION_APPROVED || !all[i].joined || all[i].url.n == 0)
			continue;
		TRY(check_partner(c, d, &all[i]));
		looked++;
	}
	if (looked > 0)
		return OK;
	return say(c, d, "clock", FINE, STR("there is no partner to compare it with"), NULL);
}

/* It is not known here what serve was given, so it has to be named. */
static err check_certificate(struct ctx *c, struct doctor *d, const char *cert)
{
	int days = 0;
	struct str said;
	if (cert == NULL)
		return OK;
	if (tls_days_left(c, cert, &days) != OK)
		return say_failed(c, d, "certificate", "name the file that serve --cert is given");
	TRY(arena_fmt(c, &said, days < 0 ? "it has ended" : "it ends in %d days", days));
	return say(c, d, "certificate",
		days < 0                        ? FAIL
		: days < LIMIT_CERTIFICATE_DAYS ? WARN
						: FINE,
		said, "renew it and send the node SIGHUP");
}

static err look(struct ctx *c, struct doctor *d)
{
	TRY(check_files(c, d));
	TRY(check_disk(c, d));
	if (node_open_readonly(c, &env_system, d->directory, &d->node) != OK)
		return say_failed(c, d, "node",
			"put back what it names, or restore a backup; where there never was a "
			"node: shugu init");
	TRY(check_process(c, d));
	TRY(check_database(c, d));
	TRY(check_log(c, d));
	TRY(check_objects(c, d));
	TRY(check_outbox(c, d));
	TRY(check_registrations(c, d));
	return check_partners(c, d);
}

static err run(struct ctx *c, const struct options *o)
{
	static const char *const heads[] = {"STATE", "CHECK", "WHAT", "WHAT TO DO"};
	struct doctor d = {.directory = o->data, .checks = json_array(c)};
	struct stat st;
	ENSURE(o->n == 0, c, ERR_USAGE, "doctor takes no argument");
	ENSURE(stat(o->data, &st) == 0, c, ERR_NOT_FOUND, "no node in %s: make one with shugu init",
		o->data);
	TRY(table_new(c, heads, countof(heads), &d.table));
	TRY(look(c, &d));
	TRY(check_certificate(c, &d, option(o, "cert")));
	if (o->json) {
		struct json *j = json_object(c);
		json_set(&j, "checks", d.checks);
		json_set(&j, "ok", json_bool(c, !d.failed));
		TRY(command_print(c, j));
	} else {
		TRY(table_print(c, d.table, NULL));
	}
	ENSURE(!d.failed, c, ERR_BAD_STATE, "something is wrong with this node");
	return OK;
}

static const struct option_row options[] = {
	{"cert", OPTION_TEXT, "FILE   as serve is given it: warns when it ends within 14 days"},
};

const struct command cmd_doctor = {"doctor", "[--cert FILE]",
	"Looks for what may be wrong with this node, and says what to do.", options,
	countof(options), run};
