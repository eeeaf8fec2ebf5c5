#include "proof/later.h"

#include "proof/fixture_test.h"
#include "proof/invoice.h"
#include "tests/tap.h"

#define ARENA (64u << 20)
#define HALF (FIXTURE_NET / 2)
#define HALF_TAX 30000

/* What is put behind the core: one letter each. X in force by half, x by the provider alone, y by the consumer alone, V
 * void, R with a replacement and no change, P of the consumer, S of the provider, A of the consumer before his acceptance,
 * Z of the provider, C of the consumer. */
static const char *shown;
static const char *bend_path; /* in the item that stands last, before it is signed */
static struct json *bend_value;
static struct hash last; /* D of the X in force last */
static bool has_last;
static int64_t net_now, tax_now;

static struct json *begin(
	struct fixture *f, const char *kind, const char *names, size_t at, const struct json *core)
{
	char id[3] = {'b', (char)('0' + at), 0};
	struct json *d = fixture_document(f->c, kind, id);
	fixture_digest(f->c, &d, names, json_get(core, "I"));
	return d;
}

static void bend(struct fixture *f, bool ends, struct json **o)
{
	if (ends && bend_path != NULL)
		*o = fixture_set(f->c, *o, str_z(bend_path), bend_value);
}

static struct str sign(struct fixture *f, struct json **sigs, bool consumer, const struct json *d)
{
	struct json *all = json_object(f->c);
	struct str s = fixture_sign(f, &all, consumer ? "consumer" : "provider", d);
	json_set_str(f->c, sigs, consumer ? "consumer" : "provider", s);
	return s;
}

static struct json *make_x(struct fixture *f, char what, size_t at, const struct json *core)
{
	struct ctx *c = f->c;
	struct json *x = begin(f, "correction", "corrects", at, core), *item = json_object(c),
		    *sigs = json_object(c);
	bool both = what != 'x' && what != 'y';
	int64_t net = what == 'V' ? 0 : what == 'R' ? net_now : HALF;
	int64_t tax = what == 'V' ? 0 : what == 'R' ? tax_now : HALF_TAX;
	if (has_last)
		json_set_hex(c, &x, "prev", last.b, HASH_BYTES);
	json_set(&x, "void", json_bool(c, what == 'V'));
	json_set_num(c, &x, "net", net - net_now);
	json_set_num(c, &x, "rate", 600);
	json_set_num(c, &x, "tax", tax - tax_now);
	json_set(&x, "reason", json_z(c, "fewer lines"));
	if (what == 'R')
		json_set_str(c, &x, "replacement", fixture_hex(c, "another"));
	bend(f, shown[at + 1] == '\0', &x);
	if (both || what == 'x')
		(void)sign(f, &sigs, false, x);
	if (both || what == 'y')
		(void)sign(f, &sigs, true, x);
	if (both) {
		(void)!jws_digest(c, x, &last);
		has_last = true;
		net_now = net;
		tax_now = tax;
	}
	json_set(&item, "X", x);
	json_set(&item, "sigs", sigs);
	return item;
}

static struct json *make_p(struct fixture *f, char what, size_t at, const struct json *core)
{
	struct ctx *c = f->c;
	bool consumer = what != 'S';
	struct json *p = begin(f, "dispute", "invoice", at, core), *item = json_object(c),
		    *sigs = json_object(c), *body = json_object(c), *act = json_object(c),
		    *held = json_object(c);
	json_set(&p, "reason", json_z(c, "it did not arrive"));
	if (has_last)
		json_set_hex(c, &p, "prev", last.b, HASH_BYTES);
	bend(f, shown[at + 1] == '\0', &p);
	struct str s = sign(f, &sigs, consumer, p);
	struct hash h = hash_of(s);
	json_set_hex(c, &held, consumer ? "consumer" : "provider", h.b, HASH_BYTES);
	fixture_digest(c, &body, "document", p);
	json_set(&body, "signatures", held);
	json_set_num(c, &act, "v", 1);
	json_set(&act, "type", json_z(c, "invoice.dispute"));
	json_set(&act, "at", json_z(c, "2026-11-24T03:05:00.000Z"));
	json_set(&act, "actor", json_z(c, "node"));
	json_set(&act, "subject", json_z(c, "urn:x"));
	json_set(&act, "body", body);
	f->at = what == 'A' ? 1 : 4;
	json_set(&item, "act", fixture_evidence(f, act, consumer));
	json_set(&item, "P", p);
	json_set(&item, "sigs", sigs);
	return item;
}

