#include "rules/predicate.h"

#include <string.h>

#include "base/limits.h"
#include "codec/day.h"

struct parser {
	struct ctx *c;
	const struct fact_catalogue *k;
	struct str text;
	size_t at;
	unsigned depth;
	bool in_evidence;
};

static err read_or(struct parser *p, struct predicate **ret);

static void skip(struct parser *p)
{
	while (p->at < p->text.n && (p->text.p[p->at] == ' ' || p->text.p[p->at] == '\n'))
		p->at++;
}

static err refuse(struct parser *p, const char *wanted)
{
	skip(p);
	struct str rest = str_sub(p->text, p->at, 24);
	while (!str_is_utf8(rest))
		rest.n--;
	if (rest.n == 0)
		return fail(p->c, ERR_BAD_VALUE, "at its end: %s", wanted);
	return fail(p->c, ERR_BAD_VALUE, "at character %zu, before \"%.*s\": %s", p->at + 1,
		FMT(rest), wanted);
}

/* The predicate itself is well formed; what it says cannot be. */
static err wrong(struct parser *p, const struct predicate *of, const char *why)
{
	return fail(p->c, ERR_BAD_VALUE, "in \"%.*s\": %s", FMT(str_sub(of->source, 0, 80)), why);
}

static bool word_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '.';
}

/* The word or sign, if it stands here; a word ends where no character of a word follows. Nothing is moved otherwise. */
static bool accept(struct parser *p, const char *z)
{
	size_t before = p->at, n = strlen(z);
	skip(p);
	struct str rest = str_sub(p->text, p->at, p->text.n);
	bool here = str_starts(rest, str_z(z)) &&
		    !(word_char(z[n - 1]) && rest.n > n && word_char(rest.p[n]));
	p->at = here ? p->at + n : before;
	return here;
}

static err new_node(
	struct parser *p, enum predicate_op op, enum fact_type type, struct predicate **ret)
{
	struct predicate *n;
	NEW(p->c, n);
	n->op = op;
	n->type = type;
	*ret = n;
	return OK;
}

static err read_quoted(struct parser *p, struct str *ret)
{
	if (!accept(p, "'"))
		return refuse(p, "a text in ' must stand here");
	struct str rest = str_sub(p->text, p->at, p->text.n);
	size_t n = str_find(rest, '\'');
	if (n == rest.n)
		return refuse(p, "this text does not end: ' is missing");
	*ret = str_sub(rest, 0, n);
	p->at += n + 1;
	return OK;
}

static err read_list(struct parser *p, struct predicate **ret)
{
	struct predicate *n;
	struct str *items;
	size_t room = 1;
	for (size_t i = p->at; i < p->text.n; i++)
		room += p->text.p[i] == ',';
	TRY(new_node(p, PREDICATE_LITERAL, FACT_LIST, &n));
	NEW_N(p->c, items, room);
	n->literal.known = true;
	n->literal.list.items = items;
	while (!accept(p, "]")) {
		if (n->literal.list.n > 0 && !accept(p, ","))
			return refuse(p, "a comma or ] must stand here");
		TRY(read_quoted(p, &items[n->literal.list.n]));
		n->literal.list.n++;
	}
	*ret = n;
	return OK;
}

static err read_number(struct parser *p, struct predicate **ret)
{
	struct predicate *n;
	struct str rest = str_sub(p->text, p->at, p->text.n), digits = rest;
	uint64_t v = 0;
	int64_t day = 0;
	digits.n = 0;
	while (digits.n < rest.n && rest.p[digits.n] >= '0' && rest.p[digits.n] <= '9')
		digits.n++;
	bool is_day = digits.n < rest.n && rest.p[digits.n] == '-';
	if (is_day ? !day_parse(str_sub(rest, 0, DAY_TEXT), &day)
		   : !str_u64(digits, &v) || v > (1ull << 53))
		return refuse(p, "this is neither a number nor a day (YYYY-MM-DD)");
	TRY(new_node(p, PREDICATE_LITERAL, is_day ? FACT_DAY : FACT_INT, &n));
	n->literal = (struct fact_value){.known = true, .number = is_day ? day : (int64_t)v};
	p->at += is_day ? DAY_TEXT : digits.n;
	*ret = n;
	return OK;
}

static err read_name(struct parser *p, struct predicate **ret)
{
	struct predicate *n;
	bool claim = false;
	struct str rest = str_sub(p->text, p->at, p->text.n), name = rest;
	name.n = 0;
	while (name.n < rest.n && word_char(rest.p[name.n]))
		name.n++;
	if (name.n == 0)
		return refuse(p, "a value must stand here");
	claim = str_starts(name, STR("its."));
	if (claim && !p->in_evidence)
		return refuse(p, "its. is of an item of evidence: it stands in any() alone");
	struct str key = claim ? str_sub(name, 4, name.n) : name;
	const struct fact *all = claim ? p->k->claims : p->k->facts;
	const struct fact *f = fact_find(all, claim ? p->k->claims_n : p->k->facts_n, key);
	if (f == NULL)
		return fail(p->c, ERR_BAD_VALUE, "at character %zu: there is no %s %.*s", p->at + 1,
			claim ? "claim" : "fact", FMT(key));
	TRY(new_node(p, claim ? PREDICATE_CLAIM : PREDICATE_FACT, f->type, &n));
	n->fact = f;
	n->index = (size_t)(f - all);
	p->at += name.n;
	*ret = n;
	return OK;
}

