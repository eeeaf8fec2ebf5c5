#include "party/parcel.h"

#include "codec/base64.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "crypto/jws.h"

static const struct str prefix = {"shugu-parcel/1 ", 15};

struct head {
	int64_t v;
	struct str kind;
	struct parcel p;
};

static const struct json_field head_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct head, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct head, kind), LIMIT_NAME, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct head, p.id), UUID_URN, NULL},
	{"from", JSON_K_TEXT, false, offsetof(struct head, p.from), LIMIT_DID, NULL},
	{"to", JSON_K_TEXT, false, offsetof(struct head, p.to), LIMIT_DID, NULL},
	{"kid", JSON_K_TEXT, false, offsetof(struct head, p.kid), LIMIT_DID + 32, NULL},
	{"key", JSON_K_TEXT, false, offsetof(struct head, p.key_text), 44, NULL},
	{"at", JSON_K_TEXT, false, offsetof(struct head, p.at), LIMIT_NAME, NULL},
	{"rows", JSON_K_ARRAY, false, offsetof(struct head, p.rows), 0, NULL},
	{"answers", JSON_K_ARRAY, false, offsetof(struct head, p.answers), 0, NULL},
	{"objects", JSON_K_ARRAY, false, offsetof(struct head, p.objects), 0, NULL},
};

static const struct json_field row_fields[] = {
	{"row", JSON_K_TEXT, false, offsetof(struct parcel_row, row), 64, NULL},
	{"method", JSON_K_TEXT, false, offsetof(struct parcel_row, method), 8, NULL},
	{"path", JSON_K_TEXT, false, offsetof(struct parcel_row, path), LIMIT_URL, NULL},
	{"body", JSON_K_TEXT, false, offsetof(struct parcel_row, body), PARCEL_HEAD, NULL},
};

static const struct json_field answer_fields[] = {
	{"row", JSON_K_TEXT, false, offsetof(struct parcel_answer, row), 64, NULL},
	{"status", JSON_K_INT, false, offsetof(struct parcel_answer, status), 0, NULL},
	{"body", JSON_K_TEXT, false, offsetof(struct parcel_answer, body), PARCEL_HEAD, NULL},
};

static const struct json_field object_fields[] = {
	{"delivery", JSON_K_TEXT, false, offsetof(struct parcel_object, delivery), LIMIT_NAME,
		NULL},
	{"root", JSON_K_HEX32, false, offsetof(struct parcel_object, root), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct parcel_object, size), 0, NULL},
};

err parcel_read_row(struct ctx *c, const struct json *j, struct parcel_row *ret)
{
	struct parcel_row r;
	TRY(json_read(c, j, row_fields, countof(row_fields), false, &r));
	ENSURE(str_is(r.method, "POST") &&
			(str_starts(r.path, STR("/peer/v1/")) || str_starts(r.path, STR("/dsp/"))),
		c, ERR_MALFORMED, "a message of a parcel is a POST to a partner");
	for (size_t i = 0; i < r.path.n; i++)
		ENSURE(r.path.p[i] > ' ' && r.path.p[i] <= '~', c, ERR_MALFORMED,
			"a path is plain ASCII");
	*ret = r;
	return OK;
}

err parcel_read_answer(struct ctx *c, const struct json *j, struct parcel_answer *ret)
{
	struct parcel_answer a;
	TRY(json_read(c, j, answer_fields, countof(answer_fields), false, &a));
	ENSURE(a.status >= 200 && a.status <= 599, c, ERR_MALFORMED, "this is no status");
	*ret = a;
	return OK;
}

err parcel_read_object(struct ctx *c, const struct json *j, struct parcel_object *ret)
{
	struct parcel_object o;
	TRY(json_read(c, j, object_fields, countof(object_fields), false, &o));
	ENSURE(o.size >= 0 && (uint64_t)o.size <= LIMIT_OBJECT, c, ERR_MALFORMED,
		"there is no object of that size");
	*ret = o;
	return OK;
}

