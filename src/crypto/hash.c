#include "crypto/hash.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

/* The low-level calls are deprecated since OpenSSL 3.0 and more than twice as fast for a node's 65 bytes. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct hash_stream {
	EVP_MD_CTX *md;
};

static struct hash prefixed(uint8_t prefix, struct str a, struct str b)
{
	SHA256_CTX sha;
	struct hash h;
	SHA256_Init(&sha);
	SHA256_Update(&sha, &prefix, 1);
	SHA256_Update(&sha, a.p, a.n);
	SHA256_Update(&sha, b.p, b.n);
	SHA256_Final(h.b, &sha);
	return h;
}

struct hash hash_of2(struct str a, struct str b)
{
	SHA256_CTX sha;
	struct hash h;
	SHA256_Init(&sha);
	SHA256_Update(&sha, a.p, a.n);
	SHA256_Update(&sha, b.p, b.n);
	SHA256_Final(h.b, &sha);
	return h;
}

struct hash hash_of(struct str bytes)
{
	return hash_of2(bytes, (struct str){"", 0});
}

struct hash hash_leaf(struct str entry)
{
	return prefixed(0, entry, (struct str){"", 0});
}

struct hash hash_node(const struct hash *left, const struct hash *right)
{
	return prefixed(1, hash_str(left), hash_str(right));
}

struct hash hash_empty(void)
{
	return hash_of((struct str){"", 0});
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, HASH_BYTES) == 0;
}

struct str hash_str(const struct hash *h)
{
	return (struct str){(const char *)h->b, HASH_BYTES};
}

bool hash_parse(struct str hex, struct hash *ret)
{
	return str_unhex(hex, ret->b, HASH_BYTES);
}

static void stream_free(void *ptr)
{
	EVP_MD_CTX_free(((struct hash_stream *)ptr)->md);
}

/* EVP takes the processor's SHA instructions; fetched once, a fetch in OpenSSL 3.0 is slow. */
static const EVP_MD *sha256(void)
{
	static _Atomic(EVP_MD *) fetched; /* two threads may both fetch it, at first */
	EVP_MD *md = fetched;
	if (md == NULL)
		fetched = md = EVP_MD_fetch(NULL, "SHA256", NULL);
	return md;
}

err hash_open(struct ctx *c, struct hash_stream **ret)
{
	struct hash_stream *s;
	NEW(c, s);
	s->md = EVP_MD_CTX_new();
	TRY(arena_defer(c, stream_free, s));
	ENSURE(s->md != NULL && sha256() != NULL && EVP_DigestInit_ex2(s->md, sha256(), NULL) == 1,
		c, ERR_CRYPTO, "SHA-256 is not available");
	*ret = s;
	return OK;
}

void hash_update(struct hash_stream *s, const void *bytes, size_t n)
{
	int done = EVP_DigestUpdate(s->md, bytes, n);
	assert(done == 1);
}

struct hash hash_finish(struct hash_stream *s)
{
	struct hash h;
	int done = EVP_DigestFinal_ex(s->md, h.b, NULL);
	assert(done == 1);
	done = EVP_DigestInit_ex2(s->md, sha256(), NULL);
	assert(done == 1);
	return h;
}

bool ct_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}
