#include "api/dsp_message.h"

#include <assert.h>

#include "base/limits.h"

enum member {
	PROVIDER,
	CONSUMER,
	CALLBACK,
	OFFER,
	AGREEMENT,
	EVENT,
	STATE,
	CODE,
	REASON,
	AGREEMENT_ID,
	FORMAT,
	ADDRESS,
	DATASET,
	FILTER,
	SHUGU,
	MEMBERS
};

#define BIT(m) (1u << (m))
#define PIDS (BIT(PROVIDER) | BIT(CONSUMER))
#define WHY (BIT(CODE) | BIT(REASON))

struct row {
	const char *type;
	unsigned must, may, one_of; /* shugu may always; of one_of exactly one must */
};

// clang-format off
static const struct row rows[DSP_TYPES_] = {
	[DSP_CATALOG_REQUEST] = {"CatalogRequestMessage", 0, BIT(FILTER), 0},
	[DSP_DATASET_REQUEST] = {"DatasetRequestMessage", BIT(DATASET), 0, 0},
	[DSP_CATALOG_ERROR] = {"CatalogError", 0, WHY, 0},
	[DSP_CONTRACT_REQUEST] = {"ContractRequestMessage", BIT(CONSUMER) | BIT(OFFER), 0, BIT(CALLBACK) | BIT(PROVIDER)},
	[DSP_CONTRACT_OFFER] = {"ContractOfferMessage", BIT(PROVIDER) | BIT(OFFER), 0, BIT(CALLBACK) | BIT(CONSUMER)},
	[DSP_CONTRACT_AGREEMENT] = {"ContractAgreementMessage", PIDS | BIT(AGREEMENT), 0, 0},
	[DSP_AGREEMENT_VERIFICATION] = {"ContractAgreementVerificationMessage", PIDS, 0, 0},
	[DSP_NEGOTIATION_EVENT] = {"ContractNegotiationEventMessage", PIDS | BIT(EVENT), 0, 0},
	[DSP_NEGOTIATION_TERMINATION] = {"ContractNegotiationTerminationMessage", PIDS, WHY, 0},
	[DSP_NEGOTIATION] = {"ContractNegotiation", PIDS | BIT(STATE), 0, 0},
	[DSP_NEGOTIATION_ERROR] = {"ContractNegotiationError", 0, PIDS | WHY, 0},
	[DSP_TRANSFER_REQUEST] = {"TransferRequestMessage", BIT(CONSUMER) | BIT(AGREEMENT_ID) | BIT(FORMAT) | BIT(CALLBACK), BIT(ADDRESS), 0},
	[DSP_TRANSFER_START] = {"TransferStartMessage", PIDS, BIT(ADDRESS), 0},
	[DSP_TRANSFER_COMPLETION] = {"TransferCompletionMessage", PIDS, 0, 0},
	[DSP_TRANSFER_SUSPENSION] = {"TransferSuspensionMessage", PIDS, WHY, 0},
	[DSP_TRANSFER_TERMINATION] = {"TransferTerminationMessage", PIDS, WHY, 0},
	[DSP_TRANSFER] = {"TransferProcess", PIDS | BIT(STATE), 0, 0},
	[DSP_TRANSFER_ERROR] = {"TransferError", 0, PIDS | WHY, 0},
};

static const char *const events[] = {"ACCEPTED", "FINALIZED", NULL};
static const char *const negotiation_states[] = {
	"REQUESTED", "OFFERED", "ACCEPTED", "AGREED", "VERIFIED", "FINALIZED", "TERMINATED", NULL};
static const char *const transfer_states[] = {
	"REQUESTED", "STARTED", "COMPLETED", "SUSPENDED", "TERMINATED", NULL};

/* As json_read takes it; objects are read further by hand. */
struct raw {
	struct dsp_message m;
	const struct json *offer, *agreement, *address;
};

