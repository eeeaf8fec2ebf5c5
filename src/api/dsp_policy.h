/* Policies as they travel in Dataspace Protocol 2025-1: the offer of a dataset, the offer of a message, the agreement.
 *
 * Only the shape is known here (the public schema and nothing more): what a constraint means, and whether it is
 * understood at all, is for terms/. Reading is lenient where others are known to be (an empty rule array, an offer with
 * an assigner); writing is strict: no empty array, an agreement with all its members.
 * Texts and trees are borrowed from what is given; built trees own copies in the context's arena.
 * ERR_MISSING_MEMBER or ERR_BAD_VALUE, each naming the member. */
#pragma once

#include "codec/json.h"

enum dsp_policy_kind {
	DSP_CATALOG_OFFER, /* in a dataset; has no target */
	DSP_MESSAGE_OFFER, /* in a request or offer message; has a target */
	DSP_AGREEMENT_POLICY
};

struct dsp_policy {
	struct str id;                 /* echoed verbatim, whatever its form */
	struct str target;             /* but in a catalogue */
	struct str assigner, assignee; /* of an agreement */
	struct str timestamp;          /* of an agreement; empty where the peer left it out */
	/* Read: the whole object as it came, which is what digests are taken of. To be built: rules (profile,
	 * permission, prohibition, obligation); members that have a place above are ignored in it. */
	const struct json *json;
};

must_use err dsp_policy_read(
	struct ctx *c, const struct json *j, enum dsp_policy_kind kind, struct dsp_policy *ret);

/* Built twice from equal input the trees are equal, so a digest of the first holds for the second. What the kind needs
 * must be there. NULL where memory ran out (see codec/json.h). */
struct json *dsp_policy_json(struct ctx *c, const struct dsp_policy *p, enum dsp_policy_kind kind);

/* The rules alone: a copy without id, type, target, parties and time, and without empty rule and constraint arrays. */
struct json *dsp_policy_terms(struct ctx *c, const struct json *policy);
