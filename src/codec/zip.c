#include "codec/zip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/limits.h"

#define END_BYTES 22u
#define CENTRAL_BYTES 46u
#define LOCAL_BYTES 30u
#define COMMENT_MAX 65535u
#define PIECE (32u << 10)
#define FLAG_ENCRYPTED 0x0001u
#define FLAGS_REFUSED 0x2061u /* encrypted in three ways, and patches */
#define STORED 0u
#define DEFLATED 8u

static unsigned u16(const uint8_t *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
	return (uint32_t)u16(p) | (uint32_t)u16(p + 2) << 16;
}

struct end {
	uint64_t at;
	unsigned n;
	uint32_t size, directory;
};

/* The end record: the only place near the end of the file from which a comment reaches exactly to it. */
static err find_end(struct ctx *c, const struct source *s, struct end *ret)
{
	static const uint8_t magic[] = {'P', 'K', 5, 6};
	size_t n = s->size < END_BYTES + COMMENT_MAX ? (size_t)s->size : END_BYTES + COMMENT_MAX;
	uint8_t *tail;
	unsigned found = 0;
	NEW_N(c, tail, n + 1);
	TRY(source_read(c, s, s->size - n, tail, n));
	for (size_t i = 0; i + END_BYTES <= n; i++) {
		const uint8_t *p = tail + i;
		if (memcmp(p, magic, 4) != 0 || i + END_BYTES + u16(p + 20) != n)
			continue;
		ENSURE(u16(p + 4) == 0 && u16(p + 6) == 0 && u16(p + 8) == u16(p + 10), c,
			ERR_MALFORMED, "a zip file of several parts is not read");
		*ret = (struct end){s->size - n + i, u16(p + 10), u32(p + 12), u32(p + 16)};
		found++;
	}
	ENSURE(found == 1, c, ERR_MALFORMED,
		found == 0 ? "this is no zip file, or it is cut off"
			   : "a zip file with two ends could be read in two ways");
	ENSURE(ret->n != 0xffff && ret->size != UINT32_MAX && ret->directory != UINT32_MAX, c,
		ERR_MALFORMED, "a ZIP64 file is not read");
	ENSURE((uint64_t)ret->directory + ret->size == ret->at, c, ERR_MALFORMED,
		"the zip file's directory is not where its end says");
	return OK;
}

/* One row of the directory at p, which holds left bytes; ret_n is how many it takes. */
static err read_entry(
	struct ctx *c, const uint8_t *p, size_t left, struct zip_entry *ret, size_t *ret_n)
{
	static const uint8_t magic[] = {'P', 'K', 1, 2};
	ENSURE(left >= CENTRAL_BYTES && memcmp(p, magic, 4) == 0, c, ERR_MALFORMED,
		"the zip file's directory is damaged");
	size_t name = u16(p + 28), n = CENTRAL_BYTES + name + u16(p + 30) + u16(p + 32);
	ENSURE(n <= left, c, ERR_MALFORMED, "the zip file's directory is damaged");
	ENSURE(name > 0 && name <= LIMIT_ZIP_NAME, c, ERR_TOO_LARGE,
		"a name in the zip file has %zu bytes (1 to %u)", name, LIMIT_ZIP_NAME);
	ENSURE((u16(p + 8) & FLAGS_REFUSED) == 0, c, ERR_MALFORMED,
		"the zip file is encrypted: save it without a password");
	ENSURE(u16(p + 10) == STORED || u16(p + 10) == DEFLATED, c, ERR_MALFORMED,
		"the zip file is packed in a way that is not read (%u)", u16(p + 10));
	ENSURE(u16(p + 34) == 0, c, ERR_MALFORMED, "a zip file of several parts is not read");
	ENSURE(u32(p + 20) != UINT32_MAX && u32(p + 24) != UINT32_MAX && u32(p + 42) != UINT32_MAX,
		c, ERR_MALFORMED, "a ZIP64 file is not read");
	*ret = (struct zip_entry){.name = {(const char *)p + CENTRAL_BYTES, name},
		.at = u32(p + 42),
		.size = u32(p + 24),
		.packed = u32(p + 20),
		.crc = u32(p + 16),
		.method = u16(p + 10),
		.flags = u16(p + 8)};
	*ret_n = n;
	return OK;
}

