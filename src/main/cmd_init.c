/* shugu init: makes a node. */
#include <stdio.h>

#include "act/pass.h"
#include "codec/uuid.h"
#include "main/command.h"

static const struct option_row options[] = {
	{"name", OPTION_TEXT, "NAME   of the organisation"},
	{"uscc", OPTION_TEXT, "CODE   its unified social credit code (GB 32100)"},
	{"url", OPTION_TEXT,
		"URL    where partners reach this node; it names the party and cannot be changed"},
	{"outbound-only", OPTION_FLAG,
		"        nobody can reach this node: it collects what partners have to tell it; "
		"--url is "
		"then a name alone, and one is made where it is absent"},
	{"simulated", OPTION_FLAG,
		"            a node for trying and testing: it takes --at TIME, real nodes take "
		"nothing "
		"of it"},
	{"allow-loopback", OPTION_FLAG,
		"       permits http://localhost:PORT, for demonstrations and tests"},
};

/* Nobody looks this name up (RFC 6761, 6.4), and no two nodes have the same. */
static err make_name(struct ctx *c, const char **ret)
{
	struct str urn, url, prefix = STR("urn:uuid:");
	TRY(uuid_new_urn(c, &env_system, &urn));
	TRY(arena_fmt(c, &url, "https://%.*s.invalid", FMT(str_sub(urn, prefix.n, urn.n))));
	*ret = url.p;
	return OK;
}

/* The mark stands at the end of the address, and so in every name that is made of it. */
static err mark(struct ctx *c, const struct options *o, struct node_facts *f)
{
	struct str url = str_z(f->url), marked;
	bool is_day;
	ENSURE(f->simulated || o->at == NULL, c, ERR_SIMULATED,
		"--at is for simulated nodes: init --simulated makes one");
	f->at_ms = env_now_ms(&env_system);
	if (o->at != NULL)
		TRY(pass_read(c, str_z(o->at), &f->at_ms, &is_day));
	if (!f->simulated || f->url == NULL)
		return OK;
	if (str_ends(url, STR("/")))
		url.n--;
	TRY(arena_fmt(c, &marked, "%.*s/simulated", FMT(url)));
	f->url = marked.p;
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	struct node *n;
	struct node_facts facts = {.name = option(o, "name"),
		.uscc = option(o, "uscc"),
		.url = option(o, "url"),
		.allow_loopback = option_set(o, "allow-loopback"),
		.simulated = option_set(o, "simulated"),
		.outbound = option_set(o, "outbound-only")};
	ENSURE(o->n == 0, c, ERR_USAGE, "init takes no argument");
	if (facts.outbound && facts.url == NULL)
		TRY(make_name(c, &facts.url));
	TRY(mark(c, o, &facts));
	TRY(node_create(c, &env_system, o->data, &facts));
	TRY(node_open_new(c, &env_system, o->data, &n));
	if (o->json) {
		struct json *j = json_object(c);
		json_set_str(c, &j, "did", n->self.did);
		json_set_str(c, &j, "vkey", n->self.vkey);
		return command_print(c, j);
	}
	printf("A %snode for %.*s in %s\nparty:   %.*s\nlog key: %.*s\n",
		facts.simulated ? "SIMULATED " : "", FMT(n->self.name), o->data, FMT(n->self.did),
		FMT(n->self.vkey));
	return OK;
}

const struct command cmd_init = {"init",
	"--data DIR --name NAME --uscc CODE --url URL | --outbound-only [--url URL] "
	"[--allow-loopback] [--simulated [--at TIME]]",
	"Makes a node: its directory, its keys, its DID document.", options, countof(options), run};
