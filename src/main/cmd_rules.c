/* shugu rules: the compliance rules; needs no node. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "base/limits.h"
#include "main/command.h"
#include "rules/check.h"
#include "rules/shipped.h"

static const struct option_row options[] = {
	{"set", OPTION_TEXT,
		"DIR   the rules of a directory instead of those that the program was built with"},
};

static err read_file(struct ctx *c, const char *dir, const char *name, struct rule_file *ret)
{
	struct str path;
	TRY(arena_fmt(c, &path, "%s/%s", dir, name));
	ret->name = arena_z(c->arena, str_z(name));
	ENSURE(ret->name != NULL, c, ERR_MEMORY, "no memory for a name");
	return file_read(c, path.p, LIMIT_RULE_FILE, &ret->text);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct rule_file *)a)->name, ((const struct rule_file *)b)->name);
}

/* The *.json files of a directory. */
static err read_directory(struct ctx *c, const char *dir, struct rule_set *ret)
{
	struct rule_file files[LIMIT_RULE_FILES];
	size_t n = 0;
	cleanup(dir_closep) DIR *d = opendir(dir);
	ENSURE(d != NULL, c, ERR_NOT_FOUND, "%s is no directory that can be read", dir);
	for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		if (e->d_name[0] == '.' || !str_ends(str_z(e->d_name), STR(".json")))
			continue;
		ENSURE(n < countof(files), c, ERR_TOO_LARGE, "%s: a set has at most %u files", dir,
			LIMIT_RULE_FILES);
		TRY(read_file(c, dir, e->d_name, &files[n++]));
	}
	qsort(files, n, sizeof *files, by_name);
	return rule_set_read(c, files, n, ret);
}

static err test(struct ctx *c, const struct options *o, const struct rule_set *s)
{
	struct example_count n = {0};
	struct json *failures, *out = json_object(c);
	ENSURE(o->n == 1, c, ERR_USAGE, "rules test takes no argument");
	TRY(rule_set_test(c, s, &n, &failures));
	json_set_num(c, &out, "rules", (int64_t)n.rules);
	json_set_num(c, &out, "examples", (int64_t)n.examples);
	json_set_num(c, &out, "failed", (int64_t)n.failed);
	for (const struct json *j = failures->first; !o->json && j != NULL; j = j->next) {
		struct str id = json_text(json_get(j, "rule")),
			   lacks = json_text(json_get(j, "lacks"));
		int64_t at = 0;
		(void)json_int(json_get(j, "at"), &at);
		if (lacks.n > 0)
			printf("%.*s: no example that is %.*s\n", FMT(id), FMT(lacks));
		else
			printf("%.*s: example %lld should be %.*s, and is %.*s\n", FMT(id),
				(long long)at, FMT(json_text(json_get(j, "want"))),
				FMT(json_text(json_get(j, "got"))));
	}
	json_set(&out, "failures", failures);
	if (o->json)
		TRY(command_print(c, out));
	else
		printf("%zu rules, %zu examples: %zu passed, %zu failed\n", n.rules, n.examples,
			n.examples > n.failed ? n.examples - n.failed : 0, n.failed);
	return n.failed == 0 ? OK : ERR_VERDICT;
}

static err list(struct ctx *c, const struct options *o, const struct rule_set *s)
{
	struct json *all = json_array(c);
	ENSURE(o->n == 1, c, ERR_USAGE, "rules list takes no argument");
	for (size_t i = 0; i < s->rules_n; i++) {
		const struct rule *r = &s->rules[i];
		if (!o->json)
			printf("%-7.*s %-6s %s %.*s\n", FMT(r->id), severities[r->severity],
				r->verified ? " " : "?", FMT(json_text(json_get(r->title, "zh"))));
		json_push(&all, json_copy_without(c, r->at, "examples"));
	}
	return o->json ? command_print(c, all) : OK;
}

static err show(struct ctx *c, const struct options *o, const struct rule_set *s)
{
	struct str text;
	ENSURE(o->n == 2, c, ERR_USAGE, "rules show needs an ID");
	const struct rule *r = rule_find(s, str_z(o->arguments[1]));
	ENSURE(r != NULL, c, ERR_NOT_FOUND, "there is no rule %s: see `shugu rules list`",
		o->arguments[1]);
	TRY(json_write(c, r->at, true, LIMIT_RULE_FILE, &text));
	printf("%.*s\n", FMT(text));
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	static const struct {
		const char *name;
		err (*run)(struct ctx *, const struct options *, const struct rule_set *);
	} all[] = {{"list", list}, {"show", show}, {"test", test}};
	struct rule_set s;
	ENSURE(o->n >= 1, c, ERR_USAGE, "rules needs list, show ID or test");
	const char *dir = option(o, "set");
	TRY(dir != NULL ? read_directory(c, dir, &s) : rules_shipped_set(c, &s));
	for (size_t i = 0; i < countof(all); i++) {
		if (str_is(str_z(o->arguments[0]), all[i].name))
			return all[i].run(c, o, &s);
	}
	return fail(c, ERR_USAGE, "rules knows list, show and test, not %s", o->arguments[0]);
}

const struct command cmd_rules = {"rules", "list | show ID | test [--set DIR]",
	"The compliance rules: what they ask, on what they rest, and their own examples.", options,
	countof(options), run};
