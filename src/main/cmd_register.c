/* shugu register: title registration, at the applicant's and at the registrar's node. */
#include <stdio.h>

#include "base/limits.h"
#include "crypto/hash.h"
#include "main/command.h"
#include "main/control.h"
#include "main/listing.h"

static const struct option_row rows[] = {
	LISTING_CSV,
	{"registrar", OPTION_TEXT, "PARTY   with apply: to whom"},
	{"kind", OPTION_TEXT,
		"KIND   initial, transfer, change, renewal or cancel; with enter: data-title, "
		"data-ip or "
		"exchange"},
	{"source", OPTION_TEXT,
		"SOURCE   collected, contract, personal, crawled, crawled-product, joint, derived "
		"or "
		"entrusted (art. 20, 21)"},
	{"origin", OPTION_TEXT, "ORIGIN   none, government, authorised or utility (art. 15)"},
	{"basis", OPTION_TEXT, "TEXT   consent, law or statement that the rights rest on"},
	{"platform", OPTION_TEXT, "NUMBER   on the public-data platform"},
	{"rights", OPTION_TEXT, "LIST   of hold, use, operate, with commas"},
	{"territory", OPTION_TEXT, "TEXT   where it may be used"},
	{"previous", OPTION_TEXT, "CODE   of the certificate that this one follows"},
	{"holder", OPTION_TEXT, "NAME   of the certificate, where it is another than this node's"},
	{"uscc", OPTION_TEXT, "CODE   of the holder"},
	{"name", OPTION_TEXT, "TEXT   of the data, 40 characters at most; of an office"},
	{"overview", OPTION_TEXT, "TEXT   of the data, 400 characters at most"},
	{"reason", OPTION_TEXT, "TEXT   why"},
	{"limit", OPTION_TEXT, "DAY|5wd   with return and ask: until when"},
	{"corrections", OPTION_TEXT, "LIST   with return: all of them at once, parted by ;"},
	{"days", OPTION_TEXT, "N   with extend: working days more"},
	{"description", OPTION_TEXT, "TEXT   with review: what was found of the description"},
	{"sourcing", OPTION_TEXT, "TEXT   with review: of the lawfulness of the source"},
	{"title", OPTION_TEXT, "TEXT   with review: of the clearness of the title"},
	{"by", OPTION_TEXT, "NAME   who objects; with checked: who checked"},
	{"how", OPTION_TEXT, "TEXT   with checked: against what it was checked"},
	{"outcome", OPTION_TEXT, "TEXT   with resolve and settle"},
	{"ground", OPTION_TEXT,
		"GROUND   with refuse: security, unlawful-source, dispute, false-proof or other"},
	{"remark", OPTION_TEXT, "KIND:TEXT   terms, seizure or restriction (art. 23)"},
	{"from", OPTION_TEXT, "DAY"},
	{"to", OPTION_TEXT, "DAY"},
	{"evidence", OPTION_TEXT, "FILE   its SHA-256 goes into the step"},
	{"scan", OPTION_TEXT, "FILE   with enter: the scanned certificate"},
	{"number", OPTION_TEXT, "TEXT   with enter: of the certificate"},
	{"issuer", OPTION_TEXT, "TEXT   with enter: who issued it"},
	{"issued", OPTION_TEXT, "DAY   with enter: when"},
	{"pledge", OPTION_TEXT, "TEXT   with enter: where pledges of it are registered"},
	{"product", OPTION_TEXT, "PRODUCT   with enter: of ours that it is about"},
	{"region", OPTION_TEXT, "NN   with office: province, GB/T 2260"},
	{"digit", OPTION_TEXT, "N   with office: of the registrar"},
	{"authority", OPTION_TEXT, "FILE   with office: certificate of the authority behind it"},
	{"due", OPTION_TEXT, "DAY   with queue: up to then (default: today)"},
};

/* Options that are members of a body under their own name. */
static const char *const texts[] = {"kind", "source", "origin", "basis", "platform", "territory",
	"previous", "name", "overview", "reason", "limit", "description", "sourcing", "title", "by",
	"how", "outcome", "ground", "from", "to", "number", "issuer", "issued", "pledge"};

static err file_digest(struct ctx *c, const char *path, struct str *ret)
{
	struct hash_stream *h;
	struct hash digest;
	char part[4096], hex[2 * HASH_BYTES + 1];
	FILE *f = fopen(path, "rb");
	ENSURE(f != NULL, c, ERR_NOT_FOUND, "%s cannot be read", path);
	err e = hash_open(c, &h);
	for (size_t n = 1; e == OK && n > 0;) {
		n = fread(part, 1, sizeof part, f);
		hash_update(h, part, n);
	}
	bool bad = ferror(f) != 0;
	(void)fclose(f);
	TRY(e);
	ENSURE(!bad, c, ERR_IO, "%s cannot be read", path);
	digest = hash_finish(h);
	for (unsigned i = 0; i < HASH_BYTES; i++)
		(void)snprintf(hex + (size_t)2 * i, 3, "%02x", digest.b[i]);
	return arena_str(c, str_z(hex), ret);
}

