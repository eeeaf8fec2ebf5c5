#include "product/evidence_text.h"

#include "base/arena.h"
#include "base/limits.h"
#include "tests/tap.h"

static const char *text_of(struct ctx *c, struct str bytes, const char *name, bool *read)
{
	struct source s = source_of_text(bytes);
	struct str text = {"", 0};
	err e = evidence_text(c, &s, str_z(name), &text, read);
	return e != OK ? "refused" : arena_z(c->arena, text);
}

int main(void)
{
	static const struct {
		const char *name;
		struct str bytes;
		const char *text;
		bool read;
	} rows[] = {
		{"a.txt", STR("甲方：A\n"), "甲方：A\n", true},
		{"a.txt",
			STR("\xef\xbb\xbf"
			    "a"),
			"a", true},
		{"a.txt", STR("\xbc\xd7\xb7\xbd\xa3\xba\x41\x0a\xd2\xd2\xb7\xbd\xa3\xba\x42"),
			"甲方：A\n乙方：B", true}, /* GB18030 */
		{"a.csv", STR("再许可,允许\n\"a\nb\",c\n"), "再许可\t允许\na b\tc\n", true},
		{"a.json", STR("{\"rights\":[\"use\",\"hold\"],\"sublicense\":true,\"k\":5}"),
			"rights\tuse,hold\nsublicense\tyes\nk\t5\n", true},
		{"a.JSON", STR("{"), "refused", true},
		{"a.docx", STR("PK"), "refused", true},
		{"a.xlsx", STR("PK"), "refused", true},
		{"a.pdf", STR("%PDF-1.4"), "", false},
		{"a.png", STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff"), "", false},
		{"a.txt", STR(""), "", true},
	};
	struct ctx c = {.arena = arena_new(64u << 20)};
	for (size_t i = 0; i < countof(rows); i++) {
		bool read = !rows[i].read;
		is_str(text_of(&c, rows[i].bytes, rows[i].name, &read), rows[i].text,
			"text of %zu, %s", i, rows[i].name);
		ok(read == rows[i].read, "read or not");
	}
	char *big = arena_alloc(c.arena, LIMIT_CLAIMS_TEXT + 1);
	memset(big, 'a', LIMIT_CLAIMS_TEXT + 1);
	bool read = true;
	is_str(text_of(&c, (struct str){big, LIMIT_CLAIMS_TEXT + 1}, "a.txt", &read), "",
		"too long to be a paper");
	ok(!read, "so it is not read");
	arena_free(c.arena);
	return done_testing();
}
