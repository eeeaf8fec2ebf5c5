/* The intake: takes the bytes that a provider brings by itself, because nobody can call it (docs/FORMATS.md, 17). Leaves come
 * first and must give the signed root, then chunks in order, each checked before it is kept; what is missing can be asked
 * at any time, so it resumes where it broke. When all is there the receiver keeps the object and gives the receipt.
 *
 * Memory alone: INTAKE_OPEN deliveries are open at a time, the one used longest ago gives way, and one that is opened
 * again is hashed once. Only deliveries that the receiver waits for are taken. One thread, that of the loop. */
#pragma once

#include "chain/tiles.h"
#include "delivery/receive.h"

#define INTAKE_OPEN 8u
#define INTAKE_BYTES_MAX (4u * LIMIT_CHUNK) /* of one request: what a body may have */

struct intake;

/* How much is there: leaves, and bytes that are verified. */
struct intake_at {
	uint64_t leaves, bytes;
};

/* c->arena must live as long as it; acts and receiver are borrowed. */
must_use err intake_new(struct ctx *c, struct acts *n, struct receiver *r, struct intake **ret);
/* ERR_NOT_FOUND: we do not wait for that delivery, or its provider can be called. */
must_use err intake_missing(
	struct ctx *c, struct intake *i, struct str delivery, struct intake_at *ret);
/* The next leaves, as tile t of level 0. ERR_CONFLICT where another is missing; ERR_BAD_DIGEST where all of them do not give
 * the root: all are missing again. */
must_use err intake_tile(struct ctx *c, struct intake *i, struct str delivery, const struct tile *t,
	struct str hashes, struct intake_at *ret);
/* Whole chunks from that one on; the last may be shorter. ERR_CONFLICT where another is missing, or leaves; ERR_BAD_DIGEST:
 * what was good before is kept, and a chunk that is bad once more ends the delivery with a receipt that refuses it. */
must_use err intake_chunks(struct ctx *c, struct intake *i, struct str delivery, uint64_t from,
	struct str bytes, struct intake_at *ret);
/* Before receive_free. Accepts NULL. */
void intake_free(struct intake *i);
