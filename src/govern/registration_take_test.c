#include "govern/registration_take.h"

#include "tests/tap.h"

#include "govern/fixture_test.h"

static err take_text(struct ctx *c, struct str text, uint64_t *ret_index)
{
	const struct json *j = NULL;
	TRY(json_parse(c, text, &j));
	err e = registration_take(c, nodes[REGISTRAR].n, nodes[APPLICANT].self.did, j, ret_index);
	TRY(acts_tick_end(c, nodes[REGISTRAR].n));
	return e;
}

/* The message with one member changed, or without it. */
static err forged(struct ctx *c, const struct json *message, const char *member, const char *inner,
	const char *text)
{
	struct json *copy = json_copy(c, message), *part = json_copy(c, json_get(message, member));
	struct str bytes;
	uint64_t index = 0;
	if (inner != NULL) {
		json_set(&part, inner, json_z(c, text));
		json_set(&copy, member, part);
	} else if (text != NULL) {
		json_set(&copy, member, json_z(c, text));
	} else {
		copy = json_copy_without(c, copy, member);
	}
	TRY(json_write(c, copy, false, LIMIT_HTTP_BODY, &bytes));
	return take_text(c, bytes, &index);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64 << 20);
	struct ctx c = {.arena = a};
	struct outbox_row row;
	struct entry e;
	struct str bytes;
	const struct json *claim = NULL, *message = NULL;
	uint64_t first = 0, again = 1;
	ok(fixture_open(&c) == OK && fixture_office(&c) == OK, "two nodes");
	ok(json_parse(&c, STR(FIXTURE_CLAIM), &claim) == OK, "a claim");
	ok(registration_apply(&c, nodes[APPLICANT].n, STR("operator"), nodes[REGISTRAR].self.did,
		   claim, &e) == OK,
		"an application");
	ok(fixture_message(&c, APPLICANT, &row, &message) == OK, "its message");
	is_int(forged(&c, message, "document", "day", "2026-03-01"), ERR_BAD_SIGNATURE,
		"another day is another letter");
	is_int(forged(&c, message, "document", "to", "did:web:x.example"), ERR_FORBIDDEN,
		"a letter for somebody else");
	is_int(forged(&c, message, "document", "step", "deem"), ERR_BAD_VALUE,
		"what a node works out itself is not sent");
	is_int(forged(&c, message, "signature", NULL, "x..y"), ERR_BAD_SIGNATURE, "no signature");
	is_int(forged(&c, message, "dossier", "v", "two"), ERR_BAD_DIGEST, "another dossier");
	is_int(forged(&c, message, "E", NULL, NULL), ERR_EVIDENCE_MISSING, "no proof");
	is_str(fixture_state(&c, REGISTRAR, e.subject), "?", "and nothing has changed");
	ok(json_write(&c, message, false, LIMIT_HTTP_BODY, &bytes) == OK, "the message");
	is_int(take_text(&c, bytes, &first), OK, "is taken");
	is_int(take_text(&c, bytes, &again), OK, "and again");
	is_int((long long)again, (long long)first, "which changes nothing");
	is_str(fixture_state(&c, REGISTRAR, e.subject), "applied", "applied");
	is_int(fixture_step(&c, REGISTRAR, e.subject, "accept", "{}"), ERR_BUSY,
		"a word before the receipt came back: come again");
	ok(fixture_carry(&c, APPLICANT) == OK, "the receipt");
	ok(fixture_carry(&c, REGISTRAR) == OK, "then the word");
	is_str(fixture_state(&c, APPLICANT, e.subject), "accepted", "accepted");
	ok(fixture_replays(&c, APPLICANT) && fixture_replays(&c, REGISTRAR), "both logs replay");
	fixture_close();
	return done_testing();
}
