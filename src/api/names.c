#include "api/names.h"

#include "contract/order.h"
#include "delivery/share.h"
#include "party/organisation.h"
#include "product/product.h"

err names_set_party(struct ctx *c, struct store *db, struct str did, struct json **o)
{
	struct organisation p;
	struct share_row link;
	bool by_link = agreement_by_link(did);
	err e = by_link ? share_find(c, db, did, &link) : organisation_find(c, db, did, &p);
	if (e == OK)
		json_set_str(c, o, "partyName", by_link ? link.recipient : p.name);
	return e == ERR_NOT_FOUND ? OK : e;
}

/* Of a product of ours. */
static err own_name(struct ctx *c, struct store *db, struct str product, struct str *ret)
{
	struct revision r;
	err e = product_find(c, db, product, &r);
	if (e == OK)
		*ret = r.name;
	return e == ERR_NOT_FOUND ? OK : e;
}

static err ordered_name(struct ctx *c, struct store *db, struct str order, struct str *ret)
{
	struct order_row r;
	if (order.n == 0)
		return OK;
	err e = order_find_row(c, db, order, &r);
	if (e == OK && !str_starts(r.product, STR("urn:")))
		*ret = r.product;
	return e == ERR_NOT_FOUND ? OK : e;
}

err names_set(struct ctx *c, struct store *db, const struct agreement_row *a, struct json **o)
{
	struct str name = {"", 0};
	TRY(names_set_party(c, db, a->peer, o));
	if (a->role == AGREEMENT_PROVIDER)
		TRY(own_name(c, db, a->product, &name));
	else
		TRY(ordered_name(c, db, a->order, &name));
	if (name.n > 0)
		json_set_str(c, o, "productName", name);
	return OK;
}

err names_set_of(struct ctx *c, struct store *db, struct str agreement, struct json **o)
{
	struct agreement_row a;
	err e = agreement_find(c, db, agreement, &a);
	if (e == OK)
		return names_set(c, db, &a, o);
	return e == ERR_NOT_FOUND ? OK : e;
}
