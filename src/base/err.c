#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static const struct err_row rows[ERR_MAX_] = {
#define X(code, status, class, slug, title) [code] = {status, class, #code, slug, title},
	ERRORS(X)
#undef X
};

void fail_at(struct ctx *c, err code, const char *file, int line, const char *fmt, ...)
{
	assert(code > OK && code < ERR_MAX_);
	c->trouble.code = code;
	c->trouble.file = file;
	c->trouble.line = line;
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(c->trouble.detail, sizeof c->trouble.detail, fmt, ap);
	va_end(ap);
}

const struct err_row *err_row(err code)
{
	assert(code > OK && code < ERR_MAX_);
	return &rows[code];
}

bool err_is_fault(err code)
{
	return err_row(code)->class == FAULT;
}
