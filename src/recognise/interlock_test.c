#include "recognise/interlock.h"

#include "tests/tap.h"

#include "party/fixture_test.h"

static err thing_apply(struct ctx *c, struct store *db, const struct entry *e)
{
	(void)c;
	(void)db;
	(void)e;
	return OK;
}

static const struct act_type thing_types[] = {{"thing.add", NULL, thing_apply}};
static const struct module thing_module = {.name = "thing", .types = thing_types, .types_n = 1};
static const struct module *const modules[] = {
	&act_module, &party_module, &recognise_module, &thing_module};
static const struct wiring wiring = {modules, countof(modules)};

/* Logs that many acts, one a tick, and gives the index of the last. */
static err add(struct ctx *c, struct house *h, unsigned n, uint64_t *ret)
{
	for (unsigned i = 0; i < n; i++) {
		struct json *body = json_object(c);
		struct entry e;
		json_set_num(c, &body, "n", i);
		const struct act a = {STR("thing.add"), STR("node"), STR("urn:thing"), body, NULL};
		TRY(acts_do(c, h->acts, &a, &e));
		TRY(acts_tick_end(c, h->acts));
		*ret = e.index;
	}
	return OK;
}

/* The one as the other knows it. */
static struct organisation known(const struct house *h)
{
	return (struct organisation){
		.did = h->self.did, .vkey = h->self.vkey, .origin = h->self.origin, .joined = true};
}

/* Makes them known to each other in the tables as well, so that "seen" finds the origin. */
static err meet(struct ctx *c, struct house *at, struct house *of)
{
	struct str text;
	TRY(joining_invite(c, of->acts, STR("operator"), &text, NULL));
	TRY(joining_join(c, at->acts, STR("operator"), text, house_document(c, &at->self), NULL));
	TRY(acts_tick_end(c, of->acts));
	return acts_tick_end(c, at->acts);
}

/* What from shows of an act, as it arrives. */
static const struct json *shown(
	struct ctx *c, struct house *from, const struct house *to, uint64_t index)
{
	struct json *o = NULL;
	if (interlock_show(c, from->acts, to->self.did, index, &o) != OK)
		return NULL;
	return house_carry(c, o);
}

/* Takes it; answers the error, and whether the head was flagged. */
static err take_it(struct ctx *c, struct house *to, const struct house *from, const struct json *j,
	bool *ret_unlinked)
{
	const struct organisation o = known(from);
	struct evidence e;
	struct json *body = json_object(c);
	TRY(acts_tick(c, to->acts));
	TRY(interlock_take(c, to->acts, &o, j, "thing.add", &e));
	TRY(interlock_write(c, to->acts, &o, &e, &body));
	const struct json *head = json_get(body, "head");
	struct hash leaf;
	ENSURE(hash_parse(json_text(json_get(body, "peerEntry")), &leaf) &&
			hash_eq(&leaf, &e.leaf) &&
			str_eq(json_text(json_get(head, "origin")), from->self.origin),
		c, ERR_CORRUPT, "the body does not say what was taken");
	*ret_unlinked = json_get(head, "unlinked") != NULL;
	return acts_tick_end(c, to->acts);
}

static int64_t unlinked_pairs(struct ctx *c, struct house *at, const struct house *of)
{
	int64_t n = -1;
	return interlock_unlinked(c, acts_db(at->acts), of->self.did, &n) == OK ? n : -1;
}

static int64_t held_from(const struct json *shown)
{
	int64_t n = 0;
	return json_int(json_get(json_get(shown, "link"), "old"), &n) ? n : -1;
}

