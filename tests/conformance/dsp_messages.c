/* What this node says in the Dataspace Protocol, for the public schemas, and what it understands of the public examples.
 *
 * dsp_messages say: one line of JSON a message, {schema, name, needs, message}: every message that can be built, with and
 * without each member that may be left out. needs: JSON pointers of the members without which the schema must refuse it.
 * dsp_messages read FILE...: each public example is read and what is read is built again and read as the same; TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/did_message.h"
#include "api/dsp_catalog_message.h"
#include "base/env.h"
#include "tests/tap.h"

#define PROVIDER_PID STR("urn:uuid:01936d3f-5b30-7c60-8f3e-000000000001")
#define CONSUMER_PID STR("urn:uuid:01936d3f-5b30-7c60-8f3e-000000000002")
#define CALLBACK STR("https://b.example/dsp/2025-1")
#define FRAME "/@context /@type "
#define PIDS FRAME "/providerPid /consumerPid "

static const char *const rule_sets[] = {
	"{\"permission\":[{\"action\":\"use\"}]}",
	("{\"permission\":[{\"action\":\"use\",\"constraint\":[{\"leftOperand\":\"purpose\","
	 "\"operator\":\"eq\",\"rightOperand\":\"internal-use\"},{\"leftOperand\":\"dateTime\","
	 "\"operator\":\"lteq\",\"rightOperand\":\"2026-12-24T03:00:00Z\"},{\"leftOperand\":"
	 "\"count\","
	 "\"operator\":\"lteq\",\"rightOperand\":\"1\"}]}],\"prohibition\":[{\"action\":"
	 "\"distribute\"}],"
	 "\"obligation\":[{\"action\":\"delete\"}],\"profile\":\"https://example.com/profile\"}"),
	("{\"permission\":[{\"action\":\"use\",\"constraint\":[{\"or\":[{\"and\":[{\"leftOperand\":"
	 "\"purpose\",\"operator\":\"isAnyOf\",\"rightOperand\":[\"a\",\"b\"]},{\"leftOperand\":"
	 "\"spatial\",\"operator\":\"isPartOf\",\"rightOperand\":\"CN-33\"}]},{\"leftOperand\":"
	 "\"count\",\"operator\":\"lt\",\"rightOperand\":\"2\"}]}]}],\"profile\":[\"https://"
	 "a.example/p\"]}"),
	/* As some peers send them: no array of these may be sent on empty. */
	("{\"prohibition\":[],\"obligation\":[],\"permission\":[{\"action\":\"use\",\"constraint\":"
	 "["
	 "]}]}"),
};

static const struct json *rules_of(struct ctx *c, size_t i)
{
	const struct json *j = NULL;
	return json_parse(c, str_z(rule_sets[i]), &j) == OK ? j : NULL;
}

static struct dsp_policy policy_of(struct ctx *c, size_t i)
{
	return (struct dsp_policy){.id = STR("urn:x:offer:verbatim:1"),
		.target = STR("urn:uuid:01936d3f-5b30-7c60-8f3e-000000000003"),
		.assigner = STR("did:web:a.example"),
		.assignee = STR("did:web:b.example"),
		.timestamp = STR("2026-11-24T03:00:00.123Z"),
		.json = rules_of(c, i)};
}

static struct json *evidence(struct ctx *c)
{
	struct json *o = json_object(c);
	json_set(&o, "signature", json_z(c, "header..signature"));
	return o;
}

static void say(struct ctx *c, const char *schema, const char *needs, struct json *message)
{
	static unsigned n;
	struct json *line = json_object(c), *list = json_array(c);
	struct str text, rest = str_z(needs), one, name;
	while (str_cut(rest, ' ', &one, &rest))
		json_push(&list, json_str(c, one));
	if (arena_fmt(c, &name, "%u %s", ++n, schema) != OK)
		exit(3);
	json_set(&line, "schema", json_z(c, schema));
	json_set(&line, "name", json_str(c, name));
	json_set(&line, "needs", list);
	json_set(&line, "message", message);
	if (json_write(c, line, false, 1u << 20, &text) != OK)
		exit(3);
	printf("%.*s\n", FMT(text));
}

