/* The face of the node: takes exchanges from net/server, finds route and caller, runs act() in the open tick, ends the tick
 * when the turn of the loop ends, then runs say() and answers (DESIGN, Commit: every answer of the tick leaves after
 * COMMIT and signing, reads included). A tick that fails answers 503 or 507 to all that hung on it.
 *
 * After ERR_COMMIT_UNKNOWN nothing is answered: the loop is stopped and api_fate says so. */
#pragma once

#include "api/auth.h"
#include "api/courier.h"
#include "api/post.h"
#include "api/routes.h"

struct api;
struct uploads;
struct intake;

struct api_setup {
	struct acts *acts;
	struct post post;
	struct courier *courier;       /* pumped at the end of each tick; NULL: none */
	void (*after_tick)(void *arg); /* called there too; NULL: nothing */
	void *after_arg;
	struct uploads *uploads; /* NULL: none are taken */
	struct intake *intake;   /* NULL: nothing is brought */
	struct route_table routes;
	struct auth_source source;
	struct str operator_token;
	bool watch_loopback; /* who asks from the loopback may read routes that are marked watch */
	bool log_requests;   /* one line each */
};

/* Bound to c's arena, which must outlive it. Makes the server; listen with api_server. */
must_use err api_new(struct ctx *c, struct loop *l, const struct env *e, const struct api_setup *s,
	struct api **ret);
struct server *api_server(struct api *a);
/* What was parked, before act() or by it, goes on with act(), in the tick that ends with this turn. */
void api_resume(struct call *k);
/* What routes of a served node find besides. */
struct api_parts {
	struct uploads *uploads; /* NULL: none are taken */
	struct intake *intake;   /* NULL: nothing is brought */
	struct arena *arena;     /* as long as the server lives */
	struct str openapi;      /* once it was asked for: making it costs a millisecond */
};
struct api_parts *api_parts(struct api *a);
/* OK, or why the loop was stopped: ERR_COMMIT_UNKNOWN. */
err api_fate(const struct api *a);
void api_free(struct api *a);

/* A message that came another way than by a connection: routed, admitted and answered like one that did. Only POST under
 * /peer/v1/ and /dsp/ may come so. Its answer is told once, when the tick has ended, or at once where it could not be
 * read; body is borrowed for the time of the call. done may not deliver again. */
struct api_message {
	struct str from; /* DID of who alone may have sent it */
	struct str method, path, authorization, body;
};
typedef void (*api_done_fn)(void *arg, int status, struct str body);
must_use err api_deliver(
	struct ctx *c, struct api *a, const struct api_message *m, api_done_fn done, void *arg);
/* Lets those go who wait for something (long polls): the node is about to end. */
void api_drain(struct api *a);

/* One call without a server, by a command that holds the lock itself: act(), the end of the tick, say(). status and body
 * as they would be answered; the caller is the operator. */
must_use err api_call(struct ctx *c, const struct api_setup *s, const char *method,
	struct str target, struct str body, int *ret_status, struct str *ret_body);
/* The same in the name of a party, for a message of its parcel. */
must_use err api_call_as(struct ctx *c, const struct api_setup *s, struct str did,
	const char *method, struct str target, struct str body, int *ret_status,
	struct str *ret_body);
