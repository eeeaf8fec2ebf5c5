#include "api/dsp_catalog_message.h"

#include <assert.h>

#include "base/limits.h"

static const struct json_field service_fields[] = {
	{"@id", JSON_K_TEXT, false, offsetof(struct dsp_service, id), LIMIT_URL, NULL},
	{"endpointURL", JSON_K_TEXT, false, offsetof(struct dsp_service, endpoint), LIMIT_URL,
		NULL},
};

struct raw_dataset {
	struct dsp_dataset d;
	const struct json *offers, *distributions;
};

static const struct json_field dataset_fields[] = {
	{"@id", JSON_K_TEXT, false, offsetof(struct raw_dataset, d.id), LIMIT_URL, NULL},
	{"hasPolicy", JSON_K_ARRAY, false, offsetof(struct raw_dataset, offers), 0, NULL},
	{"distribution", JSON_K_ARRAY, false, offsetof(struct raw_dataset, distributions), 0, NULL},
	{"shugu", JSON_K_OBJECT, true, offsetof(struct raw_dataset, d.shugu), 0, NULL},
};

struct raw_catalog {
	struct dsp_catalog catalog;
	const struct json *services, *datasets;
};

static const struct json_field catalog_fields[] = {
	{"@id", JSON_K_TEXT, false, offsetof(struct raw_catalog, catalog.id), LIMIT_URL, NULL},
	{"participantId", JSON_K_TEXT, false, offsetof(struct raw_catalog, catalog.participant),
		LIMIT_URL, NULL},
	{"service", JSON_K_ARRAY, true, offsetof(struct raw_catalog, services), 0, NULL},
	{"dataset", JSON_K_ARRAY, true, offsetof(struct raw_catalog, datasets), 0, NULL},
	{"shugu", JSON_K_OBJECT, true, offsetof(struct raw_catalog, catalog.shugu), 0, NULL},
};

struct version {
	struct str version, path, binding;
};

static const struct json_field version_fields[] = {
	{"version", JSON_K_TEXT, false, offsetof(struct version, version), LIMIT_NAME, NULL},
	{"path", JSON_K_TEXT, false, offsetof(struct version, path), LIMIT_URL, NULL},
	{"binding", JSON_K_TEXT, false, offsetof(struct version, binding), LIMIT_NAME, NULL},
};

static err service_read(struct ctx *c, const struct json *j, struct dsp_service *ret)
{
	TRY(json_read(c, j, service_fields, countof(service_fields), true, ret));
	ENSURE(ret->id.n > 0, c, ERR_BAD_VALUE, "'@id' of a service is empty");
	ENSURE(dsp_is_url(ret->endpoint), c, ERR_BAD_VALUE,
		"'endpointURL' is no http or https address");
	return OK;
}

static err services_read(struct ctx *c, const struct json *list, struct dsp_catalog *ret)
{
	struct dsp_service *p;
	if (list == NULL)
		return OK;
	NEW_N(c, p, list->n);
	ret->services = p;
	for (const struct json *j = list->first; j != NULL; j = j->next)
		TRY(service_read(c, j, &p[ret->services_n++]));
	return OK;
}

/* The service stands in the distribution, or is named there and stands in the catalogue. */
static err access_read(struct ctx *c, const struct json *access, const struct dsp_catalog *within,
	struct dsp_service *ret)
{
	ENSURE(access != NULL, c, ERR_MISSING_MEMBER, "'accessService' is missing");
	if (access->type != JSON_STRING)
		return service_read(c, access, ret);
	ENSURE(access->text.n > 0, c, ERR_BAD_VALUE, "'accessService' is empty");
	ret->id = access->text;
	for (size_t i = 0; within != NULL && i < within->services_n; i++) {
		if (str_eq(within->services[i].id, ret->id))
			ret->endpoint = within->services[i].endpoint;
	}
	return OK;
}

