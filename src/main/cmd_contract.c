/* shugu catalog PARTY, shugu agreements, shugu terminate AGREEMENT. */
#include <stdio.h>
#include <time.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"

#define POLL_FIRST_MS 10
#define POLL_MAX_MS 200
#define PATIENCE_MS 30000

static const struct option_row terminate_options[] = {
	{"reason", OPTION_TEXT, "TEXT   why; the other party is told"},
};

static void pause_ms(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	(void)nanosleep(&t, NULL);
}

static void print_dataset(const struct json *d)
{
	const struct json *facts = json_get(d, "shugu");
	int64_t revision = 0, net = 0, size = 0;
	(void)json_int(json_get(facts, "revision"), &revision);
	(void)json_int(json_get(json_get(facts, "price"), "net"), &net);
	(void)json_int(json_get(json_get(facts, "object"), "size"), &size);
	struct str name = json_text(json_get(facts, "name"));
	printf("%-28.*s r%-3lld %12lld bytes %10lld.%02lld CNY  %.*s\n", FMT(name),
		(long long)revision, (long long)size, (long long)(net / 100),
		(long long)(net % 100), FMT(json_text(json_get(d, "@id"))));
}

/* The answer that is newer than the question, or why there is none. */
static err await_catalog(struct ctx *c, struct control *k, struct str target, struct str asked,
	const struct json **ret)
{
	long wait = POLL_FIRST_MS;
	for (long waited = 0; waited < PATIENCE_MS; waited += wait) {
		TRY(control_call(c, k, "GET", target, NULL, ret));
		struct str why = json_text(json_get(*ret, "reason"));
		ENSURE(why.n == 0, c, ERR_PEER_REFUSED, "%.*s", FMT(why));
		struct str fetched = json_text(json_get(*ret, "fetchedAt"));
		if (fetched.n > 0 && str_cmp(fetched, asked) >= 0)
			return OK;
		pause_ms(wait);
		wait = wait * 2 > POLL_MAX_MS ? POLL_MAX_MS : wait * 2;
	}
	return fail(c, ERR_PEER_UNREACHABLE, "no answer within %d s", PATIENCE_MS / 1000);
}

static err run_catalog(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *asked = NULL, *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 1, c, ERR_USAGE, "catalog needs one PARTY");
	TRY(control_open(c, o->data, &k));
	ENSURE(control_is_running(k), c, ERR_PEER_UNREACHABLE,
		"no node runs here: start `shugu serve`");
	json_set_str(c, &body, "party", str_z(o->arguments[0]));
	TRY(control_call(c, k, "POST", STR("/api/v1/catalogs"), body, &asked));
	TRY(control_segment(c, json_text(json_get(asked, "party")), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/catalogs/%.*s", FMT(segment)));
	TRY(await_catalog(c, k, target, json_text(json_get(asked, "askedAt")), &answer));
	const struct json *catalog = json_get(answer, "catalog");
	if (o->json)
		return command_print(c, catalog);
	const struct json *datasets = json_get(catalog, "dataset");
	for (const struct json *d = datasets == NULL ? NULL : datasets->first; d != NULL;
		d = d->next)
		print_dataset(d);
	return OK;
}

static void print_agreement(const struct json *a)
{
	struct str id = json_text(json_get(a, "agreement"));
	if (id.n == 0)
		id = json_text(json_get(a, "negotiation"));
	printf("%.*s %-8.*s %-10.*s %.*s\n", FMT(id), FMT(json_text(json_get(a, "role"))),
		FMT(json_text(json_get(a, "state"))), FMT(json_text(json_get(a, "party"))));
}

static err run_agreements(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	struct str target = STR("/api/v1/agreements"), segment;
	ENSURE(o->n <= 1, c, ERR_USAGE, "agreements takes one AGREEMENT at most");
	TRY(control_open(c, o->data, &k));
	if (o->n == 1) {
		TRY(control_segment(c, str_z(o->arguments[0]), &segment));
		TRY(arena_fmt(c, &target, "/api/v1/agreements/%.*s", FMT(segment)));
	}
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	if (o->json || o->n == 1)
		return command_print(c, answer);
	const struct json *rows = json_get(answer, "agreements");
	for (const struct json *a = rows->first; a != NULL; a = a->next)
		print_agreement(a);
	return OK;
}

static err run_terminate(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 1, c, ERR_USAGE, "terminate needs one AGREEMENT");
	TRY(control_segment(c, str_z(o->arguments[0]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/agreements/%.*s/terminate", FMT(segment)));
	json_set_str(c, &body, "reason",
		option_set(o, "reason") ? str_z(option(o, "reason"))
					: STR("ended by the operator"));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%s has ended; nothing more is delivered under it\n", o->arguments[0]);
	return OK;
}

const struct command cmd_catalog = {
	"catalog", "PARTY", "Asks a party for its catalogue and shows it.", NULL, 0, run_catalog};
const struct command cmd_agreements = {"agreements", "[AGREEMENT]",
	"Negotiations and agreements, the newest first; or one in full.", NULL, 0, run_agreements};
const struct command cmd_terminate = {"terminate", "AGREEMENT [--reason TEXT]",
	"Ends a negotiation or an agreement.", terminate_options, countof(terminate_options),
	run_terminate};
