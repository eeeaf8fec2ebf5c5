#include "delivery/receive_child.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "codec/json.h"
#include "tests/tap.h"

static void test_words(void)
{
	static const struct {
		const char *line;
		bool good;
		enum child_says what;
		int64_t number;
		const char *text;
	} rows[] = {{"at 262144", true, CHILD_AT, 262144, ""}, {"done", true, CHILD_DONE, 0, ""},
		{"kept a b 1", true, CHILD_KEPT, 0, "a b 1"}, {"bad 0", true, CHILD_BAD, 0, ""},
		{"no 403 count lteq 1: used", true, CHILD_NO, 403, "count lteq 1: used"},
		{"no 404 ", true, CHILD_NO, 404, ""},
		{"later it breaks off", true, CHILD_LATER, 0, "it breaks off"},
		{"at", false, CHILD_AT, 0, ""}, {"at x", false, CHILD_AT, 0, ""},
		{"at -1", false, CHILD_AT, 0, ""}, {"bad 1 2", false, CHILD_AT, 0, ""},
		{"done 1", false, CHILD_AT, 0, ""}, {"", false, CHILD_AT, 0, ""},
		{"ready", false, CHILD_AT, 0, ""}};
	for (size_t i = 0; i < countof(rows); i++) {
		struct child_word w = {.what = CHILD_AT};
		bool good = child_word(str_z(rows[i].line), &w);
		ok(good == rows[i].good, "'%s' is %s", rows[i].line,
			rows[i].good ? "a word" : "none");
		if (good)
			ok(w.what == rows[i].what && w.number == rows[i].number &&
					str_is(w.text, rows[i].text),
				"and says what it says");
	}
}

struct heard {
	unsigned n, at;
	enum child_says last;
	int64_t number;
	char text[64];
};

static void hear(void *arg, const struct child_word *w)
{
	struct heard *h = arg;
	h->n++;
	h->at += w->what == CHILD_AT;
	h->last = w->what;
	h->number = w->number;
	(void)snprintf(h->text, sizeof h->text, "%.*s", FMT(w->text));
}

/* A child that is this script, told the task, until it has said its last word. */
static struct heard run(struct ctx *c, struct loop *l, const char *dir, const char *script)
{
	struct heard h = {.n = 0};
	struct child k = {.says = hear, .arg = &h};
	struct str path, text;
	const struct child_task t = {.url = STR("https://s.example/data/x"),
		.token = STR("secret"),
		.blobs = STR("blobs"),
		.size = 5};
	if (arena_fmt(c, &path, "%s/child", dir) != OK ||
		arena_fmt(c, &text, "#!/bin/sh\n%s\n", script) != OK ||
		file_write(c, &env_system, path.p, text, 0700) != OK ||
		child_start(c, l, path.p, &t, &k) != OK)
		return h;
	for (int i = 0; i < 500 && k.pid != 0; i++) {
		if (loop_turn(c, l, 10) != OK)
			break;
	}
	child_stop(&k);
	(void)unlink(path.p);
	return h;
}

static void test_children(struct ctx *c, const char *dir)
{
	struct loop *l = NULL;
	struct heard h;
	is_int(loop_new(c, &env_system, &l), OK, "a loop");
	h = run(c, l, dir, "echo at 1; echo what; echo at 2; echo done; echo at 3; sleep 60");
	ok(h.n == 3 && h.at == 2 && h.last == CHILD_DONE, "words are heard up to the last one");
	h = run(c, l, dir, "echo no 403 a term");
	ok(h.last == CHILD_NO && h.number == 403 && strcmp(h.text, "a term") == 0,
		"a refusal with what it says");
	h = run(c, l, dir, "printf 'at 1'; exit 0");
	ok(h.n == 1 && h.last == CHILD_LATER, "a child that only ends is tried again");
	h = run(c, l, dir, "head -c 5000 /dev/zero; sleep 60");
	ok(h.n == 1 && h.last == CHILD_LATER, "so is one that says no line");
	h = run(c, l, dir,
		"read line; case \"$line\" in *'\"token\":\"secret\"'*) case \"$*\" in *secret*) "
		";; "
		"fetch) echo done;; esac;; esac");
	ok(h.last == CHILD_DONE, "it is told by its input, and not by its arguments");
	loop_free(l);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	char dir[] = "/var/tmp/receive_child_test.XXXXXX";
	test_words();
	ok(mkdtemp(dir) != NULL, "a directory");
	test_children(&c, dir);
	(void)rmdir(dir);
	struct child none = {.pid = 0};
	child_stop(&none);
	ok(none.pid == 0, "what does not run is not ended");
	return done_testing();
}
