/* shugu sandbox: cases of the reform sandbox. Each step is one word; its options become the members of the act. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "govern/sandbox_messages.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"

// clang-format off
static const struct option_row options[] = {
	LISTING_CSV,
	{"file", OPTION_TEXT, "FILE        the body as JSON; the options below replace its members"},
	{"output", OPTION_TEXT, "FILE      or -o FILE, with file: where the due-diligence file goes"},
	{"title", OPTION_TEXT, "TEXT       of the case, with open"},
	{"applicant", OPTION_TEXT, "NAME   with open"},
	{"difficulty", OPTION_TEXT, "TEXT  which rule stands in the way of what, with open"},
	{"product", OPTION_TEXT, "PRODUCT  with open, plan"},
	{"key", OPTION_TEXT, "COLUMN       that names a subject, with plan"},
	{"limit", OPTION_TEXT, "NAME=N,...  subjects, records, value (fen), counterparties, days, deliveries, with plan"},
	{"until", OPTION_TEXT, "DAY        with return, plan, extend"},
	{"from", OPTION_TEXT, "DAY         with exempt"},
	{"to", OPTION_TEXT, "DAY           with notice, exempt"},
	{"where", OPTION_TEXT, "TEXT       where the notice stands"},
	{"reason", OPTION_TEXT, "TEXT"},
	{"text", OPTION_TEXT, "TEXT"},
	{"by", OPTION_TEXT, "NAME          who complains, with complain"},
	{"member", OPTION_TEXT, "ID        whose vote, declaration or opinion it is"},
	{"vote", OPTION_TEXT, "yes|no|abstain"},
	{"conflict", OPTION_TEXT, "yes|no  with declare"},
	{"result", OPTION_TEXT, "promoted|normal|stopped   with exit"},
	{"rule", OPTION_TEXT, "ID          with exempt, safeguard"},
	{"authority", OPTION_TEXT, "NAME   that waives, with exempt"},
	{"basis", OPTION_TEXT, "TEXT       on which it rests, with exempt"},
	{"number", OPTION_TEXT, "N         of the complaint, with answer"},
	{"revision", OPTION_TEXT, "N       with measure (default: the newest)"},
};
// clang-format on

/* Options that become a member of the same name, and its type. */
static const struct {
	const char *name;
	char kind; /* t text, n number, y yes or no */
} members[] = {
	{"title", 't'},
	{"applicant", 't'},
	{"difficulty", 't'},
	{"product", 't'},
	{"key", 't'},
	{"until", 't'},
	{"from", 't'},
	{"to", 't'},
	{"where", 't'},
	{"reason", 't'},
	{"text", 't'},
	{"by", 't'},
	{"member", 't'},
	{"vote", 't'},
	{"conflict", 'y'},
	{"result", 't'},
	{"rule", 't'},
	{"authority", 't'},
	{"basis", 't'},
	{"number", 'n'},
	{"revision", 'n'},
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static err read_body(struct ctx *c, const char *path, struct json **ret)
{
	cleanup(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf b;
	struct str text;
	ssize_t n = 1;
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s: %m", path);
	buf_init(&b, c->arena, LIMIT_ACT);
	while (n > 0) {
		char part[4096];
		n = read(fd, part, sizeof part);
		ENSURE(n >= 0, c, ERR_IO, "%s: %m", path);
		buf_add(&b, (struct str){part, (size_t)n});
	}
	TRY(buf_done(c, &b, &text));
	return json_parse_own(c, text, ret);
}

/* subjects=1000,days=90 */
static err set_limits(struct ctx *c, struct str text, struct json **body)
{
	struct json *o = json_object(c);
	struct str part, name, value;
	while (text.n > 0) {
		int64_t n = 0;
		if (!str_cut(text, ',', &part, &text)) {
			part = text;
			text = (struct str){"", 0};
		}
		ENSURE(str_cut(part, '=', &name, &value) && str_i64(value, &n), c, ERR_USAGE,
			"--limit is NAME=N,NAME=N");
		const char *z = arena_z(c->arena, name);
		ENSURE(z != NULL, c, ERR_MEMORY, "no memory");
		json_set_num(c, &o, z, n);
	}
	json_set(body, "limits", o);
	return OK;
}

static err body_of(struct ctx *c, const struct options *o, struct json **ret)
{
	struct json *body = json_object(c);
	if (option_set(o, "file"))
		TRY(read_body(c, option(o, "file"), &body));
	for (size_t i = 0; i < countof(members); i++) {
		const char *v = option(o, members[i].name);
		int64_t n = 0;
		if (v == NULL)
			continue;
		ENSURE(members[i].kind != 'y' || strcmp(v, "yes") == 0 || strcmp(v, "no") == 0, c,
			ERR_USAGE, "--%s is yes or no", members[i].name);
		ENSURE(members[i].kind != 'n' || str_i64(str_z(v), &n), c, ERR_USAGE,
			"--%s is a number", members[i].name);
		json_set(&body, members[i].name,
			members[i].kind == 't'   ? json_z(c, v)
			: members[i].kind == 'n' ? json_num(c, n)
						 : json_bool(c, strcmp(v, "yes") == 0));
	}
	if (option_set(o, "limit"))
		TRY(set_limits(c, str_z(option(o, "limit")), &body));
	*ret = body;
	return OK;
}

static err case_path(struct ctx *c, const char *id, const char *rest, struct str *ret)
{
	struct str segment;
	TRY(control_segment(c, str_z(id), &segment));
	return arena_fmt(c, ret, "/api/v1/sandbox/cases/%.*s%s", FMT(segment), rest);
}

static void print_case(const struct json *a)
{
	const struct json *waits = json_get(a, "waitsForSecond");
	printf("%.*s  %.*s (%.*s)\n", FMT(json_text(json_get(a, "id"))),
		FMT(json_text(json_get(a, "state"))), FMT(json_text(json_get(a, "stateZh"))));
	if (waits != NULL)
		printf("%.*s waits for a second person, who says the same\n",
			FMT(json_text(json_get(waits, "step"))));
}

/* One call; prints where the case stands. */
static err call(struct ctx *c, const struct options *o, const char *method, struct str path,
	const struct json *body)
{
	struct control *k;
	const struct json *answer = NULL;
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, method, path, body, &answer));
	if (o->json || json_get(answer, "state") == NULL)
		return command_print(c, answer);
	print_case(answer);
	return OK;
}

