#include "main/verify_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "chain/tree.h"
#include "proof/trust.h"

bool verify_language(struct str word, enum verdict_language *ret)
{
	*ret = str_is(word, "zh") ? VERDICT_ZH : VERDICT_EN;
	return str_is(word, "zh") || str_is(word, "en");
}

static void closep(FILE **f)
{
	if (*f != NULL)
		(void)fclose(*f);
}

/* Fills what it can of n bytes. */
static err read_some(struct ctx *c, FILE *f, const char *path, char *p, size_t n, size_t *ret)
{
	*ret = fread(p, 1, n, f);
	ENSURE(ferror(f) == 0, c, ERR_IO, "%s cannot be read", path);
	return OK;
}

static err open_file(struct ctx *c, const char *path, FILE **ret)
{
	FILE *f = fopen(path, "rbe");
	ENSURE(f != NULL, c, ERR_IO, "%s: %s", path, strerror(errno));
	*ret = f;
	return OK;
}

/* A whole file; ERR_TOO_LARGE beyond max. */
static err read_file(struct ctx *c, const char *path, size_t max, struct str *ret)
{
	cleanup(closep) FILE *f = NULL;
	char *p;
	size_t n = 0;
	TRY(open_file(c, path, &f));
	NEW_N(c, p, max + 1);
	TRY(read_some(c, f, path, p, max + 1, &n));
	ENSURE(n <= max, c, ERR_TOO_LARGE, "the file is larger than %zu bytes", max);
	*ret = (struct str){p, n};
	return OK;
}

/* Size, digest and the root over chunks (docs/FORMATS.md, 8), in constant memory. */
static err check_object(struct ctx *c, const char *path, const struct object *o)
{
	cleanup(closep) FILE *f = NULL;
	struct tree t = {0};
	struct hash_stream *s;
	uint64_t size = 0;
	char *p;
	size_t n = 0;
	TRY(open_file(c, path, &f));
	TRY(hash_open(c, &s));
	NEW_N(c, p, DOCUMENT_CHUNK);
	do {
		TRY(read_some(c, f, path, p, DOCUMENT_CHUNK, &n));
		struct hash leaf = hash_leaf((struct str){p, n});
		if (n > 0)
			tree_append(&t, &leaf, NULL, NULL);
		hash_update(s, p, n);
		size += n;
	} while (n == DOCUMENT_CHUNK);
	struct hash root = tree_root(&t), digest = hash_finish(s);
	ENSURE(size == (uint64_t)o->size && hash_eq(&root, &o->root) &&
			hash_eq(&digest, &o->sha256),
		c, ERR_BAD_DIGEST, "the file given is not the object of this invoice");
	return OK;
}

static int fault(struct ctx *c, const struct verify_options *o, const char *path)
{
	(void)fprintf(stderr, "%s: %s: %s\n", o->program, path, c->trouble.detail);
	return EXIT_FAULT;
}

static err print(struct ctx *c, const struct verify_options *o, struct invoice_file *f)
{
	struct str text;
	f->unmet = o->required && f->check == CHECK_NONE && !invoice_meets(f, o->require);
	if (o->json)
		TRY(verdict_json(c, f, &text));
	else
		TRY(verdict_text(c, f, o->language, &text));
	bool put = printf("%.*s%s", FMT(text), o->json ? "\n" : "") >= 0;
	if (f->unmet && !o->json)
		put = printf("  %s: %s\n", verdict_say(o->language, SAY_UNMET),
			      verdict_say(o->language,
				      SAY_CLAIMED + (enum verdict_message)o->require)) >= 0 &&
		      put;
	ENSURE(put, c, ERR_IO, "standard output cannot be written");
	return OK;
}

/* The file's own checks, then those of what stands beside it. */
static err check_all(struct ctx *c, const struct verify_options *o, struct str text,
	struct str trust, struct invoice_file *f)
{
	TRY(invoice_verify(c, text, f));
	if (o->trust != NULL) {
		f->check = CHECK_KEYS;
		TRY(trust_check(c, trust, f));
		f->trusted = true;
	}
	if (o->object != NULL) {
		f->check = CHECK_OBJECT;
		TRY(check_object(c, o->object, &f->g.object));
		f->delivered_file = true;
	}
	f->check = CHECK_NONE;
	return OK;
}

/* name: how the verdict calls it where several are told of, or empty. */
static int verify_file(
	const struct verify_options *o, const char *path, struct str name, struct str trust)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct invoice_file f = {.check = CHECK_FILE};
	struct str text;
	if (a == NULL) {
		(void)fail(&c, ERR_MEMORY, "out of memory");
		return fault(&c, o, path);
	}
	err e = read_file(&c, path, LIMIT_INVOICE_FILE, &text);
	if (e == OK)
		e = check_all(&c, o, text, trust, &f);
	if (e == ERR_MALFORMED && f.check == CHECK_KEYS) {
		(void)fault(&c, o, o->trust);
		return EXIT_USAGE;
	}
	if (e != OK && err_is_fault(e))
		return fault(&c, o, path);
	f.name = name;
	if (print(&c, o, &f) != OK)
		return fault(&c, o, path);
	return e == OK && (!o->required || invoice_meets(&f, o->require)) ? EXIT_YES : EXIT_NO;
}

int verify_run(const struct verify_options *o, int n, char **paths)
{
	cleanup(arena_freep) struct arena *a = arena_new(2 * (size_t)TRUST_FILE);
	struct ctx c = {.arena = a};
	struct str trust = {0};
	int worst = EXIT_YES;
	if (o->trust != NULL && (a == NULL || read_file(&c, o->trust, TRUST_FILE, &trust) != OK))
		return fault(&c, o, o->trust);
	for (int i = 0; i < n; i++) {
		int is = verify_file(o, paths[i], str_z(n > 1 ? paths[i] : ""), trust);
		worst = is > worst ? is : worst;
	}
	return fflush(stdout) == 0 ? worst : EXIT_FAULT;
}
