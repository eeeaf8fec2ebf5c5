#include "invoice/invoice_build.h"

#include "invoice/fixture_test.h"
#include "tests/tap.h"

#define ARENA (64u << 20)

/* What is due follows from G and the ranges of R. */
static void amounts(void)
{
	static const struct {
		const char *what;
		bool part, none;
		int64_t net, tax;
	} rows[] = {
		{"complete", false, false, FIXTURE_NET, 60000},
		{"no receipt", false, true, FIXTURE_NET, 60000},
		{"refused after a third", true, false, 333334, 20000},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct ctx c = {.arena = arena_new(ARENA)};
		struct fixture f = {.c = &c, .part = rows[i].part, .no_receipt = rows[i].none};
		struct invoice_record s, r;
		struct invoice_file file;
		struct str text;
		is_int(fixture_nodes(&f), OK, "two nodes: %s", c.trouble.detail);
		is_int(fixture_end(&c, &s), OK, "%s: issued: %s", rows[i].what, c.trouble.detail);
		is_int(s.issued.net, rows[i].net, "net");
		is_int(s.issued.tax, rows[i].tax, "tax");
		is_int(fixture_rows_9_10(&c, &r), OK, "answered: %s", c.trouble.detail);
		is_int(r.state, INVOICE_ACCEPTED, "accepted");
		is_int(fixture_export(&c, SELLER, s.id, &text, &file), OK, "its file: %s",
			c.trouble.detail);
		ok(file.has_r != rows[i].none, "with the receipt where there is one");
		fixture_close(&f);
		arena_free(c.arena);
	}
}

/* Z is signed, names the newest act and stands in a file behind its core. */
static void status(void)
{
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_record s, r;
	struct invoice_file file;
	struct str text;
	const struct json *j;
	struct json *z;
	(void)!fixture_nodes(&f);
	(void)!fixture_end(&c, &s);
	(void)!fixture_rows_9_10(&c, &r);
	for (int i = 0; i < 2; i++) {
		(void)!invoice_record_find(&c, nodes[i].db, s.id, &r);
		is_int(invoice_status(&c, nodes[i].n, &r, &z), OK, "a status: %s",
			c.trouble.detail);
		(void)!fixture_export(&c, i, s.id, &text, &file);
		(void)!json_parse(&c, text, &j);
		struct json *later = json_array(&c);
		json_push(&later, z);
		is_int(invoice_file_text(&c, json_copy(&c, json_get(j, "core")), later, &text), OK,
			"a file with it");
		is_int(invoice_verify(&c, text, &file), OK, "stands: %s", c.trouble.detail);
		ok(str_is(file.later.state, "accepted") &&
				str_eq(file.later.origin, nodes[i].self.origin),
			"and says so");
	}
	fixture_close(&f);
	arena_free(c.arena);
}

int main(void)
{
	amounts();
	status();
	return done_testing();
}
