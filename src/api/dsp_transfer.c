/* Rows 5 to 8a of the protocol. The paths under transfers/ belong to the provider, those under callback/transfers/ to the
 * consumer. A message that is accepted is answered with the transfer as it is then; what follows from it goes out by itself.
 * The answer to a receipt shows that it was taken. */
#include "api/dsp_transfer.h"

#include "api/dsp_message.h"
#include "api/dsp_negotiation.h"
#include "delivery/delivery_states.h"
#include "delivery/delivery_take.h"
#include "recognise/interlock.h"

/* The transfer as the peer is told of it. */
static err say_state(struct ctx *c, struct call *k, int status, enum delivery_state state,
	const struct json *shugu)
{
	const struct delivery_row *d = k->state;
	bool provider = d->role == AGREEMENT_PROVIDER;
	const struct dsp_message m = {.type = DSP_TRANSFER,
		.provider_pid = provider ? d->pid : d->peer_pid,
		.consumer_pid = provider ? d->peer_pid : d->pid,
		.state = str_z(delivery_state_name(state)),
		.shugu = shugu};
	return call_json(c, k, status, dsp_message_json(c, &m));
}

static err say(struct ctx *c, struct call *k)
{
	const struct delivery_row *d = k->state;
	return say_state(c, k, 200, d->state, NULL);
}

/* A request is answered as it was taken, also when it is repeated. */
static err say_created(struct ctx *c, struct call *k)
{
	return say_state(c, k, 201, DELIVERY_REQUESTED, NULL);
}

/* Row 8a: the same bytes whenever the receipt is sent again. */
static err shown_end(struct ctx *c, struct call *k, struct json **ret)
{
	const struct delivery_row *d = k->state;
	*ret = NULL;
	if (!d->joined || !d->has_receipt)
		return OK;
	return interlock_show(c, k->acts, d->peer, d->end.index, ret);
}

static err say_ended(struct ctx *c, struct call *k)
{
	const struct delivery_row *d = k->state;
	struct json *shugu;
	TRY(shown_end(c, k, &shugu));
	return say_state(c, k, 200, d->state, shugu);
}

static err say_receipt(struct ctx *c, struct call *k)
{
	struct json *shugu, *o = json_object(c);
	TRY(shown_end(c, k, &shugu));
	if (shugu != NULL)
		json_set(&o, "shugu", shugu);
	return call_json(c, k, 200, o);
}

static err keep_row(struct ctx *c, struct call *k, struct delivery_row **ret)
{
	NEW(c, *ret);
	k->state = *ret;
	return OK;
}

static err read_message(struct ctx *c, struct call *k, enum dsp_type type, enum agreement_role role,
	struct delivery_message *ret)
{
	struct dsp_message m;
	TRY(dsp_message_read(c, k->body, type, &m));
	bool provider = role == AGREEMENT_PROVIDER;
	struct str ours = provider ? m.provider_pid : m.consumer_pid;
	*ret = (struct delivery_message){.peer = k->caller,
		.pid = k->param[0],
		.peer_pid = provider ? m.consumer_pid : m.provider_pid,
		.address = m.callback,
		.agreement = m.agreement_id,
		.endpoint = m.address.endpoint,
		.token = m.address.token,
		.reason = dsp_reason_text(m.reason),
		.shugu = m.shugu};
	ENSURE(k->param[0].p == NULL || str_eq(ours, k->param[0]), c, ERR_BAD_VALUE,
		"the message names another process than the address");
	ENSURE(m.format.n == 0 || str_is(m.format, DSP_PULL), c, ERR_NOT_IMPLEMENTED,
		"this node delivers as " DSP_PULL);
	return OK;
}

static err post_request(struct ctx *c, struct call *k)
{
	struct delivery_message in;
	struct delivery_row *d;
	TRY(keep_row(c, k, &d));
	TRY(read_message(c, k, DSP_TRANSFER_REQUEST, AGREEMENT_PROVIDER, &in));
	return delivery_take_request(c, k->acts, &in, d);
}

static err start(struct ctx *c, struct call *k, enum agreement_role role)
{
	struct delivery_message in;
	struct delivery_row *d;
	TRY(keep_row(c, k, &d));
	TRY(read_message(c, k, DSP_TRANSFER_START, role, &in));
	return delivery_take_start(c, k->acts, &in, role, d);
}

