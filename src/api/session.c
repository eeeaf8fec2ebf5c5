#include "api/session.h"

#include "api/tries.h"
#include "base/limits.h"
#include "codec/time.h"
#include "net/cookie.h"

/* The caller comes by TLS: to this listener, or to what stands before it under the node's address. */
static bool is_secure(const struct acts *n, const struct exchange *x)
{
	return x->is_tls || str_starts(acts_self(n)->url, STR("https://"));
}

err session_cookie_name(
	struct ctx *c, const struct acts *n, const struct exchange *x, struct str *ret)
{
	struct hash h = hash_of(acts_self(n)->did);
	struct buf b;
	buf_init(&b, c->arena, 40);
	buf_z(&b, is_secure(n, x) ? "__Host-" SESSION_COOKIE "_" : SESSION_COOKIE "_");
	buf_hex(&b, h.b, 4);
	return buf_done(c, &b, ret);
}

err session_cookie(
	struct ctx *c, const struct acts *n, const struct exchange *x, struct str *ret_token)
{
	struct str token, name;
	TRY(session_cookie_name(c, n, x, &name));
	err e = http_cookie(c, &x->request, arena_z(c->arena, name), &token);
	ENSURE(e == OK, c, ERR_UNAUTHENTICATED, "the Cookie field cannot be read");
	ENSURE(token.p == NULL || token.n == SESSION_TOKEN_LENGTH, c, ERR_UNAUTHENTICATED,
		"the cookie %.*s holds no token", FMT(name));
	*ret_token = token;
	return OK;
}

/* What the page proves with that it read our answer: nobody can make the token from it. */
static err csrf_of(struct ctx *c, struct str token, struct str *ret)
{
	struct hash h = hash_of2(STR("shugu-csrf/1 "), token);
	struct buf b;
	buf_init(&b, c->arena, 2 * HASH_BYTES);
	buf_hex(&b, h.b, HASH_BYTES);
	return buf_done(c, &b, ret);
}

static bool is_own_origin(const struct acts *n, struct str origin, struct str host)
{
	struct str url = acts_self(n)->url, scheme, rest;
	if (str_eq(origin, url))
		return true;
	if (!str_cut(origin, ':', &scheme, &rest) || !str_starts(rest, STR("//")))
		return false;
	return (str_is(scheme, "http") || str_is(scheme, "https")) &&
	       str_eq(str_sub(rest, 2, rest.n), host);
}

/* A browser says where a request comes from; what says nothing is no browser, or an old one. */
static err check_site(struct ctx *c, const struct acts *n, const struct http_request *r)
{
	struct str origin = http_header(r, "Origin"), site = http_header(r, "Sec-Fetch-Site");
	ENSURE(origin.p == NULL || is_own_origin(n, origin, r->host), c, ERR_FORBIDDEN,
		"this request comes from another site: use this node's own pages");
	ENSURE(site.p == NULL || str_is(site, "same-origin") || str_is(site, "none"), c,
		ERR_FORBIDDEN, "this request comes from another site: use this node's own pages");
	return OK;
}

err session_guard(
	struct ctx *c, const struct acts *n, const struct http_request *r, struct str token)
{
	struct str want, brought = http_header(r, "X-CSRF-Token");
	if (str_is(r->method, "GET") || str_is(r->method, "HEAD"))
		return OK;
	TRY(check_site(c, n, r));
	TRY(csrf_of(c, token, &want));
	ENSURE(brought.n == want.n && ct_equal(brought.p, want.p, want.n), c, ERR_FORBIDDEN,
		"X-CSRF-Token is missing or wrong: GET /api/v1/session tells it");
	return OK;
}

struct said {
	struct session session;
	struct str token;
};

