#include "delivery/delivery_body.h"

#include "base/limits.h"
#include "tests/tap.h"

#define D "\"aa00000000000000000000000000000000000000000000000000000000000000\""
#define SIGNED_BY(side) "\"document\":" D ",\"signatures\":{\"" side "\":" D "}"

static err read_text(struct ctx *c, const char *type, const char *text, struct delivery_body *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return delivery_body_read(c, str_z(type), j, ret);
}

static const struct {
	const char *type, *body;
	err want;
} cases[] = {
	{"delivery.ask", "{\"agreement\":\"g\",\"party\":\"p\",\"origin\":\"b/log\"}", OK},
	{"delivery.ask", "{\"agreement\":\"g\",\"party\":\"p\"}", ERR_MISSING_MEMBER},
	{"delivery.ask",
		"{\"agreement\":\"g\",\"party\":\"p\",\"origin\":\"b/log\",\"document\":" D "}",
		ERR_MISSING_MEMBER},
	{"delivery.ask",
		"{\"agreement\":\"g\",\"party\":\"p\",\"origin\":\"b/log\",\"token\":" D "}",
		ERR_UNKNOWN_MEMBER},
	{"delivery.start", "{" SIGNED_BY("provider") ",\"token\":" D ",\"origin\":\"a/log\"}", OK},
	{"delivery.start", "{" SIGNED_BY("provider") ",\"origin\":\"a/log\"}", ERR_MISSING_MEMBER},
	{"delivery.start", "{" SIGNED_BY("witness") ",\"token\":" D ",\"origin\":\"a/log\"}",
		ERR_BAD_VALUE},
	{"delivery.receive",
		"{" SIGNED_BY("consumer") ",\"origin\":\"b/log\",\"result\":\"complete\","
					  "\"ranges\":[[0,9]]}",
		OK},
	{"delivery.receive",
		"{" SIGNED_BY("consumer") ",\"origin\":\"b/log\",\"result\":\"complete\","
					  "\"ranges\":[[9,0]]}",
		ERR_BAD_VALUE},
	{"delivery.receive",
		"{" SIGNED_BY("consumer") ",\"origin\":\"b/log\",\"result\":\"partly\","
					  "\"ranges\":[]}",
		ERR_BAD_VALUE},
	{"delivery.terminate", "{\"by\":\"us\",\"reason\":\"r\"}", OK},
	{"delivery.terminate", "{\"by\":\"them\",\"reason\":\"r\"}", ERR_BAD_VALUE},
	{"delivery.terminate", "{\"reason\":\"r\"}", ERR_MISSING_MEMBER},
	{"delivery.giveback", "{}", OK},
	{"delivery.giveback", "{\"n\":2}", ERR_UNKNOWN_MEMBER},
	{"delivery.acknowledged", "{\"place\":{\"origin\":\"a/log\",\"index\":3,\"leaf\":" D "}}",
		OK},
	{"delivery.acknowledged", "{\"place\":{\"origin\":\"a/log\",\"index\":-3,\"leaf\":" D "}}",
		ERR_BAD_VALUE},
	{"agreement.final", "{}", ERR_BAD_VALUE},
};

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct delivery_body b;
	struct hash document = {{1}}, signature = {{2}};
	struct json *o = json_object(&c);
	struct str text;
	for (size_t i = 0; i < countof(cases); i++)
		is_int(read_text(&c, cases[i].type, cases[i].body, &b), cases[i].want,
			"%s, case %zu", cases[i].type, i);
	ok(read_text(&c, "delivery.start", cases[4].body, &b) == OK && b.has_document &&
			b.signature.b[0] == 0xaa && b.token.b[0] == 0xaa,
		"digests are read");
	ok(read_text(&c, "delivery.acknowledged", cases[15].body, &b) == OK && b.from.known &&
			b.from.index == 3 && !b.has_document,
		"a place is read");
	delivery_body_sign(&c, &o, &document, "consumer", &signature);
	ok(json_canonical(&c, o, LIMIT_TEXT, &text) == OK &&
			str_starts(text, STR("{\"document\":\"0100")) &&
			str_find_str(text, STR("\"signatures\":{\"consumer\":\"0200")) < text.n,
		"a document and its signature are written");
	return done_testing();
}
