/* shugu products, shugu withdraw: what this node offers. */
#include <stdio.h>

#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"
#include "main/paper_out.h"

static const struct option_row options[] = {
	LISTING_CSV,
	{"html", OPTION_TEXT, "FILE   of one PRODUCT: for people, as a web page"},
	{"pdf", OPTION_TEXT, "FILE   of one PRODUCT: for people, as PDF"},
};

static const struct option_row withdraw_options[] = {
	{"reason", OPTION_TEXT, "TEXT   why"},
};

static const char *const heads[] = {
	"NAME", ">REV", ">BYTES", ">NET CNY", ">TAX", "PUBLISHED", "PRODUCT"};

static err print_row(struct ctx *c, struct table *t, const struct json *p, void *arg)
{
	const struct json *price = json_get(p, "price");
	struct str cells[countof(heads)] = {json_text(json_get(p, "name"))};
	(void)arg;
	TRY(table_number(c, table_int(p, "revision"), &cells[1]));
	TRY(table_number(c, table_int(json_get(p, "object"), "size"), &cells[2]));
	TRY(table_money(c, table_int(price, "net"), &cells[3]));
	TRY(table_money(c, table_int(price, "tax"), &cells[4]));
	cells[5] = table_time(json_text(json_get(p, "at")));
	cells[6] = json_text(json_get(p, "product"));
	return table_row(c, t, cells);
}

static const struct listing listing = {.path = "/api/v1/products",
	.member = "products",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "Nothing is offered: shugu publish FILE offers something.",
	.row = print_row};

static err run_list(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n <= 1, c, ERR_USAGE, "products takes one PRODUCT at most");
	bool prints = option_set(o, "html") || option_set(o, "pdf");
	ENSURE(o->n == 1 || !prints, c, ERR_USAGE, "--html and --pdf need a PRODUCT");
	TRY(control_open(c, o->data, &k));
	if (o->n == 0)
		return o->json ? listing_json(c, k, &listing, listing.member)
			       : listing_print(c, k, &listing, o);
	TRY(control_segment(c, str_z(o->arguments[0]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/products/%.*s%s", FMT(segment), prints ? "/sheet" : ""));
	if (prints)
		return paper_out(c, k, target, option(o, "html"), option(o, "pdf"));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	return command_print(c, answer);
}

static err run_withdraw(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 1 && option_set(o, "reason"), c, ERR_USAGE,
		"withdraw needs a PRODUCT and --reason");
	TRY(control_segment(c, str_z(o->arguments[0]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/products/%.*s/withdraw", FMT(segment)));
	json_set_str(c, &body, "reason", str_z(option(o, "reason")));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%s is offered no longer\n", o->arguments[0]);
	return OK;
}

const struct command cmd_products = {"products", "[PRODUCT [--html FILE] [--pdf FILE]] [--csv]",
	"What this node offers.", options, countof(options), run_list};
const struct command cmd_withdraw = {"withdraw", "PRODUCT --reason TEXT",
	"Offers a product no longer; what was agreed stands.", withdraw_options,
	countof(withdraw_options), run_withdraw};
