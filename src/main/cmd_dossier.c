/* shugu dossier export|import: what is said of a product, as a spreadsheet. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/env.h"
#include "main/command.h"
#include "main/control.h"
#include "product/dossier_sheet.h"

static const struct option_row rows[] = {
	{"xlsx", OPTION_TEXT, "FILE   with export: the spreadsheet to write"},
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

static err run_export(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target, bytes;
	const struct json *product;
	ENSURE(o->n == 2 && option_set(o, "xlsx"), c, ERR_USAGE,
		"dossier export needs a PRODUCT and --xlsx FILE");
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

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	const char *verb = o->n > 0 ? o->arguments[0] : "";
	bool exports = strcmp(verb, "export") == 0;
	ENSURE(exports || strcmp(verb, "import") == 0, c, ERR_USAGE,
		"dossier is followed by export or import");
	ENSURE(o->n == (exports ? 2 : 3), c, ERR_USAGE, "dossier %s: see --help", verb);
	TRY(control_open(c, o->data, &k));
	return exports ? run_export(c, o, k) : run_import(c, o, k);
}

const struct command cmd_dossier = {"dossier", "export PRODUCT --xlsx FILE | import PRODUCT FILE",
	"What is said of a product, filled in as a spreadsheet.", rows, countof(rows), run};