static err distributions_read(struct ctx *c, const struct json *list,
	const struct dsp_catalog *within, struct dsp_dataset *ret)
{
	struct dsp_distribution *p;
	NEW_N(c, p, list->n);
	ret->distributions = p;
	for (const struct json *j = list->first; j != NULL; j = j->next) {
		const struct json *format = json_get(j, "format");
		ENSURE(format != NULL, c, ERR_MISSING_MEMBER, "'format' is missing");
		p->format = json_text(format);
		ENSURE(p->format.n > 0 && p->format.n <= LIMIT_NAME, c, ERR_BAD_VALUE,
			"'format' must be a string");
		TRY(access_read(c, json_get(j, "accessService"), within, &p->service));
		p++;
		ret->distributions_n++;
	}
	return OK;
}

static err offers_read(struct ctx *c, const struct json *list, struct dsp_dataset *ret)
{
	struct dsp_policy *p;
	NEW_N(c, p, list->n);
	ret->offers = p;
	for (const struct json *j = list->first; j != NULL; j = j->next)
		TRY(dsp_policy_read(c, j, DSP_CATALOG_OFFER, &p[ret->offers_n++]));
	return OK;
}

static err dataset_read(struct ctx *c, const struct json *j, const struct dsp_catalog *within,
	struct dsp_dataset *ret)
{
	struct raw_dataset raw = {0};
	TRY(json_read(c, j, dataset_fields, countof(dataset_fields), true, &raw));
	ENSURE(raw.d.id.n > 0, c, ERR_BAD_VALUE, "'@id' of a dataset is empty");
	ENSURE(raw.offers->n > 0, c, ERR_BAD_VALUE, "'hasPolicy' is empty");
	ENSURE(raw.distributions->n > 0, c, ERR_BAD_VALUE, "'distribution' is empty");
	TRY(offers_read(c, raw.offers, &raw.d));
	TRY(distributions_read(c, raw.distributions, within, &raw.d));
	/* In others' catalogues a title may be anything (one of many languages): it is shown where it is text. */
	raw.d.title = json_text(json_get(j, "dct:title"));
	raw.d.description = json_text(json_get(j, "dct:description"));
	*ret = raw.d;
	return OK;
}

err dsp_dataset_read(struct ctx *c, const struct json *j, struct dsp_dataset *ret)
{
	TRY(dsp_check(c, j, "Dataset"));
	return dataset_read(c, j, NULL, ret);
}

err dsp_catalog_read(struct ctx *c, const struct json *j, struct dsp_catalog *ret)
{
	struct raw_catalog raw = {0};
	struct dsp_dataset *p;
	TRY(dsp_check(c, j, "Catalog"));
	TRY(json_read(c, j, catalog_fields, countof(catalog_fields), true, &raw));
	ENSURE(raw.catalog.id.n > 0, c, ERR_BAD_VALUE, "'@id' of the catalogue is empty");
	ENSURE(raw.catalog.participant.n > 0, c, ERR_BAD_VALUE, "'participantId' is empty");
	TRY(services_read(c, raw.services, &raw.catalog));
	size_t n = raw.datasets == NULL ? 0 : raw.datasets->n;
	NEW_N(c, p, n);
	raw.catalog.datasets = p;
	for (const struct json *d = n == 0 ? NULL : raw.datasets->first; d != NULL; d = d->next)
		TRY(dataset_read(c, d, &raw.catalog, &p[raw.catalog.datasets_n++]));
	*ret = raw.catalog;
	return OK;
}

static struct json *service_json(struct ctx *c, const struct dsp_service *s)
{
	struct json *o = json_object(c);
	assert(s->id.n > 0 && s->endpoint.n > 0);
	json_set(&o, "@type", json_z(c, "DataService"));
	json_set_str(c, &o, "@id", s->id);
	json_set_str(c, &o, "endpointURL", s->endpoint);
	return o;
}

static struct json *distribution_json(struct ctx *c, const struct dsp_distribution *d)
{
	struct json *o = json_object(c);
	assert(d->format.n > 0 && d->service.id.n > 0);
	json_set(&o, "@type", json_z(c, "Distribution"));
	json_set_str(c, &o, "format", d->format);
	json_set(&o, "accessService",
		d->service.endpoint.n > 0 ? service_json(c, &d->service)
					  : json_str(c, d->service.id));
	return o;
}

