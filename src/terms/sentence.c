#include "terms/sentence.h"

#include "base/limits.h"
#include "codec/time.h"

#define SECOND_MS 1000
#define HOUR_MS (3600 * SECOND_MS)
#define DAY_MS (24 * HOUR_MS)

static void say(struct buf *b, enum sentence_language l, enum sentence_message m)
{
	buf_z(b, sentence_say(l, m));
}

static void add_purposes(struct buf *b, enum sentence_language l, const struct terms *t)
{
	for (size_t i = 0; i < t->purposes_n; i++) {
		say(b, l, i == 0 ? CLAUSE_PURPOSE : CLAUSE_OR);
		buf_add(b, sentence_word(l, t->purposes[i]));
	}
}

static err add_time(
	struct ctx *c, struct buf *b, enum sentence_language l, enum sentence_message m, int64_t ms)
{
	struct str text;
	TRY(time_str(c, ms, &text));
	say(b, l, CLAUSE_COMMA);
	say(b, l, m);
	buf_add(b, text);
	return OK;
}

/* In the largest unit that it is a whole number of. */
static void add_elapsed(struct buf *b, enum sentence_language l, int64_t ms)
{
	bool days = ms % DAY_MS == 0, hours = ms % HOUR_MS == 0;
	say(b, l, CLAUSE_COMMA);
	buf_i64(b, ms / (days ? DAY_MS : hours ? HOUR_MS : SECOND_MS));
	say(b, l, days ? CLAUSE_DAYS : hours ? CLAUSE_HOURS : CLAUSE_SECONDS);
}

err terms_sentence(struct ctx *c, const struct terms *t, enum sentence_language l, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, LIMIT_ACT);
	if (t->open_ended) {
		*ret = str_z(sentence_say(l, CLAUSE_OPEN));
		return OK;
	}
	say(&b, l, CLAUSE_USE);
	add_purposes(&b, l, t);
	if (t->said[TERM_NOT_BEFORE].n > 0)
		TRY(add_time(c, &b, l, CLAUSE_NOT_BEFORE, t->not_before_ms));
	if (t->said[TERM_NOT_AFTER].n > 0)
		TRY(add_time(c, &b, l, CLAUSE_NOT_AFTER, t->not_after_ms));
	if (t->elapsed_ms >= 0)
		add_elapsed(&b, l, t->elapsed_ms);
	if (t->count_max >= 0) {
		say(&b, l, CLAUSE_COMMA);
		if (t->count_max != 1)
			buf_i64(&b, t->count_max);
		say(&b, l, t->count_max == 1 ? CLAUSE_ONE_DELIVERY : CLAUSE_DELIVERIES);
	}
	return buf_done(c, &b, ret);
}
