/* Negotiation in the Dataspace Protocol 2025-1, rows 1 to 4 of the protocol. Who serves what: the paths under negotiations/
 * belong to the provider, those under callback/negotiations/ to the consumer. A message that is accepted is answered with
 * the negotiation as it is then; what follows from it goes out by itself. */
#include "api/dsp_negotiation.h"

#include "base/limits.h"
#include "api/dsp_message.h"
#include "contract/agreement_states.h"
#include "contract/agreement_take.h"

/* The negotiation as the peer is told of it. */
static err say_state(struct ctx *c, struct call *k, int status, enum agreement_state state)
{
	const struct agreement_row *r = k->state;
	bool provider = r->role == AGREEMENT_PROVIDER;
	const struct dsp_message m = {.type = DSP_NEGOTIATION,
		.provider_pid = provider ? r->negotiation : r->peer_pid,
		.consumer_pid = provider ? r->peer_pid : r->negotiation,
		.state = str_z(agreement_state_name(state))};
	return call_json(c, k, status, dsp_message_json(c, &m));
}

static err say(struct ctx *c, struct call *k)
{
	const struct agreement_row *r = k->state;
	return say_state(c, k, 200, r->state);
}

/* A request is answered as it was taken, also when it is repeated. */
static err say_created(struct ctx *c, struct call *k)
{
	return say_state(c, k, 201, AGREEMENT_REQUESTED);
}

/* A message under an address with our pid: role is ours. */
static err read_message(struct ctx *c, struct call *k, enum dsp_type type, enum agreement_role role,
	struct dsp_message *m, struct incoming *in)
{
	TRY(dsp_message_read(c, k->body, type, m));
	bool provider = role == AGREEMENT_PROVIDER;
	struct str ours = provider ? m->provider_pid : m->consumer_pid;
	*in = (struct incoming){.peer = k->caller,
		.negotiation = k->param[0],
		.peer_pid = provider ? m->consumer_pid : m->provider_pid,
		.address = m->callback,
		.offer = m->offer.id,
		.target = m->offer.target,
		.agreement = m->agreement.json,
		.reason = dsp_reason_text(m->reason),
		.shugu = m->shugu};
	if (m->offer.json != NULL)
		in->terms = dsp_policy_terms(c, m->offer.json);
	ENSURE(k->param[0].p == NULL || str_eq(ours, k->param[0]), c, ERR_BAD_VALUE,
		"the message names another process than the address");
	return json_write(
		c, json_copy_without(c, k->body, "shugu"), false, LIMIT_HTTP_BODY, &in->message);
}

static err keep_row(struct ctx *c, struct call *k, struct agreement_row **ret)
{
	NEW(c, *ret);
	k->state = *ret;
	return OK;
}

static err post_request(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_CONTRACT_REQUEST, AGREEMENT_PROVIDER, &m, &in));
	ENSURE(m.callback.n > 0, c, ERR_MISSING_MEMBER,
		"a first request has 'callbackAddress' and no 'providerPid'");
	return take_request(c, k->acts, &in, row);
}

static err post_counter(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_CONTRACT_REQUEST, AGREEMENT_PROVIDER, &m, &in));
	return take_counter(c, k->acts, &in, row);
}

static err post_accepted(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_NEGOTIATION_EVENT, AGREEMENT_PROVIDER, &m, &in));
	ENSURE(str_is(m.event, "ACCEPTED"), c, ERR_BAD_STATE, "a consumer does not send %.*s",
		FMT(m.event));
	return take_acceptance(c, k->acts, &in, row);
}

static err post_verification(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_AGREEMENT_VERIFICATION, AGREEMENT_PROVIDER, &m, &in));
	return take_verification(c, k->acts, &in, row);
}

static err post_offer(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_CONTRACT_OFFER, AGREEMENT_CONSUMER, &m, &in));
	return take_offer(c, k->acts, &in, row);
}

static err post_agreement(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_CONTRACT_AGREEMENT, AGREEMENT_CONSUMER, &m, &in));
	return take_agreement(c, k->acts, &in, row);
}

static err post_finalized(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_NEGOTIATION_EVENT, AGREEMENT_CONSUMER, &m, &in));
	ENSURE(str_is(m.event, "FINALIZED"), c, ERR_BAD_STATE, "a provider does not send %.*s",
		FMT(m.event));
	return take_final(c, k->acts, &in, row);
}

static err terminate(struct ctx *c, struct call *k, enum agreement_role role)
{
	struct dsp_message m;
	struct incoming in;
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	TRY(read_message(c, k, DSP_NEGOTIATION_TERMINATION, role, &m, &in));
	return take_termination(c, k->acts, &in, role, row);
}

static err post_provider_termination(struct ctx *c, struct call *k)
{
	return terminate(c, k, AGREEMENT_PROVIDER);
}

static err post_consumer_termination(struct ctx *c, struct call *k)
{
	return terminate(c, k, AGREEMENT_CONSUMER);
}

static err get_provider(struct ctx *c, struct call *k)
{
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	return take_find(c, k->acts, k->caller, k->param[0], AGREEMENT_PROVIDER, row);
}

static err get_consumer(struct ctx *c, struct call *k)
{
	struct agreement_row *row;
	TRY(keep_row(c, k, &row));
	return take_find(c, k->acts, k->caller, k->param[0], AGREEMENT_CONSUMER, row);
}

/* What nobody asked for would bind a person's time and nothing else. */
static err post_unasked(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	TRY(dsp_message_read(c, k->body, DSP_CONTRACT_OFFER, &m));
	return fail(c, ERR_FORBIDDEN, "this node asks for offers itself and takes none unasked");
}

#define POST(at, what, then, words) \
	{ \
		.method = "POST", .path = DSP_PATH at, .scope = SCOPE_PEER, .takes_json = true, \
		.is_dsp = true, .error_type = "ContractNegotiationError", .act = what, \
		.say = then, .doc = words \
	}
#define GET(at, what, words) \
	{ \
		.method = "GET", .path = DSP_PATH at, .scope = SCOPE_PEER, .is_dsp = true, \
		.error_type = "ContractNegotiationError", .act = what, .say = say, .doc = words \
	}
// clang-format off
static const struct route rows[] = {
	POST("/negotiations/request", post_request, say_created, "A consumer asks for an agreement."),
	POST("/negotiations/offers", post_unasked, NULL, "Offers that nobody asked for are refused."),
	GET("/negotiations/{providerPid}", get_provider, "A negotiation in which this node is the provider."),
	POST("/negotiations/{providerPid}/request", post_counter, say, "The consumer answers an offer by a request once more."),
	POST("/negotiations/{providerPid}/events", post_accepted, say, "The consumer accepts the offer."),
	POST("/negotiations/{providerPid}/agreement/verification", post_verification, say, "The consumer has signed the agreement."),
	POST("/negotiations/{providerPid}/termination", post_provider_termination, say, "The consumer ends a negotiation."),
	GET("/callback/negotiations/{consumerPid}", get_consumer, "A negotiation in which this node is the consumer."),
	POST("/callback/negotiations/{consumerPid}/offers", post_offer, say, "The provider answers by an offer."),
	POST("/callback/negotiations/{consumerPid}/agreement", post_agreement, say, "The provider answers by the signed agreement."),
	POST("/callback/negotiations/{consumerPid}/events", post_finalized, say, "The provider's last word: final."),
	POST("/callback/negotiations/{consumerPid}/termination", post_consumer_termination, say, "The provider ends a negotiation."),
};
// clang-format on
const struct routes dsp_negotiation_routes = {rows, countof(rows)};
