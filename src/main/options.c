#include "main/options.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static size_t row_of(const struct options *o, struct str name)
{
	size_t i = 0;
	while (i < o->rows_n && !str_is(name, o->rows[i].name))
		i++;
	return i;
}

/* Options of every command. */
static bool common(struct options *o, struct str name, const char *value)
{
	if (str_is(name, "json"))
		o->json = true;
	else if (str_is(name, "help"))
		o->help = true;
	else if (str_is(name, "data") && value != NULL)
		o->data = value;
	else if (str_is(name, "at") && value != NULL)
		o->at = value;
	else
		return false;
	return true;
}

/* One word that begins with --; ret_used is how many words of argv it took. */
static err take_option(struct ctx *c, struct options *o, char **argv, int left, int *ret_used)
{
	struct str name = str_z(argv[0] + 2), rest = {0};
	bool inline_value = str_cut(name, '=', &name, &rest);
	const char *value = left > 1 ? argv[1] : NULL;
	if (inline_value)
		value = rest.p != NULL ? rest.p : "";
	size_t row = row_of(o, name);
	bool flag = row < o->rows_n ? o->rows[row].kind == OPTION_FLAG
				    : !str_is(name, "data") && !str_is(name, "at");
	ENSURE(!flag || !inline_value, c, ERR_USAGE, "--%.*s takes no value", FMT(name));
	*ret_used = flag || inline_value ? 1 : 2;
	if (row == o->rows_n) {
		ENSURE(common(o, name, value), c, ERR_USAGE,
			"--%.*s is no option of this command, or lacks its value", FMT(name));
		return OK;
	}
	ENSURE(flag || value != NULL, c, ERR_USAGE, "--%.*s lacks its value", FMT(name));
	const char *before = o->rows[row].kind == OPTION_LINES ? o->values[row] : NULL;
	o->values[row] = flag ? "" : value;
	if (before == NULL)
		return OK;
	struct str lines;
	TRY(arena_fmt(c, &lines, "%s\n%s", before, value));
	o->values[row] = lines.p;
	return OK;
}

err options_read(struct ctx *c, int argc, char **argv, const struct option_row *rows, size_t rows_n,
	struct options *ret)
{
	const char *from_environment = getenv("SHUGU_DATA");
	struct options o = {.rows = rows, .rows_n = rows_n};
	bool ended = false;
	assert(rows_n <= OPTIONS_MAX);
	o.data = from_environment != NULL ? from_environment : "node";
	o.arguments = argv + 1;
	for (int i = 1, used = 1; i < argc; i += used) {
		used = 1;
		if (!ended && strcmp(argv[i], "--") == 0) {
			ended = true;
		} else if (!ended && strcmp(argv[i], "-h") == 0) {
			o.help = true;
		} else if (!ended && strcmp(argv[i], "-o") == 0 &&
			   row_of(&o, STR("output")) < rows_n) {
			ENSURE(i + 1 < argc, c, ERR_USAGE, "-o lacks its value");
			o.values[row_of(&o, STR("output"))] = argv[i + 1];
			used = 2;
		} else if (!ended && strncmp(argv[i], "--", 2) == 0) {
			TRY(take_option(c, &o, argv + i, argc - i, &used));
		} else {
			ENSURE(ended || argv[i][0] != '-' || argv[i][1] == '\0', c, ERR_USAGE,
				"%s is no option", argv[i]);
			o.arguments[o.n++] = argv[i];
		}
	}
	*ret = o;
	return OK;
}

bool options_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--json") == 0)
			return true;
	}
	return false;
}

const char *option(const struct options *o, const char *name)
{
	size_t row = row_of(o, str_z(name));
	assert(row < o->rows_n);
	return o->values[row];
}

bool option_set(const struct options *o, const char *name)
{
	return option(o, name) != NULL;
}

err option_number(
	struct ctx *c, const struct options *o, const char *name, int64_t max, int64_t *ret)
{
	const char *text = option(o, name);
	int64_t n = 0;
	if (text == NULL)
		return OK;
	ENSURE(str_i64(str_z(text), &n) && n >= 0 && n <= max, c, ERR_USAGE,
		"--%s must be a whole number of at most %lld", name, (long long)max);
	*ret = n;
	return OK;
}
