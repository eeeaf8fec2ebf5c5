/* The receiving of small objects, against a server of this process that sends what the test wants. Large ones come by a
 * child (receive_child_test.c) that is this same program: tests/e2e/delivery.t. */
#include "delivery/receive.h"

#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>

#include "net/server.h"
#include "store/blobs.h"
#include "tests/tap.h"

#include "delivery/fixture_test.h"

static struct str served;  /* what is sent */
static int status;         /* with which status */
static unsigned asked;     /* how often it was asked for */
static char presented[80]; /* the last Authorization */

static void request(void *arg, struct exchange *x)
{
	(void)arg;
	static const struct str problem = {"{\"detail\":\"a term says no\"}", 27};
	struct str field = http_header(&x->request, "Authorization");
	asked++;
	(void)snprintf(presented, sizeof presented, "%.*s", FMT(field));
	exchange_answer(x, status, NULL, 0, status == 200 ? served : problem);
}

static const struct server_handler handler = {.request = request};

struct bench {
	struct deal d;
	struct loop *loop;
	struct server *server;
	struct client *client;
	struct receiver *receiver;
	uint16_t port;
};

/* A revision of the product with that content. */
static err revise(struct ctx *c, struct pair *p, struct str bytes)
{
	struct entry e = {.index = 0};
	for (uint64_t i = 0; !str_is(e.type, "product.publish"); i++)
		TRY(acts_entry(c, p->s.acts, i, &e));
	struct json *body = json_copy(c, e.body), *object = json_copy(c, json_get(body, "object"));
	struct hash root = bytes.n > 0 ? hash_leaf(bytes) : hash_empty(), sha256 = hash_of(bytes);
	json_set_hex(c, &object, "root", root.b, HASH_BYTES);
	json_set_hex(c, &object, "sha256", sha256.b, HASH_BYTES);
	json_set_num(c, &object, "size", (int64_t)bytes.n);
	json_set_num(c, &object, "revision", 2);
	json_set(&body, "object", object);
	json_set_str(c, &body, "offer", STR("urn:uuid:01980000-0000-7000-8000-000000000002"));
	TRY(pair_act(c, &p->s, "product.revise", STR(PAIR_PRODUCT), body));
	return product_find(c, p->s.db, STR("weather"), &p->product);
}

static err bench_open(struct ctx *c, struct bench *t, struct str bytes)
{
	struct pair *p = &t->d.p;
	*t = (struct bench){.port = 0};
	(void)signal(SIGPIPE, SIG_IGN);
	TRY(deal_open(c, &t->d, "open"));
	p->b.self.directory = p->b.directory;
	TRY(revise(c, p, bytes));
	TRY(pair_agree(c, p, &t->d.s, &t->d.b));
	TRY(loop_new(c, &env_system, &t->loop));
	TRY(client_new(c, t->loop, &env_system, true, NULL, &t->client));
	TRY(server_new(c, t->loop, &env_system, &handler, NULL, &t->server));
	TRY(server_listen_tcp(c, t->server, "127.0.0.1", 0, &t->port));
	return receive_new(c, t->loop, t->client, p->b.acts, NULL, &t->receiver);
}

static int take_away(const char *path, const struct stat *st, int what, struct FTW *f)
{
	(void)st;
	(void)what;
	(void)f;
	return remove(path);
}

static void bench_close(struct bench *t)
{
	char blobs[80];
	(void)snprintf(blobs, sizeof blobs, "%s/blobs", t->d.p.b.directory);
	(void)nftw(blobs, take_away, 8, FTW_DEPTH | FTW_PHYS);
	receive_free(t->receiver);
	client_free(t->client);
	server_free(t->server);
	loop_free(t->loop);
	deal_close(&t->d);
}

/* Delivery n has begun, and its data lies at the server of the test. */
static err begin(struct ctx *c, struct bench *t, unsigned n)
{
	struct delivery_row s, b;
	struct delivery_token token;
	TRY(acts_tick(c, t->d.p.s.acts));
	TRY(acts_tick(c, t->d.p.b.acts));
	TRY(deal_begin(c, &t->d, n, &s, &b));
	TRY(delivery_store_token(c, t->d.p.b.db, b.id, &token));
	TRY(arena_fmt(c, &token.endpoint, "http://localhost:%u/data", t->port));
	TRY(delivery_store_put_token(c, t->d.p.b.db, b.id, &token));
	asked = 0;
	return acts_tick_end(c, t->d.p.b.acts);
}