static const char *const heads[] = {"TITLE", "STATE", "APPLICANT", "PRODUCT", "UNTIL", "ID"};

static err print_row(struct ctx *c, struct table *t, const struct json *s, void *arg)
{
	const struct str cells[countof(heads)] = {json_text(json_get(s, "title")),
		json_text(json_get(s, "state")), json_text(json_get(s, "applicant")),
		json_text(json_get(s, "productName")), json_text(json_get(s, "until")),
		json_text(json_get(s, "id"))};
	(void)arg;
	return table_row(c, t, cells);
}

static const struct listing listing = {.path = "/api/v1/sandbox/cases",
	.member = "cases",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "There is no case: shugu sandbox open --title TEXT ... opens one.",
	.row = print_row};

static err run_list(struct ctx *c, const struct options *o)
{
	struct control *k;
	TRY(control_open(c, o->data, &k));
	return o->json ? listing_json(c, k, &listing, listing.member)
		       : listing_print(c, k, &listing, o);
}

/* All acts of the case with their proofs, page after page. */
static err all_acts(struct ctx *c, struct control *k, const char *id, struct json **ret)
{
	struct json *all = json_array(c);
	struct str path, next = {"", 0};
	do {
		const struct json *answer = NULL;
		TRY(case_path(c, id, next.n > 0 ? "/acts?cursor=" : "/acts", &path));
		TRY(arena_fmt(c, &path, "%.*s%.*s", FMT(path), FMT(next)));
		TRY(control_call(c, k, "GET", path, NULL, &answer));
		const struct json *rows = json_get(answer, "acts");
		for (const struct json *j = rows == NULL ? NULL : rows->first; j != NULL;
			j = j->next)
			json_push(&all, json_copy(c, j));
		next = json_text(json_get(answer, "next"));
	} while (next.n > 0);
	*ret = all;
	return OK;
}

