#include "base/spawn.h"

#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int prepare(
	posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes, int in, int out)
{
	sigset_t none;
	(void)sigemptyset(&none);
	int e = posix_spawn_file_actions_adddup2(files, in, STDIN_FILENO);
	if (e == 0)
		e = posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO);
	if (e == 0)
		e = posix_spawnattr_setsigmask(attributes, &none);
	return e != 0 ? e : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK);
}

int spawn_child(const char *program, char *const *arguments, char *const *environment, int in,
	int out, pid_t *ret)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int e = posix_spawn_file_actions_init(&files);
	if (e != 0)
		return e;
	e = posix_spawnattr_init(&attributes);
	if (e == 0) {
		e = prepare(&files, &attributes, in, out);
		if (e == 0)
			e = posix_spawn(ret, program, &files, &attributes, arguments, environment);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&files);
	return e;
}