err parcel_line(struct ctx *c, struct str bytes, size_t *ret_line, size_t *ret_head)
{
	struct str line = str_sub(bytes, 0, PARCEL_LINE);
	size_t end = str_find(line, '\n');
	uint64_t n = 0;
	ENSURE(str_starts(line, prefix) && end < line.n, c, ERR_MALFORMED, "this is no parcel");
	struct str digits = str_sub(line, prefix.n, end - prefix.n);
	ENSURE(str_u64(digits, &n) && n > 0 && digits.p[0] != '0', c, ERR_MALFORMED,
		"this is no parcel");
	ENSURE(n <= PARCEL_HEAD, c, ERR_TOO_LARGE, "the head of a parcel has at most %u bytes",
		PARCEL_HEAD);
	*ret_line = end + 1;
	*ret_head = (size_t)n;
	return OK;
}

static err check_members(struct ctx *c, const struct parcel *p)
{
	struct parcel_row row;
	struct parcel_answer answer;
	struct parcel_object object;
	for (const struct json *j = p->rows->first; j != NULL; j = j->next)
		TRY(parcel_read_row(c, j, &row));
	for (const struct json *j = p->answers->first; j != NULL; j = j->next)
		TRY(parcel_read_answer(c, j, &answer));
	for (const struct json *j = p->objects->first; j != NULL; j = j->next)
		TRY(parcel_read_object(c, j, &object));
	return OK;
}

static err check_head(struct ctx *c, struct head *h)
{
	uint8_t id[UUID_BYTES];
	int64_t at = 0;
	struct parcel *p = &h->p;
	ENSURE(h->v == 1 && str_is(h->kind, "parcel"), c, ERR_MALFORMED, "this is no parcel");
	ENSURE(p->id.n == UUID_URN && uuid_parse(p->id, id) && time_parse(p->at, &at), c,
		ERR_MALFORMED, "id or at of the parcel is none");
	ENSURE(base64_fixed(p->key_text, p->key, KEY_BYTES) && key_is_sound(p->key) &&
			str_starts(p->kid, p->from) && p->kid.n > p->from.n &&
			p->kid.p[p->from.n] == '#',
		c, ERR_MALFORMED, "the key of the parcel is none");
	return check_members(c, p);
}

err parcel_read(struct ctx *c, struct str bytes, struct parcel *ret, size_t *ret_used)
{
	struct head h;
	const struct json *j;
	size_t line = 0, n = 0;
	TRY(parcel_line(c, bytes, &line, &n));
	ENSURE(bytes.n - line > n, c, ERR_MALFORMED, "the parcel was cut off");
	struct str text = str_sub(bytes, line, n);
	struct str rest = str_sub(bytes, line + n, PARCEL_FRONT - PARCEL_HEAD);
	size_t end = str_find(rest, '\n');
	ENSURE(end < rest.n, c, ERR_MALFORMED, "the parcel was cut off");
	TRY(json_parse_canonical(c, text, &j));
	TRY(json_read(c, j, head_fields, countof(head_fields), false, &h));
	TRY(check_head(c, &h));
	TRY(jws_verify(c, STR("parcel"), h.p.kid, h.p.key, text, str_sub(rest, 0, end)));
	*ret = h.p;
	*ret_used = line + n + end + 1;
	return OK;
}

err parcel_write(struct ctx *c, const struct self *self, struct str id, struct str to,
	struct str at, struct json *rows, struct json *answers, struct json *objects,
	struct str *ret)
{
	struct json *o = json_object(c);
	struct str key, text, signature;
	struct buf b;
	TRY(base64_encode(c, (struct str){(const char *)key_public(self->key), KEY_BYTES}, &key));
	json_set_num(c, &o, "v", 1);
	json_set(&o, "kind", json_z(c, "parcel"));
	json_set_str(c, &o, "id", id);
	json_set_str(c, &o, "from", self->did);
	json_set_str(c, &o, "to", to);
	json_set_str(c, &o, "kid", self->kid);
	json_set_str(c, &o, "key", key);
	json_set_str(c, &o, "at", at);
	json_set(&o, "rows", rows);
	json_set(&o, "answers", answers);
	json_set(&o, "objects", objects);
	TRY(json_canonical(c, o, PARCEL_HEAD, &text));
	TRY(key_sign_jws(c, self->key, STR("parcel"), self->kid, text, &signature));
	buf_init(&b, c->arena, PARCEL_FRONT);
	buf_fmt(&b, "%.*s%zu\n", FMT(prefix), text.n);
	buf_add(&b, text);
	buf_add(&b, signature);
	buf_char(&b, '\n');
	return buf_done(c, &b, ret);
}
