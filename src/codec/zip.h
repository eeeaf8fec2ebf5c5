/* Zip archives (PKWARE APPNOTE 6.3), read strictly: what two readers might read in two ways is refused.
 *
 * Believed is the central directory; it must end right before the end record, the end record's comment must reach to the
 * end of the file, no two entries may have the same name or overlap, each local header must agree with the directory, and
 * the inflated bytes must have the size and CRC-32 that it states. Refused: several disks, ZIP64, encryption, methods
 * other than stored and deflated. Nothing is ever written to a file, so a name is only compared, never used as a path.
 * Limits: LIMIT_ZIP_ENTRIES, LIMIT_ZIP_RATIO (beyond LIMIT_ZIP_RATIO_FREE bytes), the caller's max per entry, LIMIT_ZIP_NAME.
 * Errors: ERR_MALFORMED says what is wrong, ERR_TOO_LARGE which limit. The reader is bound to c's arena. */
#pragma once

#include "base/arena.h"
#include "base/source.h"

struct zip_entry {
	struct str name;
	uint64_t at; /* of its local header */
	uint32_t size, packed, crc;
	unsigned method, flags;
};

struct zip {
	struct source source;
	struct zip_entry *entries; /* as the directory has them */
	size_t n;
	uint64_t directory; /* where it begins */
};

must_use err zip_open(struct ctx *c, const struct source *source, struct zip *ret);
/* NULL where there is none. ASCII case does not matter, as readers of OOXML have it. */
const struct zip_entry *zip_find(const struct zip *z, struct str name);

struct zip_stream; /* one entry, from its first byte to its last */

/* max: how many bytes it may have, ERR_TOO_LARGE. */
must_use err zip_read_open(struct ctx *c, const struct zip *z, const struct zip_entry *e,
	uint64_t max, struct zip_stream **ret);
/* The next bytes, at most max (at least 1); ret_n 0: all is read, and its size and CRC were right. */
must_use err zip_read(struct ctx *c, struct zip_stream *s, void *to, size_t max, size_t *ret_n);
