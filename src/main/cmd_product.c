/* shugu products, shugu withdraw: what this node offers. */
#include <stdio.h>

#include "main/command.h"
#include "main/control.h"

static const struct option_row withdraw_options[] = {
	{"reason", OPTION_TEXT, "TEXT   why"},
};

static void print_line(const struct json *p)
{
	int64_t revision = 0, net = 0, size = 0;
	(void)json_int(json_get(p, "revision"), &revision);
	(void)json_int(json_get(json_get(p, "price"), "net"), &net);
	(void)json_int(json_get(json_get(p, "object"), "size"), &size);
	printf("%-28.*s r%-3lld %12lld bytes %10lld.%02lld CNY  %.*s\n",
		FMT(json_text(json_get(p, "name"))), (long long)revision, (long long)size,
		(long long)(net / 100), (long long)(net % 100),
		FMT(json_text(json_get(p, "product"))));
}

static err run_list(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	struct str target = STR("/api/v1/products"), segment;
	ENSURE(o->n <= 1, c, ERR_USAGE, "products takes one PRODUCT at most");
	TRY(control_open(c, o->data, &k));
	if (o->n == 1) {
		TRY(control_segment(c, str_z(o->arguments[0]), &segment));
		TRY(arena_fmt(c, &target, "/api/v1/products/%.*s", FMT(segment)));
	}
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	if (o->json || o->n == 1)
		return command_print(c, answer);
	const struct json *rows = json_get(answer, "products");
	for (const struct json *p = rows->first; p != NULL; p = p->next)
		print_line(p);
	return OK;
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

const struct command cmd_products = {
	"products", "[PRODUCT]", "What this node offers.", NULL, 0, run_list};
const struct command cmd_withdraw = {"withdraw", "PRODUCT --reason TEXT",
	"Offers a product no longer; what was agreed stands.", withdraw_options,
	countof(withdraw_options), run_withdraw};
