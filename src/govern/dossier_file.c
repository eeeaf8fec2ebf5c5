#include "govern/dossier_file.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "base/limits.h"
#include "codec/charset.h"
#include "codec/day.h"
#include "codec/json_time.h"
#include "codec/xlsx.h"
#include "govern/registration_rules.h"
#include "party/uscc.h"
#include "product/dossier.h"
#include "product/exhibit_claims.h"
#include "product/identifiers.h"
#include "product/profile.h"
#include "product/window.h"

struct reading {
	struct ctx *c;
	const struct rule_set *set;
	int dir;
	int64_t day;
	struct json *facts, *items, *seen_items, *seen_data, *contradictions;
	bool misused; /* one file under contradicting claims */
};

struct item {
	struct str id, kind, file, sha256, title;
	const struct json *claims;
};

static bool is_plain_name(struct str s)
{
	return s.n > 0 && s.n < 256 && str_find(s, '/') == s.n && s.p[0] != '.' &&
	       str_find(s, '\0') == s.n;
}

/* Opens a file beside the dossier; -1 where it is not there. */
static err open_beside(const struct reading *r, struct str name, int *ret)
{
	ENSURE(is_plain_name(name), r->c, ERR_BAD_VALUE,
		"%.*s: files stand beside the dossier, under a name without /",
		FMT(str_sub(name, 0, 100)));
	const char *z = arena_z(r->c->arena, name);
	ENSURE(z != NULL, r->c, ERR_MEMORY, "no memory for a name");
	*ret = openat(r->dir, z, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	return OK;
}

/* One pass over a file: its digest and, where ids is not NULL, the identifiers in its text. ASCII stands for itself but in UTF-16. */
static err look_at_bytes(struct ctx *c, int fd, enum charset charset, struct identifiers *ids,
	struct hash *ret_digest, uint64_t *ret_size)
{
	bool converted = charset == CHARSET_UTF16LE || charset == CHARSET_UTF16BE;
	struct window w = {.fd = fd, .given = converted ? charset : CHARSET_UTF8};
	TRY(hash_open(c, &w.digest));
	TRY(window_open(c, c, &w));
	do {
		TRY(window_fill(c, &w, (struct str){w.bytes, 0}));
		if (ids != NULL)
			identifiers_feed(ids, (struct str){w.bytes, w.n});
	} while (!w.last);
	return window_digest(c, &w, ret_digest, ret_size);
}

static void contradict(struct reading *r, struct str id, const struct json *what)
{
	struct json *o = json_copy(r->c, what);
	json_set_str(r->c, &o, "id", id);
	json_push(&r->contradictions, o);
}

/* The file of an item: its digest, and what it says. ret_unsound: why it does not count. */
static err look_at_file(struct reading *r, const struct item *i, struct json **seen,
	struct exhibit_claims *x, struct str *unsound)
{
	struct source s;
	struct hash digest;
	uint64_t size = 0;
	cleanup(fd_closep) int fd = -1;
	TRY(open_beside(r, i->file, &fd));
	if (fd < 0 || source_of_file(r->c, fd, &s) != OK) {
		*unsound = STR("its file is not there");
		return OK;
	}
	TRY(look_at_bytes(r->c, fd, CHARSET_UTF8, NULL, &digest, &size));
	json_set_hex(r->c, seen, "sha256", digest.b, sizeof digest.b);
	if (i->sha256.n > 0 && !str_eq(i->sha256, json_text(json_get(*seen, "sha256")))) {
		*unsound = STR("its file is not the one whose digest is stated");
		return OK;
	}
	TRY(exhibit_claims_read(r->c, &s, i->file, i->claims, x));
	if (x->damaged)
		*unsound = STR("its file is damaged");
	else
		json_set(seen, "read", json_bool(r->c, x->read));
	return OK;
}

/* Another item with the same file, but of another kind or with other claims. */
static void look_for_misuse(struct reading *r, const struct json *seen)
{
	struct str digest = json_text(json_get(seen, "sha256"));
	for (const struct json *j = r->seen_items->first; digest.n > 0 && j != NULL; j = j->next) {
		if (str_eq(digest, json_text(json_get(j, "sha256"))) &&
			(!json_eq(json_get(j, "kind"), json_get(seen, "kind")) ||
				!json_eq(json_get(j, "claims"), json_get(seen, "claims"))))
			r->misused = true;
	}
}

static err read_item(struct reading *r, const struct json *j)
{
	static const struct json_field fields[] = {
		{"id", JSON_K_TEXT, false, offsetof(struct item, id), LIMIT_NAME, NULL},
		{"kind", JSON_K_TEXT, false, offsetof(struct item, kind), LIMIT_NAME, NULL},
		{"file", JSON_K_TEXT, true, offsetof(struct item, file), LIMIT_NAME, NULL},
		{"sha256", JSON_K_TEXT, true, offsetof(struct item, sha256), LIMIT_NAME, NULL},
		{"title", JSON_K_TEXT, true, offsetof(struct item, title), 0, NULL},
		{"claims", JSON_K_OBJECT, true, offsetof(struct item, claims), 0, NULL},
	};
	struct item i = {0};
	struct str unsound = {"", 0};
	struct exhibit_claims x;
	struct json *seen = json_object(r->c);
	TRY(json_read(r->c, j, fields, countof(fields), false, &i));
	json_set_str(r->c, &seen, "id", i.id);
	json_set_str(r->c, &seen, "kind", i.kind);
	TRY(exhibit_claims_read(r->c, NULL, i.file, i.claims, &x));
	if (i.file.n > 0)
		TRY(look_at_file(r, &i, &seen, &x, &unsound));
	for (const struct json *o = x.contradicted->first; o != NULL; o = o->next)
		contradict(r, i.id, o);
	if (str_is(i.kind, "title_certificate")) {
		struct registration_code code;
		struct str text = json_text(json_get(x.claims, "code"));
		json_set(&x.claims, "code_valid",
			json_bool(r->c, registration_code_read(text, &code)));
	}
	json_set(&seen, "claims", json_copy(r->c, x.claims));
	json_set(&seen, "stated", x.stated);
	if (unsound.n > 0)
		json_set_str(r->c, &seen, "unsound", unsound);
	look_for_misuse(r, seen);
	struct json *out = json_object(r->c);
	json_set_str(r->c, &out, "id", i.id);
	json_set_str(r->c, &out, "kind", i.kind);
	if (unsound.n > 0)
		json_set_str(r->c, &out, "unsound", unsound);
	json_set(&out, "claims", x.claims);
	json_push(&r->items, out);
	json_push(&r->seen_items, seen);
	return OK;
}

static err on_cell(void *arg, const struct xlsx_cell *cell)
{
	identifiers_value(arg, cell->text);
	return OK;
}

/* Every byte, as the profile says that it is to be read. */
static err look_at_data(struct reading *r, int fd, const struct source *s,
	const struct json *profile, struct hash *ret_digest, struct identifiers_found *ret)
{
	struct identifiers *ids;
	struct xlsx *x;
	uint64_t size = 0;
	bool sheet = str_is(json_text(json_get(profile, "format")), "xlsx");
	enum charset charset = charset_named(json_text(json_get(profile, "encoding")));
	TRY(identifiers_open(r->c, r->day, &ids));
	TRY(look_at_bytes(r->c, fd, charset, sheet ? NULL : ids, ret_digest, &size));
	if (sheet) {
		TRY(xlsx_open(r->c, s, LIMIT_XLSX_SHEET, &x));
		TRY(xlsx_read(r->c, x, on_cell, ids));
	}
	*ret = identifiers_done(ids);
	return OK;
}

static int64_t number(const struct json *o, const char *name)
{
	int64_t v = 0;
	return json_int(json_get(o, name), &v) ? v : -1;
}

/* The days of a table: of its only column of times. */
static void measure_days(struct reading *r, const struct json *columns)
{
	const struct json *only = NULL;
	int64_t day = 0;
	for (const struct json *x = columns->first; x != NULL; x = x->next) {
		struct str type = json_text(json_get(x, "type"));
		if (!str_is(type, "date") && !str_is(type, "time") && !str_is(type, "datetime"))
			continue;
		if (only != NULL)
			return;
		only = x;
	}
	struct str min = str_sub(json_text(json_get(only, "min")), 0, DAY_TEXT),
		   max = str_sub(json_text(json_get(only, "max")), 0, DAY_TEXT);
	if (!day_parse(min, &day) || !day_parse(max, &day))
		return;
	json_set_str(r->c, &r->facts, "measured.first_day", min);
	json_set_str(r->c, &r->facts, "measured.last_day", max);
}

static void add_fact(struct reading *r, const char *name, int64_t n)
{
	int64_t before = number(r->facts, name);
	json_set_num(r->c, &r->facts, name, before < 0 ? n : before + n);
}

static void note_found(struct reading *r, const struct identifiers_found *f, struct json **seen)
{
	struct json *o = json_object(r->c);
	uint64_t all = 0;
	for (size_t i = 0; i < IDENTIFIERS; i++) {
		all += f->n[i];
		json_set_num(r->c, &o, identifier_names[i], (int64_t)f->n[i]);
	}
	json_set_num(r->c, &o, "minors", (int64_t)f->minors);
	json_set(seen, "identifiers", o);
	add_fact(r, "scan.identifiers", (int64_t)all);
	/* Of these the law names financial accounts (PIPL, article 28); who has an identity number is not sensitive by that alone. */
	add_fact(r, "scan.sensitive", (int64_t)f->n[IDENTIFIER_BANK_CARD]);
	add_fact(r, "scan.minors", (int64_t)f->minors);
}

static err read_data(struct reading *r, const struct json *j, bool alone)
{
	struct {
		struct str file, sha256;
	} d = {0};
	static const struct json_field fields[] = {
		{"file", JSON_K_TEXT, false, 0, LIMIT_NAME, NULL},
		{"sha256", JSON_K_TEXT, true, sizeof(struct str), LIMIT_NAME, NULL},
	};
	struct source s;
	struct hash digest;
	struct json *seen = json_object(r->c), *profile;
	struct identifiers_found found;
	cleanup(fd_closep) int fd = -1;
	TRY(json_read(r->c, j, fields, countof(fields), false, &d));
	TRY(open_beside(r, d.file, &fd));
	ENSURE(fd >= 0, r->c, ERR_NOT_FOUND, "the data are not there: %.*s", FMT(d.file));
	TRY(source_of_file(r->c, fd, &s));
	TRY(profile_file(r->c, fd, d.file, CHARSET_UNKNOWN, &profile));
	TRY(look_at_data(r, fd, &s, profile, &digest, &found));
	json_set_str(r->c, &seen, "file", d.file);
	json_set_hex(r->c, &seen, "sha256", digest.b, sizeof digest.b);
	ENSURE(d.sha256.n == 0 || str_eq(d.sha256, json_text(json_get(seen, "sha256"))), r->c,
		ERR_BAD_DIGEST, "%.*s is not the file whose digest is stated", FMT(d.file));
	json_set_num(r->c, &seen, "size", (int64_t)s.size);
	note_found(r, &found, &seen);
	const struct json *columns = json_get(profile, "columns");
	if (columns != NULL && json_get(profile, "stopped") == NULL) {
		json_set_num(r->c, &seen, "rows", number(profile, "rows"));
		json_set_num(r->c, &seen, "columns", (int64_t)columns->n);
		add_fact(r, "measured.rows", number(profile, "rows"));
		if (alone) {
			json_set_num(r->c, &r->facts, "measured.columns", (int64_t)columns->n);
			measure_days(r, columns);
		}
		json_set_str(r->c, &r->facts, "deliver.fingerprint",
			json_text(json_get(seen, "sha256")));
	}
	json_push(&r->seen_data, seen);
	return OK;
}

/* GB/T 43697-2024, 6.5: object of harm by degree; what only organisations or individuals suffer is general. */
static const char *level_of(struct str harmed, struct str harm)
{
	if (str_is(harmed, "organisation") || str_is(harmed, "individual"))
		return "general";
	bool national = str_is(harmed, "national-security");
	if (str_is(harm, "grave"))
		return "core";
	if (str_is(harm, "serious"))
		return national ? "core" : "important";
	return national ? "important" : "general";
}

static int rank_of(struct str level)
{
	return str_is(level, "core") ? 2 : str_is(level, "important") ? 1 : 0;
}

static void grade(struct reading *r, const struct json *fields)
{
	struct str harmed = json_text(json_get(fields, "harmed")),
		   harm = json_text(json_get(fields, "harm"));
	struct str level = json_text(json_get(fields, "level"));
	if (harmed.n > 0 && harm.n > 0 && level.n > 0)
		json_set(&r->facts, "grade.fits_table",
			json_bool(r->c, rank_of(level) >= rank_of(str_z(level_of(harmed, harm)))));
}

/* What this program does with every delivery, and knows of its own log. */
static void own_facts(struct reading *r)
{
	static const char *const does[] = {
		"deliver.encrypted", "deliver.logged", "deliver.revocable", "record.append_only"};
	for (size_t i = 0; i < countof(does); i++)
		json_set(&r->facts, does[i], json_bool(r->c, true));
	json_set_num(r->c, &r->facts, "record.years", 20);
	json_set(&r->facts, "order.present", json_bool(r->c, false));
	json_set(&r->facts, "grade.aggregate_exceeds", json_bool(r->c, false));
}

static err read_seller(struct reading *r, const struct json *j)
{
	struct {
		struct str name, uscc;
	} s = {0};
	static const struct json_field fields[] = {
		{"name", JSON_K_TEXT, false, 0, LIMIT_NAME, NULL},
		{"uscc", JSON_K_TEXT, false, sizeof(struct str), LIMIT_NAME, NULL},
	};
	TRY(json_read(r->c, j, fields, countof(fields), false, &s));
	json_set_str(r->c, &r->facts, "seller.uscc", s.uscc);
	json_set(&r->facts, "seller.uscc_valid", json_bool(r->c, uscc_check(s.uscc) == USCC_GOOD));
	return OK;
}

struct dossier_file {
	int64_t v;
	struct str kind;
	const struct json *seller, *product, *fields, *evidence, *data;
};

static err read_file(struct reading *r, const struct dossier_file *f)
{
	TRY(dossier_check(r->c, f->fields));
	r->facts = dossier_facts(r->c, f->fields);
	TRY(read_seller(r, f->seller));
	own_facts(r);
	grade(r, f->fields);
	json_set(&r->facts, "listing.day", json_day(r->c, r->day));
	ENSURE(f->evidence == NULL || f->evidence->n <= LIMIT_EVIDENCE_ITEMS, r->c, ERR_TOO_LARGE,
		"at most %u items of evidence", LIMIT_EVIDENCE_ITEMS);
	for (const struct json *j = f->evidence == NULL ? NULL : f->evidence->first; j != NULL;
		j = j->next)
		TRY(read_item(r, j));
	for (const struct json *j = f->data == NULL ? NULL : f->data->first; j != NULL; j = j->next)
		TRY(read_data(r, j, f->data->n == 1));
	json_set(&r->facts, "evidence.contradicting", json_bool(r->c, r->misused));
	json_set(&r->facts, "declared.contradicted",
		json_bool(r->c, r->contradictions != NULL && r->contradictions->n > 0));
	return OK;
}

err dossier_case_read(struct ctx *c, const struct rule_set *s, const struct json *dossier, int dir,
	int64_t day, struct dossier_case *ret)
{
	static const struct json_field fields[] = {
		{"v", JSON_K_INT, false, offsetof(struct dossier_file, v), 0, NULL},
		{"kind", JSON_K_TEXT, false, offsetof(struct dossier_file, kind), 0, NULL},
		{"seller", JSON_K_OBJECT, false, offsetof(struct dossier_file, seller), 0, NULL},
		{"product", JSON_K_OBJECT, false, offsetof(struct dossier_file, product), 0, NULL},
		{"fields", JSON_K_OBJECT, false, offsetof(struct dossier_file, fields), 0, NULL},
		{"evidence", JSON_K_ARRAY, true, offsetof(struct dossier_file, evidence), 0, NULL},
		{"data", JSON_K_ARRAY, true, offsetof(struct dossier_file, data), 0, NULL},
	};
	struct dossier_file f = {0};
	struct reading r = {.c = c,
		.set = s,
		.dir = dir,
		.day = day,
		.items = json_array(c),
		.seen_items = json_array(c),
		.seen_data = json_array(c),
		.contradictions = json_array(c)};
	struct json *input = json_object(c), *seen = json_object(c);
	TRY(json_read(c, dossier, fields, countof(fields), false, &f));
	ENSURE(f.v == 1 && str_is(f.kind, "dossier"), c, ERR_BAD_VALUE,
		"this is no dossier: v is 1 and kind is dossier");
	TRY(read_file(&r, &f));
	json_set(&input, "day", json_copy(c, json_get(r.facts, "listing.day")));
	json_set(&input, "facts", r.facts);
	json_set(&input, "evidence", r.items);
	json_set(&seen, "evidence", r.seen_items);
	json_set(&seen, "data", r.seen_data);
	json_set(&seen, "contradictions", r.contradictions);
	ENSURE(input != NULL && seen != NULL, c, ERR_TOO_LARGE, "the dossier says too much");
	*ret = (struct dossier_case){input, seen};
	return OK;
}
