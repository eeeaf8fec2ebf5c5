#include "product/column.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "codec/time_serial.h"
#include "product/histogram.h"

/* Counters: slots of a hash table, how many may be used, and how many stay when that many are. */
#define SLOTS 256u
#define SLOTS_FULL 192u
#define SLOTS_KEPT 96u
/* The set of the smallest hashes: its slots, and how many may be used before the largest go. */
#define SKETCH_SLOTS 2048u
#define SKETCH_FULL (COLUMN_SKETCH + COLUMN_SKETCH / 2)

struct slot {
	uint64_t hash; /* 0: free */
	uint64_t count;
	uint32_t n : 24; /* bytes */
	uint32_t kind : 8;
	uint32_t chars;
	char text[COLUMN_VALUE];
};

static_assert(sizeof(struct slot) == 64, "a counter is one line of the cache");

struct bound {
	bool set;
	uint32_t n;
	char text[COLUMN_VALUE];
	struct number number;
};

struct sketch {
	uint64_t slots[SKETCH_SLOTS]; /* 0: free */
	uint64_t limit;               /* hashes from here on are not among the smallest */
	unsigned n;
	bool cut;
};

struct column {
	struct str name;
	uint64_t kinds[VALUE_KINDS];
	struct slot slots[SLOTS];
	uint64_t told[SLOTS]; /* of each count, what the histograms know */
	unsigned used;
	uint64_t missed;
	struct histogram numbers, times, lengths;
	struct sketch sketch;
	struct bound least, most;               /* by bytes */
	struct bound least_number, most_number; /* of integers and decimals */
	bool not_utf8;
};

err column_new(struct ctx *c, struct str name, struct column **ret)
{
	struct column *col;
	NEW(c, col);
	col->name = name;
	col->sketch.limit = UINT64_MAX;
	*ret = col;
	return OK;
}

struct str column_name(const struct column *col)
{
	return col->name;
}

bool column_is_utf8(const struct column *col)
{
	return !col->not_utf8;
}

static size_t head_of(size_t n)
{
	return n < COLUMN_VALUE ? n : COLUMN_VALUE;
}

static int descending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? 1 : x > y ? -1 : 0;
}

static int ascending(const void *a, const void *b)
{
	return descending(b, a);
}

/* True where the hash was not in the set. */
static bool sketch_insert(struct sketch *s, uint64_t hash)
{
	/* The upper bits of the smallest hashes are all alike; the lower ones are not. */
	unsigned at = (unsigned)hash % SKETCH_SLOTS;
	while (s->slots[at] != 0 && s->slots[at] != hash)
		at = (at + 1) % SKETCH_SLOTS;
	bool is_new = s->slots[at] == 0;
	s->slots[at] = hash;
	return is_new;
}

static void sketch_cut(struct sketch *s)
{
	uint64_t all[SKETCH_FULL];
	unsigned n = 0;
	for (unsigned i = 0; i < SKETCH_SLOTS; i++) {
		if (s->slots[i] != 0)
			all[n++] = s->slots[i];
	}
	assert(n == SKETCH_FULL);
	qsort(all, n, sizeof all[0], ascending);
	memset(s->slots, 0, sizeof s->slots);
	for (unsigned i = 0; i < COLUMN_SKETCH; i++)
		(void)sketch_insert(s, all[i]);
	s->n = COLUMN_SKETCH;
	s->limit = all[COLUMN_SKETCH - 1];
	s->cut = true;
}

static void sketch_add(struct sketch *s, uint64_t hash)
{
	if (hash >= s->limit || !sketch_insert(s, hash))
		return;
	if (++s->n == SKETCH_FULL)
		sketch_cut(s);
}

/* (k - 1) / (the k-th smallest hash as a fraction of all). */
static uint64_t sketch_estimate(const struct sketch *s, bool *ret_exact)
{
	*ret_exact = !s->cut && s->n <= COLUMN_SKETCH;
	if (*ret_exact)
		return s->n;
	uint64_t all[SKETCH_FULL];
	unsigned n = 0;
	for (unsigned i = 0; i < SKETCH_SLOTS; i++) {
		if (s->slots[i] != 0)
			all[n++] = s->slots[i];
	}
	qsort(all, n, sizeof all[0], ascending);
	unsigned __int128 whole = (unsigned __int128)(COLUMN_SKETCH - 1) << 64;
	return (uint64_t)(whole / all[COLUMN_SKETCH - 1]);
}

