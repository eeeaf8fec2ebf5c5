#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/env.h"
#include "base/limits.h"
#include "product/profile.h"
#include "tests/tap.h"

static const struct json *profile_of(struct ctx *c, const char *path)
{
	struct json *o = NULL;
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	is_int(profile_file(c, fd, STR("a.XLSX"), CHARSET_UNKNOWN, &o), OK, "a profile");
	return o;
}

static const char *canonical(struct ctx *c, const struct json *o)
{
	struct str text = {0};
	return json_canonical(c, o, 2u << 20, &text) == OK ? arena_z(c->arena, text) : "none";
}

static int64_t number(const struct json *o, const char *name)
{
	int64_t v = -1;
	(void)json_int(json_get(o, name), &v);
	return v;
}

static void table(lxw_worksheet *s, lxw_workbook *b)
{
	lxw_format *day = workbook_add_format(b);
	format_set_num_format(day, "yyyy\"\xe5\xb9\xb4\"m\"\xe6\x9c\x88\"d\"\xe6\x97\xa5\"");
	worksheet_write_string(s, 1, 1, "\xe5\x9f\x8e\xe5\xb8\x82", NULL);
	worksheet_write_string(s, 1, 3, "rain", NULL);
	worksheet_write_string(s, 1, 4, "day", NULL);
	for (lxw_row_t r = 2; r < 12; r++) {
		worksheet_write_string(s, r, 1, r % 2 ? "a" : "b", NULL);
		worksheet_write_number(s, r, 3, r * 0.5, NULL);
		worksheet_write_number(s, r, 4, 45349 + r, day);
	}
	worksheet_write_boolean(s, 12, 2, 1, NULL);
	worksheet_write_string(s, 12, 9, "outside", NULL);
	worksheet_write_string(s, 12, 10, "and more", NULL);
	worksheet_write_formula_num(s, 13, 3, "=1/0", NULL, 7);
}

static const struct json *column(const struct json *o, size_t i)
{
	const struct json *at = json_get(o, "columns")->first;
	for (; at != NULL && i > 0; i--)
		at = at->next;
	return at;
}

static void one(struct ctx *c, const char *path)
{
	lxw_workbook *b = workbook_new(path);
	lxw_worksheet *hidden = workbook_add_worksheet(b, "hidden");
	lxw_worksheet *s = workbook_add_worksheet(b, "\xe8\xa1\xa8");
	worksheet_hide(hidden);
	worksheet_activate(s);
	worksheet_set_first_sheet(s);
	worksheet_write_string(hidden, 0, 0, "nobody sees this", NULL);
	table(s, b);
	is_int(workbook_close(b), LXW_NO_ERROR, "a workbook");
	const struct json *o = profile_of(c, path);
	ok(str_is(json_text(json_get(o, "sheet")), "\xe8\xa1\xa8"), "the first visible sheet");
	is_int(number(o, "rows"), 12, "its rows");
	is_int(number(o, "ragged"), 1, "one row reaches beyond the header");
	is_int(json_get(o, "columns")->n, 4, "from the first header cell to the last");
	static const struct {
		const char *name, *type, *min, *max;
		int64_t nulls;
	} want[] = {
		{"\xe5\x9f\x8e\xe5\xb8\x82", "text", "a", "b", 2},
		{"", "boolean", NULL, NULL, 11},
		{"rain", "decimal", "1", "7", 1},
		{"day", "date", "2024-02-29", "2024-03-09", 2},
	};
	for (size_t i = 0; i < countof(want); i++) {
		const struct json *x = column(o, i);
		is_str(arena_z(c->arena, json_text(json_get(x, "name"))), want[i].name, "name");
		is_str(arena_z(c->arena, json_text(json_get(x, "type"))), want[i].type, "type");
		is_int(number(x, "nulls"), want[i].nulls, "nulls");
		const struct json *min = json_get(x, "min"), *max = json_get(x, "max");
		is_str(min == NULL ? NULL : arena_z(c->arena, min->text), want[i].min, "min");
		is_str(max == NULL ? NULL : arena_z(c->arena, max->text), want[i].max, "max");
	}
}

static void others(struct ctx *c, const char *path)
{
	lxw_workbook *b = workbook_new(path);
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);
	is_int(workbook_close(b), LXW_NO_ERROR, "an empty workbook");
	(void)s;
	is_str(canonical(c, profile_of(c, path)),
		"{\"columns\":[],\"errors\":0,\"format\":\"xlsx\",\"ragged\":0,\"rows\":0,"
		"\"sheet\":\"Sheet1\"}",
		"has no rows");
	for (unsigned n = LIMIT_PROFILE_COLUMNS; n <= LIMIT_PROFILE_COLUMNS + 1; n++) {
		b = workbook_new(path);
		s = workbook_add_worksheet(b, NULL);
		for (unsigned i = 0; i < n; i++)
			worksheet_write_string(s, 0, (lxw_col_t)i, "x", NULL);
		worksheet_write_number(s, 1, 0, 1, NULL);
		is_int(workbook_close(b), LXW_NO_ERROR, "a wide workbook");
		const struct json *o = profile_of(c, path);
		is_int(json_get(o, "columns")->n, LIMIT_PROFILE_COLUMNS, "%u columns", n);
		ok((json_get(o, "stopped") != NULL) == (n > LIMIT_PROFILE_COLUMNS),
			"or it says so");
	}
	FILE *f = fopen(path, "w");
	ok(f != NULL && fputs("city,rain\n", f) >= 0 && fclose(f) == 0, "a CSV named .xlsx");
	const struct json *o = profile_of(c, path);
	ok(strstr(arena_z(c->arena, json_text(json_get(o, "stopped"))), "no zip file") != NULL,
		"is no failure, and told");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	char path[] = "/tmp/shugu-sheet-XXXXXX";
	int fd = mkstemp(path);
	ok(fd >= 0 && close(fd) == 0, "a place");
	one(&c, path);
	others(&c, path);
	ok(unlink(path) == 0, "gone");
	return done_testing();
}
