/* shugu init: makes a node. */
#include <stdio.h>

#include "main/command.h"

static const struct option_row options[] = {
	{"name", OPTION_TEXT, "NAME   of the organisation"},
	{"uscc", OPTION_TEXT, "CODE   its unified social credit code (GB 32100)"},
	{"url", OPTION_TEXT,
		"URL    where partners reach this node; it names the party and cannot be changed"},
	{"allow-loopback", OPTION_FLAG,
		"       permits http://localhost:PORT, for demonstrations and tests"},
};

static err run(struct ctx *c, const struct options *o)
{
	struct node *n;
	const struct node_facts facts = {.name = option(o, "name"),
		.uscc = option(o, "uscc"),
		.url = option(o, "url"),
		.allow_loopback = option_set(o, "allow-loopback")};
	ENSURE(o->n == 0, c, ERR_USAGE, "init takes no argument");
	TRY(node_create(c, &env_system, o->data, &facts));
	TRY(node_open(c, &env_system, o->data, &n));
	if (o->json) {
		struct json *j = json_object(c);
		json_set_str(c, &j, "did", n->self.did);
		json_set_str(c, &j, "vkey", n->self.vkey);
		return command_print(c, j);
	}
	printf("A node for %.*s in %s\nparty:   %.*s\nlog key: %.*s\n", FMT(n->self.name), o->data,
		FMT(n->self.did), FMT(n->self.vkey));
	return OK;
}

const struct command cmd_init = {"init",
	"--data DIR --name NAME --uscc CODE --url URL [--allow-loopback]",
	"Makes a node: its directory, its keys, its DID document.", options, countof(options), run};