static struct json *make_z(struct fixture *f, char what, size_t at, const struct json *core)
{
	struct ctx *c = f->c;
	bool consumer = what == 'C';
	struct json *z = begin(f, "status", "invoice", at, core), *item = json_object(c),
		    *sigs = json_object(c), *e = json_object(c);
	struct json *some = fixture_evidence(f, json_object(c), consumer);
	json_set(&z, "state", json_z(c, "accepted"));
	json_set(&e, "origin", json_z(c, consumer ? "b.example/log" : "s.example/log"));
	json_set_num(c, &e, "index", 5);
	json_set_str(c, &e, "leaf", fixture_hex(c, "leaf"));
	json_set(&z, "entry", e);
	json_set_str(c, &z, "head", json_text(json_get(some, "head")));
	json_set(&z, "at",
		json_z(c, consumer ? "2026-11-25T00:00:00.000Z" : "2026-11-26T00:00:00.000Z"));
	bend(f, shown[at + 1] == '\0', &z);
	(void)sign(f, &sigs, consumer, z);
	json_set(&item, "Z", z);
	json_set(&item, "sigs", sigs);
	return item;
}

static struct json *make(struct fixture *f, const struct json *core)
{
	struct json *all = json_array(f->c);
	has_last = false;
	net_now = FIXTURE_NET;
	tax_now = 60000;
	for (size_t i = 0; shown[i] != '\0'; i++) {
		char what = shown[i];
		if (strchr("XxyVR", what) != NULL)
			json_push(&all, make_x(f, what, i, core));
		else if (strchr("PSA", what) != NULL)
			json_push(&all, make_p(f, what, i, core));
		else
			json_push(&all, make_z(f, what, i, core));
	}
	return all;
}

static err verify(struct ctx *c, struct fixture f, const char *what, struct invoice_file *ret)
{
	f.c = c;
	f.later = make;
	shown = what;
	struct str text = fixture_file(&f);
	return text.n == 0 ? ERR_MEMORY : invoice_verify(c, text, ret);
}

/* What the file shows, and the words that follow: c corrected, v void, d disputed, w withdrawn, t contested. */
static void standings(void)
{
	static const struct {
		const char *plan, *words;
		int64_t net;
		bool unsigned_by_buyer;
	} rows[] = {
		{"", "", FIXTURE_NET, false},
		{"X", "c", HALF, false},
		{"XX", "c", HALF, false},
		{"V", "cv", 0, false},
		{"XV", "cv", 0, false},
		{"R", "c", FIXTURE_NET, false},
		{"x", "t", FIXTURE_NET, false},
		{"x", "w", FIXTURE_NET, true},
		{"y", "d", FIXTURE_NET, false},
		{"P", "d", FIXTURE_NET, false},
		{"S", "d", FIXTURE_NET, false},
		{"A", "", FIXTURE_NET, false},
		{"A", "d", FIXTURE_NET, true},
		{"XP", "cd", HALF, false},
		{"XS", "cd", HALF, false},
		{"Xx", "ct", HALF, false},
		{"Z", "", FIXTURE_NET, false},
		{"XPZC", "cd", HALF, false},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct ctx c = {.arena = arena_new(ARENA)};
		struct invoice_file v;
		char words[8];
		bend_path = NULL;
		struct fixture f = {.unsigned_by_buyer = rows[i].unsigned_by_buyer};
		is_int(verify(&c, f, rows[i].plan, &v), OK, "'%s': %s", rows[i].plan,
			c.trouble.detail);
		(void)snprintf(words, sizeof words, "%s%s%s%s%s", v.later.corrected ? "c" : "",
			v.later.voids ? "v" : "", v.later.disputed ? "d" : "",
			v.later.withdrawn ? "w" : "", v.later.contested ? "t" : "");
		is_str(words, rows[i].words, "'%s': what counts", rows[i].plan);
		is_int(v.later.net, rows[i].net, "'%s': what is due", rows[i].plan);
		arena_free(c.arena);
	}
}

