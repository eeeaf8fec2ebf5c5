/* shugu-verify: says of invoice files what they prove. Reads files, writes standard output; no network, no keys, no
 * configuration. Linked to libcrypto and libc alone, so that an expert can read all of it. */
#include <stdio.h>

#include "base/env.h"
#include "base/limits.h"
#include "proof/verdict.h"

enum { EXIT_YES, EXIT_NO, EXIT_USAGE, EXIT_FAULT };

struct options {
	enum verdict_language language;
	enum label require;
	bool json, required, help;
};

static const char usage[] =
	"Usage: shugu-verify [--json] [--lang zh|en] [--require LABEL] FILE...\n"
	"Says what data invoice files prove. LABEL: claimed, delivered, accepted, recorded.\n"
	"Exit 0 yes, 1 no, 2 wrong usage, 3 fault. No network is used and nothing is written.\n";

/* Takes the value of the option at *i, which moves to it. */
static bool value_read(int argc, char **argv, int *i, struct options *o)
{
	struct str name = str_z(argv[*i]);
	if (++*i >= argc)
		return false;
	struct str value = str_z(argv[*i]);
	if (str_is(name, "--require")) {
		o->required = true;
		return label_parse(value, &o->require);
	}
	if (!str_is(name, "--lang"))
		return false;
	o->language = str_is(value, "zh") ? VERDICT_ZH : VERDICT_EN;
	return str_is(value, "zh") || str_is(value, "en");
}

/* Where the files begin, or -1. */
static int options_read(int argc, char **argv, struct options *o)
{
	int i = 1;
	for (; i < argc && str_starts(str_z(argv[i]), STR("-")); i++) {
		struct str name = str_z(argv[i]);
		if (str_is(name, "--"))
			return i + 1;
		if (str_is(name, "--help"))
			o->help = true;
		else if (str_is(name, "--json"))
			o->json = true;
		else if (!value_read(argc, argv, &i, o))
			return -1;
	}
	return i;
}

static int fault(struct ctx *c, const char *path)
{
	(void)fprintf(stderr, "shugu-verify: %s: %s\n", path, c->trouble.detail);
	return EXIT_FAULT;
}

static err print(struct ctx *c, const struct options *o, const struct invoice_file *f)
{
	struct str text;
	if (o->json)
		TRY(verdict_json(c, f, &text));
	else
		TRY(verdict_text(c, f, o->language, &text));
	bool unmet = o->required && f->check == CHECK_NONE && !invoice_meets(f, o->require);
	bool put = printf("%.*s%s", FMT(text), o->json ? "\n" : "") >= 0;
	if (unmet && !o->json)
		put = printf("  %s: %s\n", verdict_say(o->language, SAY_UNMET),
			      verdict_say(o->language,
				      SAY_CLAIMED + (enum verdict_message)o->require)) >= 0 &&
		      put;
	ENSURE(put, c, ERR_IO, "standard output cannot be written");
	return OK;
}

static int verify_file(const struct options *o, const char *path)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct invoice_file f = {.check = CHECK_FILE};
	struct str text;
	if (a == NULL) {
		(void)fail(&c, ERR_MEMORY, "out of memory");
		return fault(&c, path);
	}
	err e = file_read(&c, path, LIMIT_INVOICE_FILE, &text);
	if (e != OK && e != ERR_TOO_LARGE)
		return fault(&c, path);
	if (e == OK)
		e = invoice_verify(&c, text, &f);
	if (e != OK && err_is_fault(e))
		return fault(&c, path);
	if (print(&c, o, &f) != OK)
		return fault(&c, path);
	return e == OK && (!o->required || invoice_meets(&f, o->require)) ? EXIT_YES : EXIT_NO;
}

int main(int argc, char **argv)
{
	struct options o = {.language = VERDICT_EN};
	int first = options_read(argc, argv, &o);
	if (first >= 0 && o.help) {
		int put = fputs(usage, stdout);
		return put >= 0 && fflush(stdout) == 0 ? EXIT_YES : EXIT_FAULT;
	}
	if (first < 0 || first >= argc) {
		(void)fputs(usage, stderr);
		return EXIT_USAGE;
	}
	int worst = EXIT_YES;
	for (int i = first; i < argc; i++) {
		int is = verify_file(&o, argv[i]);
		worst = is > worst ? is : worst;
	}
	return fflush(stdout) == 0 ? worst : EXIT_FAULT;
}
