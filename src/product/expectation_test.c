#include "product/expectation.h"

#include <string.h>

#include "base/buf.h"
#include "tests/tap.h"

static const uint8_t key[SHORTHASH_KEY] = "a key of tests.";

static err read_text(struct ctx *c, const char *text, struct expectation **ret)
{
	return expectation_read(c, str_z(text), key, ret);
}

#define HEAD "{\"v\":1,\"kind\":\"expectation\","
#define A "{\"name\":\"a\"}"
#define COLUMN(members) HEAD "\"columns\":[" A ",{\"name\":\"b\"," members "}]}"
#define BESIDE(members) HEAD "\"columns\":[" A "]," members "}"

static void columns(const struct expectation *x)
{
	const struct expected_column *b = &x->columns[1];
	ok(x->columns_n == 2 && str_is(b->title, "B") && b->type == TYPE_DATE, "columns");
	ok(b->format == FORMAT_DATE && b->pattern != NULL && b->required && b->secure,
		"their form");
	ok(b->min->kind == ORDERED_TIME && b->scale == 2 && b->length_max == 3, "bounds");
	ok(keyset_has(b->values, shorthash_of(key, STR("1"))) &&
			!keyset_has(b->values, shorthash_of(key, STR("y"))),
		"values");
	ok(keyset_has(b->list, shorthash_of(key, STR("y"))), "a list");
	ok(b->same == 0 && b->refers == 1 && b->order == ORDER_FALLING, "other columns");
	ok(b->has_period && b->from_ms == -86400000 && b->to_ms == 86399999, "a period");
	is_int(b->timely_days, 7, "days");
}

static void whole(struct ctx *c)
{
	struct expectation *x = NULL;
	const char *text = HEAD "\"title\":\"Orders\",\"columns\":[" A
				",{\"name\":\"b\",\"title\":\"B\",\"type\":\"date\",\"format\":"
				"\"date\",\"pattern\":\"9\",\"min\":"
				"\"2026-01-01\",\"max\":\"2026-02-01\",\"scale\":2,\"length\":{"
				"\"min\":1,\"max\":3},\"required\":"
				"true,\"unique\":true,\"values\":[\"x\",1],\"list\":\"l\","
				"\"security\":\"no-identifiers\",\"same\":"
				"\"a\",\"refers\":\"b\",\"order\":\"falling\",\"period\":{\"from\":"
				"\"1969-12-31\",\"to\":"
				"\"1970-01-01\"},\"timely\":{\"days\":7}}],\"lists\":{\"l\":{"
				"\"source\":\"s\",\"values\":[\"y\"]}},"
				"\"unique\":[[\"a\",\"b\"]],\"rules\":[{\"name\":\"r\",\"left\":"
				"\"a\",\"is\":\"<=\",\"right\":\"b\","
				"\"when\":{\"column\":\"b\",\"is\":\"=\",\"value\":\"2026-01-01\"}}"
				"],\"rows\":{\"expected\":9},"
				"\"others\":false,\"readable\":true,\"lifetime\":{\"from\":\"2026-"
				"01-01\",\"to\":\"2026-01-01\"}}";
	is_int(read_text(c, text, &x), OK, "all members: %s", c->trouble.detail);
	if (x == NULL)
		return;
	columns(x);
	ok(x->keys_n == 2 && x->keys[0].n == 1 && x->keys[0].columns[0] == 1,
		"a key of one column");
	ok(x->keys[1].n == 2 && x->keys[1].columns[1] == 1, "and of two");
	ok(x->rules_n == 1 && x->rules[0].is == IS_AT_MOST && x->rules[0].right == 1, "a rule");
	ok(x->rules[0].when == 1 && x->rules[0].when_value.kind == ORDERED_TIME, "and when");
	ok(x->rows == 9 && !x->others && x->readable && x->has_lifetime, "the rest");
	struct hash digest = hash_of(str_z(text));
	ok(hash_eq(&x->digest, &digest), "and the digest of its bytes");
}

