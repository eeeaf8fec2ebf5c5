#include <assert.h>

#include "api/route.h"
#include "base/limits.h"
#include "net/fields.h"

const struct json_field takes_reason[1] = {
	{.name = "reason", .kind = JSON_K_TEXT, .max = LIMIT_REASON},
};
const struct json_field takes_party[1] = {
	{.name = "party", .kind = JSON_K_TEXT, .max = LIMIT_DID},
};

err call_json(struct ctx *c, struct call *k, int status, const struct json *j)
{
	struct str body;
	TRY(json_write(c, j, false, LIMIT_HTTP_BODY, &body));
	k->answer.status = status;
	k->answer.body = body;
	return OK;
}

err call_query(struct ctx *c, const struct call *k, const char *name, struct str *ret)
{
	struct str value;
	TRY(http_query(c, k->x->request.query, name, &value));
	ENSURE(value.p != NULL, c, ERR_NOT_FOUND, "the query has no %s", name);
	*ret = value;
	return OK;
}

void call_header(struct call *k, const char *name, struct str value)
{
	assert(k->answer.headers_n < CALL_HEADERS);
	k->answer.headers[k->answer.headers_n++] = (struct http_header){str_z(name), value};
}
