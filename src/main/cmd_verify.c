/* shugu verify FILE...: what shugu-verify says, by the same code. No node is needed. */
#include "main/command.h"
#include "main/verify_run.h"

static const struct option_row rows[] = {
	{"lang", OPTION_TEXT, "zh|en   language of the verdict (default en)"},
	{"require", OPTION_TEXT,
		"LABEL   claimed, delivered, accepted or recorded; less is exit 1"},
	{"trust", OPTION_TEXT, "FILE   whose keys you know: lines `did key` and `log vkey`"},
	{"object", OPTION_TEXT, "FILE   the data that was delivered, to be compared"},
};

static err run(struct ctx *c, const struct options *o)
{
	struct verify_options v = {.program = "shugu",
		.language = VERDICT_EN,
		.trust = option(o, "trust"),
		.object = option(o, "object"),
		.json = o->json,
		.required = option_set(o, "require")};
	ENSURE(o->n > 0, c, ERR_USAGE, "verify needs FILE...");
	ENSURE(!option_set(o, "lang") || verify_language(str_z(option(o, "lang")), &v.language), c,
		ERR_USAGE, "--lang is zh or en");
	ENSURE(!v.required || label_parse(str_z(option(o, "require")), &v.require), c, ERR_USAGE,
		"--require is claimed, delivered, accepted or recorded");
	switch (verify_run(&v, o->n, o->arguments)) {
	case EXIT_YES:
		return OK;
	case EXIT_NO:
		return fail(c, ERR_VERDICT, "not proved, or less than is required");
	case EXIT_USAGE:
		return fail(c, ERR_USAGE, "the list of keys cannot be read");
	default:
		return fail(c, ERR_IO, "a file could not be verified");
	}
}

const struct command cmd_verify = {"verify",
	"[--lang zh|en] [--require LABEL] [--trust FILE] [--object FILE] FILE...",
	"Says what data invoice files prove; no node is needed.", rows, countof(rows), run};
