/* The catalogue of the Dataspace Protocol 2025-1: Catalog, Dataset, Distribution, DataService, built and read, and the
 * version document of /.well-known/dspace-version.
 *
 * A dataset has at least one offer and one distribution, a catalogue what it has (nothing empty is written).
 * Nested catalogues are passed over. Reading and building, errors and ownership are as in api/dsp_message.h; arrays
 * lie in the context's arena. */
#pragma once

#include "api/dsp_message.h"

struct dsp_service {
	struct str id, endpoint;
};

struct dsp_distribution {
	struct str format;          /* DSP_PULL */
	struct dsp_service service; /* endpoint empty: named by its id alone */
};

struct dsp_dataset {
	struct str id;
	struct str title, description; /* may be empty */
	const struct dsp_policy *offers;
	size_t offers_n;
	const struct dsp_distribution *distributions;
	size_t distributions_n;
	const struct json *shugu; /* what our nodes say beyond DCAT, or NULL */
};

struct dsp_catalog {
	struct str id, participant;
	const struct dsp_service *services;
	size_t services_n;
	const struct dsp_dataset *datasets;
	size_t datasets_n;
	const struct json *shugu;
};

/* A distribution that names a service of the catalogue gets its endpoint. */
must_use err dsp_catalog_read(struct ctx *c, const struct json *j, struct dsp_catalog *ret);
struct json *dsp_catalog_json(struct ctx *c, const struct dsp_catalog *catalog);

/* A dataset alone (GET catalog/datasets/ID), with its own context. */
must_use err dsp_dataset_read(struct ctx *c, const struct json *j, struct dsp_dataset *ret);
struct json *dsp_dataset_json(struct ctx *c, const struct dsp_dataset *d);

/* path: where 2025-1 is spoken, from the root of the node, e.g. /dsp/2025-1. service: an id for all versions of one
 * service, may be empty. */
struct json *dsp_versions_json(struct ctx *c, struct str path, struct str service);
/* The path of version 2025-1 over HTTPS; ERR_NOT_IMPLEMENTED where the peer does not speak it. */
must_use err dsp_versions_read(struct ctx *c, const struct json *j, struct str *ret_path);