static const struct {
	const char *text;
	err code;
	const char *why;
} bad[] = {
	{"[]", ERR_BAD_VALUE, "an object"},
	{"{", ERR_MALFORMED, "byte"},
	{"{\"v\":2,\"kind\":\"expectation\",\"columns\":[" A "]}", ERR_BAD_VALUE, "v is 1"},
	{"{\"v\":1,\"kind\":\"quality\",\"columns\":[" A "]}", ERR_BAD_VALUE, "kind"},
	{"{\"v\":1,\"kind\":\"expectation\"}", ERR_MISSING_MEMBER, "columns"},
	{HEAD "\"columns\":[]}", ERR_BAD_VALUE, "columns: 1 to"},
	{HEAD "\"columns\":[{}]}", ERR_MISSING_MEMBER, "column ?: 'name'"},
	{HEAD "\"columns\":[" A "," A "]}", ERR_CONFLICT, "column a: it is declared twice"},
	{BESIDE("\"color\":1"), ERR_UNKNOWN_MEMBER, "'color'"},
	{BESIDE("\"others\":1"), ERR_BAD_VALUE, "others"},
	{BESIDE("\"readable\":1"), ERR_BAD_VALUE, "readable"},
	{BESIDE("\"rows\":{\"expected\":0}"), ERR_BAD_VALUE, "rows: expected"},
	{BESIDE("\"lifetime\":{\"from\":\"2026-01-02\",\"to\":\"2026-01-01\"}"), ERR_BAD_VALUE,
		"lifetime"},
	{BESIDE("\"lifetime\":{\"from\":\"2026-02-30\",\"to\":\"2026-03-01\"}"), ERR_BAD_VALUE,
		"lifetime"},
	{BESIDE("\"unique\":[[\"z\"]]"), ERR_BAD_VALUE, "unique: there is no column \"z\""},
	{BESIDE("\"unique\":[[]]"), ERR_BAD_VALUE, "unique"},
	{BESIDE("\"unique\":[\"a\"]"), ERR_BAD_VALUE, "unique"},
	{BESIDE("\"lists\":{\"l\":{\"values\":[\"x\"]}}"), ERR_MISSING_MEMBER, "list l: 'source'"},
	{BESIDE("\"lists\":{\"l\":{\"source\":\"s\",\"values\":[]}}"), ERR_BAD_VALUE,
		"list l: values"},
	{BESIDE("\"rules\":[{\"name\":\"r\",\"left\":\"a\",\"is\":\"~\",\"right\":\"a\"}]"),
		ERR_BAD_VALUE, "rule r: "},
	{BESIDE("\"rules\":[{\"name\":\"r\",\"left\":\"a\",\"is\":\"=\"}]"), ERR_BAD_VALUE,
		"rule r: it has right"},
	{BESIDE("\"rules\":[{\"name\":\"r\",\"left\":\"a\",\"is\":\"=\",\"right\":\"a\",\"value\":"
		"1}]"),
		ERR_BAD_VALUE, "not both"},
	{BESIDE("\"rules\":[{\"name\":\"r\",\"left\":\"z\",\"is\":\"=\",\"value\":1}]"),
		ERR_BAD_VALUE, "rule r: left"},
	{BESIDE("\"rules\":[{\"name\":\"r\",\"left\":\"a\",\"is\":\"=\",\"value\":1,\"when\":{"
		"\"column\":\"z\","
		"\"is\":\"=\",\"value\":1}}]"),
		ERR_BAD_VALUE, "rule r: when: column"},
	{COLUMN("\"type\":\"float\""), ERR_BAD_VALUE, "column b: "},
	{COLUMN("\"format\":\"ssn\""), ERR_BAD_VALUE, "column b: "},
	{COLUMN("\"pattern\":\"(b+)+\""), ERR_BAD_VALUE, "column b: pattern: write \\b"},
	{COLUMN("\"pattern\":\"9{64}\""), ERR_BAD_VALUE, "column b: pattern: "},
	{COLUMN("\"min\":\"low\""), ERR_BAD_VALUE, "column b: min"},
	{COLUMN("\"min\":null"), ERR_BAD_VALUE, "column b: min"},
	{COLUMN("\"min\":5,\"max\":4"), ERR_BAD_VALUE, "column b: min is above max"},
	{COLUMN("\"min\":5,\"max\":\"2026-01-01\""), ERR_BAD_VALUE, "column b: min is above max"},
	{COLUMN("\"type\":\"date\",\"max\":5"), ERR_BAD_VALUE, "column b: max"},
	{COLUMN("\"scale\":-1"), ERR_BAD_VALUE, "column b: scale"},
	{COLUMN("\"scale\":1.5"), ERR_BAD_VALUE, "column b: scale"},
	{COLUMN("\"length\":{\"min\":3,\"max\":2}"), ERR_BAD_VALUE, "column b: length"},
	{COLUMN("\"length\":{\"most\":2}"), ERR_UNKNOWN_MEMBER, "column b: length: 'most'"},
	{COLUMN("\"values\":[]"), ERR_BAD_VALUE, "column b: values"},
	{COLUMN("\"values\":[true]"), ERR_BAD_VALUE, "column b: values"},
	{COLUMN("\"list\":\"l\""), ERR_BAD_VALUE, "column b: list: there is no \"l\""},
	{COLUMN("\"security\":\"none\""), ERR_BAD_VALUE, "column b: "},
	{COLUMN("\"same\":\"b\""), ERR_BAD_VALUE, "column b: same"},
	{COLUMN("\"refers\":\"z\""), ERR_BAD_VALUE, "column b: refers"},
	{COLUMN("\"order\":\"up\""), ERR_BAD_VALUE, "column b: "},
	{COLUMN("\"period\":{\"from\":\"2026-01-01\"}"), ERR_MISSING_MEMBER,
		"column b: period: 'to'"},
	{COLUMN("\"timely\":{\"days\":-1}"), ERR_BAD_VALUE, "column b: timely"},
};

