#include "codec/json_time.h"

#include "codec/day.h"
#include "codec/time.h"

struct json *json_time(struct ctx *c, int64_t ms)
{
	struct str text;
	return time_str(c, ms, &text) == OK ? json_str(c, text) : NULL;
}

struct json *json_day(struct ctx *c, int64_t day)
{
	char text[DAY_TEXT + 1];
	struct str kept;
	day_text(day, text);
	return arena_str(c, str_z(text), &kept) == OK ? json_str(c, kept) : NULL;
}

void json_set_time(struct ctx *c, struct json **o, const char *name, int64_t ms)
{
	if (ms != 0)
		json_set(o, name, json_time(c, ms));
}

void json_set_day(struct ctx *c, struct json **o, const char *name, int64_t day)
{
	if (day != 0)
		json_set(o, name, json_day(c, day));
}
