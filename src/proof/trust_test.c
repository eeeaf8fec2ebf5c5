#include "proof/trust.h"

#include "proof/fixture_test.h"
#include "tests/tap.h"

#define ARENA (64u << 20)

static err check(struct ctx *c, const struct invoice_file *f, const char *pattern)
{
	struct buf b;
	buf_init(&b, c->arena, 8192);
	for (const char *p = pattern; *p != '\0'; p++) {
		switch (*p) {
		case 'S':
			buf_fmt(&b, "%.*s %.*s\n", FMT(f->g.provider.did),
				FMT(f->g.provider.key_text));
			break;
		case 'B':
			buf_fmt(&b, "%.*s %.*s\n", FMT(f->g.consumer.did),
				FMT(f->g.consumer.key_text));
			break;
		case 's':
			buf_fmt(&b, "log %.*s\n", FMT(f->g.provider.log));
			break;
		case 'x': /* the consumer's key under the provider's name */
			buf_fmt(&b, "%.*s %.*s\n", FMT(f->g.provider.did),
				FMT(f->g.consumer.key_text));
			break;
		case 'l':
			buf_fmt(&b, "log %.*sA\n", FMT(f->g.provider.log));
			break;
		case '#':
			buf_z(&b, "# whom I know\n\n");
			break;
		default:
			buf_z(&b, "whoever\n");
		}
	}
	return trust_check(c, buf_str(&b), f);
}

int main(void)
{
	static const struct {
		const char *pattern;
		err want;
	} rows[] = {{"SB", OK}, {"BS", OK}, {"#SsB", OK}, {"SBSB", OK}, {"S", ERR_BAD_SIGNATURE},
		{"B", ERR_BAD_SIGNATURE}, {"", ERR_BAD_SIGNATURE}, {"xB", ERR_BAD_SIGNATURE},
		{"SxB", ERR_BAD_SIGNATURE}, {"SBl", ERR_BAD_SIGNATURE}, {"SB?", ERR_MALFORMED}};
	struct ctx c = {.arena = arena_new(ARENA)};
	struct fixture f = {.c = &c};
	struct invoice_file v;
	is_int(invoice_verify(&c, fixture_file(&f), &v), OK, "a file");
	for (size_t i = 0; i < countof(rows); i++)
		is_int(check(&c, &v, rows[i].pattern), rows[i].want, "'%s': %s", rows[i].pattern,
			c.trouble.detail);
	f = (struct fixture){.c = &c, .link = true};
	is_int(invoice_verify(&c, fixture_file(&f), &v), OK, "by link");
	is_int(check(&c, &v, "S"), OK, "who has no key need not be listed");
	arena_free(c.arena);
	return done_testing();
}
