#include "contract/agreement_body.h"

#include <string.h>

#include "base/limits.h"
#include "codec/json_members.h"
#include "codec/time.h"

enum member {
	PARTY,
	PEER_PID,
	ADDRESS,
	OFFER,
	PRODUCT,
	REVISION,
	OBJECT,
	PRICE,
	SCENARIO,
	TERMS,
	RECEIPT_WITHIN,
	ORDER,
	DELIVER,
	PURPOSE,
	MESSAGE,
	AGREEMENT,
	OPEN_UNTIL,
	AGREED,
	POLICY,
	DOCUMENT,
	SIGNATURES,
	ORIGIN,
	HEAD,
	PEER_ENTRY,
	PLACE,
	STATE,
	CODE,
	REASON,
	DECIDES,
	TWO_PEOPLE,
	STAMPED,
	OPEN_FOR,
	MEMBERS
};

#define BIT(m) (1u << (m))
#define AT(member) offsetof(struct agreement_body, member)
static const char *const deciders[] = {"automatic", "person", NULL};
// clang-format off
static const struct json_field members[MEMBERS] = {
	[PARTY] = {"party", JSON_K_TEXT, true, AT(party), LIMIT_DID, NULL},
	[PEER_PID] = {"peerPid", JSON_K_TEXT, true, AT(peer_pid), LIMIT_DID, NULL},
	[ADDRESS] = {"address", JSON_K_TEXT, true, AT(address), LIMIT_URL, NULL},
	[OFFER] = {"offer", JSON_K_TEXT, true, AT(offer), LIMIT_URL, NULL},
	[PRODUCT] = {"product", JSON_K_TEXT, true, AT(product), LIMIT_URL, NULL},
	[REVISION] = {"revision", JSON_K_INT, true, AT(revision), 0, NULL},
	[OBJECT] = {"object", JSON_K_OBJECT, true, AT(object), 0, NULL},
	[PRICE] = {"price", JSON_K_OBJECT, true, AT(price), 0, NULL},
	[SCENARIO] = {"scenario", JSON_K_OBJECT, true, AT(scenario), 0, NULL},
	[TERMS] = {"terms", JSON_K_OBJECT, true, AT(terms), 0, NULL},
	[RECEIPT_WITHIN] = {"receiptWithin", JSON_K_INT, true, AT(receipt_within), 0, NULL},
	[ORDER] = {"order", JSON_K_TEXT, true, AT(order), LIMIT_DID, NULL},
	[DELIVER] = {"deliver", JSON_K_TEXT, true, AT(deliver), LIMIT_DID, NULL},
	[PURPOSE] = {"purpose", JSON_K_TEXT, true, AT(purpose), LIMIT_TEXT, NULL},
	[MESSAGE] = {"message", JSON_K_HEX32, true, AT(message), 0, NULL},
	[AGREEMENT] = {"agreement", JSON_K_TEXT, true, AT(agreement), LIMIT_URL, NULL},
	[OPEN_UNTIL] = {"openUntil", JSON_K_TEXT, true, AT(open_until), TIME_TEXT, NULL},
	[AGREED] = {"agreed", JSON_K_TEXT, true, AT(agreed), TIME_TEXT, NULL},
	[POLICY] = {"policy", JSON_K_HEX32, true, AT(policy), 0, NULL},
	[DOCUMENT] = {"document", JSON_K_HEX32, true, AT(document), 0, NULL},
	[SIGNATURES] = {"signatures", JSON_K_OBJECT, true, AT(signatures), 0, NULL},
	[ORIGIN] = {"origin", JSON_K_TEXT, true, AT(origin), LIMIT_ORIGIN, NULL},
	[HEAD] = {"head", JSON_K_OBJECT, true, AT(head), 0, NULL},
	[PEER_ENTRY] = {"peerEntry", JSON_K_HEX32, true, AT(peer_entry), 0, NULL},
	[PLACE] = {"place", JSON_K_OBJECT, true, AT(place), 0, NULL},
	[STATE] = {"state", JSON_K_TEXT, true, AT(state), LIMIT_NAME, NULL},
	[CODE] = {"code", JSON_K_TEXT, true, AT(code), LIMIT_NAME, NULL},
	[REASON] = {"reason", JSON_K_TEXT, true, AT(reason), LIMIT_REASON, NULL},
	[DECIDES] = {"decides", JSON_K_TEXT, true, AT(decides), 0, deciders},
	[TWO_PEOPLE] = {"twoPeople", JSON_K_BOOL, true, AT(two_people), 0, NULL},
	[OPEN_FOR] = {"openFor", JSON_K_INT, true, AT(open_for), 0, NULL},
	[STAMPED] = {"stamped", JSON_K_BOOL, true, AT(stamped), 0, NULL},
};

