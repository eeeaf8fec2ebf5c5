/* The profile of a file that is to be published: what a buyer asks of a table before anything else, learnt in one pass
 * with memory that grows with the columns (33 KiB each) and not with the rows.
 *
 * {"format":"csv","delimiter":",","encoding":"utf-8","rows":n,"ragged":n,"odd":n,"columns":[...],"stopped":"why"?}
 * {"format":"json-lines","encoding":"utf-8","rows":n,"malformed":n,"columns":[...],"stopped":"why"?}
 * {"format":"other"}
 * By name: .csv and .tsv are CSV (codec/csv.h; the first row is the header; the delimiter is guessed from it; ragged rows
 * have more or fewer fields than it), .jsonl and .ndjson JSON lines (the columns are the union of the members; a line that
 * is no object is counted as malformed, an empty one not at all). An empty CSV field, a missing member and a JSON null
 * are nulls. Columns: product/column.h. encoding is "unknown" where bytes are not UTF-8. Everything else is "other".
 * All numbers are integers, so a profile can stand in canonical JSON. Beyond LIMIT_PROFILE_COLUMNS, LIMIT_CSV_FIELD and
 * LIMIT_PROFILE_LINE it stops, says why, and holds what was learnt up to there: that is no failure. Errors: ERR_IO where the
 * file cannot be read, ERR_TOO_LARGE where c's arena cannot hold the answer. */
#pragma once

#include "base/limits.h"
#include "codec/json.h"

/* Reads fd from its first byte, whatever its position, which stays. ret lives in c's arena. */
must_use err profile_file(struct ctx *c, int fd, struct str filename, struct json **ret);
