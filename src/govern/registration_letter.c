#include "govern/registration_letter.h"

#include "act/content.h"
#include "act/outbox.h"
#include "base/limits.h"
#include "codec/json_time.h"
#include "codec/uuid.h"
#include "govern/registration_store.h"
#include "invoice/invoice_build.h"
#include "product/product.h"
#include "recognise/interlock.h"

static void set_missing(struct ctx *c, struct json **o, const char *name, struct str text)
{
	if (json_get(*o, name) == NULL && text.n > 0)
		json_set_str(c, o, name, text);
}

err registration_dossier(struct ctx *c, struct acts *n, struct str product, struct json **ret)
{
	const struct self *self = acts_self(n);
	struct revision v;
	struct json *o = json_object(c), *seller = json_object(c), *p = json_object(c);
	TRY(product_find(c, acts_db(n), product, &v));
	json_set_str(c, &seller, "name", self->name);
	json_set_str(c, &seller, "uscc", self->uscc);
	json_set_str(c, &seller, "did", self->did);
	json_set_str(c, &p, "name", v.name);
	json_set_str(c, &p, "id", v.product);
	json_set_num(c, &p, "revision", v.revision);
	json_set_num(c, &o, "v", 1);
	json_set(&o, "kind", json_z(c, "dossier"));
	json_set(&o, "seller", seller);
	json_set(&o, "product", p);
	json_set(&o, "fields", v.dossier == NULL ? json_object(c) : json_copy(c, v.dossier));
	json_set(&o, "object", json_copy(c, v.object_json));
	*ret = o;
	return OK;
}

/* The dossier that is handed in is kept under its digest, which stands in the content. */
static err fill_dossier(struct ctx *c, struct acts *n, struct str product, struct json **o)
{
	const struct json *given = json_get(*o, "dossier");
	struct json *dossier;
	struct hash h;
	if (given != NULL && given->type == JSON_STRING)
		return OK;
	if (given != NULL) {
		dossier = json_copy(c, given);
	} else {
		ENSURE(product.n > 0, c, ERR_MISSING_MEMBER, "say for which product: 'product'");
		TRY(registration_dossier(c, n, product, &dossier));
	}
	TRY(content_put_json(c, acts_db(n), dossier, &h));
	json_set_hex(c, o, "dossier", h.b, HASH_BYTES);
	return OK;
}

static err fill_apply(struct ctx *c, struct acts *n, const struct json *facts, struct json **o)
{
	static const char *const kept[] = {"kind", "name", "overview", "source", "origin", "basis",
		"platform", "rights", "territory", "product", "previous", "holder", NULL};
	struct revision v = {.name = {0}};
	for (size_t i = 0; facts != NULL && kept[i] != NULL; i++) {
		if (json_get(*o, kept[i]) == NULL && json_get(facts, kept[i]) != NULL)
			json_set(o, kept[i], json_copy(c, json_get(facts, kept[i])));
	}
	struct str product = json_text(json_get(*o, "product"));
	if (product.n > 0) {
		TRY(product_find(c, acts_db(n), product, &v));
		json_set_str(c, o, "product", v.product);
		set_missing(c, o, "name", v.name);
		set_missing(c, o, "overview", json_text(json_get(v.dossier, "description")));
		set_missing(c, o, "territory", json_text(json_get(v.dossier, "region")));
	}
	if (json_get(*o, "holder") == NULL) {
		struct json *holder = json_object(c);
		json_set_str(c, &holder, "name", acts_self(n)->name);
		json_set_str(c, &holder, "uscc", acts_self(n)->uscc);
		json_set(o, "holder", holder);
	}
	return fill_dossier(c, n, product, o);
}

/* A limit said as a period counts from today. */
static err fill_limit(struct ctx *c, int64_t day, struct json **o)
{
	struct calendar_period p;
	int64_t to = 0;
	if (!calendar_period_parse(json_text(json_get(*o, "limit")), &p))
		return OK;
	TRY(calendar_add(c, day, p, &to));
	json_set_day(c, o, "limit", to);
	return OK;
}

static err fill_issue(
	struct ctx *c, struct acts *n, const struct registration *r, int64_t day, struct json **o)
{
	struct registrar_office office;
	struct registration_code code;
	struct str text;
	char today[DAY_TEXT + 1], month[7] = {0};
	uint64_t year = 0;
	int64_t deposited = registration_day(json_get(r->facts, "deposit"), "day");
	TRY(registration_office(c, acts_db(n), &office));
	day_text(day, today);
	for (unsigned i = 0; i < 6; i++)
		month[i] = today[i < 4 ? i : i + 1];
	ENSURE(str_u64(str_sub(str_z(month), 0, 4), &year), c, ERR_CORRUPT, "no year");
	code = (struct registration_code){.region = office.region,
		.digit = office.digit,
		.year = (int64_t)year,
		.month = (month[4] - '0') * 10 + (month[5] - '0')};
	TRY(registration_store_serial(c, acts_db(n), str_z(month), &code.serial));
	code.serial++;
	TRY(registration_code_write(c, &code, &text));
	json_set_str(c, o, "code", text);
	json_set(o, "official", json_bool(c, office.authority.n > 0));
	if (json_get(*o, "rights") == NULL)
		json_set(o, "rights", json_copy(c, json_get(r->facts, "rights")));
	if (json_get(*o, "from") == NULL)
		json_set_day(c, o, "from", deposited);
	if (json_get(*o, "to") == NULL)
		json_set_day(c, o, "to", registration_valid_to(deposited));
	set_missing(c, o, "territory", json_text(json_get(r->facts, "territory")));
	return OK;
}

