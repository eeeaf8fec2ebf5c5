/* shugu invoice list|show|export|correct|void|dispute|attach|policy. */
#include <stdio.h>

#include "base/limits.h"
#include "main/attach.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"
#include "main/paper_out.h"
#include "main/table.h"

static const struct option_row rows[] = {
	LISTING_CSV,
	{"two-people", OPTION_TEXT,
		"yes|no   with policy: correcting or voiding takes two different people"},
	{"stamped", OPTION_TEXT, "yes|no   with policy: and a stamped contract, attached"},
	{"net", OPTION_TEXT, "N   with correct: what is due afterwards, in fen"},
	{"reason", OPTION_TEXT, "TEXT   why, with correct, void and dispute"},
	{"output", OPTION_TEXT,
		"FILE   with export (also -o): where to (default: standard output)"},
	{"html", OPTION_TEXT, "FILE   with export: for people, as a web page instead"},
	{"pdf", OPTION_TEXT, "FILE   with export: for people, as PDF instead"},
};

static err target_of(struct ctx *c, const char *id, const char *tail, struct str *ret)
{
	struct str segment;
	TRY(control_segment(c, str_z(id), &segment));
	return arena_fmt(c, ret, "/api/v1/invoices/%.*s%s", FMT(segment), tail);
}

static const char *const heads[] = {
	"SERIAL", "STATE", ">NET CNY", ">TAX", "PRODUCT", "ROLE", "PARTY", "AT"};

static err invoice_row(struct ctx *c, struct table *t, const struct json *i, void *arg)
{
	const struct json *due = json_get(i, "due"), *recorded = json_get(i, "recorded");
	bool both = recorded != NULL && recorded->type == JSON_TRUE;
	struct str cells[countof(heads)] = {json_text(json_get(i, "serial"))};
	(void)arg;
	TRY(arena_fmt(c, &cells[1], "%.*s%s", FMT(json_text(json_get(i, "state"))),
		both ? ", recorded" : ""));
	TRY(waits_text(c, i, &cells[1]));
	TRY(table_money(c, table_int(due, "net"), &cells[2]));
	TRY(table_money(c, table_int(due, "tax"), &cells[3]));
	cells[4] = json_text(json_get(i, "productName"));
	cells[5] = json_text(json_get(i, "role"));
	cells[6] = listing_name(i, "partyName", "party");
	cells[7] = table_time(json_text(json_get(i, "at")));
	return table_row(c, t, cells);
}

static const struct listing listing = {.path = "/api/v1/invoices",
	.member = "invoices",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "There is no invoice yet.",
	.row = invoice_row};

static err print_invoice(struct ctx *c, const struct json *i)
{
	struct table *t;
	TRY(table_new(c, heads, countof(heads), &t));
	TRY(invoice_row(c, t, i, NULL));
	return table_print(c, t, NULL);
}

static err run_list(struct ctx *c, const struct options *o, struct control *k)
{
	if (!o->json)
		return listing_print(c, k, &listing, o);
	return listing_json(c, k, &listing, NULL);
}

static err print_corrections(struct ctx *c, const struct json *all)
{
	for (const struct json *x = all == NULL ? NULL : all->first; x != NULL; x = x->next) {
		int64_t net = 0;
		struct str reason;
		TRY(table_shown(c, json_text(json_get(x, "reason")), &reason));
		(void)json_int(json_get(json_get(x, "change"), "net"), &net);
		printf("  correction by the %.*s, %.*s: %lld fen, %.*s (%.*s)\n",
			FMT(json_text(json_get(x, "by"))), FMT(json_text(json_get(x, "state"))),
			(long long)net, FMT(reason), FMT(json_text(json_get(x, "id"))));
	}
	return OK;
}

static err print_one(struct ctx *c, const struct options *o, const struct json *answer)
{
	if (o->json)
		return command_print(c, answer);
	TRY(print_invoice(c, answer));
	printf("  %.*s\n", FMT(json_text(json_get(answer, "id"))));
	struct str reason;
	TRY(table_shown(c, json_text(json_get(answer, "reason")), &reason));
	if (reason.n > 0)
		printf("  disputed: %.*s\n", FMT(reason));
	return print_corrections(c, json_get(answer, "corrections"));
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
	if (option_set(o, "html") || option_set(o, "pdf")) {
		TRY(target_of(c, o->arguments[1], "/sheet", &target));
		return paper_out(c, k, target, option(o, "html"), option(o, "pdf"));
	}
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

/* Without a word it says what is in force. */
static err run_policy(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	bool sets = o->n == 2 || option_set(o, "two-people") || option_set(o, "stamped");
	if (o->n == 2)
		json_set_str(c, &body, "acceptance", str_z(o->arguments[1]));
	TRY(binding_options(c, o, &body));
	TRY(control_call(c, k, sets ? "POST" : "GET", STR("/api/v1/invoice-policy"),
		sets ? body : NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	bool person = str_is(json_text(json_get(answer, "acceptance")), "person");
	printf(person ? "person: each invoice that comes waits in shugu inbox\n"
		      : "automatic: this node signs an invoice that agrees with what came, and "
			"disputes any other\n");
	binding_print(answer, "correcting or voiding an invoice");
	return OK;
}

static err run_attach(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target;
	TRY(target_of(c, o->arguments[1], "/attachments", &target));
	return attach_file(c, o, k, target, o->arguments[2]);
}

static const struct {
	const char *name;
	int least, most; /* arguments, with the name */
	err (*run)(struct ctx *c, const struct options *o, struct control *k);
} verbs[] = {
	{"list", 1, 1, run_list},
	{"show", 2, 2, run_show},
	{"export", 2, 2, run_export},
	{"correct", 2, 2, run_correct},
	{"void", 2, 2, run_void},
	{"dispute", 2, 2, run_dispute},
	{"attach", 3, 3, run_attach},
	{"policy", 1, 2, run_policy},
};

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	for (size_t i = 0; o->n > 0 && i < countof(verbs); i++) {
		if (!str_is(str_z(o->arguments[0]), verbs[i].name))
			continue;
		ENSURE(o->n >= verbs[i].least && o->n <= verbs[i].most, c, ERR_USAGE,
			"invoice %s takes %d argument(s)", verbs[i].name, verbs[i].least - 1);
		TRY(control_open(c, o->data, &k));
		return verbs[i].run(c, o, k);
	}
	return fail(c, ERR_USAGE,
		"invoice needs list, show, export, correct, void, dispute, attach or policy");
}

const struct command cmd_invoice = {"invoice",
	"list [--csv] | show ID | export ID [-o FILE | --pdf FILE | --html FILE] | correct ID "
	"--net N "
	"--reason TEXT | void ID "
	"--reason "
	"TEXT | dispute ID --reason TEXT | attach ID FILE | policy [automatic|person] "
	"[--two-people yes|no] [--stamped yes|no]",
	"Data invoices: shows and exports them, corrects and disputes them. ID may be the serial.",
	rows, countof(rows), run};
