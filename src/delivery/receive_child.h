/* The child that fetches an object of more than one chunk: started, listened to, ended. It is told what to do by one line of
 * JSON on its standard input, so that no token is seen in a list of processes, and says how far it is by lines on its
 * standard output (main/cmd_fetch.c writes them):
 *
 *   at N            so many bytes are verified and kept
 *   done            the object lies in blobs/
 *   kept R S N      what came (of a plain connector) lies in blobs/: root, SHA-256, bytes
 *   bad N           chunk N failed, and again when it was asked for once more; 0 where the whole is not the signed SHA-256
 *   no STATUS WHY   the other side refuses for good
 *   later WHY       it broke off, and trying again did not help
 *
 * A child is memory of the caller, zeroed before first use. ERR_IO. */
#pragma once

#include <sys/types.h>

#include "base/arena.h"
#include "crypto/hash.h"
#include "net/loop.h"

#define CHILD_LINE 1024u
#define CHILD_TASK (32u << 10) /* of what it is told */

enum child_says { CHILD_AT, CHILD_DONE, CHILD_KEPT, CHILD_BAD, CHILD_NO, CHILD_LATER };

struct child_word {
	enum child_says what;
	int64_t number;  /* of AT, BAD, NO */
	struct str text; /* of KEPT, NO, LATER */
};

struct child_task {
	struct str url, token, blobs;
	struct str authorities; /* path of further ones, or empty */
	struct hash root, sha256;
	int64_t size;
	bool loopback;
};

struct child {
	struct loop *loop;
	pid_t pid; /* 0: none runs */
	struct loop_fd watch;
	/* Told each word; after the last one (any but AT) the child has been ended. */
	void (*says)(void *arg, const struct child_word *w);
	void *arg;
	char line[CHILD_LINE];
	size_t n;
};

/* The task as its line. */
must_use err child_line(struct ctx *c, const struct child_task *t, struct str *ret);
/* Reads a word; false where the line is none. */
bool child_word(struct str line, struct child_word *ret);
/* program: normally "/proc/self/exe", whose command "fetch" it is. Fills loop, pid and watch. */
must_use err child_start(struct ctx *c, struct loop *l, const char *program,
	const struct child_task *t, struct child *ret);
/* The same for another command of the program that is told by one line and says these words. */
must_use err child_run(struct ctx *c, struct loop *l, const char *program, const char *command,
	struct str line, struct child *ret);
/* Ends it at once; nothing is told afterwards. */
void child_stop(struct child *k);
