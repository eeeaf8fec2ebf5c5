#include "contract/agreement_inbox.h"

#include "base/limits.h"
#include "codec/time.h"
#include "contract/agreement_assent.h"
#include "contract/agreement_follow.h"
#include "contract/agreement_store.h"

static err one(struct ctx *c, struct store *db, const struct agreement_row *r, struct inbox_page *p)
{
	struct json *o = json_object(c);
	struct str since;
	TRY(time_str(c, r->at_ms, &since));
	json_set_str(c, &o, "id", r->negotiation);
	json_set(&o, "what", json_z(c, "agreement"));
	json_set_str(c, &o, "from", r->peer);
	json_set_str(c, &o, "since", since);
	json_set_str(c, &o, "about", r->product);
	TRY(agreement_waits(c, db, r, &o));
	inbox_add(p, o, (int64_t)r->index, STR(""));
	return OK;
}

static err list(struct ctx *c, struct store *db, struct inbox_page *p)
{
	struct agreement_row *waiting;
	size_t n = 0;
	NEW_N(c, waiting, inbox_room(p));
	TRY(agreement_store_waiting(c, db, p->at, inbox_room(p), waiting, &n));
	for (size_t i = 0; i < n; i++)
		TRY(one(c, db, &waiting[i], p));
	return OK;
}

static err waiting(struct ctx *c, struct acts *n, struct str id, struct agreement_row *ret)
{
	TRY(agreement_find(c, acts_db(n), id, ret));
	ENSURE(str_eq(ret->negotiation, id) && agreement_next(ret) != NULL, c, ERR_NOT_FOUND,
		"no negotiation waits under that id");
	return OK;
}

static err approve(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	struct agreement_row r;
	bool first = false;
	TRY(waiting(c, n, id, &r));
	TRY(agreement_assent(c, n, &r, actor, ret, &first));
	return first ? OK : agreement_next(&r)->step(c, n, id, actor, ret);
}

static err refuse(struct ctx *c, struct acts *n, struct str actor, struct str id, struct str reason,
	struct entry *ret)
{
	struct agreement_row r;
	TRY(waiting(c, n, id, &r));
	return agreement_end(c, n, &r, actor, reason, ret);
}

const struct inbox_kind agreement_inbox = {
	"agreement", ROLE_OWNER | ROLE_REVIEWER, list, approve, refuse};
