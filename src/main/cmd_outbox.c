/* shugu outbox: what must still be told to partners. */
#include <time.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"

#define POLL_MS 20
#define WAIT_MAX_S 3600

static const struct option_row options[] = {
	{"wait", OPTION_TEXT,
		"SECONDS   waits until nothing waits any more; exit 1 where something still does"},
};

static const char *const heads[] = {"WHAT", "TO", "SINCE", ">TRIES", "SUBJECT"};

static err print_row(struct ctx *c, struct table *t, const struct json *j, void *arg)
{
	struct str cells[countof(heads)] = {json_text(json_get(j, "kind"))};
	(void)arg;
	cells[1] = listing_name(j, "partyName", "peer");
	cells[2] = table_time(json_text(json_get(j, "since")));
	TRY(table_number(c, table_int(j, "tries"), &cells[3]));
	cells[4] = json_text(json_get(j, "subject"));
	return table_row(c, t, cells);
}

static err print_rows(struct ctx *c, const struct json *answer)
{
	const struct listing l = {.member = "waiting", .row = print_row};
	struct table *t;
	TRY(table_new(c, heads, countof(heads), &t));
	TRY(listing_rows(c, t, &l, answer));
	return table_print(c, t, "nothing waits");
}

/* Each look has memory of its own. ret_text is the last answer, in c. */
static err look(struct ctx *c, struct control *k, size_t *ret_n, const struct json **ret_answer)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx one = {.arena = a};
	const struct json *answer = NULL;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	err e = control_call(&one, k, "GET", STR("/api/v1/outbox"), NULL, &answer);
	if (e != OK)
		return fail(c, e, "%s", one.trouble.detail);
	*ret_n = json_get(answer, "waiting")->n;
	if (ret_answer != NULL)
		*ret_answer = json_copy(c, answer);
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	const struct timespec pause = {0, POLL_MS * 1000000};
	struct control *k;
	const struct json *answer = NULL;
	int64_t wait_s = 0;
	size_t n = 0;
	ENSURE(o->n == 0, c, ERR_USAGE, "outbox takes no argument");
	TRY(option_number(c, o, "wait", WAIT_MAX_S, &wait_s));
	TRY(control_open(c, o->data, &k));
	TRY(look(c, k, &n, NULL));
	for (int64_t waited = 0; n > 0 && waited < wait_s * 1000; waited += POLL_MS) {
		(void)nanosleep(&pause, NULL);
		TRY(look(c, k, &n, NULL));
	}
	TRY(look(c, k, &n, &answer));
	if (o->json)
		TRY(command_print(c, answer));
	else
		TRY(print_rows(c, answer));
	ENSURE(n == 0 || wait_s == 0, c, ERR_TIMEOUT, "%zu messages still wait", n);
	return OK;
}

const struct command cmd_outbox = {"outbox", "[--wait SECONDS]",
	"What must still be told to partners.", options, countof(options), run};
