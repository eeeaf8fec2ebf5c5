#include "crypto/shorthash.h"

#include <string.h>

#include "tests/tap.h"

int main(void)
{
	/* The first vectors of the reference implementation (vectors_sip128 of veorq/SipHash): key 00..0f, input empty and 00. */
	static const uint8_t empty[16] = {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d,
		0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93};
	static const uint8_t zero[16] = {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76,
		0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45};
	uint8_t key[SHORTHASH_KEY];
	for (uint8_t i = 0; i < sizeof key; i++)
		key[i] = i;
	struct shorthash h = shorthash_of(key, STR(""));
	ok(memcmp(&h, empty, sizeof h) == 0, "the hash of nothing");
	h = shorthash_of(key, (struct str){"", 1});
	ok(memcmp(&h, zero, sizeof h) == 0, "the hash of one zero byte");
	key[0] = 1;
	struct shorthash other = shorthash_of(key, (struct str){"", 1});
	ok(other.a != h.a && other.b != h.b, "another key, another hash");
	return done_testing();
}
