#include "proof/evidence.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "chain/tree.h"
#include "codec/time.h"

struct envelope {
	int64_t v;
	struct str type, at, actor, subject;
	struct hash prev;
	const struct json *body, *sealed;
};

struct parts {
	const struct json *act, *path;
	struct hash salt;
	int64_t index;
	struct str head;
};

// clang-format off
static const struct json_field envelope_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct envelope, v), 0, NULL},
	{"type", JSON_K_TEXT, false, offsetof(struct envelope, type), LIMIT_NAME, NULL},
	{"at", JSON_K_TEXT, false, offsetof(struct envelope, at), TIME_TEXT, NULL},
	{"actor", JSON_K_TEXT, false, offsetof(struct envelope, actor), LIMIT_URL, NULL},
	{"subject", JSON_K_TEXT, false, offsetof(struct envelope, subject), LIMIT_URL, NULL},
	{"prev", JSON_K_HEX32, true, offsetof(struct envelope, prev), 0, NULL},
	{"body", JSON_K_OBJECT, false, offsetof(struct envelope, body), 0, NULL},
	{"sealed", JSON_K_OBJECT, true, offsetof(struct envelope, sealed), 0, NULL},
};

static const struct json_field parts_fields[] = {
	{"act", JSON_K_OBJECT, false, offsetof(struct parts, act), 0, NULL},
	{"salt", JSON_K_HEX32, false, offsetof(struct parts, salt), 0, NULL},
	{"index", JSON_K_INT, false, offsetof(struct parts, index), 0, NULL},
	{"path", JSON_K_ARRAY, false, offsetof(struct parts, path), 0, NULL},
	{"head", JSON_K_TEXT, false, offsetof(struct parts, head), LIMIT_NOTE, NULL},
};
// clang-format on

void evidence_entry(struct str act, const struct hash *salt, char ret[ENTRY_TEXT])
{
	static const char prefix[] = "shugu-act/1 ", digits[] = "0123456789abcdef";
	struct hash digest = hash_of2(hash_str(salt), act);
	size_t n = sizeof prefix - 1;
	memcpy(ret, prefix, n);
	for (size_t i = 0; i < HASH_BYTES; i++) {
		ret[n++] = digits[digest.b[i] >> 4];
		ret[n++] = digits[digest.b[i] & 15];
	}
	assert(n == ENTRY_TEXT);
}

struct hash evidence_leaf(struct str act, const struct hash *salt)
{
	char entry[ENTRY_TEXT];
	evidence_entry(act, salt, entry);
	return hash_leaf((struct str){entry, ENTRY_TEXT});
}

static err path_read(struct ctx *c, const struct json *j, struct evidence *ret)
{
	ENSURE(j->n <= LIMIT_PROOF_HASHES, c, ERR_BAD_VALUE, "path is too long");
	NEW_N(c, ret->path, j->n + 1);
	for (const struct json *i = j->first; i != NULL; i = i->next)
		ENSURE(hash_parse(json_text(i), &ret->path[ret->path_n++]), c, ERR_BAD_VALUE,
			"path holds what is no hash");
	return OK;
}

err evidence_read(struct ctx *c, const struct json *j, struct evidence *ret)
{
	struct parts p = {0};
	struct envelope a = {0};
	TRY(json_read(c, j, parts_fields, countof(parts_fields), false, &p));
	TRY(json_read(c, p.act, envelope_fields, countof(envelope_fields), false, &a));
	int64_t ms = 0;
	ENSURE(a.v == 1, c, ERR_BAD_VALUE, "v of the act is not 1");
	ENSURE(time_parse(a.at, &ms), c, ERR_BAD_VALUE, "at of the act is not a time");
	ENSURE(p.index >= 0, c, ERR_BAD_VALUE, "index is negative");
	struct evidence e = {.act = p.act,
		.type = a.type,
		.at = a.at,
		.actor = a.actor,
		.subject = a.subject,
		.body = a.body,
		.salt = p.salt,
		.index = (uint64_t)p.index,
		.head = p.head};
	TRY(path_read(c, p.path, &e));
	struct str bytes;
	TRY(json_canonical(c, p.act, LIMIT_ACT, &bytes));
	e.leaf = evidence_leaf(bytes, &e.salt);
	*ret = e;
	return OK;
}

/* note_open passes over the lines of other keys; in E they would be bytes that nobody has checked. */
static bool one_signature(struct str note, struct str text)
{
	struct str rest = str_sub(note, text.n + 1, note.n);
	return rest.n > 0 && str_find(rest, '\n') == rest.n - 1;
}

err evidence_head(
	struct ctx *c, struct str note, struct str vkey, struct str origin, struct checkpoint *ret)
{
	struct note_key k = {0};
	struct str text;
	TRY(note_key_parse(c, vkey, &k));
	ENSURE(str_eq(k.name, origin), c, ERR_BAD_SIGNATURE, "the log key is not of this origin");
	TRY(note_open(c, note, &k, &text));
	ENSURE(one_signature(note, text), c, ERR_BAD_SIGNATURE,
		"the head bears more than the log's signature");
	TRY(checkpoint_parse(c, text, ret));
	ENSURE(str_eq(ret->origin, origin), c, ERR_BAD_PROOF, "the head is of another log");
	return OK;
}

err evidence_verify(struct ctx *c, struct evidence *e, struct str vkey, struct str origin)
{
	struct checkpoint head = {0};
	TRY(evidence_head(c, e->head, vkey, origin, &head));
	ENSURE(e->index < head.size && tree_verify_inclusion(&e->leaf, e->index, head.size, e->path,
					       e->path_n, &head.root),
		c, ERR_BAD_PROOF, "the path does not lead to the signed root");
	e->verified = head;
	return OK;
}

err evidence_holds(struct ctx *c, const struct evidence *e, const char *type,
	const struct hash *document, const char *side, struct str signature)
{
	struct hash named = {0}, signature_hash = hash_of(signature);
	ENSURE(str_is(e->type, type), c, ERR_BAD_DIGEST, "the act is no %s", type);
	ENSURE(hash_parse(json_text(json_get(e->body, "document")), &named) &&
			hash_eq(&named, document),
		c, ERR_BAD_DIGEST, "%s does not hold the document", type);
	ENSURE(hash_parse(json_text(json_get(json_get(e->body, "signatures"), side)), &named) &&
			hash_eq(&named, &signature_hash),
		c, ERR_BAD_DIGEST, "%s does not hold the signature of the %s", type, side);
	return OK;
}
