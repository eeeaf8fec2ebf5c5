#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum log_level threshold = LOG_INFO;

void log_level_set(enum log_level level)
{
	threshold = level;
}

static const char *const names[] = {"debug", "info", "warn", "error"};

void log_event(enum log_level level, int64_t at_ms, const char *fmt, ...)
{
	if (level < threshold)
		return;
	char line[2048];
	int n = snprintf(line, sizeof line, "at=%lld.%03lld level=%s ", (long long)(at_ms / 1000),
		(long long)(at_ms % 1000), names[level]);
	va_list ap;
	va_start(ap, fmt);
	int m = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
	va_end(ap);
	size_t end = (size_t)n + (m < 0 ? 0 : (size_t)m);
	if (end > sizeof line - 2)
		end = sizeof line - 2;
	for (size_t i = 0; i < end; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
	line[end++] = '\n';
	ssize_t put = write(STDERR_FILENO, line, end);
	(void)put; /* a full pipe must not stop a node */
}
