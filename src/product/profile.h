/* The profile of a file that is to be published: what a buyer asks of a table before anything else, learnt in one pass
 * with memory that grows with the columns (60 KiB each) and not with the rows.
 *
 * {"format":"csv","delimiter":",",ENCODING,"rows":n,"ragged":n,"odd":n,"columns":[...],"stopped":"why"?}
 * {"format":"json-lines",ENCODING,"rows":n,"malformed":n,"columns":[...],"stopped":"why"?}
 * {"format":"xlsx","sheet":"name","rows":n,"ragged":n,"errors":n,"columns":[...],"stopped":"why"?}
 * {"format":"parquet","rows":n,"rowGroups":n,"createdBy":"...","columns":[{"name","type","nullable"}],"stopped":"why"?}
 * {"format":"other"}
 * By name: .csv and .tsv are CSV (codec/csv.h; the first row is the header; the delimiter is guessed from it; ragged rows
 * have more or fewer fields than it), .jsonl and .ndjson JSON lines (the columns are the union of the members; a line that
 * is no object is counted as malformed, an empty one not at all), .xlsx workbooks (codec/xlsx.h): their first visible sheet, of which the first row
 * that holds anything is the header and spans the table (ragged rows reach beyond it; errors: cells such as #N/A), .parquet what the footer says (codec/parquet.h; no
 * value is read, so a column has its name, its type, which may be "time" or "bytes" too, and whether it may lack a value). An empty CSV field, a missing member and a JSON null
 * are nulls. Columns: product/column.h. Everything else is "other".
 * ENCODING: "encoding":"utf-8" or utf-16le, utf-16be, gb18030, unknown (not UTF-8, and nothing else that is known);
 * "bom":whether a byte order mark stands there; "confirm":true where the encoding was guessed and a person should look;
 * "replaced":how many byte sequences were no characters of it. It is told by codec/charset.h from the first MiB, or given.
 * The file is converted while it is read: texts of the profile are UTF-8, the bytes that are delivered stay what they were.
 * Of many columns less is said (enum column_detail), so that a profile has less than 20 KB as long as 200 columns can.
 * All numbers are integers, so a profile can stand in canonical JSON. Beyond LIMIT_PROFILE_COLUMNS, LIMIT_CSV_FIELD and
 * LIMIT_PROFILE_LINE, beyond the limits of a workbook and where one is damaged, it stops, says why, and holds what was learnt up to there: that is no failure. Errors: ERR_IO where the
 * file cannot be read, ERR_TOO_LARGE where c's arena cannot hold the answer. */
#pragma once

#include "base/limits.h"
#include "codec/charset.h"
#include "codec/json.h"

/* Reads fd from its first byte, whatever its position, which stays. given: the encoding where a person has said it, else
 * CHARSET_UNKNOWN. ret lives in c's arena. */
must_use err profile_file(
	struct ctx *c, int fd, struct str filename, enum charset given, struct json **ret);
