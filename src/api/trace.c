#include "api/trace.h"

#include "base/buf.h"
#include "base/log.h"

#define ID_MAX 64u

void trace_name(struct call *k, uint64_t n)
{
	struct buf id;
	buf_init(&id, k->c->arena, 2 * sizeof n);
	buf_hex(&id, &n, sizeof n);
	k->id = buf_str(&id);
}

static bool is_id(struct str s)
{
	bool good = s.n > 0 && s.n <= ID_MAX;
	for (size_t i = 0; good && i < s.n; i++) {
		char ch = s.p[i];
		good = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		       (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || ch == '.';
	}
	return good;
}

void trace_keep_id(struct call *k)
{
	struct str id = http_header(&k->x->request, "X-Request-Id");
	if (str_is(k->caller, "operator") && is_id(id))
		k->id = id;
}

void trace_log(const struct call *k)
{
	const struct env *e = acts_env(k->acts);
	log_event(LOG_INFO, env_now_ms(e),
		"request id=%.*s method=%.*s route=%s status=%d us=%lld caller=%.*s", FMT(k->id),
		FMT(k->x->request.method), k->route != NULL ? k->route->path : "none",
		k->answer.status, (long long)(env_mono_us(e) - k->begun_us), FMT(k->caller));
}
