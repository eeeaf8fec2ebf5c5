/* The encodings of text files that people have: UTF-8, UTF-16, GB18030; how a file's is told, and how it is turned into
 * UTF-8 while it streams. Pure but for iconv(3) of libc.
 *
 * How it is told, in this order: a byte order mark; bytes that are well-formed UTF-8; U+0000 where UTF-16 has it (a text
 * in one byte a character has none), of the two orders the one with more ASCII; bytes that are well-formed GB18030 (GB
 * 18030-2005, of which GBK and GB 2312 are parts). Only a mark, and UTF-8 with a character outside ASCII, are certain; of
 * GB18030 it is likely where 9 of 10 characters are those of GB 2312. What is not certain is to be confirmed by a person.
 * A character may be torn by the end of what is shown; it is judged up to there. */
#pragma once

#include "base/arena.h"

enum charset {
	CHARSET_UNKNOWN, /* read as UTF-8 */
	CHARSET_UTF8,
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_GB18030,
	CHARSETS
};

enum charset_confidence { CHARSET_GUESSED, CHARSET_LIKELY, CHARSET_CERTAIN };

struct charset_guess {
	enum charset charset;
	enum charset_confidence confidence;
	size_t bom; /* bytes of the mark, 0: none */
};

/* head: the beginning of the file, whole: that is all of it. */
struct charset_guess charset_guess(struct str head, bool whole);
/* "utf-8", "utf-16le", "utf-16be", "gb18030", "unknown". */
const char *charset_name(enum charset charset);
/* The charset of a name in any case, or CHARSET_UNKNOWN; gbk and gb2312 are gb18030. */
enum charset charset_named(struct str name);

struct charset_reader; /* arena-bound */

/* UTF-8 and CHARSET_UNKNOWN need no reader: ERR_BAD_VALUE. ERR_MEMORY where libc cannot convert. */
must_use err charset_open(struct ctx *c, enum charset charset, struct charset_reader **ret);
/* Turns in into UTF-8 at out, as much as fits (out_max at least 16). A character that the end of in tears is kept for
 * the next call, or with last replaced. ret_used of in, ret_made of out; what is left over must be given again. */
void charset_convert(struct charset_reader *r, struct str in, bool last, char *out, size_t out_max,
	size_t *ret_used, size_t *ret_made);
/* How many sequences that are none became U+FFFD. */
uint64_t charset_replaced(const struct charset_reader *r);
