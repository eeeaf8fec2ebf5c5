#include "govern/dossier_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/env.h"
#include "rules/shipped.h"
#include "tests/tap.h"

#define HEAD \
	"{\"v\":1,\"kind\":\"dossier\",\"seller\":{\"name\":\"A\",\"uscc\":" \
	"\"91330108MAC0DE1T0L\"},\"product\":{\"name\":\"P\"},\"fields\":{"

static void spill(struct ctx *c, const char *dir, const char *name, const char *text)
{
	struct str path;
	if (arena_fmt(c, &path, "%s/%s", dir, name) != OK ||
		file_write(c, &env_system, path.p, str_z(text), 0600) != OK)
		printf("# cannot write %s: %s\n", name, c->trouble.detail);
}

static err read_case(struct ctx *c, const struct rule_set *s, int dir, const char *text,
	struct dossier_case *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return dossier_case_read(c, s, j, dir, 20781, ret);
}

static void holds(struct ctx *c, const struct json *o, const char *want)
{
	const struct json *j = NULL;
	is_int(json_parse(c, str_z(want), &j), OK, "what is wanted is JSON");
	for (const struct json *m = j == NULL ? NULL : j->first; m != NULL; m = m->next)
		ok(json_eq(json_get(o, arena_z(c->arena, m->name)), m), "%.*s", FMT(m->name));
}

int main(void)
{
	struct ctx c = {.arena = arena_new(64u << 20)};
	struct rule_set s;
	struct dossier_case d = {0};
	char name[] = "/tmp/dossier-file-XXXXXX";
	const char *dir = mkdtemp(name);
	is_int(rules_shipped_set(&c, &s), OK, "the rules");
	spill(&c, dir, "a.csv",
		"day,phone\n2025-01-02,13812345678\n2025-01-03,11010519491231002X\n");
	spill(&c, dir, "licence.txt",
		"\xe7\xbb\x9f\xe4\xb8\x80\xe7\xa4\xbe\xe4\xbc\x9a\xe4\xbf\xa1\xe7\x94\xa8\xe4\xbb"
		"\xa3\xe7\xa0\x81: 91330108MAC0DE1T0L\nNumber: 7\n");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is_int(read_case(&c, &s, fd,
		       HEAD "\"personal\":\"no\",\"level\":\"general\",\"harmed\":\"economy\","
			    "\"harm\":\"serious\"},"
			    "\"evidence\":[{\"id\":\"l\",\"kind\":\"business_licence\",\"file\":"
			    "\"licence.txt\",\"claims\":{\"number\":\"8\",\"status\":\"x\"}},"
			    "{\"id\":\"g\",\"kind\":\"pipia\",\"file\":\"none.txt\"},{\"id\":\"m\","
			    "\"kind\":\"contract_\",\"file\":\"licence.txt\"}],"
			    "\"data\":[{\"file\":\"a.csv\"}]}",
		       &d),
		OK, "a dossier with its files");
	holds(&c, json_get(d.input, "facts"),
		"{\"seller.uscc_valid\":true,\"scan.identifiers\":2,\"scan.sensitive\":0,\"scan."
		"minors\":0,\"measured.rows\":2,\"measured.columns\":2,"
		"\"measured.first_day\":\"2025-01-02\",\"measured.last_day\":\"2025-01-03\","
		"\"grade.fits_table\":false,\"pi.declared\":false,"
		"\"evidence.contradicting\":true,\"declared.contradicted\":true,\"listing.day\":"
		"\"2026-11-24\"}");
	const struct json *first = json_get(d.input, "evidence")->first;
	holds(&c, json_get(first, "claims"),
		"{\"holder_uscc\":\"91330108MAC0DE1T0L\",\"number\":\"7\",\"status\":\"x\"}");
	holds(&c, first->next, "{\"unsound\":\"its file is not there\"}");
	static const struct {
		const char *text;
		err e;
	} refused[] = {
		{HEAD "}}", OK},
		{HEAD "\"colour\":\"red\"}}", ERR_UNKNOWN_MEMBER},
		{HEAD "},\"more\":1}", ERR_UNKNOWN_MEMBER},
		{HEAD "},\"data\":[{\"file\":\"none.csv\"}]}", ERR_NOT_FOUND},
		{HEAD "},\"data\":[{\"file\":\"../a.csv\"}]}", ERR_BAD_VALUE},
		{HEAD "},\"data\":[{\"file\":\".\"}]}", ERR_BAD_VALUE},
		{HEAD "},\"data\":[{\"file\":\"a.csv\",\"sha256\":\"00\"}]}", ERR_BAD_DIGEST},
		{HEAD "},\"evidence\":[{\"id\":\"x\"}]}", ERR_MISSING_MEMBER},
	};
	for (size_t i = 0; i < countof(refused); i++)
		is_int(read_case(&c, &s, fd, refused[i].text, &d), refused[i].e, "dossier %zu", i);
	close(fd);
	for (size_t i = 0; i < 2; i++) {
		struct str path;
		if (arena_fmt(&c, &path, "%s/%s", dir, i == 0 ? "a.csv" : "licence.txt") == OK)
			unlink(path.p);
	}
	rmdir(dir);
	arena_free(c.arena);
	return done_testing();
}
