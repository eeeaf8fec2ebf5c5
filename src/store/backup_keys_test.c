#include "store/backup_keys.h"

#include "base/arena.h"
#include "tests/tap.h"

static void test_round(struct ctx *c)
{
	struct str locked, plain, good = STR("correct horse"), text = STR("three files");
	char bent[256];
	is_int(backup_keys_lock(c, &env_system, good, text, &locked), OK, "locked");
	is_int(locked.n, text.n + 16 + 24 + 16, "salt, nonce, tag and as many bytes");
	is_int(str_find_str(locked, text), locked.n, "the text is not in it");
	is_int(backup_keys_unlock(c, good, locked, &plain), OK, "opened");
	ok(str_eq(plain, text), "the same bytes");
	is_int(backup_keys_unlock(c, STR("correct horsf"), locked, &plain), ERR_FORBIDDEN,
		"another passphrase");
	(void)memcpy(bent, locked.p, locked.n);
	bent[locked.n - 1] ^= 1;
	is_int(backup_keys_unlock(c, good, (struct str){bent, locked.n}, &plain), ERR_FORBIDDEN,
		"a changed byte");
}

static void test_bounds(struct ctx *c)
{
	static const char many[BACKUP_PASSPHRASE_MAX + 1] = {0};
	struct str ret;
	is_int(backup_keys_lock(c, &env_system, STR("1234567"), STR("x"), &ret), ERR_BAD_VALUE,
		"seven bytes are too few");
	is_int(backup_keys_lock(c, &env_system, (struct str){many, sizeof many}, STR("x"), &ret),
		ERR_BAD_VALUE, "one too many");
	is_int(backup_keys_unlock(c, STR("12345678"), STR("short"), &ret), ERR_CORRUPT,
		"no room for salt and tag");
}

static void test_wipe(void)
{
	char secret[] = "secret";
	struct str s = {secret, sizeof secret};
	backup_keys_wipe(&s);
	is_int(s.n, 0, "the slice is empty");
	is_int(secret[0] | secret[5], 0, "and so are its bytes");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
	struct ctx c = {.arena = a};
	test_round(&c);
	test_bounds(&c);
	test_wipe();
	return done_testing();
}