/* What follows from the case stands in the step without being said. */
static err fill(struct ctx *c, struct acts *n, const struct registration *r,
	enum registration_event event, int64_t day, struct json **o)
{
	int64_t to = 0;
	if (event == REG_APPLY || event == REG_CORRECT)
		return fill_apply(c, n, r->facts, o);
	if (event == REG_SUPPLY)
		return fill_dossier(c, n, json_text(json_get(r->facts, "product")), o);
	if (event == REG_RETURN || event == REG_ASK)
		return fill_limit(c, day, o);
	if (event == REG_PUBLISH) {
		TRY(calendar_add_working_days(c, day, REGISTRATION_PUBLICITY_WD, &to));
		json_set_day(c, o, "from", day);
		json_set_day(c, o, "to", to);
	}
	if (event == REG_DEPOSIT && json_get(*o, "evidence") == NULL)
		json_set_hex(c, o, "evidence", r->document.b, HASH_BYTES);
	return event == REG_ISSUE ? fill_issue(c, n, r, day, o) : OK;
}

static err letter(struct ctx *c, struct acts *n, const struct registration *r,
	const struct registration_move *m, struct json **body)
{
	struct json *d;
	struct hash document, signature;
	TRY(invoice_document(c, n, "registration", &d));
	json_set_str(c, &d, "case", r->id);
	json_set_str(c, &d, "to", r->peer);
	json_set(&d, "step", json_z(c, registration_event_name(m->event)));
	json_set_day(c, &d, "day", m->day);
	json_set(&d, "content", json_copy(c, m->content));
	TRY(invoice_sign(c, n, d, &document, &signature));
	json_set_hex(c, body, "document", document.b, HASH_BYTES);
	json_set_hex(c, body, "signature", signature.b, HASH_BYTES);
	return OK;
}

err registration_do(struct ctx *c, struct acts *n, struct str actor, const struct registration *r,
	enum registration_event event, const struct json *content, struct entry *ret)
{
	struct registration next;
	struct json *body = json_object(c), *due, *said = json_copy(c, content);
	struct entry e;
	int64_t day = calendar_day(acts_now_ms(n));
	enum registration_state unused;
	TRY(acts_tick(c, n));
	TRY(registration_step(c, r->state, event, r->role, &unused));
	TRY(fill(c, n, r, event, day, &said));
	const struct registration_move m = {
		.event = event, .by = r->role, .day = day, .content = said};
	TRY(registration_advance(c, r, &m, &next));
	TRY(registration_next(c, &next, 0, &due));
	TRY(letter(c, n, r, &m, &body));
	json_set_str(c, &body, "party", r->peer);
	json_set(&body, "step", json_z(c, registration_event_name(event)));
	json_set_day(c, &body, "day", day);
	json_set(&body, "content", json_copy(c, said));
	if (due != NULL)
		json_set(&body, "next", due);
	const struct act a = {STR("registration.step"), actor, r->id, body, NULL};
	TRY(acts_do(c, n, &a, &e));
	if (ret != NULL)
		*ret = e;
	const struct outbox_row row = {.index = e.index,
		.peer = r->peer,
		.kind = STR("registration.step"),
		.subject = r->id};
	return outbox_put(c, n, &row, 0);
}

err registration_apply(struct ctx *c, struct acts *n, struct str actor, struct str peer,
	const struct json *wish, struct entry *ret)
{
	struct organisation o;
	struct registration r = {.role = REG_APPLICANT};
	TRY(organisation_named(c, acts_db(n), peer, &o));
	ENSURE(o.status == ORGANISATION_APPROVED && o.joined, c, ERR_FORBIDDEN,
		"%.*s is not an approved party with a node: what a registrar without one has "
		"issued is entered with shugu register enter",
		FMT(o.did));
	r.peer = o.did;
	TRY(uuid_new_urn(c, acts_env(n), &r.id));
	return registration_do(c, n, actor, &r, REG_APPLY, wish, ret);
}

static err member(
	struct ctx *c, struct acts *n, const struct json *o, const char *name, struct str *ret)
{
	struct hash h;
	ENSURE(hash_parse(json_text(json_get(o, name)), &h), c, ERR_CORRUPT, "no %s", name);
	return content_get(c, acts_db(n), &h, ret);
}

err registration_tell(
	struct ctx *c, struct acts *n, struct str peer, uint64_t index, struct json **ret)
{
	struct entry e;
	struct json *o;
	const struct json *j;
	struct str text;
	TRY(acts_entry(c, n, index, &e));
	TRY(interlock_show(c, n, peer, index, &o));
	TRY(member(c, n, e.body, "document", &text));
	TRY(json_parse(c, text, &j));
	json_set(&o, "document", json_copy(c, j));
	TRY(member(c, n, e.body, "signature", &text));
	json_set_str(c, &o, "signature", text);
	const struct json *content = json_get(e.body, "content");
	if (json_get(content, "dossier") != NULL) {
		TRY(member(c, n, content, "dossier", &text));
		TRY(json_parse(c, text, &j));
		json_set(&o, "dossier", json_copy(c, j));
	}
	*ret = o;
	return OK;
}
