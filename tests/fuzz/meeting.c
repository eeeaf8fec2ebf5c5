/* Fuzzes what organisations hand each other when they meet, and forms of people: addresses, cards, DID documents, invitations, codes, and
 * the fields of a form that was posted to a link. What is read is written again alike; a refusal has a reason. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "net/fields.h"
#include "party/did.h"
#include "party/invitation.h"
#include "party/uscc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void has_reason(const struct ctx *c, err e)
{
	assert(!err_is_fault(e) && c->trouble.code == e && c->trouble.detail[0] != '\0');
}

static void address(struct ctx *c, struct str input)
{
	struct did_address a, again;
	struct str url;
	err e = did_of_url(c, input, &a);
	if (e != OK) {
		has_reason(c, e);
		return;
	}
	assert(str_starts(a.did, STR("did:web:")) && a.did.n <= LIMIT_DID);
	assert(!str_ends(input, STR("/")) && str_ends(input, a.host));
	e = arena_fmt(c, &url, "%s%.*s", a.loopback ? "http://" : "https://", FMT(a.host));
	assert(e == OK && str_eq(url, input));
	e = did_of_url(c, url, &again);
	assert(e == OK && str_eq(again.did, a.did) && again.loopback == a.loopback);
}

static void card(struct ctx *c, const struct json *j)
{
	struct card k, again;
	err e = card_read(c, j, &k);
	if (e != OK) {
		has_reason(c, e);
		return;
	}
	assert(uscc_check(k.uscc) == USCC_GOOD && key_is_sound(k.key) && key_is_sound(k.log_key));
	const struct json *built = card_json(c, &k);
	e = card_read(c, built, &again);
	assert(e == OK && json_eq(built, card_json(c, &again)));
}

/* A document is that of a party only where all of it is said: with these words nothing random is. */
static void document(struct ctx *c, const struct json *j)
{
	static const uint8_t key[KEY_BYTES] = {9};
	struct str did = STR("did:web:b.example"), kid = STR("did:web:b.example#key-1");
	err e = did_document_check(c, j, did, kid, key, STR("https://b.example"));
	if (e != OK) {
		has_reason(c, e);
		return;
	}
	assert(str_eq(json_text(json_get(j, "id")), did));
	e = did_document_check(c, j, STR("did:web:c.example"), kid, key, STR("https://b.example"));
	assert(e != OK);
}

static void invitation(struct ctx *c, struct str input)
{
	struct invitation in, again;
	struct str text;
	err e = invitation_read(c, input, &in);
	if (e != OK) {
		has_reason(c, e);
		return;
	}
	e = invitation_write(c, &in, &text);
	assert(e == OK && text.n <= INVITATION_TEXT);
	e = invitation_read(c, text, &again);
	assert(e == OK && memcmp(in.secret, again.secret, sizeof in.secret) == 0);
}

/* What a browser posts to /s/TOKEN: each field is text of at most what came, and its name decides alone. */
static void form(struct ctx *c, struct str input)
{
	static const char *const names[] = {"name", "organisation", "agree"};
	struct str value;
	for (size_t i = 0; i < countof(names); i++) {
		value = (struct str){NULL, 0};
		err e = http_query(c, input, names[i], &value);
		if (e != OK)
			has_reason(c, e);
		else
			assert(value.n <= input.n && (value.p == NULL || str_is_utf8(value)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str input = {(const char *)bytes, n};
	const struct json *j = NULL;
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	address(&c, input);
	invitation(&c, input);
	form(&c, input);
	if (uscc_check(input) != USCC_GOOD)
		assert(uscc_explain(uscc_check(input))[0] != '\0');
	c = (struct ctx){.arena = a};
	if (json_parse(&c, input, &j) != OK)
		return 0;
	card(&c, j);
	document(&c, j);
	return 0;
}