static err complete(struct ctx *c, struct call *k, enum agreement_role role)
{
	struct delivery_message in;
	struct delivery_row *d;
	TRY(keep_row(c, k, &d));
	TRY(read_message(c, k, DSP_TRANSFER_COMPLETION, role, &in));
	return delivery_take_completion(c, k->acts, &in, role, d);
}

static err suspend(struct ctx *c, struct call *k, enum agreement_role role)
{
	struct delivery_message in;
	struct delivery_row *d;
	TRY(keep_row(c, k, &d));
	TRY(read_message(c, k, DSP_TRANSFER_SUSPENSION, role, &in));
	return delivery_take_suspension(c, k->acts, &in, role, d);
}

static err terminate(struct ctx *c, struct call *k, enum agreement_role role)
{
	struct delivery_message in;
	struct delivery_row *d;
	TRY(keep_row(c, k, &d));
	TRY(read_message(c, k, DSP_TRANSFER_TERMINATION, role, &in));
	return delivery_take_termination(c, k->acts, &in, role, d);
}

static err show(struct ctx *c, struct call *k, enum agreement_role role)
{
	struct delivery_row *d;
	TRY(keep_row(c, k, &d));
	return delivery_take_find(c, k->acts, k->caller, k->param[0], role, d);
}

static err post_receipt(struct ctx *c, struct call *k)
{
	struct delivery_row *d;
	TRY(keep_row(c, k, &d));
	const struct delivery_message in = {
		.peer = k->caller, .pid = k->param[0], .shugu = json_get(k->body, "shugu")};
	return delivery_take_receipt(c, k->acts, &in, d);
}

#define BOTH(name) \
	static err provider_##name(struct ctx *c, struct call *k) \
	{ \
		return name(c, k, AGREEMENT_PROVIDER); \
	} \
	static err consumer_##name(struct ctx *c, struct call *k) \
	{ \
		return name(c, k, AGREEMENT_CONSUMER); \
	}
BOTH(start)
BOTH(complete)
BOTH(suspend)
BOTH(terminate)
BOTH(show)

#define POST(at, what, then, words) \
	{ \
		.method = "POST", .path = at, .scope = SCOPE_PEER, .takes_json = true, \
		.is_dsp = true, .error_type = "TransferError", .act = what, .say = then, \
		.doc = words \
	}
#define GET(at, what, words) \
	{ \
		.method = "GET", .path = at, .scope = SCOPE_PEER, .is_dsp = true, \
		.error_type = "TransferError", .act = what, .say = say, .doc = words \
	}
// clang-format off
static const struct route rows[] = {
	POST(DSP_PATH "/transfers/request", post_request, say_created, "A consumer asks for a delivery under an agreement."),
	GET(DSP_PATH "/transfers/{providerPid}", provider_show, "A transfer in which this node is the provider."),
	POST(DSP_PATH "/transfers/{providerPid}/start", provider_start, say, "The consumer resumes what it suspended."),
	POST(DSP_PATH "/transfers/{providerPid}/completion", provider_complete, say_ended, "The consumer has all; a joined one brings its receipt."),
	POST(DSP_PATH "/transfers/{providerPid}/suspension", provider_suspend, say, "The consumer suspends a transfer."),
	POST(DSP_PATH "/transfers/{providerPid}/termination", provider_terminate, say_ended, "The consumer ends a transfer, or refuses what it got by its receipt."),
	GET(DSP_CALLBACK "/transfers/{consumerPid}", consumer_show, "A transfer in which this node is the consumer."),
	POST(DSP_CALLBACK "/transfers/{consumerPid}/start", consumer_start, say, "The provider says where the data lies, or resumes."),
	POST(DSP_CALLBACK "/transfers/{consumerPid}/completion", consumer_complete, say, "A plain provider says that all was sent."),
	POST(DSP_CALLBACK "/transfers/{consumerPid}/suspension", consumer_suspend, say, "The provider suspends a transfer."),
	POST(DSP_CALLBACK "/transfers/{consumerPid}/termination", consumer_terminate, say, "The provider ends a transfer."),
	{.method = "POST", .path = "/peer/v1/deliveries/{delivery}/receipt", .scope = SCOPE_PEER, .takes_json = true,
		.act = post_receipt, .say = say_receipt, .doc = "A receipt where the transfer takes no message any more."},
};
// clang-format on
const struct routes dsp_transfer_routes = {rows, countof(rows)};
