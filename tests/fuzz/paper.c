/* Fuzzes papers of evidence: the first byte chooses the kind of file. What is read says claims of known types; identifiers are the
 * same however the bytes are cut. */
#include <assert.h>
#include <stdint.h>

#include "product/claims.h"
#include "product/evidence_text.h"
#include "product/identifiers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct identifiers_found found(struct ctx *c, struct str bytes, size_t step)
{
	struct identifiers *s;
	err e = identifiers_open(c, 20781, &s);
	assert(e == OK);
	while (bytes.n > 0) {
		identifiers_feed(s, str_sub(bytes, 0, step));
		bytes = str_sub(bytes, step, bytes.n);
	}
	return identifiers_done(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const names[] = {"a.txt", "a.csv", "a.json", "a.docx", "a.xlsx", "a"};
	if (n == 0 || n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(256u << 20);
	struct ctx c = {.arena = a};
	struct str file = {(const char *)bytes + 1, n - 1}, text, written;
	struct source s = source_of_text(file);
	struct json *claims, *twice;
	bool read = false;
	if (evidence_text(&c, &s, str_z(names[bytes[0] % countof(names)]), &text, &read) == OK && read) {
		err e = claims_read(&c, text, &claims, &twice);
		assert(e == OK || c.trouble.detail[0] != '\0');
		if (e == OK)
			e = json_write(&c, claims, false, 16u << 20, &written);
		assert(e == OK || e == ERR_TOO_LARGE);
	}
	struct identifiers_found whole = found(&c, file, file.n + 1), cut = found(&c, file, 7);
	for (int i = 0; i < IDENTIFIERS; i++)
		assert(whole.n[i] == cut.n[i]);
	assert(whole.bytes == file.n && cut.bytes == file.n);
	return 0;
}