#define AT(member) offsetof(struct raw, member)
static const struct json_field members[MEMBERS] = {
	[PROVIDER] = {"providerPid", JSON_K_TEXT, true, AT(m.provider_pid), DSP_PID, NULL},
	[CONSUMER] = {"consumerPid", JSON_K_TEXT, true, AT(m.consumer_pid), DSP_PID, NULL},
	[CALLBACK] = {"callbackAddress", JSON_K_TEXT, true, AT(m.callback), LIMIT_URL, NULL},
	[OFFER] = {"offer", JSON_K_OBJECT, true, AT(offer), 0, NULL},
	[AGREEMENT] = {"agreement", JSON_K_OBJECT, true, AT(agreement), 0, NULL},
	[EVENT] = {"eventType", JSON_K_TEXT, true, AT(m.event), 0, events},
	[STATE] = {"state", JSON_K_TEXT, true, AT(m.state), 0, NULL},
	[CODE] = {"code", JSON_K_TEXT, true, AT(m.code), LIMIT_NAME, NULL},
	[REASON] = {"reason", JSON_K_ARRAY, true, AT(m.reason), 0, NULL},
	[AGREEMENT_ID] = {"agreementId", JSON_K_TEXT, true, AT(m.agreement_id), LIMIT_URL, NULL},
	[FORMAT] = {"format", JSON_K_TEXT, true, AT(m.format), LIMIT_NAME, NULL},
	[ADDRESS] = {"dataAddress", JSON_K_OBJECT, true, AT(address), 0, NULL},
	[DATASET] = {"dataset", JSON_K_TEXT, true, AT(m.dataset), LIMIT_URL, NULL},
	[FILTER] = {"filter", JSON_K_ARRAY, true, AT(m.filter), 0, NULL},
	[SHUGU] = {"shugu", JSON_K_OBJECT, true, AT(m.shugu), 0, NULL},
};
// clang-format on

static const struct json_field address_fields[] = {
	{"endpointType", JSON_K_TEXT, false, offsetof(struct dsp_address, type), LIMIT_URL, NULL},
	{"endpoint", JSON_K_TEXT, true, offsetof(struct dsp_address, endpoint), LIMIT_URL, NULL},
};

const char *dsp_type_name(enum dsp_type type)
{
	assert(type < DSP_TYPES_);
	return rows[type].type;
}

bool dsp_type_of(struct str name, enum dsp_type *ret)
{
	for (unsigned i = 0; i < countof(rows); i++) {
		if (str_is(name, rows[i].type)) {
			*ret = (enum dsp_type)i;
			return true;
		}
	}
	return false;
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0;
}

bool dsp_is_url(struct str s)
{
	struct str scheme = str_starts(s, STR("https://")) ? STR("https://") : STR("http://");
	return is_printable(s) && str_starts(s, scheme) && s.n > scheme.n && s.p[scheme.n] != '/' &&
	       s.n <= LIMIT_URL;
}

static bool names_context(const struct json *context)
{
	if (context->type == JSON_STRING)
		return str_is(context->text, DSP_CONTEXT);
	if (context->type != JSON_ARRAY)
		return false;
	for (const struct json *j = context->first; j != NULL; j = j->next) {
		if (str_is(json_text(j), DSP_CONTEXT))
			return true;
	}
	return false;
}

err dsp_check(struct ctx *c, const struct json *j, const char *type)
{
	ENSURE(j != NULL && j->type == JSON_OBJECT, c, ERR_BAD_VALUE, "%s must be a JSON object",
		type);
	const struct json *context = json_get(j, "@context");
	ENSURE(context != NULL, c, ERR_MISSING_MEMBER, "'@context' is missing");
	ENSURE(names_context(context), c, ERR_BAD_VALUE, "'@context' does not name " DSP_CONTEXT);
	const struct json *name = json_get(j, "@type");
	ENSURE(name != NULL, c, ERR_MISSING_MEMBER, "'@type' is missing");
	ENSURE(str_is(json_text(name), type), c, ERR_BAD_VALUE, "'@type' is not %s", type);
	return OK;
}

/* What the type has, of those members. */
static unsigned members_of(enum dsp_type type)
{
	const struct row *row = &rows[type];
	return row->must | row->may | row->one_of | BIT(SHUGU);
}

static const char *const *states_of(enum dsp_type type)
{
	return type == DSP_TRANSFER ? transfer_states : negotiation_states;
}

static err one_of(struct ctx *c, const struct json *j, unsigned mask)
{
	const char *names[2] = {NULL, NULL};
	size_t n = 0, there = 0;
	for (unsigned i = 0; i < MEMBERS; i++) {
		if ((mask & BIT(i)) == 0)
			continue;
		assert(n < countof(names));
		names[n++] = members[i].name;
		there += json_get(j, members[i].name) != NULL;
	}
	ENSURE(n == 0 || there > 0, c, ERR_MISSING_MEMBER, "'%s' or '%s' is missing", names[0],
		names[1]);
	ENSURE(n == 0 || there == 1, c, ERR_BAD_VALUE, "only one of '%s' and '%s' may be there",
		names[0], names[1]);
	return OK;
}

