#include "chain/checkpoint.h"

#include "base/buf.h"
#include "base/reader.h"
#include "codec/base64.h"

err checkpoint_text(struct ctx *c, const struct checkpoint *p, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, LIMIT_ORIGIN + 80);
	buf_add(&b, p->origin);
	buf_char(&b, '\n');
	buf_u64(&b, p->size);
	buf_char(&b, '\n');
	base64_add(&b, p->root.b, HASH_BYTES);
	buf_char(&b, '\n');
	return buf_done(c, &b, ret);
}

err checkpoint_parse(struct ctx *c, struct str text, struct checkpoint *ret)
{
	struct reader r = reader_on(text);
	struct checkpoint p;
	struct str size, root;
	struct hash empty = hash_empty();
	ENSURE(reader_line(&r, &p.origin) && p.origin.n > 0 && p.origin.n <= LIMIT_ORIGIN &&
			reader_line(&r, &size) && reader_line(&r, &root) && reader_end(&r),
		c, ERR_MALFORMED, "a checkpoint has three lines: origin, size, root");
	ENSURE(str_u64(size, &p.size) && base64_fixed(root, p.root.b, HASH_BYTES), c, ERR_MALFORMED,
		"a checkpoint's size or root cannot be read");
	ENSURE(p.size > 0 || hash_eq(&p.root, &empty), c, ERR_MALFORMED,
		"an empty log has the root of the empty tree");
	*ret = p;
	return OK;
}

err checkpoint_open(
	struct ctx *c, struct str note, const struct note_key *k, struct checkpoint *ret)
{
	struct str text;
	struct checkpoint p;
	TRY(note_open(c, note, k, &text));
	TRY(checkpoint_parse(c, text, &p));
	ENSURE(str_eq(p.origin, k->name), c, ERR_BAD_SIGNATURE,
		"the head is of the log %.*s, not of its signer", FMT(p.origin));
	*ret = p;
	return OK;
}
