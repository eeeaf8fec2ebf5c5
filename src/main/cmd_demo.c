/* shugu demo: two organisations on this machine circulate a file that is made here, and a third party verifies the invoice
 * offline; a changed digit, a second delivery under `once` and one after the end are refused. Only commands that are
 * printed are run. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/demo_run.h"

#define ROWS 2000
#define NET "120000"

static const struct option_row options[] = {
	{"exit", OPTION_FLAG, "  ends when the walk is over; else both nodes run until Ctrl-C"},
	{"keep", OPTION_FLAG, "  leaves the directory, which is removed otherwise"},
};

/* What the steps tell each other. */
struct walk {
	struct demo d;
	const char *a, *b; /* directories of the nodes */
	const char *url_a, *url_b, *listen_a, *listen_b, *seller;
	const char *weather, *stations; /* the files */
	const char *invoice;            /* the buyer's copy */
	const char *agreement, *once;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signo)
{
	(void)signo;
	interrupted = 1;
}

static err path_of(struct ctx *c, const struct walk *w, const char *tail, const char **ret)
{
	return node_path(c, w->d.directory, tail, ret);
}

static err text_z(struct ctx *c, struct str text, const char **ret)
{
	*ret = arena_z(c->arena, text);
	ENSURE(*ret != NULL, c, ERR_MEMORY, "no memory");
	return OK;
}

static err run(struct ctx *c, struct walk *w, const char *const *words)
{
	ENSURE(interrupted == 0, c, ERR_BAD_STATE, "interrupted");
	return demo_run(c, &w->d, words, 0, false, NULL);
}

static err refused(struct ctx *c, struct walk *w, const char *const *words)
{
	return demo_run(c, &w->d, words, 1, false, NULL);
}

/* One whose answer is JSON, for the next step. */
static err ask(struct ctx *c, struct walk *w, const char *const *words, const struct json **ret)
{
	struct str out;
	TRY(demo_run(c, &w->d, words, 0, true, &out));
	return json_parse(c, str_trim(out), ret);
}

/* A table of its own: weather that follows a fixed rule, so that every demo has the same bytes. */
static err make_files(struct ctx *c, struct walk *w)
{
	struct buf b;
	struct str text;
	uint32_t x = 1;
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	buf_z(&b, "date,station,precipitation,temp_max,weather\n");
	for (int i = 0; i < ROWS; i++) {
		static const char *const kinds[] = {"sun", "rain", "fog", "snow"};
		x = x * 1664525u + 1013904223u;
		buf_fmt(&b, "2026-%02d-%02d,H%03d,%u.%u,%u.%u,%s\n", i / 28 % 12 + 1, i % 28 + 1,
			i % 40, x >> 28, x >> 24 & 7, 5 + (x >> 20 & 15), x >> 16 & 7,
			kinds[x >> 30]);
	}
	TRY(buf_done(c, &b, &text));
	TRY(path_of(c, w, "weather.csv", &w->weather));
	TRY(file_write(c, &env_system, w->weather, text, 0600));
	TRY(path_of(c, w, "stations.csv", &w->stations));
	return file_write(c, &env_system, w->stations,
		STR("station,city\nH001,Hangzhou\nH002,Ningbo\nH003,Wenzhou\n"), 0600);
}

static err address(struct ctx *c, const char **ret_listen, const char **ret_url, uint16_t *ret_port)
{
	struct str text;
	TRY(demo_port(c, ret_port));
	TRY(arena_fmt(c, &text, "127.0.0.1:%u", *ret_port));
	*ret_listen = text.p;
	TRY(arena_fmt(c, &text, "http://localhost:%u", *ret_port));
	*ret_url = text.p;
	return OK;
}

static err begin(struct ctx *c, struct walk *w)
{
	uint16_t a = 0, b = 0;
	struct str did;
	demo_step(&w->d, "Two nodes: Jia sells, Yi buys");
	TRY(path_of(c, w, "a", &w->a));
	TRY(path_of(c, w, "b", &w->b));
	TRY(make_files(c, w));
	TRY(address(c, &w->listen_a, &w->url_a, &a));
	do {
		TRY(address(c, &w->listen_b, &w->url_b, &b));
	} while (a == b);
	TRY(arena_fmt(c, &did, "did:web:localhost%%3A%u", a));
	w->seller = did.p;
	const char *const jia[] = {"init", "--data", w->a, "--name",
		"\xe7\x94\xb2\xe5\x85\xac\xe5\x8f\xb8", "--uscc", "91110000802100433B", "--url",
		w->url_a, "--allow-loopback", NULL};
	const char *const yi[] = {"init", "--data", w->b, "--name",
		"\xe4\xb9\x99\xe5\x85\xac\xe5\x8f\xb8", "--uscc", "91330100MA2BENCH5M", "--url",
		w->url_b, "--allow-loopback", NULL};
	TRY(run(c, w, jia));
	TRY(run(c, w, yi));
	TRY(demo_serve(c, &w->d, 0, w->a, w->listen_a, false));
	return demo_serve(c, &w->d, 1, w->b, w->listen_b, false);
}

