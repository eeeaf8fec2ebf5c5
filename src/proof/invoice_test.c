#include "proof/invoice.h"

#include "proof/fixture_test.h"
#include "tests/tap.h"

#define ARENA (64u << 20)

static err verify(struct ctx *c, struct fixture f, struct invoice_file *ret)
{
	f.c = c;
	struct str text = fixture_file(&f);
	return text.n == 0 ? ERR_MEMORY : invoice_verify(c, text, ret);
}

static void labels(void)
{
	static const struct {
		const char *what;
		struct fixture f;
		enum label label;
		bool delivered;
	} rows[] = {
		{"both logs", {0}, LABEL_RECORDED, true},
		{"without E(accept)", {.path = "core/accept"}, LABEL_ACCEPTED, true},
		{"without receipt", {.no_receipt = true}, LABEL_RECORDED, false},
		{"by link", {.link = true}, LABEL_CLAIMED, false},
		{"refused after a part", {.part = true}, LABEL_RECORDED, true},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct ctx c = {.arena = arena_new(ARENA)};
		struct invoice_file v;
		is_int(verify(&c, rows[i].f, &v), OK, "%s: %s", rows[i].what, c.trouble.detail);
		is_int(v.check, CHECK_NONE, "%s: every check passed", rows[i].what);
		is_int(v.label, rows[i].label, "%s: the label", rows[i].what);
		ok(invoice_meets(&v, LABEL_DELIVERED) == rows[i].delivered, "%s: delivered or not",
			rows[i].what);
		ok(invoice_meets(&v, LABEL_CLAIMED), "%s: at least claimed", rows[i].what);
		arena_free(c.arena);
	}
	enum label l = LABEL_CLAIMED;
	ok(label_parse(STR("recorded"), &l) && l == LABEL_RECORDED, "a label is read");
	ok(!label_parse(STR("witnessed"), &l), "and another word refused");
	is_str(label_name(LABEL_DELIVERED), "delivered", "and named");
}

/* Every single byte in its lowest bit, and every 16th also in the bits of letter case and of ASCII (all three of all
 * bytes take three times as long and find no more). */
static void every_byte(void)
{
	static const unsigned char flips[] = {0x01, 0x20, 0x80};
	struct ctx whole = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &whole};
	struct str text = fixture_file(&f);
	char *bent = arena_z(whole.arena, text);
	struct arena *a = arena_new(ARENA);
	size_t passed = 0, tried = 0, faults = 0;
	for (size_t i = 0; i < text.n; i++) {
		for (size_t k = 0; k < (i % 16 == 0 ? countof(flips) : 1); k++) {
			struct ctx c = {.arena = a};
			struct invoice_file v;
			bent[i] = (char)((unsigned char)text.p[i] ^ flips[k]);
			err e = invoice_verify(&c, (struct str){bent, text.n}, &v);
			if (e == OK)
				printf("# byte %zu by %02x passes\n", i, flips[k]);
			passed += e == OK;
			faults += e != OK && err_is_fault(e);
			tried++;
			arena_reset(a);
		}
		bent[i] = text.p[i];
	}
	ok(text.n > 5000 && tried >= text.n, "%zu bytes were bent", text.n);
	is_int(passed, 0, "no bent file passes");
	is_int(faults, 0, "and none is called our fault");
	size_t cut = 0;
	for (size_t n = 0; n < text.n; n += 7) {
		struct ctx c = {.arena = a};
		struct invoice_file v;
		cut += invoice_verify(&c, str_sub(text, 0, n), &v) == OK;
		arena_reset(a);
	}
	is_int(cut, 0, "no cut file passes");
	arena_free(a);
	arena_free(whole.arena);
}

struct lie {
	const char *path, *value; /* JSON, or NULL to take the member out */
	enum invoice_check check;
};

#define HEX0 "\"0000000000000000000000000000000000000000000000000000000000000000\""

