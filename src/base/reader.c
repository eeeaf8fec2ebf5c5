#include "base/reader.h"

struct reader reader_on(struct str s)
{
	return (struct reader){s};
}

bool reader_end(const struct reader *r)
{
	return r->rest.n == 0;
}

bool reader_take(struct reader *r, size_t n, struct str *ret)
{
	if (n > r->rest.n)
		return false;
	*ret = str_sub(r->rest, 0, n);
	r->rest = str_sub(r->rest, n, r->rest.n);
	return true;
}

static bool big_endian(struct reader *r, size_t n, uint64_t *ret)
{
	struct str bytes;
	if (!reader_take(r, n, &bytes))
		return false;
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)bytes.p[i];
	*ret = v;
	return true;
}

bool reader_u8(struct reader *r, uint8_t *ret)
{
	uint64_t v;
	if (!big_endian(r, 1, &v))
		return false;
	*ret = (uint8_t)v;
	return true;
}

bool reader_u16(struct reader *r, uint16_t *ret)
{
	uint64_t v;
	if (!big_endian(r, 2, &v))
		return false;
	*ret = (uint16_t)v;
	return true;
}

bool reader_u32(struct reader *r, uint32_t *ret)
{
	uint64_t v;
	if (!big_endian(r, 4, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

bool reader_u64(struct reader *r, uint64_t *ret)
{
	return big_endian(r, 8, ret);
}

bool reader_lit(struct reader *r, struct str text)
{
	if (!str_starts(r->rest, text))
		return false;
	r->rest = str_sub(r->rest, text.n, r->rest.n);
	return true;
}

bool reader_until(struct reader *r, char c, struct str *ret)
{
	struct str tail;
	if (!str_cut(r->rest, c, ret, &tail))
		return false;
	r->rest = tail;
	return true;
}

bool reader_line(struct reader *r, struct str *ret)
{
	return reader_until(r, '\n', ret);
}
