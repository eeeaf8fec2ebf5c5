#include "contract/assent.h"

#include "base/limits.h"
#include "codec/time.h"
#include "contract/assent_store.h"
#include "party/person.h"

struct attachment_body {
	struct str kind, media_type;
	struct hash root, sha256;
	int64_t size;
};

static const char *const kinds[] = {"contract", NULL};
static const char *const media_types[] = {"application/pdf", "image/png", "image/jpeg", NULL};
static const struct json_field attachment_fields[] = {
	{"kind", JSON_K_TEXT, false, offsetof(struct attachment_body, kind), 0, kinds},
	{"mediaType", JSON_K_TEXT, false, offsetof(struct attachment_body, media_type), 0,
		media_types},
	{"root", JSON_K_HEX32, false, offsetof(struct attachment_body, root), 0, NULL},
	{"sha256", JSON_K_HEX32, false, offsetof(struct attachment_body, sha256), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct attachment_body, size), 0, NULL},
};

struct str assent_who(struct str actor)
{
	if (str_starts(actor, STR("person:")))
		return str_sub(actor, 0, str_find(actor, '#'));
	return str_is(actor, "operator") ? actor : (struct str){"", 0};
}

err assent_find(
	struct ctx *c, struct store *db, struct str about, const char *step, struct assent *ret)
{
	return assent_store_find(c, db, about, str_z(step), ret);
}

static err ask_second(
	struct ctx *c, struct store *db, struct str about, const char *step, struct str actor)
{
	struct assent first;
	struct str at, who = assent_who(actor);
	ENSURE(who.n > 0, c, ERR_FORBIDDEN, "two people decide this: shugu inbox");
	err e = assent_find(c, db, about, step, &first);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_BAD_STATE,
		"two people decide this, and nobody has proposed it yet: shugu approve %.*s",
		FMT(about));
	TRY(e);
	TRY(time_str(c, first.at_ms, &at));
	ENSURE(!str_eq(assent_who(first.actor), who), c, ERR_FORBIDDEN,
		"you said yes to this at %.*s: another person must confirm it", FMT(at));
	return OK;
}

err assent_ask(struct ctx *c, struct store *db, const struct binding *b, struct str about,
	const char *step, struct str actor)
{
	bool there = !b->stamped;
	if (b->two_people)
		TRY(ask_second(c, db, about, step, actor));
	if (b->stamped)
		TRY(attachment_is_there(c, db, about, &there));
	ENSURE(there, c, ERR_BAD_STATE,
		"the stamped contract is not attached yet: shugu %s attach %.*s FILE",
		str_starts(str_z(step), STR("invoice.")) ? "invoice" : "contract", FMT(about));
	return OK;
}

static err say_first(
	struct ctx *c, struct store *db, struct str about, const char *step, struct json **o)
{
	struct assent first;
	struct str at, name;
	err e = assent_find(c, db, about, step, &first);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(time_str(c, first.at_ms, &at));
	TRY(person_actor_name(c, db, first.actor, &name));
	json_set_str(c, o, "proposedBy", first.actor);
	if (name.n > 0)
		json_set_str(c, o, "proposedByName", name);
	json_set_str(c, o, "proposedAt", at);
	return OK;
}

err assent_say(struct ctx *c, struct store *db, const struct binding *b, bool by_person,
	struct str about, const char *step, struct json **o)
{
	struct json *waits = json_array(c);
	bool there = false;
	if (b->two_people)
		TRY(say_first(c, db, about, step, o));
	bool proposed = b->two_people && *o != NULL && json_get(*o, "proposedBy") != NULL;
	if ((b->two_people || by_person) && !proposed)
		json_push(&waits, json_z(c, "person"));
	if (b->two_people)
		json_push(&waits, json_z(c, "second person"));
	if (b->stamped)
		TRY(attachment_is_there(c, db, about, &there));
	if (b->stamped && !there)
		json_push(&waits, json_z(c, "stamped contract"));
	if (waits != NULL && waits->n > 0)
		json_set(o, "waitsFor", waits);
	return OK;
}

