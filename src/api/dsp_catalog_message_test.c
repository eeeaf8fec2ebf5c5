#include "api/dsp_catalog_message.h"

#include "base/limits.h"
#include "tests/tap.h"

#define C "\"@context\":[\"" DSP_CONTEXT "\"],"
#define OFFER "{\"@id\":\"o\",\"@type\":\"Offer\",\"permission\":[{\"action\":\"use\"}]}"
#define SERVICE "{\"@type\":\"DataService\",\"@id\":\"s\",\"endpointURL\":\"http://a.example/dsp\"}"
#define DATASET \
	"\"@id\":\"d\",\"dct:title\":\"T\",\"hasPolicy\":[" OFFER \
	"],\"distribution\":[{\"@type\":" \
	"\"Distribution\",\"format\":\"HttpData-PULL\",\"accessService\":\"s\"}]"
#define CATALOG \
	"{" C "\"@type\":\"Catalog\",\"@id\":\"k\",\"participantId\":\"did:web:a.example\"," \
	"\"service\":[" SERVICE "],\"dataset\":[{\"@type\":\"Dataset\"," DATASET "}]}"

static const char *written(struct ctx *c, const struct json *j)
{
	struct str s;
	return json_write(c, j, false, 1u << 20, &s) == OK ? arena_z(c->arena, s) : NULL;
}

static const struct json *parsed(struct ctx *c, const char *text)
{
	const struct json *j = NULL;
	return json_parse(c, str_z(text), &j) == OK ? j : NULL;
}

static void there_and_back(struct ctx *c)
{
	struct dsp_catalog k = {0};
	is_int(dsp_catalog_read(c, parsed(c, CATALOG), &k), OK, "a catalogue");
	ok(str_is(k.id, "k") && str_is(k.participant, "did:web:a.example"), "of a participant");
	is_int(k.services_n, 1, "with a service");
	if (!is_int(k.datasets_n, 1, "and a dataset"))
		return;
	const struct dsp_dataset *d = &k.datasets[0];
	ok(str_is(d->id, "d") && str_is(d->title, "T") && d->offers_n == 1, "with an offer");
	ok(str_is(d->offers[0].id, "o"), "of its id");
	ok(d->distributions_n == 1 && str_is(d->distributions[0].format, DSP_PULL), "to be pulled");
	ok(str_is(d->distributions[0].service.endpoint, "http://a.example/dsp"),
		"from the service that it names");
	struct dsp_distribution named = {STR(DSP_PULL), {.id = STR("s")}};
	struct dsp_dataset other = *d;
	other.distributions = &named;
	k.datasets = &other;
	is_str(written(c, dsp_catalog_json(c, &k)), CATALOG, "written as it was read");
	k = (struct dsp_catalog){.id = STR("k"), .participant = STR("p")};
	is_str(written(c, dsp_catalog_json(c, &k)),
		"{" C "\"@type\":\"Catalog\",\"@id\":\"k\",\"participantId\":\"p\"}",
		"nothing to offer, no empty array");
	is_int(dsp_catalog_read(c, dsp_catalog_json(c, &k), &k), OK, "which is read as well");
	is_int(k.datasets_n, 0, "as empty");
}

static void alone(struct ctx *c)
{
	struct dsp_dataset d = {0};
	is_int(dsp_dataset_read(c, parsed(c, "{" C "\"@type\":\"Dataset\"," DATASET "}"), &d), OK,
		"a dataset alone");
	is_int(d.distributions[0].service.endpoint.n, 0, "its service is a name");
	struct dsp_distribution at = {STR(DSP_PULL), {STR("s"), STR("http://a.example/dsp")}};
	d.distributions = &at;
	d.description = STR("words");
	const struct json *j = dsp_dataset_json(c, &d);
	is_int(dsp_dataset_read(c, j, &d), OK, "with its service in it");
	ok(str_is(d.distributions[0].service.endpoint, "http://a.example/dsp") &&
			str_is(d.description, "words"),
		"it says where and what");
}

