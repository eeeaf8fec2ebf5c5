/* shugu run SCRIPT --data DIR: dated commands between simulated nodes (docs/FORMATS.md, 25). */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"
#include "main/demo_run.h"
#include "main/script.h"

#define SETTLE_MS 20000
#define LOOK_MS 40
#define CALM_LOOKS 3

struct run {
	struct demo d;
	struct script_values values;
	const char *directory, *beside; /* where the nodes are; where the script lies */
	struct str node[DEMO_NODES];
	size_t nodes;
	int line;
	bool quiet;
	struct str at;
};

static err node_directory(struct ctx *c, const struct run *r, struct str node, const char **ret)
{
	struct str path;
	TRY(arena_fmt(c, &path, "%s/%.*s", r->directory, FMT(node)));
	*ret = path.p;
	return OK;
}

/* Messages that wait anywhere, and the sizes of all logs. */
static err look(struct ctx *c, const struct run *r, size_t *ret_waiting, int64_t *ret_size)
{
	*ret_waiting = 0;
	*ret_size = 0;
	for (size_t i = 0; i < r->nodes; i++) {
		const struct json *outbox, *health;
		const char *directory;
		struct control *k;
		int64_t size = 0;
		TRY(node_directory(c, r, r->node[i], &directory));
		TRY(control_open(c, directory, &k));
		ENSURE(control_is_running(k), c, ERR_BAD_STATE,
			"the node %.*s has ended; see %s.log", FMT(r->node[i]), directory);
		TRY(control_call(c, k, "GET", STR("/api/v1/outbox"), NULL, &outbox));
		TRY(control_call(c, k, "GET", STR("/healthz"), NULL, &health));
		const struct json *waiting = json_get(outbox, "waiting");
		(void)json_int(json_get(health, "size"), &size);
		*ret_waiting += waiting != NULL ? waiting->n : 0;
		*ret_size += size;
	}
	return OK;
}

/* Until nothing waits and no log grows, over a few looks. */
static err settle(struct ctx *outer, const struct run *r)
{
	int64_t before = -1;
	unsigned calm = 0;
	for (int waited = 0; waited < SETTLE_MS; waited += LOOK_MS) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx c = {.arena = a};
		const struct timespec pause = {0, LOOK_MS * 1000000l};
		size_t waiting;
		int64_t size;
		ENSURE(a != NULL, outer, ERR_MEMORY, "no memory");
		err e = look(&c, r, &waiting, &size);
		if (e != OK) {
			outer->trouble = c.trouble;
			return e;
		}
		calm = waiting == 0 && size == before ? calm + 1 : 0;
		before = size;
		if (calm == CALM_LOOKS)
			return OK;
		(void)nanosleep(&pause, NULL);
	}
	return fail(outer, ERR_TIMEOUT, "messages still wait after %d s", SETTLE_MS / 1000);
}

/* All nodes live in one time. */
static err pass(struct ctx *c, const struct run *r, struct str at)
{
	const char *z = arena_z(c->arena, at), *directory;
	ENSURE(z != NULL, c, ERR_TOO_LARGE, "no memory");
	for (size_t i = 0; i < r->nodes; i++) {
		TRY(node_directory(c, r, r->node[i], &directory));
		TRY(control_clock(c, directory, z));
	}
	return settle(c, r);
}

/* A problem's slug, or a word of its own in what was said, as the id of a rule is. */
static bool names(struct str said, struct str word)
{
	size_t at;
	for (struct str rest = said; (at = str_find_str(rest, word)) < rest.n;
		rest = str_sub(rest, at + 1, rest.n)) {
		char before = at > 0 ? rest.p[at - 1] : rest.p == said.p ? ' ' : rest.p[-1];
		char after = at + word.n < rest.n ? rest.p[at + word.n] : ' ';
		if (strchr("\": ,()[];.", before) != NULL && strchr("\": ,()[];.\n", after) != NULL)
			return true;
	}
	return false;
}