static int by_place(const void *a, const void *b)
{
	const struct zip_entry *x = *(const struct zip_entry *const *)a;
	const struct zip_entry *y = *(const struct zip_entry *const *)b;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int by_name(const void *a, const void *b)
{
	const struct zip_entry *x = *(const struct zip_entry *const *)a;
	const struct zip_entry *y = *(const struct zip_entry *const *)b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int order = strncasecmp(x->name.p, y->name.p, n);
	if (order != 0)
		return order;
	return x->name.n < y->name.n ? -1 : x->name.n > y->name.n;
}

/* No two of the same name, none in another's bytes or in the directory's. */
static err check_entries(struct ctx *c, const struct zip *z)
{
	const struct zip_entry **order;
	NEW_N(c, order, z->n + 1);
	for (size_t i = 0; i < z->n; i++)
		order[i] = &z->entries[i];
	qsort(order, z->n, sizeof(order[0]), by_name);
	for (size_t i = 1; i < z->n; i++)
		ENSURE(by_name(&order[i - 1], &order[i]) != 0, c, ERR_MALFORMED,
			"the zip file has two entries of one name");
	qsort(order, z->n, sizeof(order[0]), by_place);
	for (size_t i = 0; i < z->n; i++) {
		uint64_t end = i + 1 < z->n ? order[i + 1]->at : z->directory;
		ENSURE(order[i]->at + LOCAL_BYTES + order[i]->name.n + order[i]->packed <= end, c,
			ERR_MALFORMED, "entries of the zip file overlap");
	}
	return OK;
}

err zip_open(struct ctx *c, const struct source *source, struct zip *ret)
{
	struct end end = {0};
	struct zip z = {.source = *source};
	uint8_t *directory;
	size_t at = 0, n = 0;
	TRY(find_end(c, source, &end));
	ENSURE(end.n <= LIMIT_ZIP_ENTRIES, c, ERR_TOO_LARGE, "the zip file has %u entries (%u)",
		end.n, LIMIT_ZIP_ENTRIES);
	ENSURE(end.size <= LIMIT_ZIP_ENTRIES * (CENTRAL_BYTES + LIMIT_ZIP_NAME), c, ERR_TOO_LARGE,
		"the zip file's directory is larger than is read");
	NEW_N(c, directory, end.size + 1);
	NEW_N(c, z.entries, end.n + 1);
	TRY(source_read(c, source, end.directory, directory, end.size));
	for (; z.n < end.n; z.n++, at += n)
		TRY(read_entry(c, directory + at, end.size - at, &z.entries[z.n], &n));
	ENSURE(at == end.size, c, ERR_MALFORMED, "the zip file's directory is damaged");
	z.directory = end.directory;
	TRY(check_entries(c, &z));
	*ret = z;
	return OK;
}

const struct zip_entry *zip_find(const struct zip *z, struct str name)
{
	for (size_t i = 0; i < z->n; i++) {
		const struct zip_entry *e = &z->entries[i];
		if (e->name.n == name.n && strncasecmp(e->name.p, name.p, name.n) == 0)
			return e;
	}
	return NULL;
}

struct zip_stream {
	struct source source;
	struct zip_entry entry;
	uint64_t at;
	uint32_t packed_left, crc;
	uint64_t made;
	z_stream z;
	bool ended;
	uint8_t piece[PIECE];
};

static void close_stream(void *arg)
{
	struct zip_stream *s = arg;
	(void)inflateEnd(&s->z);
}

/* The local header agrees with the directory; ret_data is where the bytes begin. */
static err check_local(
	struct ctx *c, const struct zip *z, const struct zip_entry *e, uint64_t *ret_data)
{
	static const uint8_t magic[] = {'P', 'K', 3, 4};
	uint8_t head[LOCAL_BYTES];
	char *name;
	TRY(source_read(c, &z->source, e->at, head, LOCAL_BYTES));
	NEW_N(c, name, e->name.n);
	ENSURE(memcmp(head, magic, 4) == 0 && u16(head + 26) == e->name.n &&
			u16(head + 8) == e->method && (u16(head + 6) & FLAG_ENCRYPTED) == 0,
		c, ERR_MALFORMED, "the zip file's parts contradict its directory");
	TRY(source_read(c, &z->source, e->at + LOCAL_BYTES, name, e->name.n));
	ENSURE(memcmp(name, e->name.p, e->name.n) == 0, c, ERR_MALFORMED,
		"the zip file's parts contradict its directory");
	*ret_data = e->at + LOCAL_BYTES + e->name.n + u16(head + 28);
	ENSURE(*ret_data + e->packed <= z->directory, c, ERR_MALFORMED,
		"entries of the zip file overlap");
	return OK;
}

err zip_read_open(struct ctx *c, const struct zip *z, const struct zip_entry *e, uint64_t max,
	struct zip_stream **ret)
{
	struct zip_stream *s;
	ENSURE(e->size <= max, c, ERR_TOO_LARGE, "%.*s has %u bytes (at most %llu)", FMT(e->name),
		(unsigned)e->size, (unsigned long long)max);
	ENSURE(e->size <= LIMIT_ZIP_RATIO_FREE || e->size / LIMIT_ZIP_RATIO <= e->packed, c,
		ERR_TOO_LARGE, "%.*s unpacks to more than %u times its size", FMT(e->name),
		LIMIT_ZIP_RATIO);
	NEW(c, s);
	*s = (struct zip_stream){.source = z->source, .entry = *e, .packed_left = e->packed};
	s->crc = (uint32_t)crc32(0, NULL, 0);
	TRY(check_local(c, z, e, &s->at));
	if (e->method == DEFLATED) {
		ENSURE(inflateInit2(&s->z, -MAX_WBITS) == Z_OK, c, ERR_MEMORY,
			"no memory to unpack");
		TRY(arena_defer(c, close_stream, s));
	} else {
		ENSURE(e->size == e->packed, c, ERR_MALFORMED,
			"the zip file's directory contradicts itself");
	}
	*ret = s;
	return OK;
}

static err next_piece(struct ctx *c, struct zip_stream *s, size_t max, size_t *ret_n)
{
	size_t n = s->packed_left < max ? s->packed_left : max;
	TRY(source_read(c, &s->source, s->at, s->piece, n));
	s->at += n;
	s->packed_left -= (uint32_t)n;
	*ret_n = n;
	return OK;
}

static err read_stored(struct ctx *c, struct zip_stream *s, void *to, size_t max, size_t *ret_n)
{
	TRY(next_piece(c, s, max < PIECE ? max : PIECE, ret_n));
	memcpy(to, s->piece, *ret_n);
	s->ended = *ret_n == 0;
	return OK;
}

static err read_deflated(struct ctx *c, struct zip_stream *s, void *to, size_t max, size_t *ret_n)
{
	s->z.next_out = to;
	s->z.avail_out = (uInt)max;
	while (s->z.avail_out == max && !s->ended) {
		if (s->z.avail_in == 0 && s->packed_left > 0) {
			size_t n = 0;
			TRY(next_piece(c, s, PIECE, &n));
			s->z.next_in = s->piece;
			s->z.avail_in = (uInt)n;
		}
		int answer = inflate(&s->z, Z_NO_FLUSH);
		s->ended = answer == Z_STREAM_END;
		ENSURE(answer == Z_OK || s->ended, c, ERR_MALFORMED, "%.*s is damaged",
			FMT(s->entry.name));
	}
	*ret_n = max - s->z.avail_out;
	return OK;
}

static err check_end(struct ctx *c, const struct zip_stream *s)
{
	ENSURE(s->made == s->entry.size && s->crc == s->entry.crc && s->packed_left == 0 &&
			s->z.avail_in == 0,
		c, ERR_MALFORMED, "%.*s is damaged", FMT(s->entry.name));
	return OK;
}

err zip_read(struct ctx *c, struct zip_stream *s, void *to, size_t max, size_t *ret_n)
{
	size_t n = 0;
	assert(max > 0 && max <= UINT32_MAX);
	if (!s->ended)
		TRY((s->entry.method == STORED ? read_stored : read_deflated)(c, s, to, max, &n));
	s->made += n;
	ENSURE(s->made <= s->entry.size, c, ERR_MALFORMED, "%.*s is larger than it says",
		FMT(s->entry.name));
	s->crc = (uint32_t)crc32(s->crc, to, (uInt)n);
	if (s->ended)
		TRY(check_end(c, s));
	*ret_n = n;
	return OK;
}
