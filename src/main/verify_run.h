/* Verifying invoice files, for shugu-verify and `shugu verify`: reads files, prints verdicts to standard output; no
 * network, no node, no keys. Linked to libcrypto and libc alone. */
#pragma once

#include "proof/verdict.h"

enum { EXIT_YES, EXIT_NO, EXIT_USAGE, EXIT_FAULT };

struct verify_options {
	const char *program; /* before what goes wrong */
	const char *trust;   /* path of a list of keys (proof/trust), or NULL */
	const char *object;  /* path of the file that was delivered, or NULL */
	enum verdict_language language;
	enum label require;
	bool json, required;
};

/* zh or en; false for another word. */
bool verify_language(struct str word, enum verdict_language *ret);
/* The worst of the files: yes, no (not proved, or less than is required), usage (the list of keys), fault. */
int verify_run(const struct verify_options *o, int n, char **paths);
