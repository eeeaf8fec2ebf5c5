#include "rules/evaluate.h"

#include <assert.h>

#include "codec/day.h"

static struct fact_value value_of(
	const struct predicate *p, const struct rule_case *k, const struct evidence_item *item);

static struct fact_value truth_value(enum truth t)
{
	return (struct fact_value){.known = t != TRUTH_UNKNOWN, .number = t == TRUTH_TRUE};
}

static enum truth truth_of(const struct fact_value *v)
{
	return !v->known ? TRUTH_UNKNOWN : v->number != 0 ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth ask(
	const struct predicate *p, const struct rule_case *k, const struct evidence_item *item)
{
	struct fact_value v = value_of(p, k, item);
	return truth_of(&v);
}

static bool list_has(const struct fact_list *l, struct str text)
{
	for (size_t i = 0; i < l->n; i++) {
		if (str_eq(l->items[i], text))
			return true;
	}
	return false;
}

static bool list_covers(const struct fact_list *l, const struct fact_list *other)
{
	for (size_t i = 0; i < other->n; i++) {
		if (!list_has(l, other->items[i]))
			return false;
	}
	return true;
}

static bool equal(enum fact_type type, const struct fact_value *a, const struct fact_value *b)
{
	return type == FACT_TEXT ? str_eq(a->text, b->text) : a->number == b->number;
}

static struct fact_value compare(
	const struct predicate *p, const struct rule_case *k, const struct evidence_item *item)
{
	struct fact_value a = value_of(p->left, k, item), b = value_of(p->right, k, item);
	bool v = false;
	if (!a.known || !b.known)
		return truth_value(TRUTH_UNKNOWN);
	switch ((int)p->op) {
	case PREDICATE_EQ:
		v = equal(p->left->type, &a, &b);
		break;
	case PREDICATE_NE:
		v = !equal(p->left->type, &a, &b);
		break;
	case PREDICATE_LT:
		v = a.number < b.number;
		break;
	case PREDICATE_LE:
		v = a.number <= b.number;
		break;
	case PREDICATE_GT:
		v = a.number > b.number;
		break;
	case PREDICATE_GE:
		v = a.number >= b.number;
		break;
	case PREDICATE_IN:
		v = list_has(&b.list, a.text);
		break;
	default:
		v = list_covers(&a.list, &b.list);
	}
	return truth_value(v ? TRUTH_TRUE : TRUTH_FALSE);
}

static struct fact_value arithmetic(
	const struct predicate *p, const struct rule_case *k, const struct evidence_item *item)
{
	struct fact_value a = value_of(p->left, k, item), b = value_of(p->right, k, item), r = {0};
	r.known = a.known && b.known &&
		  (p->op == PREDICATE_ADD ? !__builtin_add_overflow(a.number, b.number, &r.number)
					  : !__builtin_sub_overflow(b.number, a.number, &r.number));
	return r;
}

static enum truth both(
	const struct predicate *p, const struct rule_case *k, const struct evidence_item *item)
{
	/* The value that decides alone: false in a conjunction, true in a disjunction. */
	enum truth decides = p->op == PREDICATE_AND ? TRUTH_FALSE : TRUTH_TRUE;
	enum truth a = ask(p->left, k, item);
	if (a == decides)
		return a;
	enum truth b = ask(p->right, k, item);
	return b == decides || a != TRUTH_UNKNOWN ? b : a;
}

static enum truth negated(enum truth t)
{
	return t == TRUTH_UNKNOWN ? t : t == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

/* A claim of the item by name, where the catalogue has it. */
static struct fact_value claim(
	const struct rule_case *k, const struct evidence_item *e, const char *name)
{
	const struct fact_catalogue *all = k->catalogue;
	const struct fact *f = fact_find(all->claims, all->claims_n, str_z(name));
	return f == NULL || f->type != FACT_DAY ? (struct fact_value){0}
						: e->claims[f - all->claims];
}

static bool counts(const struct rule_case *k, const struct evidence_item *e)
{
	struct fact_value from = claim(k, e, "from"), to = claim(k, e, "to");
	return e->unsound.n == 0 && !(from.known && k->today < from.number) &&
	       !(to.known && k->today > to.number);
}

static enum truth holds_of(
	const struct predicate *p, const struct rule_case *k, const struct evidence_item *e)
{
	if (!str_eq(e->kind, p->literal.text) || !counts(k, e))
		return TRUTH_FALSE;
	return p->right == NULL ? TRUTH_TRUE : ask(p->right, k, e);
}

static enum truth any(const struct predicate *p, const struct rule_case *k)
{
	enum truth best = TRUTH_FALSE;
	for (size_t i = 0; i < k->evidence_n; i++) {
		enum truth t = holds_of(p, k, &k->evidence[i]);
		if (t == TRUTH_TRUE)
			return t;
		if (t == TRUTH_UNKNOWN)
			best = t;
	}
	return best;
}

static struct fact_value value_of(
	const struct predicate *p, const struct rule_case *k, const struct evidence_item *item)
{
	switch (p->op) {
	case PREDICATE_LITERAL:
		return p->literal;
	case PREDICATE_FACT:
		return k->facts[p->index];
	case PREDICATE_CLAIM:
		assert(item != NULL);
		return item->claims[p->index];
	case PREDICATE_TODAY:
		return (struct fact_value){.known = true, .number = k->today};
	case PREDICATE_AND:
	case PREDICATE_OR:
		return truth_value(both(p, k, item));
	case PREDICATE_NOT:
		return truth_value(negated(ask(p->left, k, item)));
	case PREDICATE_KNOWN:
		return truth_value(value_of(p->left, k, item).known ? TRUTH_TRUE : TRUTH_FALSE);
	case PREDICATE_ADD:
	case PREDICATE_DAYS:
		return arithmetic(p, k, item);
	case PREDICATE_ANY:
		return truth_value(any(p, k));
	case PREDICATE_EQ:
	case PREDICATE_NE:
	case PREDICATE_LT:
	case PREDICATE_LE:
	case PREDICATE_GT:
	case PREDICATE_GE:
	case PREDICATE_IN:
	case PREDICATE_COVERS:
		return compare(p, k, item);
	}
	__builtin_unreachable();
}

enum truth predicate_ask(const struct predicate *p, const struct rule_case *k)
{
	return ask(p, k, NULL);
}

err evidence_trouble(
	struct ctx *c, const struct rule_case *k, const struct evidence_item *e, struct str *ret)
{
	struct fact_value from = claim(k, e, "from"), to = claim(k, e, "to");
	char day[DAY_TEXT + 1];
	*ret = e->unsound;
	if (e->unsound.n > 0)
		return OK;
	if (from.known && k->today < from.number) {
		day_text(from.number, day);
		return arena_fmt(c, ret, "it is valid only from %s", day);
	}
	if (to.known && k->today > to.number) {
		day_text(to.number, day);
		return arena_fmt(c, ret, "it expired on %s", day);
	}
	return OK;
}

/* Where a predicate is asked: of the case, and within any() of one item. */
struct asked {
	struct ctx *c;
	const struct rule_case *k;
	const struct evidence_item *item;
};

static void needs(const struct asked *q, const struct predicate *p, bool wanted, struct json **out);

static struct json *needs_of(const struct asked *q, const struct predicate *p, bool wanted)
{
	struct json *a = json_array(q->c);
	needs(q, p, wanted, &a);
	return a;
}

/* The facts and claims that a comparison looked at, with their values. */
static void because(const struct asked *q, const struct predicate *p, struct json **out)
{
	if (p == NULL || p->op == PREDICATE_LITERAL || p->op == PREDICATE_ANY)
		return;
	if (p->op != PREDICATE_FACT && p->op != PREDICATE_CLAIM) {
		because(q, p->left, out);
		because(q, p->right, out);
		return;
	}
	struct fact_value v = value_of(p, q->k, q->item);
	struct json *o = json_object(q->c);
	json_set_str(q->c, &o, p->op == PREDICATE_FACT ? "fact" : "claim", p->fact->name);
	json_set_str(q->c, &o, "zh", p->fact->zh);
	json_set_str(q->c, &o, "en", p->fact->en);
	json_set(&o, "value", fact_json(q->c, p->type, &v));
	json_push(out, o);
}

static struct json *items_of(const struct asked *q, const struct predicate *p)
{
	struct json *all = json_array(q->c);
	for (size_t i = 0; i < q->k->evidence_n; i++) {
		const struct evidence_item *e = &q->k->evidence[i];
		struct asked of = {q->c, q->k, e};
		struct str trouble = {"", 0};
		if (!str_eq(e->kind, p->literal.text))
			continue;
		struct json *o = json_object(q->c);
		json_set_str(q->c, &o, "id", e->id);
		if (evidence_trouble(q->c, q->k, e, &trouble) != OK)
			return NULL;
		if (trouble.n > 0)
			json_set_str(q->c, &o, "trouble", trouble);
		else if (p->right != NULL)
			json_set(&o, "needs", needs_of(&of, p->right, true));
		json_push(&all, o);
	}
	return all;
}

static void need(const struct asked *q, const struct predicate *p, bool wanted, struct json **out)
{
	struct json *o = json_object(q->c);
	struct str text = p->source;
	if (!wanted && arena_fmt(q->c, &text, "not (%.*s)", FMT(p->source)) != OK)
		o = NULL;
	json_set_str(q->c, &o, "need", text);
	if (p->op == PREDICATE_ANY) {
		json_set_str(q->c, &o, "evidence", p->literal.text);
		json_set_str(q->c, &o, "zh", p->fact->zh);
		json_set_str(q->c, &o, "en", p->fact->en);
		if (wanted)
			json_set(&o, "items", items_of(q, p));
	} else {
		struct json *facts = json_array(q->c);
		because(q, p, &facts);
		json_set(&o, "because", facts);
	}
	json_push(out, o);
}

/* One of two ways is enough; what is a way in a way is a way. */
static void ways(const struct asked *q, const struct predicate *p, bool wanted,
	enum predicate_op op, struct json **out)
{
	if (p->op == op) {
		ways(q, p->left, wanted, op, out);
		ways(q, p->right, wanted, op, out);
		return;
	}
	json_push(out, needs_of(q, p, wanted));
}

static void needs(const struct asked *q, const struct predicate *p, bool wanted, struct json **out)
{
	if (ask(p, q->k, q->item) == (wanted ? TRUTH_TRUE : TRUTH_FALSE))
		return;
	if (p->op == PREDICATE_NOT) {
		needs(q, p->left, !wanted, out);
	} else if (p->op == (wanted ? PREDICATE_AND : PREDICATE_OR)) {
		needs(q, p->left, wanted, out);
		needs(q, p->right, wanted, out);
	} else if (p->op == PREDICATE_AND || p->op == PREDICATE_OR) {
		struct json *o = json_object(q->c), *all = json_array(q->c);
		ways(q, p, wanted, p->op, &all);
		json_set(&o, "anyOf", all);
		json_push(out, o);
	} else if (p->op == PREDICATE_FACT && p->fact->definition != NULL) {
		needs(q, p->fact->definition, wanted, out);
	} else {
		need(q, p, wanted, out);
	}
}

struct json *predicate_needs(
	struct ctx *c, const struct predicate *p, const struct rule_case *k, bool wanted)
{
	struct asked q = {c, k, NULL};
	return needs_of(&q, p, wanted);
}

void predicate_evidence(
	struct ctx *c, const struct predicate *p, const struct rule_case *k, struct json **ids)
{
	if (p == NULL)
		return;
	if (p->op == PREDICATE_FACT && p->fact->definition != NULL)
		predicate_evidence(c, p->fact->definition, k, ids);
	if (p->op != PREDICATE_ANY) {
		predicate_evidence(c, p->left, k, ids);
		predicate_evidence(c, p->right, k, ids);
		return;
	}
	for (size_t i = 0; i < k->evidence_n; i++) {
		if (holds_of(p, k, &k->evidence[i]) == TRUTH_TRUE)
			json_push(ids, json_str(c, k->evidence[i].id));
	}
}
