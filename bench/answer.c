#include "answer.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Reads "HTTP/1.1 DDD ". */
static bool read_status(const char *p, size_t n, unsigned *ret_status)
{
	static const char version[] = "HTTP/1.1 ";
	const size_t at = sizeof version - 1;
	unsigned status = 0;

	if (n < at + 4 || memcmp(p, version, at) != 0)
		return false;
	for (size_t i = at; i < at + 3; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		status = status * 10 + (unsigned)(p[i] - '0');
	}
	if (p[at + 3] != ' ' && p[at + 3] != '\r')
		return false;
	*ret_status = status;
	return true;
}

/* Reads the line "Content-Length: N"; any other line is left alone. */
static bool read_length(const char *p, size_t n, uint64_t *ret_length)
{
	static const char name[] = "Content-Length:";
	size_t at = sizeof name - 1;
	uint64_t length = 0;

	if (n <= at || strncasecmp(p, name, at) != 0)
		return false;
	while (at < n && p[at] == ' ')
		at++;
	if (at == n || n - at > 18)
		return false;
	for (; at < n; at++) {
		if (p[at] < '0' || p[at] > '9')
			return false;
		length = length * 10 + (uint64_t)(p[at] - '0');
	}
	*ret_length = length;
	return true;
}

enum answer_state answer_read(const char *p, size_t n, struct answer *ret_answer)
{
	struct answer answer = {0};
	bool has_length = false;
	const char *end = memmem(p, n, "\r\n\r\n", 4);

	if (!end)
		return ANSWER_PARTIAL;
	answer.head_n = (size_t)(end - p) + 4;
	if (!read_status(p, answer.head_n, &answer.status))
		return ANSWER_BROKEN;
	for (size_t at = 0; at < answer.head_n - 2;) {
		const char *line = p + at;
		const char *eol = memmem(line, answer.head_n - at, "\r\n", 2);
		const size_t line_n = (size_t)(eol - line);

		if (read_length(line, line_n, &answer.body_n))
			has_length = true;
		at += line_n + 2;
	}
	if (!has_length)
		return ANSWER_BROKEN;
	*ret_answer = answer;
	return ANSWER_WHOLE;
}
