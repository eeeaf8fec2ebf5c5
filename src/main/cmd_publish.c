/* shugu publish FILE...: hashes and writes the objects in this process, then tells the node (DESIGN, Command line). */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"
#include "main/profile_say.h"
#include "product/profile.h"
#include "store/blobs.h"

static const struct option_row options[] = {
	{"name", OPTION_TEXT,
		"NAME          of the product (default: the file's name); one that exists gets a "
		"revision"},
	{"terms", OPTION_TEXT,
		"PRESET        open, internal-use, evaluation-30d, once (default open; a revision "
		"keeps its own)"},
	{"policy", OPTION_TEXT,
		"FILE         terms as an ODRL policy in JSON, instead of a preset"},
	{"net", OPTION_TEXT,
		"FEN            net price in fen (default 0; a revision keeps its own)"},
	{"rate", OPTION_TEXT,
		"BASISPOINTS   tax rate, 600 is 6 % (default 0; a revision keeps its own)"},
	{"encoding", OPTION_TEXT,
		"NAME       of a text file, for its profile: utf-8, utf-16le, utf-16be, gb18030 "
		"(default: as told)"},
	{"media-type", OPTION_TEXT, "TYPE     default by the file's name"},
	{"purpose", OPTION_TEXT, "TEXT        what the data may be used for"},
	{"territory", OPTION_TEXT, "TEXT"},
	{"onward", OPTION_TEXT, "TEXT         whether it may be passed on (default: not allowed)"},
	{"disposal", OPTION_TEXT, "TEXT       return or destroy"},
	{"receipt-within", OPTION_TEXT, "SECONDS  default 86400"},
	{"description", OPTION_TEXT, "TEXT"},
	{"source", OPTION_TEXT, "TEXT         type of source"},
	{"industry", OPTION_TEXT, "TEXT"},
	{"region", OPTION_TEXT, "TEXT"},
	{"period", OPTION_TEXT, "TEXT"},
	{"frequency", OPTION_TEXT, "TEXT      of updates"},
	{"rights", OPTION_TEXT, "TEXT"},
	{"restrictions", OPTION_TEXT, "TEXT"},
};

static const struct {
	const char *suffix, *type;
} media_types[] = {
	{".csv", "text/csv"},
	{".tsv", "text/tab-separated-values"},
	{".json", "application/json"},
	{".jsonl", "application/jsonl"},
	{".ndjson", "application/jsonl"},
	{".parquet", "application/vnd.apache.parquet"},
	{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{".pdf", "application/pdf"},
	{".zip", "application/zip"},
};

static struct str media_type(struct str file)
{
	for (size_t i = 0; i < countof(media_types); i++) {
		if (str_ends(file, str_z(media_types[i].suffix)))
			return str_z(media_types[i].type);
	}
	return STR("application/octet-stream");
}

static struct str base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return str_z(slash != NULL ? slash + 1 : path);
}

struct progress {
	struct str file;
	uint64_t shown;
};

/* On a terminal, one line that grows. */
static void show_progress(void *arg, uint64_t done)
{
	struct progress *p = arg;
	if (done - p->shown < (64u << 20))
		return;
	p->shown = done;
	fprintf(stderr, "\r%.*s: %llu MiB", FMT(p->file), (unsigned long long)(done >> 20));
}

static err take_object(
	struct ctx *c, const struct options *o, int fd, struct str file, struct blob *ret)
{
	const char *blobs;
	struct progress p = {.file = file};
	bool terminal = isatty(2) != 0;
	TRY(node_path(c, o->data, "blobs", &blobs));
	TRY(blob_take(c, &env_system, blobs, fd, terminal ? show_progress : NULL, &p, ret));
	if (p.shown > 0)
		fprintf(stderr, "\n");
	return OK;
}

static void set_text(struct ctx *c, struct json **to, const char *member, const struct options *o,
	const char *name)
{
	if (option_set(o, name))
		json_set_str(c, to, member, str_z(option(o, name)));
}

