#include "base/reader.h"

#include "tests/tap.h"

static void reads_numbers(void)
{
	struct reader r =
		reader_on(STR("\x01\x02\x03\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x05"));
	uint8_t a = 0;
	uint16_t b = 0;
	uint32_t c = 0;
	uint64_t d = 0;
	ok(reader_u8(&r, &a), "a byte");
	is_int(a, 1, "is read");
	ok(reader_u16(&r, &b), "two bytes");
	is_int(b, 0x0203, "are big-endian");
	ok(reader_u32(&r, &c), "four bytes");
	is_int(c, 4, "are big-endian");
	ok(reader_u64(&r, &d), "eight bytes");
	is_int(d, 5, "are big-endian");
	ok(reader_end(&r), "then comes the end");
	ok(!reader_u8(&r, &a), "and nothing behind it");
	is_int(a, 1, "a refusal writes nothing");
}

static void reads_text(void)
{
	struct reader r = reader_on(STR("key value\nrest"));
	struct str s = {0};
	ok(!reader_lit(&r, STR("kez")), "another text is refused");
	ok(reader_lit(&r, STR("key ")), "and moved nothing");
	ok(reader_line(&r, &s), "a line is read");
	ok(str_is(s, "value"), "without its end");
	ok(!reader_line(&r, &s), "the last line must end too");
	ok(!reader_take(&r, 5, &s), "more than there is, is refused");
	ok(reader_take(&r, 4, &s), "what there is, is taken");
	ok(str_is(s, "rest"), "whole");
}

int main(void)
{
	reads_numbers();
	reads_text();
	return done_testing();
}
