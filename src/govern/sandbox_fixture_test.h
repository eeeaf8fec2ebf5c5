/* For the tests of sandbox cases: the two houses of delivery/ with the sandbox, and a case that is led to its test. */
#pragma once

#include "delivery/fixture_test.h"
#include "govern/sandbox.h"
#include "govern/subjects.h"

static const struct module *const box_modules[] = {&act_module, &party_module, &person_module,
	&recognise_module, &product_module, &contract_module, &assent_module, &order_module,
	&delivery_module, &share_module, &sandbox_module};
static const struct wiring box_wiring = {box_modules, countof(box_modules)};

#define BOX "urn:uuid:01980000-0000-7000-8000-0000000000cc"
#define BOX_SECOND "person:urn:uuid:01980000-0000-7000-8000-0000000000aa#owner"
#define BOX_DAY_MS 86400000ll
#define BOX_COMMITTEE \
	"{\"size\":3,\"quorum\":2,\"members\":[{\"id\":\"e1\",\"name\":\"One\"},{\"id\":\"e2\"," \
	"\"name\":\"Two\"},{\"id\":\"e3\",\"name\":\"Three\"}],\"observers\":[{\"id\":\"o1\"," \
	"\"name\":\"Four\",\"authority\":\"Data bureau\"}]}"
#define BOX_OPEN "{\"title\":\"T\",\"applicant\":\"A\",\"difficulty\":\"D\"}"

/* house_now is 2027-01-15 at first. */
__attribute__((unused)) static err box_open(struct ctx *c, struct deal *d)
{
	*d = (struct deal){.s = {.size = 0}};
	house_now = 1800000000000;
	TRY(house_open(c, &d->p.s, "s.example", 1, &box_wiring));
	TRY(house_open(c, &d->p.b, "b.example", 2, &box_wiring));
	TRY(pair_know(c, &d->p.s, &d->p.b.self));
	TRY(pair_know(c, &d->p.b, &d->p.s.self));
	TRY(pair_register(c, &d->p.s));
	TRY(pair_register(c, &d->p.b));
	TRY(pair_publish(c, &d->p, 1, "open"));
	TRY(acts_tick_end(c, d->p.s.acts));
	TRY(acts_tick_end(c, d->p.b.acts));
	TRY(pair_agree(c, &d->p, &d->s, &d->b));
	TRY(acts_tick(c, d->p.s.acts));
	return acts_tick(c, d->p.b.acts);
}

/* One act of the seller. */
static err box_act(
	struct ctx *c, struct deal *d, const char *type, const char *subject, const char *body)
{
	const struct json *j;
	TRY(json_parse(c, str_z(body), &j));
	const struct act a = {str_z(type), STR("operator"), str_z(subject), j, NULL};
	return acts_do(c, d->p.s.acts, &a, NULL);
}

__attribute__((unused)) static err box_as(
	struct ctx *c, struct deal *d, const char *actor, const char *step, const char *body)
{
	const struct json *j;
	struct entry e;
	bool first = false;
	TRY(json_parse(c, str_z(body), &j));
	return sandbox_take(c, d->p.s.acts, str_z(actor), STR(BOX), str_z(step), j, &e, &first);
}

__attribute__((unused)) static err box_take(
	struct ctx *c, struct deal *d, const char *step, const char *body)
{
	return box_as(c, d, "operator", step, body);
}

/* A step of two people. */
__attribute__((unused)) static err box_both(
	struct ctx *c, struct deal *d, const char *step, const char *body)
{
	TRY(box_as(c, d, "operator", step, body));
	return box_as(c, d, BOX_SECOND, step, body);
}

/* e1 and e2 declare nothing against it and vote so. */
__attribute__((unused)) static err box_vote(struct ctx *c, struct deal *d, const char *vote)
{
	static const char *const members[] = {"e1", "e2"};
	for (size_t i = 0; i < countof(members); i++) {
		struct str text;
		TRY(arena_fmt(c, &text, "{\"member\":\"%s\",\"conflict\":false}", members[i]));
		TRY(box_take(c, d, "declare", arena_z(c->arena, text)));
		TRY(arena_fmt(c, &text, "{\"member\":\"%s\",\"vote\":\"%s\"}", members[i], vote));
		TRY(box_take(c, d, "vote", arena_z(c->arena, text)));
	}
	return OK;
}

/* Up to the committee. */
__attribute__((unused)) static err box_refer(struct ctx *c, struct deal *d)
{
	TRY(box_act(c, d, "sandbox.committee", "urn:shugu:sandbox", BOX_COMMITTEE));
	TRY(box_act(c, d, "sandbox.open", BOX, BOX_OPEN));
	TRY(box_take(c, d, "submit", "{}"));
	TRY(box_take(c, d, "check", "{}"));
	return box_take(c, d, "refer", "{}");
}

/* Up to an agreed plan with these limits; the test ends on 2027-03-01. */
__attribute__((unused)) static err box_plan(struct ctx *c, struct deal *d, const char *limits)
{
	struct str text;
	TRY(box_refer(c, d));
	TRY(box_vote(c, d, "yes"));
	TRY(box_both(c, d, "admit", "{\"reason\":\"new\",\"conditions\":[]}"));
	TRY(arena_fmt(c, &text,
		"{\"product\":\"" PAIR_PRODUCT
		"\",\"key\":\"id\",\"until\":\"2027-03-01\",\"limits\":%s}",
		limits));
	return box_take(c, d, "plan", arena_z(c->arena, text));
}

/* Through a public notice of a day into the test. */
__attribute__((unused)) static err box_start(struct ctx *c, struct deal *d)
{
	TRY(box_take(c, d, "notice", "{\"to\":\"2027-01-15\",\"where\":\"the website\"}"));
	house_now += BOX_DAY_MS;
	TRY(acts_tick_end(c, d->p.s.acts));
	TRY(acts_tick(c, d->p.s.acts));
	return box_take(c, d, "start", "{}");
}

/* Counts a revision as though its object held that text. */
__attribute__((unused)) static err box_measure(
	struct ctx *c, struct deal *d, int64_t revision, const char *text)
{
	struct sandbox_row r;
	struct revision p;
	struct entry e;
	char path[] = "/var/tmp/box_test.XXXXXX";
	TRY(sandbox_find(c, d->p.s.db, STR(BOX), &r));
	TRY(product_revision(c, d->p.s.db, STR(PAIR_PRODUCT), revision, &p));
	int fd = mkstemp(path);
	ENSURE(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), c, ERR_IO,
		"no file");
	(void)unlink(path);
	err said = subjects_measure(c, d->p.s.acts, STR("operator"), &r, &p, fd, &e);
	(void)close(fd);
	return said;
}

__attribute__((unused)) static const char *box_state(struct ctx *c, struct deal *d)
{
	struct sandbox_row r;
	return sandbox_find(c, d->p.s.db, STR(BOX), &r) == OK ? sandbox_state_name(r.state)
							      : "none";
}