/* A text that is there is not empty, and an id or address has its form. */
static err text_check(struct ctx *c, const struct raw *raw, unsigned i)
{
	struct str s = *(const struct str *)(const void *)((const char *)raw + members[i].offset);
	if (i == PROVIDER || i == CONSUMER)
		ENSURE(is_printable(s), c, ERR_BAD_VALUE, "'%s' is not an id", members[i].name);
	if (i == CALLBACK)
		ENSURE(dsp_is_url(s), c, ERR_BAD_VALUE,
			"'callbackAddress' is no http or https address");
	ENSURE(s.n > 0 || i == CODE, c, ERR_BAD_VALUE, "'%s' is empty", members[i].name);
	return OK;
}

static err property_read(struct ctx *c, const struct json *j, struct dsp_address *ret)
{
	ENSURE(j->type == JSON_OBJECT, c, ERR_BAD_VALUE, "'endpointProperties' holds no object");
	const struct json *name = json_get(j, "name"), *value = json_get(j, "value");
	ENSURE(name != NULL && value != NULL, c, ERR_MISSING_MEMBER,
		"'name' or 'value' is missing in 'endpointProperties'");
	ENSURE(name->type == JSON_STRING && value->type == JSON_STRING, c, ERR_BAD_VALUE,
		"'name' and 'value' in 'endpointProperties' must be strings");
	struct str *at = str_is(name->text, "authorization") ? &ret->token
			 : str_is(name->text, "authType")    ? &ret->auth
							     : NULL;
	if (at == NULL)
		return OK;
	ENSURE(at->n == 0, c, ERR_BAD_VALUE, "'endpointProperties' names a property twice");
	ENSURE(is_printable(value->text) && value->text.n <= LIMIT_TEXT, c, ERR_BAD_VALUE,
		"'value' of '%.*s' cannot be sent in a header", FMT(name->text));
	*at = value->text;
	return OK;
}

static err address_read(struct ctx *c, const struct json *j, struct dsp_address *ret)
{
	const struct json *type = json_get(j, "@type"), *list = json_get(j, "endpointProperties");
	ENSURE(type == NULL || str_is(json_text(type), "DataAddress"), c, ERR_BAD_VALUE,
		"'@type' of 'dataAddress' is not DataAddress");
	TRY(json_read(c, j, address_fields, countof(address_fields), true, ret));
	ENSURE(ret->type.n > 0, c, ERR_BAD_VALUE, "'endpointType' is empty");
	ENSURE(json_get(j, "endpoint") == NULL || dsp_is_url(ret->endpoint), c, ERR_BAD_VALUE,
		"'endpoint' is no http or https address");
	ENSURE(list == NULL || list->type == JSON_ARRAY, c, ERR_BAD_VALUE,
		"'endpointProperties' must be an array");
	for (const struct json *p = list == NULL ? NULL : list->first; p != NULL; p = p->next)
		TRY(property_read(c, p, ret));
	return OK;
}

static err members_read(struct ctx *c, const struct json *j, enum dsp_type type, struct raw *ret)
{
	struct json_field fields[MEMBERS];
	size_t n = 0;
	for (unsigned i = 0; i < MEMBERS; i++) {
		if ((members_of(type) & BIT(i)) == 0)
			continue;
		fields[n] = members[i];
		fields[n].optional = (rows[type].must & BIT(i)) == 0;
		if (i == STATE)
			fields[n].words = states_of(type);
		n++;
	}
	TRY(json_read(c, j, fields, n, true, ret));
	TRY(one_of(c, j, rows[type].one_of));
	for (unsigned i = 0; i < MEMBERS; i++) {
		if ((members_of(type) & BIT(i)) != 0 && members[i].kind == JSON_K_TEXT &&
			json_get(j, members[i].name) != NULL)
			TRY(text_check(c, ret, i));
	}
	return OK;
}

err dsp_message_read(
	struct ctx *c, const struct json *j, enum dsp_type type, struct dsp_message *ret)
{
	struct raw raw = {.m.type = type};
	assert(type < DSP_TYPES_);
	TRY(dsp_check(c, j, rows[type].type));
	TRY(members_read(c, j, type, &raw));
	if (raw.offer != NULL)
		TRY(dsp_policy_read(c, raw.offer, DSP_MESSAGE_OFFER, &raw.m.offer));
	if (raw.agreement != NULL)
		TRY(dsp_policy_read(c, raw.agreement, DSP_AGREEMENT_POLICY, &raw.m.agreement));
	if (raw.address != NULL)
		TRY(address_read(c, raw.address, &raw.m.address));
	while (str_ends(raw.m.callback, STR("/")))
		raw.m.callback.n--;
	*ret = raw.m;
	return OK;
}

struct json *dsp_new(struct ctx *c, const char *type)
{
	struct json *o = json_object(c), *context = json_array(c);
	json_push(&context, json_z(c, DSP_CONTEXT));
	json_set(&o, "@context", context);
	json_set(&o, "@type", json_z(c, type));
	return o;
}

