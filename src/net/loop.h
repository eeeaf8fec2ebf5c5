/* The event loop: one thread, epoll, level or edge triggered as the watcher asks.
 *
 * One turn: wait - ready descriptors - due timers - deferred tasks - the hook of the end of the tick. Watchers, timers
 * and tasks are memory of the caller, zeroed before first use, and must stay valid while they are in the loop; taking
 * one out is allowed at any moment, also from within a callback, and nothing of it is called afterwards. Time is the
 * monotonic clock of the env, read once a turn. Only loop_event_raise may be called by another thread or from a
 * signal handler. */
#pragma once

#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/env.h"
#include "base/err.h"

struct loop;

struct loop_fd {
	int fd;
	/* events: those of epoll (EPOLLIN, EPOLLOUT, EPOLLERR, ...). */
	void (*ready)(void *arg, uint32_t events);
	void *arg;
};

struct loop_timer {
	void (*fire)(void *arg);
	void *arg;
	/* Of the loop. */
	struct loop_timer *prev, *next;
	int64_t at_us;
	bool set;
};

struct loop_task {
	void (*run)(void *arg);
	void *arg;
	/* Of the loop. */
	struct loop_task *next;
	bool queued;
};

/* A descriptor by which another thread wakes the loop (eventfd). */
struct loop_event {
	struct loop_fd watch;
	void (*raised)(void *arg);
	void *arg;
};

struct loop_signals {
	struct loop_fd watch;
	void (*caught)(void *arg, int signo);
	void *arg;
};

/* c->arena must live as long as the loop. ERR_IO, ERR_TOO_LARGE. */
must_use err loop_new(struct ctx *c, const struct env *e, struct loop **ret);

/* Watches w->fd, which stays the caller's. ERR_IO. */
must_use err loop_fd_add(struct ctx *c, struct loop *l, struct loop_fd *w, uint32_t events);
must_use err loop_fd_mod(struct ctx *c, struct loop *l, struct loop_fd *w, uint32_t events);
/* Before the descriptor is closed. */
void loop_fd_del(struct loop *l, struct loop_fd *w);

/* Fires once, after_ms from now; setting it again moves it. */
void loop_timer_set(struct loop *l, struct loop_timer *t, int64_t after_ms);
void loop_timer_clear(struct loop *l, struct loop_timer *t);

/* Runs once: in this turn if its deferred tasks have not run yet, else in the next, which then does not wait. */
void loop_defer(struct loop *l, struct loop_task *t);
/* Not from within a task. */
void loop_defer_cancel(struct loop *l, struct loop_task *t);

/* Opens the eventfd of ev and watches it; many raises may become one call. ERR_IO. */
must_use err loop_event_open(struct ctx *c, struct loop *l, struct loop_event *ev);
void loop_event_raise(struct loop_event *ev);
void loop_event_close(struct loop *l, struct loop_event *ev);

/* Blocks the signals of this process (call it before threads start) and takes them in the loop. ERR_IO. */
must_use err loop_signals_open(
	struct ctx *c, struct loop *l, struct loop_signals *s, const sigset_t *set);
void loop_signals_close(struct loop *l, struct loop_signals *s);

/* The one function called at the end of every turn; NULL takes it away. */
void loop_tick_end(struct loop *l, void (*fn)(void *arg), void *arg);

/* The time at which this turn began. */
int64_t loop_now_us(const struct loop *l);

/* Turns until loop_stop(). ERR_IO when epoll fails. */
must_use err loop_run(struct ctx *c, struct loop *l);
/* One turn that waits at most wait_ms (-1: without end). ERR_IO. */
must_use err loop_turn(struct ctx *c, struct loop *l, int wait_ms);
/* Leaves loop_run at the end of this turn. */
void loop_stop(struct loop *l);

/* Closes what the loop itself opened; accepts NULL. */
void loop_free(struct loop *l);
