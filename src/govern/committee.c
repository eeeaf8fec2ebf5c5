#include "govern/committee.h"

#include "base/limits.h"

struct seat {
	struct str id, name, authority;
};

static const struct json_field fields[] = {
	{"size", JSON_K_INT, false, offsetof(struct committee, size), 0, NULL},
	{"quorum", JSON_K_INT, false, offsetof(struct committee, quorum), 0, NULL},
	{"members", JSON_K_ARRAY, false, offsetof(struct committee, members), 0, NULL},
	{"observers", JSON_K_ARRAY, true, offsetof(struct committee, observers), 0, NULL},
};
static const struct json_field seat_fields[] = {
	{"id", JSON_K_TEXT, false, offsetof(struct seat, id), LIMIT_NAME, NULL},
	{"name", JSON_K_TEXT, false, offsetof(struct seat, name), LIMIT_NAME, NULL},
	{"authority", JSON_K_TEXT, false, offsetof(struct seat, authority), LIMIT_NAME, NULL},
};

static const struct json *seat_of(const struct json *seats, struct str id)
{
	for (const struct json *j = seats == NULL ? NULL : seats->first; j != NULL; j = j->next) {
		if (str_eq(json_text(json_get(j, "id")), id))
			return j;
	}
	return NULL;
}

static err check_seats(struct ctx *c, const struct json *seats, size_t fields_n)
{
	for (const struct json *j = seats == NULL ? NULL : seats->first; j != NULL; j = j->next) {
		struct seat s = {.id = {"", 0}};
		TRY(json_read(c, j, seat_fields, fields_n, false, &s));
		ENSURE(s.id.n > 0 && s.name.n > 0, c, ERR_BAD_VALUE,
			"each seat has an id and a name");
		ENSURE(seat_of(seats, s.id) == j, c, ERR_BAD_VALUE, "%.*s has two seats",
			FMT(s.id));
	}
	return OK;
}

err committee_read(struct ctx *c, const struct json *body, struct committee *ret)
{
	struct committee k = {.size = 0};
	TRY(json_read(c, body, fields, countof(fields), false, &k));
	ENSURE(k.size >= 1 && k.size <= COMMITTEE_MAX, c, ERR_BAD_VALUE, "'size' is from 1 to %u",
		COMMITTEE_MAX);
	ENSURE((int64_t)k.members->n == k.size, c, ERR_BAD_VALUE,
		"the committee has %lld members, 'size' says %lld", (long long)k.members->n,
		(long long)k.size);
	ENSURE(k.quorum >= 1 && k.quorum <= k.size, c, ERR_BAD_VALUE,
		"'quorum' is from 1 to the size, %lld", (long long)k.size);
	ENSURE(k.observers == NULL || k.observers->n <= COMMITTEE_MAX, c, ERR_BAD_VALUE,
		"there are %u observers at most", COMMITTEE_MAX);
	TRY(check_seats(c, k.members, 2));
	TRY(check_seats(c, k.observers, 3));
	*ret = k;
	return OK;
}

const struct json *committee_member(const struct committee *k, struct str id)
{
	return seat_of(k->members, id);
}

const struct json *committee_observer(const struct committee *k, struct str id)
{
	return seat_of(k->observers, id);
}

err committee_quorum(struct ctx *c, const struct committee *k, const struct tally *t)
{
	int64_t cast = t->yes + t->no + t->abstain;
	ENSURE(cast >= k->quorum, c, ERR_BAD_STATE,
		"the committee has no quorum: %lld of %lld votes without a conflict of interest "
		"are cast; %lld more are needed",
		(long long)cast, (long long)k->quorum, (long long)(k->quorum - cast));
	return OK;
}

err committee_for(struct ctx *c, const struct committee *k, const struct tally *t)
{
	TRY(committee_quorum(c, k, t));
	ENSURE(t->yes > t->no, c, ERR_FORBIDDEN,
		"the committee did not vote for it: %lld yes, %lld no, %lld abstained",
		(long long)t->yes, (long long)t->no, (long long)t->abstain);
	return OK;
}

err committee_against(struct ctx *c, const struct committee *k, const struct tally *t)
{
	TRY(committee_quorum(c, k, t));
	ENSURE(t->yes <= t->no, c, ERR_FORBIDDEN,
		"the committee voted for it: %lld yes, %lld no, %lld abstained", (long long)t->yes,
		(long long)t->no, (long long)t->abstain);
	return OK;
}

err committee_heard(
	struct ctx *c, const struct committee *k, const struct tally *t, bool favourable)
{
	if (k->observers == NULL || k->observers->n == 0)
		return OK;
	ENSURE(t->agree + t->object > 0, c, ERR_BAD_STATE,
		"no authority has given its opinion yet: shugu sandbox opinion CASE");
	ENSURE(!favourable || t->object == 0, c, ERR_FORBIDDEN, "%lld authorities object",
		(long long)t->object);
	return OK;
}
