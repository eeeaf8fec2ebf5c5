#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/env.h"
#include "base/limits.h"
#include "codec/json.h"
#include "product/profile.h"
#include "tests/tap.h"

static const struct json *profile_of(struct ctx *c, struct str bytes)
{
	struct json *o = NULL;
	cleanup(fd_closep) int fd = memfd_create("profile", MFD_CLOEXEC);
	ok(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n, "a file");
	is_int(profile_file(c, fd, STR("a.PARQUET"), CHARSET_UNKNOWN, &o), OK, "a profile");
	return o;
}

static const char *canonical(struct ctx *c, const struct json *o)
{
	struct str text = {0};
	return json_canonical(c, o, 2u << 20, &text) == OK ? arena_z(c->arena, text) : "none";
}

static struct str file_of(struct ctx *c, struct str schema, struct str rest)
{
	struct buf b;
	buf_init(&b, c->arena, 1u << 20);
	buf_z(&b, "PAR1");
	buf_add(&b, schema);
	buf_add(&b, rest);
	const size_t n = b.n - 4;
	for (unsigned i = 0; i < 4; i++)
		buf_char(&b, (char)(n >> (8 * i)));
	buf_z(&b, "PAR1");
	return buf_str(&b);
}

/* 2 rows in one group, by "w\xff". */
#define REST STR("\x16\x04\x19\x1c\x36\x04\0\x28\x02w\xff\0")

static void small(struct ctx *c)
{
	struct str schema = STR("\x15\x02\x19\x3c\x48\x01r\x15\x04\0"
				"\x15\x04\x25\0\x18\x02id\0"
				"\x15\x0c\x25\x02\x18\x02x\xff\0");
	is_str(canonical(c, profile_of(c, file_of(c, schema, REST))),
		"{\"columns\":[{\"name\":\"id\",\"nullable\":false,\"type\":\"integer\"},"
		"{\"name\":\"x\xef\xbf\xbd\",\"nullable\":true,\"type\":\"bytes\"}],\"createdBy\":"
		"\"w\xef\xbf\xbd\",\"format\":\"parquet\",\"rowGroups\":1,\"rows\":2}",
		"columns and rows");
	const struct json *o = profile_of(c, STR("PAR1 and no more"));
	ok(json_get(o, "stopped") != NULL && json_get(o, "columns")->n == 0,
		"what is none is no failure, and told");
	o = profile_of(c, STR("PAREx\0\0\0\0PARE"));
	ok(strstr(canonical(c, o), "is encrypted") != NULL, "nor is what is encrypted");
}

static void wide(struct ctx *c)
{
	for (unsigned n = LIMIT_PROFILE_COLUMNS; n <= LIMIT_PROFILE_COLUMNS + 1; n++) {
		struct buf b;
		buf_init(&b, c->arena, 1u << 20);
		const unsigned elements = n + 1, children = 2 * n;
		buf_add(&b, STR("\x15\x02\x19\xfc"));
		buf_char(&b, (char)(0x80 | (elements & 0x7f)));
		buf_char(&b, (char)(elements >> 7));
		buf_add(&b, STR("\x48\x01r\x15"));
		buf_char(&b, (char)(0x80 | (children & 0x7f)));
		buf_char(&b, (char)(children >> 7));
		buf_char(&b, 0);
		for (unsigned i = 0; i < n; i++)
			buf_add(&b, STR("\x15\x04\x38\x01x\0"));
		const struct json *o = profile_of(c, file_of(c, buf_str(&b), REST));
		is_int(json_get(o, "columns")->n, LIMIT_PROFILE_COLUMNS, "%u columns", n);
		ok((json_get(o, "stopped") != NULL) == (n > LIMIT_PROFILE_COLUMNS),
			"or it says so");
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	small(&c);
	wide(&c);
	return done_testing();
}
