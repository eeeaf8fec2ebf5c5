#include "product/keyset.h"

#include "tests/tap.h"

#define MANY 5000u

static struct shorthash key_of(const struct keyset_budget *b, uint64_t i)
{
	return shorthash_of(b->key, (struct str){(const char *)&i, sizeof i});
}

static void membership(struct ctx *c)
{
	struct keyset_budget b = {.key = "0123456789abcde", .limit = MANY};
	struct keyset *s = NULL;
	enum keyset_seen seen = KEYSET_FULL;
	unsigned wrong = 0;
	is_int(keyset_new(c, &b, false, &s), OK, "a set");
	for (uint64_t i = 0; i < MANY; i++)
		wrong += keyset_add(c, s, key_of(&b, i), 0, &seen) != OK || seen != KEYSET_NEW;
	is_int((long long)wrong, 0, "%u keys are new", MANY);
	is_int((long long)b.held, MANY, "and held");
	ok(!b.exceeded, "at the limit");
	for (uint64_t i = 0; i < MANY; i++)
		wrong += !keyset_has(s, key_of(&b, i)) || keyset_has(s, key_of(&b, i + MANY));
	is_int((long long)wrong, 0, "they are there, others are not");
	ok(keyset_add(c, s, key_of(&b, 7), 0, &seen) == OK && seen == KEYSET_SECOND, "a second");
	ok(keyset_add(c, s, key_of(&b, 7), 0, &seen) == OK && seen == KEYSET_MORE, "a third");
	ok(keyset_add(c, s, key_of(&b, 7), 0, &seen) == OK && seen == KEYSET_MORE, "a fourth");
	ok(keyset_add(c, s, key_of(&b, MANY), 0, &seen) == OK && seen == KEYSET_FULL,
		"one above the limit is not taken");
	ok(b.exceeded && !keyset_has(s, key_of(&b, MANY)), "and that is said");
}

struct sums {
	uint64_t keys, n, first;
};

static void sum(void *arg, struct shorthash key, uint64_t n, uint64_t first)
{
	struct sums *to = arg;
	(void)key;
	to->keys++;
	to->n += n;
	to->first += first;
}

static void counts(struct ctx *c)
{
	struct keyset_budget b = {.key = "another key 123", .limit = MANY};
	struct keyset *s = NULL;
	struct sums got = {0};
	enum keyset_seen seen;
	is_int(keyset_new(c, &b, true, &s), OK, "a set with counts");
	for (uint64_t i = 0; i < 3000; i++)
		(void)!keyset_add(c, s, key_of(&b, i % 1000), i, &seen);
	keyset_each(s, sum, &got);
	is_int((long long)got.keys, 1000, "a thousand keys");
	is_int((long long)got.n, 3000, "three times each");
	is_int((long long)got.first, 999 * 1000 / 2, "first with 0 to 999");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	membership(&c);
	counts(&c);
	return done_testing();
}
