#include <fcntl.h>
#include <xlsxwriter.h>

#include "product/quality_fixture_test.h"
#include "product/rows.h"
#include "tests/tap.h"

static void make(const char *path)
{
	lxw_workbook *b = workbook_new(path);
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);
	lxw_format *day = workbook_add_format(b);
	format_set_num_format(day, "yyyy-mm-dd");
	/* The table begins in C3; D is a column without a name. */
	worksheet_write_string(s, 2, 2, "name", NULL);
	worksheet_write_string(s, 2, 4, "day", NULL);
	worksheet_write_string(s, 3, 2, "a", NULL);
	worksheet_write_number(s, 3, 4, 46350, day);
	worksheet_write_number(s, 5, 2, 7, NULL);
	worksheet_write_string(s, 5, 8, "outside", NULL);
	is_int(workbook_close(b), LXW_NO_ERROR, "a workbook");
}

static err add(void *arg, const struct row *row)
{
	struct buf *b = arg;
	buf_fmt(b, "%d%s %.*s/%d %.*s; ", (int)row->number, row->ragged ? "!" : "",
		FMT(row->cells[0].text), row->cells[0].given == VALUE_TEXT,
		FMT(row->cells[1].text));
	return OK;
}

static void read_book(struct ctx *c, const char *path, bool damaged)
{
	static const struct str columns[] = {{"name", 4}, {"day", 3}};
	struct buf b;
	struct rows_told told;
	cleanup(fd_closep) int fd = open(path, O_RDWR | O_CLOEXEC);
	if (damaged)
		ok(ftruncate(fd, 2000) == 0, "its end is cut off");
	buf_init(&b, c->arena, 4096);
	struct rows_want want = {.fd = fd,
		.filename = STR("t.xlsx"),
		.columns = columns,
		.columns_n = 2,
		.row = add,
		.arg = &b};
	is_int(rows_read(c, &want, &told), OK, "it is read");
	if (damaged) {
		ok(told.stopped != NULL, "the reading stops");
		is_int((long long)told.size, 2000, "the digest is of all that is there");
		return;
	}
	is_str(arena_z(c->arena, buf_str(&b)), "1 a/1 2026-11-24; 2! 7/0 ; ",
		"rows that hold something, from the first cell of the header on");
	is_int((long long)told.others, 1, "the column without a name");
	is_str(told.format, "xlsx", "its format");
	ok(told.stopped == NULL && told.found[0] == 1 && told.found[1] == 1, "to its end");
}

int main(void)
{
	char path[] = "/tmp/shugu-rows-XXXXXX";
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	cleanup(fd_closep) int fd = mkstemp(path);
	ok(fd >= 0, "a place for it");
	make(path);
	read_book(&c, path, false);
	read_book(&c, path, true);
	(void)unlink(path);
	return done_testing();
}
