/* What several documents have in common on paper. Pure; failures stick to the draft. */
#pragma once

#include "paper/sheet.h"
#include "paper/words.h"
#include "proof/documents.h"

/* A fact under its word in both languages. */
void parts_fact(struct sheet_draft *d, enum word name, struct str value);
void parts_code(struct sheet_draft *d, enum word name, struct str value);
void parts_heading(struct sheet_draft *d, enum word text);
/* A text filled in; the empty one where memory lacks, and then the draft has failed. */
struct str parts_fill(struct sheet_draft *d, enum word w, const struct str *values, size_t n);
struct str parts_one(struct sheet_draft *d, enum word w, struct str value);
struct str parts_number(struct sheet_draft *d, int64_t v);
struct str parts_hex(struct sheet_draft *d, const struct hash *h);
struct str parts_yuan(struct sheet_draft *d, int64_t fen);
struct str parts_capital(struct sheet_draft *d, int64_t fen);
struct str parts_rate(struct sheet_draft *d, int64_t rate);
struct str parts_time(struct sheet_draft *d, struct str time);
/* Chinese for the words of G and I that have one; others as they are. */
struct str parts_assurance(struct str assurance);
/* SHA-256 of the party's public key, or empty. */
struct str parts_fingerprint(struct sheet_draft *d, const struct party *p);
