/* The command line. One row a command; what it prints goes to standard output, refusals to standard error.
 * Exit 0 yes, 1 no, 2 wrong usage, 3 fault. */
#include <stdio.h>
#include <string.h>

#include "codec/uuid.h"
#include "main/node.h"

static const struct env *const env = &env_system;

static err print_json(struct ctx *c, const struct json *j)
{
	struct str text;
	TRY(json_canonical(c, j, LIMIT_DOCUMENT, &text));
	printf("%.*s\n", FMT(text));
	return OK;
}

static err do_init(struct ctx *c, const struct options *o)
{
	struct node *n;
	struct str vkey;
	TRY(node_create(c, env, o));
	TRY(node_open(c, env, o->data, &n));
	TRY(note_key_text(c, &n->log, &vkey));
	printf("A node for %.*s in %s\nlog key: %.*s\n", FMT(n->name), o->data, FMT(vkey));
	return OK;
}

/* SHA-256 of a file of any size, in constant memory. */
static err digest_file(struct ctx *c, const char *path, struct hash *ret)
{
	struct hash_stream *s;
	char *bytes;
	size_t got;
	FILE *f = fopen(path, "rb");
	ENSURE(f != NULL, c, ERR_NOT_FOUND, "%s cannot be read", path);
	err e = hash_open(c, &s);
	bytes = arena_alloc(c->arena, 65536);
	while (e == OK && bytes != NULL && (got = fread(bytes, 1, 65536, f)) > 0)
		hash_update(s, bytes, got);
	bool whole = ferror(f) == 0 && bytes != NULL;
	(void)fclose(f);
	TRY(e);
	ENSURE(whole, c, ERR_IO, "%s could not be read to its end", path);
	*ret = hash_finish(s);
	return OK;
}

static err anchor(struct ctx *c, struct node *n, const struct hash *h, uint64_t *ret_index)
{
	struct json *body = json_object(c);
	struct str subject, digest;
	struct buf b;
	TRY(uuid_new_urn(c, env, &subject));
	buf_init(&b, c->arena, 80);
	buf_z(&b, "sha256:");
	buf_hex(&b, h->b, HASH_BYTES);
	TRY(buf_done(c, &b, &digest));
	json_set_str(c, &body, "digest", digest);
	const struct act a = {STR("evidence.anchor"), STR("node"), subject, body, NULL};
	TRY(commit_begin(c, n->commit));
	TRY(commit_append(c, n->commit, &a, ret_index));
	return commit_end(c, n->commit);
}

static err do_evidence(struct ctx *c, const struct options *o)
{
	struct node *n;
	struct hash h;
	struct json *e;
	uint64_t index;
	ENSURE(o->n == 1, c, ERR_USAGE, "evidence needs one FILE");
	TRY(digest_file(c, o->arguments[0], &h));
	TRY(node_open(c, env, o->data, &n));
	TRY(anchor(c, n, &h, &index));
	TRY(commit_evidence(c, n->commit, index, &e));
	return print_json(c, e);
}

static err log_prove(struct ctx *c, const struct options *o, struct node *n)
{
	uint64_t index;
	struct json *e;
	ENSURE(o->n == 2 && str_u64(str_z(o->arguments[1]), &index), c, ERR_USAGE,
		"log prove needs one INDEX");
	TRY(commit_evidence(c, n->commit, index, &e));
	return print_json(c, e);
}

static err do_log(struct ctx *c, const struct options *o)
{
	struct node *n;
	struct str text;
	uint64_t size;
	ENSURE(o->n >= 1, c, ERR_USAGE, "log needs vkey, head, prove INDEX or audit");
	TRY(node_open(c, env, o->data, &n));
	struct str what = str_z(o->arguments[0]);
	if (str_is(what, "prove"))
		return log_prove(c, o, n);
	if (str_is(what, "vkey")) {
		TRY(note_key_text(c, &n->log, &text));
		printf("%.*s\n", FMT(text));
		return OK;
	}
	if (str_is(what, "head")) {
		TRY(commit_head(c, n->commit, &text));
		printf("%.*s", FMT(text));
		return OK;
	}
	ENSURE(str_is(what, "audit"), c, ERR_USAGE, "log knows vkey, head, prove INDEX and audit");
	TRY(audit_log(c, n->db, &n->log, &size));
	printf("%llu entries hash to their heads, every stored signature verifies\n",
		(unsigned long long)size);
	return OK;
}

static const struct command {
	const char *name, *help;
	err (*run)(struct ctx *c, const struct options *o);
} commands[] = {
	{"init",
		"init --data DIR --name NAME --uscc CODE --url URL [--allow-loopback]   make a "
		"node",
		do_init},
	{"evidence", "evidence FILE   anchor a file's SHA-256 in the log and print its proof",
		do_evidence},
	{"log",
		"log vkey|head|prove INDEX|audit   the log's key, its signed head, a proof, a full "
		"check",
		do_log},
};

static int help(FILE *to, int code)
{
	fprintf(to, "usage: shugu COMMAND [OPTION...]   every command takes --data DIR (default "
		    "$SHUGU_DATA, else ./node)\n");
	for (size_t i = 0; i < countof(commands); i++)
		fprintf(to, "  shugu %s\n", commands[i].help);
	return code;
}

static int exit_code(const struct ctx *c, err e)
{
	if (e == OK)
		return fflush(stdout) == 0 ? 0 : 3;
	const struct err_row *row = err_row(e);
	fprintf(stderr, "shugu: %s: %s\n", row->title, c->trouble.detail);
	if (e == ERR_USAGE)
		return 2;
	return err_is_fault(e) ? 3 : 1;
}

static int run(const struct command *command, int argc, char **argv)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct options o;
	if (a == NULL)
		return 3;
	err e = options_read(&c, argc, argv, &o);
	if (e == OK && o.help) {
		printf("usage: shugu %s\n", command->help);
		return 0;
	}
	return exit_code(&c, e == OK ? command->run(&c, &o) : e);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	for (size_t i = 0; i < countof(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return run(&commands[i], argc - 1, argv + 1);
	}
	bool asked = strcmp(name, "--help") == 0 || strcmp(name, "help") == 0;
	return help(asked ? stdout : stderr, asked ? 0 : 2);
}