/* The hash stands for the value: a comparison of the bytes would tell nothing new. */
static struct slot *find(struct column *col, uint64_t hash, size_t length)
{
	unsigned at = (unsigned)(hash >> 32) % SLOTS;
	for (;; at = (at + 1) % SLOTS) {
		struct slot *slot = &col->slots[at];
		if (slot->hash == 0 || (slot->hash == hash && slot->n == length))
			return slot;
	}
}

/* The least number that, taken from every counter, leaves at most SLOTS_KEPT of them above 0. */
static uint64_t surplus(const struct column *col)
{
	uint64_t counts[SLOTS];
	unsigned n = 0, few[64] = {0}, above = 0;
	for (unsigned i = 0; i < SLOTS; i++) {
		uint64_t count = col->slots[i].hash == 0 ? 0 : col->slots[i].count;
		counts[n++] = count;
		if (count < countof(few))
			few[count]++;
		else
			above++;
	}
	if (above > SLOTS_KEPT) {
		qsort(counts, n, sizeof counts[0], descending);
		return counts[SLOTS_KEPT];
	}
	size_t m = countof(few) - 1;
	for (; m > 0 && above + few[m] <= SLOTS_KEPT; m--)
		above += few[m];
	return m;
}

/* What the counters have counted since they were told last goes into the histograms. */
static void tell_histograms(struct column *col)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		const struct slot *s = &col->slots[i];
		uint64_t more = s->hash == 0 ? 0 : s->count - col->told[i];
		struct str text = {s->text, head_of(s->n)};
		int64_t seconds = 0;
		col->told[i] = s->count;
		if (more == 0)
			continue;
		if (s->kind == VALUE_INTEGER || s->kind == VALUE_DECIMAL) {
			struct number number = value_number(text);
			histogram_number(&col->numbers, &number, more);
		} else if (s->kind == VALUE_DATE || s->kind == VALUE_DATETIME) {
			if (time_face(text, &seconds))
				histogram_time(&col->times, seconds, more);
		}
		if (s->kind != VALUE_BOOLEAN)
			histogram_length(&col->lengths, s->chars, more);
	}
}

/* Misra and Gries, in batches: takes the surplus from all counters and frees those that fall to 0. */
static void make_room(struct column *col)
{
	struct slot kept[SLOTS_KEPT];
	uint64_t less = surplus(col);
	unsigned n = 0;
	tell_histograms(col);
	for (unsigned i = 0; i < SLOTS; i++) {
		if (col->slots[i].hash == 0 || col->slots[i].count <= less)
			continue;
		assert(n < SLOTS_KEPT);
		kept[n] = col->slots[i];
		kept[n++].count -= less;
	}
	memset(col->slots, 0, sizeof col->slots);
	for (unsigned i = 0; i < n; i++)
		*find(col, kept[i].hash, kept[i].n) = kept[i];
	for (unsigned i = 0; i < SLOTS; i++)
		col->told[i] = col->slots[i].count;
	col->used = n;
	col->missed += less;
}

static void bound_set(struct bound *b, struct str text)
{
	b->set = true;
	b->n = (uint32_t)text.n;
	memcpy(b->text, text.p, head_of(text.n));
}

static int bound_cmp(const struct bound *b, struct str text)
{
	return str_cmp((struct str){b->text, head_of(b->n)}, str_sub(text, 0, COLUMN_VALUE));
}

/* True where the first byte tells already that the text lies between the two. */
static bool is_inside(const struct column *col, struct str text)
{
	if (!col->least.set || text.n == 0)
		return false;
	uint8_t first = (uint8_t)text.p[0];
	return first > (uint8_t)col->least.text[0] && first < (uint8_t)col->most.text[0];
}

static void order_bytes(struct column *col, struct str text)
{
	if (is_inside(col, text))
		return;
	if (!col->least.set || bound_cmp(&col->least, text) > 0)
		bound_set(&col->least, text);
	if (!col->most.set || bound_cmp(&col->most, text) < 0)
		bound_set(&col->most, text);
}

static void order_number(struct column *col, struct str text)
{
	const struct number number = value_number(text);
	struct bound *least = &col->least_number, *most = &col->most_number;
	if (!least->set || number_cmp(&number, &least->number) < 0) {
		bound_set(least, text);
		least->number = number;
	}
	if (!most->set || number_cmp(&number, &most->number) > 0) {
		bound_set(most, text);
		most->number = number;
	}
}

