/* The first act of a log: node.init {name, uscc, did, url, kid, key, vkey}, so that the log itself says whose it is. */
#pragma once

#include "act/acts.h"

extern const struct module birth_module;

/* Logs it where the log is empty; nothing otherwise. */
must_use err birth_log(struct ctx *c, struct acts *n);
