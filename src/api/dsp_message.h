/* The messages of the Dataspace Protocol 2025-1, built and read: negotiation, transfer, their acknowledgements and
 * errors, and what a catalogue is asked with (the catalogue itself: api/dsp_catalog_message).
 *
 * One struct holds what a message can say, one table (dsp_message.c) says which type has which member; this file knows
 * shapes, not states and not HTTP. Compact form only; the context is checked, never resolved.
 *
 * Reading: the context may be a string or an array that contains DSP_CONTEXT; members that the type does not have pass.
 * ERR_MISSING_MEMBER or ERR_BAD_VALUE, each naming the member; ret is written on success alone. Texts and trees are
 * borrowed from the tree given; only the callback may be shorter than it came (no slash at its end).
 * Process ids: 1 to DSP_PID characters of printable ASCII without space.
 * Building: what the type must have must be there (a bug otherwise); trees are copied, texts borrowed; no array is
 * written empty. NULL where memory ran out, which json_write reports.
 *
 * `shugu` is the one member of our own: an object with the evidence of a row of PROTOCOL. */
#pragma once

#include "api/dsp_policy.h"

#define DSP_CONTEXT "https://w3id.org/dspace/2025/1/context.jsonld"
#define DSP_HTTP "https://w3id.org/idsa/v4.1/HTTP" /* endpointType of what is fetched over HTTP */
#define DSP_PULL "HttpData-PULL"
/* Stands in an error for a process id that is not known. */
#define DSP_NO_PID "urn:uuid:00000000-0000-0000-0000-000000000000"
#define DSP_PID 255u

enum dsp_type {
	DSP_CATALOG_REQUEST,
	DSP_DATASET_REQUEST,
	DSP_CATALOG_ERROR,
	DSP_CONTRACT_REQUEST,
	DSP_CONTRACT_OFFER,
	DSP_CONTRACT_AGREEMENT,
	DSP_AGREEMENT_VERIFICATION,
	DSP_NEGOTIATION_EVENT,
	DSP_NEGOTIATION_TERMINATION,
	DSP_NEGOTIATION,
	DSP_NEGOTIATION_ERROR,
	DSP_TRANSFER_REQUEST,
	DSP_TRANSFER_START,
	DSP_TRANSFER_COMPLETION,
	DSP_TRANSFER_SUSPENSION,
	DSP_TRANSFER_TERMINATION,
	DSP_TRANSFER,
	DSP_TRANSFER_ERROR,
	DSP_TYPES_
};

/* Where data lies. There is one where type is not empty. token and auth come from the properties `authorization` and
 * `authType`; other properties are passed over. The token opens the data: it is in no error text. */
struct dsp_address {
	struct str type; /* DSP_HTTP */
	struct str endpoint, token, auth;
};

struct dsp_message {
	enum dsp_type type;
	struct str provider_pid, consumer_pid;
	struct str callback; /* http or https */
	struct dsp_policy offer, agreement;
	struct str event; /* ACCEPTED, FINALIZED */
	struct str state; /* a word of the negotiation or of the transfer */
	struct str code;
	const struct json *reason; /* an array, or NULL */
	struct str agreement_id, format;
	struct dsp_address address;
	struct str dataset;
	const struct json *filter; /* an array, or NULL */
	const struct json *shugu;  /* an object, or NULL */
};

/* The value of @type. */
const char *dsp_type_name(enum dsp_type type);
/* The type of that name; false where there is none. */
bool dsp_type_of(struct str name, enum dsp_type *ret);

must_use err dsp_message_read(
	struct ctx *c, const struct json *j, enum dsp_type type, struct dsp_message *ret);
struct json *dsp_message_json(struct ctx *c, const struct dsp_message *m);

/* An array of one sentence, and the first sentence of an array: a string, or the text that an object holds as `message`
 * or `@value`; empty where there is none. */
struct json *dsp_reason(struct ctx *c, struct str sentence);
struct str dsp_reason_text(const struct json *reason);

/* For every document of the protocol. New: an object with @context and @type. Check: context and type are those. */
struct json *dsp_new(struct ctx *c, const char *type);
must_use err dsp_check(struct ctx *c, const struct json *j, const char *type);
/* An address that may be called: http or https, a host, no space or control character. */
bool dsp_is_url(struct str s);
