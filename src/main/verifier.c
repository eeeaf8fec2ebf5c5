/* shugu-verify: says of invoice files what they prove. Reads files, writes standard output; no network, no keys, no
 * configuration. Linked to libcrypto and libc alone, so that an expert can read all of it. */
#include <stdio.h>

#include "main/verify_run.h"

static const char usage[] =
	"Usage: shugu-verify [--json] [--lang zh|en] [--require LABEL] [--trust FILE]\n"
	"                    [--object FILE] FILE...\n"
	"Says what data invoice files prove. LABEL: claimed, delivered, accepted, recorded.\n"
	"--trust: whose keys you know, lines `did key` and `log vkey`. --object: the data "
	"delivered.\n"
	"Exit 0 yes, 1 no, 2 wrong usage, 3 fault. No network is used and nothing is written.\n";

/* Takes the value of the option at *i, which moves to it. */
static bool value_read(int argc, char **argv, int *i, struct verify_options *o)
{
	struct str name = str_z(argv[*i]);
	if (++*i >= argc)
		return false;
	if (str_is(name, "--trust"))
		o->trust = argv[*i];
	else if (str_is(name, "--object"))
		o->object = argv[*i];
	else if (str_is(name, "--lang"))
		return verify_language(str_z(argv[*i]), &o->language);
	else
		o->required = str_is(name, "--require");
	return o->trust == argv[*i] || o->object == argv[*i] ||
	       (o->required && label_parse(str_z(argv[*i]), &o->require));
}

/* Where the files begin, or -1; 0: help is asked for. */
static int options_read(int argc, char **argv, struct verify_options *o)
{
	int i = 1;
	for (; i < argc && str_starts(str_z(argv[i]), STR("-")); i++) {
		struct str name = str_z(argv[i]);
		if (str_is(name, "--"))
			return i + 1;
		if (str_is(name, "--help"))
			return 0;
		if (str_is(name, "--json"))
			o->json = true;
		else if (!value_read(argc, argv, &i, o))
			return -1;
	}
	return i;
}

int main(int argc, char **argv)
{
	struct verify_options o = {.program = "shugu-verify", .language = VERDICT_EN};
	int first = options_read(argc, argv, &o);
	if (first == 0)
		return fputs(usage, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_YES : EXIT_FAULT;
	if (first < 0 || first >= argc) {
		(void)fputs(usage, stderr);
		return EXIT_USAGE;
	}
	return verify_run(&o, argc - first, argv + first);
}