static err meet(struct ctx *c, struct walk *w)
{
	struct str line;
	const struct json *inbox;
	const char *invitation, *id;
	demo_step(&w->d, "They meet: one pasted invitation, people on both sides approve");
	const char *const invite[] = {"invite", "--data", w->a, NULL};
	TRY(demo_run(c, &w->d, invite, 0, false, &line));
	TRY(text_z(c, str_trim(line), &invitation));
	const char *const join[] = {"join", "--data", w->b, invitation, NULL};
	TRY(run(c, w, join));
	const char *const sent_b[] = {"outbox", "--data", w->b, "--wait", "10", NULL};
	TRY(run(c, w, sent_b));
	const char *const waiting[] = {"inbox", "--data", w->a, "--json", NULL};
	TRY(ask(c, w, waiting, &inbox));
	const struct json *rows = json_get(inbox, "waiting");
	ENSURE(rows != NULL && rows->n == 1, c, ERR_BAD_STATE, "nothing waits for the seller");
	TRY(text_z(c, json_text(json_get(rows->first, "id")), &id));
	const char *const approve[] = {"approve", "--data", w->a, id, NULL};
	TRY(run(c, w, approve));
	const char *const sent_a[] = {"outbox", "--data", w->a, "--wait", "10", NULL};
	return run(c, w, sent_a);
}

static err offer(struct ctx *c, struct walk *w)
{
	demo_step(&w->d, "The seller publishes two files, the buyer reads the catalogue");
	const char *const weather[] = {"publish", "--data", w->a, w->weather, "--name", "weather",
		"--terms", "internal-use", "--net", NET, "--rate", "600", "--description",
		"Daily weather", "--industry", "meteorology", NULL};
	const char *const stations[] = {"publish", "--data", w->a, w->stations, "--name",
		"stations", "--terms", "once", "--net", "50000", "--rate", "600", NULL};
	const char *const catalog[] = {"catalog", "--data", w->b, w->seller, NULL};
	TRY(run(c, w, weather));
	TRY(run(c, w, stations));
	return run(c, w, catalog);
}

/* The delivered file has the bytes of the published one; gives the agreement. */
static err fetch(struct ctx *c, struct walk *w, const char *product, const char *file,
	const char **ret_agreement)
{
	struct str was, is;
	const struct json *got;
	const char *to;
	TRY(path_of(c, w, product, &to));
	const char *const get[] = {"get", "--data", w->b, w->seller, product, "--purpose",
		"internal-use", "-o", to, "--json", NULL};
	TRY(ask(c, w, get, &got));
	TRY(file_read(c, file, LIMIT_HTTP_BODY, &was));
	TRY(file_read(c, to, LIMIT_HTTP_BODY, &is));
	ENSURE(str_eq(was, is), c, ERR_BAD_DIGEST, "what came is not what was published");
	const struct json *invoice = json_get(got, "invoice");
	ENSURE(invoice != NULL, c, ERR_BAD_STATE, "no invoice came");
	printf("   %zu bytes, the same as published; invoice %.*s\n", is.n,
		FMT(json_text(json_get(invoice, "serial"))));
	return text_z(c, json_text(json_get(got, "agreement")), ret_agreement);
}

static err deliver(struct ctx *c, struct walk *w)
{
	demo_step(&w->d, "The buyer takes both: negotiation, delivery, receipt, invoice");
	TRY(fetch(c, w, "weather", w->weather, &w->agreement));
	TRY(fetch(c, w, "stations", w->stations, &w->once));
	const char *const deliveries[] = {"delivery", "--data", w->b, "list", NULL};
	return run(c, w, deliveries);
}

static err invoices(struct ctx *c, struct walk *w)
{
	const struct json *list;
	const char *serial, *mine, *theirs;
	struct str one, other;
	demo_step(&w->d, "Both sides hold the same invoices; a third party verifies one, offline");
	const char *const both[] = {"invoice", "--data", w->a, "list", NULL};
	const char *const known[] = {"invoice", "--data", w->b, "list", "--json", NULL};
	TRY(run(c, w, both));
	TRY(ask(c, w, known, &list));
	ENSURE(list->n == 2, c, ERR_BAD_STATE, "the buyer holds %zu invoices, not 2", list->n);
	TRY(text_z(c, json_text(json_get(list->first, "serial")), &serial));
	TRY(path_of(c, w, "invoice-a.json", &theirs));
	TRY(path_of(c, w, "invoice-b.json", &mine));
	const char *const out_a[] = {
		"invoice", "--data", w->a, "export", serial, "-o", theirs, NULL};
	const char *const out_b[] = {"invoice", "--data", w->b, "export", serial, "-o", mine, NULL};
	TRY(run(c, w, out_a));
	TRY(run(c, w, out_b));
	TRY(file_read(c, theirs, LIMIT_INVOICE_FILE, &one));
	TRY(file_read(c, mine, LIMIT_INVOICE_FILE, &other));
	ENSURE(str_eq(one, other), c, ERR_BAD_DIGEST, "the two sides hold different files");
	w->invoice = mine;
	const char *const verify[] = {"verify", "--require", "recorded", mine, NULL};
	const char *const zh[] = {"verify", "--lang", "zh", mine, NULL};
	TRY(run(c, w, verify));
	return run(c, w, zh);
}

