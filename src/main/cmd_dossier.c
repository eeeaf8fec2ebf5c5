/* shugu dossier: what is said of a product, as a spreadsheet, and the evidence for it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"
#include "main/dossier_out.h"
#include "main/listing.h"
#include "product/dossier_sheet.h"
#include "store/blobs.h"

static const struct option_row rows[] = {
	{"xlsx", OPTION_TEXT, "FILE   with export: the spreadsheet to write"},
	{"output", OPTION_TEXT,
		"FILE   with export: NAME.dossier.json, with its evidence and data beside it, for "
		"`shugu rules check` (-o)"},
	{"no-data", OPTION_FLAG, "   with export -o: without a copy of the data"},
	{"kind", OPTION_TEXT,
		"KIND   with attach: what the file is (shugu dossier kinds lists them)"},
	{"title", OPTION_TEXT, "TEXT   with attach: what it is called (default: the file's name)"},
	{"claim", OPTION_LINES,
		"NAME=VALUE   with attach, as often as needed: what the file says, where it has no "
		"words that can be read"},
	{"reason", OPTION_TEXT, "TEXT   with detach: why"},
	LISTING_CSV,
};

static err product_of(struct ctx *c, const struct options *o, struct control *k,
	struct str *ret_target, const struct json **ret)
{
	struct str segment;
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, ret_target, "/api/v1/products/%.*s", FMT(segment)));
	return control_call(c, k, "GET", *ret_target, NULL, ret);
}

static void print_completeness(const struct json *product)
{
	const struct json *o = json_get(product, "completeness"), *missing = json_get(o, "missing");
	int64_t filled = 0, total = 0;
	(void)json_int(json_get(o, "filled"), &filled);
	(void)json_int(json_get(o, "total"), &total);
	printf("%lld of %lld required fields are filled", (long long)filled, (long long)total);
	const char *between = "; missing: ";
	for (const struct json *x = missing == NULL ? NULL : missing->first; x != NULL;
		x = x->next) {
		printf("%s%.*s", between, FMT(json_text(x)));
		between = ", ";
	}
	printf("\n");
}

static err export_file(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target;
	const struct json *product, *dossier;
	const char *path = option(o, "output");
	ENSURE(!option_set(o, "xlsx"), c, ERR_USAGE, "give either --xlsx or -o");
	TRY(product_of(c, o, k, &target, &product));
	TRY(dossier_out(c, o, k, product, path, !option_set(o, "no-data"), &dossier));
	if (o->json)
		return command_print(c, dossier);
	printf("%s: %zu items of evidence%s; check it with: shugu rules check %s\n", path,
		json_get(dossier, "evidence")->n,
		json_get(dossier, "data") != NULL ? " and the data" : "", path);
	return OK;
}

static err run_export(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target, bytes;
	const struct json *product;
	if (option_set(o, "output"))
		return export_file(c, o, k);
	ENSURE(option_set(o, "xlsx"), c, ERR_USAGE,
		"dossier export needs a PRODUCT and --xlsx FILE or -o NAME.dossier.json");
	TRY(product_of(c, o, k, &target, &product));
	TRY(dossier_sheet_write(c, json_get(product, "dossier"), &bytes));
	TRY(file_write(c, &env_system, option(o, "xlsx"), bytes, 0644));
	if (o->json)
		return command_print(c, json_get(product, "completeness"));
	printf("%s: fill in column C, then: shugu dossier import %s %s\n", option(o, "xlsx"),
		o->arguments[1], option(o, "xlsx"));
	print_completeness(product);
	return OK;
}

static err run_import(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target, changes;
	const struct json *product, *answer = NULL;
	struct json *body = json_object(c), *dossier;
	struct source sheet;
	ENSURE(o->n == 3, c, ERR_USAGE, "dossier import needs a PRODUCT and a FILE");
	cleanup(fd_closep) int fd = open(o->arguments[2], O_RDONLY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s cannot be read", o->arguments[2]);
	TRY(source_of_file(c, fd, &sheet));
	TRY(product_of(c, o, k, &target, &product));
	TRY(dossier_sheet_read(c, &sheet, json_get(product, "dossier"), &dossier));
	json_set(&body, "dossier", dossier);
	TRY(arena_fmt(c, &changes, "%.*s/dossier", FMT(target)));
	TRY(control_call(c, k, "POST", changes, body, &answer));
	if (o->json)
		return command_print(c, answer);
	int64_t revision = 0;
	(void)json_int(json_get(answer, "revision"), &revision);
	printf("%.*s revision %lld\n", FMT(json_text(json_get(answer, "name"))),
		(long long)revision);
	print_completeness(answer);
	return OK;
}

/* --claim NAME=VALUE, one a line. */
static err set_claims(struct ctx *c, const struct options *o, struct json **body)
{
	struct json *claims = json_object(c);
	struct str rest = str_z(option(o, "claim")), line, name, value;
	while (rest.n > 0) {
		if (!str_cut(rest, '\n', &line, &rest)) {
			line = rest;
			rest = (struct str){"", 0};
		}
		ENSURE(str_cut(line, '=', &name, &value) && name.n > 0, c, ERR_USAGE,
			"--claim is NAME=VALUE, not %.*s", FMT(line));
		ENSURE(json_get(claims, arena_z(c->arena, name)) == NULL, c, ERR_USAGE,
			"--claim %.*s is given twice", FMT(name));
		json_set_str(c, &claims, arena_z(c->arena, name), value);
	}
	json_set(body, "claims", claims);
	return OK;
}

