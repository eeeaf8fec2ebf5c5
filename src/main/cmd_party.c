/* shugu invite, join, approve, refuse, inbox, party: whom this node knows, and what waits for a person. */
#include <stdio.h>

#include "base/limits.h"
#include "main/attach.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"
#include "main/table.h"

static const struct option_row reason_options[] = {
	{"reason", OPTION_TEXT, "TEXT   why"},
};

static const struct option_row list_options[] = {LISTING_CSV};

static const struct option_row party_options[] = {
	LISTING_CSV,
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
	struct str name;
	ENSURE(o->n == 1, c, ERR_USAGE, "join needs the INVITATION");
	json_set_str(c, &body, "invitation", str_z(o->arguments[0]));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", STR("/api/v1/parties"), body, &answer));
	if (o->json)
		return command_print(c, answer);
	TRY(table_shown(c, json_text(json_get(answer, "name")), &name));
	printf("%.*s (%.*s): joining; a person there approves\n", FMT(name),
		FMT(json_text(json_get(answer, "did"))));
	say_waits(k);
	return OK;
}

static const char *const inbox_heads[] = {"ID", "WHAT", "FROM", "SINCE", "ABOUT"};

static err inbox_row(struct ctx *c, struct table *t, const struct json *r, void *arg)
{
	struct str what = json_text(json_get(r, "what"));
	(void)arg;
	TRY(waits_text(c, r, &what));
	const struct str cells[] = {json_text(json_get(r, "id")), what,
		listing_name(r, "partyName", "from"), table_time(json_text(json_get(r, "since"))),
		json_text(json_get(r, "about"))};
	return table_row(c, t, cells);
}

static const struct listing inbox = {.path = "/api/v1/inbox",
	.member = "waiting",
	.heads = inbox_heads,
	.heads_n = countof(inbox_heads),
	.empty = "Nothing waits.",
	.row = inbox_row};

static err run_inbox(struct ctx *c, const struct options *o)
{
	struct control *k;
	ENSURE(o->n == 0, c, ERR_USAGE, "inbox takes no argument");
	TRY(control_open(c, o->data, &k));
	return o->json ? listing_json(c, k, &inbox, inbox.member) : listing_print(c, k, &inbox, o);
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

static const char *const party_heads[] = {"NAME", "STATUS", "ASSURANCE", "SINCE", "DID"};

static err party_row(struct ctx *c, struct table *t, const struct json *p, void *arg)
{
	(void)arg;
	const struct str cells[] = {json_text(json_get(p, "name")),
		json_text(json_get(p, "status")), json_text(json_get(p, "assurance")),
		table_time(json_text(json_get(p, "since"))), json_text(json_get(p, "did"))};
	return table_row(c, t, cells);
}

static const struct listing parties = {.path = "/api/v1/parties",
	.member = "parties",
	.heads = party_heads,
	.heads_n = countof(party_heads),
	.empty = "Nobody is known: shugu invite makes an invitation.",
	.row = party_row};

static err print_party(struct ctx *c, const struct json *p)
{
	struct table *t;
	TRY(table_new(c, party_heads, countof(party_heads), &t));
	TRY(party_row(c, t, p, NULL));
	return table_print(c, t, NULL);
}

static err list(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n <= 2, c, ERR_USAGE, "party list takes one PARTY at most");
	TRY(control_open(c, o->data, &k));
	if (o->n == 1)
		return o->json ? listing_json(c, k, &parties, parties.member)
			       : listing_print(c, k, &parties, o);
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/parties/%.*s", FMT(segment)));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	return command_print(c, answer);
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
	TRY(print_party(c, answer));
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
	return print_party(c, answer);
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
const struct command cmd_inbox = {
	"inbox", "", "What waits for a person.", list_options, countof(list_options), run_inbox};
const struct command cmd_approve = {
	"approve", "ID", "Says yes to what waits under that id.", NULL, 0, run_approve};
const struct command cmd_refuse = {"refuse", "ID --reason TEXT",
	"Says no to what waits under that id.", reason_options, countof(reason_options),
	run_refuse};
const struct command cmd_party = {"party",
	"list [PARTY] [--csv] | withdraw PARTY --reason TEXT | add-bearer NAME --did DID --url URL "
	"--token-file FILE",
	"The parties this node knows.", party_options, countof(party_options), run_party};
