#include "act/pass.h"

#include "base/limits.h"
#include "codec/day.h"
#include "codec/time.h"

#define DAY_MS 86400000ll
#define CHINA_MS (8ll * 3600000)
#define MORNING_MS (9ll * 3600000)

static int64_t midnight_before(int64_t ms)
{
	return (ms + CHINA_MS) / DAY_MS * DAY_MS - CHINA_MS;
}

err pass_read(struct ctx *c, struct str text, int64_t *ret_ms, bool *ret_is_day)
{
	int64_t day, ms;
	*ret_is_day = day_parse(text, &day);
	if (*ret_is_day) {
		*ret_ms = day * DAY_MS - CHINA_MS + MORNING_MS;
		return OK;
	}
	ENSURE(time_parse_rfc3339(text, &ms), c, ERR_BAD_VALUE,
		"%.*s is no time: write 2026-04-15 or 2026-04-15T09:00:00+08:00",
		FMT(str_sub(text, 0, 100)));
	*ret_ms = ms;
	return OK;
}

static err due_at(struct ctx *outer, struct acts *n, int64_t ms)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	ENSURE(a != NULL, outer, ERR_MEMORY, "no memory for what is due");
	acts_advance(n, ms);
	err e = acts_due(&c, n);
	if (e != OK)
		outer->trouble = c.trouble;
	return e;
}

static err path_of(struct ctx *c, const char *directory, struct str *ret)
{
	return arena_fmt(c, ret, "%s/clock", directory);
}

err pass_keep(struct ctx *c, const struct env *e, const char *directory, int64_t ms)
{
	struct str path, text;
	TRY(path_of(c, directory, &path));
	TRY(time_str(c, ms, &text));
	return file_write(c, e, path.p, text, 0600);
}

err pass_kept(struct ctx *c, const char *directory, int64_t *ret_ms)
{
	struct str path, text;
	TRY(path_of(c, directory, &path));
	*ret_ms = 0;
	err e = file_read(c, path.p, TIME_TEXT, &text);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	ENSURE(time_parse(text, ret_ms), c, ERR_CORRUPT,
		"%s is damaged: remove it, and the clock stands where the log ends", path.p);
	return OK;
}

err pass_to(struct ctx *c, struct acts *n, struct str text)
{
	int64_t ms, now = env_now_ms(acts_env(n));
	bool is_day;
	char at[TIME_TEXT + 1];
	const char *directory = acts_self(n)->directory;
	ENSURE(env_is_simulated(acts_env(n)), c, ERR_SIMULATED,
		"--at is for simulated nodes (shugu init --simulated): the clock of a real node is "
		"nobody's to set");
	TRY(pass_read(c, text, &ms, &is_day));
	time_text(now, at);
	ENSURE(ms >= (is_day ? midnight_before(now) : now - LIMIT_SKEW_MS), c, ERR_BAD_VALUE,
		"it is %s on this node, and its clock does not go back to %.*s", at,
		FMT(str_sub(text, 0, 100)));
	for (int64_t day = midnight_before(now) + DAY_MS; day < ms; day += DAY_MS)
		TRY(due_at(c, n, day));
	TRY(due_at(c, n, ms > now ? ms : now));
	return directory != NULL ? pass_keep(c, acts_env(n), directory, env_now_ms(acts_env(n)))
				 : OK;
}