static err write_file(struct ctx *c, const char *path, struct str text)
{
	cleanup(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	ENSURE(fd >= 0, c, ERR_CONFLICT, "%s: %m", path);
	while (text.n > 0) {
		ssize_t n = write(fd, text.p, text.n);
		ENSURE(n > 0, c, ERR_IO, "%s: %m", path);
		text = str_sub(text, (size_t)n, text.n);
	}
	return OK;
}

static err run_file(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *about = NULL;
	struct json *acts, *file = json_object(c), *says = json_object(c);
	struct str path, text;
	ENSURE(option_set(o, "output"), c, ERR_USAGE, "sandbox file needs a CASE and -o FILE");
	TRY(control_open(c, o->data, &k));
	TRY(case_path(c, o->arguments[1], "", &path));
	TRY(control_call(c, k, "GET", path, NULL, &about));
	TRY(all_acts(c, k, o->arguments[1], &acts));
	json_set(&says, "zh", json_z(c, sandbox_statement.zh));
	json_set(&says, "en", json_z(c, sandbox_statement.en));
	json_set_num(c, &file, "v", 1);
	json_set(&file, "kind", json_z(c, "sandbox-file"));
	json_set(&file, "statement", says);
	json_set(&file, "case", json_copy(c, about));
	json_set(&file, "acts", acts);
	TRY(json_write(c, file, true, 16 * LIMIT_HTTP_BODY, &text));
	TRY(write_file(c, option(o, "output"), text));
	if (!o->json)
		printf("%s: %zu acts with their proofs\n", option(o, "output"), acts->n);
	return OK;
}

static err run_committee(struct ctx *c, const struct options *o)
{
	struct json *body = NULL;
	if (option_set(o, "file"))
		TRY(read_body(c, option(o, "file"), &body));
	return call(c, o, body != NULL ? "POST" : "GET", STR("/api/v1/sandbox/committee"), body);
}

/* Words that are no step of a case. */
static err run_case(struct ctx *c, const struct options *o, const char *word)
{
	struct json *body;
	struct str path;
	ENSURE(o->n == 2, c, ERR_USAGE, "sandbox %s needs a CASE: shugu sandbox list", word);
	if (strcmp(word, "file") == 0)
		return run_file(c, o);
	if (strcmp(word, "show") == 0) {
		TRY(case_path(c, o->arguments[1], "", &path));
		struct control *k;
		const struct json *answer = NULL;
		TRY(control_open(c, o->data, &k));
		TRY(control_call(c, k, "GET", path, NULL, &answer));
		return command_print(c, answer);
	}
	TRY(body_of(c, o, &body));
	TRY(case_path(
		c, o->arguments[1], strcmp(word, "measure") == 0 ? "/measure" : "/steps/", &path));
	if (strcmp(word, "measure") != 0)
		TRY(arena_fmt(c, &path, "%.*s%s", FMT(path), word));
	return call(c, o, "POST", path, body);
}

static bool is_word(const char *word)
{
	for (unsigned i = 0; i < SANDBOX_STEPS; i++) {
		if (strcmp(word, sandbox_step_name((enum sandbox_step)i)) == 0)
			return true;
	}
	return strcmp(word, "show") == 0 || strcmp(word, "file") == 0;
}

static err run(struct ctx *c, const struct options *o)
{
	const char *word = o->n > 0 ? o->arguments[0] : "list";
	struct json *body;
	if (strcmp(word, "list") == 0)
		return run_list(c, o);
	if (strcmp(word, "committee") == 0)
		return run_committee(c, o);
	if (strcmp(word, "open") == 0) {
		TRY(body_of(c, o, &body));
		return call(c, o, "POST", STR("/api/v1/sandbox/cases"), body);
	}
	ENSURE(is_word(word), c, ERR_USAGE, "there is no sandbox %s: shugu sandbox --help", word);
	return run_case(c, o, word);
}

const struct command cmd_sandbox = {"sandbox",
	"list | committee [--file FILE] | open ... | STEP CASE ... | measure CASE | show CASE | "
	"file CASE -o FILE",
	"Cases of the reform sandbox. Steps: submit check return refer admit reject plan notice "
	"start incident suspend resume terminate report evaluate exit extend archive; declare vote "
	"opinion complain answer exempt safeguard.",
	options, countof(options), run};
