/* shugu rules: the compliance rules; needs no node. */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "base/limits.h"
#include "codec/day.h"
#include "govern/dossier_file.h"
#include "main/command.h"
#include "main/control.h"
#include "main/dossier_out.h"
#include "main/paper_out.h"
#include "paper/compliance_sheet.h"
#include "rules/check.h"
#include "rules/shipped.h"

static const struct option_row options[] = {
	{"html", OPTION_TEXT, "FILE   the report of a check as a web page"},
	{"pdf", OPTION_TEXT, "FILE   the same on paper"},
	{"day", OPTION_TEXT, "DATE   as of that day (default: today)"},
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

static const char *language(void)
{
	const char *l = getenv("LANG");
	return l != NULL && strncmp(l, "zh", 2) == 0 ? "zh" : "en";
}

static void say_needs(const struct json *needs, int deep);

static void say_value(const struct json *f, int deep)
{
	const struct json *name =
		json_get(f, "fact") != NULL ? json_get(f, "fact") : json_get(f, "claim");
	const struct json *v = json_get(f, "value");
	struct str text = v == NULL || v->type == JSON_NULL ? STR("not known")
			  : v->type == JSON_TRUE            ? STR("true")
			  : v->type == JSON_FALSE           ? STR("false")
			  : v->type == JSON_ARRAY           ? STR("another list")
							    : v->text;
	printf("%*s%.*s (%.*s) is %.*s\n", deep, "", FMT(json_text(name)),
		FMT(json_text(json_get(f, language()))), FMT(text));
}

static void say_item(const struct json *i, int deep)
{
	struct str trouble = json_text(json_get(i, "trouble"));
	printf("%*s%.*s%s%.*s\n", deep, "", FMT(json_text(json_get(i, "id"))),
		trouble.n > 0 ? ": " : "", FMT(trouble));
	say_needs(json_get(i, "needs"), deep + 2);
}

static void say_need(const struct json *j, int deep)
{
	const struct json *items = json_get(j, "items"), *because = json_get(j, "because");
	printf("%*sneeds %.*s", deep, "", FMT(json_text(json_get(j, "need"))));
	if (json_get(j, "evidence") != NULL)
		printf(" (%.*s)", FMT(json_text(json_get(j, language()))));
	printf("\n");
	for (const struct json *i = items == NULL ? NULL : items->first; i != NULL; i = i->next)
		say_item(i, deep + 2);
	for (const struct json *f = because == NULL ? NULL : because->first; f != NULL; f = f->next)
		say_value(f, deep + 2);
}

static void say_needs(const struct json *needs, int deep)
{
	for (const struct json *j = needs == NULL ? NULL : needs->first; j != NULL; j = j->next) {
		const struct json *any = json_get(j, "anyOf");
		if (any == NULL)
			say_need(j, deep);
		for (const struct json *way = any == NULL ? NULL : any->first; way != NULL;
			way = way->next) {
			printf("%*sone way:\n", deep, "");
			say_needs(way, deep + 2);
		}
	}
}

static void say_result(const struct json *r)
{
	struct str outcome = json_text(json_get(r, "outcome"));
	if (str_is(outcome, "PASS") || str_is(outcome, "NA"))
		return;
	const struct json *blocks = json_get(r, "blocks"), *verified = json_get(r, "verified");
	const struct json *basis = json_get(r, "basis");
	printf("%-7.*s %-7.*s %s  %.*s\n", FMT(json_text(json_get(r, "rule"))), FMT(outcome),
		blocks != NULL && blocks->type == JSON_TRUE ? "blocks" : "warns ",
		FMT(json_text(json_get(json_get(r, "title"), language()))));
	for (const struct json *b = basis == NULL ? NULL : basis->first; b != NULL; b = b->next)
		printf("  %.*s %.*s\n", FMT(json_text(json_get(b, "text"))),
			FMT(json_text(json_get(b, "article"))));
	if (verified != NULL && verified->type == JSON_FALSE)
		printf("  the legal text was not read in its official form\n");
	printf("  %.*s\n", FMT(json_text(json_get(json_get(r, "remedy"), language()))));
	say_needs(json_get(r, "needs"), 2);
}

static err say_check(struct ctx *c, const struct options *o, struct json *result)
{
	struct str verdict = json_text(json_get(result, "verdict"));
	const struct json *counts = json_get(result, "counts"),
			  *results = json_get(result, "results");
	int64_t n[4] = {0};
	for (size_t i = 0; i < countof(n); i++)
		(void)json_int(json_get(counts, outcomes[i]), &n[i]);
	if (o->json) {
		TRY(command_print(c, result));
		return str_is(verdict, "refused") ? ERR_VERDICT : OK;
	}
	for (const struct json *r = results->first; r != NULL; r = r->next)
		say_result(r);
	printf("%.*s: %lld passed, %lld failed, %lld not known, %lld do not concern it (rules "
	       "%.*s)\n",
		FMT(verdict), (long long)n[OUTCOME_PASS], (long long)n[OUTCOME_FAIL],
		(long long)n[OUTCOME_UNKNOWN], (long long)n[OUTCOME_NA],
		FMT(json_text(json_get(json_get(result, "ruleSet"), "version"))));
	return str_is(verdict, "refused") ? ERR_VERDICT : OK;
}

static err print_report(struct ctx *c, const struct options *o, const struct json *dossier,
	const struct json *result)
{
	const struct json *seller = json_get(dossier, "seller");
	struct str canonical, sheet, digest;
	struct buf b;
	TRY(json_canonical(c, result, LIMIT_RULE_FILE, &canonical));
	struct hash h = hash_of(canonical);
	buf_init(&b, c->arena, 2 * HASH_BYTES);
	buf_hex(&b, h.b, sizeof h.b);
	TRY(buf_done(c, &b, &digest));
	const struct compliance_of of = {json_text(json_get(json_get(dossier, "product"), "name")),
		json_text(json_get(seller, "name")), json_text(json_get(seller, "uscc")), digest};
	TRY(compliance_sheet(c, result, &of, &sheet));
	return paper_write(c, sheet, option(o, "html"), option(o, "pdf"));
}

static err check_dossier(struct ctx *c, const struct rule_set *s, const struct json *dossier,
	const char *directory, int64_t day, struct json **ret)
{
	struct dossier_case read;
	struct rule_case k;
	cleanup(fd_closep) int dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ENSURE(dir >= 0, c, ERR_NOT_FOUND, "the directory %s cannot be read", directory);
	TRY(dossier_case_read(c, s, dossier, dir, day, &read));
	TRY(rule_set_case(c, s, read.input, &k));
	TRY(rule_set_check(c, s, &k, NULL, ret));
	json_set(ret, "seen", read.seen);
	return OK;
}

/* A product of the node, as the file that it would be exported as, in a directory that is gone afterwards. */
static err check_product(
	struct ctx *c, const struct options *o, const struct rule_set *s, int64_t day)
{
	struct str segment, target, path;
	const struct json *product = NULL, *dossier = NULL;
	struct json *result = NULL;
	struct control *k;
	const char *parent;
	TRY(control_open(c, o->data, &k));
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/products/%.*s", FMT(segment)));
	TRY(control_call(c, k, "GET", target, NULL, &product));
	TRY(node_path(c, o->data, "check-XXXXXX", &parent));
	char *made = mkdtemp(arena_z(c->arena, str_z(parent)));
	ENSURE(made != NULL, c, ERR_IO, "no directory can be made in %s", o->data);
	err e = arena_fmt(c, &path, "%s/product.dossier.json", made);
	e = e != OK ? e : dossier_out(c, o, k, product, path.p, true, &dossier);
	e = e != OK ? e : check_dossier(c, s, dossier, made, day, &result);
	dossier_out_remove(made);
	TRY(e);
	if (option(o, "html") != NULL || option(o, "pdf") != NULL)
		TRY(print_report(c, o, dossier, result));
	json_set(&result, "product", json_copy(c, json_get(dossier, "product")));
	return say_check(c, o, result);
}

static err check(struct ctx *c, const struct options *o, const struct rule_set *s)
{
	struct str text;
	const struct json *dossier;
	struct json *result;
	const char *day_option = option(o, "day");
	int64_t day = env_system.now_ms(env_system.arg) / 86400000;
	ENSURE(o->n == 2, c, ERR_USAGE, "rules check needs one DOSSIER, or a PRODUCT of the node");
	ENSURE(day_option == NULL || day_parse(str_z(day_option), &day), c, ERR_USAGE,
		"--day is YYYY-MM-DD");
	if (!str_ends(str_z(o->arguments[1]), STR(".json")))
		return check_product(c, o, s, day);
	TRY(file_read(c, o->arguments[1], LIMIT_RULE_FILE, &text));
	TRY(json_parse(c, text, &dossier));
	char *copy = arena_z(c->arena, str_z(o->arguments[1]));
	ENSURE(copy != NULL, c, ERR_MEMORY, "no memory for a name");
	TRY(check_dossier(c, s, dossier, dirname(copy), day, &result));
	if (option(o, "html") != NULL || option(o, "pdf") != NULL)
		TRY(print_report(c, o, dossier, result));
	return say_check(c, o, result);
}

static err run(struct ctx *c, const struct options *o)
{
	static const struct {
		const char *name;
		err (*run)(struct ctx *, const struct options *, const struct rule_set *);
	} all[] = {{"check", check}, {"list", list}, {"show", show}, {"test", test}};
	struct rule_set s;
	ENSURE(o->n >= 1, c, ERR_USAGE,
		"rules needs check DOSSIER or PRODUCT, list, show ID or test");
	const char *dir = option(o, "set");
	TRY(dir != NULL ? read_directory(c, dir, &s) : rules_shipped_set(c, &s));
	for (size_t i = 0; i < countof(all); i++) {
		if (str_is(str_z(o->arguments[0]), all[i].name))
			return all[i].run(c, o, &s);
	}
	return fail(
		c, ERR_USAGE, "rules knows check, list, show and test, not %s", o->arguments[0]);
}

const struct command cmd_rules = {"rules",
	"check DOSSIER.json|PRODUCT [--day DATE] [--html FILE] [--pdf FILE] | list | show ID | "
	"test [--set DIR]",
	"The compliance rules: what they ask, on what they rest, and their own examples.", options,
	countof(options), run};
