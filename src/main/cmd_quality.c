/* shugu quality FILE --expect EXPECT.json: a table measured by the indicators of GB/T 36344; needs no node. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/env.h"
#include "codec/day.h"
#include "main/command.h"
#include "main/profile_say.h"
#include "main/table.h"
#include "main/version.h"
#include "product/quality.h"

#define DAY_MS 86400000ll
#define REPORT_MAX (16u << 20)

static const struct option_row options[] = {
	{"expect", OPTION_TEXT, "EXPECT.json   what is declared of the table (docs/FORMATS.md)"},
	{"encoding", OPTION_TEXT, "NAME   utf-8, utf-16le, utf-16be or gb18030 (default: as told)"},
	{"day", OPTION_TEXT, "YYYY-MM-DD   as of which it is measured (default: today, UTC)"},
	{"out", OPTION_TEXT, "REPORT.json   also writes the report there"},
};

static err add_row(struct ctx *c, struct table *t, const struct json *i)
{
	struct str cells[7] = {json_text(json_get(i, "code")),
		json_text(json_get(json_get(i, "name"), "zh")),
		json_text(json_get(json_get(i, "name"), "en")),
		[6] = str_is(json_text(json_get(i, "orientation")), "lower")
			      ? STR("lower is better")
			      : STR("")};
	struct str na = json_text(json_get(i, "na"));
	if (na.n > 0) {
		cells[3] = cells[4] = STR("-");
		TRY(arena_fmt(c, &cells[5], "NA (%.*s)", FMT(na)));
		return table_row(c, t, cells);
	}
	TRY(table_number(c, table_int(i, "A"), &cells[3]));
	TRY(table_number(c, table_int(i, "B"), &cells[4]));
	cells[5] = json_text(json_get(i, "X"));
	return table_row(c, t, cells);
}

static err say_indicators(struct ctx *c, const struct json *report)
{
	static const char *const heads[] = {"CODE", "", "INDICATOR", ">A", ">B", ">X", ""};
	struct table *t = NULL;
	TRY(table_new(c, heads, countof(heads), &t));
	for (const struct json *i = json_get(report, "results")->first; i != NULL; i = i->next)
		TRY(add_row(c, t, i));
	return table_print(c, t, NULL);
}

static err say_reasons(struct ctx *c, const struct json *dirty)
{
	static const char *const heads[] = {"REASON", "OF", ">ROWS", "FIRST"};
	struct table *t = NULL;
	TRY(table_new(c, heads, countof(heads), &t));
	for (const struct json *r = json_get(dirty, "reasons")->first; r != NULL; r = r->next) {
		struct str cells[4] = {json_text(json_get(r, "reason"))};
		struct buf b;
		for (const struct json *m = r->first; m != NULL; m = m->next) {
			if (str_is(m->name, "column") || str_is(m->name, "rule") ||
				str_is(m->name, "key"))
				cells[1] = m->text;
		}
		TRY(table_number(c, table_int(r, "count"), &cells[2]));
		buf_init(&b, c->arena, LIMIT_TEXT);
		for (const struct json *n = json_get(r, "first")->first; n != NULL; n = n->next) {
			buf_add(&b, n->text);
			buf_char(&b, ' ');
		}
		TRY(buf_done(c, &b, &cells[3]));
		TRY(table_row(c, t, cells));
	}
	return table_print(c, t, "  no row is dirty");
}

/* Both conventions, and what a reader must know of the pass. */
static void say_remarks(const struct json *report)
{
	const struct json *keys = json_get(report, "keys"), *exceeded = json_get(keys, "exceeded");
	struct str stopped = json_text(json_get(report, "stopped"));
	for (const struct json *i = json_get(report, "results")->first; i != NULL; i = i->next) {
		const struct json *other = json_get(i, "other");
		if (other != NULL)
			printf("%.*s counts all members of a group of equal keys; without the "
			       "first of each A is %lld, X %.*s\n",
				FMT(json_text(json_get(i, "code"))),
				(long long)table_int(other, "A"),
				FMT(json_text(json_get(other, "X"))));
	}
	if (exceeded->type == JSON_TRUE)
		printf("more than %lld keys: duplicates and references are not told\n",
			(long long)table_int(keys, "limit"));
	if (stopped.n > 0)
		printf("the reading ends before the file: %.*s\n", FMT(stopped));
}

static err say(struct ctx *c, const struct json *report, struct str text)
{
	const struct json *dirty = json_get(report, "dirty");
	struct hash digest = hash_of(text);
	struct buf hex;
	TRY(say_indicators(c, report));
	say_remarks(report);
	printf("%lld rows, all read; %lld dirty\n", (long long)table_int(report, "rows"),
		(long long)table_int(dirty, "rows"));
	TRY(say_reasons(c, dirty));
	buf_init(&hex, c->arena, 2 * HASH_BYTES + 1);
	buf_hex(&hex, digest.b, HASH_BYTES);
	printf("report sha256 %.*s\n", FMT(buf_str(&hex)));
	return OK;
}

static err read_day(struct ctx *c, const struct options *o, int64_t *ret)
{
	const char *day = option(o, "day");
	const int64_t today = env_now_ms(&env_system) / DAY_MS;
	*ret = today;
	ENSURE(day == NULL || day_parse(str_z(day), ret), c, ERR_USAGE,
		"--day is a day YYYY-MM-DD, not %s", day);
	ENSURE(*ret <= today, c, ERR_USAGE, "--day is today or before: %s has not come", day);
	return OK;
}

static err measure(struct ctx *c, const struct options *o, struct json **ret)
{
	struct expectation *x = NULL;
	struct str text;
	uint8_t key[SHORTHASH_KEY];
	const char *path = o->arguments[0], *slash = strrchr(path, '/');
	struct quality_ask ask = {.filename = str_z(slash != NULL ? slash + 1 : path),
		.version = shugu_version,
		.keys_max = LIMIT_QUALITY_KEYS};
	TRY(option_encoding(c, o, &ask.given));
	TRY(read_day(c, o, &ask.day));
	TRY(file_read(c, option(o, "expect"), LIMIT_EXPECTATION, &text));
	env_random(&env_system, key, sizeof key);
	TRY(expectation_read(c, text, key, &x));
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s cannot be read", path);
	ask.fd = fd;
	ask.expectation = x;
	return quality_measure(c, &ask, ret);
}

static err run(struct ctx *c, const struct options *o)
{
	struct json *report = NULL;
	struct str text;
	ENSURE(o->n == 1 && option(o, "expect") != NULL, c, ERR_USAGE,
		"quality needs one FILE and --expect EXPECT.json");
	TRY(measure(c, o, &report));
	TRY(json_canonical(c, report, REPORT_MAX, &text));
	if (option(o, "out") != NULL)
		TRY(file_write(c, &env_system, option(o, "out"), text, 0644));
	if (!o->json)
		return say(c, report, text);
	printf("%.*s\n", FMT(text));
	return OK;
}

const struct command cmd_quality = {"quality",
	"FILE --expect EXPECT.json [--day DAY] [--out REPORT.json]",
	"The quality of a table by the 20 indicators of GB/T 36344; no node is needed.", options,
	countof(options), run};
