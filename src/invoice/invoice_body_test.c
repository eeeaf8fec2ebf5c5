#include "invoice/invoice_body.h"

#include "base/limits.h"
#include "tests/tap.h"

#define D "\"aa00000000000000000000000000000000000000000000000000000000000000\""
#define WHOLE \
	"\"party\":\"did:web:b\",\"serial\":\"s\",\"delivery\":\"d\",\"agreement\":\"g\"," \
	"\"due\":{\"net\":5,\"rate\":600,\"tax\":0},\"document\":" D
#define SHOWN ",\"peerEntry\":" D ",\"head\":{}"

static err read_text(struct ctx *c, const char *type, const char *text, struct invoice_body *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return invoice_body_read(c, str_z(type), j, ret);
}

static const struct {
	const char *type, *body;
	err want;
} cases[] = {
	{"invoice.issue", "{" WHOLE ",\"signatures\":{\"provider\":" D "}}", OK},
	{"invoice.issue", "{" WHOLE ",\"receipt\":" D ",\"signatures\":{}}", OK},
	{"invoice.issue", "{" WHOLE "}", ERR_MISSING_MEMBER},
	{"invoice.issue", "{" WHOLE ",\"signatures\":{},\"fault\":\"x\"}", ERR_UNKNOWN_MEMBER},
	{"invoice.received", "{" WHOLE ",\"signatures\":{}}", ERR_MISSING_MEMBER},
	{"invoice.received", "{" WHOLE ",\"signatures\":{},\"fault\":\"x\"" SHOWN "}", OK},
	{"invoice.accept", "{\"document\":" D ",\"signatures\":{\"witness\":" D "}}",
		ERR_UNKNOWN_MEMBER},
	{"invoice.accept", "{\"document\":" D ",\"signatures\":{\"consumer\":\"aa\"}}",
		ERR_BAD_VALUE},
	{"invoice.accept",
		"{\"document\":" D ",\"signatures\":{\"consumer\":" D ",\"provider\":" D "}}", OK},
	{"invoice.dispute", "{\"document\":" D ",\"signatures\":{}}", ERR_MISSING_MEMBER},
	{"invoice.dispute", "{\"document\":" D ",\"signatures\":{},\"reason\":\"r\"}", OK},
	{"invoice.correct",
		"{\"correction\":\"x\",\"corrects\":" D ",\"void\":true,\"due\":{\"net\":-5,"
		"\"rate\":600,\"tax\":0},\"reason\":\"r\",\"document\":" D ",\"signatures\":{}}",
		OK},
	{"invoice.correct",
		"{\"correction\":\"x\",\"corrects\":" D ",\"void\":true,\"due\":{\"net\":-5},"
		"\"reason\":\"r\",\"document\":" D ",\"signatures\":{}}",
		ERR_MISSING_MEMBER},
	{"invoice.decline", "{\"correction\":\"x\",\"reason\":\"r\"}", OK},
	{"invoice.policy", "{\"acceptance\":\"person\"}", OK},
	{"invoice.policy", "{\"acceptance\":\"never\"}", ERR_BAD_VALUE},
	{"invoice.pay", "{}", ERR_BAD_VALUE},
};

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct invoice_body b;
	for (size_t i = 0; i < countof(cases); i++)
		is_int(read_text(&c, cases[i].type, cases[i].body, &b), cases[i].want,
			"%s, case %zu", cases[i].type, i);
	ok(read_text(&c, "invoice.issue", cases[0].body, &b) == OK && b.due.net == 5 &&
			b.due.rate == 600 && b.has_provider && !b.has_consumer && !b.has_receipt,
		"amounts and signatures are read");
	ok(read_text(&c, "invoice.issue", cases[1].body, &b) == OK && b.has_receipt,
		"a receipt is seen");
	ok(read_text(&c, "invoice.correct", cases[11].body, &b) == OK && b.voids && b.due.net == -5,
		"what a correction changes may be negative");
	return done_testing();
}
