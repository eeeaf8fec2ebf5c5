#include "paper/sheet.h"

#include "base/limits.h"
#include "tests/tap.h"

#define HEAD \
	"{\"v\":1,\"kind\":\"sheet\",\"title\":\"T\",\"date\":\"2026-11-24T03:00:00.000Z\"," \
	"\"blocks\":["

static void refused(const char *text, err want, const char *what)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct sheet s;
	is_int(sheet_read(&c, str_z(text), &s), want, "%s", what);
}

static void whole(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct sheet s;
	const char *text = HEAD
		"{\"type\":\"heading\",\"text\":\"h\",\"note\":\"n\"},"
		"{\"type\":\"text\",\"text\":\"t\"},"
		"{\"type\":\"clause\",\"label\":\"1\",\"text\":\"t\"},"
		"{\"type\":\"facts\",\"rows\":[{\"name\":\"a\",\"value\":\"b\",\"code\":true}]},"
		"{\"type\":\"table\",\"columns\":[{\"name\":\"a\",\"width\":1}],\"rows\":[[\"x\"]]}"
		","
		"{\"type\":\"notice\",\"text\":\"t\",\"strong\":true},"
		"{\"type\":\"qr\",\"payload\":\"p\",\"text\":\"t\"},"
		"{\"type\":\"sign\",\"rows\":[{\"name\":\"a\",\"value\":\"b\"}]}]}";
	is_int(sheet_read(&c, str_z(text), &s), OK, "each kind of block is read");
	is_int((intmax_t)s.n, SHEET_KINDS, "all of them");
	for (size_t i = 0; i < s.n; i++)
		is_int(s.blocks[i].kind, (intmax_t)i, "in their order: %zu", i);
	ok(s.blocks[3].facts[0].code && str_is(s.blocks[3].facts[0].value, "b"), "a fact");
	is_int((intmax_t)s.blocks[4].columns_n, 1, "a column");
	ok(s.blocks[5].strong, "a strong notice");
}

int main(void)
{
	whole();
	refused("[]", ERR_BAD_VALUE, "no object");
	refused("{", ERR_MALFORMED, "no JSON");
	refused("{\"v\":1,\"kind\":\"sheet\",\"title\":\"T\",\"blocks\":[]}", ERR_MISSING_MEMBER,
		"without date");
	refused("{\"v\":2,\"kind\":\"sheet\",\"title\":\"T\",\"date\":\"2026-11-24T03:00:00.000Z\","
		"\"blocks\":[]}",
		ERR_BAD_VALUE, "another version");
	refused(HEAD "],\"x\":1}", ERR_UNKNOWN_MEMBER, "an unknown member");
	refused(HEAD "{\"type\":\"image\",\"text\":\"/etc/passwd\"}]}", ERR_BAD_VALUE,
		"an unknown type");
	refused(HEAD "{\"text\":\"t\"}]}", ERR_MISSING_MEMBER, "a block without type");
	refused(HEAD "{\"type\":\"text\",\"text\":\"t\",\"label\":\"x\"}]}", ERR_UNKNOWN_MEMBER,
		"a member of another block");
	refused(HEAD "{\"type\":\"text\",\"text\":\"a\\u202eb\"}]}", ERR_BAD_VALUE,
		"an override of direction");
	refused(HEAD "{\"type\":\"text\",\"text\":\"a\\u001bb\"}]}", ERR_BAD_VALUE, "a control");
	refused(HEAD
		"{\"type\":\"table\",\"columns\":[{\"name\":\"a\",\"width\":1}],\"rows\":[[]]}]}",
		ERR_BAD_VALUE, "a row that is too short");
	refused(HEAD
		"{\"type\":\"table\",\"columns\":[{\"name\":\"a\",\"width\":1}],\"rows\":[[1]]}]}",
		ERR_BAD_VALUE, "a cell that is no text");
	refused(HEAD
		"{\"type\":\"table\",\"columns\":[{\"name\":\"a\",\"width\":0}],\"rows\":[]}]}",
		ERR_BAD_VALUE, "a column without width");
	refused(HEAD "{\"type\":\"table\",\"columns\":[],\"rows\":[]}]}", ERR_BAD_VALUE,
		"no column");
	return done_testing();
}
