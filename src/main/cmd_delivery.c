/* shugu delivery list|show|suspend|resume|terminate|complete: what moves, or has moved, under which agreement. */
#include <stdio.h>
#include <string.h>

#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"

static const struct option_row options[] = {
	LISTING_CSV,
	{"reason", OPTION_TEXT, "TEXT   why, with suspend and terminate; the other party is told"},
};

static const char *const heads[] = {
	"DELIVERY", "STATE", "ROLE", "PARTY", "PRODUCT", ">BYTES", ">OF", "ASKED"};

static err delivery_row(struct ctx *c, struct table *t, const struct json *d, void *arg)
{
	struct str cells[countof(heads)] = {json_text(json_get(d, "delivery")),
		json_text(json_get(d, "state")), json_text(json_get(d, "role")),
		listing_name(d, "partyName", "party"), listing_name(d, "productName", "product")};
	(void)arg;
	TRY(table_number(c, table_int(d, "bytes"), &cells[5]));
	TRY(table_number(c, table_int(d, "size"), &cells[6]));
	cells[7] = table_time(json_text(json_get(d, "asked")));
	return table_row(c, t, cells);
}

static const struct listing listing = {.path = "/api/v1/deliveries",
	.member = "deliveries",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "There is no delivery yet: shugu get PARTY PRODUCT asks for one.",
	.row = delivery_row};

static err list(struct ctx *c, const struct options *o, struct control *k)
{
	if (!o->json)
		return listing_print(c, k, &listing, o);
	return listing_json(c, k, &listing, listing.member);
}

static err target_of(struct ctx *c, const struct options *o, const char *tail, struct str *ret)
{
	struct str segment;
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	return arena_fmt(
		c, ret, "/api/v1/deliveries/%.*s%s%s", FMT(segment), tail[0] ? "/" : "", tail);
}

static err show(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target;
	const struct json *answer = NULL;
	TRY(target_of(c, o, "", &target));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	return command_print(c, answer);
}

/* suspend, resume, terminate, complete: the word is the last part of the route. */
static err change(struct ctx *c, const struct options *o, struct control *k)
{
	const char *word = o->arguments[0];
	bool told = strcmp(word, "suspend") == 0 || strcmp(word, "terminate") == 0;
	struct json *body = json_object(c);
	struct str target;
	const struct json *answer = NULL;
	ENSURE(!told || option_set(o, "reason"), c, ERR_USAGE, "say why: --reason TEXT");
	if (option_set(o, "reason"))
		json_set_str(c, &body, "reason", str_z(option(o, "reason")));
	TRY(target_of(c, o, word, &target));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%.*s: %.*s\n", FMT(json_text(json_get(answer, "delivery"))),
		FMT(json_text(json_get(answer, "state"))));
	return OK;
}

static const struct {
	const char *name;
	int arguments; /* with the name */
	err (*run)(struct ctx *c, const struct options *o, struct control *k);
} verbs[] = {{"list", 1, list}, {"show", 2, show}, {"suspend", 2, change}, {"resume", 2, change},
	{"terminate", 2, change}, {"complete", 2, change}};

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	for (size_t i = 0; o->n > 0 && i < countof(verbs); i++) {
		if (!str_is(str_z(o->arguments[0]), verbs[i].name))
			continue;
		ENSURE(o->n == verbs[i].arguments, c, ERR_USAGE, "delivery %s takes %d argument(s)",
			verbs[i].name, verbs[i].arguments - 1);
		TRY(control_open(c, o->data, &k));
		return verbs[i].run(c, o, k);
	}
	return fail(
		c, ERR_USAGE, "delivery needs list, show, suspend, resume, terminate or complete");
}

const struct command cmd_delivery = {"delivery",
	"list [--csv] | show ID | suspend ID --reason TEXT | resume ID | terminate ID --reason "
	"TEXT | "
	"complete ID",
	"Deliveries: what moves or has moved, and its suspension and end.", options,
	countof(options), run};
