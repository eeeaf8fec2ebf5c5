/* A command: one file cmd_<name>.c each, one row in shugu.c. */
#pragma once

#include "main/node.h"
#include "main/options.h"

struct command {
	const char *name;
	const char *usage; /* what follows the name */
	const char *does;  /* one sentence */
	const struct option_row *options;
	size_t options_n;
	/* Prints what it has to say; ERR_VERDICT ends with 1 without a further word. */
	err (*run)(struct ctx *c, const struct options *o);
};

extern const struct command cmd_init;
extern const struct command cmd_serve;
extern const struct command cmd_evidence;
extern const struct command cmd_log;
extern const struct command cmd_replay;
extern const struct command cmd_publish;
extern const struct command cmd_profile;
extern const struct command cmd_quality;
extern const struct command cmd_rules;
extern const struct command cmd_dossier;
extern const struct command cmd_outbox;
extern const struct command cmd_parcel;
extern const struct command cmd_products;
extern const struct command cmd_withdraw;
extern const struct command cmd_share;
extern const struct command cmd_sandbox;
extern const struct command cmd_invite;
extern const struct command cmd_join;
extern const struct command cmd_inbox;
extern const struct command cmd_approve;
extern const struct command cmd_refuse;
extern const struct command cmd_party;
extern const struct command cmd_person;
extern const struct command cmd_api;
extern const struct command cmd_catalog;
extern const struct command cmd_get;
extern const struct command cmd_fetch;
extern const struct command cmd_draw;
extern const struct command cmd_keep;
extern const struct command cmd_agreements;
extern const struct command cmd_contract;
extern const struct command cmd_delivery;
extern const struct command cmd_terminate;
extern const struct command cmd_invoice;
extern const struct command cmd_register;
extern const struct command cmd_verify;
extern const struct command cmd_backup;
extern const struct command cmd_restore;
extern const struct command cmd_demo;
extern const struct command cmd_doctor;
extern const struct command cmd_run;
extern const struct command cmd_calendar;
extern const struct command cmd_sweep;

/* One line of JSON to standard output. */
must_use err command_print(struct ctx *c, const struct json *j);