/* A message as given and with evidence. */
static void say_both(
	struct ctx *c, const char *schema, const char *needs, const struct dsp_message *m)
{
	struct dsp_message with = *m;
	say(c, schema, needs, dsp_message_json(c, m));
	with.shugu = evidence(c);
	say(c, schema, needs, dsp_message_json(c, &with));
}

/* Code and reason may each be there or not. */
static void say_why(
	struct ctx *c, const char *schema, const char *needs, const struct dsp_message *m)
{
	for (unsigned i = 0; i < 4; i++) {
		struct dsp_message with = *m;
		if ((i & 1) != 0)
			with.code = STR("term-refuses");
		if ((i & 2) != 0)
			with.reason = dsp_reason(c, STR("A usage term refuses this: count"));
		say_both(c, schema, needs, &with);
	}
}

/* Without a prohibition a policy needs its permission. */
static void say_offers(struct ctx *c)
{
	for (size_t i = 0; i < countof(rule_sets); i++) {
		const struct json *prohibition = json_get(rules_of(c, i), "prohibition");
		bool both = prohibition != NULL && prohibition->n > 0;
		struct dsp_message m = {.type = DSP_CONTRACT_REQUEST,
			.consumer_pid = CONSUMER_PID,
			.callback = CALLBACK,
			.offer = policy_of(c, i)};
		say_both(c, "negotiation/contract-request-message",
			both ? FRAME "/consumerPid /callbackAddress /offer/permission/0/action "
			     : FRAME "/consumerPid /callbackAddress /offer /offer/@id /offer/@type "
				     "/offer/permission /offer/permission/0/action ",
			&m);
		m.callback.n = 0;
		m.provider_pid = PROVIDER_PID;
		say_both(c, "negotiation/contract-request-message", PIDS "/offer ", &m);
		m.type = DSP_CONTRACT_OFFER;
		say_both(c, "negotiation/contract-offer-message",
			PIDS "/offer /offer/@id /offer/@type /offer/target ", &m);
		m.consumer_pid.n = 0;
		m.callback = CALLBACK;
		say_both(c, "negotiation/contract-offer-message",
			FRAME "/providerPid /callbackAddress /offer ", &m);
		m = (struct dsp_message){.type = DSP_CONTRACT_AGREEMENT,
			.provider_pid = PROVIDER_PID,
			.consumer_pid = CONSUMER_PID,
			.agreement = policy_of(c, i)};
		say_both(c, "negotiation/contract-agreement-message",
			both ? PIDS "/agreement /agreement/permission/0/action "
			     : PIDS
				"/agreement /agreement/@id /agreement/@type /agreement/target "
				"/agreement/assigner /agreement/assignee /agreement/permission ",
			&m);
	}
}

static void say_negotiation(struct ctx *c)
{
	static const char *const states[] = {"REQUESTED", "OFFERED", "ACCEPTED", "AGREED",
		"VERIFIED", "FINALIZED", "TERMINATED"};
	struct dsp_message m = {.type = DSP_AGREEMENT_VERIFICATION,
		.provider_pid = PROVIDER_PID,
		.consumer_pid = CONSUMER_PID};
	say_both(c, "negotiation/contract-agreement-verification-message", PIDS, &m);
	m.type = DSP_NEGOTIATION_EVENT;
	for (unsigned i = 0; i < 2; i++) {
		m.event = i == 0 ? STR("ACCEPTED") : STR("FINALIZED");
		say_both(c, "negotiation/contract-negotiation-event-message", PIDS "/eventType ",
			&m);
	}
	m.type = DSP_NEGOTIATION;
	for (size_t i = 0; i < countof(states); i++) {
		m.state = str_z(states[i]);
		say_both(c, "negotiation/contract-negotiation", PIDS "/state ", &m);
	}
	m.type = DSP_NEGOTIATION_TERMINATION;
	say_why(c, "negotiation/contract-negotiation-termination-message", PIDS, &m);
	m.type = DSP_NEGOTIATION_ERROR;
	say_why(c, "negotiation/contract-negotiation-error", PIDS, &m);
	m.consumer_pid.n = 0;
	say_why(c, "negotiation/contract-negotiation-error", PIDS, &m);
}

