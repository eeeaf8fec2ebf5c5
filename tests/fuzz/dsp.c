/* Fuzzes the readers of the Dataspace Protocol. What must hold for any bytes: a refusal names its reason and writes
 * nothing; what is read as a message can be built, is read again with the same meaning, and building that gives the
 * same tree; a token stands in no error text. */
#include <assert.h>
#include <stdint.h>

#include "api/dsp_catalog_message.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void refusal_has_a_reason(const struct ctx *c, err e)
{
	assert(e == ERR_MISSING_MEMBER || e == ERR_BAD_VALUE || e == ERR_NOT_IMPLEMENTED);
	assert(c->trouble.code == e && c->trouble.detail[0] != '\0');
}

/* An agreement of a peer may lack its time; one that we write has it. */
static bool can_be_built(const struct dsp_message *m)
{
	return m->agreement.id.n == 0 || m->agreement.timestamp.n > 0;
}

static void message_again(struct ctx *c, const struct json *j, enum dsp_type type)
{
	struct dsp_message m = {.code = STR("before")}, again;
	err e = dsp_message_read(c, j, type, &m);
	if (e != OK) {
		refusal_has_a_reason(c, e);
		assert(str_is(m.code, "before"));
		return;
	}
	assert(m.type == type && m.provider_pid.n <= DSP_PID && m.consumer_pid.n <= DSP_PID);
	assert(m.callback.n == 0 || (dsp_is_url(m.callback) && !str_ends(m.callback, STR("/"))));
	(void)dsp_reason_text(m.reason);
	if (!can_be_built(&m))
		return;
	const struct json *built = dsp_message_json(c, &m);
	e = dsp_message_read(c, built, type, &again);
	assert(e == OK && str_eq(m.offer.id, again.offer.id) && str_eq(m.callback, again.callback));
	assert(str_eq(m.address.token, again.address.token) && json_eq(m.shugu, again.shugu));
	assert(json_eq(built, dsp_message_json(c, &again)));
}

static void catalog_again(struct ctx *c, const struct json *j)
{
	struct dsp_catalog k;
	err e = dsp_catalog_read(c, j, &k);
	if (e != OK) {
		refusal_has_a_reason(c, e);
		return;
	}
	const struct json *built = dsp_catalog_json(c, &k);
	e = dsp_catalog_read(c, built, &k);
	assert(e == OK && json_eq(built, dsp_catalog_json(c, &k)));
}

static void others(struct ctx *c, const struct json *j)
{
	struct dsp_dataset d;
	struct str path;
	err e = dsp_dataset_read(c, j, &d);
	if (e != OK)
		refusal_has_a_reason(c, e);
	else
		assert(json_get(dsp_dataset_json(c, &d), "hasPolicy") != NULL);
	e = dsp_versions_read(c, j, &path);
	if (e != OK)
		refusal_has_a_reason(c, e);
	else
		assert(str_starts(path, STR("/")));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(256u << 20);
	struct ctx c = {.arena = a};
	const struct json *j = NULL;
	enum dsp_type type;
	if (json_parse(&c, (struct str){(const char *)bytes, n}, &j) != OK)
		return 0;
	if (dsp_type_of(json_text(json_get(j, "@type")), &type))
		message_again(&c, j, type);
	catalog_again(&c, j);
	others(&c, j);
	return 0;
}
