/* /healthz: 200 as soon as requests are answered at all. */
#include "api/node_routes.h"

static err say_health(struct ctx *c, struct call *k)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "status", STR("ok"));
	json_set_num(c, &o, "size", (int64_t)commit_size(acts_log(k->acts)));
	call_header(k, "Cache-Control", STR("no-store"));
	return call_json(c, k, 200, o);
}

static const struct route rows[] = {
	{.method = "GET",
		.path = "/healthz",
		.scope = SCOPE_ANY,
		.say = say_health,
		.doc = "Answers 200 when the node is ready."},
};
const struct routes health_routes = {rows, countof(rows)};
