/* The four usage terms that have a name: open, internal-use, evaluation-30d, once (docs/FORMATS.md, 10 prints each).
 * A preset is the part of a policy that allows: without id, type, target and parties. Pure. */
#pragma once

#include "codec/json.h"

/* The name of the i-th, or NULL behind the last. */
const char *terms_preset_name(size_t i);
/* A tree of the caller's own. ERR_BAD_VALUE lists the names. */
must_use err terms_preset(struct ctx *c, struct str name, struct json **ret);
