#include "contract/agreement_body.h"

#include "base/limits.h"
#include "tests/tap.h"

#define D "\"aa00000000000000000000000000000000000000000000000000000000000000\""

static err read_text(struct ctx *c, const char *type, const char *text, struct agreement_body *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return agreement_body_read(c, str_z(type), j, ret);
}

static const struct {
	const char *type, *body;
	err want;
} cases[] = {
	{"agreement.accept", "{}", OK},
	{"agreement.accept", "{\"x\":1}", ERR_UNKNOWN_MEMBER},
	{"agreement.bid", "{}", OK},
	{"agreement.bid", "{\"terms\":{}}", ERR_UNKNOWN_MEMBER},
	{"agreement.accepted", "{\"peerPid\":\"p\"}", OK},
	{"agreement.accepted", "{}", ERR_MISSING_MEMBER},
	{"agreement.counter", "{}", OK},
	{"agreement.countered",
		"{\"peerPid\":\"p\",\"offer\":\"o\",\"product\":\"q\",\"terms\":{},\"message\":" D
		"}",
		OK},
	{"agreement.countered", "{\"peerPid\":\"p\",\"offer\":\"o\"}", ERR_MISSING_MEMBER},
	{"agreement.policy", "{\"decides\":\"person\"}", OK},
	{"agreement.policy", "{\"decides\":\"nobody\"}", ERR_BAD_VALUE},
	{"agreement.final", "{}", OK},
	{"agreement.terminate", "{\"code\":\"c\",\"reason\":\"r\"}", OK},
	{"agreement.terminate", "{\"code\":\"c\"}", ERR_MISSING_MEMBER},
	{"agreement.conclude", "{\"origin\":\"b/log\"}", OK},
	{"agreement.conclude", "{\"origin\":\"b/log\",\"document\":" D "}", ERR_MISSING_MEMBER},
	{"agreement.conclude", "{\"origin\":\"b/log\",\"signatures\":{}}", ERR_MISSING_MEMBER},
	{"agreement.conclude",
		"{\"origin\":\"b/log\",\"document\":" D ",\"signatures\":{\"provider\":" D
		",\"consumer\":" D "}}",
		OK},
	{"agreement.conclude",
		"{\"origin\":\"b/log\",\"document\":" D ",\"signatures\":{\"witness\":" D "}}",
		ERR_UNKNOWN_MEMBER},
	{"agreement.conclude",
		"{\"origin\":\"b/log\",\"document\":" D ",\"signatures\":{\"consumer\":\"aa\"}}",
		ERR_BAD_VALUE},
	{"agreement.final", "{\"place\":{\"origin\":\"a\",\"index\":3,\"leaf\":" D "}}", OK},
	{"agreement.final", "{\"place\":{\"origin\":\"a\",\"index\":-1,\"leaf\":" D "}}",
		ERR_BAD_VALUE},
	{"agreement.final", "{\"place\":{\"origin\":\"a\",\"index\":3}}", ERR_MISSING_MEMBER},
	{"agreement.seen",
		"{\"peerPid\":\"p\",\"agreement\":\"urn:x\",\"agreed\":\"2026-11-24T03:00:00."
		"123Z\","
		"\"policy\":" D "}",
		OK},
	{"agreement.seen",
		"{\"peerPid\":\"p\",\"agreement\":\"urn:x\",\"agreed\":\"yesterday\",\"policy\":" D
		"}",
		ERR_BAD_VALUE},
	{"delivery.start", "{}", ERR_BAD_VALUE},
};

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct agreement_body b;
	for (size_t i = 0; i < countof(cases); i++)
		is_int(read_text(&c, cases[i].type, cases[i].body, &b), cases[i].want,
			"%s, case %zu", cases[i].type, i);
	ok(read_text(&c, "agreement.conclude", cases[17].body, &b) == OK && b.has_document &&
			b.provider_signature.b[0] == 0xaa && b.consumer_signature.b[0] == 0xaa,
		"digests are read");
	ok(read_text(&c, "agreement.seen", cases[23].body, &b) == OK && b.agreed_ms % 1000 == 123 &&
			!b.has_document && b.open_until_ms == 0,
		"times are read");
	ok(read_text(&c, "agreement.final", cases[20].body, &b) == OK && b.from.known &&
			b.from.index == 3,
		"a place is read");
	struct str text;
	ok(json_canonical(&c, place_json(&c, &b.from), LIMIT_TEXT, &text) == OK &&
			str_starts(text, STR("{\"index\":3,\"leaf\":\"aa00")),
		"and written");
	return done_testing();
}
