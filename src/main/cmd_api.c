/* shugu api: the OpenAPI document of all routes. Needs no node. */
#include <stdio.h>

#include "api/node_routes.h"
#include "api/session.h"
#include "base/limits.h"
#include "main/command.h"

static err run(struct ctx *c, const struct options *o)
{
	struct json *document;
	struct str text;
	ENSURE(o->n == 0, c, ERR_USAGE, "api takes no argument");
	TRY(openapi_document(c, &all_routes, STR(SESSION_COOKIE), &document));
	TRY(json_write(c, document, true, LIMIT_HTTP_BODY, &text));
	printf("%.*s\n", FMT(text));
	return OK;
}

const struct command cmd_api = {
	"api", "", "Prints all routes as OpenAPI 3.1, with who may call them.", NULL, 0, run};
