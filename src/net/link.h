/* The Link field of an answer (RFC 8288, 3): by it a server names the next page of what it gives. Pure; the target is a
 * slice of the field and is not judged: whoever calls it decides whether it may be called. */
#pragma once

#include "base/str.h"

/* The target of the first link of that relation (compared without case, as one of several in rel="a b"); p NULL where
 * there is none. What cannot be read ends the field: the links before it count. */
struct str http_link(struct str field, const char *relation);
