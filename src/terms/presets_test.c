#include "terms/presets.h"

#include "terms/policy.h"
#include "tests/tap.h"

static struct terms compiled(struct ctx *c, const char *name)
{
	struct json *j = NULL;
	struct terms t = {.count_max = -9};
	is_int(terms_preset(c, str_z(name), &j), OK, "%s is there", name);
	is_int(terms_compile(c, j, &t), OK, "%s compiles", name);
	json_set(&j, "@id", json_z(c, "urn:x"));
	ok(j != NULL && json_get(j, "@id") != NULL, "and can be made an offer");
	return t;
}

static void four(struct ctx *c)
{
	struct terms t = compiled(c, "open");
	ok(t.open_ended, "open has no constraint");
	t = compiled(c, "internal-use");
	ok(t.purposes_n == 1 && str_is(t.purposes[0], "internal-use") && t.count_max == -1,
		"internal-use has a purpose");
	t = compiled(c, "evaluation-30d");
	ok(t.elapsed_ms == 30 * 86400000ll && t.purposes_n == 0, "evaluation-30d has an end");
	t = compiled(c, "once");
	ok(t.count_max == 1 && t.elapsed_ms == -1, "once has a count");
}

static void names(struct ctx *c)
{
	size_t n = 0;
	struct json *j = NULL;
	is_int(terms_preset(c, STR("twice"), &j), ERR_BAD_VALUE, "no other name");
	ok(j == NULL && strstr(c->trouble.detail, "'twice'") != NULL, "which is said");
	for (; terms_preset_name(n) != NULL; n++)
		ok(strstr(c->trouble.detail, terms_preset_name(n)) != NULL, "%s is offered",
			terms_preset_name(n));
	is_int(n, 4, "four presets");
	is_int(terms_preset(c, STR(""), &j), ERR_BAD_VALUE, "nor none");
	is_int(terms_preset(c, STR("ope"), &j), ERR_BAD_VALUE, "nor a part of one");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	four(&c);
	names(&c);
	return done_testing();
}
