/* shugu get PARTY PRODUCT: from the order to the file and its invoice. The node does it all by itself; this command makes the
 * order, tells how far it is, and copies the object out. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"
#include "main/copy.h"
#include "main/table.h"

#define POLL_FIRST_MS 20
#define POLL_MAX_MS 200
#define PATIENCE_MS 60000 /* without any change */
#define WORD_MS 2000      /* then it is said why nothing moves, off a terminal too */
#define INVOICE_MS 5000

static const struct option_row options[] = {
	{"output", OPTION_TEXT,
		"FILE    where to copy it (also -o FILE; default: it stays in blobs/)"},
	{"purpose", OPTION_TEXT, "TEXT   what for; the terms may ask"},
	{"agreement", OPTION_TEXT,
		"ID   one more delivery under this agreement, instead of PRODUCT"},
	{"delivery", OPTION_TEXT, "ID    waits for one that was asked for before and collects it"},
	{"anew", OPTION_FLAG, "          an agreement of its own, also where one is in force"},
	{"no-wait", OPTION_FLAG, "       only makes the order"},
};

struct getting {
	struct control *k;
	struct str order, delivery;
	bool drawn;               /* a plain connector's data was asked for */
	const struct json *state; /* of the delivery, last seen */
	const struct json *invoice;
	bool terminal;
};

static void pause_ms(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	(void)nanosleep(&t, NULL);
}

static err get_json(
	struct ctx *c, struct getting *g, const char *path, struct str id, const struct json **ret)
{
	struct str segment, target;
	TRY(control_segment(c, id, &segment));
	TRY(arena_fmt(c, &target, "%s/%.*s", path, FMT(segment)));
	return control_call(c, g->k, "GET", target, NULL, ret);
}

static err make_order(struct ctx *c, const struct options *o, struct getting *g)
{
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	json_set_str(c, &body, "party", str_z(o->arguments[0]));
	json_set_str(c, &body, "product", str_z(o->arguments[1]));
	json_set(&body, "deliver", json_bool(c, true));
	if (option_set(o, "anew"))
		json_set(&body, "anew", json_bool(c, true));
	if (option_set(o, "purpose"))
		json_set_str(c, &body, "purpose", str_z(option(o, "purpose")));
	TRY(control_call(c, g->k, "POST", STR("/api/v1/orders"), body, &answer));
	g->order = json_text(json_get(answer, "order"));
	g->delivery = json_text(json_get(answer, "delivery"));
	return OK;
}

/* Under an agreement that is in force there is nothing to order. */
static err ask_under(struct ctx *c, const struct options *o, struct getting *g)
{
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	json_set_str(c, &body, "agreement", str_z(option(o, "agreement")));
	TRY(control_call(c, g->k, "POST", STR("/api/v1/deliveries"), body, &answer));
	g->delivery = json_text(json_get(answer, "delivery"));
	return OK;
}

static void show(struct getting *g, struct str line)
{
	if (g->terminal)
		fprintf(stderr, "\r\033[K%.*s", FMT(line));
}

/* One line that says where it stands; a change of it restarts the patience. */
static err say_delivery(struct ctx *c, const struct json *d, struct str *ret)
{
	int64_t bytes = 0, size = 0;
	(void)json_int(json_get(d, "bytes"), &bytes);
	(void)json_int(json_get(d, "size"), &size);
	struct str trouble = json_text(json_get(d, "trouble"));
	return arena_fmt(c, ret, "%.*s %lld of %lld bytes%s%.*s",
		FMT(json_text(json_get(d, "state"))), (long long)bytes, (long long)size,
		trouble.n > 0 ? ": " : "", FMT(trouble));
}

/* What a plain connector gives is fetched because we ask; it may be refused. */
static err draw(struct ctx *c, struct getting *g, const struct json *d)
{
	struct str segment, target, trouble = json_text(json_get(d, "trouble"));
	const struct json *answer = NULL;
	if (json_get(d, "dataAddress") == NULL ||
		!str_is(json_text(json_get(d, "state")), "STARTED"))
		return OK;
	bool drawing = json_get(d, "drawing") != NULL && json_get(d, "drawing")->type == JSON_TRUE;
	ENSURE(drawing || !g->drawn, c, ERR_PEER_REFUSED, "%.*s",
		FMT(trouble.n > 0 ? trouble : STR("the data did not come")));
	if (g->drawn || drawing)
		return OK;
	TRY(control_segment(c, g->delivery, &segment));
	TRY(arena_fmt(c, &target, "/api/v1/deliveries/%.*s/draw", FMT(segment)));
	TRY(control_call(c, g->k, "POST", target, NULL, &answer));
	g->drawn = true;
	return OK;
}