static uint32_t chars_of(struct str text)
{
	uint32_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += ((uint8_t)text.p[i] & 0xc0) != 0x80;
	return n;
}

static enum value_kind kind_of(struct str text, enum value_kind given)
{
	if (given == VALUE_BOOLEAN || given == VALUE_NESTED)
		return given;
	enum value_kind told = value_kind_of(text);
	bool timed = told == VALUE_DATE || told == VALUE_DATETIME;
	return given == VALUE_TEXT && !timed ? VALUE_TEXT : told;
}

void column_add(struct column *col, struct str text, enum value_kind given)
{
	if (given == VALUE_NESTED) { /* counted alone: its text is not at hand */
		col->kinds[given]++;
		return;
	}
	uint64_t hash = value_hash(text, given);
	struct slot *slot = find(col, hash, text.n);
	if (slot->hash != 0) {
		slot->count++;
		col->kinds[slot->kind]++;
		return;
	}
	enum value_kind kind = kind_of(text, given);
	col->kinds[kind]++;
	order_bytes(col, text);
	if (kind == VALUE_INTEGER || kind == VALUE_DECIMAL)
		order_number(col, text);
	sketch_add(&col->sketch, hash);
	if (!col->not_utf8 && !str_is_utf8(text))
		col->not_utf8 = true;
	if (col->used == SLOTS_FULL) {
		make_room(col);
		slot = find(col, hash, text.n);
	}
	*slot = (struct slot){.hash = hash,
		.count = 1,
		.n = (uint32_t)text.n & 0xffffffu,
		.kind = (uint8_t)kind,
		.chars = chars_of(text)};
	col->told[slot - col->slots] = 0;
	memcpy(slot->text, text.p, head_of(text.n));
	col->used++;
}

enum type { EMPTY, INTEGER, DECIMAL, DATE, DATETIME, BOOLEAN, TEXT, NESTED, MIXED };

#define BIT(kind) (1u << (kind))

/* The first row that covers all kinds that occur. */
static const struct {
	unsigned kinds;
	enum type type;
} joins[] = {
	{0, EMPTY},
	{BIT(VALUE_INTEGER), INTEGER},
	{BIT(VALUE_INTEGER) | BIT(VALUE_DECIMAL), DECIMAL},
	{BIT(VALUE_DATE), DATE},
	{BIT(VALUE_DATE) | BIT(VALUE_DATETIME), DATETIME},
	{BIT(VALUE_BOOLEAN), BOOLEAN},
	{BIT(VALUE_TEXT) | BIT(VALUE_CODE), TEXT},
	{BIT(VALUE_NESTED), NESTED},
};

static enum type type_of(const struct column *col)
{
	unsigned kinds = 0;
	for (unsigned i = 0; i < VALUE_KINDS; i++)
		kinds |= col->kinds[i] > 0 ? BIT(i) : 0;
	if (kinds & BIT(VALUE_CODE)) /* among codes an integer is one without a leading zero */
		kinds &= ~BIT(VALUE_INTEGER);
	for (size_t i = 0; i < countof(joins); i++) {
		if ((kinds & ~joins[i].kinds) == 0)
			return joins[i].type;
	}
	return MIXED;
}

static const char *const type_names[] = {
	"empty", "integer", "decimal", "date", "datetime", "boolean", "text", "nested", "mixed"};

/* Length of the well-formed sequence at s, or 0; U+0000 is none here. */
static size_t sequence(struct str s)
{
	for (size_t n = 1; n <= 4 && n <= s.n; n++) {
		if (str_is_utf8(str_sub(s, 0, n)))
			return s.p[0] == '\0' ? 0 : n;
	}
	return 0;
}

/* True where the bytes begin a sequence that the cut has torn. */
static bool is_torn(struct str s)
{
	return s.n < 4 && s.n > 0 && (uint8_t)s.p[0] >= 0xc2;
}

/* full: how long the text was before it was cut to s. */
static err clean(struct ctx *c, struct str s, size_t full, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, 3 * s.n + 3);
	for (size_t at = 0; at < s.n;) {
		struct str rest = str_sub(s, at, s.n);
		size_t n = sequence(rest);
		if (n == 0 && full > s.n && is_torn(rest))
			break;
		buf_add(&b, n > 0 ? str_sub(rest, 0, n) : STR("\xef\xbf\xbd"));
		at += n > 0 ? n : 1;
	}
	if (full > s.n)
		buf_z(&b, "\xe2\x80\xa6");
	return buf_done(c, &b, ret);
}

