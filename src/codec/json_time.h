/* Times (codec/time.h) and days (codec/day.h) in JSON that is built. As with all builders a failed allocation answers NULL. Pure. */
#pragma once

#include "codec/json.h"

struct json *json_time(struct ctx *c, int64_t ms);
struct json *json_day(struct ctx *c, int64_t day);
/* o[name]; nothing for 0, which stands for none. */
void json_set_time(struct ctx *c, struct json **o, const char *name, int64_t ms);
void json_set_day(struct ctx *c, struct json **o, const char *name, int64_t day);
