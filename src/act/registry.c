#include "act/registry.h"

const struct act_type *registry_type(const struct wiring *w, struct str type)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct module *m = w->modules[i];
		for (size_t j = 0; j < m->types_n; j++) {
			if (str_is(type, m->types[j].type))
				return &m->types[j];
		}
	}
	return NULL;
}

static unsigned times(const struct wiring *w, const char *type)
{
	unsigned n = 0;
	for (size_t i = 0; i < w->n; i++) {
		for (size_t j = 0; j < w->modules[i]->types_n; j++)
			n += str_is(str_z(type), w->modules[i]->types[j].type);
	}
	return n;
}

static err check_module(struct ctx *c, const struct wiring *w, const struct module *m)
{
	for (size_t i = 0; i < m->types_n; i++)
		ENSURE(times(w, m->types[i].type) == 1, c, ERR_CORRUPT, "act type %s stands twice",
			m->types[i].type);
	for (size_t i = 0; i < m->guards_n; i++)
		ENSURE(times(w, m->guards[i].type) == 1, c, ERR_CORRUPT,
			"a guard of %s asks about no act type: %s", m->name, m->guards[i].type);
	for (size_t i = 0; i < m->reactions_n; i++)
		ENSURE(times(w, m->reactions[i].type) == 1, c, ERR_CORRUPT,
			"a reaction of %s follows no act type: %s", m->name, m->reactions[i].type);
	return OK;
}

err registry_check(struct ctx *c, const struct wiring *w)
{
	for (size_t i = 0; i < w->n; i++)
		TRY(check_module(c, w, w->modules[i]));
	return OK;
}
