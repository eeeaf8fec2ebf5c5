#include "net/link.h"

#include "base/reader.h"

static bool among(struct str list, const char *word)
{
	struct str one;
	while (list.n > 0) {
		if (!str_cut(list, ' ', &one, &list)) {
			one = list;
			list.n = 0;
		}
		if (str_is_nocase(one, word))
			return true;
	}
	return false;
}

static void skip_space(struct reader *r)
{
	r->rest = str_trim(r->rest);
}

/* A value in quotes or a token. A quoted one with a backslash ends at the wrong place or not at all, and is none that we
 * look for. */
static bool read_value(struct reader *r, struct str *ret)
{
	if (reader_lit(r, STR("\"")))
		return reader_until(r, '"', ret);
	size_t n = 0;
	while (n < r->rest.n && r->rest.p[n] != ';' && r->rest.p[n] != ',')
		n++;
	(void)reader_take(r, n, ret);
	*ret = str_trim(*ret);
	return true;
}

/* One parameter behind its semicolon; only the first rel of a link counts (RFC 8288, 3.3). */
static bool read_parameter(struct reader *r, struct str *rel)
{
	struct str name, value = {"", 0};
	size_t n = 0;
	while (n < r->rest.n && r->rest.p[n] != '=' && r->rest.p[n] != ';' && r->rest.p[n] != ',')
		n++;
	(void)reader_take(r, n, &name);
	if (reader_lit(r, STR("="))) {
		skip_space(r);
		if (!read_value(r, &value))
			return false;
	}
	if (rel->p == NULL && str_is_nocase(str_trim(name), "rel"))
		*rel = value;
	skip_space(r);
	return true;
}

static bool read_link(struct reader *r, struct str *ret_target, struct str *ret_rel)
{
	*ret_rel = (struct str){NULL, 0};
	skip_space(r);
	while (reader_lit(r, STR(",")))
		skip_space(r);
	if (!reader_lit(r, STR("<")) || !reader_until(r, '>', ret_target))
		return false;
	skip_space(r);
	while (reader_lit(r, STR(";"))) {
		skip_space(r);
		if (!read_parameter(r, ret_rel))
			return false;
	}
	return reader_end(r) || r->rest.p[0] == ',';
}

struct str http_link(struct str field, const char *relation)
{
	struct reader r = reader_on(field);
	struct str target, rel;
	while (read_link(&r, &target, &rel)) {
		if (among(rel, relation))
			return target;
	}
	return (struct str){NULL, 0};
}