static void set_list(struct ctx *c, struct json **body, const char *name, const char *text, char by)
{
	struct json *list = json_array(c);
	struct str rest = str_z(text), one;
	while (str_cut(rest, by, &one, &rest))
		json_push(&list, json_str(c, str_trim(one)));
	json_push(&list, json_str(c, str_trim(rest)));
	json_set(body, name, list);
}

static err set_remark(struct ctx *c, struct json **body, const char *text, bool many)
{
	struct str kind, what;
	struct json *o = json_object(c), *list = json_array(c);
	ENSURE(str_cut(str_z(text), ':', &kind, &what), c, ERR_USAGE, "--remark KIND:TEXT");
	json_set_str(c, &o, "kind", str_trim(kind));
	json_set_str(c, &o, "text", str_trim(what));
	if (!many) {
		json_set(body, "remark", o);
		return OK;
	}
	json_push(&list, o);
	json_set(body, "remarks", list);
	return OK;
}

static err set_files(struct ctx *c, const struct options *o, struct json **body)
{
	static const char *const files[] = {"evidence", "scan", "authority"};
	struct str digest;
	for (size_t i = 0; i < countof(files); i++) {
		if (!option_set(o, files[i]))
			continue;
		TRY(file_digest(c, option(o, files[i]), &digest));
		json_set_str(c, body, files[i], digest);
	}
	return OK;
}

static void set_holder(struct ctx *c, const struct options *o, struct json **body)
{
	struct json *h = json_object(c);
	if (!option_set(o, "holder"))
		return;
	json_set_str(c, &h, "name", str_z(option(o, "holder")));
	if (option_set(o, "uscc"))
		json_set_str(c, &h, "uscc", str_z(option(o, "uscc")));
	json_set(body, "holder", h);
}

static err body_of(struct ctx *c, const struct options *o, bool many, struct json **ret)
{
	struct json *body = json_object(c);
	int64_t days = 0;
	for (size_t i = 0; i < countof(texts); i++) {
		if (option_set(o, texts[i]))
			json_set_str(c, &body, texts[i], str_z(option(o, texts[i])));
	}
	if (option_set(o, "rights"))
		set_list(c, &body, "rights", option(o, "rights"), ',');
	if (option_set(o, "corrections"))
		set_list(c, &body, "corrections", option(o, "corrections"), ';');
	if (option_set(o, "days")) {
		TRY(option_number(c, o, "days", 1000, &days));
		json_set_num(c, &body, "days", days);
	}
	if (option_set(o, "remark"))
		TRY(set_remark(c, &body, option(o, "remark"), many));
	set_holder(c, o, &body);
	TRY(set_files(c, o, &body));
	*ret = body;
	return OK;
}

static void line(const char *what, struct str text)
{
	if (text.n > 0)
		printf("  %s: %.*s\n", what, FMT(text));
}

static err print_case(struct ctx *c, const struct options *o, const struct json *a)
{
	if (o->json)
		return command_print(c, a);
	struct str shown;
	TRY(table_shown(c, json_text(json_get(a, "name")), &shown));
	printf("%.*s  %.*s (%.*s)\n", FMT(json_text(json_get(a, "id"))),
		FMT(json_text(json_get(a, "state"))),
		FMT(json_text(json_get(json_get(a, "label"), "zh"))));
	line("data", shown);
	line("kind", json_text(json_get(a, "kind")));
	line("code", json_text(json_get(a, "code")));
	const struct json *clocks = json_get(a, "clocks");
	for (const struct json *k = clocks == NULL ? NULL : clocks->first; k != NULL; k = k->next) {
		const struct json *stands = json_get(k, "stands");
		struct str day = json_text(json_get(k, "day"));
		printf("  %.*s (art. %.*s): %.*s\n", FMT(json_text(json_get(k, "what"))),
			FMT(json_text(json_get(k, "article"))),
			FMT(day.n > 0 ? day
				: stands != NULL && stands->type == JSON_TRUE
					? STR("stands still")
					: STR("no calendar says when")));
	}
	line("overdue since", json_text(json_get(a, "overdue")));
	const struct json *official = json_get(a, "official");
	if (json_get(a, "code") != NULL && (official == NULL || official->type != JSON_TRUE))
		printf("  a specimen: no authority stands behind it\n");
	return OK;
}