static void property_push(struct ctx *c, struct json **list, const char *name, struct str value)
{
	struct json *o = json_object(c);
	if (value.n == 0)
		return;
	json_set(&o, "@type", json_z(c, "EndpointProperty"));
	json_set(&o, "name", json_z(c, name));
	json_set_str(c, &o, "value", value);
	json_push(list, o);
}

static struct json *address_json(struct ctx *c, const struct dsp_address *a)
{
	struct json *o = json_object(c), *list = json_array(c);
	json_set(&o, "@type", json_z(c, "DataAddress"));
	json_set_str(c, &o, "endpointType", a->type);
	if (a->endpoint.n > 0)
		json_set_str(c, &o, "endpoint", a->endpoint);
	property_push(c, &list, "authorization", a->token);
	property_push(c, &list, "authType", a->auth);
	if (a->token.n > 0 || a->auth.n > 0)
		json_set(&o, "endpointProperties", list);
	return o;
}

/* What is given of a tree, copied; not an empty array. */
static void set_tree(struct ctx *c, struct json **o, const char *name, const struct json *j)
{
	if (j != NULL && (j->type != JSON_ARRAY || j->n > 0))
		json_set(o, name, json_copy(c, j));
}

static void set_text(struct ctx *c, struct json **o, const char *name, struct str s)
{
	if (s.n > 0)
		json_set_str(c, o, name, s);
}

static void set_member(struct ctx *c, struct json **o, const struct raw *raw, enum member i)
{
	const struct dsp_message *m = &raw->m;
	const char *at = (const char *)raw + members[i].offset;
	bool is_error = m->type == DSP_NEGOTIATION_ERROR || m->type == DSP_TRANSFER_ERROR;
	struct str s;
	switch (members[i].kind) {
	case JSON_K_TEXT:
		s = *(const struct str *)(const void *)at;
		if (is_error && s.n == 0 && (BIT(i) & PIDS) != 0)
			s = STR(DSP_NO_PID);
		set_text(c, o, members[i].name, s);
		return;
	case JSON_K_OBJECT:
		if (i == OFFER && m->offer.id.n > 0)
			json_set(o, "offer", dsp_policy_json(c, &m->offer, DSP_MESSAGE_OFFER));
		if (i == AGREEMENT && m->agreement.id.n > 0)
			json_set(o, "agreement",
				dsp_policy_json(c, &m->agreement, DSP_AGREEMENT_POLICY));
		if (i == ADDRESS && m->address.type.n > 0)
			json_set(o, "dataAddress", address_json(c, &m->address));
		if (i == SHUGU)
			set_tree(c, o, "shugu", m->shugu);
		return;
	case JSON_K_ARRAY:
		set_tree(c, o, members[i].name, *(const struct json *const *)(const void *)at);
		return;
	case JSON_K_INT:
	case JSON_K_BOOL:
	case JSON_K_HEX32:
	case JSON_K_ANY:
		break;
	}
	__builtin_unreachable(); /* the table has texts, objects and arrays only */
}

struct json *dsp_message_json(struct ctx *c, const struct dsp_message *m)
{
	const struct raw raw = {.m = *m};
	const struct row *row = &rows[m->type];
	struct json *o = dsp_new(c, row->type);
	size_t alternatives = 0;
	assert(m->type < DSP_TYPES_ && (m->shugu == NULL || m->shugu->type == JSON_OBJECT));
	for (unsigned i = 0; i < MEMBERS && o != NULL; i++) {
		if ((members_of(m->type) & BIT(i)) == 0)
			continue;
		set_member(c, &o, &raw, (enum member)i);
		bool there = json_get(o, members[i].name) != NULL;
		assert(o == NULL || there || (row->must & BIT(i)) == 0);
		alternatives += there && (row->one_of & BIT(i)) != 0;
	}
	assert(o == NULL || row->one_of == 0 || alternatives == 1);
	return o;
}

struct json *dsp_reason(struct ctx *c, struct str sentence)
{
	struct json *list = json_array(c);
	json_push(&list, json_str(c, sentence));
	return list;
}

struct str dsp_reason_text(const struct json *reason)
{
	if (reason == NULL || reason->type != JSON_ARRAY)
		return (struct str){"", 0};
	for (const struct json *j = reason->first; j != NULL; j = j->next) {
		const struct json *inner = json_get(j, "message");
		struct str s = json_text(j->type == JSON_STRING ? j
					 : inner != NULL        ? inner
								: json_get(j, "@value"));
		if (s.n > 0)
			return s;
	}
	return (struct str){"", 0};
}