static err close_call(struct parser *p)
{
	return accept(p, ")") ? OK : refuse(p, ") must stand here");
}

/* has('kind') and any('kind', predicate). */
static err read_evidence(struct parser *p, bool any, struct predicate **ret)
{
	struct predicate *n, *holds = NULL;
	struct str kind;
	if (p->in_evidence)
		return refuse(p, "evidence of evidence cannot be asked for");
	TRY(read_quoted(p, &kind));
	TRY(new_node(p, PREDICATE_ANY, FACT_BOOL, &n));
	n->fact = fact_find(p->k->kinds, p->k->kinds_n, kind);
	ENSURE(n->fact != NULL, p->c, ERR_BAD_VALUE,
		"at character %zu: there is no kind of evidence %.*s", p->at, FMT(kind));
	n->literal.text = kind;
	if (any) {
		if (!accept(p, ","))
			return refuse(p, "a comma must stand here, and what must hold of it");
		p->in_evidence = true;
		TRY(read_or(p, &holds));
		p->in_evidence = false;
		if (holds->type != FACT_BOOL)
			return wrong(p, holds, "this is neither true nor false");
	}
	n->right = holds;
	*ret = n;
	return close_call(p);
}

static err read_day(struct parser *p, struct predicate **ret)
{
	TRY(read_or(p, ret));
	return (*ret)->type == FACT_DAY ? OK : wrong(p, *ret, "this is no day");
}

static err read_days(struct parser *p, bool age, struct predicate **ret)
{
	struct predicate *n, *from, *to;
	TRY(new_node(p, PREDICATE_DAYS, FACT_INT, &n));
	TRY(read_day(p, &from));
	if (age) {
		TRY(new_node(p, PREDICATE_TODAY, FACT_DAY, &to));
		to->source = STR("today");
	} else {
		if (!accept(p, ","))
			return refuse(p, "a comma and the second day must stand here");
		TRY(read_day(p, &to));
	}
	n->left = from;
	n->right = to;
	*ret = n;
	return close_call(p);
}

static err read_known(struct parser *p, struct predicate **ret)
{
	struct predicate *n, *of;
	TRY(new_node(p, PREDICATE_KNOWN, FACT_BOOL, &n));
	skip(p);
	TRY(read_name(p, &of));
	n->left = of;
	*ret = n;
	return close_call(p);
}

static err read_bool(struct parser *p, bool v, struct predicate **ret)
{
	TRY(new_node(p, PREDICATE_LITERAL, FACT_BOOL, ret));
	(*ret)->literal = (struct fact_value){.known = true, .number = v};
	return OK;
}

static err read_literal(struct parser *p, struct predicate **ret)
{
	char ch = p->at < p->text.n ? p->text.p[p->at] : '\0';
	if (ch >= '0' && ch <= '9')
		return read_number(p, ret);
	if (ch != '\'')
		return read_name(p, ret);
	TRY(new_node(p, PREDICATE_LITERAL, FACT_TEXT, ret));
	(*ret)->literal.known = true;
	return read_quoted(p, &(*ret)->literal.text);
}

static err read_call(struct parser *p, struct predicate **ret)
{
	skip(p);
	if (accept(p, "known("))
		return read_known(p, ret);
	if (accept(p, "age("))
		return read_days(p, true, ret);
	if (accept(p, "days("))
		return read_days(p, false, ret);
	if (accept(p, "has("))
		return read_evidence(p, false, ret);
	if (accept(p, "any("))
		return read_evidence(p, true, ret);
	if (accept(p, "["))
		return read_list(p, ret);
	if (accept(p, "true"))
		return read_bool(p, true, ret);
	if (accept(p, "false"))
		return read_bool(p, false, ret);
	if (accept(p, "today"))
		return new_node(p, PREDICATE_TODAY, FACT_DAY, ret);
	return read_literal(p, ret);
}

static err read_value(struct parser *p, struct predicate **ret)
{
	skip(p);
	size_t from = p->at;
	ENSURE(++p->depth <= LIMIT_PREDICATE_DEPTH, p->c, ERR_BAD_VALUE, "it nests deeper than %u",
		LIMIT_PREDICATE_DEPTH);
	if (accept(p, "(")) {
		TRY(read_or(p, ret));
		TRY(close_call(p));
	} else {
		TRY(read_call(p, ret));
	}
	(*ret)->source = str_sub(p->text, from, p->at - from);
	p->depth--;
	return OK;
}

