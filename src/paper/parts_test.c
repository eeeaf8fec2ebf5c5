#include "paper/parts.h"

#include "tests/tap.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct sheet_draft d;
	struct party p = {.joined = true}, none = {.joined = false};
	sheet_begin(&c, &d, STR("t"), (struct str){0});
	ok(str_is(parts_assurance(STR("self-declared")), "自行声明"), "a word of G in Chinese");
	ok(str_is(parts_assurance(STR("other")), "other"), "another stays");
	ok(str_is(parts_fingerprint(&d, &p),
		   "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"),
		"SHA-256 of 32 zero bytes");
	is_int((intmax_t)parts_fingerprint(&d, &none).n, 0, "who has no key has no fingerprint");
	ok(str_is(parts_one(&d, W_BYTES, parts_number(&d, 42)), "42 字节"), "filled in");
	ok(!d.failed, "nothing has failed");
	cleanup(arena_freep) struct arena *small = arena_new(64);
	struct ctx few = {.arena = small};
	d.c = &few;
	for (int i = 0; i < 100; i++)
		(void)parts_one(&d, W_PREAMBLE, STR("x"));
	ok(d.failed, "no memory sticks to the draft");
	return done_testing();
}
