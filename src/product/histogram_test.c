#include "product/histogram.h"

#include "tests/tap.h"

static const char *text_of(struct ctx *c, const struct histogram *h)
{
	struct str text = {0};
	return json_canonical(c, histogram_json(c, h, HISTOGRAM_ANY), 4096, &text) == OK
		       ? arena_z(c->arena, text)
		       : "none";
}

static void numbers(struct ctx *c)
{
	static const struct {
		const char *values, *want, *mean;
	} rows[] = {
		{"7",
			"{\"counts\":[1],\"from\":\"7\",\"of\":\"number\",\"to\":\"7."
			"00000000000000001\"}",
			"7"},
		{"0 0", "{\"counts\":[2],\"from\":\"0\",\"of\":\"number\",\"to\":\"1e-418\"}", "0"},
		{"1 2 3 1000", NULL, "251.5"},
		{"-1.5 1.5", NULL, "0"},
		{"0.1 0.2", NULL, "0.15"},
		{"1 1 2", NULL, "1.333333333"},
		{"1e30 1", NULL, "none"},
		{"1e-30 1", NULL, "0.5"},
		{"-100 -1", NULL, "-50.5"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		for (int back = 0; back <= 1; back++) {
			struct histogram h = {0};
			struct str rest = str_z(rows[i].values), word, mean = STR("none");
			struct number all[8];
			size_t n = 0;
			while (rest.n > 0) {
				if (!str_cut(rest, ' ', &word, &rest)) {
					word = rest;
					rest.n = 0;
				}
				all[n++] = value_number(word);
			}
			for (size_t k = 0; k < n; k++)
				histogram_number(&h, &all[back ? n - 1 - k : k], 1);
			is_int(h.n, n, "all of %s", rows[i].values);
			if (rows[i].mean != NULL && histogram_mean(c, &h, &mean) + 1 > 0)
				is_str(arena_z(c->arena, mean), rows[i].mean, "the mean");
			if (rows[i].want != NULL && i < 2)
				is_str(text_of(c, &h), rows[i].want, "%s", rows[i].values);
		}
	}
}

/* A thousand numbers in three orders: one answer, and every one is in it. */
static void orders(struct ctx *c)
{
	const char *first = NULL;
	for (unsigned step = 1; step <= 9; step += step < 3 ? 2 : 6) {
		struct histogram h = {0};
		for (unsigned i = 0; i < 1000; i++) {
			struct str text = {0};
			if (arena_fmt(c, &text, "%u", (i * step) % 1000) != OK)
				return;
			struct number number = value_number(text);
			histogram_number(&h, &number, 2);
		}
		const char *got = text_of(c, &h);
		if (first == NULL)
			first = got;
		is_str(got, first, "in steps of %u", step);
	}
	is_str(first,
		"{\"counts\":[100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,"
		"100,100,100],\"from\":\"0\",\"of\":\"number\",\"to\":\"1000\"}",
		"round edges");
}

static void times(struct ctx *c)
{
	struct histogram h = {0};
	histogram_time(&h, 63745012800 + 30, 1);
	histogram_time(&h, 63745012800 + 90, 3);
	ok(strstr(text_of(c, &h), "12:00:30") != NULL, "seconds: %s", text_of(c, &h));
	for (int64_t day = 0; day < 400; day++)
		histogram_time(&h, 63745012800 + day * 86400, 1);
	struct json *o = histogram_json(c, &h, HISTOGRAM_ANY);
	int64_t sum = 0;
	for (const struct json *x = json_get(o, "counts")->first; x != NULL; x = x->next) {
		int64_t n = 0;
		sum += json_int(x, &n) ? n : 0;
	}
	is_int(sum, 404, "all are counted");
	ok(json_get(o, "counts")->n <= HISTOGRAM_BINS, "in few bins");
	is_str(arena_z(c->arena, json_get(o, "from")->text), "2020-01-21", "from about the first");
	is_str(arena_z(c->arena, json_get(o, "to")->text), "2021-04-15", "to about the last");
	h = (struct histogram){0};
	histogram_length(&h, 3, 5);
	histogram_length(&h, 4, 1);
	is_str(text_of(c, &h), "{\"counts\":[5,1],\"from\":\"3\",\"of\":\"length\",\"to\":\"5\"}",
		"lengths");
	struct str mean;
	ok(!histogram_mean(c, &h, &mean), "have no mean");
	h = (struct histogram){0};
	ok(histogram_json(c, &h, HISTOGRAM_ANY) == NULL, "nothing has no histogram");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	numbers(&c);
	orders(&c);
	times(&c);
	return done_testing();
}