static void refused(struct ctx *c)
{
	for (size_t i = 0; i < countof(bad); i++) {
		struct expectation *x = NULL;
		err e = read_text(c, bad[i].text, &x);
		struct str said = str_z(c->trouble.detail);
		is_int(e, bad[i].code, "%s", bad[i].text);
		ok(str_find_str(said, str_z(bad[i].why)) < said.n, "'%.*s' says %s", FMT(said),
			bad[i].why);
	}
}

/* One more key than LIMIT_EXPECTATION_KEYS, one more rule than LIMIT_EXPECTATION_RULES. */
static void limits(struct ctx *c)
{
	for (unsigned more = 0; more < 2; more++) {
		struct expectation *x = NULL;
		struct buf b;
		buf_init(&b, c->arena, 65536);
		buf_z(&b, HEAD "\"columns\":[" A "],\"unique\":[");
		for (unsigned i = 0; i < LIMIT_EXPECTATION_KEYS + more; i++)
			buf_z(&b, i == 0 ? "[\"a\"]" : ",[\"a\"]");
		buf_z(&b, "],\"rules\":[");
		for (unsigned i = 0; i < LIMIT_EXPECTATION_RULES; i++)
			buf_fmt(&b, "%s{\"name\":\"r\",\"left\":\"a\",\"is\":\"=\",\"value\":%u}",
				i == 0 ? "" : ",", i);
		buf_z(&b, "]}");
		is_int(read_text(c, arena_z(c->arena, buf_str(&b)), &x), more ? ERR_TOO_LARGE : OK,
			"%u keys", LIMIT_EXPECTATION_KEYS + more);
		if (more == 0)
			is_int((long long)x->rules_n, LIMIT_EXPECTATION_RULES, "as many rules");
	}
	struct expectation *x = NULL;
	char *text = arena_alloc(c->arena, LIMIT_EXPECTATION + 2);
	memset(text, ' ', LIMIT_EXPECTATION + 1);
	const char *short_one = HEAD "\"columns\":[" A "]}";
	memcpy(text, short_one, strlen(short_one));
	struct str at = {text, LIMIT_EXPECTATION}, above = {text, LIMIT_EXPECTATION + 1};
	is_int(expectation_read(c, at, key, &x), OK, "the largest file");
	is_int(expectation_read(c, above, key, &x), ERR_TOO_LARGE, "one byte more");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	whole(&c);
	refused(&c);
	limits(&c);
	return done_testing();
}
