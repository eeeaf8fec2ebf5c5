#include "main/dossier_out.h"

#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "base/limits.h"
#include "main/copy.h"
#include "store/blobs.h"

struct out {
	struct ctx *c;
	const struct options *o;
	struct control *k;
	struct str directory, prefix; /* "path/to/" or empty, "NAME" */
	int64_t n;                    /* of files of evidence */
};

static err open_out(struct out *w, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str name = str_z(slash == NULL ? path : slash + 1), end = STR(".dossier.json");
	ENSURE(str_ends(name, end) && name.n > end.n && name.p[0] != '.', w->c, ERR_USAGE,
		"-o is NAME.dossier.json");
	w->prefix = str_sub(name, 0, name.n - end.n);
	w->directory = str_sub(str_z(path), 0, (size_t)(name.p - path));
	return OK;
}

/* A copy of an object beside the dossier. */
static err put_file(struct out *w, struct str root, struct str name)
{
	struct hash h;
	char object[BLOB_NAME];
	const char *blobs;
	struct str from, to;
	ENSURE(hash_parse(root, &h), w->c, ERR_CORRUPT, "an object without a root");
	TRY(node_path(w->c, w->o->data, "blobs", &blobs));
	blob_name(&h, "", object);
	TRY(arena_fmt(w->c, &from, "%s/%s", blobs, object));
	TRY(arena_fmt(w->c, &to, "%.*s%.*s", FMT(w->directory), FMT(name)));
	return copy_object(w->c, from.p, to.p);
}

/* What a person states of it, also where its file says otherwise; what the file says it says again. */
static struct json *stated_claims(struct ctx *c, const struct json *x)
{
	struct json *o = json_object(c);
	const struct json *claims = json_get(x, "claims"), *stated = json_get(x, "stated"),
			  *no = json_get(x, "contradicted");
	for (const struct json *j = stated == NULL ? NULL : stated->first; j != NULL; j = j->next) {
		const char *name = arena_z(c->arena, j->text);
		json_set(&o, name, json_copy(c, json_get(claims, name)));
	}
	for (const struct json *j = no == NULL ? NULL : no->first; j != NULL; j = j->next) {
		const struct json *said = json_get(j, "stated");
		if (said != NULL)
			json_set(&o, arena_z(c->arena, json_text(json_get(j, "claim"))),
				json_copy(c, said));
	}
	return o;
}

static err put_item(struct out *w, const struct json *x, struct json **all)
{
	struct json *o = json_object(w->c), *claims = stated_claims(w->c, x);
	struct str name;
	TRY(arena_fmt(w->c, &name, "%.*s-%02lld-%.*s", FMT(w->prefix), (long long)++w->n,
		FMT(json_text(json_get(x, "file")))));
	TRY(put_file(w, json_text(json_get(x, "root")), name));
	json_set_str(w->c, &o, "id", json_text(json_get(x, "id")));
	json_set_str(w->c, &o, "kind", json_text(json_get(x, "kind")));
	json_set_str(w->c, &o, "title", json_text(json_get(x, "title")));
	json_set_str(w->c, &o, "file", name);
	json_set_str(w->c, &o, "sha256", json_text(json_get(x, "sha256")));
	if (claims != NULL && claims->n > 0)
		json_set(&o, "claims", claims);
	json_push(all, o);
	return OK;
}

/* All that counts, page by page. */
static err put_evidence(struct out *w, struct str product, struct json **all)
{
	struct str segment, target, next = {"", 0};
	const struct json *page = NULL;
	TRY(control_segment(w->c, product, &segment));
	do {
		TRY(arena_fmt(w->c, &target, "/api/v1/products/%.*s/evidence%s%.*s", FMT(segment),
			next.n > 0 ? "?cursor=" : "", FMT(next)));
		TRY(control_call(w->c, w->k, "GET", target, NULL, &page));
		const struct json *rows = json_get(page, "evidence");
		for (const struct json *x = rows == NULL ? NULL : rows->first; x != NULL;
			x = x->next) {
			const struct json *counts = json_get(x, "counts");
			if (counts != NULL && counts->type == JSON_TRUE)
				TRY(put_item(w, x, all));
		}
		next = json_text(json_get(page, "next"));
	} while (next.n > 0 && w->n <= (int64_t)LIMIT_EVIDENCE_ITEMS);
	return OK;
}

/* The suffix by which a file of that type is read. */
static const char *suffix_of(struct str type)
{
	static const struct {
		const char *type, *suffix;
	} all[] = {{"text/csv", "csv"}, {"text/tab-separated-values", "tsv"},
		{"application/json", "json"}, {"application/jsonl", "jsonl"},
		{"application/vnd.apache.parquet", "parquet"},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"}};
	for (size_t i = 0; i < countof(all); i++) {
		if (str_is(type, all[i].type))
			return all[i].suffix;
	}
	return "bin";
}

static err put_data(struct out *w, const struct json *product, struct json **dossier)
{
	const struct json *object = json_get(product, "object");
	struct json *o = json_object(w->c), *all = json_array(w->c);
	struct str name;
	TRY(arena_fmt(w->c, &name, "%.*s-data.%s", FMT(w->prefix),
		suffix_of(json_text(json_get(product, "mediaType")))));
	TRY(put_file(w, json_text(json_get(object, "root")), name));
	json_set_str(w->c, &o, "file", name);
	json_set_str(w->c, &o, "sha256", json_text(json_get(object, "sha256")));
	json_push(&all, o);
	json_set(dossier, "data", all);
	return OK;
}

static err put_heads(struct out *w, const struct json *product, struct json **d)
{
	const struct json *node = NULL;
	struct json *seller = json_object(w->c), *p = json_object(w->c);
	int64_t revision = 0;
	TRY(control_call(w->c, w->k, "GET", STR("/api/v1/node"), NULL, &node));
	json_set_str(w->c, &seller, "name", json_text(json_get(node, "name")));
	json_set_str(w->c, &seller, "uscc", json_text(json_get(node, "uscc")));
	(void)json_int(json_get(product, "revision"), &revision);
	json_set_str(w->c, &p, "name", json_text(json_get(product, "name")));
	json_set_str(w->c, &p, "id", json_text(json_get(product, "product")));
	json_set_num(w->c, &p, "revision", revision);
	json_set_num(w->c, d, "v", 1);
	json_set(d, "kind", json_z(w->c, "dossier"));
	json_set(d, "seller", seller);
	json_set(d, "product", p);
	json_set(d, "fields", json_copy(w->c, json_get(product, "dossier")));
	return OK;
}

err dossier_out(struct ctx *c, const struct options *o, struct control *k,
	const struct json *product, const char *path, bool with_data, const struct json **ret)
{
	struct out w = {.c = c, .o = o, .k = k};
	struct json *d = json_object(c), *evidence = json_array(c);
	struct str text;
	TRY(open_out(&w, path));
	TRY(put_heads(&w, product, &d));
	TRY(put_evidence(&w, json_text(json_get(product, "product")), &evidence));
	json_set(&d, "evidence", evidence);
	if (with_data)
		TRY(put_data(&w, product, &d));
	TRY(json_write(c, d, true, LIMIT_RULE_FILE, &text));
	TRY(file_write(c, &env_system, path, text, 0644));
	*ret = d;
	return OK;
}

void dossier_out_remove(const char *directory)
{
	cleanup(dir_closep) DIR *d = opendir(directory);
	for (const struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d))
		(void)unlinkat(dirfd(d), e->d_name, 0);
	(void)rmdir(directory);
}
