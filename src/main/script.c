#include "main/script.h"

#include "base/limits.h"

static const struct json_field fields[] = {
	{"at", JSON_K_TEXT, true, offsetof(struct script_line, at), 64, NULL},
	{"node", JSON_K_TEXT, true, offsetof(struct script_line, node), 64, NULL},
	{"refused", JSON_K_TEXT, true, offsetof(struct script_line, refused), LIMIT_NAME, NULL},
	{"init", JSON_K_OBJECT, true, offsetof(struct script_line, init), 0, NULL},
	{"cmd", JSON_K_ARRAY, true, offsetof(struct script_line, cmd), 0, NULL},
	{"as", JSON_K_OBJECT, true, offsetof(struct script_line, as), 0, NULL},
	{"say", JSON_K_OBJECT, true, offsetof(struct script_line, say), 0, NULL},
};

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		bool fits = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
			    (ch >= '0' && ch <= '9') || ch == '_' || ch == '-' ||
			    (ch == '.' && i > 0);
		if (!fits)
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

err script_read(struct ctx *c, struct str text, struct script_line *ret)
{
	struct script_line l = {.init = NULL};
	const struct json *j;
	TRY(json_parse(c, text, &j));
	TRY(json_read(c, j, fields, countof(fields), false, &l));
	ENSURE(l.node.n == 0 || is_name(l.node), c, ERR_BAD_VALUE,
		"node is the name of a directory: letters, digits, '.', '_' and '-'");
	ENSURE(l.cmd == NULL || l.init == NULL, c, ERR_BAD_VALUE, "a line has cmd or init");
	ENSURE(l.init == NULL || l.node.n > 0, c, ERR_BAD_VALUE, "init names its node");
	ENSURE(l.cmd != NULL || (l.refused.n == 0 && (l.as == NULL || l.init != NULL)), c,
		ERR_BAD_VALUE, "refused and as are for a command");
	ENSURE(l.cmd == NULL || (l.cmd->n > 0 && l.cmd->n <= SCRIPT_WORDS), c, ERR_BAD_VALUE,
		"cmd has 1 to %u words", SCRIPT_WORDS);
	for (const struct json *w = l.cmd != NULL ? l.cmd->first : NULL; w != NULL; w = w->next)
		ENSURE(w->type == JSON_STRING, c, ERR_BAD_VALUE, "cmd is a list of texts");
	*ret = l;
	return OK;
}

err script_set(struct script_values *v, struct str name, struct str value)
{
	struct str kept_name, kept;
	size_t i = 0;
	ENSURE(is_name(name), v->c, ERR_BAD_VALUE, "'%.*s' is no name of a value",
		FMT(str_sub(name, 0, 100)));
	TRY(arena_str(v->c, name, &kept_name));
	TRY(arena_str(v->c, value, &kept));
	while (i < v->n && !str_eq(v->name[i], name))
		i++;
	ENSURE(i < SCRIPT_VALUES, v->c, ERR_QUOTA, "a script keeps %u values at most",
		SCRIPT_VALUES);
	v->name[i] = kept_name;
	v->value[i] = kept;
	v->n = i == v->n ? i + 1 : v->n;
	return OK;
}

static err value_of(struct ctx *c, const struct script_values *v, struct str name, struct str *ret)
{
	for (size_t i = 0; i < v->n; i++) {
		if (str_eq(v->name[i], name)) {
			*ret = v->value[i];
			return OK;
		}
	}
	return fail(c, ERR_BAD_VALUE, "nothing was kept as %.*s", FMT(str_sub(name, 0, 100)));
}

err script_fill(struct ctx *c, const struct script_values *v, struct str word, const char **ret)
{
	struct buf b;
	struct str open = STR("${"), name, value, filled;
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	for (;;) {
		size_t at = str_find_str(word, open);
		buf_add(&b, str_sub(word, 0, at));
		if (at == word.n)
			break;
		word = str_sub(word, at + open.n, word.n);
		ENSURE(str_cut(word, '}', &name, &word), c, ERR_BAD_VALUE, "a ${ lacks its }");
		TRY(value_of(c, v, name, &value));
		buf_add(&b, value);
	}
	TRY(buf_done(c, &b, &filled));
	const char *z = arena_z(c->arena, filled);
	ENSURE(z != NULL, c, ERR_TOO_LARGE, "no memory for a word");
	*ret = z;
	return OK;
}

/* RFC 6901 without its escapes, which no member of ours needs. */
static const struct json *pointed(const struct json *j, struct str pointer)
{
	struct str step, rest = str_sub(pointer, 1, pointer.n);
	while (j != NULL && pointer.n > 0) {
		uint64_t n = 0;
		bool more = str_cut(rest, '/', &step, &rest);
		if (!more) {
			step = rest;
			pointer.n = 0;
		}
		const struct json *x =
			j->type == JSON_OBJECT || j->type == JSON_ARRAY ? j->first : NULL;
		if (j->type == JSON_ARRAY && !str_u64(step, &n))
			return NULL;
		for (; x != NULL && (j->type == JSON_ARRAY ? n-- > 0 : !str_eq(x->name, step));)
			x = x->next;
		j = x;
	}
	return j;
}

err script_keep(
	struct ctx *c, struct script_values *v, const struct json *as, const struct json *output)
{
	for (const struct json *a = as != NULL ? as->first : NULL; a != NULL; a = a->next) {
		const struct json *j = pointed(output, a->text);
		ENSURE(a->type == JSON_STRING && (a->text.n == 0 || a->text.p[0] == '/'), c,
			ERR_BAD_VALUE, "as has JSON pointers, which begin with /");
		ENSURE(j != NULL && (j->type == JSON_STRING || j->type == JSON_NUMBER), c,
			ERR_BAD_VALUE, "there is no text and no number at %.*s in the output",
			FMT(a->text));
		err e = script_set(v, a->name, j->text);
		if (e != OK) {
			c->trouble = v->c->trouble;
			return e;
		}
	}
	return OK;
}
