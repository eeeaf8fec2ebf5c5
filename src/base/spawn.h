/* A child process on two descriptors: its standard input and output. It starts with no signal blocked, whatever this process
 * has blocked, and with nothing else of ours: every other descriptor is close-on-exec. */
#pragma once

#include <sys/types.h>

/* arguments and environment end with NULL; program is a path. in and out stay the caller's. 0, or an errno. */
int spawn_child(const char *program, char *const *arguments, char *const *environment, int in,
	int out, pid_t *ret);