static void refused(struct ctx *c)
{
	static const struct {
		err want;
		const char *members, *member;
	} rows[] = {
		{ERR_MISSING_MEMBER, "\"participantId\":\"p\"", "'@id'"},
		{ERR_MISSING_MEMBER, "\"@id\":\"k\"", "'participantId'"},
		{ERR_BAD_VALUE, "\"@id\":\"k\",\"participantId\":\"\"", "'participantId'"},
		{ERR_BAD_VALUE, "\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":{}",
			"'dataset'"},
		{ERR_BAD_VALUE, "\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":[1]", "object"},
		{ERR_MISSING_MEMBER,
			"\"@id\":\"k\",\"participantId\":\"p\",\"service\":[{\"@id\":\"s\"}]",
			"'endpointURL'"},
		{ERR_BAD_VALUE,
			"\"@id\":\"k\",\"participantId\":\"p\",\"service\":[{\"@id\":\"s\","
			"\"endpointURL\":\"x\"}]",
			"'endpointURL'"},
		{ERR_MISSING_MEMBER,
			"\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":[{\"@id\":\"d\"}]",
			"'hasPolicy'"},
		{ERR_BAD_VALUE,
			"\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":[{\"@id\":\"d\","
			"\"hasPolicy\":[],"
			"\"distribution\":[]}]",
			"'hasPolicy'"},
		{ERR_BAD_VALUE,
			"\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":[{\"@id\":\"d\","
			"\"hasPolicy\":[" OFFER "],\"distribution\":[]}]",
			"'distribution'"},
		{ERR_MISSING_MEMBER,
			"\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":[{\"@id\":\"d\","
			"\"hasPolicy\":[" OFFER "],\"distribution\":[{\"accessService\":\"s\"}]}]",
			"'format'"},
		{ERR_MISSING_MEMBER,
			"\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":[{\"@id\":\"d\","
			"\"hasPolicy\":[" OFFER "],\"distribution\":[{\"format\":\"f\"}]}]",
			"'accessService'"},
		{ERR_MISSING_MEMBER,
			"\"@id\":\"k\",\"participantId\":\"p\",\"dataset\":[{\"@id\":\"d\","
			"\"hasPolicy\":[{}],"
			"\"distribution\":[{\"format\":\"f\",\"accessService\":\"s\"}]}]",
			"'@id'"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct str text;
		struct dsp_catalog k = {.id = STR("before")};
		ok(arena_fmt(c, &text, "{" C "\"@type\":\"Catalog\",%s}", rows[i].members) == OK,
			"a catalogue");
		is_int(dsp_catalog_read(c, parsed(c, text.p), &k), rows[i].want, "%s",
			rows[i].members);
		ok(strstr(c->trouble.detail, rows[i].member) != NULL, "names %s: %s",
			rows[i].member, c->trouble.detail);
		ok(str_is(k.id, "before"), "and writes nothing");
	}
}

#define VERSION(v, path, binding) \
	"{\"version\":\"" v "\",\"path\":\"" path "\",\"binding\":\"" binding "\"}"

static void versions(struct ctx *c)
{
	static const struct {
		err want;
		const char *text, *path;
	} rows[] = {
		{OK,
			"{\"protocolVersions\":[" VERSION("2024-1", "/a", "HTTPS") "," VERSION(
				"2025-1", "/b", "HTTPS") "," VERSION("2025-1", "/c", "HTTPS") "]}",
			"/b"},
		{ERR_NOT_IMPLEMENTED,
			"{\"protocolVersions\":[" VERSION("2024-1", "/a", "HTTPS") "]}", ""},
		{ERR_NOT_IMPLEMENTED,
			"{\"protocolVersions\":[" VERSION("2025-1", "/a", "MQTT") "]}", ""},
		{ERR_NOT_IMPLEMENTED, "{\"protocolVersions\":[]}", ""},
		{ERR_BAD_VALUE, "{\"protocolVersions\":[" VERSION("2025-1", "b", "HTTPS") "]}", ""},
		{ERR_BAD_VALUE, "{\"protocolVersions\":{}}", ""},
		{ERR_BAD_VALUE, "{\"protocolVersions\":[7]}", ""},
		{ERR_MISSING_MEMBER, "{\"protocolVersions\":[{}]}", ""},
		{ERR_MISSING_MEMBER, "{}", ""},
		{ERR_MISSING_MEMBER, "[]", ""},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct str path = {"", 0};
		is_int(dsp_versions_read(c, parsed(c, rows[i].text), &path), rows[i].want, "%s",
			rows[i].text);
		ok(str_is(path, rows[i].path), "the path is '%s'", rows[i].path);
	}
	struct str path;
	is_int(dsp_versions_read(c, dsp_versions_json(c, STR("/dsp/2025-1"), STR("urn:x")), &path),
		OK, "ours is read");
	ok(str_is(path, "/dsp/2025-1"), "by its path");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	there_and_back(&c);
	alone(&c);
	refused(&c);
	versions(&c);
	return done_testing();
}
