#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

#define LINE_MAX_ 2048u

static enum log_level threshold = LOG_INFO;
static enum log_format format_now = LOG_TEXT;

void log_format_set(enum log_format format)
{
	format_now = format;
}

void log_level_set(enum log_level level)
{
	threshold = level;
}

static const char *const names[] = {"debug", "info", "warn", "error"};

/* A line of JSON that grows; what does not fit is left out, but never half an escape. */
struct out {
	char p[8 * LINE_MAX_];
	size_t n;
};

static void put(struct out *o, const char *text, size_t n)
{
	if (o->n + n > sizeof o->p - 4) /* room for the end */
		return;
	memcpy(o->p + o->n, text, n);
	o->n += n;
}

static void put_text(struct out *o, struct str s, bool ascii)
{
	put(o, "\"", 1);
	for (size_t i = 0; i < s.n; i++) {
		char pair[2] = {'\\', s.p[i]};
		bool escaped = s.p[i] == '"' || s.p[i] == '\\';
		if (ascii && (unsigned char)s.p[i] >= 0x80)
			put(o, "?", 1);
		else
			put(o, escaped ? pair : s.p + i, escaped ? 2 : 1);
	}
	put(o, "\"", 1);
}

/* Does a pair begin here? */
static bool is_pair(struct str s)
{
	size_t i = 0;
	while (i < s.n && s.p[i] >= 'a' && s.p[i] <= 'z')
		i++;
	return i > 0 && i < s.n && s.p[i] == '=';
}

/* The value at the front of s: a word, or what stands in quotes. Nobody escapes the quotes within, so the last one before
 * another pair ends it. */
static struct str value_of(struct str *s)
{
	struct str value;
	size_t i = 1;
	if (s->n == 0 || s->p[0] != '"') {
		value = str_sub(*s, 0, str_find(*s, ' '));
		*s = str_sub(*s, value.n, s->n);
		return value;
	}
	while (i < s->n &&
		!(s->p[i] == '"' && (i + 1 == s->n || (s->p[i + 1] == ' ' &&
							      is_pair(str_sub(*s, i + 2, s->n))))))
		i++;
	value = str_sub(*s, 1, i - 1);
	*s = str_sub(*s, i + 1, s->n);
	return value;
}

static bool is_number(struct str name)
{
	return str_is(name, "at") || str_is(name, "status") || str_is(name, "us");
}

static void to_json(struct str line, struct out *o)
{
	bool ascii = !str_is_utf8(line);
	put(o, "{", 1);
	while (line.n > 0) {
		struct str word = str_sub(line, 0, str_find(line, ' ')), name = STR("event");
		size_t equals = str_find(word, '=');
		if (equals < word.n) {
			name = str_sub(word, 0, equals);
			line = str_sub(line, equals + 1, line.n);
			word = value_of(&line);
		} else {
			line = str_sub(line, word.n, line.n);
		}
		put(o, ",", o->n > 1 ? 1 : 0);
		put_text(o, name, ascii);
		put(o, ":", 1);
		if (is_number(name) && word.n > 0)
			put(o, word.p, word.n);
		else
			put_text(o, word, ascii);
		line = str_sub(line, line.n > 0 && line.p[0] == ' ' ? 1 : 0, line.n);
	}
	put(o, "}", 1);
}

static void write_line(const char *line, size_t n)
{
	ssize_t done = write(STDERR_FILENO, line, n);
	(void)done; /* a full pipe must not stop a node */
}

void log_event(enum log_level level, int64_t at_ms, const char *fmt, ...)
{
	if (level < threshold)
		return;
	char line[LINE_MAX_];
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
	struct out o = {.n = 0};
	if (format_now == LOG_JSON) {
		to_json((struct str){line, end}, &o);
		o.p[o.n++] = '\n';
		write_line(o.p, o.n);
		return;
	}
	line[end++] = '\n';
	write_line(line, end);
}
