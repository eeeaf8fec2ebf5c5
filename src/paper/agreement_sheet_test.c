/* G as a contract: every part of it, nothing that it does not say, and hostile names as text. */
#include "paper/agreement_sheet.h"

#include "paper/sheet.h"
#include "terms/presets.h"
#include "proof/fixture_test.h"
#include "tests/tap.h"

static void says(struct str text, const char *what)
{
	ok(str_find_str(text, str_z(what)) < text.n, "it says %s", what);
}

/* The agreement of a whole file. */
static const struct json *g_of(struct fixture *f)
{
	const struct json *file = NULL;
	if (json_parse(f->c, fixture_file(f), &file) != OK)
		return NULL;
	return json_get(json_get(file, "core"), "G");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct fixture f = {.c = &c};
	const struct str agreed = STR("2026-11-24T03:00:00.000Z");
	struct str text = {0};
	struct sheet s;
	struct hash digest = {0};
	const struct json *g = g_of(&f);
	is_int(agreement_sheet(&c, g, agreed, &text), OK, "a contract: %s", c.trouble.detail);
	is_int(sheet_read(&c, text, &s), OK, "is a sheet: %s", c.trouble.detail);
	says(s.title, "数据产品许可使用合同");
	says(text, "甲方(数据提供方)");
	says(text, "Seller");
	says(text, "Buyer");
	says(text, "人民币 10,000.01 元");
	says(text, "仲裁委员会");
	says(text, "乙方(盖章):Buyer");
	ok(jws_digest(&c, g, &digest) == OK, "D(G)");
	struct buf b;
	buf_init(&b, a, 64);
	buf_hex(&b, digest.b, HASH_BYTES);
	ok(str_ends(s.footer, buf_str(&b)), "stands in the foot");

	struct json *once = NULL, *other;
	is_int(terms_preset(&c, STR("once"), &once), OK, "terms");
	other = fixture_set(&c, g, STR("terms"), once);
	is_int(agreement_sheet(&c, other, agreed, &text), OK, "that a sentence can say");
	says(text, "使用条款:可使用,限交付一次。");
	other = fixture_set(&c, g, STR("terms"), json_object(&c));
	is_int(agreement_sheet(&c, other, agreed, &text), OK, "terms that no sentence can say");
	says(text, "ODRL 策略原文");
	other = fixture_set(&c, g, STR("consumer/name"), json_z(&c, "<b>\u2066\n乙方\x07"));
	is_int(agreement_sheet(&c, other, agreed, &text), OK, "a hostile name");
	is_int(sheet_read(&c, text, &s), OK, "is a clean sheet");
	other = json_copy_without(&c, g, "price");
	is_int(agreement_sheet(&c, other, agreed, &text), ERR_MISSING_MEMBER, "G without a price");
	is_int(agreement_sheet(&c, json_array(&c), agreed, &text), ERR_BAD_VALUE, "no G");
	return done_testing();
}
