/* The people of this node's organisation and what each may do. State is the fold of the acts person.add, person.role,
 * person.remove and person.forget (docs/FORMATS.md, 20). A name is sealed: the act bears SHA-256(salt32 || name), salt and
 * name lie in n_name under that digest, where they are overwritten when the person is forgotten.
 *
 * A person acts as `person:<urn>#<role>`: so each act of his says who he was to the organisation when he made it. Whoever
 * acts otherwise (the operator's token, the control socket) has all rights.
 *
 * Slices live in the context given. Errors: ERR_NOT_FOUND. */
#pragma once

#include "act/acts.h"

/* A set of roles is the sum of them. */
enum role {
	ROLE_OWNER = 1,    /* everything, and who may do what */
	ROLE_OPERATOR = 2, /* products, orders, partners */
	ROLE_REVIEWER = 4, /* says yes or no to what waits */
	ROLE_FINANCE = 8,  /* invoices */
	ROLE_AUDITOR = 16, /* reads */
};
#define ROLES_ALL 31u

struct person {
	struct str id; /* urn:uuid: */
	enum role role;
	bool removed, forgotten;
	struct hash name; /* sealed */
	int64_t since_ms; /* of role or removal */
};

/* "owner", "operator", "reviewer", "finance", "auditor". */
const char *role_word(enum role role);
/* ERR_BAD_VALUE names the roles there are. */
must_use err role_parse(struct ctx *c, struct str word, enum role *ret);

/* The actor of what this person does. */
must_use err person_actor(struct ctx *c, const struct person *p, struct str *ret);
/* The role that an actor acts in: 0 for none, a person with a role that is not one; ROLES_ALL where it is no person. */
unsigned person_roles(struct str actor);
/* What acts of this person seal: {"name": hex}. */
struct json *person_sealed(struct ctx *c, const struct person *p);

must_use err person_find(struct ctx *c, struct store *db, struct str id, struct person *ret);
/* By id, else by the name of one who is not removed (ERR_CONFLICT where two have it). */
must_use err person_named(struct ctx *c, struct store *db, struct str text, struct person *ret);
/* Oldest first, those whose id is greater than after, removed ones too. */
must_use err person_list(struct ctx *c, struct store *db, struct str after, size_t max,
	struct person *ret, size_t *ret_n);
/* How many there ever were; how many owners there are. */
must_use err person_count(struct ctx *c, struct store *db, int64_t *ret_all, int64_t *ret_owners);
/* The name as it was given; PERSON_FORGOTTEN where it was forgotten. */
#define PERSON_FORGOTTEN "(forgotten)"
must_use err person_name(struct ctx *c, struct store *db, const struct person *p, struct str *ret);
/* Of whom an actor is, in the same way; empty where it is no person. */
must_use err person_actor_name(struct ctx *c, struct store *db, struct str actor, struct str *ret);

/* ERR_BAD_VALUE: no name, one of more than LIMIT_NAME bytes, or one with control characters; ERR_CONFLICT: a name that
 * another bears; ERR_QUOTA beyond LIMIT_PEOPLE. */
must_use err person_add(struct ctx *c, struct acts *n, struct str actor, struct str name,
	enum role role, struct entry *ret);
/* ERR_BAD_STATE: of one who is removed; of the last owner, unless to owner. */
must_use err person_set_role(
	struct ctx *c, struct acts *n, struct str actor, struct str id, enum role role);
must_use err person_remove(struct ctx *c, struct acts *n, struct str actor, struct str id);

/* Destroys salt and name of one who is removed: nobody can tell any more whom the digest names, and the log proves what it
 * proved. Of one who is forgotten already it overwrites once more and makes no act. ERR_BAD_STATE: not removed. */
must_use err person_forget(struct ctx *c, struct acts *n, struct str actor, struct str id);

extern const struct module person_module;
