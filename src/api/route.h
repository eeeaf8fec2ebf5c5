/* A route and a request in a handler's hands.
 *
 * Each api/<resource>.c exports a static table of routes, joined in main/wiring.c. A handler has two steps: act() reads
 * the request and makes one call into the domain, inside the open tick; say() runs after COMMIT and signing, when
 * evidence of what was appended exists, and fills the answer. A refusal of either is answered as a problem (RFC 9457);
 * one of act() takes back all that it wrote (acts_mark). What act() has answered already needs no say().
 *
 * Everything lives in the arena of the exchange. */
#pragma once

#include "act/acts.h"
#include "codec/json.h"
#include "net/server.h"
#include "party/person.h"

struct tries;
struct passes;

#define CALL_PARAMS 3u
#define CALL_HEADERS 8u

enum scope {
	SCOPE_ANY, /* nobody is asked who he is */
	SCOPE_OPERATOR, /* the operator's token, the control socket, or a person in one of the route's roles */
	SCOPE_PERSON, /* a person who is signed in, in one of the route's roles */
	SCOPE_PEER,   /* an approved party (token or session) */
	SCOPE_KNOWN,  /* a party whose key is known, approved or not: call->caller is vouched for */
	SCOPE_JOINING, /* whoever brings a valid self-issued token, known or not: call->caller is his DID, not vouched for */
};

struct api;

struct answer {
	int status; /* 0 = not answered yet */
	struct str body;
	const char *type; /* media type; NULL = application/json */
	struct http_header headers[CALL_HEADERS];
	size_t headers_n;
	struct file_answer file; /* with has_file instead of body */
	bool has_file;
};

struct post;
struct courier;
struct metrics;

struct call {
	struct ctx *c;
	struct acts *acts;
	struct exchange *x;
	const struct route *route;
	struct str param[CALL_PARAMS]; /* of {name} in the path, decoded, in order */
	const struct json *body;       /* where the route takes JSON; else x->body */
	struct metrics *metrics;       /* of the running node, or NULL */
	struct str id;                 /* of the request, as X-Request-Id answers it */
	int64_t begun_us;
	struct str caller; /* DID of the peer, "operator", the actor of a person, or empty */
	const struct json *sealed; /* of a person: what his acts seal; else NULL */
	struct tries *tries;       /* to sign in; NULL without a server */
	struct passes *passes;   /* what came in parcels that were checked; NULL without a server */
	unsigned wait_s;         /* of a refusal: when to come again; 0: it is not said */
	struct str session;      /* to be announced in Shugu-Session, or empty */
	struct api *api;         /* NULL where no server runs */
	bool fresh;              /* its token was taken in this tick (auth.h) */
	bool parked;             /* act() waits for api_resume, which calls it (again) */
	uint64_t index;          /* for say(): the act to be shown */
	struct str subject;      /* for say(): what act() was about */
	const struct post *post; /* of the outbox; NULL: none */
	struct courier *courier; /* NULL: none */
	/* say() may wait: it sets waits and answers nothing, and runs again when something is there for the caller, at
	 * until_ms (its own) at the latest. */
	bool waits;
	int64_t until_ms;
	/* For say(): whatever else act() leaves. A repeat under an Idempotency-Key has index and subject again, but no
	 * state: where there is one for the operator's routes, the answer is told once. */
	void *state;
	struct answer answer;

	/* Of api. */
	struct call *next_poller;
	struct str from;                                        /* who alone may ask, or empty */
	void (*done)(void *arg, int status, struct str answer); /* instead of the exchange */
	void *done_arg;
};

struct route {
	const char *method, *path; /* "/api/v1/evidence/{index}" */
	enum scope scope;
	unsigned roles; /* of the people who may call it, with SCOPE_OPERATOR and SCOPE_PERSON */
	bool watch;     /* where serve says so, the loopback needs no token */
	bool steady; /* act() says the same to all who may ask, out of the store alone: kept (api/kept.h) */
	bool takes_json; /* a JSON object is required as body */
	/* Its members: what else it has is refused before act(), and OpenAPI prints them. NULL: the handler reads it. */
	const struct json_field *takes;
	/* The members of a JSON answer that is a yes. */
	const struct json_field *gives;
	size_t takes_n, gives_n;
	bool is_page; /* it and its refusals are pages for people, but for faults */
	bool is_dsp;  /* refusals are answered as the DSP error of error_type, not as a problem */
	bool pages;   /* takes limit and cursor (api/page.h) */
	const char
		*filters; /* what else the query may hold, names parted by spaces; NULL: nothing */
	const char *error_type; /* CatalogError, ContractNegotiationError, TransferError */
	/* Where the body is not to be held: called when the head has come and who asks is known; sets k->x->sink. */
	err (*body)(struct ctx *c, struct call *k);
	err (*act)(struct ctx *c, struct call *k);
	err (*say)(struct ctx *c, struct call *k); /* or NULL */
	const char *doc;                           /* one sentence, for OpenAPI */
};

/* What a route's body may have, by the table that its handler reads it with where it reads more than texts. */
#define TAKES(fields) .takes_json = true, .takes = (fields), .takes_n = countof(fields)
#define TAKES_NOTHING .takes_json = true, .takes = takes_reason
#define GIVES(fields) .gives = (fields), .gives_n = countof(fields)
extern const struct json_field takes_reason[1]; /* {reason} */
extern const struct json_field takes_party[1];  /* {party} */

struct routes {
	const struct route *p;
	size_t n;
};

/* Helpers for handlers. The answer is a JSON value (ERR_TOO_LARGE beyond LIMIT_HTTP_BODY). */
must_use err call_json(struct ctx *c, struct call *k, int status, const struct json *j);
/* A member of the query string, decoded; ERR_NOT_FOUND. */
must_use err call_query(struct ctx *c, const struct call *k, const char *name, struct str *ret);
/* A header of the answer. Names are literals, values live in the arena. */
void call_header(struct call *k, const char *name, struct str value);
