/* shugu fetch: the child of a running node that takes one large object (delivery/receive_child.h says how it is told and
 * what it says). It has network and the objects' directory, but opens neither keys nor database. Leaf hashes come first and
 * must give the signed root; then plain bytes, each chunk checked before it is written; what breaks goes on behind the
 * last good chunk. Memory is constant at any size. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "chain/tiles.h"
#include "codec/json.h"
#include "main/command.h"
#include "main/pull.h"
#include "store/blob_write.h"

#define LINE_MAX_BYTES 4096u
#define BODY_MAX 8192u /* a full tile; of a refusal more is not read */
#define SAY_US 200000
#define TRIES 8u /* in a row that bring nothing */
#define WAIT_FIRST_MS 100l
#define WAIT_MAX_MS 5000l
#define BAD_MAX 2u

struct task {
	struct str url, token, blobs, authorities;
	struct hash root, sha256;
	int64_t size;
	bool loopback;
};

static const struct json_field fields[] = {
	{"url", JSON_K_TEXT, false, offsetof(struct task, url), LIMIT_URL, NULL},
	{"token", JSON_K_TEXT, false, offsetof(struct task, token), LIMIT_URL, NULL},
	{"blobs", JSON_K_TEXT, false, offsetof(struct task, blobs), LIMIT_TEXT, NULL},
	{"authorities", JSON_K_TEXT, true, offsetof(struct task, authorities), LIMIT_TEXT, NULL},
	{"root", JSON_K_HEX32, false, offsetof(struct task, root), 0, NULL},
	{"sha256", JSON_K_HEX32, false, offsetof(struct task, sha256), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct task, size), 0, NULL},
	{"loopback", JSON_K_BOOL, false, offsetof(struct task, loopback), 0, NULL},
};

struct fetch {
	struct ctx *c;
	struct task task;
	struct pull pull;
	struct blob_write *w;
	/* Of the request that runs. */
	bool data;
	long status;
	uint64_t skip; /* bytes that are there already, where the range was not heeded */
	err failed;    /* of what was done with the bytes */
	char body[BODY_MAX];
	size_t body_n;
	/* Of all. */
	unsigned tries, bad;
	uint64_t bad_at;
	int64_t said_us;
};

/* What one request came to. */
enum came { CAME_WHOLE, CAME_BROKEN, CAME_REFUSED, CAME_FAULT };

static void say(const char *word, uint64_t number)
{
	printf("%s %llu\n", word, (unsigned long long)number);
	(void)fflush(stdout);
}

static void say_progress(struct fetch *f)
{
	int64_t now = env_mono_us(&env_system);
	if (now - f->said_us < SAY_US)
		return;
	f->said_us = now;
	say("at", blob_write_position(f->w));
}

static size_t keep_body(struct fetch *f, const char *p, size_t n)
{
	size_t room = sizeof f->body - f->body_n, some = n < room ? n : room;
	memcpy(f->body + f->body_n, p, some);
	f->body_n += some;
	/* More than a tile is no tile; of a refusal what fits is enough. */
	return some == n || f->status >= 300 ? n : 0;
}

static size_t keep_data(struct fetch *f, const char *p, size_t n)
{
	uint64_t skipped = f->skip < n ? f->skip : n;
	uint64_t before = blob_write_position(f->w);
	f->skip -= skipped;
	f->failed = blob_write_bytes(f->c, f->w, (struct str){p + skipped, n - skipped});
	if (blob_write_position(f->w) > before) {
		f->tries = 0;
		say_progress(f);
	}
	return f->failed == OK ? n : 0;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;
	if (f->status == 0) {
		(void)curl_easy_getinfo(f->pull.easy, CURLINFO_RESPONSE_CODE, &f->status);
		f->skip = f->status == 200 ? blob_write_position(f->w) : 0;
	}
	bool bytes = f->data && (f->status == 200 || f->status == 206);
	return bytes ? keep_data(f, p, size * n) : keep_body(f, p, size * n);
}

static err set_up(struct ctx *c, struct fetch *f)
{
	const struct pull_task task = {
		f->task.url, f->task.token, f->task.authorities, f->task.loopback};
	return pull_open(c, &f->pull, &task, on_body, f);
}

static enum came perform(struct fetch *f, const char *url, const char *range, bool data)
{
	f->data = data;
	f->status = 0;
	f->skip = 0;
	f->failed = OK;
	f->body_n = 0;
	f->pull.detail[0] = '\0';
	int bad = (int)curl_easy_setopt(f->pull.easy, CURLOPT_URL, url);
	bad |= (int)curl_easy_setopt(f->pull.easy, CURLOPT_RANGE, range);
	if (bad != 0)
		return CAME_FAULT;
	CURLcode code = curl_easy_perform(f->pull.easy);
	(void)curl_easy_getinfo(f->pull.easy, CURLINFO_RESPONSE_CODE, &f->status);
	if (f->failed != OK && f->failed != ERR_BAD_DIGEST)
		return CAME_FAULT;
	if (f->status >= 300)
		return CAME_REFUSED;
	return code == CURLE_OK && f->failed == OK ? CAME_WHOLE : CAME_BROKEN;
}

/* What is not said for the moment. */
static bool is_no(long status)
{
	return status < 500 && status != 408 && status != 425 && status != 429;
}

static err say_no(struct fetch *f)
{
	const struct json *j = NULL;
	struct str why = {"", 0};
	if (json_parse(f->c, (struct str){f->body, f->body_n}, &j) == OK)
		why = str_sub(json_text(json_get(j, "detail")), 0, 500);
	printf("no %ld ", f->status);
	for (size_t i = 0; i < why.n; i++)
		(void)putchar((unsigned char)why.p[i] < ' ' ? ' ' : why.p[i]);
	(void)putchar('\n');
	return fail(f->c, ERR_VERDICT, "refused with %ld", f->status);
}

