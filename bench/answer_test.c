#include "answer.h"

#include "../tests/tap.h"

#include <string.h>

static enum answer_state read_text(const char *text, struct answer *a)
{
	return answer_read(text, strlen(text), a);
}

int main(void)
{
	static const char whole[] =
		"HTTP/1.1 201 Created\r\nServer: x\r\ncontent-length: 12\r\n\r\nbody";
	struct answer a = {0};

	ok(read_text(whole, &a) == ANSWER_WHOLE, "a whole head");
	ok(a.status == 201 && a.body_n == 12, "status and length, names in any case");
	ok(a.head_n == strlen(whole) - 4, "the head ends behind the empty line");
	a = (struct answer){0};
	for (size_t n = 0; n < strlen(whole) - 4; n++)
		if (answer_read(whole, n, &a) != ANSWER_PARTIAL)
			a.status = 1;
	ok(a.status == 0, "every shorter part is partial and writes nothing");
	ok(read_text("HTTP/1.1 200 OK\r\n\r\n", &a) == ANSWER_BROKEN, "no length");
	ok(read_text("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n", &a) == ANSWER_BROKEN,
		"a length that is no number");
	ok(read_text("HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n", &a) ==
			ANSWER_BROKEN,
		"a length that overflows");
	ok(read_text("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", &a) == ANSWER_BROKEN, "1.0");
	ok(read_text("HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\n", &a) == ANSWER_BROKEN,
		"a status that is no number");
	return done_testing();
}