static void print_claims(const struct json *x)
{
	const struct json *claims = json_get(x, "claims"), *no = json_get(x, "contradicted"),
			  *is_read = json_get(x, "read");
	const char *between = "claims ";
	for (const struct json *j = claims == NULL ? NULL : claims->first; j != NULL; j = j->next) {
		printf("%s%.*s", between, FMT(j->name));
		between = ", ";
	}
	printf(claims == NULL || claims->n == 0 ? "claims nothing\n" : "\n");
	if (is_read != NULL && is_read->type == JSON_FALSE)
		printf("the file has no words that can be read: what it says is to be stated "
		       "(--claim NAME=VALUE)\n");
	for (const struct json *j = no == NULL ? NULL : no->first; j != NULL; j = j->next)
		printf("the file contradicts what is said of it: %.*s\n",
			FMT(json_text(json_get(j, "claim"))));
}

static err run_attach(struct ctx *c, const struct options *o, struct control *k)
{
	const char *path = o->arguments[2], *slash = strrchr(path, '/'), *blobs;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	struct str segment, target;
	struct blob blob;
	ENSURE(option_set(o, "kind"), c, ERR_USAGE,
		"say what it is: --kind KIND (shugu dossier kinds)");
	json_set_str(c, &body, "kind", str_z(option(o, "kind")));
	json_set_str(c, &body, "file", str_z(slash == NULL ? path : slash + 1));
	if (option_set(o, "title"))
		json_set_str(c, &body, "title", str_z(option(o, "title")));
	if (option_set(o, "claim"))
		TRY(set_claims(c, o, &body));
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
	TRY(node_path(c, o->data, "blobs", &blobs));
	TRY(blob_take(c, &env_system, blobs, fd, NULL, NULL, &blob));
	json_set_hex(c, &body, "root", blob.root.b, HASH_BYTES);
	json_set_hex(c, &body, "sha256", blob.sha256.b, HASH_BYTES);
	json_set_num(c, &body, "size", (int64_t)blob.size);
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/products/%.*s/evidence", FMT(segment)));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("attached %s as %.*s\n", path, FMT(json_text(json_get(answer, "id"))));
	print_claims(answer);
	return OK;
}

static const char *const evidence_heads[] = {
	"ITEM", "KIND", "TITLE", "FROM", "TO", "ISSUER", "NUMBER", "SINCE"};