static void test_good(struct ctx *c, struct house *a, struct house *b)
{
	uint64_t first = 0, later = 0, back = 0;
	bool flag = true;
	ok(add(c, a, 5, &first) == OK, "A logs: %s", c->trouble.detail);
	const struct json *j = shown(c, a, b, first);
	ok(json_get(j, "E") != NULL && json_get(j, "seen") == NULL, "at first there is E alone");
	is_int(held_from(j), 2, "and a path from the head that A's letter showed");
	ok(take_it(c, b, a, j, &flag) == OK && !flag, "the first head is taken: %s",
		c->trouble.detail);
	ok(add(c, b, 3, &back) == OK, "B logs");
	j = shown(c, b, a, back);
	ok(json_text(json_get(j, "seen")).n > 0, "B shows the head of A that it holds");
	ok(take_it(c, a, b, j, &flag) == OK && !flag, "A takes B's: %s", c->trouble.detail);
	ok(add(c, a, 7, &later) == OK, "A goes on");
	j = shown(c, a, b, later);
	ok(json_get(json_get(j, "link"), "old") != NULL, "A shows how its log grew since");
	ok(take_it(c, b, a, j, &flag) == OK && !flag, "the head links: %s", c->trouble.detail);
	ok(take_it(c, b, a, j, &flag) == OK && !flag, "the same again does");
	is_int(unlinked_pairs(c, b, a), 0, "nothing is left over");
}

/* Messages overtake each other: the head of an older act arrives behind a newer one. */
static void test_older(struct ctx *c, struct house *a, struct house *b)
{
	uint64_t older = 0, newer = 0, back = 0;
	bool flag = true;
	ok(add(c, a, 3, &older) == OK && add(c, a, 3, &newer) == OK, "two acts of A");
	const struct json *early = shown(c, a, b, older);
	ok(take_it(c, b, a, shown(c, a, b, newer), &flag) == OK && !flag, "the newer comes first");
	ok(take_it(c, b, a, early, &flag) == OK && !flag,
		"the older links to the head that both began from");
	ok(add(c, a, 2, &older) == OK && add(c, a, 2, &newer) == OK &&
			take_it(c, b, a, shown(c, a, b, newer), &flag) == OK &&
			add(c, b, 1, &back) == OK &&
			take_it(c, a, b, shown(c, b, a, back), &flag) == OK,
		"B says that it holds the newer");
	const struct json *j = shown(c, a, b, older);
	ok(json_get(json_get(j, "link"), "new") != NULL, "then the path leads back from there");
	ok(take_it(c, b, a, j, &flag) == OK && !flag, "and links the older");
	ok(take_it(c, b, a, shown(c, a, b, 2), &flag) == OK && !flag, "so does the first of all");
	struct json *seen = NULL;
	ok(interlock_show(c, b->acts, a->self.did, back, &seen) == OK, "B shows");
	struct str note = json_text(json_get(seen, "seen")), origin, rest, size = {0};
	ok(str_cut(note, '\n', &origin, &rest) && str_cut(rest, '\n', &size, &rest), "a head");
	uint64_t held = 0;
	ok(str_u64(size, &held) && held == newer + 1, "the newest it holds");
}

static const struct json *with(
	struct ctx *c, const struct json *j, const char *member, struct json *value)
{
	struct json *o = json_copy_without(c, j, member);
	if (value != NULL)
		json_set(&o, member, value);
	return o;
}

static const struct json *with_in_proof(
	struct ctx *c, const struct json *j, const char *member, struct json *value)
{
	struct json *proof = json_copy(c, json_get(j, "E"));
	json_set(&proof, member, value);
	return with(c, j, "E", proof);
}

