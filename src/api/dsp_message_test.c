#include "api/dsp_message.h"

#include "base/limits.h"
#include "tests/tap.h"

#define C "\"@context\":[\"" DSP_CONTEXT "\"],"
#define PIDS "\"providerPid\":\"p\",\"consumerPid\":\"c\""
#define OFFER \
	"\"offer\":{\"@id\":\"urn:x:o:1\",\"@type\":\"Offer\",\"target\":\"t\"," \
	"\"permission\":[{\"action\":\"use\"}]}"
#define BACK "\"callbackAddress\":\"https://b.example/dsp/\""

static err read_as(struct ctx *c, enum dsp_type type, const char *text, struct dsp_message *ret)
{
	const struct json *j = NULL;
	if (json_parse(c, str_z(text), &j) != OK)
		return ERR_MALFORMED;
	return dsp_message_read(c, j, type, ret);
}

static const char *written(struct ctx *c, const struct json *j)
{
	struct str s;
	return json_write(c, j, false, 1u << 20, &s) == OK ? arena_z(c->arena, s) : NULL;
}

static void names(void)
{
	enum dsp_type type;
	for (unsigned i = 0; i < DSP_TYPES_; i++)
		ok(dsp_type_of(str_z(dsp_type_name((enum dsp_type)i)), &type) && type == i, "%s",
			dsp_type_name((enum dsp_type)i));
	ok(!dsp_type_of(STR("ContractMessage"), &type), "no such type");
}

