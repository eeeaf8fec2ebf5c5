#include "codec/uuid.h"

#include "tests/tap.h"

int main(void)
{
	uint8_t id[UUID_BYTES] = {0}, back[UUID_BYTES];
	const char *text = "urn:uuid:017f22e2-79b0-7fff-bfff-ffffffffffff";
	ok(uuid_parse(str_z(text), id) && id[0] == 0x01 && id[1] == 0x7f && id[6] == 0x7f &&
			id[15] == 0xff,
		"a urn is read");
	ok(uuid_parse(str_z(text + 9), back) && memcmp(id, back, sizeof id) == 0, "and bare");
	static const char *const bad[] = {"", "urn:uuid:", "017f22e2-79b0-7fff-bfff-fffffffffff",
		"017F22E2-79b0-7fff-bfff-ffffffffffff", "017f22e279b0-7fff-bfff-ffffffffffff-",
		"017f22e2-79b0-7fff-bfff-ffffffffffff ", "{17f22e2-79b0-7fff-bfff-fffffffffff}"};
	for (size_t i = 0; i < countof(bad); i++)
		ok(!uuid_parse(str_z(bad[i]), back), "'%s' is refused", bad[i]);
	return done_testing();
}
