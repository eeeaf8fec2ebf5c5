/* What a step that binds the organisation may need before it is taken: a second, different person, and a stamped contract.
 * The step is named by the type of its act, what it is about by an id: a negotiation, or a correction of an invoice. Who
 * says yes first proposes it; the step itself is the word of another. A stamped contract is a file (PDF or scan), kept as
 * an object and named by digest.
 *
 * What is here is told by the acts agreement.assent, agreement.attach, invoice.assent, invoice.attach (docs/FORMATS.md,
 * 12); their types lie with their nouns. The operator's token and the control socket count as one person, `operator`; the
 * node itself and other parties are nobody. Slices live in the context given. */
#pragma once

#include "act/acts.h"

struct binding {
	bool two_people, stamped;
};

struct assent {
	struct str about, step, actor;
	int64_t at_ms;
};

struct attachment {
	struct str about, subject; /* subject: of the act; an agreement's are about it */
	struct str kind, media_type, actor;
	struct hash root, sha256;
	int64_t size, at_ms;
	uint64_t index; /* of the act; of what is read alone */
};

/* Who an actor is, whatever his role: a person's id, or operator; empty for the node and for parties. */
struct str assent_who(struct str actor);
/* Who said yes to that step first. ERR_NOT_FOUND. */
must_use err assent_find(
	struct ctx *c, struct store *db, struct str about, const char *step, struct assent *ret);
/* May that actor take the step now? ERR_FORBIDDEN: not this one; ERR_BAD_STATE: something is missing. Each says what. */
must_use err assent_ask(struct ctx *c, struct store *db, const struct binding *b, struct str about,
	const char *step, struct str actor);
/* Sets "waitsFor" ("person", "second person", "stamped contract"), and "proposedBy", "proposedByName", "proposedAt" once
 * somebody has said yes. by_person: somebody must say yes in any case. */
must_use err assent_say(struct ctx *c, struct store *db, const struct binding *b, bool by_person,
	struct str about, const char *step, struct json **o);

/* Is anything attached to it? */
must_use err attachment_is_there(struct ctx *c, struct store *db, struct str about, bool *ret);
/* Of a subject, the oldest first, behind an entry of the log (-1: all). */
must_use err attachment_list(struct ctx *c, struct store *db, struct str subject, int64_t after,
	size_t max, struct attachment *ret, size_t *ret_n);
/* By SHA-256 of the file. ERR_NOT_FOUND. */
must_use err attachment_find(struct ctx *c, struct store *db, struct str subject,
	const struct hash *sha256, struct attachment *ret);
/* For the sweep: an attachment keeps its object. */
must_use err attachment_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret);

/* What a file is by its first bytes: application/pdf, image/png, image/jpeg, or NULL. */
const char *attachment_media_type(struct str first);
#define ATTACHMENT_MAGIC 8u /* that many are enough */
/* The body of an attach act. */
struct json *attachment_json(struct ctx *c, const struct attachment *a);

/* For the types of the nouns: decide and apply of what is told of one id. */
must_use err assent_decide(
	struct ctx *c, struct store *db, struct str actor, struct str about, struct str step);
must_use err assent_apply(
	struct ctx *c, struct store *db, struct str about, struct str step, const struct entry *e);
/* Reads the body without the member named without (NULL: all of it). */
must_use err attachment_decide(struct ctx *c, struct store *db, struct str about,
	const struct json *body, const char *without);
must_use err attachment_apply(struct ctx *c, struct store *db, struct str about,
	const struct entry *e, const char *without);

#define ASSENT_MIGRATIONS 2
extern const struct migration assent_migrations[ASSENT_MIGRATIONS];
