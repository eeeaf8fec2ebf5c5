#include "net/trust.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/certificate_test.h"
#include "tests/tap.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct trust *t = NULL;
	char dir[] = "/tmp/shugu-trust-XXXXXX";
	struct certificate one;
	if (!ok(mkdtemp(dir) != NULL, "a directory"))
		return done_testing();
	certificate_make(&one, dir, "one");
	is_int(trust_read(&c, one.cert, &t), OK, "a certificate is an authority");
	CURL *easy = curl_easy_init();
	is_int(trust_use(t, easy), CURLE_OK, "a handle uses it");
	is_int(trust_use(NULL, easy), CURLE_OK, "or none");
	curl_easy_cleanup(easy);
	is_int(trust_read(&c, one.key, &t), ERR_BAD_VALUE, "a key is none");
	is_int(trust_read(&c, "/nowhere", &t), ERR_BAD_VALUE, "nor is what is not there");
	certificate_remove(&one);
	(void)rmdir(dir);
	return done_testing();
}
