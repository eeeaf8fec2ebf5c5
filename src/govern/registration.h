/* Registrations of title (data property rights), at the node of the applicant and at that of the registrar: the guide's steps
 * as acts in both logs (docs/FORMATS.md, 29). State is the fold of registration.step (ours, told to the other),
 * registration.stepped (theirs, with the head of their log), registration.noted (what a node works out itself: receipt,
 * deemed acceptance, lapse) and registration.overdue. A node is a registrar only once its owner has said so
 * (registrar.office).
 *
 * Whatever depends on the calendar stands in the act that was made under it ("next"), so a replay under a later calendar
 * makes the same rows. Slices live in the context given. */
#pragma once

#include "act/acts.h"
#include "govern/registration_facts.h"
#include "party/inbox.h"
#include "party/organisation.h"

#define REGISTRATION_DUE_UNKNOWN (-1) /* something is due, and no calendar says when */

struct registration {
	struct str id;              /* urn:uuid, the applicant's */
	struct str peer;            /* DID of the other side */
	struct str code;            /* of the certificate, or empty */
	struct str what;            /* what is due next, of registration_clock_words, or empty */
	enum registration_who role; /* ours: REG_APPLICANT or REG_REGISTRAR */
	enum registration_state state;
	int64_t due; /* day of it; 0 none, or REGISTRATION_DUE_UNKNOWN */
	struct str overdue_what;
	int64_t overdue;      /* day that has passed, or 0; a later step ends it */
	struct hash document; /* the newest letter of application */
	int64_t at_ms;
	uint64_t last; /* index of the newest act about it */
	const struct json *facts;
};

struct registrar_office {
	int64_t region, digit;
	struct str name;
	struct str
		authority; /* hex SHA-256 of the certificate of the authority, or empty: then nothing is official */
};

/* By id or code. ERR_NOT_FOUND. */
must_use err registration_find(
	struct ctx *c, struct store *db, struct str id, struct registration *ret);
/* Newest first, behind that key. */
must_use err registration_list(struct ctx *c, struct store *db, int64_t at, struct str id,
	size_t max, struct registration *ret, size_t *ret_n);
/* ERR_NOT_FOUND where this node is no registrar. */
must_use err registration_office(struct ctx *c, struct store *db, struct registrar_office *ret);
must_use err registration_open_office(
	struct ctx *c, struct acts *n, struct str actor, const struct json *body);

/* Applies to a party that is a registrar. wish: what a person says of the application; name, overview, holder and dossier are taken
 * from the product and this node where it does not say them. */
must_use err registration_apply(struct ctx *c, struct acts *n, struct str actor, struct str peer,
	const struct json *wish, struct entry *ret);
/* A step of ours. content: what a person says; what follows from the case (days of publicity, code, dossier) is filled in. The
 * other side is told. */
must_use err registration_do(struct ctx *c, struct acts *n, struct str actor,
	const struct registration *r, enum registration_event event, const struct json *content,
	struct entry *ret);

/* One step more: state, facts and what is due next, for a command. check: days and contents too. */
struct registration_move {
	enum registration_event event;
	enum registration_who by;
	int64_t day;
	const struct json *content;
	uint64_t entry;
	bool received; /* at the registrar: applying is being received */
};
must_use err registration_advance(struct ctx *c, const struct registration *r,
	const struct registration_move *m, struct registration *ret);
/* {what, day?} of what is due after `after`, or NULL. */
must_use err registration_next(
	struct ctx *c, const struct registration *r, int64_t after, struct json **ret);
/* registration.noted. */
must_use err registration_note(struct ctx *c, struct acts *n, const struct registration *r,
	enum registration_event event, int64_t day, struct json *body, const struct json *content);
/* Item of evidence of kind title_certificate for the rules, or NULL where there is no certificate. */
must_use err registration_evidence(struct ctx *c, const struct registration *r, struct json **ret);

extern const struct inbox_kind registration_inbox;
extern const struct module registration_module;
