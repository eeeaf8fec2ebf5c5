#include "party/letter.h"

#include "act/content.h"
#include "base/limits.h"
#include "codec/uuid.h"
#include "party/did.h"

struct fields {
	int64_t v;
	struct str kind, id, to;
	const struct json *party;
	struct hash did_document, about;
};

static const struct json_field letter_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct fields, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct fields, kind), LIMIT_NAME, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct fields, id), UUID_URN, NULL},
	{"to", JSON_K_TEXT, false, offsetof(struct fields, to), LIMIT_DID, NULL},
	{"party", JSON_K_OBJECT, false, offsetof(struct fields, party), 0, NULL},
	{"didDocument", JSON_K_HEX32, false, offsetof(struct fields, did_document), 0, NULL},
	{"about", JSON_K_HEX32, false, offsetof(struct fields, about), 0, NULL},
};

static const struct json_field mail_fields[] = {
	{"letter", JSON_K_OBJECT, false, offsetof(struct mail, letter.json), 0, NULL},
	{"signature", JSON_K_TEXT, false, offsetof(struct mail, signature), 0, NULL},
	{"didDocument", JSON_K_OBJECT, false, offsetof(struct mail, did_document), 0, NULL},
};

static err write_letter(struct ctx *c, struct acts *n, const char *kind, struct str to,
	const struct hash *about, const struct hash *did_document, struct json **ret)
{
	struct json *o = json_object(c);
	struct card card;
	struct str id;
	TRY(uuid_new_urn(c, acts_env(n), &id));
	TRY(card_of_self(c, acts_self(n), &card));
	json_set_num(c, &o, "v", 1);
	json_set_str(c, &o, "kind", str_z(kind));
	json_set_str(c, &o, "id", id);
	json_set_str(c, &o, "to", to);
	json_set(&o, "party", card_json(c, &card));
	json_set_hex(c, &o, "didDocument", did_document->b, HASH_BYTES);
	json_set_hex(c, &o, "about", about->b, HASH_BYTES);
	*ret = o;
	return OK;
}

static err put(struct ctx *c, struct acts *n, const struct json *letter, struct str signature,
	const struct json *did_document, struct json **body)
{
	struct hash h;
	TRY(content_put_json(c, acts_db(n), letter, &h));
	json_set_hex(c, body, "document", h.b, HASH_BYTES);
	TRY(content_put(c, acts_db(n), signature, &h));
	json_set_hex(c, body, "signature", h.b, HASH_BYTES);
	TRY(content_put_json(c, acts_db(n), did_document, &h));
	json_set_hex(c, body, "didDocument", h.b, HASH_BYTES);
	return OK;
}

err letter_make(struct ctx *c, struct acts *n, const char *kind, struct str to,
	const struct hash *about, const struct json *did_document, struct json **body)
{
	const struct self *self = acts_self(n);
	struct json *letter;
	struct hash document;
	struct str bytes, signature;
	TRY(jws_digest(c, did_document, &document));
	TRY(write_letter(c, n, kind, to, about, &document, &letter));
	TRY(json_canonical(c, letter, LIMIT_DOCUMENT, &bytes));
	TRY(key_sign_jws(c, self->key, str_z(kind), self->kid, bytes, &signature));
	return put(c, n, letter, signature, did_document, body);
}

static err content_of(
	struct ctx *c, struct acts *n, const struct json *body, const char *member, struct str *ret)
{
	struct hash h;
	ENSURE(hash_parse(json_text(json_get(body, member)), &h), c, ERR_CORRUPT, "no %s", member);
	return content_get(c, acts_db(n), &h, ret);
}

err letter_mail(struct ctx *c, struct acts *n, const struct json *body, struct json **ret)
{
	struct json *o = json_object(c);
	const struct json *letter, *did_document;
	struct str bytes, signature;
	TRY(content_of(c, n, body, "document", &bytes));
	TRY(json_parse(c, bytes, &letter));
	TRY(content_of(c, n, body, "didDocument", &bytes));
	TRY(json_parse(c, bytes, &did_document));
	TRY(content_of(c, n, body, "signature", &signature));
	json_set(&o, "letter", json_copy(c, letter));
	json_set_str(c, &o, "signature", signature);
	json_set(&o, "didDocument", json_copy(c, did_document));
	*ret = o;
	return OK;
}

static err read_letter(struct ctx *c, const struct self *self, const char *kind, struct letter *l)
{
	struct fields f;
	uint8_t id[UUID_BYTES];
	TRY(json_read(c, l->json, letter_fields, countof(letter_fields), false, &f));
	ENSURE(f.v == 1, c, ERR_BAD_VALUE, "v of the letter is not 1");
	ENSURE(str_is(f.kind, kind), c, ERR_BAD_VALUE, "the letter is no %s", kind);
	ENSURE(f.id.n == UUID_URN && uuid_parse(f.id, id), c, ERR_BAD_VALUE,
		"id of the letter is not urn:uuid:");
	ENSURE(str_eq(f.to, self->did), c, ERR_FORBIDDEN, "this letter is meant for %.*s",
		FMT(f.to));
	l->id = f.id;
	l->to = f.to;
	l->did_document = f.did_document;
	l->about = f.about;
	TRY(card_read(c, f.party, &l->card));
	TRY(card_admit(c, self, &l->card));
	return jws_digest(c, l->json, &l->digest);
}

err letter_read(struct ctx *c, const struct self *self, const char *kind, const struct json *mail,
	struct mail *ret)
{
	struct mail m = {.signature = {0}};
	struct letter *l = &m.letter;
	struct hash document;
	struct str bytes;
	TRY(json_read(c, mail, mail_fields, countof(mail_fields), true, &m));
	TRY(read_letter(c, self, kind, l));
	TRY(json_canonical(c, l->json, LIMIT_DOCUMENT, &bytes));
	TRY(jws_verify(c, str_z(kind), l->card.kid, l->card.key, bytes, m.signature));
	TRY(jws_digest(c, m.did_document, &document));
	ENSURE(hash_eq(&document, &l->did_document), c, ERR_BAD_DIGEST,
		"the DID document is not the one that the letter names");
	struct str url = l->card.outbound ? STR("") : l->card.url;
	TRY(did_document_check(c, m.did_document, l->card.did, l->card.kid, l->card.key, url));
	*ret = m;
	return OK;
}

err letter_keep(struct ctx *c, struct acts *n, const struct mail *mail, struct json **body)
{
	return put(c, n, mail->letter.json, mail->signature, mail->did_document, body);
}