static void say_transfer(struct ctx *c)
{
	static const char *const states[] = {
		"REQUESTED", "STARTED", "COMPLETED", "SUSPENDED", "TERMINATED"};
	struct dsp_message m = {.type = DSP_TRANSFER_REQUEST,
		.consumer_pid = CONSUMER_PID,
		.callback = CALLBACK,
		.agreement_id = STR("urn:uuid:a"),
		.format = STR(DSP_PULL)};
	say_both(c, "transfer/transfer-request-message",
		FRAME "/consumerPid /callbackAddress /agreementId /format ", &m);
	m.address = (struct dsp_address){
		STR(DSP_HTTP), STR("https://b.example/in"), STR("t"), STR("bearer")};
	say_both(c, "transfer/transfer-request-message",
		FRAME "/dataAddress/@type /dataAddress/endpointType ", &m);
	m = (struct dsp_message){.type = DSP_TRANSFER_START,
		.provider_pid = PROVIDER_PID,
		.consumer_pid = CONSUMER_PID};
	say_both(c, "transfer/transfer-start-message", PIDS, &m);
	m.address = (struct dsp_address){.type = STR(DSP_HTTP)};
	say_both(c, "transfer/transfer-start-message", PIDS "/dataAddress/endpointType ", &m);
	m.address.endpoint = STR("https://a.example/data/1");
	m.address.token = STR("opaque");
	m.address.auth = STR("bearer");
	say_both(c, "transfer/transfer-start-message",
		PIDS
		"/dataAddress/endpointProperties/0/name /dataAddress/endpointProperties/1/value ",
		&m);
	m.type = DSP_TRANSFER_COMPLETION;
	say_both(c, "transfer/transfer-completion-message", PIDS, &m);
	m.type = DSP_TRANSFER;
	for (size_t i = 0; i < countof(states); i++) {
		m.state = str_z(states[i]);
		say_both(c, "transfer/transfer-process", PIDS "/state ", &m);
	}
	m.type = DSP_TRANSFER_SUSPENSION;
	say_why(c, "transfer/transfer-suspension-message", PIDS, &m);
	m.type = DSP_TRANSFER_TERMINATION;
	say_why(c, "transfer/transfer-termination-message", PIDS, &m);
	m.type = DSP_TRANSFER_ERROR;
	say_why(c, "transfer/transfer-error", PIDS, &m);
	m.provider_pid.n = 0;
	say_why(c, "transfer/transfer-error", PIDS, &m);
}

static void say_catalog(struct ctx *c)
{
	const struct dsp_service service = {STR("urn:uuid:s"), STR("https://a.example/dsp/2025-1")};
	struct dsp_policy offers[countof(rule_sets)];
	const struct dsp_distribution ways[2] = {
		{STR(DSP_PULL), service}, {STR(DSP_PULL), {.id = STR("urn:uuid:s")}}};
	for (size_t i = 0; i < countof(rule_sets); i++)
		offers[i] = policy_of(c, i);
	struct dsp_dataset sets[2] = {{.id = STR("urn:uuid:d1"),
					      .title = STR("Weather"),
					      .description = STR("By day"),
					      .offers = offers,
					      .offers_n = countof(offers),
					      .distributions = ways,
					      .distributions_n = 2,
					      .shugu = evidence(c)},
		{.id = STR("urn:uuid:d2"),
			.offers = offers,
			.offers_n = 1,
			.distributions = ways,
			.distributions_n = 1}};
	const char *needs = FRAME "/@id /participantId ";
	struct dsp_catalog k = {.id = STR("urn:uuid:k"), .participant = STR("did:web:a.example")};
	say(c, "catalog/catalog", needs, dsp_catalog_json(c, &k));
	k.services = &service;
	k.services_n = 1;
	say(c, "catalog/catalog",
		FRAME "/@id /participantId /service/0/@id /service/0/@type /service/0/endpointURL ",
		dsp_catalog_json(c, &k));
	k.datasets = sets;
	k.datasets_n = 2;
	k.shugu = evidence(c);
	say(c, "catalog/catalog",
		FRAME
		"/@id /participantId /dataset/0/@id /dataset/1/hasPolicy /dataset/1/distribution "
		"/dataset/0/hasPolicy/0/@id /dataset/0/distribution/0/format "
		"/dataset/0/distribution/1/accessService ",
		dsp_catalog_json(c, &k));
	for (size_t i = 0; i < 2; i++)
		say(c, "catalog/dataset",
			"/@context /@id /hasPolicy /hasPolicy/0/permission /distribution "
			"/distribution/0/accessService/endpointURL ",
			dsp_dataset_json(c, &sets[i]));
}

