/* /api/v1/clock: what time it is here; a simulated node is told the time by who runs it. */
#include "act/pass.h"
#include "api/node_routes.h"
#include "codec/time.h"

struct wanted {
	struct str at;
};

static const struct json_field fields[] = {
	{"at", JSON_K_TEXT, false, offsetof(struct wanted, at), 64, NULL},
};

static err set_clock(struct ctx *c, struct call *k)
{
	struct wanted w;
	TRY(json_read(c, k->body, fields, countof(fields), false, &w));
	return pass_to(c, k->acts, w.at);
}

static err say_clock(struct ctx *c, struct call *k)
{
	struct json *o = json_object(c);
	struct str now;
	TRY(time_str(c, env_now_ms(acts_env(k->acts)), &now));
	json_set_str(c, &o, "now", now);
	json_set(&o, "simulated", json_bool(c, env_is_simulated(acts_env(k->acts))));
	return call_json(c, k, 200, o);
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/clock", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .say = say_clock, .doc = "What time it is here, and whether people set it."},
	{.method = "POST", .path = "/api/v1/clock", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(fields),
		.act = set_clock, .say = say_clock, .doc = "Tells a simulated node the time; what falls due by then is done."},
};
// clang-format on
const struct routes clock_routes = {rows, countof(rows)};
