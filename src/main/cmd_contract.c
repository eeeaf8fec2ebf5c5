/* shugu catalog PARTY, shugu agreements, shugu contract policy|offer|counter, shugu terminate AGREEMENT. */
#include <stdio.h>
#include <time.h>

#include "base/limits.h"
#include "main/attach.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"
#include "main/paper_out.h"
#include "terms/sentence.h"

#define POLL_FIRST_MS 10
#define POLL_MAX_MS 200
#define PATIENCE_MS 30000

static const struct option_row catalog_options[] = {LISTING_CSV};

static const struct option_row agreements_options[] = {
	LISTING_CSV,
	{"all", OPTION_FLAG, "   also negotiations that came to nothing"},
};

static const struct option_row contract_options[] = {
	{"html", OPTION_TEXT, "FILE   with export: as a web page (default: to standard output)"},
	{"pdf", OPTION_TEXT, "FILE   with export: as PDF"},
	{"two-people", OPTION_TEXT,
		"yes|no   with policy: concluding an agreement takes two different people"},
	{"open-for", OPTION_TEXT,
		"DAYS   with policy: how long an offer of ours stands (0: an hour, or 14 days "
		"where messages are collected or carried)"},
	{"stamped", OPTION_TEXT, "yes|no   with policy: and a stamped contract, attached"},
};

static const struct option_row terminate_options[] = {
	{"reason", OPTION_TEXT, "TEXT   why; the other party is told"},
};

static void pause_ms(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	(void)nanosleep(&t, NULL);
}

static const char *const catalog_heads[] = {
	"NAME", ">REV", ">BYTES", ">NET CNY", ">RATE", ">TAX", "TERMS", "PRODUCT"};

/* What the first offer allows, as a sentence; or why it cannot be told. */
static err terms_of(struct ctx *c, const struct json *dataset, struct str *ret)
{
	const struct json *policies = json_get(dataset, "hasPolicy");
	struct terms terms;
	*ret = STR("not offered");
	if (policies == NULL || policies->first == NULL)
		return OK;
	if (terms_compile(c, policies->first, &terms) == OK)
		return terms_sentence(c, &terms, SENTENCE_EN, ret);
	struct str why = str_z(c->trouble.detail);
	TRY(arena_str(c, why, &why));
	return arena_fmt(c, ret, "not understood: %.*s", FMT(why));
}

static err dataset_row(struct ctx *c, struct table *t, const struct json *d, void *arg)
{
	const struct json *facts = json_get(d, "shugu"), *price = json_get(facts, "price");
	struct str cells[countof(catalog_heads)] = {listing_name(facts, "name", "name")};
	int64_t rate = table_int(price, "rate");
	(void)arg;
	if (cells[0].n == 0)
		cells[0] = listing_name(d, "title", "@id");
	TRY(table_number(c, table_int(facts, "revision"), &cells[1]));
	TRY(table_number(c, table_int(json_get(facts, "object"), "size"), &cells[2]));
	TRY(table_money(c, table_int(price, "net"), &cells[3]));
	TRY(arena_fmt(c, &cells[4], rate % 100 == 0 ? "%lld%%" : "%lld.%02lld%%",
		(long long)(rate / 100), (long long)(rate % 100)));
	TRY(table_money(c, table_int(price, "tax"), &cells[5]));
	TRY(terms_of(c, d, &cells[6]));
	cells[7] = json_text(json_get(d, "@id"));
	return table_row(c, t, cells);
}

/* The answer that is newer than the question, or why there is none. */
static err await_catalog(struct ctx *c, struct control *k, struct str target, struct str asked,
	const struct json **ret)
{
	long wait = POLL_FIRST_MS;
	for (long waited = 0; waited < PATIENCE_MS; waited += wait) {
		TRY(control_call(c, k, "GET", target, NULL, ret));
		struct str why = json_text(json_get(*ret, "reason"));
		ENSURE(why.n == 0, c, ERR_PEER_REFUSED, "%.*s", FMT(why));
		struct str fetched = json_text(json_get(*ret, "fetchedAt"));
		if (fetched.n > 0 && str_cmp(fetched, asked) >= 0)
			return OK;
		pause_ms(wait);
		wait = wait * 2 > POLL_MAX_MS ? POLL_MAX_MS : wait * 2;
	}
	return fail(c, ERR_PEER_UNREACHABLE, "no answer within %d s", PATIENCE_MS / 1000);
}

