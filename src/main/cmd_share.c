/* shugu share: a product for a person without a node, by a link. */
#include <qrencode.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"

static const struct option_row options[] = {
	LISTING_CSV,
	{"to", OPTION_TEXT, "NAME          for whom the link is, as you call him"},
	{"count", OPTION_TEXT, "N          how often it may be taken (default 1)"},
	{"days", OPTION_TEXT, "N           how long it is good (default 7)"},
	{"reason", OPTION_TEXT, "TEXT      why, with revoke"},
	{"no-qr", OPTION_FLAG, "prints no QR code"},
};

/* Two rows of modules a line, with the quiet zone of four that readers want. */
static void print_qr(const char *text)
{
	static const char *const blocks[] = {"\xe2\x96\x88", "\xe2\x96\x80", "\xe2\x96\x84", " "};
	QRcode *qr = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (qr == NULL)
		return;
	const int quiet = 4, width = qr->width;
	for (int y = -quiet; y < width + quiet; y += 2) {
		for (int x = -quiet; x < width + quiet; x++) {
			unsigned dark = 0;
			for (int i = 0; i < 2; i++) {
				bool inside = x >= 0 && x < width && y + i >= 0 && y + i < width;
				dark = dark << 1 |
				       (inside ? qr->data[(y + i) * width + x] & 1u : 0u);
			}
			fputs(blocks[dark == 1 ? 1 : dark == 2 ? 2 : dark], stdout);
		}
		putchar('\n');
	}
	QRcode_free(qr);
}

static err run_make(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	int64_t count = 1, days = 7;
	ENSURE(o->n == 1 && option_set(o, "to"), c, ERR_USAGE,
		"share needs a PRODUCT and --to NAME");
	json_set_str(c, &body, "product", str_z(o->arguments[0]));
	json_set_str(c, &body, "to", str_z(option(o, "to")));
	TRY(option_number(c, o, "count", LIMIT_SHARE_COUNT, &count));
	TRY(option_number(c, o, "days", LIMIT_SHARE_MS / 86400000, &days));
	json_set_num(c, &body, "count", count);
	json_set_num(c, &body, "days", days);
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", STR("/api/v1/shares"), body, &answer));
	if (o->json)
		return command_print(c, answer);
	struct str url = json_text(json_get(answer, "url"));
	printf("%.*s\nfor %s, %lld taking(s), until %.*s; shugu share revoke %.*s ends it\n",
		FMT(url), option(o, "to"), (long long)table_int(answer, "count"),
		FMT(json_text(json_get(answer, "until"))), FMT(json_text(json_get(answer, "id"))));
	if (isatty(STDOUT_FILENO) && !option_set(o, "no-qr"))
		print_qr(arena_z(c->arena, url));
	return OK;
}

static const char *const heads[] = {"FOR", "PRODUCT", "STATE", ">TAKEN", ">OF", "UNTIL", "ID"};

static err print_row(struct ctx *c, struct table *t, const struct json *s, void *arg)
{
	struct str cells[countof(heads)] = {json_text(json_get(s, "to")),
		json_text(json_get(s, "productName")), json_text(json_get(s, "state"))};
	(void)arg;
	TRY(table_number(c, table_int(s, "taken"), &cells[3]));
	TRY(table_number(c, table_int(s, "count"), &cells[4]));
	cells[5] = table_time(json_text(json_get(s, "until")));
	cells[6] = json_text(json_get(s, "id"));
	return table_row(c, t, cells);
}

static const struct listing listing = {.path = "/api/v1/shares",
	.member = "shares",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "There is no link: shugu share PRODUCT --to NAME makes one.",
	.row = print_row};

static err run_list(struct ctx *c, const struct options *o)
{
	struct control *k;
	ENSURE(o->n == 1, c, ERR_USAGE, "share list takes no argument");
	TRY(control_open(c, o->data, &k));
	if (!o->json)
		return listing_print(c, k, &listing, o);
	return listing_json(c, k, &listing, listing.member);
}

static err run_revoke(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 2 && option_set(o, "reason"), c, ERR_USAGE,
		"share revoke needs the ID of the link and --reason");
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/shares/%.*s/revoke", FMT(segment)));
	json_set_str(c, &body, "reason", str_z(option(o, "reason")));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%s gives nothing more\n", o->arguments[1]);
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	if (o->n > 0 && strcmp(o->arguments[0], "list") == 0)
		return run_list(c, o);
	if (o->n > 0 && strcmp(o->arguments[0], "revoke") == 0)
		return run_revoke(c, o);
	return run_make(c, o);
}

const struct command cmd_share = {"share",
	"PRODUCT --to NAME | list [--csv] | revoke ID --reason TEXT",
	"A link to a product for a person without a node.", options, countof(options), run};