#define SHOWN (BIT(HEAD) | BIT(PEER_ENTRY))
#define SIGNED (BIT(DOCUMENT) | BIT(SIGNATURES))
static const struct {
	const char *type;
	uint32_t must, may;
} rows[] = {
	{"agreement.request", BIT(PARTY) | BIT(OFFER) | BIT(PRODUCT) | BIT(TERMS),
		BIT(REVISION) | BIT(OBJECT) | BIT(PRICE) | BIT(SCENARIO) | BIT(RECEIPT_WITHIN) | BIT(ORDER) | BIT(DELIVER) | BIT(ADDRESS)},
	{"agreement.acknowledged", 0, BIT(PEER_PID) | BIT(STATE)},
	{"agreement.requested", BIT(PARTY) | BIT(PEER_PID) | BIT(ADDRESS) | BIT(OFFER) | BIT(PRODUCT) | BIT(REVISION) | BIT(PURPOSE) | BIT(MESSAGE), SHOWN},
	{"agreement.offered", BIT(PEER_PID) | BIT(OFFER) | BIT(TERMS) | BIT(MESSAGE), 0},
	{"agreement.accept", 0, 0},
	{"agreement.bid", 0, 0},
	{"agreement.accepted", BIT(PEER_PID), 0},
	{"agreement.counter", 0, 0},
	{"agreement.countered", BIT(PEER_PID) | BIT(OFFER) | BIT(PRODUCT) | BIT(TERMS) | BIT(MESSAGE), 0},
	{"agreement.policy", 0, BIT(DECIDES) | BIT(TWO_PEOPLE) | BIT(STAMPED) | BIT(OPEN_FOR)},
	{"agreement.offer", BIT(AGREEMENT) | BIT(OPEN_UNTIL) | BIT(AGREED) | BIT(POLICY) | SIGNED | BIT(ORIGIN), 0},
	{"agreement.linked", BIT(PARTY) | BIT(OFFER) | BIT(PRODUCT) | BIT(REVISION) | BIT(DELIVER) | BIT(AGREEMENT) | BIT(OPEN_UNTIL) | BIT(AGREED) | BIT(POLICY) | SIGNED | BIT(ORIGIN), 0},
	{"agreement.seen", BIT(PEER_PID) | BIT(AGREEMENT) | BIT(AGREED) | BIT(POLICY), BIT(OPEN_UNTIL) | SIGNED | SHOWN | BIT(PLACE)},
	{"agreement.conclude", BIT(ORIGIN), SIGNED},
	{"agreement.concluded", BIT(ORIGIN), SIGNED | SHOWN | BIT(PLACE)},
	{"agreement.final", 0, SHOWN | BIT(PLACE)},
	{"agreement.terminate", BIT(CODE) | BIT(REASON), 0},
	{"agreement.terminated", BIT(CODE) | BIT(REASON), 0},
};
// clang-format on

struct place_fields {
	struct str origin;
	int64_t index;
	struct hash leaf;
};

static const struct json_field place_fields[] = {
	{"origin", JSON_K_TEXT, false, offsetof(struct place_fields, origin), LIMIT_ORIGIN, NULL},
	{"index", JSON_K_INT, false, offsetof(struct place_fields, index), 0, NULL},
	{"leaf", JSON_K_HEX32, false, offsetof(struct place_fields, leaf), 0, NULL},
};

struct json *place_json(struct ctx *c, const struct place *p)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "origin", p->origin);
	json_set_num(c, &o, "index", (int64_t)p->index);
	json_set_hex(c, &o, "leaf", p->leaf.b, HASH_BYTES);
	return o;
}

err place_read(struct ctx *c, const struct json *j, struct place *ret)
{
	struct place_fields f = {.index = 0};
	TRY(json_read(c, j, place_fields, countof(place_fields), false, &f));
	ENSURE(f.index >= 0, c, ERR_BAD_VALUE, "'index' of a place is negative");
	*ret = (struct place){f.origin, (uint64_t)f.index, f.leaf, true};
	return OK;
}

bool agreement_by_link(struct str peer)
{
	return str_starts(peer, STR("urn:"));
}

static err time_of(struct ctx *c, struct str text, const char *name, int64_t *ret_ms)
{
	ENSURE(text.n == 0 || time_parse(text, ret_ms), c, ERR_BAD_VALUE, "'%s' is not a time",
		name);
	return OK;
}

static err signatures_of(struct ctx *c, struct agreement_body *b)
{
	if (b->signatures == NULL)
		return OK;
	for (const struct json *j = b->signatures->first; j != NULL; j = j->next) {
		bool provider = str_is(j->name, "provider");
		ENSURE(provider || str_is(j->name, "consumer"), c, ERR_UNKNOWN_MEMBER,
			"'signatures' has a member %.*s", FMT(str_sub(j->name, 0, 64)));
		ENSURE(hash_parse(json_text(j),
			       provider ? &b->provider_signature : &b->consumer_signature),
			c, ERR_BAD_VALUE, "'%.*s' is not a digest", FMT(j->name));
	}
	return OK;
}

err agreement_body_read(
	struct ctx *c, struct str type, const struct json *body, struct agreement_body *ret)
{
	struct agreement_body b = {.revision = 0};
	size_t i = 0;
	while (i < countof(rows) && !str_is(type, rows[i].type))
		i++;
	ENSURE(i < countof(rows), c, ERR_BAD_VALUE, "there is no act %.*s here", FMT(type));
	TRY(json_read_members(c, body, members, MEMBERS, rows[i].must, rows[i].may, &b));
	TRY(time_of(c, b.open_until, "openUntil", &b.open_until_ms));
	TRY(time_of(c, b.agreed, "agreed", &b.agreed_ms));
	TRY(signatures_of(c, &b));
	if (b.place != NULL)
		TRY(place_read(c, b.place, &b.from));
	b.has_document = json_get(body, "document") != NULL;
	ENSURE(b.has_document == (b.signatures != NULL), c, ERR_MISSING_MEMBER,
		"'document' and 'signatures' come together");
	*ret = b;
	return OK;
}
