#include "delivery/delivery_body.h"

#include "codec/json_members.h"

#include "base/limits.h"
#include "contract/agreement_body.h"
#include "proof/documents.h"

enum member {
	AGREEMENT,
	PARTY,
	PID,
	PEER_PID,
	ADDRESS,
	ORIGIN,
	DOCUMENT,
	SIGNATURES,
	TOKEN,
	RESULT,
	RANGES,
	HEAD,
	PEER_ENTRY,
	PLACE,
	STATE,
	OBJECT,
	BY,
	REASON,
	MEMBERS
};

static const char *const results[] = {"complete", "refused", NULL};
static const char *const authors[] = {"us", "peer", NULL};

#define BIT(m) (1u << (m))
#define AT(member) offsetof(struct delivery_body, member)
// clang-format off
static const struct json_field members[MEMBERS] = {
	[AGREEMENT] = {"agreement", JSON_K_TEXT, true, AT(agreement), LIMIT_URL, NULL},
	[PARTY] = {"party", JSON_K_TEXT, true, AT(party), LIMIT_DID, NULL},
	[PID] = {"pid", JSON_K_TEXT, true, AT(pid), LIMIT_DID, NULL},
	[PEER_PID] = {"peerPid", JSON_K_TEXT, true, AT(peer_pid), LIMIT_DID, NULL},
	[ADDRESS] = {"address", JSON_K_TEXT, true, AT(address), LIMIT_URL, NULL},
	[ORIGIN] = {"origin", JSON_K_TEXT, true, AT(origin), LIMIT_ORIGIN, NULL},
	[DOCUMENT] = {"document", JSON_K_HEX32, true, AT(document), 0, NULL},
	[SIGNATURES] = {"signatures", JSON_K_OBJECT, true, AT(signatures), 0, NULL},
	[TOKEN] = {"token", JSON_K_HEX32, true, AT(token), 0, NULL},
	[RESULT] = {"result", JSON_K_TEXT, true, AT(result), 0, results},
	[RANGES] = {"ranges", JSON_K_ARRAY, true, AT(ranges), 0, NULL},
	[HEAD] = {"head", JSON_K_OBJECT, true, AT(head), 0, NULL},
	[PEER_ENTRY] = {"peerEntry", JSON_K_HEX32, true, AT(peer_entry), 0, NULL},
	[PLACE] = {"place", JSON_K_OBJECT, true, AT(place), 0, NULL},
	[STATE] = {"state", JSON_K_TEXT, true, AT(state), LIMIT_NAME, NULL},
	[OBJECT] = {"object", JSON_K_OBJECT, true, AT(object), 0, NULL},
	[BY] = {"by", JSON_K_TEXT, true, AT(by), 0, authors},
	[REASON] = {"reason", JSON_K_TEXT, true, AT(reason), LIMIT_REASON, NULL},
};

#define SHOWN (BIT(HEAD) | BIT(PEER_ENTRY) | BIT(PLACE))
#define SIGNED (BIT(DOCUMENT) | BIT(SIGNATURES))
static const struct {
	const char *type;
	uint32_t must, may;
} rows[] = {
	{"delivery.ask", BIT(AGREEMENT) | BIT(PARTY) | BIT(ORIGIN), SIGNED | BIT(ADDRESS)},
	{"delivery.asked", BIT(AGREEMENT) | BIT(PARTY) | BIT(PID) | BIT(PEER_PID) | BIT(ADDRESS), SIGNED | SHOWN},
	{"delivery.linked", BIT(AGREEMENT) | BIT(PARTY), 0},
	{"delivery.start", SIGNED | BIT(TOKEN) | BIT(ORIGIN), 0},
	{"delivery.started", BIT(PEER_PID), SIGNED | SHOWN},
	{"delivery.receive", SIGNED | BIT(RESULT) | BIT(RANGES) | BIT(ORIGIN), 0},
	{"delivery.end", BIT(BY) | BIT(ORIGIN), SIGNED | BIT(RESULT) | BIT(RANGES) | SHOWN | BIT(REASON)},
	{"delivery.draw", BIT(OBJECT), 0},
	{"delivery.acknowledged", 0, BIT(PEER_PID) | BIT(STATE) | SHOWN},
	{"delivery.suspend", BIT(BY), BIT(REASON)},
	{"delivery.resume", BIT(BY), BIT(REASON)},
	{"delivery.terminate", BIT(BY), BIT(REASON)},
	{"delivery.giveback", 0, 0},
	{"delivery.overdue", 0, 0},
};
// clang-format on

static const struct json_field object_fields[] = {
	{"root", JSON_K_HEX32, false, offsetof(struct delivery_object, root), 0, NULL},
	{"sha256", JSON_K_HEX32, false, offsetof(struct delivery_object, sha256), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct delivery_object, size), 0, NULL},
	{"chunk", JSON_K_INT, false, offsetof(struct delivery_object, chunk), 0, NULL},
};

static err signature_of(struct ctx *c, struct delivery_body *b)
{
	if (b->signatures == NULL)
		return OK;
	const struct json *j = b->signatures->first;
	ENSURE(b->signatures->n == 1 &&
			(str_is(j->name, "provider") || str_is(j->name, "consumer")),
		c, ERR_BAD_VALUE, "'signatures' holds the one of its author");
	ENSURE(hash_parse(json_text(j), &b->signature), c, ERR_BAD_VALUE, "'%.*s' is not a digest",
		FMT(j->name));
	return OK;
}

err delivery_body_read(
	struct ctx *c, struct str type, const struct json *body, struct delivery_body *ret)
{
	struct delivery_body b = {.signatures = NULL};
	struct ranges ranges;
	size_t i = 0;
	while (i < countof(rows) && !str_is(type, rows[i].type))
		i++;
	ENSURE(i < countof(rows), c, ERR_BAD_VALUE, "there is no act %.*s here", FMT(type));
	TRY(json_read_members(c, body, members, MEMBERS, rows[i].must, rows[i].may, &b));
	TRY(signature_of(c, &b));
	if (b.place != NULL)
		TRY(place_read(c, b.place, &b.from));
	if (b.ranges != NULL)
		TRY(ranges_read(c, b.ranges, &ranges));
	if (b.object != NULL)
		TRY(json_read(c, b.object, object_fields, countof(object_fields), false, &b.blob));
	b.has_document = json_get(body, "document") != NULL;
	ENSURE(b.has_document == (b.signatures != NULL), c, ERR_MISSING_MEMBER,
		"'document' and 'signatures' come together");
	*ret = b;
	return OK;
}

void delivery_body_sign(struct ctx *c, struct json **body, const struct hash *document,
	const char *side, const struct hash *signature)
{
	struct json *o = json_object(c);
	json_set_hex(c, &o, side, signature->b, HASH_BYTES);
	json_set_hex(c, body, "document", document->b, HASH_BYTES);
	json_set(body, "signatures", o);
}
