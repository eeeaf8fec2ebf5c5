#include "main/options.h"

#include <getopt.h>
#include <stdlib.h>

static const struct option longs[] = {
	{"data", required_argument, NULL, 'd'},
	{"name", required_argument, NULL, 'n'},
	{"uscc", required_argument, NULL, 'u'},
	{"url", required_argument, NULL, 'a'},
	{"allow-loopback", no_argument, NULL, 'l'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static bool take_option(int which, struct options *o)
{
	switch (which) {
	case 'd':
		o->data = optarg;
		return true;
	case 'n':
		o->name = optarg;
		return true;
	case 'u':
		o->uscc = optarg;
		return true;
	case 'a':
		o->url = optarg;
		return true;
	case 'l':
		o->allow_loopback = true;
		return true;
	case 'h':
		o->help = true;
		return true;
	default:
		return false;
	}
}

err options_read(struct ctx *c, int argc, char **argv, struct options *ret)
{
	const char *from_environment = getenv("SHUGU_DATA");
	struct options o = {.data = from_environment != NULL ? from_environment : "node"};
	int which;
	opterr = 0;
	while ((which = getopt_long(argc, argv, "h", longs, NULL)) != -1)
		ENSURE(take_option(which, &o), c, ERR_USAGE, "%s is no option, or lacks its value",
			argv[optind - 1]);
	o.n = argc - optind;
	o.arguments = argv + optind;
	*ret = o;
	return OK;
}
