#include "codec/uuid.h"

#include "base/arena.h"
#include "tests/tap.h"

static int64_t fixed_now(void *arg)
{
	(void)arg;
	return 0x017f22e279b0; /* RFC 9562, appendix A.6 */
}

static void fixed_random(void *arg, void *bytes, size_t n)
{
	(void)arg;
	memset(bytes, 0xff, n);
}

int main(void)
{
	const struct env e = {.now_ms = fixed_now, .random = fixed_random};
	uint8_t id[UUID_BYTES], back[UUID_BYTES];
	char text[UUID_URN + 1];
	uuid_v7(&e, id);
	uuid_urn(id, text);
	is_str(text, "urn:uuid:017f22e2-79b0-7fff-bfff-ffffffffffff", "time, version and variant");
	ok(uuid_parse(str_z(text), back) && memcmp(id, back, sizeof id) == 0, "read back");
	cleanup(arena_freep) struct arena *a = arena_new(4096);
	struct ctx c = {.arena = a};
	struct str one = {0}, two = {0};
	is_int(uuid_new_urn(&c, &env_system, &one), OK, "a fresh one");
	is_int(uuid_new_urn(&c, &env_system, &two), OK, "and another");
	ok(!str_eq(one, two), "differ");
	return done_testing();
}
