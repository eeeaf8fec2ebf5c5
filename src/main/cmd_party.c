/* shugu invite, join, approve, refuse, inbox, party: whom this node knows, and what waits for a person. */
#include <stdio.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"

static const struct option_row reason_options[] = {
	{"reason", OPTION_TEXT, "TEXT   why"},
};

static const struct option_row party_options[] = {
	{"reason", OPTION_TEXT, "TEXT   why, with withdraw"},
	{"did", OPTION_TEXT, "DID   with add-bearer: what the connector is called"},
	{"url", OPTION_TEXT, "URL   with add-bearer: where its Dataspace Protocol begins"},
	{"token-file", OPTION_TEXT, "FILE   with add-bearer: holds its bearer"},
};

/* What was begun reaches the other side only from a node that runs. */
static void say_waits(const struct control *k)
{
	if (!control_is_running(k))
		printf("The other side is told as soon as the node runs: shugu serve\n");
}

static err run_invite(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	ENSURE(o->n == 0, c, ERR_USAGE, "invite takes no argument");
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", STR("/api/v1/invitations"), NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%.*s\n", FMT(json_text(json_get(answer, "invitation"))));
	return OK;
}

static err run_join(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	ENSURE(o->n == 1, c, ERR_USAGE, "join needs the INVITATION");
	json_set_str(c, &body, "invitation", str_z(o->arguments[0]));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", STR("/api/v1/parties"), body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%.*s (%.*s): joining; a person there approves\n",
		FMT(json_text(json_get(answer, "name"))), FMT(json_text(json_get(answer, "did"))));
	say_waits(k);
	return OK;
}

static err run_inbox(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	ENSURE(o->n == 0, c, ERR_USAGE, "inbox takes no argument");
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "GET", STR("/api/v1/inbox"), NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	const struct json *rows = json_get(answer, "waiting");
	if (rows == NULL || rows->n == 0)
		printf("Nothing waits.\n");
	for (const struct json *r = rows != NULL ? rows->first : NULL; r != NULL; r = r->next)
		printf("%.*s  %-10.*s %.*s  %.*s\n", FMT(json_text(json_get(r, "id"))),
			FMT(json_text(json_get(r, "what"))), FMT(json_text(json_get(r, "since"))),
			FMT(json_text(json_get(r, "about"))));
	return OK;
}

/* approve and refuse differ in a word and a body. */
static err answer_inbox(
	struct ctx *c, const struct options *o, const char *verb, const struct json *body)
{
	struct control *k;
	const struct json *answer = NULL;
	struct str target, segment;
	TRY(control_segment(c, str_z(o->arguments[0]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/inbox/%.*s/%s", FMT(segment), verb));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%.*s: %.*s\n", FMT(json_text(json_get(answer, "act"))),
		FMT(json_text(json_get(answer, "subject"))));
	say_waits(k);
	return OK;
}

static err run_approve(struct ctx *c, const struct options *o)
{
	ENSURE(o->n == 1, c, ERR_USAGE, "approve needs an ID: shugu inbox lists them");
	return answer_inbox(c, o, "approve", NULL);
}

static err run_refuse(struct ctx *c, const struct options *o)
{
	struct json *body = json_object(c);
	ENSURE(o->n == 1 && option_set(o, "reason"), c, ERR_USAGE,
		"refuse needs an ID (shugu inbox lists them) and --reason");
	json_set_str(c, &body, "reason", str_z(option(o, "reason")));
	return answer_inbox(c, o, "refuse", body);
}

static void print_party(const struct json *p)
{
	printf("%-40.*s %-10.*s %-18.*s %.*s\n", FMT(json_text(json_get(p, "did"))),
		FMT(json_text(json_get(p, "status"))), FMT(json_text(json_get(p, "assurance"))),
		FMT(json_text(json_get(p, "name"))));
}

static err list(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	struct str target = STR("/api/v1/parties"), segment;
	ENSURE(o->n <= 2, c, ERR_USAGE, "party list takes one PARTY at most");
	TRY(control_open(c, o->data, &k));
	if (o->n == 2) {
		TRY(control_segment(c, str_z(o->arguments[1]), &segment));
		TRY(arena_fmt(c, &target, "/api/v1/parties/%.*s", FMT(segment)));
	}
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	if (o->json || o->n == 2)
		return command_print(c, answer);
	int64_t next = 0;
	for (;;) {
		const struct json *rows = json_get(answer, "parties");
		for (const struct json *p = rows->first; p != NULL; p = p->next)
			print_party(p);
		if (!json_int(json_get(answer, "next"), &next) || next > LIMIT_PARTIES)
			return OK;
		TRY(arena_fmt(c, &target, "/api/v1/parties?offset=%lld", (long long)next));
		TRY(control_call(c, k, "GET", target, NULL, &answer));
	}
}

static err withdraw(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 2 && option_set(o, "reason"), c, ERR_USAGE,
		"party withdraw needs a PARTY and --reason");
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/parties/%.*s/withdraw", FMT(segment)));
	json_set_str(c, &body, "reason", str_z(option(o, "reason")));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	print_party(answer);
	say_waits(k);
	return OK;
}

static err add_bearer(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	struct str token;
	ENSURE(o->n == 2 && option_set(o, "did") && option_set(o, "url") &&
			option_set(o, "token-file"),
		c, ERR_USAGE, "party add-bearer needs a NAME, --did, --url and --token-file");
	TRY(file_read(c, option(o, "token-file"), LIMIT_HTTP_HEAD, &token));
	json_set_str(c, &body, "name", str_z(o->arguments[1]));
	json_set_str(c, &body, "did", str_z(option(o, "did")));
	json_set_str(c, &body, "url", str_z(option(o, "url")));
	json_set_str(c, &body, "token", str_sub(token, 0, str_find(token, '\n')));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", STR("/api/v1/connectors"), body, &answer));
	if (o->json)
		return command_print(c, answer);
	print_party(answer);
	return OK;
}

static err run_party(struct ctx *c, const struct options *o)
{
	static const struct {
		const char *verb;
		err (*run)(struct ctx *c, const struct options *o);
	} verbs[] = {{"list", list}, {"withdraw", withdraw}, {"add-bearer", add_bearer}};
	for (size_t i = 0; i < countof(verbs) && o->n > 0; i++) {
		if (str_is(str_z(o->arguments[0]), verbs[i].verb))
			return verbs[i].run(c, o);
	}
	return fail(c, ERR_USAGE, "party needs list, withdraw or add-bearer");
}

const struct command cmd_invite = {"invite", "",
	"Prints an invitation: one line for one party, good for 24 hours.", NULL, 0, run_invite};
const struct command cmd_join = {"join", "INVITATION",
	"Follows an invitation: your confirmation of that party.", NULL, 0, run_join};
const struct command cmd_inbox = {"inbox", "", "What waits for a person.", NULL, 0, run_inbox};
const struct command cmd_approve = {
	"approve", "ID", "Says yes to what waits under that id.", NULL, 0, run_approve};
const struct command cmd_refuse = {"refuse", "ID --reason TEXT",
	"Says no to what waits under that id.", reason_options, countof(reason_options),
	run_refuse};
const struct command cmd_party = {"party",
	"list [PARTY] | withdraw PARTY --reason TEXT | add-bearer NAME --did DID --url URL "
	"--token-file FILE",
	"The parties this node knows.", party_options, countof(party_options), run_party};
