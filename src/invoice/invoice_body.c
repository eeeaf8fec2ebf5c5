#include "invoice/invoice_body.h"

#include "base/limits.h"

enum member {
	PARTY,
	SERIAL,
	DELIVERY,
	AGREEMENT,
	FAULTY,
	REASON,
	REPLACES,
	ACCEPTANCE,
	ID,
	SIGNATURES,
	DUE,
	HEAD,
	DOCUMENT,
	CORRECTS,
	PREV,
	REPLACEMENT,
	RECEIPT,
	PEER_ENTRY,
	VOID,
	TWO_PEOPLE,
	STAMPED,
	MEMBERS
};

static const char *const acceptances[] = {"automatic", "person", NULL};

#define BIT(m) (1u << (m))
#define AT(member) offsetof(struct invoice_body, member)
// clang-format off
static const struct json_field members[MEMBERS] = {
	[PARTY] = {"party", JSON_K_TEXT, true, AT(party), LIMIT_DID, NULL},
	[SERIAL] = {"serial", JSON_K_TEXT, true, AT(serial), 2 * LIMIT_ORIGIN, NULL},
	[DELIVERY] = {"delivery", JSON_K_TEXT, true, AT(delivery), LIMIT_DID, NULL},
	[AGREEMENT] = {"agreement", JSON_K_TEXT, true, AT(agreement), LIMIT_URL, NULL},
	[FAULTY] = {"fault", JSON_K_TEXT, true, AT(fault), LIMIT_REASON, NULL},
	[REASON] = {"reason", JSON_K_TEXT, true, AT(reason), LIMIT_REASON, NULL},
	[REPLACES] = {"replaces", JSON_K_TEXT, true, AT(replaces), LIMIT_DID, NULL},
	[ACCEPTANCE] = {"acceptance", JSON_K_TEXT, true, AT(acceptance), 0, acceptances},
	[ID] = {"correction", JSON_K_TEXT, true, AT(id), LIMIT_DID, NULL},
	[SIGNATURES] = {"signatures", JSON_K_OBJECT, true, AT(signatures), 0, NULL},
	[DUE] = {"due", JSON_K_OBJECT, true, AT(due_json), 0, NULL},
	[HEAD] = {"head", JSON_K_OBJECT, true, AT(head), 0, NULL},
	[DOCUMENT] = {"document", JSON_K_HEX32, true, AT(document), 0, NULL},
	[CORRECTS] = {"corrects", JSON_K_HEX32, true, AT(corrects), 0, NULL},
	[PREV] = {"prev", JSON_K_HEX32, true, AT(prev), 0, NULL},
	[REPLACEMENT] = {"replacement", JSON_K_HEX32, true, AT(replacement), 0, NULL},
	[RECEIPT] = {"receipt", JSON_K_HEX32, true, AT(receipt), 0, NULL},
	[PEER_ENTRY] = {"peerEntry", JSON_K_HEX32, true, AT(peer_entry), 0, NULL},
	[VOID] = {"void", JSON_K_BOOL, true, AT(voids), 0, NULL},
	[TWO_PEOPLE] = {"twoPeople", JSON_K_BOOL, true, AT(two_people), 0, NULL},
	[STAMPED] = {"stamped", JSON_K_BOOL, true, AT(stamped), 0, NULL},
};

