/* The signed documents of a delivery: agreement G, request Q, manifest M, receipt R and invoice I (docs/FORMATS.md, 5).
 *
 * Each *_read takes a parsed object into a plain struct and checks all that can be checked in the document alone:
 * members, types, words, times, ids, that ranges ascend and that tax follows from net. ERR_UNKNOWN_MEMBER,
 * ERR_MISSING_MEMBER or ERR_BAD_VALUE, each naming the member. Texts and trees are borrowed from the tree given.
 * What holds between documents is checked in proof/invoice. */
#pragma once

#include "codec/json.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

#define DOCUMENT_CHUNK 262144

/* The beginning of every document. */
struct document {
	const struct json *json;
	struct str bytes; /* canonical */
	struct hash digest;
	int64_t v;
	struct str kind, id;
};

/* joined: has a node and so key, kid, log and origin; the others have at least a name. */
struct party {
	struct str name, did, uscc, assurance, key_text, kid, log, origin;
	uint8_t key[KEY_BYTES];
	bool joined;
};

/* A party whose node was made with a clock that people set (docs/FORMATS.md, 24): what it signs shows nothing of the world. */
bool party_is_simulated(struct str did);

struct object {
	struct str product;
	int64_t revision, size, chunk;
	struct hash root, sha256;
};

struct price {
	struct str currency;
	int64_t net, rate, tax;
};

/* Where an act stands. */
struct log_entry {
	struct str origin;
	int64_t index;
	struct hash leaf;
};

struct agreement {
	struct document doc;
	struct str open_until;
	struct hash agreement;
	const struct json *provider_json, *consumer_json, *object_json, *price_json;
	const struct json *terms, *scenario;
	int64_t receipt_within;
	struct party provider, consumer;
	struct object object;
	struct price price;
};

struct request {
	struct document doc;
	struct str delivery;
	struct hash agreement;
};

struct manifest {
	struct document doc;
	struct str delivery;
	struct hash agreement, request, root, token;
	int64_t size, chunk;
	bool has_request;
};

struct range {
	int64_t from, to; /* half-open, bytes */
};

struct ranges {
	const struct range *p;
	size_t n;
	int64_t covered; /* bytes in all */
};

struct receipt {
	struct document doc;
	struct hash manifest;
	int64_t seq, bad;
	const struct json *ranges_json;
	struct ranges ranges;
	struct str result;
	bool has_bad;
};

struct voucher {
	struct str product, currency, mode, security, start, end;
	int64_t revision, net, rate, tax;
	const struct json *ranges_json;
	struct ranges ranges;
};

struct invoice {
	struct document doc;
	struct str serial, issued, acceptance;
	struct hash agreement, manifest, receipt;
	bool has_manifest, has_receipt;
	const struct json *scenario, *entities, *voucher_json, *registration, *supervision,
		*entries;
	struct voucher voucher;
};

/* Reads what every document begins with into a struct that begins with a struct document, and by fields all of it. */
must_use err document_read(struct ctx *c, const struct json *j, const char *kind,
	const struct json_field *fields, size_t n, void *ret);
/* The detached JWS on the document is by the party's key under its kid; an empty one passes: whether it may be absent is
 * for the caller to say. ERR_BAD_SIGNATURE. */
must_use err document_signed_by(
	struct ctx *c, const struct document *d, const struct party *p, struct str signature);
/* {origin, index, leaf}, of that origin. ERR_BAD_VALUE. */
must_use err log_entry_read(
	struct ctx *c, const struct json *j, struct str origin, struct log_entry *ret);
must_use err agreement_read(struct ctx *c, const struct json *j, struct agreement *ret);
must_use err request_read(struct ctx *c, const struct json *j, struct request *ret);
must_use err manifest_read(struct ctx *c, const struct json *j, struct manifest *ret);
must_use err receipt_read(struct ctx *c, const struct json *j, struct receipt *ret);
must_use err invoice_read(struct ctx *c, const struct json *j, struct invoice *ret);

/* [[from, to], ...]: half-open, ascending, disjoint, not touching, not empty; ERR_BAD_VALUE otherwise. */
must_use err ranges_read(struct ctx *c, const struct json *j, struct ranges *ret);

/* (net x rate + 5000) div 10000; net >= 0, rate in basis points 0 to 10000. */
int64_t price_tax(int64_t net, int64_t rate);
/* What is due for covered bytes of size: net x covered div size, half up; net where all is covered (also of size 0). */
int64_t price_part(int64_t net, int64_t covered, int64_t size);
/* What is due: net where the receipt is complete or there is none (whole), else the part that is covered; nothing where an
 * object of size 0 is refused. */
int64_t price_due(int64_t net, bool whole, int64_t covered, int64_t size);
