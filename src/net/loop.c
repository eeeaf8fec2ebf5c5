#include "net/loop.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/arena.h"

#define BATCH 256

struct loop {
	const struct env *env;
	int fd;
	bool stopped;
	int64_t now_us;
	/* Sorted by time: a node has a handful of timers, connections share one. */
	struct loop_timer *timers;
	struct loop_task *tasks, **tasks_end;
	void (*tick_end)(void *arg);
	void *tick_arg;
	int ready_n;
	struct epoll_event ready[BATCH];
};

err loop_new(struct ctx *c, const struct env *e, struct loop **ret)
{
	struct loop *l;
	NEW(c, l);
	l->env = e;
	l->tasks_end = &l->tasks;
	l->fd = epoll_create1(EPOLL_CLOEXEC);
	ENSURE(l->fd >= 0, c, ERR_IO, "epoll_create1: %s", strerror(errno));
	l->now_us = env_mono_us(e);
	*ret = l;
	return OK;
}

void loop_free(struct loop *l)
{
	if (l != NULL)
		fd_closep(&l->fd);
}

static err control(struct ctx *c, struct loop *l, int op, struct loop_fd *w, uint32_t events)
{
	struct epoll_event ev = {.events = events, .data.ptr = w};
	ENSURE(epoll_ctl(l->fd, op, w->fd, &ev) == 0, c, ERR_IO, "epoll_ctl: %s", strerror(errno));
	return OK;
}

err loop_fd_add(struct ctx *c, struct loop *l, struct loop_fd *w, uint32_t events)
{
	assert(w->ready != NULL);
	return control(c, l, EPOLL_CTL_ADD, w, events);
}

err loop_fd_mod(struct ctx *c, struct loop *l, struct loop_fd *w, uint32_t events)
{
	return control(c, l, EPOLL_CTL_MOD, w, events);
}

void loop_fd_del(struct loop *l, struct loop_fd *w)
{
	struct epoll_event none = {0};
	(void)epoll_ctl(l->fd, EPOLL_CTL_DEL, w->fd, &none);
	/* Events of this turn that were not handled yet may still name it. */
	for (int i = 0; i < l->ready_n; i++) {
		if (l->ready[i].data.ptr == w)
			l->ready[i].data.ptr = NULL;
	}
}

void loop_timer_set(struct loop *l, struct loop_timer *t, int64_t after_ms)
{
	assert(t->fire != NULL);
	loop_timer_clear(l, t);
	t->at_us = env_mono_us(l->env) + after_ms * 1000;
	struct loop_timer *before = NULL, *at = l->timers;
	while (at != NULL && at->at_us <= t->at_us) {
		before = at;
		at = at->next;
	}
	t->prev = before;
	t->next = at;
	if (at != NULL)
		at->prev = t;
	if (before != NULL)
		before->next = t;
	else
		l->timers = t;
	t->set = true;
}

void loop_timer_clear(struct loop *l, struct loop_timer *t)
{
	if (!t->set)
		return;
	if (t->prev != NULL)
		t->prev->next = t->next;
	else
		l->timers = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
	t->prev = t->next = NULL;
	t->set = false;
}

void loop_defer(struct loop *l, struct loop_task *t)
{
	assert(t->run != NULL);
	if (t->queued)
		return;
	t->queued = true;
	t->next = NULL;
	*l->tasks_end = t;
	l->tasks_end = &t->next;
}

void loop_defer_cancel(struct loop *l, struct loop_task *t)
{
	struct loop_task **at = &l->tasks;
	while (*at != NULL && *at != t)
		at = &(*at)->next;
	if (*at == NULL)
		return;
	*at = t->next;
	t->queued = false;
	if (t->next == NULL)
		l->tasks_end = at;
}

static void event_ready(void *arg, uint32_t events)
{
	(void)events;
	struct loop_event *ev = arg;
	uint64_t n;
	if (read(ev->watch.fd, &n, sizeof n) == (ssize_t)sizeof n)
		ev->raised(ev->arg);
}

err loop_event_open(struct ctx *c, struct loop *l, struct loop_event *ev)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ENSURE(fd >= 0, c, ERR_IO, "eventfd: %s", strerror(errno));
	ev->watch = (struct loop_fd){fd, event_ready, ev};
	err e = loop_fd_add(c, l, &ev->watch, EPOLLIN);
	if (e != OK)
		fd_closep(&ev->watch.fd);
	return e;
}

