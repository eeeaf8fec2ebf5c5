#include "proof/verdict.h"

#include "proof/fixture_test.h"
#include "tests/tap.h"

static bool says(struct str text, const char *what)
{
	return str_find_str(text, str_z(what)) < text.n;
}

static void table(void)
{
	for (int m = 0; m < SAY_COUNT; m++) {
		const char *en = verdict_say(VERDICT_EN, (enum verdict_message)m);
		const char *zh = verdict_say(VERDICT_ZH, (enum verdict_message)m);
		ok(*en != '\0' && *zh != '\0' && strcmp(en, zh) != 0, "message %d: %s", m, en);
		ok(str_is_utf8(str_z(zh)), "message %d is UTF-8", m);
	}
	for (int l = 0; l < LABEL_COUNT; l++)
		is_str(verdict_say(VERDICT_EN, (enum verdict_message)(SAY_CLAIMED + l)),
			label_name((enum label)l), "one word a label");
}

static void told(struct ctx *c)
{
	struct fixture f = {.c = c};
	struct invoice_file v;
	struct str text = fixture_file(&f), out = {0};
	is_int(invoice_verify(c, text, &v), OK, "a file");
	is_int(verdict_text(c, &v, VERDICT_EN, &out), OK, "in English");
	ok(str_starts(out, STR("recorded: provider and consumer have both signed")),
		"the label first, and what it means");
	ok(says(out, "10000.01 + 600.00"), "the amount");
	ok(says(out, "6, s.example/log, 2026-11-24T03:02:00.000Z"), "as of which head");
	ok(says(out, "6, b.example/log, "), "of both logs");
	ok(says(out, "not excluded") && says(out, "who holds them is not proved"), "the limits");
	is_int(verdict_text(c, &v, VERDICT_ZH, &out), OK, "in Chinese");
	ok(str_starts(out, STR("双方已存证: ")), "the label first");
	ok(says(out, "本凭证不是税务发票,不得用于抵扣、税前扣除或报销"), "no tax invoice");
	is_int(verdict_json(c, &v, &out), OK, "in JSON");
	const struct json *j;
	is_int(json_parse_canonical(c, out, &j), OK, "canonical");
	ok(str_is(json_text(json_get(j, "label")), "recorded"), "with the label");
	is_int((intmax_t)json_get(j, "heads")->n, 2, "and both heads");
	is_int(invoice_verify(c, STR("{}"), &v), ERR_MISSING_MEMBER, "no file");
	is_int(verdict_text(c, &v, VERDICT_EN, &out), OK, "is told");
	ok(str_starts(out, STR("NOT PROVED: canonical file: ")), "with the check");
	is_int(verdict_json(c, &v, &out), OK, "to programs too");
	(void)fail(c, ERR_BAD_VALUE, "cut\xe6\x95");
	is_int(verdict_json(c, &v, &out), OK, "of a detail that was cut");
	ok(says(out, "\"detail\":\"cut\""), "whole characters are told");
	ok(says(out, "\"ok\":false") && says(out, "\"check\":\"canonical file\""),
		"with the check");
}

/* Where it stands beside its label, and what that means for who requires a label. */
static void standings(struct ctx *c)
{
	struct fixture f = {.c = c};
	struct invoice_file v;
	struct str text = fixture_file(&f), out = {0};
	const struct json *j;
	is_int(invoice_verify(c, text, &v), OK, "a file");
	v.later = (struct standing){.corrected = true,
		.disputed = true,
		.contested = true,
		.has_replacement = true,
		.net = 12345,
		.tax = 678,
		.reason = STR("fewer \"lines\"\x1b"),
		.state = STR("disputed"),
		.at = STR("2026-11-25T00:00:00.000Z"),
		.origin = STR("s.example/log")};
	is_int(verdict_text(c, &v, VERDICT_EN, &out), OK, "in English");
	ok(str_starts(out, STR("recorded; corrected; disputed; contested: ")), "all words: %.*s",
		FMT(str_sub(out, 0, 60)));
	ok(says(out, "now due, net + tax, CNY: 123.45 + 6.78"), "what is due now");
	ok(says(out, "fewer \"lines\"?\n") && says(out, "with the digest: 0000"),
		"why, and instead");
	ok(says(out, "disputed, 2026-11-25T00:00:00.000Z, s.example/log"), "the status");
	ok(invoice_meets(&v, LABEL_RECORDED), "the signatures stand");
	is_int(verdict_text(c, &v, VERDICT_ZH, &out), OK, "in Chinese");
	ok(str_starts(out, STR("双方已存证; 已更正; 有争议; 有异议: ")), "the words of PROTOCOL");
	is_int(verdict_json(c, &v, &out), OK, "in JSON");
	is_int(json_parse_canonical(c, out, &j), OK, "canonical");
	ok(json_get(j, "disputed")->type == JSON_TRUE && json_get(j, "void")->type == JSON_FALSE &&
			str_is(json_text(json_get(json_get(j, "status"), "state")), "disputed"),
		"with the words");
	v.later = (struct standing){.simulated = true};
	ok(verdict_text(c, &v, VERDICT_EN, &out) == OK &&
			str_starts(out, STR("recorded; SIMULATED, of no effect: ")) &&
			!invoice_meets(&v, LABEL_CLAIMED),
		"what is simulated says so and meets nothing");
	v.later = (struct standing){.corrected = true, .voids = true};
	v.trusted = v.delivered_file = true;
	is_int(verdict_text(c, &v, VERDICT_EN, &out), OK, "void");
	ok(str_starts(out, STR("recorded; corrected; void: ")), "is said");
	ok(says(out, "those of the list given") && says(out, "is the object") &&
			!says(out, "who holds them"),
		"and what was compared");
	ok(!invoice_meets(&v, LABEL_CLAIMED) && invoice_reaches(&v, LABEL_RECORDED),
		"but meets nothing that is required");
	v.later = (struct standing){.withdrawn = true};
	ok(!invoice_meets(&v, LABEL_CLAIMED), "nor does what was withdrawn");
}

static void terminal(struct ctx *c)
{
	struct fixture f = {.c = c,
		.link = true,
		.path = "G/provider/name",
		.value = json_z(c, "A\x1b[2J\n\xc2\x9b"
				   "B\xe6\x95\xb0")};
	struct invoice_file v;
	struct str out = {0};
	is_int(invoice_verify(c, fixture_file(&f), &v), ERR_BAD_VALUE, "a name bent in G alone");
	is_int(verdict_text(c, &v, VERDICT_EN, &out), OK, "is told");
	ok(str_find(out, '\x1b') == out.n && str_find(out, '\n') == out.n - 1, "on one line");
	f = (struct fixture){.c = c, .link = true};
	is_int(invoice_verify(c, fixture_file(&f), &v), OK, "by link");
	v.g.provider.name = STR("A\x1b[2J\n\xc2\x9b"
				"B\xe6\x95\xb0");
	is_int(verdict_text(c, &v, VERDICT_EN, &out), OK, "is told");
	ok(says(out, "provider: A?[2J??B\xe6\x95\xb0\n"), "no control character passes");
	ok(says(out, "no receipt") && says(out, "has not signed"), "what is missing");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	table();
	told(&c);
	standings(&c);
	terminal(&c);
	arena_free(c.arena);
	return done_testing();
}