err column_clean(struct ctx *c, struct str s, size_t max, struct str *ret)
{
	return clean(c, str_sub(s, 0, max), s.n, ret);
}

static err set_text(struct ctx *c, struct json **o, const char *name, const char *text, size_t n)
{
	struct str cleaned;
	TRY(clean(c, (struct str){text, head_of(n)}, n, &cleaned));
	json_set_str(c, o, name, cleaned);
	return OK;
}

static err set_bounds(struct ctx *c, struct json **o, const struct column *col, enum type type)
{
	if (type == EMPTY || type == BOOLEAN || type == NESTED || type == MIXED)
		return OK;
	bool numeric = type == INTEGER || type == DECIMAL;
	const struct bound *least = numeric ? &col->least_number : &col->least;
	const struct bound *most = numeric ? &col->most_number : &col->most;
	assert(least->set && most->set);
	TRY(set_text(c, o, "min", least->text, least->n));
	return set_text(c, o, "max", most->text, most->n);
}

/* More frequent first; among equals by bytes, so that the same file gives the same profile. */
static int by_count(const void *a, const void *b)
{
	const struct slot *x = *(const struct slot *const *)a;
	const struct slot *y = *(const struct slot *const *)b;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return str_cmp((struct str){x->text, head_of(x->n)}, (struct str){y->text, head_of(y->n)});
}

static err set_top(struct ctx *c, struct json **o, const struct column *col)
{
	const struct slot *order[SLOTS];
	unsigned n = 0;
	for (unsigned i = 0; i < SLOTS; i++) {
		if (col->slots[i].hash != 0 && col->slots[i].count > col->missed)
			order[n++] = &col->slots[i];
	}
	qsort(order, n, sizeof(order[0]), by_count);
	struct json *top = json_array(c);
	for (unsigned i = 0; i < n && i < COLUMN_TOP; i++) {
		struct json *one = json_object(c);
		TRY(set_text(c, &one, "value", order[i]->text, order[i]->n));
		json_set_num(c, &one, "count", (int64_t)order[i]->count);
		json_push(&top, one);
	}
	json_set(o, "top", top);
	json_set_num(c, o, "missed", (int64_t)col->missed);
	return OK;
}

/* The mean of numbers; the histogram of numbers, times, or of the lengths of texts. */
static void set_spread(struct ctx *c, struct json **o, struct column *col, enum type type)
{
	bool numeric = type == INTEGER || type == DECIMAL, timed = type == DATE || type == DATETIME;
	struct str mean;
	tell_histograms(col);
	if (numeric && histogram_mean(c, &col->numbers, &mean))
		json_set_str(c, o, "mean", mean);
	const struct histogram *h = numeric ? &col->numbers : timed ? &col->times : &col->lengths;
	int level = type == INTEGER ? HISTOGRAM_WHOLE
		    : type == DATE  ? HISTOGRAM_DAYS
				    : HISTOGRAM_ANY;
	struct json *shown = type == BOOLEAN ? NULL : histogram_json(c, h, level);
	if (shown != NULL)
		json_set(o, "histogram", shown);
}

err column_profile(struct ctx *c, struct column *col, uint64_t rows, enum column_detail detail,
	struct json **ret)
{
	uint64_t values = 0;
	for (unsigned i = 0; i < VALUE_KINDS; i++)
		values += col->kinds[i];
	assert(values <= rows);
	bool exact = true;
	uint64_t distinct = sketch_estimate(&col->sketch, &exact);
	enum type type = type_of(col);
	struct str name;
	struct json *o = json_object(c);
	TRY(column_clean(c, col->name, LIMIT_NAME, &name));
	json_set_str(c, &o, "name", name);
	json_set(&o, "type", json_z(c, type_names[type]));
	json_set_num(c, &o, "nulls", (int64_t)(rows - values));
	if (type != NESTED && detail < COLUMN_BARE) {
		json_set_num(c, &o, "distinct", (int64_t)(distinct < values ? distinct : values));
		json_set(&o, "exact", json_bool(c, exact));
		TRY(set_bounds(c, &o, col, type));
		if (detail < COLUMN_SHORT)
			TRY(set_top(c, &o, col));
		if (detail < COLUMN_SHORT)
			set_spread(c, &o, col, type);
	}
	*ret = o;
	return OK;
}