static void test_forged(struct ctx *c, struct house *a, struct house *b)
{
	uint64_t index = 0, other = 0;
	bool flag = false;
	struct organisation o = known(a);
	struct evidence e;
	ok(add(c, a, 1, &index) == OK && add(c, b, 1, &other) == OK, "an act of each");
	const struct json *j = shown(c, a, b, index);
	is_int(take_it(c, b, a, NULL, &flag), ERR_EVIDENCE_MISSING, "nothing is not enough");
	is_int(take_it(c, b, a, json_object(c), &flag), ERR_EVIDENCE_MISSING,
		"nor an empty object");
	is_int(take_it(c, b, a, with(c, j, "E", json_object(c)), &flag), ERR_MISSING_MEMBER,
		"nor an empty proof");
	is_int(take_it(c, b, a, with_in_proof(c, j, "salt", json_z(c, "00")), &flag), ERR_BAD_VALUE,
		"nor one with a short salt");
	is_int(take_it(c, b, a, with_in_proof(c, j, "index", json_num(c, 0)), &flag), ERR_BAD_PROOF,
		"another place");
	is_int(take_it(c, b, a, with_in_proof(c, j, "path", json_array(c)), &flag), ERR_BAD_PROOF,
		"no path");
	struct json *act = json_copy(c, json_get(json_get(j, "E"), "act"));
	json_set_str(c, &act, "actor", STR("operator"));
	is_int(take_it(c, b, a, with_in_proof(c, j, "act", act), &flag), ERR_BAD_PROOF,
		"an act that is not in the log");
	is_int(take_it(c, a, a, shown(c, b, a, other), &flag), ERR_BAD_SIGNATURE,
		"the head of another log");
	is_int(interlock_take(c, b->acts, &o, j, "thing.take", &e), ERR_BAD_DIGEST,
		"an act of another type");
	o.joined = false;
	is_int(interlock_take(c, b->acts, &o, j, "thing.add", &e), ERR_BAD_STATE,
		"a party without a log");
	house_now -= LIMIT_SKEW_MS + 1;
	is_int(take_it(c, b, a, j, &flag), ERR_CLOCK_SKEW, "an act from the future");
	house_now += LIMIT_SKEW_MS + 1;
	is_int(take_it(c, b, a, j, &flag), OK, "and the true one is taken after all");
}

static void test_no_link(struct ctx *c, struct house *a, struct house *b)
{
	uint64_t index = 0;
	bool flag = false;
	int64_t before = unlinked_pairs(c, b, a);
	ok(add(c, a, 2, &index) == OK, "A logs");
	const struct json *j = shown(c, a, b, index);
	ok(take_it(c, b, a, with(c, j, "link", NULL), &flag) == OK && flag,
		"without its path a head stands, and is flagged");
	struct json *link = json_copy(c, json_get(j, "link"));
	json_set(&link, "path", json_array(c));
	ok(take_it(c, b, a, with(c, j, "link", link), &flag) == OK && flag,
		"with a false path too");
	is_int(unlinked_pairs(c, b, a), before + 1, "the pair is kept once");
	ok(take_it(c, b, a, j, &flag) == OK && !flag, "with the path it links after all");
	link = json_copy(c, json_get(j, "link"));
	json_set_num(c, &link, "old", 1000000);
	ok(add(c, a, 1, &index) == OK &&
			take_it(c, b, a, with(c, shown(c, a, b, index), "link", link), &flag) ==
				OK &&
			flag,
		"a path from a head that nobody holds does not");
}

/* f has the keys and the name of A, and a log of its own: what a rewritten log looks like. */
static void test_forked(struct ctx *c, struct house *a, struct house *f, struct house *b)
{
	uint64_t index = 0, in_fork = 0;
	bool flag = false;
	ok(add(c, a, 1, &index) == OK && take_it(c, b, a, shown(c, a, b, index), &flag) == OK &&
			!flag,
		"B holds a head of A");
	int64_t before = unlinked_pairs(c, b, a);
	ok(add(c, f, (unsigned)index + 1 - (unsigned)commit_size(acts_log(f->acts)), &in_fork) ==
				OK &&
			in_fork == index,
		"another log of that name is as large");
	ok(take_it(c, b, f, shown(c, f, b, in_fork), &flag) == OK && flag,
		"its head is signed, has that size and another root: flagged");
	ok(add(c, f, 4, &in_fork) == OK, "it grows");
	struct json *o = NULL;
	ok(interlock_show(c, f->acts, b->self.did, in_fork, &o) == OK &&
			take_it(c, b, f, house_carry(c, o), &flag) == OK && flag,
		"a larger one does not link either");
	is_int(unlinked_pairs(c, b, a), before + 2, "both pairs are kept");
	ok(add(c, a, 1, &index) == OK && take_it(c, b, a, shown(c, a, b, index), &flag) == OK &&
			!flag,
		"the true log goes on");
}

