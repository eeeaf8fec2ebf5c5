#include "net/trust.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/arena.h"

struct trust {
	STACK_OF(X509_INFO) * all;
};

static void free_all(void *arg)
{
	struct trust *t = arg;
	sk_X509_INFO_pop_free(t->all, X509_INFO_free);
}

err trust_read(struct ctx *c, const char *path, struct trust **ret)
{
	struct trust *t;
	int n = 0;
	NEW(c, t);
	TRY(arena_defer(c, free_all, t));
	BIO *file = BIO_new_file(path, "r");
	t->all = file != NULL ? PEM_X509_INFO_read_bio(file, NULL, NULL, NULL) : NULL;
	BIO_free(file);
	for (int i = 0; i < sk_X509_INFO_num(t->all); i++)
		n += sk_X509_INFO_value(t->all, i)->x509 != NULL;
	ENSURE(n > 0, c, ERR_BAD_VALUE, "%s holds no certificate in PEM", path);
	*ret = t;
	return OK;
}

/* libcurl keeps the store of the system's authorities; what is there already is not added twice. */
static CURLcode on_tls(CURL *easy, void *ctx, void *arg)
{
	(void)easy;
	const struct trust *t = arg;
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	for (int i = 0; i < sk_X509_INFO_num(t->all); i++) {
		X509 *cert = sk_X509_INFO_value(t->all, i)->x509;
		if (cert != NULL && X509_STORE_add_cert(store, cert) != 1)
			return CURLE_OUT_OF_MEMORY;
	}
	return CURLE_OK;
}

CURLcode trust_use(struct trust *t, CURL *easy)
{
	if (t == NULL)
		return CURLE_OK;
	CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
	return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, t);
}
