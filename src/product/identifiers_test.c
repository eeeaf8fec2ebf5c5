#include "product/identifiers.h"

#include "tests/tap.h"

#define TODAY 20781 /* 2026-11-24 */

static struct identifiers_found found(struct ctx *c, const char *text, size_t step)
{
	struct identifiers *s = NULL;
	struct str rest = str_z(text);
	is_int(identifiers_open(c, TODAY, &s), OK, "opened");
	while (rest.n > 0) {
		identifiers_feed(s, str_sub(rest, 0, step));
		rest = str_sub(rest, step, rest.n);
	}
	return identifiers_done(s);
}

int main(void)
{
	static const struct {
		const char *text;
		unsigned n[IDENTIFIERS], minors; /* id card, phone, bank card, e-mail */
	} rows[] = {
		{"", {0, 0, 0, 0}, 0},
		{"11010519491231002X\n", {1, 0, 0, 0}, 0},
		{"a,110105194912310021,b", {0, 0, 0, 0}, 0}, /* wrong check character */
		{"\"11010519491231002x\"", {1, 0, 0, 0}, 0},
		{"110105 19491231 002X", {0, 0, 0, 0}, 0}, /* groups end in digits alone */
		{"330106201503071231\n", {0, 0, 0, 0}, 0},
		{"330106201503071232\n", {1, 0, 0, 0}, 1},
		{"330106201203071230", {1, 0, 0, 0}, 0},
		{"13812345678", {0, 1, 0, 0}, 0},
		{"1,13812345678\n2,13912345678,x\n", {0, 2, 0, 0}, 0},
		{"138-1234-5678 138 1234 5678", {0, 2, 0, 0}, 0},
		{"+8613812345678", {0, 1, 0, 0}, 0},
		{"113812345678", {0, 0, 0, 0}, 0},
		{"x13812345678", {0, 0, 0, 0}, 0},
		{"13812345678y", {0, 0, 0, 0}, 0},
		{"0.13812345678,13812345678.5", {0, 0, 0, 0}, 0},
		{"12812345678,10012345678", {0, 0, 0, 0}, 0},
		{"6222021234567890128", {0, 0, 1, 0}, 0},
		{"6222021234567890127", {0, 0, 0, 0}, 0},
		{"4111111111111111;4111 1111 1111 1111;4111-1111-1111-1111", {0, 0, 3, 0}, 0},
		{"4111111111111112", {0, 0, 0, 0}, 0},
		{"1111222233334444", {0, 0, 0, 0}, 0},
		{"2012-01-01 12:00:00,20120101123", {0, 0, 0, 0}, 0},
		{"a@b.cn,x.y+z@mail.example.com.", {0, 0, 0, 2}, 0},
		{"@b.cn,a@,a@b,a@b.1,.@b.cn,user@192.168.0.1", {0, 0, 0, 0}, 0},
		{"\xe7\x94\xb5\xe8\xaf\x9d"
		 "13812345678"
		 "\xe3\x80\x82",
			{0, 1, 0, 0}, 0},
	};
	struct ctx c = {.arena = arena_new(128u << 20)};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t step = 1; step < 1000; step += 996) {
			struct identifiers_found f = found(&c, rows[i].text, step);
			for (int k = 0; k < IDENTIFIERS; k++)
				is_int(f.n[k], rows[i].n[k], "%s in \"%s\" by %zu",
					identifier_names[k], rows[i].text, step);
			is_int(f.minors, rows[i].minors, "children");
			is_int(f.bytes, strlen(rows[i].text), "bytes");
		}
	}
	/* Every place relative to the windows, and lines longer than they are. */
	char *big = arena_alloc(c.arena, 3 * IDENTIFIERS_WINDOW);
	memset(big, '7', 3 * IDENTIFIERS_WINDOW - 1);
	for (size_t at = 100; at < 3 * IDENTIFIERS_WINDOW - 100; at += 9973)
		memcpy(big + at, "\n13812345678\n", 13);
	struct identifiers_found f = found(&c, big, 4096);
	is_int(f.n[IDENTIFIER_PHONE], (3 * IDENTIFIERS_WINDOW - 200 + 9972) / 9973,
		"each of many is found");
	is_int(f.first[IDENTIFIER_PHONE], 101, "and where the first stands");
	arena_free(c.arena);
	return done_testing();
}
