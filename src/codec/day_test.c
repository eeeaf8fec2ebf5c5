#include "codec/day.h"

#include "tests/tap.h"

int main(void)
{
	static const struct {
		const char *text;
		int64_t day; /* -1: refused */
	} rows[] = {{"1970-01-01", 0}, {"1970-01-02", 1}, {"2000-02-29", 11016},
		{"2026-11-24", 20781}, {"9999-12-31", 2932896}, {"1969-12-31", -1},
		{"2023-02-29", -1}, {"2026-13-01", -1}, {"2026-00-01", -1}, {"2026-01-00", -1},
		{"2026-1-01", -1}, {"2026-01-011", -1}, {"2026/01/01", -1}, {"", -1},
		{"2026-01-0x", -1}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t day = -1;
		char text[DAY_TEXT + 1];
		bool read = day_parse(str_z(rows[i].text), &day);
		ok(read == (rows[i].day >= 0) && day == rows[i].day, "day %s", rows[i].text);
		if (read) {
			day_text(day, text);
			is_str(text, rows[i].text, "and back");
		}
	}
	return done_testing();
}
