#include "api/problem.h"

#include "api/dsp_message.h"
#include "base/limits.h"
#include "base/log.h"

const struct json_field problem_members[PROBLEM_MEMBERS] = {
	{.name = "type", .kind = JSON_K_TEXT},
	{.name = "title", .kind = JSON_K_TEXT, .optional = true},
	{.name = "status", .kind = JSON_K_INT},
	{.name = "detail", .kind = JSON_K_TEXT, .optional = true},
};

static struct json *problem_json(struct ctx *c, const struct err_row *row)
{
	struct json *o = json_object(c);
	struct str type;
	if (arena_fmt(c, &type, "urn:shugu:problem:%s", row->slug) != OK)
		return NULL;
	json_set_str(c, &o, "type", type);
	json_set_str(c, &o, "title", str_z(row->title));
	json_set_num(c, &o, "status", row->status);
	if (row->class == REFUSAL)
		json_set_str(c, &o, "detail", str_z(c->trouble.detail));
	return o;
}

/* The error object of the Dataspace Protocol: the slug as code, what was said as reason. */
static struct json *dsp_error_json(struct ctx *c, const struct call *k, const struct err_row *row)
{
	struct dsp_message m = {.code = str_z(row->slug)};
	const char *said = row->class == REFUSAL && c->trouble.detail[0] != '\0' ? c->trouble.detail
										 : row->title;
	if (!dsp_type_of(str_z(k->route->error_type), &m.type))
		return NULL;
	m.reason = dsp_reason(c, str_z(said));
	return dsp_message_json(c, &m);
}

void problem_fill_again(struct ctx *c, struct call *k, err code)
{
	const struct err_row *row = err_row(code);
	struct answer *a = &k->answer;
	bool dsp = k->route != NULL && k->route->is_dsp;
	*a = (struct answer){.status = row->status};
	struct json *j = dsp ? dsp_error_json(c, k, row) : problem_json(c, row);
	if (json_write(c, j, false, LIMIT_HTTP_BODY, &a->body) != OK)
		a->body = STR("{\"type\":\"urn:shugu:problem:memory\",\"status\":503}");
	a->type = dsp ? "application/json" : "application/problem+json";
	if (row->status == 401)
		call_header(k, "WWW-Authenticate", STR("Bearer"));
	struct str wait = STR("1");
	if (k->wait_s > 0 && arena_fmt(c, &wait, "%u", k->wait_s) != OK)
		wait = STR("60");
	if (row->status == 503 || k->wait_s > 0)
		call_header(k, "Retry-After", wait);
}

void problem_fill(struct ctx *c, struct call *k, err code)
{
	if (err_is_fault(code))
		log_event(LOG_ERROR, env_now_ms(acts_env(k->acts)),
			"fault=%s request=%.*s at=%s:%d detail=\"%s\"", err_row(code)->slug,
			FMT(k->id), c->trouble.file != NULL ? c->trouble.file : "", c->trouble.line,
			c->trouble.detail);
	problem_fill_again(c, k, code);
}
