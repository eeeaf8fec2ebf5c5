#include "codec/time_serial.h"

#include "tests/tap.h"

int main(void)
{
	static const struct {
		const char *serial, *want;
		bool since_1904;
	} rows[] = {
		{"1", "1900-01-01", false},
		{"59", "1900-02-28", false},
		{"60", NULL, false},
		{"61", "1900-03-01", false},
		{"25569", "1970-01-01", false},
		{"45351", "2024-02-29", false},
		{"45351.5", "2024-02-29 12:00:00", false},
		{"45351.999999", "2024-03-01", false},
		{"45351.000011574074", "2024-02-29 00:00:01", false},
		{"0.75", "18:00:00", false},
		{"0", "1904-01-01", true},
		{"43889", "2024-02-29", true},
		{"2958465", "9999-12-31", false},
		{"2958466", NULL, false},
		{"-1", NULL, false},
		{"1e3", NULL, false},
		{"", NULL, false},
		{"5.", NULL, false},
		{"99999999", NULL, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[TIME_SERIAL_TEXT + 1];
		bool is = time_serial(str_z(rows[i].serial), rows[i].since_1904, text);
		is_str(is ? text : NULL, rows[i].want, "%s", rows[i].serial);
	}
	static const struct {
		const char *code;
		bool is;
	} codes[] = {
		{"yyyy-mm-dd", true},
		{"yyyy\"\xe5\xb9\xb4\"m\"\xe6\x9c\x88\"d\"\xe6\x97\xa5\"", true},
		{"[$-804]yyyy/m/d;@", true},
		{"h:mm:ss AM/PM", true},
		{"[h]:mm", false},
		{"[mm]:ss", false},
		{"General", false},
		{"0.00", false},
		{"[Red]0.00", false},
		{"[Magenta]0", false},
		{"#,##0\"days\"", false},
		{"0\\d", false},
		{"\"open", false},
		{"\\", false},
		{"[", false},
		{"", false},
	};
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		is_int(time_serial_format(str_z(codes[i].code)), codes[i].is, "%s", codes[i].code);
	ok(time_serial_builtin(14) && time_serial_builtin(57) && !time_serial_builtin(46) &&
			!time_serial_builtin(2),
		"formats that have a number alone");
	return done_testing();
}