static err send(struct ctx *c, const struct options *o, struct control *k, struct str target,
	const struct json *body)
{
	const struct json *answer = NULL;
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (!control_is_running(k) && !o->json)
		printf("The other side is told as soon as the node runs: shugu serve\n");
	return print_case(c, o, answer);
}

static err run_apply(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body;
	ENSURE(option_set(o, "registrar") && option_set(o, "rights") && option_set(o, "source"), c,
		ERR_USAGE, "apply needs --registrar, --source and --rights");
	TRY(body_of(c, o, true, &body));
	if (!option_set(o, "kind"))
		json_set(&body, "kind", json_z(c, "initial"));
	json_set_str(c, &body, "registrar", str_z(option(o, "registrar")));
	json_set_str(c, &body, "product", str_z(o->arguments[1]));
	return send(c, o, k, STR("/api/v1/registrations"), body);
}

static err target_of(
	struct ctx *c, const char *list, const char *id, const char *tail, struct str *ret)
{
	struct str segment;
	TRY(control_segment(c, str_z(id), &segment));
	return arena_fmt(c, ret, "/api/v1/%s/%.*s%s", list, FMT(segment), tail);
}

static err run_step(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body;
	struct str target;
	TRY(body_of(c, o, str_is(str_z(o->arguments[0]), "issue"), &body));
	json_set_str(c, &body, "step", str_z(o->arguments[0]));
	TRY(target_of(c, "registrations", o->arguments[1], "/steps", &target));
	return send(c, o, k, target, body);
}

static err run_show(struct ctx *c, const struct options *o, struct control *k)
{
	struct str target;
	const struct json *answer = NULL;
	TRY(target_of(c, "registrations", o->arguments[1], "", &target));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	return print_case(c, o, answer);
}

static const char *const heads[] = {"ID", "STATE", "KIND", "NAME", "PARTY", "NEXT", "DUE", "CODE"};

static err list_row(struct ctx *c, struct table *t, const struct json *j, void *arg)
{
	(void)arg;
	const struct str cells[countof(heads)] = {json_text(json_get(j, "id")),
		json_text(json_get(j, "state")), json_text(json_get(j, "kind")),
		json_text(json_get(j, "name")), listing_name(j, "partyName", "party"),
		json_text(json_get(j, "next")), listing_name(j, "overdue", "due"),
		json_text(json_get(j, "code"))};
	return table_row(c, t, cells);
}

static const struct listing listing = {.path = "/api/v1/registrations",
	.member = "registrations",
	.heads = heads,
	.heads_n = countof(heads),
	.empty = "There is no registration yet.",
	.row = list_row};

static err run_list(struct ctx *c, const struct options *o, struct control *k)
{
	return o->json ? listing_json(c, k, &listing, NULL) : listing_print(c, k, &listing, o);
}

static const char *const title_heads[] = {"ID", "NUMBER", "STATE", "KIND", "ISSUER"};

static err title_row(struct ctx *c, struct table *t, const struct json *j, void *arg)
{
	(void)arg;
	const struct json *f = json_get(j, "facts");
	const struct str cells[countof(title_heads)] = {json_text(json_get(j, "id")),
		json_text(json_get(j, "number")), json_text(json_get(j, "state")),
		json_text(json_get(f, "kind")), json_text(json_get(f, "issuer"))};
	return table_row(c, t, cells);
}

static const struct listing titles = {.path = "/api/v1/titles",
	.member = "titles",
	.heads = title_heads,
	.heads_n = countof(title_heads),
	.empty = "No certificate from outside was entered.",
	.row = title_row};

static err run_titles(struct ctx *c, const struct options *o, struct control *k)
{
	return o->json ? listing_json(c, k, &titles, NULL) : listing_print(c, k, &titles, o);
}

static err run_queue(struct ctx *c, const struct options *o, struct control *k)
{
	static const char *const words[] = {"DUE", "WHAT", "ART", "WHO", "STATE", "NAME", "ID"};
	struct str target = STR("/api/v1/registration-queue");
	const struct json *answer = NULL, *list;
	struct table *t;
	if (option_set(o, "due"))
		TRY(arena_fmt(c, &target, "/api/v1/registration-queue?due=%s", option(o, "due")));
	TRY(control_call(c, k, "GET", target, NULL, &answer));
	if (o->json)
		return command_print(c, answer);
	TRY(table_new(c, words, countof(words), &t));
	list = json_get(answer, "due");
	for (const struct json *j = list == NULL ? NULL : list->first; j != NULL; j = j->next) {
		const struct json *late = json_get(j, "overdue");
		struct str cells[countof(words)] = {json_text(json_get(j, "day")),
			json_text(json_get(j, "what")), json_text(json_get(j, "article")),
			json_text(json_get(j, "who")), json_text(json_get(j, "state")),
			json_text(json_get(j, "name")), json_text(json_get(j, "id"))};
		if (late != NULL && late->type == JSON_TRUE)
			TRY(arena_fmt(c, &cells[0], "%.*s OVERDUE", FMT(cells[0])));
		TRY(table_row(c, t, cells));
	}
	return table_print(c, t, "Nothing is due.");
}

