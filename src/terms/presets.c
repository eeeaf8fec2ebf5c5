#include "terms/presets.h"

#include "terms/operand.h"

#define USE(constraint) "{\"permission\":[{\"action\":\"use\"" constraint "}]}"
#define ONLY(left, relation, right) \
	",\"constraint\":[{\"leftOperand\":\"" left "\",\"operator\":\"" relation \
	"\",\"rightOperand\":\"" right "\"}]"

static const struct preset {
	const char *name, *policy;
} presets[] = {
	{"open", USE("")},
	{"internal-use", USE(ONLY("purpose", "eq", "internal-use"))},
	{"evaluation-30d", USE(ONLY("elapsedTime", "lteq", "P30D"))},
	{"once", USE(ONLY("count", "lteq", "1"))},
};

const char *terms_preset_name(size_t i)
{
	return i < countof(presets) ? presets[i].name : NULL;
}

err terms_preset(struct ctx *c, struct str name, struct json **ret)
{
	for (size_t i = 0; i < countof(presets); i++) {
		if (!str_is(name, presets[i].name))
			continue;
		const struct json *j;
		TRY(json_parse(c, str_z(presets[i].policy), &j));
		struct json *copy = json_copy(c, j);
		ENSURE(copy != NULL, c, ERR_TOO_LARGE,
			"the request needs more memory than allowed");
		*ret = copy;
		return OK;
	}
	return fail(c, ERR_BAD_VALUE,
		"terms '%.*s' are not among open, internal-use, evaluation-30d, once",
		FMT(operand_cut(name, 100)));
}
