/* shugu calendar add|list|check: working days and periods; needs no node. */
#include <stdio.h>
#include <string.h>

#include "codec/day.h"
#include "govern/calendar.h"
#include "main/command.h"

static const struct option_row options[] = {
	{"explain", OPTION_FLAG, "      says of each day why it counts or does not"},
	{"plain", OPTION_FLAG,
		"        by the numbers of the days alone, as terms of validity run"},
};

static struct json *date(struct ctx *c, int64_t day)
{
	char text[DAY_TEXT + 1];
	struct str s;
	day_text(day, text);
	return arena_str(c, str_z(text), &s) == OK ? json_str(c, s) : NULL;
}

static const char *weekday(int64_t day)
{
	static const char *const names[] = {
		"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"};
	return names[day % 7];
}

/* {date, weekday, working, zh?, en?, notice?} */
static err day_json(struct ctx *c, int64_t day, struct json **ret)
{
	const struct calendar_rest *r;
	bool working;
	TRY(calendar_is_working(c, day, &working));
	TRY(calendar_rest_of(c, day, &r));
	struct json *o = json_object(c);
	json_set(&o, "date", date(c, day));
	json_set(&o, "weekday", json_z(c, weekday(day)));
	json_set(&o, "working", json_bool(c, working));
	if (r != NULL) {
		json_set(&o, "zh", json_z(c, r->zh));
		json_set(&o, "en", json_z(c, r->en));
		json_set(&o, "notice", json_z(c, r->notice->number));
	}
	*ret = o;
	return OK;
}

static void say_day(const struct json *o, const char *behind)
{
	const struct json *working = json_get(o, "working");
	printf("%.*s  %-9.*s  %s", FMT(json_text(json_get(o, "date"))),
		FMT(json_text(json_get(o, "weekday"))),
		working->type == JSON_TRUE ? "worked" : "off   ");
	if (json_get(o, "zh") != NULL)
		printf("  %.*s %.*s, %.*s", FMT(json_text(json_get(o, "zh"))),
			FMT(json_text(json_get(o, "en"))), FMT(json_text(json_get(o, "notice"))));
	printf("%s\n", behind);
}

static err read_day(struct ctx *c, const char *text, int64_t *ret)
{
	ENSURE(day_parse(str_z(text), ret), c, ERR_USAGE, "%s is no date: write YYYY-MM-DD", text);
	return OK;
}

/* Working days one by one; of other periods the day by the numbers and those that it moves over. */
static err explain(struct ctx *c, int64_t start, struct calendar_period p, int64_t last, bool plain,
	struct json **ret)
{
	struct json *steps = json_array(c), *step;
	bool by_working = p.unit == CALENDAR_WORKING_DAYS;
	int64_t n = 0;
	for (int64_t day = by_working ? start + 1 : calendar_add_plain(start, p);
		!plain && day <= last; day++) {
		TRY(day_json(c, day, &step));
		bool working = json_get(step, "working")->type == JSON_TRUE;
		if (by_working && working)
			json_set_num(c, &step, "n", ++n);
		json_push(&steps, step);
	}
	*ret = steps;
	return OK;
}

static const char *rule_of(struct calendar_period p, bool plain)
{
	if (p.unit == CALENDAR_WORKING_DAYS)
		return "Civil Code 201: the start does not count; working days are counted";
	if (plain)
		return "Civil Code 201, 202: the start does not count; the corresponding day, else "
		       "the last of the month";
	return "Civil Code 201, 202, 203: the start does not count; the corresponding day, else "
	       "the "
	       "last of the month; an end on a day of rest moves to the next working day";
}

static err add(struct ctx *c, const struct options *o)
{
	int64_t start, last;
	struct calendar_period p;
	struct json *steps;
	bool plain = option_set(o, "plain");
	ENSURE(o->n == 3, c, ERR_USAGE, "calendar add needs a DATE and a PERIOD, e.g. 10wd");
	TRY(read_day(c, o->arguments[1], &start));
	ENSURE(calendar_period_parse(str_z(o->arguments[2]), &p), c, ERR_USAGE,
		"%s is no period: write 1 to 9999 and wd, d, m or y, e.g. 10wd", o->arguments[2]);
	ENSURE(!plain || p.unit != CALENDAR_WORKING_DAYS, c, ERR_USAGE,
		"--plain is for d, m and y: working days need the calendar");
	if (plain)
		last = calendar_add_plain(start, p);
	else
		TRY(calendar_add(c, start, p, &last));
	TRY(explain(c, start, p, last, plain, &steps));
	struct json *all = json_object(c);
	json_set(&all, "start", date(c, start));
	json_set(&all, "period", json_z(c, o->arguments[2]));
	json_set(&all, "rule", json_z(c, rule_of(p, plain)));
	if (option_set(o, "explain"))
		json_set(&all, "days", steps);
	json_set(&all, "date", date(c, last));
	if (o->json)
		return command_print(c, all);
	for (const struct json *s = option_set(o, "explain") && steps != NULL ? steps->first : NULL;
		s != NULL; s = s->next) {
		int64_t n = 0;
		char behind[32] = "";
		if (json_int(json_get(s, "n"), &n))
			snprintf(behind, sizeof behind, "  day %lld", (long long)n);
		say_day(s, behind);
	}
	if (option_set(o, "explain"))
		printf("%s\n", rule_of(p, plain));
	printf("%.*s\n", FMT(json_text(json_get(all, "date"))));
	return OK;
}

