/* The words of title registration in both languages, as tables: kinds, sources, origins, grounds, rights, states, clocks,
 * certificates. Source: the guide on registering property rights in data (for trial), art. 14 to 37. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct registration_word {
	const char *id, *zh, *en, *article;
};

/* NULL where the list (ended by a row without id) has no such row. */
const struct registration_word *registration_word(
	const struct registration_word *list, struct str id);

extern const struct registration_word registration_kinds[], registration_grounds[],
	registration_rights_words[], registration_remark_kinds[], registration_clock_words[],
	registration_state_words[];
