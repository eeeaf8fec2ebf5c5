#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/err.h"

struct block {
	uint8_t prefix[16];
	unsigned bits;
	enum address_kind kind;
	const char *name;
};

// clang-format off
/* The special-purpose registries of IANA (RFC 6890); what stands in no row is public. */
static const struct block blocks4[] = {
	{{0}, 8, ADDRESS_SPECIAL, "unspecified"},
	{{10}, 8, ADDRESS_SPECIAL, "private"},
	{{100, 64}, 10, ADDRESS_SPECIAL, "shared by a carrier"},
	{{127}, 8, ADDRESS_LOOPBACK, "loopback"},
	{{169, 254}, 16, ADDRESS_SPECIAL, "link-local"},
	{{172, 16}, 12, ADDRESS_SPECIAL, "private"},
	{{192, 0, 0}, 24, ADDRESS_SPECIAL, "reserved"},
	{{192, 0, 2}, 24, ADDRESS_SPECIAL, "documentation"},
	{{192, 88, 99}, 24, ADDRESS_SPECIAL, "a relay"},
	{{192, 168}, 16, ADDRESS_SPECIAL, "private"},
	{{198, 18}, 15, ADDRESS_SPECIAL, "for benchmarks"},
	{{198, 51, 100}, 24, ADDRESS_SPECIAL, "documentation"},
	{{203, 0, 113}, 24, ADDRESS_SPECIAL, "documentation"},
	{{224}, 4, ADDRESS_SPECIAL, "multicast"},
	{{240}, 4, ADDRESS_SPECIAL, "reserved"},
};

/* First match wins. Of IPv6 only 2000::/3 is handed out; forms that carry an IPv4 address (mapped, NAT64, Teredo,
 * 6to4) would be a way around the table above. */
static const struct block blocks6[] = {
	{{[15] = 1}, 128, ADDRESS_LOOPBACK, "loopback"},
	{{0}, 128, ADDRESS_SPECIAL, "unspecified"},
	{{[10] = 0xff, [11] = 0xff}, 96, ADDRESS_SPECIAL, "a mapped address"},
	{{0xfe, 0x80}, 10, ADDRESS_SPECIAL, "link-local"},
	{{0xfc}, 7, ADDRESS_SPECIAL, "private"},
	{{0xff}, 8, ADDRESS_SPECIAL, "multicast"},
	{{0x20, 0x01, 0}, 23, ADDRESS_SPECIAL, "reserved"},
	{{0x20, 0x01, 0x0d, 0xb8}, 32, ADDRESS_SPECIAL, "documentation"},
	{{0x20, 0x02}, 16, ADDRESS_SPECIAL, "a relay"},
	{{0x3f, 0xff}, 20, ADDRESS_SPECIAL, "documentation"},
	{{0x20}, 3, ADDRESS_PUBLIC, "public"},
	{{0}, 0, ADDRESS_SPECIAL, "reserved"},
};
// clang-format on

static bool within(const uint8_t *bytes, const struct block *b)
{
	size_t whole = b->bits / 8;
	if (memcmp(bytes, b->prefix, whole) != 0)
		return false;
	unsigned rest = b->bits % 8;
	return rest == 0 || ((bytes[whole] ^ b->prefix[whole]) >> (8 - rest)) == 0;
}

static const struct block *find(const uint8_t *bytes, const struct block *blocks, size_t n)
{
	static const struct block public = {{0}, 0, ADDRESS_PUBLIC, "public"};
	for (size_t i = 0; i < n; i++) {
		if (within(bytes, &blocks[i]))
			return &blocks[i];
	}
	return &public;
}

enum address_kind address_kind(const struct sockaddr *a, const char **ret_name)
{
	static const struct block unknown = {{0}, 0, ADDRESS_SPECIAL, "of an unknown family"};
	const struct block *b = &unknown;
	if (a->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, a, sizeof in);
		b = find((const uint8_t *)&in.sin_addr, blocks4, countof(blocks4));
	} else if (a->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, a, sizeof in6);
		b = find(in6.sin6_addr.s6_addr, blocks6, countof(blocks6));
	}
	if (ret_name != NULL)
		*ret_name = b->name;
	return b->kind;
}

bool address_parse(const char *text, struct sockaddr_storage *ret)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_storage s = {0};
	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		memcpy(&s, &in, sizeof in);
	else if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
		memcpy(&s, &in6, sizeof in6);
	else
		return false;
	*ret = s;
	return true;
}

void address_text(const struct sockaddr *a, char ret[46])
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	const char *text = NULL;
	if (a->sa_family == AF_INET) {
		memcpy(&in, a, sizeof in);
		text = inet_ntop(AF_INET, &in.sin_addr, ret, 46);
	} else if (a->sa_family == AF_INET6) {
		memcpy(&in6, a, sizeof in6);
		text = inet_ntop(AF_INET6, &in6.sin6_addr, ret, 46);
	}
	if (text == NULL)
		memcpy(ret, "?", 2);
}