static err evidence_row(struct ctx *c, struct table *t, const struct json *x, void *arg)
{
	const struct json *claims = json_get(x, "claims");
	struct str cells[countof(evidence_heads)] = {json_text(json_get(x, "id")),
		json_text(json_get(x, "kind")), json_text(json_get(x, "title")),
		json_text(json_get(claims, "from")), json_text(json_get(claims, "to")),
		json_text(json_get(claims, "issuer")), json_text(json_get(claims, "number")),
		table_time(json_text(json_get(x, "at")))};
	(void)arg;
	if (json_get(x, "reason") != NULL)
		TRY(arena_fmt(
			c, &cells[7], "taken back: %.*s", FMT(json_text(json_get(x, "reason")))));
	return table_row(c, t, cells);
}

static err run_evidence(struct ctx *c, const struct options *o, struct control *k)
{
	struct str segment, target;
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/products/%.*s/evidence", FMT(segment)));
	const struct listing l = {.path = arena_z(c->arena, target),
		.member = "evidence",
		.heads = evidence_heads,
		.heads_n = countof(evidence_heads),
		.empty = "There is no evidence: shugu dossier attach PRODUCT FILE --kind KIND.",
		.row = evidence_row};
	ENSURE(l.path != NULL, c, ERR_MEMORY, "no memory");
	return o->json ? listing_json(c, k, &l, "evidence") : listing_print(c, k, &l, o);
}

static err run_detach(struct ctx *c, const struct options *o, struct control *k)
{
	struct str segment, target;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	ENSURE(option_set(o, "reason"), c, ERR_USAGE, "dossier detach needs --reason TEXT");
	json_set_str(c, &body, "reason", str_z(option(o, "reason")));
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/exhibits/%.*s/end", FMT(segment)));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%s no longer counts; it stays known\n", o->arguments[1]);
	return OK;
}

static err run_kinds(struct ctx *c, const struct options *o, struct control *k)
{
	const struct json *answer = NULL;
	TRY(control_call(c, k, "GET", STR("/api/v1/evidence-kinds"), NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	const struct json *all = json_get(answer, "kinds");
	for (const struct json *j = all == NULL ? NULL : all->first; j != NULL; j = j->next)
		printf("%-24.*s %.*s (%.*s)\n", FMT(json_text(json_get(j, "name"))),
			FMT(json_text(json_get(j, "zh"))), FMT(json_text(json_get(j, "en"))));
	return OK;
}

static const struct {
	const char *name;
	int n; /* arguments, with the name */
	err (*run)(struct ctx *c, const struct options *o, struct control *k);
} verbs[] = {{"attach", 3, run_attach}, {"detach", 2, run_detach}, {"evidence", 2, run_evidence},
	{"export", 2, run_export}, {"import", 3, run_import}, {"kinds", 1, run_kinds}};

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	for (size_t i = 0; o->n > 0 && i < countof(verbs); i++) {
		if (strcmp(o->arguments[0], verbs[i].name) != 0)
			continue;
		ENSURE(o->n == verbs[i].n, c, ERR_USAGE, "dossier %s: see --help", verbs[i].name);
		TRY(control_open(c, o->data, &k));
		return verbs[i].run(c, o, k);
	}
	return fail(c, ERR_USAGE,
		"dossier is followed by attach, detach, evidence, export, import or kinds");
}

const struct command cmd_dossier = {"dossier",
	"export PRODUCT --xlsx FILE | export PRODUCT -o NAME.dossier.json [--no-data] | import "
	"PRODUCT FILE | attach PRODUCT FILE --kind KIND "
	"[--title TEXT] [--claim NAME=VALUE]... | evidence PRODUCT | detach ITEM --reason TEXT | "
	"kinds",
	"What is said of a product, filled in as a spreadsheet, and the evidence for it.", rows,
	countof(rows), run};
