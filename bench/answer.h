/*
 * answer: the head of an HTTP/1.1 answer, as far as a load generator needs it: the status and the
 * length of the body. An answer without Content-Length (chunked, or until close) is refused, since
 * the servers compared here always know the length.
 *
 * It points into nothing and owns nothing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum answer_state {
	ANSWER_PARTIAL, /* the empty line has not come yet */
	ANSWER_WHOLE,
	ANSWER_BROKEN,
};

struct answer {
	unsigned status;
	size_t head_n;   /* bytes up to and with the empty line */
	uint64_t body_n; /* Content-Length */
};

/* Reads the head in the first `n` bytes of `p`; writes `ret_answer` only when it is whole. */
enum answer_state answer_read(const char *p, size_t n, struct answer *ret_answer);
