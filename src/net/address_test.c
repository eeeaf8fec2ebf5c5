/* Each block at its first and last address, and its neighbours. */
#include "net/address.h"

#include <string.h>
#include <sys/un.h>

#include "base/err.h"

#include "tests/tap.h"

// clang-format off
static const struct {
	const char *text;
	enum address_kind kind;
} rows[] = {
	{"0.0.0.0", ADDRESS_SPECIAL}, {"0.255.255.255", ADDRESS_SPECIAL}, {"1.0.0.0", ADDRESS_PUBLIC},
	{"9.255.255.255", ADDRESS_PUBLIC}, {"10.0.0.0", ADDRESS_SPECIAL}, {"10.255.255.255", ADDRESS_SPECIAL},
	{"11.0.0.0", ADDRESS_PUBLIC}, {"100.63.255.255", ADDRESS_PUBLIC}, {"100.64.0.0", ADDRESS_SPECIAL},
	{"100.127.255.255", ADDRESS_SPECIAL}, {"100.128.0.0", ADDRESS_PUBLIC}, {"126.255.255.255", ADDRESS_PUBLIC},
	{"127.0.0.0", ADDRESS_LOOPBACK}, {"127.255.255.255", ADDRESS_LOOPBACK}, {"128.0.0.0", ADDRESS_PUBLIC},
	{"169.253.255.255", ADDRESS_PUBLIC}, {"169.254.0.0", ADDRESS_SPECIAL}, {"169.254.169.254", ADDRESS_SPECIAL},
	{"169.255.0.0", ADDRESS_PUBLIC}, {"172.15.255.255", ADDRESS_PUBLIC}, {"172.16.0.0", ADDRESS_SPECIAL},
	{"172.31.255.255", ADDRESS_SPECIAL}, {"172.32.0.0", ADDRESS_PUBLIC}, {"192.0.0.9", ADDRESS_SPECIAL},
	{"192.0.1.0", ADDRESS_PUBLIC}, {"192.0.2.1", ADDRESS_SPECIAL}, {"192.88.99.1", ADDRESS_SPECIAL},
	{"192.167.255.255", ADDRESS_PUBLIC}, {"192.168.0.0", ADDRESS_SPECIAL}, {"192.169.0.0", ADDRESS_PUBLIC},
	{"198.17.255.255", ADDRESS_PUBLIC}, {"198.18.0.0", ADDRESS_SPECIAL}, {"198.19.255.255", ADDRESS_SPECIAL},
	{"198.20.0.0", ADDRESS_PUBLIC}, {"198.51.100.7", ADDRESS_SPECIAL}, {"203.0.113.7", ADDRESS_SPECIAL},
	{"223.255.255.255", ADDRESS_PUBLIC}, {"224.0.0.0", ADDRESS_SPECIAL}, {"239.255.255.255", ADDRESS_SPECIAL},
	{"240.0.0.0", ADDRESS_SPECIAL}, {"255.255.255.255", ADDRESS_SPECIAL},
	{"::", ADDRESS_SPECIAL}, {"::1", ADDRESS_LOOPBACK}, {"::2", ADDRESS_SPECIAL}, {"::127.0.0.1", ADDRESS_SPECIAL},
	{"::ffff:127.0.0.1", ADDRESS_SPECIAL}, {"::ffff:8.8.8.8", ADDRESS_SPECIAL}, {"64:ff9b::a00:1", ADDRESS_SPECIAL},
	{"100::1", ADDRESS_SPECIAL}, {"1fff:ffff::1", ADDRESS_SPECIAL}, {"2001::1", ADDRESS_SPECIAL},
	{"2001:1ff:ffff::1", ADDRESS_SPECIAL}, {"2001:200::1", ADDRESS_PUBLIC}, {"2001:db7:ffff::1", ADDRESS_PUBLIC},
	{"2001:db8::1", ADDRESS_SPECIAL}, {"2001:db9::1", ADDRESS_PUBLIC}, {"2002:a00:1::1", ADDRESS_SPECIAL},
	{"2003::1", ADDRESS_PUBLIC}, {"3ffe:ffff::1", ADDRESS_PUBLIC}, {"3fff:fff::1", ADDRESS_SPECIAL},
	{"3fff:1000::1", ADDRESS_PUBLIC}, {"4000::1", ADDRESS_SPECIAL}, {"fc00::1", ADDRESS_SPECIAL},
	{"fdff:ffff::1", ADDRESS_SPECIAL}, {"fe00::1", ADDRESS_SPECIAL}, {"fe80::1", ADDRESS_SPECIAL},
	{"febf:ffff::1", ADDRESS_SPECIAL}, {"fec0::1", ADDRESS_SPECIAL}, {"ff02::1", ADDRESS_SPECIAL},
};
// clang-format on

int main(void)
{
	struct sockaddr_storage at = {0};
	const struct sockaddr *a = (const struct sockaddr *)&at;
	const char *name = NULL;
	for (size_t i = 0; i < countof(rows); i++) {
		ok(address_parse(rows[i].text, &at), "%s is read", rows[i].text);
		is_int(address_kind(a, &name), rows[i].kind, "%s is %s", rows[i].text, name);
		char text[46];
		address_text(a, text);
		is_str(text, rows[i].text, "and is written as it was");
	}
	const char *bad[] = {
		"", "1", "127.1", "0x7f.0.0.1", "1.2.3.4.5", "localhost", "[::1]", "::1%lo"};
	for (size_t i = 0; i < countof(bad); i++)
		ok(!address_parse(bad[i], &at), "'%s' is no numeric address", bad[i]);
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	is_int(address_kind((const struct sockaddr *)&local, &name), ADDRESS_SPECIAL, "%s", name);
	char text[46];
	address_text((const struct sockaddr *)&local, text);
	is_str(text, "?", "which has no text");
	return done_testing();
}
