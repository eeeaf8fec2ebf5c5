#include "codec/time_serial.h"

#include "tests/tap.h"

static void serials(void)
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
}

static void formats(void)
{
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
}

static void faces_of(void)
{
	static const char *const faces[] = {"1899-12-31 23:59:59", "1970-01-01 00:00:00",
		"2000-02-29 12:30:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59"};
	for (size_t i = 0; i < sizeof faces / sizeof faces[0]; i++) {
		int64_t seconds = -1;
		char text[TIME_SERIAL_TEXT + 1];
		ok(time_face(str_z(faces[i]), &seconds), "a face");
		time_face_text(seconds, false, text);
		is_str(text, faces[i], "comes back");
	}
	int64_t a = 0, b = 0;
	ok(time_face(STR("2024-03-01"), &a) && time_face(STR("2024/02/28T00:01+08:00"), &b),
		"other forms");
	is_int(a - b, 2 * 86400 - 60, "two days but a minute");
	ok(!time_face(STR("2024-13-01"), &a) && !time_face(STR("x"), &a), "no times");
}

int main(void)
{
	serials();
	formats();
	faces_of();
	ok(time_serial_builtin(14) && time_serial_builtin(57) && !time_serial_builtin(46) &&
			!time_serial_builtin(2),
		"formats that have a number alone");
	return done_testing();
}