/* Of a compliance result, which names every rule, the one that blocks counts. */
static bool refuses(struct ctx *c, struct str out, struct str word)
{
	const struct json *j = NULL;
	const struct json *results = json_parse(c, out, &j) == OK ? json_get(j, "results") : NULL;
	if (results == NULL)
		return names(out, word);
	for (const struct json *r = results->first; r != NULL; r = r->next) {
		const struct json *blocks = json_get(r, "blocks");
		if (str_eq(json_text(json_get(r, "rule")), word) && blocks != NULL)
			return blocks->type == JSON_TRUE;
	}
	return false;
}

static err judge(struct ctx *c, const struct run *r, const struct script_line *l, int code,
	struct str out, struct str complaint)
{
	if (l->refused.n == 0) {
		struct str why = str_trim(complaint.n > 0 ? complaint : out);
		while (why.n > 0 && why.p[why.n - 1] == '\n')
			why.n--;
		ENSURE(code == 0, c, code == 1 || code == 2 ? ERR_VERDICT : ERR_IO,
			"it ended with %d: %.*s", code, FMT(str_sub(why, 0, 300)));
		return OK;
	}
	ENSURE(code == 1 || code == 2, c, ERR_VERDICT,
		"it should be refused (%.*s), and ended with %d", FMT(l->refused), code);
	ENSURE(names(complaint, l->refused) || refuses(c, out, l->refused), c, ERR_VERDICT,
		"it is refused, but not by %.*s: %.*s", FMT(l->refused),
		FMT(str_sub(complaint, 0, 300)));
	if (!r->quiet)
		printf("   refused, as it should be: %.*s\n", FMT(l->refused));
	return OK;
}

/* The words of a command; --data and --json are added where the node is named. */
static err command(struct ctx *c, struct run *r, const struct script_line *l)
{
	const char *words[SCRIPT_WORDS + 4] = {NULL}, *directory;
	struct str out, complaint;
	const struct json *j = NULL;
	size_t n = 0;
	int code;
	for (const struct json *w = l->cmd->first; w != NULL; w = w->next) {
		TRY(script_fill(c, &r->values, w->text, &words[n]));
		n++;
	}
	if (!r->quiet) {
		printf("[%.*s] %.*s", FMT(r->at), FMT(l->node));
		demo_print(words);
	}
	words[n++] = "--json";
	if (l->node.n > 0) {
		TRY(node_directory(c, r, l->node, &directory));
		words[n++] = "--data";
		words[n++] = directory;
	}
	TRY(demo_capture(c, &r->d, words, r->beside, &code, &out, &complaint));
	TRY(judge(c, r, l, code, out, complaint));
	if (l->as != NULL)
		TRY(json_parse(c, str_trim(str_sub(out, 0, str_find(out, '\n'))), &j));
	TRY(script_keep(c, &r->values, l->as, j));
	return settle(c, r);
}

static err text_of(struct ctx *c, const struct json *o, const char *name, const char **ret)
{
	struct str s = json_text(json_get(o, name));
	ENSURE(s.n > 0, c, ERR_MISSING_MEMBER, "init has name and uscc");
	*ret = arena_z(c->arena, s);
	ENSURE(*ret != NULL, c, ERR_TOO_LARGE, "no memory");
	return OK;
}

static err begin(struct ctx *c, struct run *r, const struct script_line *l)
{
	const char *directory, *name, *uscc, *at = arena_z(c->arena, r->at);
	struct str listen, url, out, complaint;
	const struct json *j;
	uint16_t port;
	int code;
	ENSURE(r->nodes < DEMO_NODES, c, ERR_QUOTA, "a script has %u nodes at most", DEMO_NODES);
	ENSURE(r->at.n > 0 && at != NULL, c, ERR_MISSING_MEMBER, "the first init needs at");
	TRY(node_directory(c, r, l->node, &directory));
	TRY(text_of(c, l->init, "name", &name));
	TRY(text_of(c, l->init, "uscc", &uscc));
	TRY(demo_port(c, &port));
	TRY(arena_fmt(c, &listen, "127.0.0.1:%u", port));
	TRY(arena_fmt(c, &url, "http://localhost:%u", port));
	const char *const words[] = {"init", "--data", directory, "--name", name, "--uscc", uscc,
		"--url", url.p, "--allow-loopback", "--simulated", "--at", at, "--json", NULL};
	if (!r->quiet)
		printf("[%s] %.*s: a node of %s\n", at, FMT(l->node), name);
	TRY(demo_capture(c, &r->d, words, NULL, &code, &out, &complaint));
	TRY(judge(c, r, l, code, out, complaint));
	TRY(json_parse(c, str_trim(str_sub(out, 0, str_find(out, '\n'))), &j));
	TRY(script_keep(c, &r->values, l->as, j));
	TRY(demo_serve(c, &r->d, r->nodes, directory, listen.p, true));
	TRY(arena_str(r->values.c, l->node, &r->node[r->nodes]));
	r->nodes++;
	return OK;
}