static const struct lie lies[] = {
	{"file/v", "2", CHECK_FILE},
	{"file/kind", "\"invoice\"", CHECK_FILE},
	{"file/later", "[{}]", CHECK_LATER},
	{"file/later", "{}", CHECK_FILE},
	{"file/more", "1", CHECK_FILE},
	{"file/core", NULL, CHECK_FILE},
	{"core/more", "{}", CHECK_FILE},
	{"core/G", NULL, CHECK_FILE},
	{"core/Q", NULL, CHECK_FILE},
	{"core/M", NULL, CHECK_FILE},
	{"core/R", NULL, CHECK_FILE},
	{"core/I", NULL, CHECK_FILE},
	{"core/issue", NULL, CHECK_FILE},
	{"core/sigs", NULL, CHECK_FILE},
	{"sigs/G.provider", NULL, CHECK_FILE},
	{"sigs/G.consumer", NULL, CHECK_FILE},
	{"sigs/Q.consumer", NULL, CHECK_FILE},
	{"sigs/M.provider", NULL, CHECK_FILE},
	{"sigs/R.consumer", NULL, CHECK_FILE},
	{"sigs/I.provider", NULL, CHECK_FILE},
	{"sigs/I.consumer", NULL, CHECK_FILE},
	{"sigs/I.consumer", "\"\"", CHECK_FILE},
	{"sigs/R.provider", "\"x\"", CHECK_FILE},
	{"sigs/G.provider", "\"x..y\"", CHECK_SIGNATURES},
	{"G/v", "2", CHECK_FILE},
	{"G/kind", "\"request\"", CHECK_FILE},
	{"G/id", "\"01980000-0000-7000-8000-000000000001\"", CHECK_FILE},
	{"G/more", "1", CHECK_FILE},
	{"G/price/tax", "60001", CHECK_FILE},
	{"G/price/net", "-1", CHECK_FILE},
	{"G/price/currency", "\"USD\"", CHECK_FILE},
	{"G/consumer/key", NULL, CHECK_FILE},
	{"G/consumer/did", "\"did:web:s.example\"", CHECK_FILE},
	{"G/provider/kid", "\"did:web:t.example#key-1\"", CHECK_FILE},
	{"G/provider/key", "\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"", CHECK_FILE},
	{"G/provider/origin", "\"t.example/log\"", CHECK_FILE},
	{"G/consumer/log", "\"b.example/log+00000000+AQ==\"", CHECK_FILE},
	{"G/consumer/origin", "\"t.example/log\"", CHECK_FILE},
	{"G/object/chunk", "262143", CHECK_FILE},
	{"G/object/size", "786431", CHECK_CONTENT},
	{"G/object/root", HEX0, CHECK_CONTENT},
	{"G/object/product", "\"urn:product:2\"", CHECK_CONTENT},
	{"G/scenario/purpose", "\"resale\"", CHECK_CONTENT},
	{"Q/agreement", HEX0, CHECK_DIGESTS},
	{"Q/delivery", "\"urn:uuid:01980000-0000-7000-8000-0000000000ab\"", CHECK_CONTENT},
	{"M/agreement", HEX0, CHECK_DIGESTS},
	{"M/request", HEX0, CHECK_DIGESTS},
	{"M/request", NULL, CHECK_DIGESTS},
	{"M/root", HEX0, CHECK_CONTENT},
	{"R/manifest", HEX0, CHECK_DIGESTS},
	{"R/seq", "0", CHECK_FILE},
	{"R/bad", "1", CHECK_FILE},
	{"R/ranges", "[[0,262144],[262144,786432]]", CHECK_FILE},
	{"R/ranges", "[[0,786431]]", CHECK_CONTENT},
	{"I/agreement", HEX0, CHECK_DIGESTS},
	{"I/manifest", HEX0, CHECK_DIGESTS},
	{"I/receipt", HEX0, CHECK_DIGESTS},
	{"I/receipt", NULL, CHECK_DIGESTS},
	{"I/acceptance", "\"none\"", CHECK_FILE},
	{"I/serial", "\"t.example-2026-00000001\"", CHECK_CONTENT},
	{"I/serial", "\"s.example-2025-00000001\"", CHECK_CONTENT},
	{"I/serial", "\"s.example-2026-0000001\"", CHECK_CONTENT},
	{"I/serial", "\"s.example-2026-000000011\"", CHECK_CONTENT},
	{"I/issued", "\"2026-11-24T03:02:00Z\"", CHECK_FILE},
	{"I/voucher/net", "1000000", CHECK_CONTENT},
	{"I/voucher/tax", "0", CHECK_FILE},
	{"I/voucher/product", "\"urn:product:2\"", CHECK_CONTENT},
	{"I/voucher/revision", "2", CHECK_CONTENT},
	{"I/voucher/revision", "0", CHECK_FILE},
	{"I/voucher/ranges", "[[0,786433]]", CHECK_CONTENT},
	{"I/voucher/ranges", "[]", CHECK_CONTENT},
	{"I/voucher/end", "\"2026-11-24T02:00:00.000Z\"", CHECK_FILE},
	{"I/scenario/purpose", "\"resale\"", CHECK_CONTENT},
	{"I/scenario/territory", "\"CN\"", CHECK_CONTENT},
	{"I/scenario/personal", "\"no\"", CHECK_FILE},
	{"I/entities/provider/name", "\"Other\"", CHECK_CONTENT},
	{"I/entities/consumer/uscc", "\"91330100MA2H0ABC1X\"", CHECK_CONTENT},
	{"I/entities/consumer/did", NULL, CHECK_CONTENT},
	{"I/entities/provider/origin", "\"s.example/log\"", CHECK_CONTENT},
	{"I/registration/status", "\"registered\"", CHECK_FILE},
	{"I/registration/centre", "\"x\"", CHECK_FILE},
	{"I/supervision/status", NULL, CHECK_FILE},
	{"I/entries/receive", NULL, CHECK_CONTENT},
	{"I/entries/more", "1", CHECK_CONTENT},
	{"I/entries/offer/origin", "\"b.example/log\"", CHECK_CONTENT},
	{"I/entries/offer/index", "-1", CHECK_CONTENT},
	{"act.issue/type", "\"invoice.accept\"", CHECK_ISSUE},
	{"act.issue/body/document", HEX0, CHECK_ISSUE},
	{"act.issue/body/signatures/provider", HEX0, CHECK_ISSUE},
	{"act.issue/at", "\"yesterday\"", CHECK_FILE},
	{"act.issue/more", "1", CHECK_FILE},
	{"log.issue/index", "2", CHECK_ISSUE},
	{"log.issue/index", "9", CHECK_ISSUE},
	{"log.issue/salt", HEX0, CHECK_ISSUE},
	{"log.issue/path", "[]", CHECK_ISSUE},
	{"log.issue/path", "[1]", CHECK_FILE},
	{"log.issue/head", "\"s.example/log\\n\"", CHECK_ISSUE},
	{"act.accept/type", "\"invoice.issue\"", CHECK_ACCEPT},
	{"act.accept/body/document", HEX0, CHECK_ACCEPT},
	{"act.accept/body/signatures/provider", HEX0, CHECK_ACCEPT},
	{"act.accept/body/signatures/consumer", HEX0, CHECK_ACCEPT},
	{"log.accept/index", "4", CHECK_ACCEPT},
};

/* The documents that lie are well signed, and every digest follows them: the check named is the one that finds it. */
static void well_signed_lies(void)
{
	for (size_t i = 0; i < countof(lies); i++) {
		const struct lie *l = &lies[i];
		struct ctx c = {.arena = arena_new(ARENA)};
		const struct json *value = NULL;
		struct invoice_file v = {.check = CHECK_NONE};
		if (l->value != NULL &&
			!ok(json_parse(&c, str_z(l->value), &value) == OK, "a value"))
			continue;
		struct fixture f = {.path = l->path, .value = json_copy(&c, value)};
		err e = verify(&c, f, &v);
		ok(e != OK && !err_is_fault(e), "%s = %s is refused (%s)", l->path,
			l->value != NULL ? l->value : "nothing", c.trouble.detail);
		is_int(v.check, l->check, "%s: by the check that is due", l->path);
		ok(!invoice_meets(&v, LABEL_CLAIMED), "%s: it meets nothing", l->path);
		arena_free(c.arena);
	}
}

static void strangers(void)
{
	static const char *const names[] = {"G.provider", "G.consumer", "Q.consumer", "M.provider",
		"R.consumer", "I.provider", "I.consumer"};
	for (size_t i = 0; i < countof(names); i++) {
		struct ctx c = {.arena = arena_new(ARENA)};
		struct invoice_file v;
		is_int(verify(&c, (struct fixture){.stranger = names[i]}, &v), ERR_BAD_SIGNATURE,
			"%s by a stranger", names[i]);
		is_int(v.check, CHECK_SIGNATURES, "%s: named", names[i]);
		arena_free(c.arena);
	}
	struct ctx c = {.arena = arena_new(ARENA)};
	struct invoice_file v;
	err e = verify(&c, (struct fixture){.wrong_log = true}, &v);
	ok(e != OK && v.check == CHECK_ACCEPT, "acceptance shown in the provider's log");
	arena_free(c.arena);
}

/* A second signature line, well-formed and passed over by a reader of notes, is a byte that nobody has checked. */
static void second_line(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct str text = fixture_file(&f), head, more;
	const struct json *j;
	ok(json_parse(&c, text, &j) == OK, "the file is JSON");
	const struct json *issue = json_get(json_get(j, "core"), "issue");
	head = json_text(json_get(issue, "head"));
	struct str line = str_sub(head, str_find_str(head, STR("\n\n")) + 2, head.n);
	is_int(arena_fmt(&c, &more, "%.*s%.*s", FMT(head), FMT(line)), OK, "twice signed");
	f = (struct fixture){.path = "log.issue/head", .value = json_str(&c, more)};
	struct invoice_file v;
	ok(verify(&c, f, &v) != OK && v.check == CHECK_ISSUE, "is refused");
	arena_free(c.arena);
}

/* The same meaning in other bytes: a space, a line end, an escape, members in another order, one twice. */
static void not_canonical(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct str text = fixture_file(&f), other[5] = {{0}};
	struct str inner = str_sub(text, 1, text.n - 2), rest = str_sub(text, 1, text.n);
	ok(str_starts(text, STR("{\"core\":")) && str_ends(text, STR(",\"v\":1}")), "the file");
	struct str first = str_sub(inner, 0, inner.n - 6);
	size_t a = str_find_str(text, STR("Buyer"));
	is_int(arena_fmt(&c, &other[0], "{ %.*s", FMT(rest)), OK, "a space");
	is_int(arena_fmt(&c, &other[1], "%.*s\n", FMT(text)), OK, "a line end");
	is_int(arena_fmt(&c, &other[2], "%.*s\\u0042%.*s", FMT(str_sub(text, 0, a)),
		       FMT(str_sub(text, a + 1, text.n))),
		OK, "an escape");
	is_int(arena_fmt(&c, &other[3], "{\"v\":1,%.*s}", FMT(first)), OK, "swapped");
	is_int(arena_fmt(&c, &other[4], "{%.*s,\"v\":1}", FMT(inner)), OK, "twice");
	for (size_t i = 0; i < countof(other); i++) {
		struct invoice_file v;
		const struct json *j;
		ok(i == 4 || json_parse(&c, other[i], &j) == OK, "form %zu is JSON", i);
		is_int(invoice_verify(&c, other[i], &v), ERR_MALFORMED, "form %zu is refused", i);
		is_int(v.check, CHECK_FILE, "form %zu: as no canonical file", i);
	}
	arena_free(c.arena);
}

static void sizes(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct invoice_file v;
	char *big = arena_alloc(c.arena, LIMIT_INVOICE_FILE + 1);
	memset(big, ' ', LIMIT_INVOICE_FILE + 1);
	is_int(invoice_verify(&c, (struct str){big, LIMIT_INVOICE_FILE + 1}, &v), ERR_TOO_LARGE,
		"larger than 1 MiB");
	is_int(invoice_verify(&c, (struct str){big, LIMIT_INVOICE_FILE}, &v), ERR_MALFORMED,
		"1 MiB is read");
	is_int(invoice_verify(&c, STR(""), &v), ERR_MALFORMED, "nothing is no file");
	arena_free(c.arena);
}

int main(void)
{
	labels();
	well_signed_lies();
	strangers();
	second_line();
	not_canonical();
	sizes();
	every_byte();
	return done_testing();
}