static void frame(struct ctx *c)
{
	static const struct {
		err want;
		const char *text;
	} rows[] = {
		{OK, "{" C "\"@type\":\"CatalogRequestMessage\"}"},
		{OK, "{\"@context\":\"" DSP_CONTEXT "\",\"@type\":\"CatalogRequestMessage\"}"},
		{OK, "{\"@context\":[{},\"x\",\"" DSP_CONTEXT
		     "\"],\"@type\":\"CatalogRequestMessage\",\"own\":null}"},
		{ERR_MISSING_MEMBER, "{\"@type\":\"CatalogRequestMessage\"}"},
		{ERR_BAD_VALUE, "{\"@context\":[],\"@type\":\"CatalogRequestMessage\"}"},
		{ERR_BAD_VALUE, "{\"@context\":{},\"@type\":\"CatalogRequestMessage\"}"},
		{ERR_BAD_VALUE, "{\"@context\":\"x\",\"@type\":\"CatalogRequestMessage\"}"},
		{ERR_MISSING_MEMBER, "{" C "\"filter\":[]}"},
		{ERR_BAD_VALUE, "{" C "\"@type\":\"CatalogError\"}"},
		{ERR_BAD_VALUE, "{" C "\"@type\":[\"CatalogRequestMessage\"]}"},
		{ERR_BAD_VALUE, "{" C "\"@type\":\"CatalogRequestMessage\",\"filter\":{}}"},
		{ERR_BAD_VALUE, "{" C "\"@type\":\"CatalogRequestMessage\",\"shugu\":[]}"},
		{ERR_BAD_VALUE, "[]"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct dsp_message m;
		is_int(read_as(c, DSP_CATALOG_REQUEST, rows[i].text, &m), rows[i].want, "%s",
			rows[i].text);
	}
	struct dsp_message m;
	is_int(dsp_message_read(c, NULL, DSP_CATALOG_REQUEST, &m), ERR_BAD_VALUE, "nothing at all");
}

static void negotiation(struct ctx *c)
{
	struct dsp_message m = {0};
	is_int(read_as(c, DSP_CONTRACT_REQUEST,
		       "{" C "\"@type\":\"ContractRequestMessage\",\"consumerPid\":\"c\"," OFFER
		       "," BACK ",\"state\":7,\"shugu\":{\"a\":1}}",
		       &m),
		OK, "an initial request; a member of another type passes");
	ok(str_is(m.consumer_pid, "c") && m.provider_pid.n == 0, "with one process id");
	ok(str_is(m.callback, "https://b.example/dsp"), "a callback without the last slash");
	ok(str_is(m.offer.id, "urn:x:o:1") && str_is(m.offer.target, "t"), "an offer");
	ok(json_get(m.shugu, "a") != NULL, "and evidence");
	is_int(read_as(c, DSP_CONTRACT_REQUEST,
		       "{" C "\"@type\":\"ContractRequestMessage\"," PIDS "," OFFER "}", &m),
		OK, "a counter request");
	is_int(read_as(c, DSP_CONTRACT_REQUEST,
		       "{" C "\"@type\":\"ContractRequestMessage\"," PIDS "," OFFER "," BACK "}",
		       &m),
		ERR_BAD_VALUE, "but not both");
	is_int(read_as(c, DSP_CONTRACT_REQUEST,
		       "{" C "\"@type\":\"ContractRequestMessage\",\"consumerPid\":\"c\"," OFFER
		       "}",
		       &m),
		ERR_MISSING_MEMBER, "nor none");
	ok(strstr(c->trouble.detail, "'callbackAddress'") &&
			strstr(c->trouble.detail, "'providerPid'"),
		"names both");
	is_int(read_as(c, DSP_CONTRACT_OFFER,
		       "{" C "\"@type\":\"ContractOfferMessage\",\"providerPid\":\"p\"," OFFER
		       "," BACK "}",
		       &m),
		OK, "an initial offer");
	is_int(read_as(c, DSP_NEGOTIATION_EVENT,
		       "{" C "\"@type\":\"ContractNegotiationEventMessage\"," PIDS
		       ",\"eventType\":\"FINALIZED\"}",
		       &m),
		OK, "an event");
	ok(str_is(m.event, "FINALIZED"), "its word");
	is_int(read_as(c, DSP_NEGOTIATION,
		       "{" C "\"@type\":\"ContractNegotiation\"," PIDS ",\"state\":\"AGREED\"}",
		       &m),
		OK, "a state");
	ok(str_is(m.state, "AGREED"), "its word");
	is_int(read_as(c, DSP_NEGOTIATION_TERMINATION,
		       "{" C "\"@type\":\"ContractNegotiationTerminationMessage\"," PIDS
		       ",\"code\":\"9\",\"reason\":[{\"message\":\"no\"}]}",
		       &m),
		OK, "a termination");
	ok(str_is(m.code, "9") && str_is(dsp_reason_text(m.reason), "no"), "with a reason");
	is_int(read_as(c, DSP_NEGOTIATION_ERROR, "{" C "\"@type\":\"ContractNegotiationError\"}",
		       &m),
		OK, "an error that names no process");
}

static void transfer(struct ctx *c)
{
	struct dsp_message m = {0};
	is_int(read_as(c, DSP_TRANSFER_REQUEST,
		       "{" C "\"@type\":\"TransferRequestMessage\",\"consumerPid\":\"c\","
		       "\"agreementId\":\"g\","
		       "\"format\":\"HttpData-PULL\"," BACK "}",
		       &m),
		OK, "a transfer request");
	ok(str_is(m.agreement_id, "g") && str_is(m.format, DSP_PULL) && m.address.type.n == 0,
		"of an agreement, to be pulled");
	is_int(read_as(c, DSP_TRANSFER_START,
		       "{" C "\"@type\":\"TransferStartMessage\"," PIDS
		       ",\"dataAddress\":{\"@type\":\"DataAddress\",\"endpointType\":\"" DSP_HTTP
		       "\",\"endpoint\":\"http://a.example/"
		       "data\",\"endpointProperties\":[{\"name\":"
		       "\"authType\",\"value\":\"bearer\"},{\"name\":\"other\",\"value\":\"\"},"
		       "{\"name\":\"authorization\",\"value\":\"tok\"}]}}",
		       &m),
		OK, "a start");
	ok(str_is(m.address.token, "tok") && str_is(m.address.auth, "bearer") &&
			str_is(m.address.endpoint, "http://a.example/data"),
		"with the address of the data");
	is_int(read_as(c, DSP_TRANSFER_START, "{" C "\"@type\":\"TransferStartMessage\"," PIDS "}",
		       &m),
		OK, "a start without address");
	is_int(m.address.type.n, 0, "has none");
	is_int(read_as(c, DSP_TRANSFER,
		       "{" C "\"@type\":\"TransferProcess\"," PIDS ",\"state\":\"SUSPENDED\"}", &m),
		OK, "a state");
	is_int(read_as(c, DSP_TRANSFER,
		       "{" C "\"@type\":\"TransferProcess\"," PIDS ",\"state\":\"AGREED\"}", &m),
		ERR_BAD_VALUE, "not one of a negotiation");
}

#define START(address) \
	"{" C "\"@type\":\"TransferStartMessage\"," PIDS ",\"dataAddress\":{" address "}}"
#define PROPERTY(value) START("\"endpointType\":\"x\",\"endpointProperties\":[" value "]")
#define EVENT(members) "{" C "\"@type\":\"ContractNegotiationEventMessage\"," members "}"
#define REQUEST(members) "{" C "\"@type\":\"TransferRequestMessage\"," members "}"

static const struct {
	enum dsp_type type;
	err want;
	const char *text, *member;
} refusals[] = {
	{DSP_NEGOTIATION_EVENT, ERR_MISSING_MEMBER, EVENT(PIDS), "'eventType'"},
	{DSP_NEGOTIATION_EVENT, ERR_BAD_VALUE, EVENT(PIDS ",\"eventType\":\"accepted\""),
		"'eventType'"},
	{DSP_NEGOTIATION_EVENT, ERR_MISSING_MEMBER,
		EVENT("\"consumerPid\":\"c\",\"eventType\":\"ACCEPTED\""), "'providerPid'"},
	{DSP_NEGOTIATION_EVENT, ERR_BAD_VALUE,
		EVENT("\"providerPid\":\"\",\"consumerPid\":\"c\",\"eventType\":"
		      "\"ACCEPTED\""),
		"'providerPid'"},
	{DSP_NEGOTIATION_EVENT, ERR_BAD_VALUE,
		EVENT("\"providerPid\":\"p\",\"consumerPid\":\"c "
		      "d\",\"eventType\":\"ACCEPTED\""),
		"'consumerPid'"},
	{DSP_NEGOTIATION_EVENT, ERR_BAD_VALUE,
		EVENT("\"providerPid\":1,\"consumerPid\":\"c\",\"eventType\":\"ACCEPTED\""),
		"'providerPid'"},
	{DSP_NEGOTIATION, ERR_BAD_VALUE,
		"{" C "\"@type\":\"ContractNegotiation\"," PIDS ",\"state\":\"STARTED\"}",
		"'state'"},
	{DSP_TRANSFER_REQUEST, ERR_MISSING_MEMBER,
		REQUEST("\"consumerPid\":\"c\",\"agreementId\":\"g\"," BACK), "'format'"},
	{DSP_TRANSFER_REQUEST, ERR_BAD_VALUE,
		REQUEST("\"consumerPid\":\"c\",\"agreementId\":\"\",\"format\":"
			"\"f\"," BACK),
		"'agreementId'"},
	{DSP_TRANSFER_REQUEST, ERR_BAD_VALUE,
		REQUEST("\"consumerPid\":\"c\",\"agreementId\":\"g\",\"format\":\"f\","
			"\"callbackAddress\":\"ftp://b.example\""),
		"'callbackAddress'"},
	{DSP_TRANSFER_REQUEST, ERR_BAD_VALUE,
		REQUEST("\"consumerPid\":\"c\",\"agreementId\":\"g\",\"format\":\"f\","
			"\"callbackAddress\":\"http:///x\""),
		"'callbackAddress'"},
	{DSP_TRANSFER_REQUEST, ERR_BAD_VALUE,
		REQUEST("\"consumerPid\":\"c\",\"agreementId\":\"g\",\"format\":\"f\","
			"\"callbackAddress\":\"http://b.example/\\r\\nX: y\""),
		"'callbackAddress'"},
	{DSP_TRANSFER_START, ERR_MISSING_MEMBER, START(""), "'endpointType'"},
	{DSP_TRANSFER_START, ERR_BAD_VALUE, START("\"@type\":\"x\",\"endpointType\":\"x\""),
		"'@type'"},
	{DSP_TRANSFER_START, ERR_BAD_VALUE,
		START("\"endpointType\":\"x\",\"endpoint\":\"file:///x\""), "'endpoint'"},
	{DSP_TRANSFER_START, ERR_MISSING_MEMBER, PROPERTY("{\"name\":\"authorization\"}"),
		"'value'"},
	{DSP_TRANSFER_START, ERR_BAD_VALUE,
		PROPERTY("{\"name\":\"authorization\",\"value\":\"secret\\r\\n\"}"), "'value'"},
	{DSP_TRANSFER_START, ERR_BAD_VALUE,
		PROPERTY("{\"name\":\"authorization\",\"value\":\"secret\"},"
			 "{\"name\":\"authorization\",\"value\":\"secret\"}"),
		"'endpointProperties'"},
	{DSP_TRANSFER_START, ERR_BAD_VALUE, PROPERTY("7"), "'endpointProperties'"},
	{DSP_TRANSFER_TERMINATION, ERR_BAD_VALUE,
		"{" C "\"@type\":\"TransferTerminationMessage\"," PIDS ",\"reason\":\"no\"}",
		"'reason'"},
	{DSP_DATASET_REQUEST, ERR_MISSING_MEMBER, "{" C "\"@type\":\"DatasetRequestMessage\"}",
		"'dataset'"},
	{DSP_CONTRACT_AGREEMENT, ERR_MISSING_MEMBER,
		"{" C "\"@type\":\"ContractAgreementMessage\"," PIDS "}", "'agreement'"},
	{DSP_CONTRACT_AGREEMENT, ERR_MISSING_MEMBER,
		"{" C "\"@type\":\"ContractAgreementMessage\"," PIDS ",\"agreement\":{}}", "'@id'"},
};

static void refused(struct ctx *c)
{
	for (size_t i = 0; i < countof(refusals); i++) {
		struct dsp_message m = {.code = STR("before")};
		is_int(read_as(c, refusals[i].type, refusals[i].text, &m), refusals[i].want, "%s",
			refusals[i].text);
		ok(strstr(c->trouble.detail, refusals[i].member) != NULL, "names %s: %s",
			refusals[i].member, c->trouble.detail);
		ok(strstr(c->trouble.detail, "secret") == NULL && str_is(m.code, "before"),
			"tells no secret and writes nothing");
	}
}

static void pids(struct ctx *c)
{
	char long_pid[DSP_PID + 2];
	memset(long_pid, 'a', sizeof long_pid);
	long_pid[DSP_PID + 1] = '\0';
	for (unsigned over = 0; over < 2; over++) {
		struct str text;
		struct dsp_message m;
		ok(arena_fmt(c, &text,
			   "{" C "\"@type\":\"TransferCompletionMessage\",\"providerPid\":\"%.*s\","
			   "\"consumerPid\":\"c\"}",
			   (int)(DSP_PID + over), long_pid) == OK,
			"a message");
		is_int(read_as(c, DSP_TRANSFER_COMPLETION, text.p, &m), over ? ERR_BAD_VALUE : OK,
			"a process id of the limit and %u", over);
	}
}

static void building(struct ctx *c)
{
	struct json *shugu = json_object(c);
	json_set_num(c, &shugu, "n", 1);
	struct dsp_message m = {.type = DSP_TRANSFER_START,
		.provider_pid = STR("p"),
		.consumer_pid = STR("c"),
		.state = STR("not of this type"),
		.address = {STR("x"), STR("http://a.example/"), STR("tok"), STR("bearer")},
		.shugu = shugu};
	is_str(written(c, dsp_message_json(c, &m)),
		"{" C "\"@type\":\"TransferStartMessage\"," PIDS
		",\"dataAddress\":{\"@type\":\"DataAddress\",\"endpointType\":\"x\",\"endpoint\":"
		"\"http://a.example/"
		"\",\"endpointProperties\":[{\"@type\":\"EndpointProperty\",\"name\":"
		"\"authorization\",\"value\":\"tok\"},{\"@type\":\"EndpointProperty\",\"name\":"
		"\"authType\","
		"\"value\":\"bearer\"}]},\"shugu\":{\"n\":1}}",
		"a start");
	m = (struct dsp_message){.type = DSP_TRANSFER_ERROR,
		.consumer_pid = STR("c"),
		.code = STR("404"),
		.reason = json_array(c)};
	is_str(written(c, dsp_message_json(c, &m)),
		"{" C "\"@type\":\"TransferError\",\"providerPid\":\"" DSP_NO_PID
		"\",\"consumerPid\":\"c\",\"code\":\"404\"}",
		"an error of an unknown process; no empty array");
	m = (struct dsp_message){
		.type = DSP_CATALOG_ERROR, .reason = dsp_reason(c, STR("no \"such\" thing"))};
	is_str(written(c, dsp_message_json(c, &m)),
		"{" C "\"@type\":\"CatalogError\",\"reason\":[\"no \\\"such\\\" thing\"]}",
		"an error of the catalogue");
	ok(str_is(dsp_reason_text(m.reason), "no \"such\" thing"), "its sentence");
	is_int(dsp_reason_text(NULL).n, 0, "no reason, no sentence");
}

/* A builder without memory answers NULL, wherever it ends. */
static void memory(struct ctx *c)
{
	struct dsp_message m = {.type = DSP_TRANSFER_START,
		.provider_pid = STR("p"),
		.consumer_pid = STR("c"),
		.address = {STR("x"), STR("http://a/"), STR("t"), STR("b")}};
	long n = 1;
	for (;; n++) {
		arena_fail_after(n);
		const struct json *j = dsp_message_json(c, &m);
		if (j != NULL)
			break;
	}
	arena_fail_after(0);
	ok(n > 10, "%ld allocations failed one by one", n - 1);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	names();
	frame(&c);
	negotiation(&c);
	transfer(&c);
	refused(&c);
	pids(&c);
	building(&c);
	memory(&c);
	return done_testing();
}
