#include "govern/registration_rules.h"

// clang-format off
const struct registration_source registration_sources[] = {
	{"collected",       RIGHTS_ALL, RIGHTS_ALL, NULL},
	{"contract",        RIGHTS_ALL, RIGHTS_ALL, NULL},
	{"personal",        RIGHTS_ALL, RIGHTS_ALL, NULL},
	{"crawled",         RIGHT_HOLD | RIGHT_USE, RIGHT_HOLD | RIGHT_USE, NULL},
	{"crawled-product", RIGHT_HOLD | RIGHT_USE, RIGHTS_ALL, "a statement that the product does not substantially replace that of the source"},
	{"joint",           RIGHT_HOLD | RIGHT_USE, RIGHTS_ALL, "the consent of the other participants"},
	{"derived",         0, RIGHTS_ALL, "a statement of substantial change and added value"},
	{"entrusted",       0, RIGHTS_ALL, "the law or contract that gives the processor rights"},
	{NULL, 0, 0, NULL},
};
// clang-format on

static const char *const right_names[] = {"hold", "use", "operate"};

err registration_rights_read(struct ctx *c, const struct json *list, unsigned *ret)
{
	unsigned all = 0;
	ENSURE(list != NULL && list->type == JSON_ARRAY && list->n > 0, c, ERR_BAD_VALUE,
		"rights: one or more of hold, use, operate");
	for (const struct json *j = list->first; j != NULL; j = j->next) {
		unsigned bit = 0;
		for (unsigned i = 0; i < countof(right_names); i++)
			bit |= str_is(json_text(j), right_names[i]) ? 1u << i : 0;
		ENSURE(bit != 0 && (all & bit) == 0, c, ERR_BAD_VALUE,
			"rights: each of hold, use, operate once at most, and no other");
		all |= bit;
	}
	*ret = all;
	return OK;
}

struct json *registration_rights_json(struct ctx *c, unsigned rights)
{
	struct json *a = json_array(c);
	for (unsigned i = 0; i < countof(right_names); i++) {
		if ((rights & (1u << i)) != 0)
			json_push(&a, json_z(c, right_names[i]));
	}
	return a;
}

static err check_origin(struct ctx *c, const struct registration_claim *k)
{
	if (k->origin.n == 0 || str_is(k->origin, "none") || str_is(k->origin, "utility"))
		return OK;
	ENSURE(!str_is(k->origin, "government"), c, ERR_BAD_VALUE,
		"data of public authorities are not registered (art. 15)");
	ENSURE(str_is(k->origin, "authorised"), c, ERR_BAD_VALUE,
		"origin is none, government, authorised or utility");
	ENSURE(k->platform.n > 0, c, ERR_BAD_VALUE,
		"a product of authorised public data is registered on the public-data platform "
		"first: give its number there (art. 15)");
	return OK;
}

static const char *words_of(unsigned rights)
{
	return rights == 0 ? "nothing" : rights == RIGHTS_ALL ? "all three" : "hold and use alone";
}

err registration_may(struct ctx *c, const struct registration_claim *k)
{
	const struct registration_source *s = registration_sources;
	while (s->id != NULL && !str_is(k->source, s->id))
		s++;
	ENSURE(s->id != NULL, c, ERR_BAD_VALUE,
		"source is collected, contract, personal, crawled, crawled-product, joint, derived "
		"or entrusted");
	ENSURE(k->rights > 0 && k->rights <= RIGHTS_ALL, c, ERR_BAD_VALUE, "no right is claimed");
	TRY(check_origin(c, k));
	unsigned may = k->basis.n > 0 ? s->with_basis : s->rights;
	if ((k->rights & ~may) == 0)
		return OK;
	ENSURE((k->rights & ~s->with_basis) == 0, c, ERR_BAD_VALUE,
		"from this source (%s) %s may be registered (art. 21)", s->id,
		words_of(s->with_basis));
	return fail(c, ERR_BAD_VALUE,
		"from this source (%s) %s may be registered without %s (art. 21)", s->id,
		words_of(may), s->basis);
}

static size_t chars(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0u) != 0x80u;
	return n;
}

err registration_texts(struct ctx *c, struct str name, struct str overview)
{
	size_t n = chars(name), m = chars(overview);
	ENSURE(n >= 1 && n <= REGISTRATION_NAME_CHARS, c, ERR_BAD_VALUE,
		"the name has %zu characters, not 1 to %u (time, region, industry, content, type)",
		n, REGISTRATION_NAME_CHARS);
	ENSURE(m >= 1 && m <= REGISTRATION_OVERVIEW_CHARS, c, ERR_BAD_VALUE,
		"the overview has %zu characters, not 1 to %u", m, REGISTRATION_OVERVIEW_CHARS);
	return OK;
}

bool registration_region(int64_t region)
{
	static const uint8_t all[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37,
		41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82};
	for (size_t i = 0; i < countof(all); i++) {
		if (all[i] == region)
			return true;
	}
	return false;
}

/* Digits alone, unlike str_u64 also with zeros in front. */
static bool digits(struct str s, int64_t *ret)
{
	int64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*ret = v;
	return true;
}

bool registration_code_read(struct str text, struct registration_code *ret)
{
	struct registration_code k;
	bool good = text.n == REGISTRATION_CODE && str_starts(text, STR("SJ")) &&
		    digits(str_sub(text, 2, 2), &k.region) &&
		    digits(str_sub(text, 4, 1), &k.digit) && digits(str_sub(text, 5, 4), &k.year) &&
		    digits(str_sub(text, 9, 2), &k.month) &&
		    digits(str_sub(text, 11, 4), &k.serial) && registration_region(k.region) &&
		    k.year >= 1970 && k.month >= 1 && k.month <= 12 && k.serial >= 1;
	if (good)
		*ret = k;
	return good;
}

err registration_code_write(struct ctx *c, const struct registration_code *k, struct str *ret)
{
	ENSURE(registration_region(k->region) && k->digit >= 0 && k->digit <= 9, c, ERR_BAD_VALUE,
		"region %lld, registrar %lld: two digits of GB/T 2260 for a province, and one "
		"digit",
		(long long)k->region, (long long)k->digit);
	ENSURE(k->serial >= 1 && k->serial <= REGISTRATION_SERIAL_MAX, c, ERR_QUOTA,
		"the codes of this month are used up");
	return arena_fmt(c, ret, "SJ%02lld%lld%04lld%02lld%04lld", (long long)k->region,
		(long long)k->digit, (long long)k->year, (long long)k->month, (long long)k->serial);
}