#define SIGNED (BIT(DOCUMENT) | BIT(SIGNATURES))
#define SHOWN (BIT(HEAD) | BIT(PEER_ENTRY))
#define WHOLE (BIT(PARTY) | BIT(SERIAL) | BIT(DELIVERY) | BIT(AGREEMENT) | BIT(DUE) | SIGNED)
#define CORRECTION (BIT(ID) | BIT(CORRECTS) | BIT(VOID) | BIT(DUE) | BIT(REASON) | SIGNED)
static const struct {
	const char *type;
	uint32_t must, may;
} rows[] = {
	{"invoice.issue", WHOLE, BIT(RECEIPT) | BIT(REPLACES)},
	{"invoice.received", WHOLE | SHOWN, BIT(RECEIPT) | BIT(REPLACES) | BIT(FAULTY)},
	{"invoice.accept", SIGNED, 0},
	{"invoice.accepted", SIGNED | SHOWN, 0},
	{"invoice.dispute", SIGNED | BIT(REASON), BIT(RECEIPT)},
	{"invoice.disputed", SIGNED | BIT(REASON) | SHOWN, BIT(RECEIPT)},
	{"invoice.correct", CORRECTION, BIT(PREV) | BIT(REPLACEMENT)},
	{"invoice.corrected", CORRECTION | SHOWN, BIT(PREV) | BIT(REPLACEMENT)},
	{"invoice.agree", SIGNED | BIT(ID), 0},
	{"invoice.agreed", SIGNED | BIT(ID) | SHOWN, 0},
	{"invoice.decline", BIT(ID) | BIT(REASON), 0},
	{"invoice.declined", BIT(ID) | BIT(REASON) | SHOWN, 0},
	{"invoice.policy", 0, BIT(ACCEPTANCE) | BIT(TWO_PEOPLE) | BIT(STAMPED)},
};

static const struct json_field amount_fields[] = {
	{"net", JSON_K_INT, false, offsetof(struct amounts, net), 0, NULL},
	{"rate", JSON_K_INT, false, offsetof(struct amounts, rate), 0, NULL},
	{"tax", JSON_K_INT, false, offsetof(struct amounts, tax), 0, NULL},
};
// clang-format on

struct json *invoice_amounts_json(struct ctx *c, const struct amounts *a)
{
	struct json *o = json_object(c);
	json_set_num(c, &o, "net", a->net);
	json_set_num(c, &o, "rate", a->rate);
	json_set_num(c, &o, "tax", a->tax);
	return o;
}

static err signatures_of(struct ctx *c, struct invoice_body *b)
{
	for (const struct json *j = b->signatures->first; j != NULL; j = j->next) {
		bool provider = str_is(j->name, "provider");
		ENSURE(provider || str_is(j->name, "consumer"), c, ERR_UNKNOWN_MEMBER,
			"'signatures' has a member %.*s", FMT(str_sub(j->name, 0, 64)));
		ENSURE(hash_parse(json_text(j),
			       provider ? &b->provider_signature : &b->consumer_signature),
			c, ERR_BAD_VALUE, "'%.*s' is not a digest", FMT(j->name));
		b->has_provider = b->has_provider || provider;
		b->has_consumer = b->has_consumer || !provider;
	}
	return OK;
}

err invoice_body_read(
	struct ctx *c, struct str type, const struct json *body, struct invoice_body *ret)
{
	struct invoice_body b = {.voids = false};
	struct json_field fields[MEMBERS];
	size_t i = 0, n = 0;
	while (i < countof(rows) && !str_is(type, rows[i].type))
		i++;
	ENSURE(i < countof(rows), c, ERR_BAD_VALUE, "there is no act %.*s here", FMT(type));
	for (unsigned m = 0; m < MEMBERS; m++) {
		if (((rows[i].must | rows[i].may) & BIT(m)) == 0)
			continue;
		fields[n] = members[m];
		fields[n++].optional = (rows[i].must & BIT(m)) == 0;
	}
	TRY(json_read(c, body, fields, n, false, &b));
	if (b.signatures != NULL)
		TRY(signatures_of(c, &b));
	if (b.due_json != NULL)
		TRY(json_read(c, b.due_json, amount_fields, countof(amount_fields), false, &b.due));
	b.has_prev = json_get(body, "prev") != NULL;
	b.has_replacement = json_get(body, "replacement") != NULL;
	b.has_receipt = json_get(body, "receipt") != NULL;
	*ret = b;
	return OK;
}
