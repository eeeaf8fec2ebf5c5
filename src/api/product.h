/* The routes of products: publish, list, show, withdraw; and of their dossiers. For the operator alone; what partners see of a
 * product is the catalogue of the Dataspace Protocol. */
#pragma once

#include "api/route.h"

struct revision;

/* A revision that differs in its dossier alone, by the same act as publishing. */
must_use err product_revise_dossier(
	struct ctx *c, struct call *k, const struct revision *known, const struct json *dossier);
/* Answers 201 with the product that act() published or revised, and its evidence. */
must_use err product_say_published(struct ctx *c, struct call *k);

/* What /api/v1/products/{product} answers. */
must_use err product_shown(struct ctx *c, struct call *k, struct json **ret);

extern const struct routes product_routes;
extern const struct routes dossier_routes;
