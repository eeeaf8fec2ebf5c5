#include "render/jail.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

#define FILES 64u
#define NEW_SPACES \
	(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWUTS)

static err limits(struct ctx *c)
{
	const struct {
		int what;
		rlim_t most;
	} rows[] = {
		{RLIMIT_CPU, LIMIT_PRINT_MS / 1000},
		{RLIMIT_FSIZE, LIMIT_PRINT_PDF},
		{RLIMIT_NOFILE, FILES},
		{RLIMIT_CORE, 0},
#ifndef __SANITIZE_ADDRESS__ /* whose shadow takes terabytes of addresses */
		{RLIMIT_AS, LIMIT_PRINT_MEMORY},
#endif
	};
	for (size_t i = 0; i < countof(rows); i++) {
		const struct rlimit r = {rows[i].most, rows[i].most};
		ENSURE(setrlimit((__rlimit_resource_t)rows[i].what, &r) == 0, c, ERR_IO,
			"set a limit: %s", strerror(errno));
	}
	return OK;
}

err jail_enter(struct ctx *c, bool *ret_spaces)
{
	/* libc looks at /etc/localtime each time unless there is a zone. */
	ENSURE(clearenv() == 0 && setenv("TZ", "UTC0", 1) == 0, c, ERR_IO, "clear the environment");
	tzset();
	TRY(limits(c));
	ENSURE(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0,
		c, ERR_IO, "give up privileges: %s", strerror(errno));
	*ret_spaces = unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC) == 0;
	return OK;
}

/* What is left, whatever the arguments. */
static const int allowed[] = {SCMP_SYS(brk), SCMP_SYS(clock_gettime), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(gettid), SCMP_SYS(madvise),
	SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(rseq), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_yield),
	SCMP_SYS(set_robust_list)};

static struct scmp_arg_cmp argument_is(unsigned n, uint64_t value)
{
	return (struct scmp_arg_cmp){.arg = n, .op = SCMP_CMP_EQ, .datum_a = value};
}

/* Pango matches fonts in threads; they share this filter. clone3 keeps its flags in memory, where no filter sees them: libc
 * takes clone where it is missing. */
static int add_thread_rules(scmp_filter_ctx f)
{
	int e = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (e == 0)
		e = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | NEW_SPACES, CLONE_THREAD));
	if (e == 0)
		e = seccomp_rule_add(
			f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, argument_is(0, PR_SET_NAME));
	return e;
}

static int add_rules(scmp_filter_ctx f)
{
	int e = seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1);
	for (size_t i = 0; e == 0 && i < countof(allowed); i++)
		e = seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0);
	if (e == 0)
		e = seccomp_rule_add(
			f, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, argument_is(0, STDIN_FILENO));
	if (e == 0)
		e = seccomp_rule_add(
			f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, argument_is(0, STDOUT_FILENO));
	if (e == 0)
		e = seccomp_rule_add(
			f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, argument_is(0, STDERR_FILENO));
	/* Memory that is not executable, and of no file. */
	if (e == 0)
		e = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
			SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
	if (e == 0)
		e = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (e == 0)
		e = add_thread_rules(f);
	return e;
}

err jail_close(struct ctx *c)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	ENSURE(f != NULL, c, ERR_IO, "no filter of system calls");
	int e = add_rules(f);
	if (e == 0)
		e = seccomp_load(f);
	/* seccomp_release would free; the filter's memory ends with the process. */
	ENSURE(e == 0, c, ERR_IO, "set the filter of system calls: %s", strerror(-e));
	return OK;
}
