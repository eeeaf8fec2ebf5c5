/* Makes a workbook of readings for bench/run: bench-sheet FILE ROWS KIND, where the texts of the cells stand in the cells
 * (inline) or in the part that cells share (shared; a different one in each row). Exit 0, or 2 where it cannot. */
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#define TEXT 64

static void add_row(lxw_worksheet *s, lxw_row_t row, lxw_format *day)
{
	char station[TEXT], remark[TEXT];
	(void)snprintf(station, sizeof station, "station-%u", row % 500);
	(void)snprintf(remark, sizeof remark, "reading %u of the day", row);
	worksheet_write_string(s, row, 0, station, NULL);
	worksheet_write_number(s, row, 1, 45000 + row / 1440.0, day);
	worksheet_write_number(s, row, 2, row * 7919 % 1000 / 10.0, NULL);
	worksheet_write_number(s, row, 3, row, NULL);
	worksheet_write_string(s, row, 4, remark, NULL);
}

int main(int argc, char **argv)
{
	static const char *const heads[] = {"station", "time", "rain", "count", "remark"};
	if (argc != 4)
		return 2;
	lxw_row_t rows = 0;
	for (const char *p = argv[2]; *p >= '0' && *p <= '9' && rows < LXW_ROW_MAX; p++)
		rows = rows * 10 + (lxw_row_t)(*p - '0');
	lxw_workbook_options options = {.constant_memory = strcmp(argv[3], "inline") == 0};
	lxw_workbook *book = workbook_new_opt(argv[1], &options);
	lxw_worksheet *sheet = book == NULL ? NULL : workbook_add_worksheet(book, NULL);
	if (sheet == NULL || rows == 0 || rows >= LXW_ROW_MAX)
		return 2;
	lxw_format *day = workbook_add_format(book);
	format_set_num_format(day, "yyyy-mm-dd hh:mm");
	for (lxw_col_t i = 0; i < 5; i++)
		worksheet_write_string(sheet, 0, i, heads[i], NULL);
	for (lxw_row_t row = 1; row <= rows; row++)
		add_row(sheet, row, day);
	return workbook_close(book) == LXW_NO_ERROR ? 0 : 2;
}
