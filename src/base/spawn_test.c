#include "base/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

/* A shell says what it reads, and its environment, while this process has all signals blocked. */
static void says(const char *script, char *const *environment, const char *want)
{
	int to[2], from[2], status = -1;
	char sh[] = "sh", c[] = "-c", line[200], got[200] = "";
	char *const arguments[] = {sh, c, line, NULL};
	pid_t pid = 0;
	(void)snprintf(line, sizeof line, "%s", script);
	ok(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0, "two pipes");
	is_int(spawn_child("/bin/sh", arguments, environment, to[0], from[1], &pid), 0,
		"it starts");
	(void)close(to[0]);
	(void)close(from[1]);
	ok(write(to[1], "word\n", 5) == 5, "it is told");
	(void)close(to[1]);
	ok(read(from[0], got, sizeof got - 1) >= 0, "it says");
	is_str(got, want, "what it should");
	(void)close(from[0]);
	ok(waitpid(pid, &status, 0) == pid && status == 0, "and ends");
}

int main(void)
{
	char name[] = "NAME=value", sh[] = "sh";
	char *const some[] = {name, NULL}, *const none[] = {NULL}, *const arguments[] = {sh, NULL};
	sigset_t all;
	pid_t pid = 0;
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	says("read -r x; echo \"$x $NAME\"", some, "word value\n");
	says("read -r x; echo \"$x $NAME\"", none, "word \n");
	says("trap 'echo caught' USR1; kill -USR1 $$; cat >/dev/null", none, "caught\n");
	ok(spawn_child("/none/such", arguments, none, 0, 1, &pid) != 0,
		"what is not there does not");
	return done_testing();
}
