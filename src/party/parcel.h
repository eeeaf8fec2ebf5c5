/* A parcel: what waits for a party as one signed file, for networks that are not joined (docs/FORMATS.md, 21):
 *
 *   shugu-parcel/1 <n>\n     n: bytes of the head in decimal digits, no leading zero
 *   head                     n bytes: a canonical object
 *   signature\n              detached JWS of the head, kind "parcel", by key under kid
 *   objects                  of each object that the head names, in its order: its leaf hashes, then its bytes
 *
 * Reading is strict: one form, no unknown member, the signature good under the key that the head states. Whose key that is
 * the reader asks elsewhere. Objects are checked against their roots by who keeps them. Pure; texts are borrowed. */
#pragma once

#include "act/self.h"
#include "base/limits.h"
#include "codec/json.h"
#include "crypto/hash.h"

#define PARCEL_LINE 32u
#define PARCEL_HEAD LIMIT_DOCUMENT
/* Line, head and signature. */
#define PARCEL_FRONT (PARCEL_HEAD + 2048u)

struct parcel {
	struct str id, from, to, kid, key_text, at;
	uint8_t key[KEY_BYTES];
	const struct json *rows, *answers,
		*objects; /* arrays; their members are read by those below */
};

struct parcel_row {
	struct str row, method, path, body;
};
struct parcel_answer {
	struct str row, body;
	int64_t status;
};
struct parcel_object {
	struct str delivery;
	struct hash root;
	int64_t size;
};

/* How many bytes line, head and signature have together cannot be told before the line is there: so many the head has.
 * ERR_MALFORMED, ERR_TOO_LARGE. */
must_use err parcel_line(struct ctx *c, struct str bytes, size_t *ret_line, size_t *ret_head);
/* All but the objects; ret_used: where they begin. ERR_MALFORMED, ERR_BAD_SIGNATURE, ... */
must_use err parcel_read(struct ctx *c, struct str bytes, struct parcel *ret, size_t *ret_used);
/* Members of what was read. */
must_use err parcel_read_row(struct ctx *c, const struct json *j, struct parcel_row *ret);
must_use err parcel_read_answer(struct ctx *c, const struct json *j, struct parcel_answer *ret);
must_use err parcel_read_object(struct ctx *c, const struct json *j, struct parcel_object *ret);
/* Line, head and signature of this node's parcel; the arrays are taken over. ERR_TOO_LARGE. */
must_use err parcel_write(struct ctx *c, const struct self *self, struct str id, struct str to,
	struct str at, struct json *rows, struct json *answers, struct json *objects,
	struct str *ret);