/* Turns, each with the end of its tick, until the delivery is no longer STARTED or it was asked for so often. */
static err turn(struct ctx *c, struct bench *t, unsigned n, unsigned times)
{
	for (int i = 0; i < 400 && asked < times; i++) {
		receive_pump(t->receiver);
		TRY(loop_turn(c, t->loop, 5));
		TRY(acts_tick_end(c, t->d.p.b.acts));
		house_now += 20;
		if (strcmp(deal_state(c, &t->d.p.b, deal_id(c, n)), "STARTED") != 0)
			return OK;
	}
	for (int i = 0; i < 4; i++) /* the last answer arrives */
		TRY(loop_turn(c, t->loop, 5));
	return acts_tick_end(c, t->d.p.b.acts);
}

static void test_good(struct ctx *c, struct bench *t)
{
	struct delivery_row d;
	struct delivery_progress p;
	struct str blobs;
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	status = 200;
	is_int(begin(c, t, 1), OK, "a delivery begins");
	is_int(turn(c, t, 1, 99), OK, "the loop turns");
	ok(delivery_find(c, t->d.p.b.db, deal_id(c, 1), &d) == OK && d.has_receipt &&
			str_is(d.result, "complete"),
		"its receipt is given");
	ok(asked == 1 && strncmp(presented, "Bearer ", 7) == 0,
		"it was asked for once, by its token");
	ok(delivery_progress(c, t->d.p.b.db, d.id, &p) == OK && p.bytes == (int64_t)served.n &&
			p.trouble.n == 0,
		"all of it has come");
	ok(arena_fmt(c, &blobs, "%s/blobs", t->d.p.b.directory) == OK &&
			blob_open(c, blobs.p, &t->d.b.root, &fd, &size) == OK && size == served.n,
		"the object is kept");
}

static void test_bad(struct ctx *c, struct bench *t)
{
	struct str good = served;
	struct delivery_row d;
	served = STR("station,rain\n1,3\n");
	is_int(begin(c, t, 2), OK, "another begins");
	is_int(turn(c, t, 2, 99), OK, "the loop turns");
	ok(delivery_find(c, t->d.p.b.db, deal_id(c, 2), &d) == OK && d.has_receipt &&
			str_is(d.result, "refused") && d.state == DELIVERY_TERMINATED,
		"what is not what was signed is refused");
	is_int((long long)asked, 2, "when it came so twice");
	served = good;
}

static void test_refused(struct ctx *c, struct bench *t)
{
	struct delivery_row d;
	status = 403;
	is_int(begin(c, t, 3), OK, "another begins");
	is_int(turn(c, t, 3, 99), OK, "the loop turns");
	ok(delivery_find(c, t->d.p.b.db, deal_id(c, 3), &d) == OK &&
			d.state == DELIVERY_TERMINATED && !d.has_receipt,
		"a refusal ends it");
	ok(str_find_str(d.reason, STR("(403): a term says no")) < d.reason.n, "with its reason");
	is_int((long long)asked, 1, "at once");
}

static void test_again(struct ctx *c, struct bench *t)
{
	struct delivery_progress p;
	struct outbox_row row;
	status = 503;
	is_int(begin(c, t, 4), OK, "another begins");
	is_int(turn(c, t, 4, 3), OK, "the loop turns");
	is_str(deal_state(c, &t->d.p.b, deal_id(c, 4)), "STARTED", "what is said for the moment");
	ok(delivery_progress(c, t->d.p.b.db, deal_id(c, 4), &p) == OK && p.trouble.n > 0,
		"is told: %.*s", FMT(p.trouble));
	status = 200;
	is_int(turn(c, t, 4, 99), OK, "and tried again");
	is_str(deal_state(c, &t->d.p.b, deal_id(c, 4)), "COMPLETED", "until it comes");
	status = 401;
	is_int(begin(c, t, 5), OK, "another begins");
	is_int(turn(c, t, 5, 1), OK, "with a token that is no longer good");
	is_int(pair_row(c, &t->d.p.b, "delivery.ask", &row), OK,
		"the start is asked for once more");
	status = 200;
	house_now += 6000;
	is_int(begin(c, t, 6), OK, "something else happens");
	is_int(turn(c, t, 5, 99), OK, "and then");
	is_str(deal_state(c, &t->d.p.b, deal_id(c, 5)), "COMPLETED", "it comes");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct bench t;
	served = STR("station,rain\n1,2\n");
	is_int(bench_open(&c, &t, served), OK, "a seller, a buyer and a server: %s",
		c.trouble.detail);
	test_good(&c, &t);
	test_bad(&c, &t);
	test_refused(&c, &t);
	test_again(&c, &t);
	bench_close(&t);
	return done_testing();
}
