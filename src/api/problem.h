/* Refusals and faults as answers: RFC 9457 problem documents (docs/FORMATS.md, 9), or for the Dataspace Protocol its own
 * error objects. A fault is answered without detail and logged once, here. */
#pragma once

#include "api/route.h"

/* What a problem document may hold, for OpenAPI. */
#define PROBLEM_MEMBERS 4u
extern const struct json_field problem_members[PROBLEM_MEMBERS];

/* Fills the answer of k (route may be NULL) from the code and the trouble of c. Never fails: where memory is short the
 * body is a short constant. */
void problem_fill(struct ctx *c, struct call *k, err code);
/* The same for the others whom one fault hits: it was logged with the first of them. */
void problem_fill_again(struct ctx *c, struct call *k, err code);