void loop_event_raise(struct loop_event *ev)
{
	uint64_t one = 1;
	/* It fails only when the counter is full, and then the loop is awake anyway. */
	ssize_t n = write(ev->watch.fd, &one, sizeof one);
	(void)n;
}

void loop_event_close(struct loop *l, struct loop_event *ev)
{
	loop_fd_del(l, &ev->watch);
	fd_closep(&ev->watch.fd);
}

static void signals_ready(void *arg, uint32_t events)
{
	(void)events;
	struct loop_signals *s = arg;
	struct signalfd_siginfo info;
	while (s->watch.fd >= 0 && read(s->watch.fd, &info, sizeof info) == (ssize_t)sizeof info)
		s->caught(s->arg, (int)info.ssi_signo);
}

err loop_signals_open(struct ctx *c, struct loop *l, struct loop_signals *s, const sigset_t *set)
{
	ENSURE(sigprocmask(SIG_BLOCK, set, NULL) == 0, c, ERR_IO, "signals cannot be blocked");
	int fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	ENSURE(fd >= 0, c, ERR_IO, "signalfd: %s", strerror(errno));
	s->watch = (struct loop_fd){fd, signals_ready, s};
	err e = loop_fd_add(c, l, &s->watch, EPOLLIN);
	if (e != OK)
		fd_closep(&s->watch.fd);
	return e;
}

void loop_signals_close(struct loop *l, struct loop_signals *s)
{
	loop_fd_del(l, &s->watch);
	fd_closep(&s->watch.fd);
}

void loop_tick_end(struct loop *l, void (*fn)(void *arg), void *arg)
{
	l->tick_end = fn;
	l->tick_arg = arg;
}

int64_t loop_now_us(const struct loop *l)
{
	return l->now_us;
}

/* Milliseconds to wait: none with tasks at hand, else until the next timer, rounded up. */
static int wait_for(const struct loop *l, int wait_ms)
{
	if (l->tasks != NULL)
		return 0;
	if (l->timers == NULL)
		return wait_ms;
	int64_t left_us = l->timers->at_us - env_mono_us(l->env);
	int64_t left = left_us <= 0 ? 0 : (left_us + 999) / 1000;
	if (left > INT32_MAX)
		left = INT32_MAX;
	return wait_ms >= 0 && wait_ms < left ? wait_ms : (int)left;
}

static void run_ready(struct loop *l)
{
	for (int i = 0; i < l->ready_n; i++) {
		struct loop_fd *w = l->ready[i].data.ptr;
		if (w != NULL)
			w->ready(w->arg, l->ready[i].events);
	}
	l->ready_n = 0;
}

static void run_timers(struct loop *l)
{
	while (l->timers != NULL && l->timers->at_us <= l->now_us) {
		struct loop_timer *t = l->timers;
		loop_timer_clear(l, t);
		t->fire(t->arg);
	}
}

/* A task that defers again has its turn in the next round, so that descriptors are not starved. */
static void run_tasks(struct loop *l)
{
	struct loop_task *t = l->tasks;
	l->tasks = NULL;
	l->tasks_end = &l->tasks;
	while (t != NULL) {
		struct loop_task *next = t->next;
		t->queued = false;
		t->run(t->arg);
		t = next;
	}
}

err loop_turn(struct ctx *c, struct loop *l, int wait_ms)
{
	int n = epoll_wait(l->fd, l->ready, BATCH, wait_for(l, wait_ms));
	ENSURE(n >= 0 || errno == EINTR, c, ERR_IO, "epoll_wait: %s", strerror(errno));
	l->now_us = env_mono_us(l->env);
	l->ready_n = n < 0 ? 0 : n;
	run_ready(l);
	run_timers(l);
	run_tasks(l);
	if (l->tick_end != NULL)
		l->tick_end(l->tick_arg);
	return OK;
}

err loop_run(struct ctx *c, struct loop *l)
{
	l->stopped = false;
	while (!l->stopped)
		TRY(loop_turn(c, l, -1));
	return OK;
}

void loop_stop(struct loop *l)
{
	l->stopped = true;
}