/* left becomes `left op right`. */
static err join(struct parser *p, enum predicate_op op, enum fact_type type,
	struct predicate **left, const struct predicate *right)
{
	struct predicate *n;
	TRY(new_node(p, op, type, &n));
	n->left = *left;
	n->right = right;
	n->source =
		(struct str){(*left)->source.p, (size_t)(p->text.p + p->at - (*left)->source.p)};
	*left = n;
	return OK;
}

static err read_sum(struct parser *p, struct predicate **ret)
{
	struct predicate *right;
	TRY(read_value(p, ret));
	while (accept(p, "+")) {
		TRY(read_value(p, &right));
		if ((*ret)->type != FACT_INT || right->type != FACT_INT)
			return wrong(p, (*ret)->type != FACT_INT ? *ret : right,
				"only numbers can be added");
		TRY(join(p, PREDICATE_ADD, FACT_INT, ret, right));
	}
	return OK;
}

/* What a comparison takes on either side. */
static bool comparable(enum predicate_op op, enum fact_type left, enum fact_type right)
{
	if (op == PREDICATE_IN)
		return left == FACT_TEXT && right == FACT_LIST;
	if (op == PREDICATE_COVERS)
		return left == FACT_LIST && right == FACT_LIST;
	if (op == PREDICATE_EQ || op == PREDICATE_NE)
		return left == right && left != FACT_LIST;
	return left == right && (left == FACT_INT || left == FACT_DAY);
}

static err read_compare(struct parser *p, struct predicate **ret)
{
	static const struct {
		const char *sign;
		enum predicate_op op;
	} signs[] = {{"==", PREDICATE_EQ}, {"!=", PREDICATE_NE}, {"<=", PREDICATE_LE},
		{">=", PREDICATE_GE}, {"<", PREDICATE_LT}, {">", PREDICATE_GT},
		{"in", PREDICATE_IN}, {"covers", PREDICATE_COVERS}};
	struct predicate *right;
	TRY(read_sum(p, ret));
	for (size_t i = 0; i < countof(signs); i++) {
		if (!accept(p, signs[i].sign))
			continue;
		TRY(read_sum(p, &right));
		enum fact_type left_type = (*ret)->type, right_type = right->type;
		TRY(join(p, signs[i].op, FACT_BOOL, ret, right));
		if (comparable(signs[i].op, left_type, right_type))
			return OK;
		return fail(p->c, ERR_BAD_VALUE, "in \"%.*s\": %s does not go between %s and %s",
			FMT(str_sub((*ret)->source, 0, 80)), signs[i].sign, fact_types[left_type],
			fact_types[right_type]);
	}
	return OK;
}

static err read_not(struct parser *p, struct predicate **ret)
{
	skip(p);
	size_t from = p->at;
	if (!accept(p, "not"))
		return read_compare(p, ret);
	struct predicate *n, *of;
	TRY(new_node(p, PREDICATE_NOT, FACT_BOOL, &n));
	TRY(read_compare(p, &of));
	if (of->type != FACT_BOOL)
		return wrong(p, of, "this is neither true nor false");
	n->left = of;
	n->source = str_sub(p->text, from, p->at - from);
	*ret = n;
	return OK;
}

static err read_chain(struct parser *p, const char *word, enum predicate_op op,
	err (*part)(struct parser *, struct predicate **), struct predicate **ret)
{
	struct predicate *right;
	TRY(part(p, ret));
	while (accept(p, word)) {
		TRY(part(p, &right));
		if ((*ret)->type != FACT_BOOL || right->type != FACT_BOOL)
			return wrong(p, (*ret)->type != FACT_BOOL ? *ret : right,
				"this is neither true nor false");
		TRY(join(p, op, FACT_BOOL, ret, right));
	}
	return OK;
}

static err read_and(struct parser *p, struct predicate **ret)
{
	return read_chain(p, "and", PREDICATE_AND, read_not, ret);
}

static err read_or(struct parser *p, struct predicate **ret)
{
	return read_chain(p, "or", PREDICATE_OR, read_and, ret);
}

err predicate_read(struct ctx *c, const struct fact_catalogue *k, struct str text,
	const struct predicate **ret)
{
	struct parser p = {.c = c, .k = k, .text = text};
	struct predicate *whole;
	ENSURE(text.n <= LIMIT_PREDICATE, c, ERR_TOO_LARGE, "it is longer than %u bytes",
		LIMIT_PREDICATE);
	TRY(read_or(&p, &whole));
	skip(&p);
	if (p.at != text.n)
		return refuse(&p, "nothing more is understood here: and, or, or a comparison?");
	if (whole->type != FACT_BOOL)
		return wrong(&p, whole, "this is neither true nor false");
	*ret = whole;
	return OK;
}
