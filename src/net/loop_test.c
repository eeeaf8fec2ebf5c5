#include "net/loop.h"

#include <unistd.h>

#include "base/arena.h"
#include "tests/tap.h"

static int64_t clock_us;

static int64_t clock_now(void *arg)
{
	(void)arg;
	return clock_us;
}

static const struct env still = {.mono_us = clock_now};
static char said[64];
static struct loop *loop;
static struct loop_timer a, b;
static struct loop_task task;
static struct loop_fd other;

static void say(const char *word)
{
	size_t n = strlen(said);
	(void)snprintf(said + n, sizeof said - n, "%s", word);
}

static void say_arg(void *arg)
{
	say(arg);
}

static void turn(struct ctx *c)
{
	said[0] = '\0';
	if (loop_turn(c, loop, 0) != OK)
		say("FAILED");
}

static void timers(struct ctx *c)
{
	a = (struct loop_timer){.fire = say_arg, .arg = (char[]){"a"}};
	b = (struct loop_timer){.fire = say_arg, .arg = (char[]){"b"}};
	loop_timer_set(loop, &a, 20);
	loop_timer_set(loop, &b, 10);
	clock_us = 9999;
	turn(c);
	is_str(said, "", "none is due");
	clock_us = 20000;
	turn(c);
	is_str(said, "ba", "both, the earlier first");
	turn(c);
	is_str(said, "", "each once");
	loop_timer_set(loop, &a, 5);
	loop_timer_set(loop, &b, 5);
	loop_timer_set(loop, &a, 50);
	loop_timer_clear(loop, &b);
	clock_us = 30000;
	turn(c);
	is_str(said, "", "one was moved, the other taken out");
	loop_timer_clear(loop, &a);
}

static void say_again(void *arg)
{
	say("t");
	if (*(int *)arg > 0) {
		(*(int *)arg)--;
		loop_defer(loop, &task);
	}
}

static void tasks(struct ctx *c)
{
	int more = 1;
	task = (struct loop_task){.run = say_again, .arg = &more};
	loop_defer(loop, &task);
	loop_defer(loop, &task);
	loop_tick_end(loop, say_arg, (char[]){"."});
	turn(c);
	is_str(said, "t.", "once a turn, before the end of the tick");
	turn(c);
	is_str(said, "t.", "again in the next");
	loop_defer(loop, &task);
	loop_defer_cancel(loop, &task);
	turn(c);
	is_str(said, ".", "what is cancelled does not run");
	loop_tick_end(loop, NULL, NULL);
}

static void take_other_out(void *arg, uint32_t events)
{
	(void)events;
	say(arg);
	loop_fd_del(loop, &other);
}

/* Both are ready in one turn; the first takes the second out, which then is not called any more. */
static void stale(struct ctx *c)
{
	int one[2], two[2];
	ok(pipe(one) == 0 && pipe(two) == 0, "two pipes");
	struct loop_fd first = {one[0], take_other_out, (char[]){"1"}};
	other = (struct loop_fd){two[0], take_other_out, (char[]){"2"}};
	ok(write(one[1], "x", 1) == 1 && write(two[1], "x", 1) == 1, "with a byte each");
	is_int(loop_fd_add(c, loop, &first, EPOLLIN), OK, "one is watched");
	is_int(loop_fd_add(c, loop, &other, EPOLLIN), OK, "the other too");
	turn(c);
	is_str(said, "1", "the other is never called");
	is_int(loop_fd_mod(c, loop, &first, 0), OK, "watched for nothing");
	turn(c);
	is_str(said, "", "not called");
	loop_fd_del(loop, &first);
	other.fd = -1;
	is_int(loop_fd_add(c, loop, &other, EPOLLIN), ERR_IO, "no descriptor, no watch");
	for (int i = 0; i < 2; i++) {
		close(one[i]);
		close(two[i]);
	}
}

static void caught(void *arg, int signo)
{
	(void)arg;
	say(signo == SIGUSR1 ? "USR1" : "?");
	loop_stop(loop);
}

static void wakes(struct ctx *c)
{
	struct loop_event ev = {.raised = say_arg, .arg = (char[]){"e"}};
	is_int(loop_event_open(c, loop, &ev), OK, "an event");
	loop_event_raise(&ev);
	loop_event_raise(&ev);
	turn(c);
	is_str(said, "e", "two raises are one call");
	loop_event_close(loop, &ev);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	struct loop_signals s = {.caught = caught};
	is_int(loop_signals_open(c, loop, &s, &set), OK, "a signal");
	ok(kill(getpid(), SIGUSR1) == 0, "sent");
	said[0] = '\0';
	is_int(loop_run(c, loop), OK, "the loop runs until it is told to stop");
	is_str(said, "USR1", "by the signal");
	loop_signals_close(loop, &s);
}

int main(void)
{
	struct ctx c = {.arena = arena_new(1u << 20)};
	if (loop_new(&c, &still, &loop) != OK)
		return 1;
	timers(&c);
	tasks(&c);
	stale(&c);
	wakes(&c);
	loop_free(loop);
	arena_free(c.arena);
	return done_testing();
}
