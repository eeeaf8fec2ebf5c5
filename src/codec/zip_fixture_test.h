/* Zip files for tests: stored or deflated entries, each field of which a test may bend. */
#pragma once

#include <zlib.h>

#include "base/buf.h"
#include "codec/zip.h"

struct zip_bend {
	int64_t size, crc, packed, at, method, local_name; /* -1: as it is */
};

struct zip_made {
	struct buf file, directory;
	unsigned n;
};

static const struct zip_bend zip_straight = {-1, -1, -1, -1, -1, -1};

static inline void zip_number(struct buf *b, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_char(b, (char)(i < 8 ? v >> (8 * i) : 0));
}

static inline void zip_begin(struct zip_made *z, struct arena *a)
{
	*z = (struct zip_made){.n = 0};
	buf_init(&z->file, a, 64u << 20);
	buf_init(&z->directory, a, 8u << 20);
}

static inline struct str zip_packed(struct arena *a, struct str bytes)
{
	z_stream z = {0};
	size_t max = bytes.n + bytes.n / 1000 + 64;
	char *to = arena_alloc(a, max);
	if (to == NULL || deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return (struct str){0};
	z.next_in = (Bytef *)(uintptr_t)bytes.p;
	z.avail_in = (uInt)bytes.n;
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)max;
	int done = deflate(&z, Z_FINISH);
	size_t n = z.total_out;
	deflateEnd(&z);
	return done == Z_STREAM_END ? (struct str){to, n} : (struct str){0};
}

static inline void zip_put(struct zip_made *z, struct str name, struct str bytes, bool pack,
	const struct zip_bend *bend)
{
	struct str stored = pack ? zip_packed(z->file.arena, bytes) : bytes;
	uint64_t at = z->file.n, method = pack ? 8 : 0,
		 crc = crc32(0, (const Bytef *)bytes.p, (uInt)bytes.n);
	uint64_t packed = bend->packed < 0 ? stored.n : (uint64_t)bend->packed;
	uint64_t size = bend->size < 0 ? bytes.n : (uint64_t)bend->size;
	method = bend->method < 0 ? method : (uint64_t)bend->method;
	crc = bend->crc < 0 ? crc : (uint64_t)bend->crc;
	buf_add(&z->file, STR("PK\3\4\24\0\0\0"));
	zip_number(&z->file, method, 2);
	zip_number(&z->file, 0, 4);
	zip_number(&z->file, crc, 4);
	zip_number(&z->file, packed, 4);
	zip_number(&z->file, size, 4);
	zip_number(&z->file, name.n, 2);
	zip_number(&z->file, 0, 2);
	size_t name_at = z->file.n;
	buf_add(&z->file, name);
	if (bend->local_name >= 0 && name.n > 0)
		z->file.p[name_at] = (char)bend->local_name;
	buf_add(&z->file, stored);
	buf_add(&z->directory, STR("PK\1\2\24\0\24\0\0\0"));
	zip_number(&z->directory, method, 2);
	zip_number(&z->directory, 0, 4);
	zip_number(&z->directory, crc, 4);
	zip_number(&z->directory, packed, 4);
	zip_number(&z->directory, size, 4);
	zip_number(&z->directory, name.n, 2);
	zip_number(&z->directory, 0, 12);
	zip_number(&z->directory, bend->at < 0 ? at : (uint64_t)bend->at, 4);
	buf_add(&z->directory, name);
	z->n++;
}

static inline struct str zip_end(struct zip_made *z, struct str comment)
{
	size_t at = z->file.n;
	buf_add(&z->file, buf_str(&z->directory));
	buf_add(&z->file, STR("PK\5\6\0\0\0\0"));
	zip_number(&z->file, z->n, 2);
	zip_number(&z->file, z->n, 2);
	zip_number(&z->file, z->directory.n, 4);
	zip_number(&z->file, at, 4);
	zip_number(&z->file, comment.n, 2);
	buf_add(&z->file, comment);
	return buf_str(&z->file);
}
