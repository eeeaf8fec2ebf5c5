#include "party/inbox.h"

#include <assert.h>

#include "base/limits.h"

err inbox_list(struct ctx *c, struct store *db, const struct inbox *in, struct inbox_page *p)
{
	NEW_N(c, p->rows, p->max);
	p->n = 0;
	while (p->kind < in->n && inbox_room(p) > 0) {
		TRY(in->p[p->kind]->list(c, db, p));
		p->kind++;
		p->at = -1;
		p->id = STR("");
	}
	return OK;
}

size_t inbox_room(const struct inbox_page *p)
{
	return p->max - p->n;
}

void inbox_add(struct inbox_page *p, struct json *row, int64_t at, struct str id)
{
	assert(p->n < p->max);
	p->rows[p->n++] = (struct inbox_row){row, p->kind, at, id};
}

static err nothing(struct ctx *c, struct str actor, struct str id)
{
	bool person = person_roles(actor) != ROLES_ALL;
	return fail(c, ERR_NOT_FOUND, "nothing%s waits under %.*s",
		person ? " that your role decides" : "", FMT(str_sub(id, 0, LIMIT_NAME)));
}

err inbox_approve(struct ctx *c, struct acts *n, const struct inbox *in, struct str actor,
	struct str id, struct entry *ret)
{
	for (size_t i = 0; i < in->n; i++) {
		if ((in->p[i]->roles & person_roles(actor)) == 0)
			continue;
		err e = in->p[i]->approve(c, n, actor, id, ret);
		if (e != ERR_NOT_FOUND)
			return e;
	}
	return nothing(c, actor, id);
}

err inbox_refuse(struct ctx *c, struct acts *n, const struct inbox *in, struct str actor,
	struct str id, struct str reason, struct entry *ret)
{
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE,
		"say why: reason, of at most %u bytes", LIMIT_REASON);
	for (size_t i = 0; i < in->n; i++) {
		if ((in->p[i]->roles & person_roles(actor)) == 0)
			continue;
		err e = in->p[i]->refuse(c, n, actor, id, reason, ret);
		if (e != ERR_NOT_FOUND)
			return e;
	}
	return nothing(c, actor, id);
}
