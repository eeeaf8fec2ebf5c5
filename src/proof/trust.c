#include "proof/trust.h"

/* What the list says of one party. */
struct known {
	const struct party *party;
	bool listed, wrong_key, wrong_log;
};

static bool take_log(struct str vkey, struct known *k)
{
	struct str name, rest;
	if (!str_cut(vkey, '+', &name, &rest))
		return false;
	if (str_eq(name, k->party->origin))
		k->wrong_log = k->wrong_log || !str_eq(vkey, k->party->log);
	return true;
}

static bool take_line(struct str line, struct known *k)
{
	struct str name, value;
	if (!str_cut(line, ' ', &name, &value))
		return false;
	value = str_trim(value);
	if (str_is(name, "log"))
		return take_log(value, k);
	if (str_eq(name, k->party->did)) {
		k->listed = true;
		k->wrong_key = k->wrong_key || !str_eq(value, k->party->key_text);
	}
	return str_starts(name, STR("did:")) && value.n > 0;
}

static err check_party(struct ctx *c, struct str list, const struct party *p)
{
	struct known k = {.party = p};
	unsigned n = 0;
	if (!p->joined)
		return OK;
	while (list.n > 0) {
		size_t end = str_find(list, '\n');
		struct str line = str_trim(str_sub(list, 0, end));
		list = str_sub(list, end + 1, list.n);
		n++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		ENSURE(take_line(line, &k), c, ERR_MALFORMED,
			"line %u of the list of keys is neither `did key` nor `log vkey`", n);
	}
	ENSURE(k.listed, c, ERR_BAD_SIGNATURE, "%.*s is not in the list of keys", FMT(p->did));
	ENSURE(!k.wrong_key, c, ERR_BAD_SIGNATURE, "%.*s has another key in the list", FMT(p->did));
	ENSURE(!k.wrong_log, c, ERR_BAD_SIGNATURE, "%.*s has another key in the list",
		FMT(p->origin));
	return OK;
}

err trust_check(struct ctx *c, struct str list, const struct invoice_file *f)
{
	TRY(check_party(c, list, &f->g.provider));
	return check_party(c, list, &f->g.consumer);
}
