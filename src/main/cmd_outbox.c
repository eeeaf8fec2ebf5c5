/* shugu outbox: what must still be told to partners. */
#include <time.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"

#define POLL_MS 20
#define WAIT_MAX_S 3600

static const struct option_row options[] = {
	LISTING_CSV,
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

static const struct listing listing = {.path = "/api/v1/outbox",
	.member = "waiting",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "nothing waits",
	.row = print_row};

/* Each look has memory of its own. */
static err look(struct ctx *c, struct control *k, bool *ret_empty)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx one = {.arena = a};
	const struct json *answer = NULL;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	err e = control_call(&one, k, "GET", STR("/api/v1/outbox?limit=1"), NULL, &answer);
	if (e != OK)
		return fail(c, e, "%s", one.trouble.detail);
	*ret_empty = json_get(answer, "waiting")->n == 0;
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	const struct timespec pause = {0, POLL_MS * 1000000};
	struct control *k;
	int64_t wait_s = 0;
	bool empty = false;
	ENSURE(o->n == 0, c, ERR_USAGE, "outbox takes no argument");
	TRY(option_number(c, o, "wait", WAIT_MAX_S, &wait_s));
	TRY(control_open(c, o->data, &k));
	TRY(look(c, k, &empty));
	for (int64_t waited = 0; !empty && waited < wait_s * 1000; waited += POLL_MS) {
		(void)nanosleep(&pause, NULL);
		TRY(look(c, k, &empty));
	}
	TRY(o->json ? listing_json(c, k, &listing, listing.member)
		    : listing_print(c, k, &listing, o));
	ENSURE(empty || wait_s == 0, c, ERR_TIMEOUT, "messages still wait");
	return OK;
}

const struct command cmd_outbox = {"outbox", "[--wait SECONDS]",
	"What must still be told to partners.", options, countof(options), run};