err attachment_is_there(struct ctx *c, struct store *db, struct str about, bool *ret)
{
	int64_t n = 0;
	TRY(attachment_store_count(c, db, about, 1, &n));
	*ret = n > 0;
	return OK;
}

err attachment_list(struct ctx *c, struct store *db, struct str subject, int64_t after, size_t max,
	struct attachment *ret, size_t *ret_n)
{
	return attachment_store_list(c, db, subject, after, max, ret, ret_n);
}

err attachment_find(struct ctx *c, struct store *db, struct str subject, const struct hash *sha256,
	struct attachment *ret)
{
	return attachment_store_find(c, db, subject, sha256, ret);
}

err attachment_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret)
{
	return attachment_store_refers(c, db, root, ret);
}

const char *attachment_media_type(struct str first)
{
	static const struct {
		struct str magic;
		const char *type;
	} known[] = {{{"%PDF-", 5}, "application/pdf"}, {{"\x89PNG\r\n\x1a\n", 8}, "image/png"},
		{{"\xff\xd8\xff", 3}, "image/jpeg"}};
	for (size_t i = 0; i < countof(known); i++) {
		if (str_starts(first, known[i].magic))
			return known[i].type;
	}
	return NULL;
}

struct json *attachment_json(struct ctx *c, const struct attachment *a)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "kind", a->kind);
	json_set_hex(c, &o, "root", a->root.b, HASH_BYTES);
	json_set_hex(c, &o, "sha256", a->sha256.b, HASH_BYTES);
	json_set_num(c, &o, "size", a->size);
	json_set_str(c, &o, "mediaType", a->media_type);
	return o;
}

err assent_decide(
	struct ctx *c, struct store *db, struct str actor, struct str about, struct str step)
{
	struct assent first;
	ENSURE(assent_who(actor).n > 0, c, ERR_FORBIDDEN, "a person says yes here");
	err e = assent_store_find(c, db, about, step, &first);
	ENSURE(e != OK, c, ERR_CONFLICT, "somebody has said yes to this already");
	return e == ERR_NOT_FOUND ? OK : e;
}

err assent_apply(
	struct ctx *c, struct store *db, struct str about, struct str step, const struct entry *e)
{
	const struct assent a = {
		.about = about, .step = step, .actor = e->actor, .at_ms = e->at_ms};
	return assent_store_put(c, db, &a);
}

static err read_body(
	struct ctx *c, const struct json *body, const char *without, struct attachment_body *ret)
{
	const struct json *rest = without == NULL ? body : json_copy_without(c, body, without);
	return json_read(c, rest, attachment_fields, countof(attachment_fields), false, ret);
}

err attachment_decide(struct ctx *c, struct store *db, struct str about, const struct json *body,
	const char *without)
{
	struct attachment_body b;
	int64_t n = 0;
	TRY(read_body(c, body, without, &b));
	ENSURE(b.size > 0 && b.size <= (int64_t)LIMIT_ATTACHMENT, c, ERR_TOO_LARGE,
		"a stamped contract has 1 to %u bytes", LIMIT_ATTACHMENT);
	TRY(attachment_store_count(c, db, about, LIMIT_ATTACHMENTS, &n));
	ENSURE(n < LIMIT_ATTACHMENTS, c, ERR_QUOTA, "%u files are attached already",
		LIMIT_ATTACHMENTS);
	return OK;
}

err attachment_apply(struct ctx *c, struct store *db, struct str about, const struct entry *e,
	const char *without)
{
	struct attachment_body b;
	TRY(read_body(c, e->body, without, &b));
	const struct attachment a = {.about = about,
		.subject = e->subject,
		.kind = b.kind,
		.media_type = b.media_type,
		.actor = e->actor,
		.root = b.root,
		.sha256 = b.sha256,
		.size = b.size,
		.at_ms = e->at_ms};
	return attachment_store_put(c, db, &a, e->index);
}