#define HEX0 "\"0000000000000000000000000000000000000000000000000000000000000000\""

static const struct {
	const char *plan, *path, *value; /* of the item that stands last; well signed */
} lies[] = {
	{"X", "corrects", HEX0},
	{"X", "prev", HEX0},
	{"XX", "prev", HEX0},
	{"XX", "prev", NULL},
	{"X", "net", "1"},
	{"X", "net", "-1000002"},
	{"X", "tax", "0"},
	{"X", "rate", "0"},
	{"X", "void", "true"},
	{"X", "void", "0"},
	{"X", "reason", NULL},
	{"X", "kind", "\"dispute\""},
	{"X", "id", "\"x\""},
	{"X", "more", "1"},
	{"VX", NULL, NULL},
	{"P", "invoice", HEX0},
	{"P", "more", "1"},
	{"P", "reason", NULL},
	{"PX", NULL, NULL},
	{"ZP", NULL, NULL},
	{"Z", "invoice", HEX0},
	{"Z", "state", "\"paid\""},
	{"Z", "at", "\"now\""},
	{"Z", "head", "\"x\""},
	{"Z", "entry/index", "6"},
	{"Z", "entry/index", "-1"},
	{"Z", "entry/origin", "\"b.example/log\""},
};

static void well_signed_lies(void)
{
	for (size_t i = 0; i < countof(lies); i++) {
		struct ctx c = {.arena = arena_new(ARENA)};
		const struct json *value = NULL;
		struct invoice_file v = {.check = CHECK_NONE};
		if (lies[i].value != NULL)
			(void)!json_parse(&c, str_z(lies[i].value), &value);
		bend_path = lies[i].path;
		bend_value = json_copy(&c, value);
		err e = verify(&c, (struct fixture){0}, lies[i].plan, &v);
		ok(e != OK && !err_is_fault(e) && v.check == CHECK_LATER, "%s, %s = %s: %s",
			lies[i].plan, lies[i].path != NULL ? lies[i].path : "as it is",
			lies[i].value != NULL ? lies[i].value : "nothing", c.trouble.detail);
		ok(!invoice_meets(&v, LABEL_CLAIMED), "it meets nothing");
		arena_free(c.arena);
	}
	bend_path = NULL;
}

static void strangers(void)
{
	static const char *const plans[] = {"X", "x", "y", "P", "S", "Z", "C"};
	for (size_t i = 0; i < countof(plans); i++) {
		struct ctx c = {.arena = arena_new(ARENA)};
		struct invoice_file v;
		bool consumer = strchr("yPC", plans[i][0]) != NULL;
		struct fixture f = {.stranger = consumer ? "consumer" : "provider"};
		is_int(verify(&c, f, plans[i], &v), ERR_BAD_SIGNATURE, "%s by a stranger",
			plans[i]);
		arena_free(c.arena);
	}
}

/* Each byte of what came later. */
static void every_byte(void)
{
	struct ctx whole = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &whole, .later = make};
	shown = "XPZ";
	struct str text = fixture_file(&f);
	char *bent = arena_z(whole.arena, text);
	struct arena *a = arena_new(ARENA);
	size_t passed = 0, from = str_find_str(text, STR("\"later\":"));
	ok(from < text.n, "%zu bytes came later", text.n - from);
	for (size_t i = from; i < text.n; i++) {
		struct ctx c = {.arena = a};
		struct invoice_file v;
		bent[i] = (char)((unsigned char)text.p[i] ^ 1u);
		if (invoice_verify(&c, (struct str){bent, text.n}, &v) == OK) {
			printf("# byte %zu passes\n", i);
			passed++;
		}
		bent[i] = text.p[i];
		arena_reset(a);
	}
	is_int((long long)passed, 0, "no bent file passes");
	arena_free(a);
	arena_free(whole.arena);
}

int main(void)
{
	standings();
	well_signed_lies();
	strangers();
	every_byte();
	return done_testing();
}
