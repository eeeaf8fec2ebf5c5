/* The jail, from inside: each call that leads out kills. One child a case, since a filter is never taken away. */
#include "render/jail.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "tests/tap.h"

static void do_open(void)
{
	(void)!open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static void do_raw_open(void)
{
	(void)syscall(SYS_open, "/etc/passwd", O_RDONLY);
}

static void do_socket(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void do_exec(void)
{
	char name[] = "true", *const arguments[] = {name, NULL};
	(void)execve("/bin/true", arguments, NULL);
}

static void do_fork(void)
{
	(void)syscall(SYS_fork);
}

static void do_process(void)
{
	(void)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);
}

static void do_kill(void)
{
	(void)kill(getppid(), 0);
}

static void do_trace(void)
{
	(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void do_unlink(void)
{
	(void)unlink("/tmp/none");
}

static void do_other_read(void)
{
	char byte;
	(void)!read(7, &byte, 1);
}

static void do_other_write(void)
{
	(void)!write(7, "x", 1);
}

static void do_code(void)
{
	(void)mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void do_code_later(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	(void)mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static void do_file_map(void)
{
	(void)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0);
}

static void do_dup(void)
{
	(void)dup2(1, 7);
}

static void *thread(void *arg)
{
	do_open();
	return arg;
}

static void do_thread_open(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, thread, NULL) == 0)
		(void)pthread_join(t, NULL);
}

static void do_ioctl(void)
{
	(void)syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x");
}

static void *sum(void *arg)
{
	*(int *)arg = 7;
	return arg;
}

/* What a printer does. */
static void do_work(void)
{
	pthread_t t;
	int n = 0;
	char *p = malloc(8u << 20);
	if (p == NULL || getenv("HOME") != NULL || getenv("PATH") != NULL)
		_exit(11);
	memset(p, 1, 8u << 20);
	if (pthread_create(&t, NULL, sum, &n) != 0 || pthread_join(t, NULL) != 0 || n != 7)
		_exit(12);
	free(p);
	(void)!write(1, "", 0);
}

static int inside(void (*what)(void))
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
		struct ctx c = {.arena = a};
		bool spaces = false;
		if (jail_enter(&c, &spaces) != OK || jail_close(&c) != OK)
			_exit(99);
		what();
		_exit(0);
	}
	(void)waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void limited(void)
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
		struct ctx c = {.arena = a};
		struct rlimit r;
		bool spaces = false;
		if (jail_enter(&c, &spaces) != OK)
			_exit(99);
		bool cpu = getrlimit(RLIMIT_CPU, &r) == 0 && r.rlim_max == LIMIT_PRINT_MS / 1000;
		bool files = getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_max == 64;
		bool size = getrlimit(RLIMIT_FSIZE, &r) == 0 && r.rlim_max == LIMIT_PRINT_PDF;
		_exit(cpu && files && size ? 0 : 1);
	}
	(void)waitpid(pid, &status, 0);
	is_int(status, 0, "limits of CPU, files and size are set");
}

int main(void)
{
	static const struct {
		void (*what)(void);
		const char *name;
	} rows[] = {{do_open, "open"}, {do_raw_open, "open, the old call"}, {do_socket, "socket"},
		{do_exec, "exec"}, {do_fork, "fork"}, {do_process, "clone of a process"},
		{do_kill, "kill"}, {do_trace, "ptrace"}, {do_unlink, "unlink"},
		{do_other_read, "read of another descriptor"},
		{do_other_write, "write to another descriptor"}, {do_code, "executable memory"},
		{do_code_later, "memory made executable"}, {do_file_map, "mapping a file"},
		{do_dup, "dup2"}, {do_ioctl, "ioctl"}, {do_thread_open, "open in a thread"}};
#ifdef __SANITIZE_ADDRESS__ /* makes calls of its own, for which the jail has no room */
	is_int(inside(do_work), -SIGSYS, "what watches memory is no part of the printer");
#else
	is_int(inside(do_work), 0, "memory, threads and writing are left, without environment");
#endif
	for (size_t i = 0; i < countof(rows); i++)
		is_int(inside(rows[i].what), -SIGSYS, "%s kills", rows[i].name);
	limited();
	return done_testing();
}