static struct json *dataset_json(struct ctx *c, struct json *o, const struct dsp_dataset *d)
{
	struct json *offers = json_array(c), *distributions = json_array(c);
	assert(d->id.n > 0 && d->offers_n > 0 && d->distributions_n > 0);
	json_set_str(c, &o, "@id", d->id);
	if (d->title.n > 0)
		json_set_str(c, &o, "dct:title", d->title);
	if (d->description.n > 0)
		json_set_str(c, &o, "dct:description", d->description);
	for (size_t i = 0; i < d->offers_n; i++)
		json_push(&offers, dsp_policy_json(c, &d->offers[i], DSP_CATALOG_OFFER));
	json_set(&o, "hasPolicy", offers);
	for (size_t i = 0; i < d->distributions_n; i++)
		json_push(&distributions, distribution_json(c, &d->distributions[i]));
	json_set(&o, "distribution", distributions);
	if (d->shugu != NULL)
		json_set(&o, "shugu", json_copy(c, d->shugu));
	return o;
}

struct json *dsp_dataset_json(struct ctx *c, const struct dsp_dataset *d)
{
	return dataset_json(c, dsp_new(c, "Dataset"), d);
}

struct json *dsp_catalog_json(struct ctx *c, const struct dsp_catalog *catalog)
{
	struct json *o = dsp_new(c, "Catalog"), *services = json_array(c),
		    *datasets = json_array(c);
	assert(catalog->id.n > 0 && catalog->participant.n > 0);
	json_set_str(c, &o, "@id", catalog->id);
	json_set_str(c, &o, "participantId", catalog->participant);
	for (size_t i = 0; i < catalog->services_n; i++)
		json_push(&services, service_json(c, &catalog->services[i]));
	if (catalog->services_n > 0)
		json_set(&o, "service", services);
	for (size_t i = 0; i < catalog->datasets_n; i++) {
		struct json *d = json_object(c);
		json_set(&d, "@type", json_z(c, "Dataset"));
		json_push(&datasets, dataset_json(c, d, &catalog->datasets[i]));
	}
	if (catalog->datasets_n > 0)
		json_set(&o, "dataset", datasets);
	if (catalog->shugu != NULL)
		json_set(&o, "shugu", json_copy(c, catalog->shugu));
	return o;
}

struct json *dsp_versions_json(struct ctx *c, struct str path, struct str service)
{
	struct json *o = json_object(c), *list = json_array(c), *v = json_object(c);
	assert(str_starts(path, STR("/")));
	json_set(&v, "version", json_z(c, "2025-1"));
	json_set_str(c, &v, "path", path);
	json_set(&v, "binding", json_z(c, "HTTPS"));
	json_set(&v, "identifierType", json_z(c, "did:web"));
	if (service.n > 0)
		json_set_str(c, &v, "serviceId", service);
	json_push(&list, v);
	json_set(&o, "protocolVersions", list);
	return o;
}

err dsp_versions_read(struct ctx *c, const struct json *j, struct str *ret_path)
{
	const struct json *list = json_get(j, "protocolVersions");
	ENSURE(list != NULL, c, ERR_MISSING_MEMBER, "'protocolVersions' is missing");
	ENSURE(list->type == JSON_ARRAY, c, ERR_BAD_VALUE, "'protocolVersions' must be an array");
	for (const struct json *m = list->first; m != NULL; m = m->next) {
		struct version v = {0};
		TRY(json_read(c, m, version_fields, countof(version_fields), true, &v));
		if (!str_is(v.version, "2025-1") || !str_is(v.binding, "HTTPS"))
			continue;
		ENSURE(str_starts(v.path, STR("/")), c, ERR_BAD_VALUE, "'path' begins with no /");
		*ret_path = v.path;
		return OK;
	}
	return fail(c, ERR_NOT_IMPLEMENTED, "the other party does not speak version 2025-1");
}