static void say_others(struct ctx *c)
{
	struct dsp_message m = {.type = DSP_CATALOG_REQUEST};
	say_both(c, "catalog/catalog-request-message", FRAME, &m);
	m.filter = dsp_reason(c, STR("weather"));
	say_both(c, "catalog/catalog-request-message", FRAME, &m);
	m = (struct dsp_message){.type = DSP_DATASET_REQUEST, .dataset = STR("urn:uuid:d1")};
	say_both(c, "catalog/dataset-request-message", FRAME "/dataset ", &m);
	m = (struct dsp_message){.type = DSP_CATALOG_ERROR};
	say_why(c, "catalog/catalog-error", FRAME, &m);
	const char *needs =
		"/protocolVersions /protocolVersions/0/version /protocolVersions/0/path "
		"/protocolVersions/0/binding ";
	say(c, "common/protocol-version", needs,
		dsp_versions_json(c, STR("/dsp/2025-1"), (struct str){"", 0}));
	say(c, "common/protocol-version", needs,
		dsp_versions_json(c, STR("/dsp/2025-1"), STR("urn:uuid:s")));
	const struct did_key key = {.fragment = "key-1"};
	const struct did_input in = {.did = STR("did:web:a.example"),
		.url = STR("https://a.example"),
		.keys = &key,
		.keys_n = 1};
	const struct json *services = json_get(did_document_json(c, &in), "service");
	/* The first two are the protocol's; the third is our own. */
	say(c, "common/did-service", "/id /type /serviceEndpoint ", json_copy(c, services->first));
	say(c, "common/did-service", "/id /type /serviceEndpoint ",
		json_copy(c, services->first->next));
}

static bool message_again(struct ctx *c, const struct json *j, enum dsp_type type)
{
	struct dsp_message m, again;
	if (!ok(dsp_message_read(c, j, type, &m) == OK, "is read: %s", c->trouble.detail))
		return false;
	return ok(dsp_message_read(c, dsp_message_json(c, &m), type, &again) == OK &&
			  str_eq(m.provider_pid, again.provider_pid) &&
			  str_eq(m.consumer_pid, again.consumer_pid) &&
			  str_eq(m.state, again.state) && str_eq(m.offer.id, again.offer.id) &&
			  str_eq(m.agreement.timestamp, again.agreement.timestamp) &&
			  str_eq(m.address.token, again.address.token) &&
			  str_eq(m.code, again.code),
		"and built again");
}

static void example(struct ctx *c, const char *file)
{
	struct str text, path = {"", 0};
	const struct json *j = NULL;
	enum dsp_type type;
	struct dsp_catalog k;
	struct dsp_dataset d;
	if (!ok(file_read(c, file, 1u << 20, &text) == OK && json_parse(c, text, &j) == OK, "%s",
		    file))
		return;
	struct str name = json_text(json_get(j, "@type"));
	if (dsp_type_of(name, &type))
		message_again(c, j, type);
	else if (str_is(name, "Catalog"))
		ok(dsp_catalog_read(c, j, &k) == OK && dsp_catalog_json(c, &k) != NULL,
			"a catalogue");
	else if (str_is(name, "Dataset"))
		ok(dsp_dataset_read(c, j, &d) == OK && json_eq(j, dsp_dataset_json(c, &d)),
			"a dataset, built again as it is");
	else
		ok(dsp_versions_read(c, j, &path) == OK && str_is(path, "/some/path/2025-1"),
			"versions");
}

int main(int argc, char **argv)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	if (argc > 1 && strcmp(argv[1], "say") == 0) {
		say_others(&c);
		say_catalog(&c);
		say_offers(&c);
		say_negotiation(&c);
		say_transfer(&c);
		return 0;
	}
	for (int i = 2; i < argc; i++)
		example(&c, argv[i]);
	return done_testing();
}