/* How far it is. ret_done once the delivery has ended well. */
static err look(struct ctx *c, struct getting *g, struct str *ret_line, bool *ret_done)
{
	const struct json *o = NULL, *d = NULL;
	err e = get_json(c, g, "/api/v1/deliveries", g->delivery, &d);
	if (e == ERR_NOT_FOUND && g->order.n > 0) {
		TRY(get_json(c, g, "/api/v1/orders", g->order, &o));
		struct str state = json_text(json_get(o, "state"));
		struct str reason = json_text(json_get(o, "reason"));
		ENSURE(!str_is(state, "failed"), c, ERR_PEER_REFUSED, "%.*s",
			FMT(reason.n > 0 ? reason : STR("no reason was given")));
		*ret_line = str_is(state, "waiting") ? STR("the other party has not answered yet")
						     : state;
		return OK;
	}
	TRY(e);
	struct str state = json_text(json_get(d, "state"));
	struct str reason = json_text(json_get(d, "reason"));
	struct str result = json_text(json_get(d, "result"));
	ENSURE(!str_is(result, "refused"), c, ERR_BAD_DIGEST,
		"what came is not what was signed; the receipt refuses it");
	ENSURE(!str_is(state, "TERMINATED"), c, ERR_PEER_REFUSED, "%.*s",
		FMT(reason.n > 0 ? reason : STR("the delivery was ended")));
	TRY(draw(c, g, d));
	*ret_done = str_is(state, "COMPLETED");
	return say_delivery(c, d, ret_line);
}

/* Each look has its own memory, but the last. */
static err follow(struct ctx *c, struct getting *g)
{
	char last[LIMIT_TEXT] = "";
	bool told = false;
	long wait = POLL_FIRST_MS;
	for (long waited = 0; waited < PATIENCE_MS; waited += wait) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx one = {.arena = a};
		struct str line = {"", 0};
		bool done = false;
		ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
		err e = look(&one, g, &line, &done);
		if (e != OK) {
			show(g, (struct str){"", 0});
			return fail(c, e, "%s", one.trouble.detail);
		}
		if (table_shown(&one, line, &line) != OK)
			line = (struct str){"", 0};
		show(g, line);
		if (done)
			return get_json(c, g, "/api/v1/deliveries", g->delivery, &g->state);
		line = str_sub(line, 0, sizeof last - 1);
		if (!str_is(line, last)) {
			memcpy(last, line.p, line.n);
			last[line.n] = '\0';
			waited = 0;
			wait = POLL_FIRST_MS;
			told = false;
		}
		if (waited >= WORD_MS && !told && !g->terminal)
			fprintf(stderr, "shugu: waiting: %s\n", last);
		told = told || waited >= WORD_MS;
		pause_ms(wait);
		wait = wait * 2 > POLL_MAX_MS ? POLL_MAX_MS : wait * 2;
	}
	return fail(c, ERR_TIMEOUT,
		"nothing has changed for %d s: %s; the node goes on by itself, and shugu get "
		"--delivery "
		"%.*s collects it",
		PATIENCE_MS / 1000, last, FMT(g->delivery));
}

static const struct json *invoice_of(const struct json *answer, struct str delivery)
{
	const struct json *rows = json_get(answer, "invoices");
	for (const struct json *j = rows == NULL ? NULL : rows->first; j != NULL; j = j->next) {
		if (str_eq(json_text(json_get(j, "delivery")), delivery))
			return j;
	}
	return NULL;
}

/* The invoice comes a moment after the receipt; a seller may also take its time. */
static err await_invoice(struct ctx *c, struct getting *g)
{
	long wait = POLL_FIRST_MS;
	for (long waited = 0; waited < INVOICE_MS; waited += wait) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx one = {.arena = a};
		const struct json *answer = NULL, *found;
		ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
		err e = control_call(&one, g->k, "GET", STR("/api/v1/invoices"), NULL, &answer);
		if (e == ERR_NOT_FOUND)
			return OK;
		if (e != OK)
			return fail(c, e, "%s", one.trouble.detail);
		found = invoice_of(answer, g->delivery);
		if (found != NULL) {
			struct str text;
			TRY(json_write(&one, found, false, LIMIT_HTTP_BODY, &text));
			TRY(arena_str(c, text, &text));
			return json_parse(c, text, &g->invoice);
		}
		show(g, STR("waiting for the invoice"));
		pause_ms(wait);
		wait = wait * 2 > POLL_MAX_MS ? POLL_MAX_MS : wait * 2;
	}
	return OK;
}

