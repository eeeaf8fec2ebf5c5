#include "act/registry.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	static const struct guard stray[] = {{"thing.none", thing_guard}};
	static const struct module strays = {.name = "stray", .guards = stray, .guards_n = 1};
	const struct module *const twice[] = {&fixture_module, &fixture_module};
	const struct module *const with_stray[] = {&fixture_module, &strays};
	is_int(registry_check(&c, &fixture_wiring), OK, "good wiring");
	is_int(registry_check(&c, &(struct wiring){twice, 2}), ERR_CORRUPT, "a type twice");
	is_int(registry_check(&c, &(struct wiring){with_stray, 2}), ERR_CORRUPT,
		"a guard of nothing");
	ok(registry_type(&fixture_wiring, STR("thing.add")) == &fixture_types[0], "finds a type");
	ok(registry_type(&fixture_wiring, STR("thing.ad")) == NULL, "finds no other");
	return done_testing();
}