static err run_catalog(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *asked = NULL, *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 1, c, ERR_USAGE, "catalog needs one PARTY");
	TRY(control_open(c, o->data, &k));
	ENSURE(control_is_running(k), c, ERR_PEER_UNREACHABLE,
		"no node runs here: start `shugu serve`");
	json_set_str(c, &body, "party", str_z(o->arguments[0]));
	TRY(control_call(c, k, "POST", STR("/api/v1/catalogs"), body, &asked));
	TRY(control_segment(c, json_text(json_get(asked, "party")), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/catalogs/%.*s", FMT(segment)));
	TRY(await_catalog(c, k, target, json_text(json_get(asked, "askedAt")), &answer));
	const struct listing l = {.path = arena_z(c->arena, target),
		.member = "datasets",
		.heads = catalog_heads,
		.heads_n = countof(catalog_heads),
		.empty = "This party offers nothing.",
		.row = dataset_row};
	ENSURE(l.path != NULL, c, ERR_MEMORY, "no memory");
	return o->json ? listing_json(c, k, &l, "dataset") : listing_print(c, k, &l, o);
}

static const char *const agreement_heads[] = {
	"AGREEMENT", "STATE", "ROLE", "PARTY", "PRODUCT", ">NET CNY", "SINCE"};

/* arg: whether those are shown too that came to nothing. */
static err agreement_row(struct ctx *c, struct table *t, const struct json *a, void *arg)
{
	struct str agreed = json_text(json_get(a, "agreed"));
	bool nothing = agreed.n == 0 && str_is(json_text(json_get(a, "state")), "TERMINATED");
	if (nothing && !*(const bool *)arg)
		return OK;
	struct str cells[countof(agreement_heads)] = {
		listing_name(a, "agreement", "negotiation"),
		nothing ? STR("refused") : json_text(json_get(a, "state")),
		json_text(json_get(a, "role")),
		listing_name(a, "partyName", "party"),
		listing_name(a, "productName", "product"),
		{"", 0},
		table_time(agreed.n > 0 ? agreed : json_text(json_get(a, "at"))),
	};
	TRY(waits_text(c, a, &cells[1]));
	if (json_get(a, "price") != NULL)
		TRY(table_money(c, table_int(json_get(a, "price"), "net"), &cells[5]));
	return table_row(c, t, cells);
}

static err run_agreements(struct ctx *c, const struct options *o)
{
	struct control *k;
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n <= 1, c, ERR_USAGE, "agreements takes one AGREEMENT at most");
	TRY(control_open(c, o->data, &k));
	bool all = option_set(o, "all");
	const struct listing l = {.path = "/api/v1/agreements",
		.member = "agreements",
		.heads = agreement_heads,
		.heads_n = countof(agreement_heads),
		.empty = "There is no agreement yet: shugu get PARTY PRODUCT makes one.",
		.row = agreement_row,
		.arg = &all};
	if (o->n == 0)
		return o->json ? listing_json(c, k, &l, l.member) : listing_print(c, k, &l, o);
	TRY(control_segment(c, str_z(o->arguments[0]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/agreements/%.*s", FMT(segment)));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	return command_print(c, answer);
}

/* Who decides about the next step of a negotiation; without a word what is in force. */
static err run_policy(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	int64_t days = -1, open_for = 0;
	TRY(option_number(c, o, "open-for", LIMIT_AGREEMENT_OPEN_MAX_S / 86400, &days));
	bool sets = o->n == 2 || option_set(o, "two-people") || option_set(o, "stamped") ||
		    option_set(o, "open-for");
	if (o->n == 2)
		json_set_str(c, &body, "decides", str_z(o->arguments[1]));
	if (days >= 0)
		json_set_num(c, &body, "openFor", days * 86400);
	TRY(binding_options(c, o, &body));
	TRY(control_call(c, k, sets ? "POST" : "GET", STR("/api/v1/agreement-policy"),
		sets ? body : NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	bool person = str_is(json_text(json_get(answer, "decides")), "person");
	printf(person ? "person: each step of a negotiation waits in shugu inbox\n"
		      : "automatic: what an approved party asks for on the terms offered is agreed "
			"at once\n");
	binding_print(answer, "concluding an agreement");
	if (json_int(json_get(answer, "openFor"), &open_for) && open_for > 0)
		printf("an offer stands for %lld seconds\n", (long long)open_for);
	return OK;
}

/* The step towards a plain connector that a person asks for: offer as seller, counter as buyer. */
static err run_step(struct ctx *c, const struct options *o, struct control *k)
{
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 2, c, ERR_USAGE, "contract %s needs a NEGOTIATION (shugu agreements --all)",
		o->arguments[0]);
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/agreements/%.*s/%s", FMT(segment), o->arguments[0]));
	TRY(control_call(c, k, "POST", target, json_object(c), &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%.*s: %.*s\n", FMT(json_text(json_get(answer, "negotiation"))),
		FMT(json_text(json_get(answer, "state"))));
	return OK;
}

/* The agreement for signing on paper. */
static err run_export(struct ctx *c, const struct options *o, struct control *k)
{
	struct str segment, target;
	ENSURE(o->n == 2, c, ERR_USAGE, "contract export needs one AGREEMENT");
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/agreements/%.*s/sheet", FMT(segment)));
	return paper_out(c, k, target, option(o, "html"), option(o, "pdf"));
}

static err run_attach(struct ctx *c, const struct options *o, struct control *k)
{
	struct str segment, target;
	ENSURE(o->n == 3, c, ERR_USAGE,
		"contract attach needs an AGREEMENT (or NEGOTIATION) and a FILE");
	TRY(control_segment(c, str_z(o->arguments[1]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/agreements/%.*s/attachments", FMT(segment)));
	return attach_file(c, o, k, target, o->arguments[2]);
}

static const struct {
	const char *name;
	int most; /* arguments, with the name */
	err (*run)(struct ctx *c, const struct options *o, struct control *k);
} verbs[] = {{"policy", 2, run_policy}, {"offer", 2, run_step}, {"counter", 2, run_step},
	{"export", 2, run_export}, {"attach", 3, run_attach}};

static err run_contract(struct ctx *c, const struct options *o)
{
	struct control *k;
	for (size_t i = 0; o->n > 0 && i < countof(verbs); i++) {
		if (!str_is(str_z(o->arguments[0]), verbs[i].name))
			continue;
		ENSURE(o->n <= verbs[i].most, c, ERR_USAGE, "contract %s takes %d argument at most",
			verbs[i].name, verbs[i].most - 1);
		TRY(control_open(c, o->data, &k));
		return verbs[i].run(c, o, k);
	}
	return fail(c, ERR_USAGE, "contract needs policy, offer, counter, export or attach");
}

static err run_terminate(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	struct str target, segment;
	ENSURE(o->n == 1, c, ERR_USAGE, "terminate needs one AGREEMENT");
	TRY(control_segment(c, str_z(o->arguments[0]), &segment));
	TRY(arena_fmt(c, &target, "/api/v1/agreements/%.*s/terminate", FMT(segment)));
	json_set_str(c, &body, "reason",
		option_set(o, "reason") ? str_z(option(o, "reason"))
					: STR("ended by the operator"));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("%s has ended; nothing more is delivered under it\n", o->arguments[0]);
	return OK;
}

const struct command cmd_catalog = {"catalog", "PARTY",
	"Asks a party for its catalogue and shows it, all pages of it.", catalog_options,
	countof(catalog_options), run_catalog};
const struct command cmd_agreements = {"agreements", "[AGREEMENT] [--all] [--csv]",
	"Agreements and open negotiations, the newest first; or one in full.", agreements_options,
	countof(agreements_options), run_agreements};
const struct command cmd_contract = {"contract",
	"policy [automatic|person] [--two-people yes|no] [--stamped yes|no] [--open-for DAYS] | "
	"offer NEGOTIATION | "
	"counter NEGOTIATION | export AGREEMENT [--html FILE] [--pdf FILE] | attach AGREEMENT FILE",
	"Who decides about negotiations; the steps that a plain connector must be asked for; the "
	"contract for signing on paper, and the stamped one.",
	contract_options, countof(contract_options), run_contract};
const struct command cmd_terminate = {"terminate", "AGREEMENT [--reason TEXT]",
	"Ends a negotiation or an agreement.", terminate_options, countof(terminate_options),
	run_terminate};