static err copy_out(struct ctx *c, const struct options *o, const struct getting *g)
{
	struct str object = json_text(json_get(g->state, "object"));
	const char *path;
	ENSURE(object.n > 0, c, ERR_CORRUPT, "the delivery names no object");
	TRY(arena_str(c, object, &object));
	TRY(node_path(c, o->data, arena_z(c->arena, object), &path));
	return copy_object(c, path, option(o, "output"));
}

static err print_got(struct ctx *c, const struct options *o, const struct getting *g)
{
	int64_t size = 0;
	if (o->json) {
		struct json *j = json_copy(c, g->state);
		if (g->invoice != NULL)
			json_set(&j, "invoice", json_copy(c, g->invoice));
		return command_print(c, j);
	}
	(void)json_int(json_get(g->state, "size"), &size);
	printf("%lld bytes, sha256 %.*s\n", (long long)size,
		FMT(json_text(json_get(g->state, "sha256"))));
	if (option_set(o, "output"))
		printf("file %s\n", option(o, "output"));
	else
		printf("object %.*s\n", FMT(json_text(json_get(g->state, "object"))));
	printf("delivery %.*s\n", FMT(g->delivery));
	if (json_get(g->state, "proof") != NULL)
		printf("received by us alone: the other side is no node and signed nothing, the "
		       "digest is what we found; there is no invoice\n");
	else if (g->invoice != NULL)
		printf("invoice %.*s %.*s\n", FMT(json_text(json_get(g->invoice, "serial"))),
			FMT(json_text(json_get(g->invoice, "state"))));
	else
		printf("no invoice yet\n");
	return OK;
}

/* The file must be writable before anything is ordered: what is delivered is billed. */
static err check_output(struct ctx *c, const char *path)
{
	struct stat st;
	const char *slash = path == NULL ? NULL : strrchr(path, '/');
	if (path == NULL)
		return OK;
	ENSURE(stat(path, &st) != 0 || !S_ISDIR(st.st_mode), c, ERR_USAGE, "-o %s is a directory",
		path);
	size_t n = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	const char *directory = n == 0 ? "." : arena_z(c->arena, (struct str){path, n});
	ENSURE(directory != NULL && access(directory, W_OK | X_OK) == 0, c, ERR_USAGE,
		"-o %s cannot be written: %s", path, strerror(errno));
	return OK;
}

static err begin(struct ctx *c, const struct options *o, struct getting *g)
{
	if (option_set(o, "delivery")) {
		g->delivery = str_z(option(o, "delivery"));
		return OK;
	}
	return option_set(o, "agreement") ? ask_under(c, o, g) : make_order(c, o, g);
}

static err run(struct ctx *c, const struct options *o)
{
	struct getting g = {.terminal = isatty(2) != 0 && !o->json};
	bool under = option_set(o, "agreement") || option_set(o, "delivery");
	ENSURE(under ? o->n == 0 : o->n == 2, c, ERR_USAGE,
		"get needs PARTY and PRODUCT, or --agreement or --delivery");
	TRY(check_output(c, option(o, "output")));
	TRY(control_open(c, o->data, &g.k));
	ENSURE(control_is_running(g.k), c, ERR_PEER_UNREACHABLE,
		"no node runs here: start `shugu serve`");
	TRY(begin(c, o, &g));
	if (option_set(o, "no-wait")) {
		printf("order %.*s\ndelivery %.*s\n", FMT(g.order), FMT(g.delivery));
		return OK;
	}
	TRY(follow(c, &g));
	if (option_set(o, "output"))
		TRY(copy_out(c, o, &g));
	if (json_get(g.state, "proof") == NULL)
		TRY(await_invoice(c, &g));
	show(&g, (struct str){"", 0});
	return print_got(c, o, &g);
}

const struct command cmd_get = {"get",
	"PARTY PRODUCT | --agreement ID | --delivery ID [-o FILE] [--purpose TEXT] [--anew] "
	"[--no-wait]",
	"Orders a product, takes its delivery and the invoice.", options, countof(options), run};
