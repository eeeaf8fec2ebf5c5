#include "api/post.h"

#include "base/limits.h"
#include "base/log.h"
#include "party/organisation.h"

static const struct renderer *renderer_of(const struct post *p, struct str kind)
{
	for (size_t i = 0; i < p->tables_n; i++) {
		for (size_t j = 0; j < p->tables[i]->n; j++) {
			if (str_is(kind, p->tables[i]->p[j].kind))
				return &p->tables[i]->p[j];
		}
	}
	return NULL;
}

err post_render(
	struct ctx *c, const struct post *p, const struct outbox_row *row, struct message *ret)
{
	const struct renderer *r = renderer_of(p, row->kind);
	ENSURE(r != NULL, c, ERR_PEER_REFUSED, "nothing renders %.*s", FMT(row->kind));
	return r->render(c, p->acts, row, ret);
}

/* What an answer means where the renderer says nothing of its own. */
static err meaning(struct ctx *c, const struct reply *r)
{
	if (r->status >= 200 && r->status < 300)
		return OK;
	bool later = r->status >= 500 || r->status == 401 || r->status == 404 || r->status == 408 ||
		     r->status == 409 || r->status == 425 || r->status == 429;
	return later ? fail(c, ERR_PEER_UNREACHABLE, "the peer answered %d", r->status)
		     : fail(c, ERR_PEER_REFUSED, "the peer answered %d", r->status);
}

static err ask_renderer(
	struct ctx *c, const struct post *p, const struct outbox_row *row, const struct reply *r)
{
	const struct renderer *renderer = renderer_of(p, row->kind);
	TRY(acts_mark(c, p->acts));
	err e = renderer != NULL && renderer->answered != NULL
			? renderer->answered(c, p->acts, row, r)
			: meaning(c, r);
	struct trouble said = c->trouble;
	if (e == OK || (acts_since_mark(p->acts) > 0 && !err_is_fault(e)))
		TRY(acts_keep(c, p->acts));
	else
		acts_undo(p->acts);
	c->trouble = said;
	return e;
}

err post_settle(struct ctx *c, const struct post *p, const struct outbox_row *row, err e)
{
	struct acts *n = p->acts;
	if (e == OK)
		return outbox_done(c, n, row->id);
	if (e != ERR_PEER_REFUSED)
		return outbox_retry(c, n, row, env_now_ms(acts_env(n)));
	log_event(LOG_WARN, env_now_ms(acts_env(n)), "refused kind=%.*s peer=%.*s detail=\"%s\"",
		FMT(row->kind), FMT(row->peer), c->trouble.detail);
	return outbox_done(c, n, row->id);
}

err post_answered(struct ctx *c, const struct post *p, const struct outbox_row *row,
	const struct reply *answer)
{
	const struct json *j = NULL;
	struct reply r = *answer;
	if (r.body.n > 0 && json_parse(c, r.body, &j) == OK && j->type == JSON_OBJECT)
		r.json = j;
	return post_settle(c, p, row, ask_renderer(c, p, row, &r));
}

err post_name(struct ctx *c, const struct outbox_row *row, struct str *ret)
{
	return arena_fmt(c, ret, "%lld.%llu", (long long)row->id, (unsigned long long)row->index);
}

err post_find(struct ctx *c, const struct post *p, struct str peer, struct str name,
	struct outbox_row *ret)
{
	struct str id_text, index_text;
	struct outbox_row row;
	uint64_t id = 0, index = 0;
	ENSURE(str_cut(name, '.', &id_text, &index_text) && str_u64(id_text, &id) &&
			str_u64(index_text, &index) && id <= INT64_MAX,
		c, ERR_BAD_VALUE, "this is no name of a row");
	TRY(outbox_find(c, p->acts, (int64_t)id, &row));
	ENSURE(row.index == index && str_eq(row.peer, peer), c, ERR_NOT_FOUND,
		"no such message waits for this party");
	*ret = row;
	return OK;
}

err post_path(struct ctx *c, const struct post *p, struct str peer, struct str url, struct str *ret)
{
	struct organisation o;
	TRY(organisation_find(c, acts_db(p->acts), peer, &o));
	ENSURE(str_starts(url, o.url) && url.n > o.url.n && url.p[o.url.n] == '/', c,
		ERR_FORBIDDEN_ADDRESS, "%.*s does not lie at %.*s", FMT(url), FMT(o.url));
	*ret = str_sub(url, o.url.n, url.n);
	return OK;
}
