#include "invoice/serial.h"

#include "base/limits.h"
#include "tests/tap.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct str s = {0};
	int64_t year = 0, number = 0;
	static const char *const bad[] = {"", "-2026-00000001", "a-2026-0000001", "a-2026-00000000",
		"a-202x-00000001", "a-2026_00000001", "a-2026-0000000x"};
	ok(serial_text(&c, STR("localhost:7081/log"), 2026, 12, &s) == OK &&
			str_is(s, "localhost:7081-2026-00000012"),
		"host and port, year, number");
	ok(serial_read(&c, s, &year, &number) == OK && year == 2026 && number == 12, "read back");
	ok(serial_text(&c, STR("a/log"), 2026, 99999999, &s) == OK, "the last of a year");
	is_int(serial_text(&c, STR("a/log"), 2026, 100000000, &s), ERR_BAD_VALUE, "and none more");
	is_int(serial_text(&c, STR("a/log"), 2026, 0, &s), ERR_BAD_VALUE, "none before the first");
	for (size_t i = 0; i < countof(bad); i++)
		is_int(serial_read(&c, str_z(bad[i]), &year, &number), ERR_BAD_VALUE, "'%s'",
			bad[i]);
	return done_testing();
}
