/* Who this node is: the names and the party key that its acts and documents bear. Plain data, filled once by
 * main/node from the node's directory, borrowed by everybody, never changed while the process runs. */
#pragma once

#include "crypto/key.h"

struct self {
	struct str name, uscc;
	struct str url;        /* without a trailing slash */
	struct str did;        /* did:web:... of url */
	struct str kid;        /* did#key-1 */
	struct str origin;     /* of the log */
	struct str vkey;       /* of the log, C2SP text */
	const struct key *key; /* of the party; the log's is known to act/commit alone */
	const char *directory;
	bool allow_loopback;
	bool simulated;          /* its clock is set by people: its DID ends in ":simulated" */
	bool outbound;           /* nobody can call this node: url is a name alone */
	const char *authorities; /* path of certificates trusted beside the system's, or NULL */
};
