#include "product/dossier_sheet.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/env.h"
#include "base/limits.h"
#include "product/dossier.h"
#include "tests/tap.h"

static const char *canonical(struct ctx *c, const struct json *o)
{
	struct str text = {0};
	return json_canonical(c, o, 1u << 16, &text) == OK ? arena_z(c->arena, text) : "none";
}

static struct json *some(struct ctx *c)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "description", STR("=1+1 <b>\xe6\xb0\x94\xe8\xb1\xa1</b> & \"x\""));
	json_set_str(c, &o, "frequency", STR("every five minutes"));
	json_set_str(c, &o, "rights", STR("held"));
	return o;
}

static void round_trip(struct ctx *c)
{
	struct str bytes = {0};
	struct json *back = NULL, *old = some(c);
	is_int(dossier_sheet_write(c, old, &bytes), OK, "written");
	struct source s = source_of_text(bytes);
	is_int(dossier_sheet_read(c, &s, old, &back), OK, "read");
	ok(json_eq(old, back), "the same: %s", canonical(c, back));
	is_int(dossier_sheet_read(c, &s, json_object(c), &back), ERR_BAD_VALUE,
		"a value that is no choice and was not there");
	ok(strstr(c->trouble.detail, "dossier!C7: every five minutes is none of once, realtime") !=
			NULL,
		"is told with its place: %s", c->trouble.detail);
	s = source_of_text(STR("id,value\n"));
	is_int(dossier_sheet_read(c, &s, old, &back), ERR_MALFORMED, "no workbook");
}

/* Rows of id and value below a header; NULL ends them. */
static err read_rows(struct ctx *c, const char *header, const char *const rows[][2],
	const struct json *old, struct json **ret)
{
	char path[] = "/tmp/shugu-dossier-XXXXXX";
	struct source s;
	cleanup(fd_closep) __attribute__((unused)) int fd = mkstemp(path);
	lxw_workbook *b = workbook_new(path);
	lxw_worksheet *w = workbook_add_worksheet(b, NULL);
	worksheet_write_string(w, 0, 0, header, NULL);
	for (lxw_row_t i = 0; rows[i][0] != NULL; i++) {
		worksheet_write_string(w, i + 1, 0, rows[i][0], NULL);
		worksheet_write_string(w, i + 1, 2, rows[i][1], NULL);
	}
	is_int(workbook_close(b), LXW_NO_ERROR, "a workbook");
	cleanup(fd_closep) int made = open(path, O_RDONLY | O_CLOEXEC);
	ok(unlink(path) == 0, "gone");
	TRY(source_of_file(c, made, &s));
	return dossier_sheet_read(c, &s, old, ret);
}

static void changes(struct ctx *c)
{
	static const char *const rows[][2] = {
		{"frequency", "daily"}, {"rights", ""}, {"region", "  Hangzhou "}, {NULL, NULL}};
	struct json *got = NULL;
	is_int(read_rows(c, "id", rows, some(c), &got), OK, "some rows");
	is_str(canonical(c, got),
		"{\"description\":\"=1+1 <b>\xe6\xb0\x94\xe8\xb1\xa1</b> & \\\"x\\\"\","
		"\"frequency\":\"daily\",\"region\":\"Hangzhou\"}",
		"change their fields, empty ones take away, others stay");
	static const char *const bad[][2] = {{"colour", "red"}, {"rights", "a"}, {"rights", "b"},
		{"frequency", "sometimes"}, {NULL, NULL}};
	is_int(read_rows(c, "id", bad, some(c), &got), ERR_BAD_VALUE, "several mistakes");
	static const char *const places[] = {"Sheet1!A2: there is no field colour",
		"Sheet1!A4: the field rights stands here twice", "Sheet1!C5: sometimes is none of"};
	for (size_t i = 0; i < countof(places); i++)
		ok(strstr(c->trouble.detail, places[i]) != NULL, "%s", places[i]);
	is_int(read_rows(c, "name", rows, some(c), &got), ERR_BAD_VALUE, "another sheet");
	ok(strstr(c->trouble.detail, "Sheet1!A1: must be id") != NULL, "says what it must be");
	char *text = arena_alloc(c->arena, LIMIT_TEXT + 2);
	memset(text, 'x', LIMIT_TEXT + 1);
	const char *const wide[][2] = {{"rights", text}, {NULL, NULL}};
	is_int(read_rows(c, "id", wide, some(c), &got), ERR_BAD_VALUE, "a text that is too long");
	ok(strstr(c->trouble.detail, "Sheet1!C2: the text has 4001 bytes") != NULL, "is named");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(32u << 20);
	struct ctx c = {.arena = a};
	round_trip(&c);
	changes(&c);
	return done_testing();
}