static err set_terms(struct ctx *c, struct json **body, const struct options *o)
{
	struct str text;
	const struct json *policy;
	if (!option_set(o, "policy")) {
		set_text(c, body, "preset", o, "terms");
		return OK;
	}
	ENSURE(!option_set(o, "terms"), c, ERR_USAGE, "give either --terms or --policy");
	TRY(file_read(c, option(o, "policy"), LIMIT_ACT, &text));
	TRY(json_parse(c, text, &policy));
	json_set(body, "terms", json_copy(c, policy));
	return OK;
}

static err set_numbers(struct ctx *c, struct json **body, const struct options *o)
{
	int64_t net = 0, rate = 0, within = 0;
	TRY(option_number(c, o, "net", LIMIT_PRICE, &net));
	TRY(option_number(c, o, "rate", 10000, &rate));
	TRY(option_number(c, o, "receipt-within", 31 * 86400, &within));
	if (option_set(o, "net"))
		json_set_num(c, body, "net", net);
	if (option_set(o, "rate"))
		json_set_num(c, body, "rate", rate);
	if (within > 0)
		json_set_num(c, body, "receiptWithin", within);
	return OK;
}

static err body_of(struct ctx *c, const struct options *o, struct str file, const struct blob *blob,
	struct json **ret)
{
	static const char *const dossier[] = {"description", "source", "industry", "region",
		"period", "frequency", "rights", "restrictions"};
	static const char *const scenario[] = {"purpose", "territory", "onward", "disposal"};
	struct json *body = json_object(c), *d = json_object(c);
	const char *type = option(o, "media-type"), *name = option(o, "name");
	json_set_str(c, &body, "name", name != NULL ? str_z(name) : file);
	json_set_str(c, &body, "mediaType", type != NULL ? str_z(type) : media_type(file));
	json_set_hex(c, &body, "root", blob->root.b, HASH_BYTES);
	json_set_hex(c, &body, "sha256", blob->sha256.b, HASH_BYTES);
	json_set_num(c, &body, "size", (int64_t)blob->size);
	TRY(set_numbers(c, &body, o));
	TRY(set_terms(c, &body, o));
	for (size_t i = 0; i < countof(scenario); i++)
		set_text(c, &body, scenario[i], o, scenario[i]);
	for (size_t i = 0; i < countof(dossier); i++)
		set_text(c, &d, dossier[i], o, dossier[i]);
	if (d != NULL && d->n > 0)
		json_set(&body, "dossier", d);
	*ret = body;
	return OK;
}

static err print_published(struct ctx *c, const struct options *o, const struct json *answer,
	const struct json *profile)
{
	int64_t revision = 0, size = 0;
	if (o->json)
		return command_print(c, answer);
	(void)json_int(json_get(answer, "revision"), &revision);
	(void)json_int(json_get(json_get(answer, "object"), "size"), &size);
	printf("%.*s revision %lld: %.*s, %lld bytes\n", FMT(json_text(json_get(answer, "name"))),
		(long long)revision, FMT(json_text(json_get(answer, "product"))), (long long)size);
	profile_say_summary(profile);
	return OK;
}

static err publish_file(struct ctx *c, const struct options *o, struct control *k, const char *path)
{
	struct blob blob;
	struct json *body, *profile;
	enum charset encoding;
	const struct json *answer = NULL;
	struct str file = base_name(path);
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s cannot be read", path);
	TRY(option_encoding(c, o, &encoding));
	TRY(profile_file(c, fd, file, encoding, &profile));
	TRY(take_object(c, o, fd, file, &blob));
	TRY(body_of(c, o, file, &blob, &body));
	json_set(&body, "profile", profile);
	TRY(control_call(c, k, "POST", STR("/api/v1/products"), body, &answer));
	return print_published(c, o, answer, profile);
}

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	ENSURE(o->n >= 1, c, ERR_USAGE, "publish needs a FILE");
	ENSURE(o->n == 1 || !option_set(o, "name"), c, ERR_USAGE,
		"--name names one product: publish several files one by one, or without it");
	TRY(control_open(c, o->data, &k));
	for (int i = 0; i < o->n; i++)
		TRY(publish_file(c, o, k, o->arguments[i]));
	return OK;
}

const struct command cmd_publish = {"publish",
	"FILE... [--name NAME] [--terms PRESET] [--net FEN --rate BP] [...]",
	"Offers files as products; a name that exists gets a new revision.", options,
	countof(options), run};