static struct json *notices(struct ctx *c, const struct calendar_year *y)
{
	struct json *all = json_array(c);
	for (size_t i = 0; i < y->notices_n; i++) {
		const struct calendar_notice *n = &y->notices[i];
		struct json *o = json_object(c);
		json_set(&o, "title", json_z(c, n->title));
		json_set(&o, "number", json_z(c, n->number));
		json_set(&o, "date", json_z(c, n->date));
		json_set(&o, "read", json_z(c, n->read));
		json_set(&o, "verified", json_bool(c, n->verified));
		json_push(&all, o);
	}
	return all;
}

static struct json *rests(struct ctx *c, const struct calendar_year *y)
{
	struct json *all = json_array(c);
	for (size_t i = 0; i < y->rests_n; i++) {
		const struct calendar_rest *r = &y->rests[i];
		struct json *o = json_object(c), *work = json_array(c);
		json_set(&o, "zh", json_z(c, r->zh));
		json_set(&o, "en", json_z(c, r->en));
		json_set(&o, "from", date(c, r->from));
		json_set(&o, "to", date(c, r->to));
		for (size_t k = 0; k < r->work_n; k++)
			json_push(&work, date(c, r->work[k]));
		json_set(&o, "work", work);
		json_set(&o, "notice", json_z(c, r->notice->number));
		json_push(&all, o);
	}
	return all;
}

static void say_year(const struct json *all, int64_t working)
{
	for (const struct json *n = json_get(all, "notices")->first; n != NULL; n = n->next)
		printf("%.*s, %.*s, %.*s%s\n", FMT(json_text(json_get(n, "title"))),
			FMT(json_text(json_get(n, "number"))), FMT(json_text(json_get(n, "date"))),
			json_get(n, "verified")->type == JSON_TRUE ? ""
								   : " (its text was not read)");
	for (const struct json *r = json_get(all, "rests")->first; r != NULL; r = r->next) {
		printf("%.*s to %.*s  %.*s %.*s", FMT(json_text(json_get(r, "from"))),
			FMT(json_text(json_get(r, "to"))), FMT(json_text(json_get(r, "zh"))),
			FMT(json_text(json_get(r, "en"))));
		const char *before = "; made up on ";
		for (const struct json *w = json_get(r, "work")->first; w != NULL; w = w->next) {
			printf("%s%.*s", before, FMT(w->text));
			before = " and ";
		}
		printf("\n");
	}
	printf("%lld working days\n", (long long)working);
}

static err list(struct ctx *c, const struct options *o)
{
	char first[sizeof "0000-01-01"];
	int64_t start, next, working = 0;
	bool is;
	ENSURE(o->n == 2 && strlen(o->arguments[1]) == 4, c, ERR_USAGE,
		"calendar list needs a YEAR");
	snprintf(first, sizeof first, "%.4s-01-01", o->arguments[1]);
	ENSURE(day_parse(str_z(first), &start), c, ERR_USAGE, "%s is no year", o->arguments[1]);
	TRY(calendar_is_working(c, start, &is));
	const struct calendar_year *y = calendar_years;
	while (y->first != start)
		y++;
	next = calendar_add_plain(start, (struct calendar_period){1, CALENDAR_YEARS});
	struct json *all = json_object(c), *off = json_array(c);
	for (int64_t day = start; day < next; day++) {
		TRY(calendar_is_working(c, day, &is));
		working += is;
		if (!is)
			json_push(&off, date(c, day));
	}
	json_set_num(c, &all, "year", y->year);
	json_set(&all, "notices", notices(c, y));
	json_set(&all, "rests", rests(c, y));
	json_set(&all, "off", off);
	json_set_num(c, &all, "workingDays", working);
	ENSURE(all != NULL, c, ERR_TOO_LARGE, "no memory for a year");
	if (o->json)
		return command_print(c, all);
	say_year(all, working);
	return OK;
}

static err check(struct ctx *c, const struct options *o)
{
	int64_t day;
	struct json *said;
	ENSURE(o->n == 2, c, ERR_USAGE, "calendar check needs a DATE");
	TRY(read_day(c, o->arguments[1], &day));
	TRY(day_json(c, day, &said));
	ENSURE(said != NULL, c, ERR_TOO_LARGE, "no memory for a day");
	bool working = json_get(said, "working")->type == JSON_TRUE;
	if (o->json)
		TRY(command_print(c, said));
	else
		say_day(said, "");
	return working ? OK : ERR_VERDICT;
}

static err run(struct ctx *c, const struct options *o)
{
	static const struct {
		const char *name;
		err (*run)(struct ctx *c, const struct options *o);
	} verbs[] = {{"add", add}, {"list", list}, {"check", check}};
	for (size_t i = 0; o->n > 0 && i < countof(verbs); i++) {
		if (strcmp(o->arguments[0], verbs[i].name) == 0)
			return verbs[i].run(c, o);
	}
	return fail(c, ERR_USAGE,
		"calendar add DATE PERIOD, calendar list YEAR or calendar check DATE");
}

const struct command cmd_calendar = {"calendar",
	"add DATE PERIOD [--explain] [--plain] | list YEAR | check DATE",
	"Working days in China, and where a period ends; no node is needed.", options,
	countof(options), run};
