#include "chain/note.h"

#include <string.h>

#include "base/buf.h"
#include "base/reader.h"
#include "codec/base64.h"

/* Unicode's White_Space beyond ASCII, in UTF-8. */
static bool has_wide_space(struct str s)
{
	static const char *const spaces[] = {"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80",
		"\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85",
		"\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};
	for (size_t i = 0; i < countof(spaces); i++) {
		if (str_find_str(s, str_z(spaces[i])) < s.n)
			return true;
	}
	return false;
}

static bool is_name(struct str s)
{
	if (s.n == 0 || s.n > LIMIT_ORIGIN || !str_is_utf8(s) || has_wide_space(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		if (ch <= 0x20 || ch == 0x7f || ch == '+')
			return false;
	}
	return true;
}

err note_key_make(
	struct ctx *c, struct str name, const uint8_t key[KEY_BYTES], struct note_key *ret)
{
	ENSURE(is_name(name), c, ERR_BAD_VALUE, "a key name has no spaces and no '+'");
	char tail[2 + KEY_BYTES] = {'\n', NOTE_ED25519};
	memcpy(tail + 2, key, KEY_BYTES);
	struct hash h = hash_of2(name, (struct str){tail, sizeof tail});
	struct note_key k = {.name = name};
	memcpy(k.id, h.b, sizeof k.id);
	memcpy(k.key, key, KEY_BYTES); /* key may lie in *ret */
	*ret = k;
	return OK;
}

err note_key_parse(struct ctx *c, struct str vkey, struct note_key *ret)
{
	struct str name, rest, hex, b64;
	uint8_t id[4], typed[1 + KEY_BYTES];
	struct note_key k;
	ENSURE(str_cut(vkey, '+', &name, &rest) && str_cut(rest, '+', &hex, &b64), c, ERR_MALFORMED,
		"a verifier key is name+hex+base64");
	ENSURE(str_unhex(hex, id, sizeof id) && base64_fixed(b64, typed, sizeof typed) &&
			typed[0] == NOTE_ED25519,
		c, ERR_MALFORMED, "a verifier key is not an Ed25519 key");
	ENSURE(key_is_sound(typed + 1), c, ERR_MALFORMED,
		"a verifier key is not canonical or of small order");
	TRY(note_key_make(c, name, typed + 1, &k));
	ENSURE(memcmp(id, k.id, sizeof id) == 0, c, ERR_MALFORMED,
		"a verifier key does not have the id it states");
	*ret = k;
	return OK;
}

err note_key_text(struct ctx *c, const struct note_key *k, struct str *ret)
{
	struct buf b;
	uint8_t typed[1 + KEY_BYTES] = {NOTE_ED25519};
	memcpy(typed + 1, k->key, KEY_BYTES);
	buf_init(&b, c->arena, LIMIT_ORIGIN + 64);
	buf_add(&b, k->name);
	buf_char(&b, '+');
	buf_hex(&b, k->id, sizeof k->id);
	buf_char(&b, '+');
	base64_add(&b, typed, sizeof typed);
	return buf_done(c, &b, ret);
}

static bool is_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n')
			return false;
	}
	return str_is_utf8(s);
}

err note_write(struct ctx *c, struct str text, const struct note_key *k,
	const uint8_t signature[SIGNATURE_BYTES], struct str *ret)
{
	struct buf b;
	uint8_t bytes[4 + SIGNATURE_BYTES];
	ENSURE(is_text(text) && str_ends(text, STR("\n")), c, ERR_BAD_VALUE,
		"the text of a note is UTF-8 without control characters and ends its last line");
	memcpy(bytes, k->id, 4);
	memcpy(bytes + 4, signature, SIGNATURE_BYTES);
	buf_init(&b, c->arena, LIMIT_NOTE);
	buf_add(&b, text);
	buf_z(&b, "\n\xe2\x80\x94 ");
	buf_add(&b, k->name);
	buf_char(&b, ' ');
	base64_add(&b, bytes, sizeof bytes);
	buf_char(&b, '\n');
	return buf_done(c, &b, ret);
}

/* Splits at the last empty line; the text keeps its final LF. */
static bool split(struct str note, struct str *ret_text, struct str *ret_lines)
{
	for (size_t at = note.n; at-- > 1;) {
		if (note.p[at] == '\n' && note.p[at - 1] == '\n') {
			*ret_text = str_sub(note, 0, at);
			*ret_lines = str_sub(note, at + 1, note.n);
			return true;
		}
	}
	return false;
}

/* One signature line: true in ret_ours where it is k's, which must then verify. */
static err read_line(
	struct ctx *c, struct str line, struct str text, const struct note_key *k, bool *ret_ours)
{
	struct reader r = reader_on(line);
	struct str name, bytes;
	ENSURE(reader_lit(&r, STR("\xe2\x80\x94 ")) && reader_until(&r, ' ', &name) &&
			is_name(name),
		c, ERR_MALFORMED, "a signature line of a note is not 'dash name base64'");
	TRY(base64_decode(c, r.rest, &bytes));
	ENSURE(bytes.n > 4, c, ERR_MALFORMED, "a signature of a note is too short");
	*ret_ours = str_eq(name, k->name) && memcmp(bytes.p, k->id, 4) == 0;
	if (!*ret_ours)
		return OK;
	ENSURE(bytes.n == 4 + SIGNATURE_BYTES &&
			verify_ed25519(k->key, text, (const uint8_t *)bytes.p + 4),
		c, ERR_BAD_SIGNATURE, "the signature of %.*s on a note does not verify", FMT(name));
	return OK;
}

err note_open(struct ctx *c, struct str note, const struct note_key *k, struct str *ret_text)
{
	struct str text, lines, line;
	bool signed_by_k = false;
	size_t n = 0;
	ENSURE(note.n <= LIMIT_NOTE, c, ERR_TOO_LARGE, "a note is larger than %u bytes",
		LIMIT_NOTE);
	ENSURE(is_text(note) && split(note, &text, &lines) && lines.n > 0, c, ERR_MALFORMED,
		"this is no signed note");
	for (struct reader r = reader_on(lines); !reader_end(&r); n++) {
		bool ours = false;
		ENSURE(reader_line(&r, &line) && n < LIMIT_NOTE_SIGNATURES, c, ERR_MALFORMED,
			"the signature lines of a note do not end, or are too many");
		TRY(read_line(c, line, text, k, &ours));
		signed_by_k = signed_by_k || ours;
	}
	ENSURE(signed_by_k, c, ERR_BAD_SIGNATURE, "the note bears no signature by %.*s",
		FMT(k->name));
	*ret_text = text;
	return OK;
}
