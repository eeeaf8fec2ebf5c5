/* For the tests of this folder only: a certificate for localhost that signs itself, and its key, as files. */
#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct certificate {
	char cert[128], key[128];
};

static inline FILE *certificate_file(
	char *path, const char *dir, const char *name, const char *kind)
{
	(void)snprintf(path, 128, "%s/%s.%s", dir, name, kind);
	FILE *f = fopen(path, "w");
	if (f == NULL)
		abort();
	return f;
}

static inline void certificate_make(struct certificate *ret, const char *dir, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *subject = X509_get_subject_name(x);
	X509_EXTENSION *names =
		X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
	(void)X509_set_version(x, X509_VERSION_3);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), -60);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	(void)X509_NAME_add_entry_by_txt(
		subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	(void)X509_set_issuer_name(x, subject);
	(void)X509_set_pubkey(x, key);
	(void)X509_add_ext(x, names, -1);
	if (X509_sign(x, key, EVP_sha256()) == 0)
		abort();
	FILE *f = certificate_file(ret->cert, dir, name, "cert");
	(void)PEM_write_X509(f, x);
	(void)fclose(f);
	f = certificate_file(ret->key, dir, name, "key");
	(void)PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	(void)fclose(f);
	X509_EXTENSION_free(names);
	X509_free(x);
	EVP_PKEY_free(key);
}

static inline void certificate_remove(const struct certificate *k)
{
	(void)unlink(k->cert);
	(void)unlink(k->key);
}