static err run_office(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body;
	const struct json *answer = NULL;
	int64_t region = 0, digit = 0;
	bool sets = option_set(o, "region");
	TRY(option_number(c, o, "region", 99, &region));
	TRY(option_number(c, o, "digit", 9, &digit));
	TRY(body_of(c, o, false, &body));
	json_set_num(c, &body, "region", region);
	json_set_num(c, &body, "digit", digit);
	TRY(control_call(c, k, sets ? "POST" : "GET", STR("/api/v1/registrar"), sets ? body : NULL,
		&answer));
	if (o->json)
		return command_print(c, answer);
	const struct json *official = json_get(answer, "official");
	printf("%.*s: registrar SJ%02lld%lld, %s\n", FMT(json_text(json_get(answer, "name"))),
		(long long)table_int(answer, "region"), (long long)table_int(answer, "digit"),
		official != NULL && official->type == JSON_TRUE
			? "on the certificate of an authority"
			: "without the certificate of an authority: what it makes is a specimen");
	return OK;
}

static err print_title(struct ctx *c, const struct options *o, const struct json *a)
{
	if (o->json)
		return command_print(c, a);
	printf("%.*s  %.*s: %.*s\n", FMT(json_text(json_get(a, "id"))),
		FMT(json_text(json_get(a, "number"))), FMT(json_text(json_get(a, "state"))));
	return OK;
}

static err run_enter(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body;
	const struct json *answer = NULL;
	ENSURE(option_set(o, "scan"), c, ERR_USAGE, "enter needs --scan FILE");
	TRY(body_of(c, o, false, &body));
	if (option_set(o, "product"))
		json_set_str(c, &body, "product", str_z(option(o, "product")));
	TRY(control_call(c, k, "POST", STR("/api/v1/titles"), body, &answer));
	return print_title(c, o, answer);
}

static err run_title(struct ctx *c, const struct options *o, struct control *k)
{
	struct json *body = NULL;
	struct str target, verb = str_z(o->arguments[0]);
	const struct json *answer = NULL;
	bool reads = str_is(verb, "title");
	TRY(target_of(c, "titles", o->arguments[1],
		reads                   ? ""
		: str_is(verb, "ended") ? "/end"
					: "/check",
		&target));
	if (!reads)
		TRY(body_of(c, o, false, &body));
	TRY(control_call(c, k, reads ? "GET" : "POST", target, body, &answer));
	return print_title(c, o, answer);
}

static const struct {
	const char *name;
	int n; /* arguments, with the name */
	err (*run)(struct ctx *c, const struct options *o, struct control *k);
} verbs[] = {
	{"apply", 2, run_apply},
	{"list", 1, run_list},
	{"show", 2, run_show},
	{"queue", 1, run_queue},
	{"office", 1, run_office},
	{"enter", 1, run_enter},
	{"titles", 1, run_titles},
	{"title", 2, run_title},
	{"checked", 2, run_title},
	{"ended", 2, run_title},
};

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	ENSURE(o->n > 0, c, ERR_USAGE,
		"register needs apply, list, show, queue, office, enter, titles, title, checked, "
		"ended, "
		"or a step");
	for (size_t i = 0; i < countof(verbs); i++) {
		if (!str_is(str_z(o->arguments[0]), verbs[i].name))
			continue;
		ENSURE(o->n == verbs[i].n, c, ERR_USAGE, "register %s takes %d argument(s)",
			verbs[i].name, verbs[i].n - 1);
		TRY(control_open(c, o->data, &k));
		return verbs[i].run(c, o, k);
	}
	ENSURE(o->n == 2, c, ERR_USAGE, "register STEP takes the id of a registration");
	TRY(control_open(c, o->data, &k));
	return run_step(c, o, k);
}

const struct command cmd_register = {"register",
	"apply PRODUCT --registrar PARTY --source S --rights R | list | show ID | queue [--due "
	"DAY] | "
	"STEP ID ... | office ... | enter ... | titles | title ID | checked ID ... | ended ID ...",
	"Title registration: applies, reviews, publishes, issues; certificates from outside. STEP "
	"is "
	"correct, supply, withdraw; accept, return, extend, ask, review, publish, waive, object, "
	"resolve, deposit, issue, close, refuse, remark, contest, notify, settle or revoke.",
	rows, countof(rows), run};
