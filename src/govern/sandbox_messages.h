/* What people read of a sandbox case, zh and en: its states, the facts that conditions may ask for (a catalogue of
 * rules/fact.h, as JSON), and what the due-diligence file says of itself. Pure. */
#pragma once

#include "govern/sandbox_states.h"

struct sandbox_words {
	const char *zh, *en;
};

extern const struct sandbox_words sandbox_words[SANDBOX_STATES];
extern const char sandbox_facts[];
extern const struct sandbox_words sandbox_statement;