/* A chunk that is bad once more is said; so are leaves that do not give the root. */
static err count_bad(struct fetch *f, uint64_t chunk)
{
	f->bad = f->bad > 0 && f->bad_at == chunk ? f->bad + 1 : 1;
	f->bad_at = chunk;
	if (f->bad < BAD_MAX)
		return OK;
	say("bad", chunk);
	return fail(f->c, ERR_VERDICT, "chunk %llu is bad", (unsigned long long)chunk);
}

static err wait_again(struct fetch *f)
{
	long ms = WAIT_FIRST_MS << f->tries;
	if (++f->tries >= TRIES) {
		printf("later %s\n", f->pull.detail[0] != '\0' ? f->pull.detail : "it breaks off");
		return fail(f->c, ERR_PEER_UNREACHABLE, "%s", f->pull.detail);
	}
	ms = ms < WAIT_MAX_MS ? ms : WAIT_MAX_MS;
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	(void)nanosleep(&t, NULL);
	return OK;
}

/* After a request that was not whole: nothing where it may be tried again. */
static err recover(struct fetch *f, enum came came)
{
	struct trouble said = f->c->trouble;
	if (came == CAME_FAULT && f->failed != OK)
		return f->failed;
	if (came == CAME_FAULT)
		return fail(f->c, ERR_MEMORY, "no memory for a request");
	if (came == CAME_REFUSED && is_no(f->status))
		return say_no(f);
	blob_write_restart(f->w);
	if (f->failed == ERR_BAD_DIGEST)
		TRY(count_bad(f, blob_write_position(f->w) / LIMIT_CHUNK));
	f->c->trouble = said;
	return wait_again(f);
}

static err take_tile(struct fetch *f, const struct tile *t)
{
	char path[TILES_PATH + 1];
	struct str url;
	struct hash leaves[TILES_WIDTH];
	tile_path(t, path);
	TRY(arena_fmt(f->c, &url, "%.*s/%s", FMT(f->task.url), path));
	enum came came = perform(f, url.p, NULL, false);
	if (came != CAME_WHOLE || f->body_n != (size_t)t->width * HASH_BYTES)
		return recover(f, came == CAME_WHOLE ? CAME_BROKEN : came);
	memcpy(leaves, f->body, f->body_n);
	err e = blob_write_leaves(f->c, f->w, leaves, t->width);
	if (e == ERR_BAD_DIGEST)
		return count_bad(f, 0);
	f->tries = 0;
	return e;
}

static err take_leaves(struct fetch *f)
{
	uint64_t chunks = blob_chunks((uint64_t)f->task.size);
	while (blob_write_leaves_have(f->w) < chunks) {
		struct tile t;
		uint64_t have = blob_write_leaves_have(f->w);
		ENSURE(tile_at(0, have / TILES_WIDTH, chunks, &t), f->c, ERR_CORRUPT,
			"an object of that size has no such tile");
		TRY(take_tile(f, &t));
	}
	return OK;
}

static err take_bytes(struct fetch *f)
{
	uint64_t size = (uint64_t)f->task.size;
	while (blob_write_position(f->w) < size) {
		char range[32];
		(void)snprintf(range, sizeof range, "%llu-",
			(unsigned long long)blob_write_position(f->w));
		enum came came = perform(
			f, f->task.url.p, blob_write_position(f->w) > 0 ? range : NULL, true);
		if (blob_write_position(f->w) < size)
			TRY(recover(f, came == CAME_WHOLE ? CAME_BROKEN : came));
	}
	return OK;
}

static err fetch(struct ctx *c, struct fetch *f)
{
	const struct blob expected = {f->task.root, f->task.sha256, (uint64_t)f->task.size};
	struct blob kept;
	const char *blobs = arena_z(c->arena, f->task.blobs);
	TRY(set_up(c, f));
	TRY(blob_write_open(c, &env_system, blobs, &expected, &f->w));
	TRY(take_leaves(f));
	TRY(take_bytes(f));
	err e = blob_write_finish(c, f->w, &kept);
	if (e == ERR_BAD_DIGEST) {
		say("bad", 0);
		return fail(c, ERR_VERDICT, "the whole is not what was signed");
	}
	TRY(e);
	printf("done\n");
	return OK;
}

static err read_task(struct ctx *c, struct task *ret)
{
	char line[LINE_MAX_BYTES];
	const struct json *j;
	struct str copy;
	char *url;
	ENSURE(fgets(line, sizeof line, stdin) != NULL, c, ERR_USAGE,
		"fetch is told by serve what to do");
	TRY(arena_str(c, str_z(line), &copy));
	TRY(json_parse(c, str_sub(copy, 0, str_find(copy, '\n')), &j));
	TRY(json_read(c, j, fields, countof(fields), false, ret));
	ENSURE(ret->size > 0 && (uint64_t)ret->size <= LIMIT_OBJECT, c, ERR_BAD_VALUE,
		"there is no object of that size");
	url = arena_z(c->arena, ret->url);
	ENSURE(url != NULL, c, ERR_MEMORY, "no memory");
	ret->url = str_z(url);
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	struct fetch *f;
	(void)o;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does nothing for itself */
	(void)signal(SIGPIPE, SIG_IGN);
	NEW(c, f);
	f->c = c;
	TRY(read_task(c, &f->task));
	err e = fetch(c, f);
	if (e != OK && e != ERR_VERDICT && e != ERR_PEER_UNREACHABLE)
		printf("later %s\n", c->trouble.detail);
	pull_close(&f->pull);
	return e;
}

const struct command cmd_fetch = {
	"fetch", "", "Takes a large object for a running node, which starts it.", NULL, 0, run};
