#include "rules/shipped.h"

#include <zlib.h>

#include "base/limits.h"
#include "base/reader.h"

static err unpack(struct ctx *c, struct str *ret)
{
	unsigned char *bytes;
	uLongf n = rules_unpacked_n;
	NEW_N(c, bytes, rules_unpacked_n + 1);
	int code = uncompress(bytes, &n, rules_packed, rules_packed_n);
	ENSURE(code == Z_OK && n == rules_unpacked_n, c, ERR_CORRUPT,
		"the rules in the program cannot be read");
	*ret = (struct str){(const char *)bytes, n};
	return OK;
}

err rules_shipped(struct ctx *c, const struct rule_file **ret, size_t *ret_n)
{
	struct rule_file *files;
	struct str all, name, length;
	uint64_t bytes = 0;
	size_t n = 0;
	TRY(unpack(c, &all));
	struct reader r = reader_on(all);
	NEW_N(c, files, LIMIT_RULE_FILES);
	while (!reader_end(&r)) {
		struct rule_file *f = &files[n];
		bool whole = n < LIMIT_RULE_FILES && reader_line(&r, &name) &&
			     reader_line(&r, &length) && str_u64(length, &bytes) &&
			     reader_take(&r, (size_t)bytes, &f->text);
		f->name = whole ? arena_z(c->arena, name) : NULL;
		ENSURE(f->name != NULL, c, ERR_CORRUPT, "the rules in the program cannot be read");
		n++;
	}
	*ret = files;
	*ret_n = n;
	return OK;
}

err rules_shipped_set(struct ctx *c, struct rule_set *ret)
{
	const struct rule_file *files;
	size_t n = 0;
	TRY(rules_shipped(c, &files, &n));
	return rule_set_read(c, files, n, ret);
}
