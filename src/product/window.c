#include "product/window.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define RAW (64u << 10)

/* The next bytes of the file; ret_n 0: there are none. */
static err read_raw(struct ctx *c, struct window *w, char *to, size_t max, size_t *ret_n)
{
	ssize_t got;
	do {
		got = pread(w->fd, to, max, (off_t)w->at);
	} while (got < 0 && errno == EINTR);
	ENSURE(got >= 0, c, ERR_IO, "read the file: %s", strerror(errno));
	w->at += (uint64_t)got;
	/* Its beginning is read twice. */
	if (w->digest != NULL && w->at > w->hashed) {
		size_t n = (size_t)(w->at - w->hashed);
		assert(n <= (size_t)got);
		hash_update(w->digest, to + ((size_t)got - n), n);
		w->hashed = w->at;
	}
	*ret_n = (size_t)got;
	return OK;
}

/* Converts one piece of the file into the window. */
static err fill_converted(struct ctx *c, struct window *w)
{
	size_t used = 0, made = 0;
	if (w->raw_at == w->raw_n && !w->raw_last) {
		w->raw_at = 0;
		TRY(read_raw(c, w, w->raw, RAW, &w->raw_n));
		w->raw_last = w->raw_n == 0;
	}
	struct str piece = {w->raw + w->raw_at, w->raw_n - w->raw_at};
	charset_convert(
		w->reader, piece, w->raw_last, w->bytes + w->n, WINDOW_BYTES - w->n, &used, &made);
	w->raw_at += used;
	w->n += made;
	w->last = w->raw_last && w->raw_at == w->raw_n;
	return OK;
}

err window_fill(struct ctx *c, struct window *w, struct str rest)
{
	memmove(w->bytes, rest.p, rest.n);
	w->n = rest.n;
	while (w->n + 16 <= WINDOW_BYTES && !w->last) {
		size_t got = 0;
		if (w->reader != NULL) {
			TRY(fill_converted(c, w));
			continue;
		}
		TRY(read_raw(c, w, w->bytes + w->n, WINDOW_BYTES - w->n, &got));
		w->last = got == 0;
		w->n += got;
	}
	return OK;
}

err window_open(struct ctx *c, struct ctx *work, struct window *w)
{
	const enum charset given = w->given;
	NEW_N(work, w->bytes, WINDOW_BYTES);
	TRY(window_fill(c, w, (struct str){w->bytes, 0}));
	w->encoding = charset_guess((struct str){w->bytes, w->n}, w->last);
	if (given != CHARSET_UNKNOWN && given != w->encoding.charset)
		w->encoding = (struct charset_guess){given, CHARSET_CERTAIN, 0};
	if (given != CHARSET_UNKNOWN)
		w->encoding.confidence = CHARSET_CERTAIN;
	w->at = w->encoding.bom;
	w->n = 0;
	w->last = false;
	if (w->encoding.charset <= CHARSET_UTF8)
		return OK;
	NEW_N(work, w->raw, RAW);
	return charset_open(work, w->encoding.charset, &w->reader);
}

err window_digest(struct ctx *c, struct window *w, struct hash *ret, uint64_t *ret_size)
{
	char bytes[16384];
	size_t got = 0;
	assert(w->digest != NULL);
	w->at = w->hashed;
	do {
		TRY(read_raw(c, w, bytes, sizeof bytes, &got));
	} while (got > 0);
	*ret = hash_finish(w->digest);
	*ret_size = w->hashed;
	return OK;
}
