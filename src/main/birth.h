/* The first act of a log: node.init {name, uscc, did, url, kid, key, vkey}, so that the log itself says whose it is. */
#pragma once

#include "act/acts.h"

extern const struct module birth_module;

/* Logs it where the log is empty; nothing otherwise. */
must_use err birth_log(struct ctx *c, struct acts *n);
/* The log begins with that act, of this party, under this key. ERR_CORRUPT. */
must_use err birth_check(struct ctx *c, struct acts *n);
