#include "api/passes.h"

struct passes {
	struct hash digest[PASSES];
	size_t next;
};

err passes_new(struct ctx *c, struct passes **ret)
{
	NEW(c, *ret);
	return OK;
}

/* None of the parts but the last holds a line end: DIDs, methods and targets are visible ASCII where they are heeded. */
static err digest(struct ctx *c, struct str did, struct str method, struct str target,
	struct str body, struct hash *ret)
{
	struct str head;
	TRY(arena_fmt(c, &head, "%.*s\n%.*s\n%.*s\n", FMT(did), FMT(method), FMT(target)));
	*ret = hash_of2(head, body);
	return OK;
}

err passes_put(struct ctx *c, struct passes *p, const struct parcel *parcel)
{
	struct parcel_row row;
	ENSURE(parcel->rows->n <= PASSES_PARCEL, c, ERR_TOO_LARGE,
		"this parcel holds more than %u messages: let its sender make smaller ones",
		PASSES_PARCEL);
	for (const struct json *j = parcel->rows->first; j != NULL; j = j->next) {
		struct hash h;
		TRY(parcel_read_row(c, j, &row));
		TRY(digest(c, parcel->from, row.method, row.path, row.body, &h));
		p->digest[p->next] = h;
		p->next = (p->next + 1) % PASSES;
	}
	return OK;
}

err passes_ask(struct ctx *c, const struct passes *p, struct str did, struct str method,
	struct str target, struct str body)
{
	struct hash h;
	TRY(digest(c, did, method, target, body, &h));
	for (size_t i = 0; i < PASSES; i++) {
		if (hash_eq(&p->digest[i], &h))
			return OK;
	}
	return fail(c, ERR_FORBIDDEN,
		"no parcel of %.*s that this node has checked holds this message: use shugu parcel "
		"in",
		FMT(did));
}
