/* /s/TOKEN: what a person sees who was sent a link and has no node (row N). Plain pages without a script, in Chinese or
 * English: what is offered and on which terms; yes, by a stated name; the file and the invoice. Who asks for application/json
 * gets the same as JSON, so that curl and pandas can take it too.
 *
 * Nobody is asked who he is: the token opens the link, and the token of its delivery the bytes. Pages are not cached, send no
 * referrer and load nothing but their own style. */
#pragma once

#include "api/route.h"

extern const struct routes share_page_routes;
