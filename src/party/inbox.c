#include "party/inbox.h"

#include "base/limits.h"

err inbox_list(struct ctx *c, struct store *db, const struct inbox *in, struct json **ret)
{
	struct json *rows = json_array(c);
	for (size_t i = 0; i < in->n; i++)
		TRY(in->p[i]->list(c, db, &rows));
	*ret = rows;
	return OK;
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
