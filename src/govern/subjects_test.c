#include "govern/subjects.h"

#include "tests/tap.h"

#include "govern/sandbox_fixture_test.h"
#include "govern/subjects_store.h"

static int64_t together(struct ctx *c, struct deal *d, int64_t mask)
{
	int64_t n = -1;
	return sandbox_store_union(c, d->p.s.db, STR(BOX), mask, &n) == OK ? n : -2;
}

/* A refused count leaves no key. */
static err refused(struct ctx *c, struct deal *d, const char *text)
{
	TRY(acts_tick_end(c, d->p.s.acts));
	TRY(acts_tick(c, d->p.s.acts));
	TRY(acts_mark(c, d->p.s.acts));
	err e = box_measure(c, d, 1, text);
	acts_undo(d->p.s.acts);
	return e;
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct deal d;
	struct sandbox_object o[3];
	size_t n = 0;
	is_int(box_open(&c, &d), OK, "two houses");
	is_int(box_plan(&c, &d, "{\"subjects\":4}"), OK, "a plan");
	is_int(refused(&c, &d, "name,x\na,1\n"), ERR_BAD_VALUE, "no such column");
	is_int(refused(&c, &d, "id,id\na,1\n"), ERR_BAD_VALUE, "two of them");
	is_int(refused(&c, &d, "x,id\na,1\nb\n"), ERR_BAD_VALUE, "a row without it");
	is_int(refused(&c, &d, "x,id\na,1\nb,\n"), ERR_BAD_VALUE, "or with nothing");
	ok(strstr(c.trouble.detail, "row 2") != NULL, "%s", c.trouble.detail);
	is_int(refused(&c, &d, ""), ERR_BAD_VALUE, "no table");
	is_int(box_measure(&c, &d, 1, "x,id\n1,a\n2,b\n3,\"a\"\n4,c\n5,a\n"), OK, "five rows");
	is_int(together(&c, &d, 1), 3, "of three subjects");
	is_int(box_measure(&c, &d, 1, "x,id\n1,z\n"), ERR_CONFLICT, "each revision once");
	is_int(pair_publish(&c, &d.p, 2, "open"), OK, "another revision");
	is_int(box_measure(&c, &d, 2, "id;x\nc;1\nd;2\n"), OK, "in which one of them is again");
	is_int(pair_publish(&c, &d.p, 3, "open"), OK, "and another");
	is_int(box_measure(&c, &d, 3, "\xef\xbb\xbfid\na\nb\nc\nd\n"), OK, "with nobody new");
	is_int(together(&c, &d, 1 | 2), 4, "the first two together have four, not five");
	is_int(together(&c, &d, 2 | 4), 4, "the last two four");
	is_int(together(&c, &d, 1 | 2 | 4), 4, "all of them four");
	is_int(together(&c, &d, 2), 2, "the second alone two");
	is_int(together(&c, &d, 0), 0, "nothing none");
	ok(sandbox_store_objects(&c, d.p.s.db, STR(BOX), 3, o, &n) == OK && n == 3 &&
			o[0].rows == 5 && o[0].subjects == 3 && o[2].subjects == 4,
		"each is told");
	ok(deal_replays(&c, &d.p.s), "a replay counts the same, without the keys");
	deal_close(&d);
	return done_testing();
}
