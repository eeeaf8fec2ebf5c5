/* The structured log: one line an event to standard error, of logfmt or of JSON (an object; its first word is "event"). Libraries never log; the top of a request does.
 * Never give it a secret, a token or a body. */
#pragma once

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum log_format { LOG_TEXT, LOG_JSON };

/* LOG_TEXT at start. */
void log_format_set(enum log_format format);
/* Lines below this level are dropped; LOG_INFO at start. */
void log_level_set(enum log_level level);
/* at=... level=... followed by the formatted pairs, control characters replaced, cut at 2 KiB. */
void log_event(enum log_level level, int64_t at_ms, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
