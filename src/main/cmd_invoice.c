/* shugu invoice list|show|export|correct|void|dispute|policy. */
#include <stdio.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"

static const struct option_row rows[] = {
	{"net", OPTION_TEXT, "N   with correct: what is due afterwards, in fen"},
	{"reason", OPTION_TEXT, "TEXT   why, with correct, void and dispute"},
	{"output", OPTION_TEXT,
		"FILE   with export (also -o): where to (default: standard output)"},
};

static err target_of(struct ctx *c, const char *id, const char *tail, struct str *ret)
{
	struct str segment;
	TRY(control_segment(c, str_z(id), &segment));
	return arena_fmt(c, ret, "/api/v1/invoices/%.*s%s", FMT(segment), tail);
}

static void print_invoice(const struct json *i)
{
	int64_t net = 0, tax = 0;
	(void)json_int(json_get(json_get(i, "due"), "net"), &net);
	(void)json_int(json_get(json_get(i, "due"), "tax"), &tax);
	bool recorded =
		json_get(i, "recorded") != NULL && json_get(i, "recorded")->type == JSON_TRUE;
	printf("%-32.*s %-9.*s %10lld.%02lld + %lld.%02lld CNY  %.*s %.*s%s\n",
		FMT(json_text(json_get(i, "serial"))), FMT(json_text(json_get(i, "state"))),
		(long long)(net / 100), (long long)(net % 100), (long long)(tax / 100),
		(long long)(tax % 100), FMT(json_text(json_get(i, "role"))),
		FMT(json_text(json_get(i, "party"))), recorded ? "  recorded" : "");
}

static err run_list(struct ctx *c, const struct options *o, struct control *k)
{
	const struct json *answer = NULL;
	TRY(control_call(c, k, "GET", STR("/api/v1/invoices"), NULL, &answer));
	const struct json *all = json_get(answer, "invoices");
	if (o->json)
		return command_print(c, all);
	for (const struct json *i = all == NULL ? NULL : all->first; i != NULL; i = i->next)
		print_invoice(i);
	return OK;
}

static void print_corrections(const struct json *all)
{
	for (const struct json *x = all == NULL ? NULL : all->first; x != NULL; x = x->next) {
		int64_t net = 0;
		(void)json_int(json_get(json_get(x, "change"), "net"), &net);
		printf("  correction by the %.*s, %.*s: %lld fen, %.*s (%.*s)\n",
			FMT(json_text(json_get(x, "by"))), FMT(json_text(json_get(x, "state"))),
			(long long)net, FMT(json_text(json_get(x, "reason"))),
			FMT(json_text(json_get(x, "id"))));
	}
}

static err print_one(struct ctx *c, const struct options *o, const struct json *answer)
{
	if (o->json)
		return command_print(c, answer);
	print_invoice(answer);
	printf("  %.*s\n", FMT(json_text(json_get(answer, "id"))));
	struct str reason = json_text(json_get(answer, "reason"));
	if (reason.n > 0)
		printf("  disputed: %.*s\n", FMT(reason));
	print_corrections(json_get(answer, "corrections"));
	return OK;
}

static err run_show(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target;
	const struct json *answer = NULL;
	TRY(target_of(c, o->arguments[1], "", &target));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	return print_one(c, o, answer);
}

/* The file is canonical, so what was read and is written again has the same bytes. */
static err run_export(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target, text;
	const struct json *answer = NULL;
	const char *path = option(o, "output");
	TRY(target_of(c, o->arguments[1], "/file", &target));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	TRY(json_canonical(c, answer, LIMIT_INVOICE_FILE, &text));
	if (path != NULL)
		return file_write(c, &env_system, path, text, 0644);
	ENSURE(fwrite(text.p, 1, text.n, stdout) == text.n, c, ERR_IO,
		"standard output cannot be written");
	return OK;
}

static err change(struct ctx *c, const struct options *o, struct control *k, const char *tail,
	struct json *body)
{
	struct str target;
	const struct json *answer = NULL;
	ENSURE(option_set(o, "reason"), c, ERR_USAGE, "say why: --reason TEXT");
	json_set_str(c, &body, "reason", str_z(option(o, "reason")));
	TRY(target_of(c, o->arguments[1], tail, &target));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (!control_is_running(k) && !o->json)
		printf("The other side is told as soon as the node runs: shugu serve\n");
	return print_one(c, o, answer);
}

static err run_correct(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body = json_object(c);
	int64_t net = 0;
	ENSURE(option_set(o, "net"), c, ERR_USAGE, "say what is due afterwards: --net FEN");
	TRY(option_number(c, o, "net", LIMIT_PRICE, &net));
	json_set_num(c, &body, "net", net);
	return change(c, o, k, "/correct", body);
}

static err run_void(struct ctx *c, const struct options *o, struct control *k)
{
	return change(c, o, k, "/void", json_object(c));
}

static err run_dispute(struct ctx *c, const struct options *o, struct control *k)
{
	return change(c, o, k, "/dispute", json_object(c));
}

static err run_policy(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	json_set_str(c, &body, "acceptance", str_z(o->arguments[1]));
	TRY(control_call(c, k, "POST", STR("/api/v1/invoice-policy"), body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%.*s\n", FMT(json_text(json_get(answer, "acceptance"))));
	return OK;
}

static const struct {
	const char *name;
	int arguments; /* with the name */
	err (*run)(struct ctx *c, const struct options *o, struct control *k);
} verbs[] = {
	{"list", 1, run_list},
	{"show", 2, run_show},
	{"export", 2, run_export},
	{"correct", 2, run_correct},
	{"void", 2, run_void},
	{"dispute", 2, run_dispute},
	{"policy", 2, run_policy},
};

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	for (size_t i = 0; o->n > 0 && i < countof(verbs); i++) {
		if (!str_is(str_z(o->arguments[0]), verbs[i].name))
			continue;
		ENSURE(o->n == verbs[i].arguments, c, ERR_USAGE, "invoice %s takes %d argument(s)",
			verbs[i].name, verbs[i].arguments - 1);
		TRY(control_open(c, o->data, &k));
		return verbs[i].run(c, o, k);
	}
	return fail(
		c, ERR_USAGE, "invoice needs list, show, export, correct, void, dispute or policy");
}

const struct command cmd_invoice = {"invoice",
	"list | show ID | export ID [-o FILE] | correct ID --net N --reason TEXT | void ID "
	"--reason "
	"TEXT | dispute ID --reason TEXT | policy automatic|person",
	"Data invoices: shows and exports them, corrects and disputes them. ID may be the serial.",
	rows, countof(rows), run};