static void say(const struct run *r, const struct json *words)
{
	static const char *const languages[] = {"zh", "en"};
	for (size_t i = 0; !r->quiet && words != NULL && i < countof(languages); i++) {
		struct str s = json_text(json_get(words, languages[i]));
		if (s.n > 0)
			printf("%s# %.*s\n", i == 0 ? "\n" : "", FMT(s));
	}
}

static err do_line(struct ctx *c, struct run *r, struct str text)
{
	struct script_line l;
	TRY(script_read(c, text, &l));
	say(r, l.say);
	if (l.at.n > 0) {
		TRY(arena_str(r->values.c, l.at, &r->at));
		if (!r->quiet && l.cmd == NULL && l.init == NULL)
			printf("[%.*s] time passes\n", FMT(l.at));
		TRY(pass(c, r, l.at));
	}
	if (l.init != NULL)
		return begin(c, r, &l);
	return l.cmd != NULL ? command(c, r, &l) : OK;
}

static err do_all(struct ctx *outer, struct run *r, const char *script, struct str text)
{
	struct str line;
	while (text.n > 0) {
		cleanup(arena_freep) struct arena *a = arena_new(4 * LIMIT_REQUEST_ARENA);
		struct ctx c = {.arena = a};
		ENSURE(a != NULL, outer, ERR_MEMORY, "no memory");
		if (!str_cut(text, '\n', &line, &text)) {
			line = text;
			text.n = 0;
		}
		r->line++;
		err e = str_trim(line).n == 0 ? OK : do_line(&c, r, line);
		(void)fflush(stdout);
		if (e != OK)
			return fail(outer, e, "%s:%d: %s", script, r->line, c.trouble.detail);
	}
	return OK;
}

static err make_place(struct ctx *c, const struct options *o, struct run *r)
{
	char *copy = arena_z(c->arena, str_z(o->arguments[0]));
	(void)mkdir(o->data, 0700);
	char place[PATH_MAX];
	ENSURE(realpath(o->data, place) != NULL && copy != NULL, c, ERR_NOT_FOUND,
		"%s cannot be made", o->data);
	r->directory = arena_z(c->arena, str_z(place));
	r->beside = dirname(copy);
	ENSURE(r->directory != NULL, c, ERR_MEMORY, "no memory");
	return script_set(&r->values, STR("dir"), str_z(place));
}

static err run(struct ctx *c, const struct options *o)
{
	struct run *r;
	struct str text;
	ENSURE(o->n == 1, c, ERR_USAGE, "run needs one SCRIPT");
	ENSURE(o->at == NULL, c, ERR_USAGE, "the lines of the script say what time it is");
	NEW(c, r);
	r->values.c = c;
	r->quiet = o->json;
	TRY(file_read(c, o->arguments[0], SCRIPT_FILE, &text));
	TRY(make_place(c, o, r));
	TRY(demo_program(c, &r->d));
	err e = do_all(c, r, o->arguments[0], text);
	demo_end(&r->d, true);
	TRY(e);
	if (!o->json) {
		printf("\n%s: %d lines, as they should be\n", o->arguments[0], r->line);
		return OK;
	}
	struct json *said = json_object(c);
	json_set_num(c, &said, "lines", r->line);
	json_set_num(c, &said, "nodes", (int64_t)r->nodes);
	return command_print(c, said);
}

const struct command cmd_run = {"run", "SCRIPT --data DIR",
	"Dated commands between simulated nodes, a line each; ends at the first that does not go "
	"as the "
	"script says.",
	NULL, 0, run};
