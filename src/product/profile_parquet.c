/* The columns and rows of a Parquet file, as its footer states them. */
#include "codec/parquet.h"
#include "product/column.h"
#include "product/profile_parts.h"

static const char *const words[PARQUET_KINDS] = {
	[PARQUET_NONE] = "empty",
	[PARQUET_BOOLEAN] = "boolean",
	[PARQUET_INTEGER] = "integer",
	[PARQUET_DECIMAL] = "decimal",
	[PARQUET_DATE] = "date",
	[PARQUET_TIME] = "time",
	[PARQUET_DATETIME] = "datetime",
	[PARQUET_TEXT] = "text",
	[PARQUET_BYTES] = "bytes",
	[PARQUET_NESTED] = "nested",
};

static err read_footer(struct profile *p, struct parquet *ret)
{
	struct source source;
	TRY(source_of_file(&p->work, p->fd, &source));
	return parquet_read(&p->work, &source, ret);
}

static err tell_column(struct ctx *c, struct profile *p, const struct parquet_column *column)
{
	struct json *o = json_object(c);
	struct str name;
	TRY(column_clean(c, column->name, LIMIT_NAME, &name));
	json_set_str(c, &o, "name", name);
	json_set(&o, "type", json_z(c, words[column->kind]));
	json_set(&o, "nullable", json_bool(c, column->nullable));
	json_push(&p->told, o);
	return OK;
}

err profile_parquet(struct ctx *c, struct profile *p, struct json **o)
{
	struct parquet file = {.created_by = {"", 0}};
	struct str by;
	p->told = json_array(c);
	TRY(profile_stop(c, p, read_footer(p, &file)));
	for (size_t i = 0; i < file.columns_n && i < LIMIT_PROFILE_COLUMNS; i++)
		TRY(tell_column(c, p, &file.columns[i]));
	if (file.columns_n > LIMIT_PROFILE_COLUMNS)
		p->stopped = "more columns than a profile has";
	p->rows = file.rows;
	TRY(column_clean(c, file.created_by, LIMIT_NAME, &by));
	json_set(o, "format", json_z(c, "parquet"));
	json_set_num(c, o, "rowGroups", (int64_t)file.row_groups);
	json_set_str(c, o, "createdBy", by);
	return OK;
}
