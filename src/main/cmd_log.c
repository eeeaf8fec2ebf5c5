/* shugu log: the log's key, its head, a proof, a full check. Reads only, beside a running node as well. */
#include <stdio.h>
#include <string.h>

#include "act/audit.h"
#include "chain/tlogproof.h"
#include "main/command.h"

/* A text as it is, or as the one member of a JSON object. */
static const struct option_row options[] = {
	{"tlog-proof", OPTION_FLAG, "  prove: as a C2SP tlog-proof file instead of E"},
};

static err print_text(struct ctx *c, const struct options *o, const char *member, const char *end,
	struct str text)
{
	struct json *j = json_object(c);
	if (!o->json) {
		printf("%.*s%s", FMT(text), end);
		return OK;
	}
	json_set_str(c, &j, member, text);
	return command_print(c, j);
}

static err print_vkey(struct ctx *c, const struct options *o, struct node *n)
{
	return print_text(c, o, "vkey", "\n", n->self.vkey);
}

static err print_head(struct ctx *c, const struct options *o, struct node *n)
{
	struct str note;
	TRY(commit_head(c, acts_log(n->acts), &note));
	return print_text(c, o, "head", "", note);
}

/* The same as a file NAME.tlog-proof (C2SP tlog-proof), for programs that know our log and not our E. */
static err print_tlog_proof(struct ctx *c, const struct json *shown)
{
	struct evidence e;
	struct tlogproof p = {.index = 0};
	struct str text;
	TRY(evidence_read(c, shown, &e));
	ENSURE(e.path_n <= countof(p.path.path), c, ERR_CORRUPT, "the path is too long");
	p.index = e.index;
	p.path.n = e.path_n;
	memcpy(p.path.path, e.path, e.path_n * sizeof *e.path);
	p.checkpoint = e.head;
	TRY(tlogproof_text(c, &p, &text));
	printf("%.*s", FMT(text));
	return OK;
}

static err print_proof(struct ctx *c, const struct options *o, struct node *n)
{
	uint64_t index;
	struct json *e;
	ENSURE(o->n == 2 && str_u64(str_z(o->arguments[1]), &index), c, ERR_USAGE,
		"log prove needs one INDEX");
	TRY(acts_evidence(c, n->acts, index, &e));
	return option_set(o, "tlog-proof") ? print_tlog_proof(c, e) : command_print(c, e);
}

static err print_audit(struct ctx *c, const struct options *o, struct node *n)
{
	uint64_t size = 0;
	TRY(audit_log(c, n->db, &n->log, &size));
	if (o->json) {
		struct json *j = json_object(c);
		json_set_num(c, &j, "entries", (int64_t)size);
		return command_print(c, j);
	}
	printf("%llu entries hash to their heads, every stored signature verifies\n",
		(unsigned long long)size);
	return OK;
}

static const struct {
	const char *name;
	int arguments;
	err (*run)(struct ctx *c, const struct options *o, struct node *n);
} whats[] = {
	{"vkey", 1, print_vkey},
	{"head", 1, print_head},
	{"prove", 2, print_proof},
	{"audit", 1, print_audit},
};

static err run(struct ctx *c, const struct options *o)
{
	struct node *n;
	size_t i = 0;
	ENSURE(o->n >= 1, c, ERR_USAGE, "log needs vkey, head, prove INDEX or audit");
	while (i < countof(whats) && !str_is(str_z(o->arguments[0]), whats[i].name))
		i++;
	ENSURE(i < countof(whats) && o->n == whats[i].arguments, c, ERR_USAGE,
		"log knows vkey, head, prove INDEX and audit");
	TRY(node_open_readonly(c, &env_system, o->data, &n));
	return whats[i].run(c, o, n);
}

const struct command cmd_log = {"log", "vkey | head | prove INDEX [--tlog-proof] | audit",
	"The log's key, its signed head, the proof of an act, a check of everything.", options,
	countof(options), run};
