/* shugu person: who may sign in to this node, and as what. */
#include <stdio.h>

#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"

static const struct option_row options[] = {
	LISTING_CSV,
	{"role", OPTION_TEXT, "ROLE   owner, operator, reviewer, finance or auditor"},
};

static void print_person(const struct json *p)
{
	printf("%.*s  %-8.*s  %-7.*s  %.*s\n", FMT(json_text(json_get(p, "id"))),
		FMT(json_text(json_get(p, "role"))), FMT(json_text(json_get(p, "status"))),
		FMT(json_text(json_get(p, "name"))));
}

/* The link goes to standard output alone on its line, so that it can be piped. */
static void print_link(const struct json *p)
{
	print_person(p);
	printf("sign in, once, until %.*s:\n%.*s\n", FMT(json_text(json_get(p, "expires"))),
		FMT(json_text(json_get(p, "link"))));
}

/* POST to the person of the second argument; body may be NULL. */
static err post(struct ctx *c, const struct options *o, const char *verb, const struct json *body,
	const struct json **ret)
{
	struct control *k;
	struct str target, segment;
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/people/%.*s/%s", FMT(segment), verb));
	TRY(control_open(c, o->data, &k));
	return control_call(c, k, "POST", target, body, ret);
}

static err add(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	ENSURE(o->n == 2 && option_set(o, "role"), c, ERR_USAGE,
		"person add needs a NAME and --role ROLE");
	json_set_str(c, &body, "name", str_z(o->arguments[1]));
	json_set_str(c, &body, "role", str_z(option(o, "role")));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", STR("/api/v1/people"), body, &answer));
	if (o->json)
		return command_print(c, answer);
	print_link(answer);
	return OK;
}

static err link_again(struct ctx *c, const struct options *o)
{
	const struct json *answer = NULL;
	ENSURE(o->n == 2, c, ERR_USAGE, "person link needs a PERSON: name or id");
	TRY(post(c, o, "link", NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	print_link(answer);
	return OK;
}

static err set_role(struct ctx *c, const struct options *o)
{
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	ENSURE(o->n == 2 && option_set(o, "role"), c, ERR_USAGE,
		"person role needs a PERSON and --role ROLE");
	json_set_str(c, &body, "role", str_z(option(o, "role")));
	TRY(post(c, o, "role", body, &answer));
	if (o->json)
		return command_print(c, answer);
	print_person(answer);
	return OK;
}

static err take_away(struct ctx *c, const struct options *o)
{
	const struct json *answer = NULL;
	ENSURE(o->n == 2, c, ERR_USAGE, "person remove needs a PERSON: name or id");
	TRY(post(c, o, "remove", NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	print_person(answer);
	return OK;
}

static err forget(struct ctx *c, const struct options *o)
{
	const struct json *answer = NULL;
	ENSURE(o->n == 2, c, ERR_USAGE, "person forget needs a PERSON who was removed: the id");
	TRY(post(c, o, "forget", NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	print_person(answer);
	const struct json *cut = json_get(answer, "overwritten");
	printf(cut != NULL && cut->type == JSON_TRUE
			? "the name is in no file of this node any more; backups keep it as long "
			  "as "
			  "they are kept\n"
			: "something reads the database, so the write-ahead log still holds the "
			  "name: do this once more\n");
	return OK;
}

static const char *const heads[] = {"ID", "ROLE", "STATUS", "NAME"};

static err person_row(struct ctx *c, struct table *t, const struct json *p, void *arg)
{
	(void)arg;
	const struct str cells[countof(heads)] = {json_text(json_get(p, "id")),
		json_text(json_get(p, "role")), json_text(json_get(p, "status")),
		json_text(json_get(p, "name"))};
	return table_row(c, t, cells);
}

static const struct listing people = {.path = "/api/v1/people",
	.member = "people",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "Nobody yet: shugu person add NAME --role owner",
	.row = person_row};

static err list(struct ctx *c, const struct options *o)
{
	struct control *k;
	ENSURE(o->n == 1, c, ERR_USAGE, "person list takes no argument");
	TRY(control_open(c, o->data, &k));
	return o->json ? listing_json(c, k, &people, people.member)
		       : listing_print(c, k, &people, o);
}

static err run(struct ctx *c, const struct options *o)
{
	static const struct {
		const char *verb;
		err (*run)(struct ctx *c, const struct options *o);
	} verbs[] = {{"add", add}, {"list", list}, {"link", link_again}, {"role", set_role},
		{"remove", take_away}, {"forget", forget}};
	for (size_t i = 0; i < countof(verbs) && o->n > 0; i++) {
		if (str_is(str_z(o->arguments[0]), verbs[i].verb))
			return verbs[i].run(c, o);
	}
	return fail(c, ERR_USAGE, "person needs add, list, link, role, remove or forget");
}

const struct command cmd_person = {"person",
	"add NAME --role ROLE | list | link PERSON | role PERSON --role ROLE | remove PERSON | "
	"forget PERSON",
	"Who may sign in, and links to do so.", options, countof(options), run};