static err tamper(struct ctx *c, struct walk *w)
{
	struct str text;
	const char *forged;
	demo_step(&w->d, "One digit of the price is changed");
	TRY(file_read(c, w->invoice, LIMIT_INVOICE_FILE, &text));
	size_t at = str_find_str(text, STR("\"net\":"));
	ENSURE(at + 6 < text.n, c, ERR_BAD_STATE, "the invoice has no price");
	char *bytes = arena_z(c->arena, text);
	ENSURE(bytes != NULL, c, ERR_MEMORY, "no memory");
	bytes[at + 6] = bytes[at + 6] == '9' ? '8' : '9';
	TRY(path_of(c, w, "forged.json", &forged));
	TRY(file_write(c, &env_system, forged, (struct str){bytes, text.n}, 0600));
	const char *const verify[] = {"verify", forged, NULL};
	return refused(c, w, verify);
}

static err end_it(struct ctx *c, struct walk *w)
{
	demo_step(&w->d, "One delivery was agreed for stations: a second is refused by its terms");
	const char *const again[] = {"get", "--data", w->b, "--agreement", w->once, NULL};
	const char *const unasked[] = {"get", "--data", w->b, w->seller, "stations", NULL};
	TRY(refused(c, w, again));
	TRY(refused(c, w, unasked));
	demo_step(&w->d, "The seller ends the agreement on weather; a second delivery is refused");
	const char *const end[] = {
		"terminate", "--data", w->a, w->agreement, "--reason", "the partners part", NULL};
	const char *const sent[] = {"outbox", "--data", w->a, "--wait", "10", NULL};
	const char *const late[] = {"get", "--data", w->b, "--agreement", w->agreement, NULL};
	TRY(run(c, w, end));
	TRY(run(c, w, sent));
	TRY(refused(c, w, late));
	demo_step(&w->d, "Both logs are whole");
	const char *const data[] = {w->a, w->b};
	for (size_t i = 0; i < countof(data); i++) {
		const char *const audit[] = {"log", "--data", data[i], "audit", NULL};
		const char *const replay[] = {"replay", "--data", data[i], NULL};
		TRY(run(c, w, audit));
		TRY(run(c, w, replay));
	}
	demo_step(&w->d, NULL);
	return OK;
}

/* What a node said when it began, but that it serves: the link by which its owner signs in. */
static err print_links(struct ctx *c, const char *data)
{
	struct str path, text, line;
	TRY(arena_fmt(c, &path, "%s.out", data));
	TRY(file_read(c, path.p, LIMIT_ACT, &text));
	while (str_cut(text, '\n', &line, &text)) {
		if (!str_starts(line, STR("serving ")))
			printf("   %.*s\n", FMT(line));
	}
	return OK;
}

/* Until Ctrl-C, SIGTERM, or the end of a node. */
static err stay(struct ctx *c, struct walk *w)
{
	printf("\nBoth nodes run, in %s. Ctrl-C ends them.\n%s\n", w->d.directory, w->url_a);
	TRY(print_links(c, w->a));
	printf("%s\n", w->url_b);
	TRY(print_links(c, w->b));
	(void)fflush(stdout);
	while (interrupted == 0)
		(void)sleep(1);
	return OK;
}

static err walk(struct ctx *c, struct walk *w)
{
	err (*const steps[])(struct ctx *, struct walk *) = {
		begin, meet, offer, deliver, invoices, tamper, end_it};
	for (size_t i = 0; i < countof(steps); i++)
		TRY(steps[i](c, w));
	return OK;
}

static err run_demo(struct ctx *c, const struct options *o)
{
	struct walk w = {.a = NULL};
	const struct sigaction act = {.sa_handler = on_interrupt};
	int64_t begun = env_mono_us(&env_system);
	ENSURE(o->n == 0, c, ERR_USAGE, "demo takes no argument");
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
	TRY(demo_begin(c, &w.d));
	err e = walk(c, &w);
	if (e == OK)
		printf("\nDone in %lld ms.\n",
			(long long)((env_mono_us(&env_system) - begun) / 1000));
	if (e == OK && !option_set(o, "exit"))
		e = stay(c, &w);
	bool keep = option_set(o, "keep") || e != OK;
	demo_end(&w.d, keep);
	if (keep)
		printf("The files stay in %s\n", w.d.directory);
	return e;
}

const struct command cmd_demo = {"demo", "[--exit] [--keep]",
	"The whole life between two nodes on this machine, on data made for it.", options,
	countof(options), run_demo};
