#include "terms/operand.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/time.h"

#define ODRL STR("http://www.w3.org/ns/odrl/2/")
#define XSD STR("http://www.w3.org/2001/XMLSchema#")

static const char *const text_types[] = {"string", "anyURI", NULL};
static const char *const time_types[] = {"dateTime", "dateTimeStamp", NULL};
static const char *const duration_types[] = {"duration", "dayTimeDuration", NULL};
static const char *const count_types[] = {
	"integer", "int", "long", "nonNegativeInteger", "positiveInteger", "decimal", NULL};

static struct str without(struct str s, struct str prefix)
{
	return str_starts(s, prefix) ? str_sub(s, prefix.n, s.n) : s;
}

struct str operand_name(struct str name)
{
	struct str rest = without(name, STR("odrl:"));
	return rest.n < name.n ? rest : without(name, ODRL);
}

static bool is_type(struct str type, const char *const *names)
{
	struct str name = without(type, STR("xsd:"));
	if (name.n == type.n)
		name = without(type, XSD);
	for (size_t i = 0; name.n < type.n && names[i] != NULL; i++) {
		if (str_is(name, names[i]))
			return true;
	}
	return false;
}

/* The value without its wrapping; NULL where the wrapping says something else. */
static const struct json *bare(const struct json *j, const char *const *types)
{
	if (j == NULL || j->type != JSON_OBJECT)
		return j;
	const struct json *value = json_get(j, "@value"), *type = json_get(j, "@type");
	if (value == NULL || j->n != (type == NULL ? 1u : 2u))
		return NULL;
	return type == NULL || is_type(json_text(type), types) ? value : NULL;
}

static bool is_reference(const struct json *j)
{
	return j != NULL && j->type == JSON_OBJECT && j->n == 1 && json_get(j, "@id") != NULL;
}

bool operand_text(const struct json *j, struct str *ret)
{
	struct str s = json_text(is_reference(j) ? json_get(j, "@id") : bare(j, text_types));
	if (s.n == 0 || s.n > LIMIT_NAME)
		return false;
	*ret = s;
	return true;
}

/* More than three digits would be cut, and so would move a boundary. */
static bool is_finer_than_ms(struct str s)
{
	struct str fraction = str_sub(s, str_find(s, '.'), s.n);
	size_t n = 1;
	while (n < fraction.n && fraction.p[n] >= '0' && fraction.p[n] <= '9')
		n++;
	return n > 4;
}

bool operand_time(const struct json *j, int64_t *ret_ms)
{
	struct str s = json_text(bare(j, time_types));
	return !is_finer_than_ms(s) && time_parse_rfc3339(s, ret_ms);
}

static bool number(struct reader *r, int64_t *ret)
{
	int64_t v = 0;
	size_t n = 0;
	while (n < 11 && r->rest.n > 0 && r->rest.p[0] >= '0' && r->rest.p[0] <= '9') {
		uint8_t digit = 0;
		(void)reader_u8(r, &digit);
		v = v * 10 + (digit - '0');
		n++;
	}
	*ret = v;
	return n > 0 && n < 11;
}

static const struct unit {
	const char *letter;
	bool of_day;
	int64_t ms;
} units[] = {{"D", false, 86400000}, {"H", true, 3600000}, {"M", true, 60000}, {"S", true, 1000}};

/* The unit that comes next, from the i-th on; countof(units) where there is none such. */
static size_t unit_next(struct reader *r, size_t i, bool of_day)
{
	while (i < countof(units) &&
		(units[i].of_day != of_day || !reader_lit(r, str_z(units[i].letter))))
		i++;
	return i;
}

bool operand_duration(const struct json *j, int64_t *ret_ms)
{
	struct reader r = reader_on(json_text(bare(j, duration_types)));
	bool of_day = false;
	int64_t sum = 0;
	if (!reader_lit(&r, STR("P")) || reader_end(&r))
		return false;
	for (size_t i = 0; !reader_end(&r); i++) {
		of_day = of_day || reader_lit(&r, STR("T"));
		int64_t v;
		if (!number(&r, &v))
			return false;
		i = unit_next(&r, i, of_day);
		if (i == countof(units) || v > LIMIT_TERMS_ELAPSED_MS / units[i].ms)
			return false;
		sum += v * units[i].ms;
	}
	if (sum > LIMIT_TERMS_ELAPSED_MS)
		return false;
	*ret_ms = sum;
	return true;
}

bool operand_count(const struct json *j, int64_t *ret)
{
	const struct json *value = bare(j, count_types);
	struct json as_number = {.type = JSON_NUMBER, .text = json_text(value)};
	int64_t v;
	if (value != NULL && value->type == JSON_STRING)
		value = &as_number;
	if (!json_int(value, &v) || v < 0)
		return false;
	*ret = v;
	return true;
}

struct str operand_cut(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return str_sub(s, 0, n);
}

struct str operand_show(const struct json *j, size_t n)
{
	if (j != NULL && j->type == JSON_OBJECT)
		j = is_reference(j) ? json_get(j, "@id") : json_get(j, "@value");
	if (j == NULL || (j->type != JSON_STRING && j->type != JSON_NUMBER))
		return STR("(a value)");
	return operand_cut(j->text, n);
}
