/* The invoice file and the order of its checks (docs/FORMATS.md, 6 and 7): what an offline verifier decides.
 *
 * Pure: bytes in, label out. Everything in the file is signed, recomputed, checked or compared, so a file that passes
 * cannot be changed in any byte and pass with other content. All borrowed from the text given or in the context's arena. */
#pragma once

#include "proof/documents.h"
#include "proof/evidence.h"
#include "proof/later.h"

/* The checks, in their order; the first that fails is named. */
enum invoice_check {
	CHECK_FILE,
	CHECK_SIGNATURES,
	CHECK_DIGESTS,
	CHECK_CONTENT,
	CHECK_ISSUE,
	CHECK_ACCEPT,
	CHECK_LATER,
	CHECK_KEYS,   /* of a reader's list: proof/trust */
	CHECK_OBJECT, /* a file beside it: main/verify_run */
	CHECK_NONE    /* all have passed */
};

enum label { LABEL_CLAIMED, LABEL_DELIVERED, LABEL_ACCEPTED, LABEL_RECORDED, LABEL_COUNT };

struct invoice_sigs {
	struct str g_provider, g_consumer, q_consumer, m_provider, r_consumer, i_provider,
		i_consumer;
};

struct invoice_file {
	struct agreement g;
	struct request q;
	struct manifest m;
	struct receipt r;
	struct invoice i;
	struct evidence issue, accept;
	bool has_q, has_m, has_r, has_accept;
	struct invoice_sigs sigs;
	const struct json *later_json;
	struct standing later;
	enum invoice_check check;     /* the one that failed, or CHECK_NONE */
	enum label label;             /* the highest reached; valid with CHECK_NONE */
	bool trusted, delivered_file; /* a list of keys, or the object, was compared */
	/* Of who tells the verdict: how the file is called where several are told of; its label is less than required. */
	struct str name;
	bool unmet;
};

/* OK where every check passes. A refusal names in ret->check the one that failed and in the trouble of c why; ret is
 * written in both cases. Faults as anywhere. */
must_use err invoice_verify(struct ctx *c, struct str text, struct invoice_file *ret);

/* Do its signatures reach this label? `accepted` without receipt does not reach `delivered`. */
bool invoice_reaches(const struct invoice_file *f, enum label wanted);
/* The same as an answer to who requires it: what is void or withdrawn meets nothing. */
bool invoice_meets(const struct invoice_file *f, enum label wanted);

/* claimed, delivered, accepted, recorded; false for another word. */
bool label_parse(struct str word, enum label *ret);
const char *label_name(enum label l);
