#include "chain/tlogproof.h"

#include "base/buf.h"
#include "base/reader.h"
#include "codec/base64.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1\n"

err tlogproof_text(struct ctx *c, const struct tlogproof *p, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, LIMIT_TLOG_PROOF);
	buf_z(&b, FIRST_LINE);
	if (p->extra.n > 0) {
		buf_z(&b, "extra ");
		base64_add(&b, p->extra.p, p->extra.n);
		buf_char(&b, '\n');
	}
	buf_z(&b, "index ");
	buf_u64(&b, p->index);
	buf_char(&b, '\n');
	for (size_t i = 0; i < p->path.n; i++) {
		base64_add(&b, p->path.path[i].b, HASH_BYTES);
		buf_char(&b, '\n');
	}
	buf_char(&b, '\n');
	buf_add(&b, p->checkpoint);
	return buf_done(c, &b, ret);
}

err tlogproof_parse(struct ctx *c, struct str text, struct tlogproof *ret)
{
	struct reader r = reader_on(text);
	struct str line;
	struct tlogproof p = {0};
	ENSURE(text.n <= LIMIT_TLOG_PROOF, c, ERR_TOO_LARGE, "a proof is larger than %u bytes",
		LIMIT_TLOG_PROOF);
	ENSURE(reader_lit(&r, STR(FIRST_LINE)), c, ERR_MALFORMED, "this is no tlog-proof");
	if (reader_lit(&r, STR("extra "))) {
		ENSURE(reader_line(&r, &line), c, ERR_MALFORMED,
			"a proof's extra line does not end");
		TRY(base64_decode(c, line, &p.extra));
		ENSURE(p.extra.n > 0, c, ERR_MALFORMED, "a proof's extra line is empty");
	}
	ENSURE(reader_lit(&r, STR("index ")) && reader_line(&r, &line) && str_u64(line, &p.index),
		c, ERR_MALFORMED, "a proof's index cannot be read");
	for (;;) {
		ENSURE(reader_line(&r, &line), c, ERR_MALFORMED, "a proof's path does not end");
		if (line.n == 0)
			break;
		ENSURE(p.path.n < countof(p.path.path), c, ERR_MALFORMED,
			"a proof's path is too long");
		ENSURE(base64_fixed(line, p.path.path[p.path.n++].b, HASH_BYTES), c, ERR_MALFORMED,
			"hash %zu of a proof's path cannot be read", p.path.n);
	}
	ENSURE(!reader_end(&r), c, ERR_MALFORMED, "a proof has no checkpoint");
	p.checkpoint = r.rest;
	*ret = p;
	return OK;
}

err tlogproof_verify(struct ctx *c, const struct tlogproof *p, const struct hash *leaf,
	const struct note_key *k, struct checkpoint *ret)
{
	struct checkpoint head;
	TRY(checkpoint_open(c, p->checkpoint, k, &head));
	ENSURE(tree_verify_inclusion(
		       leaf, p->index, head.size, p->path.path, p->path.n, &head.root),
		c, ERR_BAD_PROOF,
		"the path of entry %llu does not lead to the head of %llu entries",
		(unsigned long long)p->index, (unsigned long long)head.size);
	*ret = head;
	return OK;
}
