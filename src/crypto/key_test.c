#include "crypto/key.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

static void files(struct ctx *c, const char *path)
{
	struct key *one = NULL, *two = NULL;
	struct stat st = {0};
	is_int(key_create(c, &env_system, path), OK, "a key is made");
	is_int(key_create(c, &env_system, path), ERR_CONFLICT, "never over another");
	is_int(stat(path, &st), 0, "its file");
	is_int(st.st_mode & 0777, 0600, "is the owner's");
	is_int(key_open(c, path, &one), OK, "it opens");
	is_int(key_open(c, path, &two), OK, "again");
	ok(memcmp(key_public(one), key_public(two), KEY_BYTES) == 0, "as the same key");
	uint8_t sig[SIGNATURE_BYTES];
	key_sign(one, STR("text"), sig);
	ok(verify_ed25519(key_public(two), STR("text"), sig), "that signs");
	is_int(chmod(path, 0640), 0, "a file that others may read");
	is_int(key_open(c, path, &one), ERR_FORBIDDEN, "is refused");
	is_int(file_write(c, &env_system, path, STR("AAAA\n"), 0600), OK,
		"a file of another content");
	is_int(key_open(c, path, &one), ERR_CORRUPT, "is refused");
	key_free(two);
	key_sign(two, STR("text"), sig);
	ok(!verify_ed25519(key_public(two), STR("text"), sig), "a freed key signs no more");
	key_free(NULL);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	char directory[] = "/var/tmp/key_test.XXXXXX";
	struct str path = {0};
	ok(mkdtemp(directory) != NULL, "a directory");
	is_int(arena_fmt(&c, &path, "%s/key", directory), OK, "a path in it");
	files(&c, path.p);
	is_int(unlink(path.p), 0, "the key goes");
	is_int(rmdir(directory), 0, "nothing else was written");
	return done_testing();
}
