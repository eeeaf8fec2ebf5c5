#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/tap.h"

/* Runs one log call with standard error in a pipe and gives what was written. */
static void captured(char *ret, size_t size, enum log_level level, const char *text)
{
	int ends[2];
	int saved = dup(STDERR_FILENO);
	if (pipe(ends) != 0 || saved < 0)
		return;
	(void)dup2(ends[1], STDERR_FILENO);
	(void)close(ends[1]);
	log_event(level, 1700000000123, "text=%s", text);
	(void)dup2(saved, STDERR_FILENO);
	(void)close(saved);
	ssize_t n = read(ends[0], ret, size - 1);
	ret[n < 0 ? 0 : n] = '\0';
	(void)close(ends[0]);
}

int main(void)
{
	char line[16384] = "";
	captured(line, sizeof line, LOG_WARN, "a\nb");
	is_str(line, "at=1700000000.123 level=warn text=a?b\n",
		"one line an event, nothing injected");
	captured(line, sizeof line, LOG_DEBUG, "x");
	is_str(line, "", "lines below the level are dropped");
	log_level_set(LOG_DEBUG);
	captured(line, sizeof line, LOG_DEBUG, "x");
	is_str(line, "at=1700000000.123 level=debug text=x\n", "until the level is lowered");
	static char tall[3000];
	memset(tall, 'y', sizeof tall - 1);
	captured(line, sizeof line, LOG_ERROR, tall);
	is_int(strlen(line), 2047, "a long line is cut");
	is_int(line[2046], '\n', "and still ends");
	log_format_set(LOG_JSON);
	captured(line, sizeof line, LOG_WARN, "a\nb detail=\"he said \"no\" to C:\\x\" n=1");
	is_str(line,
		"{\"at\":1700000000.123,\"level\":\"warn\",\"text\":\"a?b\",\"detail\":\"he said "
		"\\\"no\\\" to C:\\\\x\",\"n\":\"1\"}\n",
		"the same as JSON, quotes escaped");
	captured(line, sizeof line, LOG_WARN, "x fault status=200 detail=\"\"");
	is_str(line,
		"{\"at\":1700000000.123,\"level\":\"warn\",\"text\":\"x\",\"event\":\"fault\","
		"\"status\":200,\"detail\":\"\"}\n",
		"a word alone is the event, times and statuses are numbers");
	captured(line, sizeof line, LOG_WARN, "\xff\xe6");
	is_str(line, "{\"at\":1700000000.123,\"level\":\"warn\",\"text\":\"??\"}\n",
		"what is no UTF-8 is no JSON either");
	memset(tall, '"', sizeof tall - 1);
	captured(line, sizeof line, LOG_ERROR, tall);
	ok(strlen(line) > 2047 && strcmp(line + strlen(line) - 3, "\"}\n") == 0,
		"a line of quotes alone ends well");
	return done_testing();
}