/* A log that was set back learns it from the head that another holds. */
static void test_set_back(struct ctx *c, struct house *a, struct house *young, struct house *b)
{
	uint64_t index = 0;
	bool flag = false;
	ok(add(c, a, 1, &index) == OK && take_it(c, b, a, shown(c, a, b, index), &flag) == OK,
		"B holds the newest head of A");
	ok(add(c, b, 1, &index) == OK, "B logs");
	const struct json *j = shown(c, b, a, index);
	is_int(take_it(c, young, b, j, &flag), ERR_PROOF_REFUSED,
		"who has A's key and a shorter log signs nothing");
	struct str note = json_text(json_get(j, "seen"));
	char *bent = arena_z(c->arena, note);
	bent[note.n - 5] = bent[note.n - 5] == 'A' ? 'B' : 'A';
	is_int(take_it(c, young, b, with(c, j, "seen", json_z(c, bent)), &flag), OK,
		"a head that nobody signed says nothing");
	is_int(take_it(c, young, b, with(c, j, "seen", json_z(c, "x")), &flag), OK,
		"nor does no head");
}

static int64_t heads(struct ctx *c, struct house *h)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	if (store_prepare(c, acts_db(h->acts), "SELECT count(*) FROM n_head", &s) != OK ||
		stmt_step(c, s, &row) != OK || !row)
		return -1;
	return stmt_col_int(s, 0);
}

/* A party cannot make us keep more than the limits say. */
static void test_limits(struct ctx *c, struct house *a, struct house *b)
{
	uint64_t index = 0;
	bool flag = false, all = true;
	for (unsigned i = 0; i < LIMIT_INTERLOCK_UNLINKED + 8; i++) {
		cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx inner = {.arena = arena};
		all = all && add(&inner, a, 1, &index) == OK &&
		      take_it(&inner, b, a, with(&inner, shown(&inner, a, b, index), "link", NULL),
			      &flag) == OK &&
		      flag;
	}
	ok(all, "heads without a path, one after the other");
	is_int(unlinked_pairs(c, b, a), LIMIT_INTERLOCK_UNLINKED, "so many pairs are kept");
	for (unsigned i = 0; i < LIMIT_INTERLOCK_HEADS + 200 && all; i++) {
		cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx inner = {.arena = arena};
		uint64_t back = 0;
		all = add(&inner, a, 1, &index) == OK &&
		      take_it(&inner, b, a, shown(&inner, a, b, index), &flag) == OK && !flag;
		if (all && i % 100 == 0)
			all = add(&inner, b, 1, &back) == OK &&
			      take_it(&inner, a, b, shown(&inner, b, a, back), &flag) == OK;
	}
	ok(all, "then %u that link", LIMIT_INTERLOCK_HEADS + 200);
	int64_t held = heads(c, b);
	ok(held > 0 && held <= LIMIT_INTERLOCK_HEADS + 64,
		"the smallest were forgotten: %lld are held", (long long)held);
}

int main(void)
{
	struct ctx c = {.arena = arena_new(256u << 20)};
	struct house a = {.db = NULL}, b = {.db = NULL}, f = {.db = NULL}, young = {.db = NULL};
	ok(house_open(&c, &a, "a.example", 1, &wiring) == OK &&
			house_open(&c, &b, "b.example", 2, &wiring) == OK &&
			house_open(&c, &f, "a.example", 1, &wiring) == OK &&
			house_open(&c, &young, "a.example", 1, &wiring) == OK,
		"nodes: %s", c.trouble.detail);
	ok(meet(&c, &b, &a) == OK && meet(&c, &a, &b) == OK && meet(&c, &f, &b) == OK &&
			meet(&c, &young, &b) == OK,
		"who know each other: %s", c.trouble.detail);
	test_good(&c, &a, &b);
	test_older(&c, &a, &b);
	test_forged(&c, &a, &b);
	test_no_link(&c, &a, &b);
	test_forked(&c, &a, &f, &b);
	test_set_back(&c, &a, &young, &b);
	test_limits(&c, &a, &b);
	house_close(&a);
	house_close(&b);
	house_close(&f);
	house_close(&young);
	arena_free(c.arena);
	return done_testing();
}
