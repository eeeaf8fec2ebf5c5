/* Documents for people: invoices and agreements as a sheet (JSON), a web page, a PDF. */
#pragma once

#include "api/route.h"

extern const struct routes paper_routes;
