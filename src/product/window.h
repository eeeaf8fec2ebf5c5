/* A file of text read through a window: converted to UTF-8 while it streams, a byte order mark passed over, and its bytes
 * hashed as they are. Plain data; memory lies in the arena that it is opened with. Errors: ERR_IO; ERR_TOO_LARGE. */
#pragma once

#include "base/limits.h"
#include "codec/charset.h"
#include "crypto/hash.h"

/* The longest line, or field with all its quotes doubled, and room to read on. */
#define WINDOW_BYTES (LIMIT_PROFILE_LINE + (64u << 10))

struct window {
	int fd;             /* set by the caller, as is */
	enum charset given; /* the encoding where a person has said it, else CHARSET_UNKNOWN, and */
	struct hash_stream *digest;    /* what hashes the file as it is read, or NULL */
	struct charset_guess encoding; /* what was told */
	struct charset_reader *reader; /* NULL: bytes are taken as they are */
	char *raw;                     /* what is not converted yet */
	size_t raw_at, raw_n;
	bool raw_last;
	uint64_t at, hashed; /* what is read, and hashed, of the file */
	char *bytes;         /* the window; what is not read of it stands at its head */
	size_t n;
	bool last;
};

/* Tells the encoding from the first window, passes over its mark, and prepares what has to be converted. The file is read
 * from its first byte, whatever its position. work: where its memory lies. */
must_use err window_open(struct ctx *c, struct ctx *work, struct window *w);
/* Fills the window behind rest, which is the end of the one before. */
must_use err window_fill(struct ctx *c, struct window *w, struct str rest);
/* Hashes what was not read of the file, so that its digest is that of the whole; ret_size: its bytes. */
must_use err window_digest(struct ctx *c, struct window *w, struct hash *ret, uint64_t *ret_size);