static err post(struct ctx *c, struct call *k)
{
	struct str token = json_text(json_get(k->body, "token"));
	struct str name = json_text(json_get(k->body, "name")), address = str_z(k->x->peer), old;
	struct said *said;
	int64_t now = env_now_ms(acts_env(k->acts));
	NEW(c, said);
	TRY(check_site(c, k->acts, &k->x->request));
	if (k->tries != NULL)
		TRY(tries_ask(c, k->tries, address, now, &k->wait_s));
	err e = session_open(c, k->acts, token, name, &said->token, &said->session);
	if (e == ERR_UNAUTHENTICATED && k->tries != NULL)
		tries_failed(k->tries, address, now);
	TRY(e);
	if (session_cookie(c, k->acts, k->x, &old) == OK && old.n > 0)
		TRY(session_end(c, k->acts, old));
	k->state = said;
	return OK;
}

static err set_cookie(struct ctx *c, struct call *k, struct str token, int64_t age_s)
{
	struct str value, name;
	TRY(session_cookie_name(c, k->acts, k->x, &name));
	TRY(arena_fmt(c, &value, "%.*s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
		FMT(name), FMT(token), (long long)age_s,
		is_secure(k->acts, k->x) ? "; Secure" : ""));
	call_header(k, "Set-Cookie", value);
	return OK;
}

static err say(struct ctx *c, struct call *k, int status, const struct said *said)
{
	const struct person *p = &said->session.person;
	struct json *o = json_object(c);
	struct str name, csrf, expires;
	TRY(person_name(c, acts_db(k->acts), p, &name));
	TRY(csrf_of(c, said->token, &csrf));
	TRY(time_str(c, said->session.expires_ms, &expires));
	json_set_str(c, &o, "person", p->id);
	json_set_str(c, &o, "name", name);
	json_set_str(c, &o, "role", str_z(role_word(p->role)));
	json_set_str(c, &o, "csrf", csrf);
	json_set_str(c, &o, "expires", expires);
	call_header(k, "Cache-Control", STR("no-store"));
	return call_json(c, k, status, o);
}

static err say_opened(struct ctx *c, struct call *k)
{
	const struct said *said = k->state;
	TRY(set_cookie(c, k, said->token, LIMIT_SIGNED_IN_MS / 1000));
	return say(c, k, 201, said);
}

static err get(struct ctx *c, struct call *k)
{
	struct said said;
	TRY(session_cookie(c, k->acts, k->x, &said.token));
	TRY(session_find(c, k->acts, said.token, &said.session));
	return say(c, k, 200, &said);
}

static err sign_out(struct ctx *c, struct call *k)
{
	struct str token;
	TRY(session_cookie(c, k->acts, k->x, &token));
	return session_end(c, k->acts, token);
}

static err say_ended(struct ctx *c, struct call *k)
{
	TRY(set_cookie(c, k, STR(""), 0));
	k->answer.status = 204;
	return OK;
}

static const struct json_field fields[] = {
	{.name = "token", .kind = JSON_K_TEXT},
	{.name = "name", .kind = JSON_K_TEXT, .optional = true, .max = LIMIT_NAME},
};

static const struct json_field answer[] = {
	{.name = "person", .kind = JSON_K_TEXT},
	{.name = "name", .kind = JSON_K_TEXT},
	{.name = "role", .kind = JSON_K_TEXT},
	{.name = "csrf", .kind = JSON_K_HEX32},
	{.name = "expires", .kind = JSON_K_TEXT},
};
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/session", GIVES(answer), .scope = SCOPE_ANY, TAKES(fields), .act = post, .say = say_opened,
		.doc = "Signs in by the token of a link ({token, name?}); name is that of the first owner."},
	{.method = "GET", .path = "/api/v1/session", GIVES(answer), .scope = SCOPE_PERSON, .roles = ROLES_ALL, .act = get, .doc = "Who is signed in."},
	{.method = "DELETE", .path = "/api/v1/session", .scope = SCOPE_PERSON, .roles = ROLES_ALL, .act = sign_out, .say = say_ended, .doc = "Signs out."},
};
// clang-format on
const struct routes session_routes = {rows, countof(rows)};
