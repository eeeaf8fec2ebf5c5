/* What an answer looks like, and how files are sent. */
#include "net/bed.h"

#include <fcntl.h>

#include "tests/tap.h"

static int status;
static struct http_header headers[2];
static size_t headers_n;
static struct file_answer file;
static uint64_t told_sent, stop_at;
static int told, told_complete;
static uint64_t biggest, before;

static bool may_go_on(void *arg, uint64_t sent)
{
	(void)arg;
	if (sent - before > biggest)
		biggest = sent - before;
	before = sent;
	return sent < stop_at;
}

static void file_ended(void *arg, uint64_t sent, bool complete)
{
	(void)arg;
	told++;
	told_sent = sent;
	told_complete = complete;
}

static void answer(void *arg, struct exchange *x)
{
	(void)arg;
	if (!str_is(x->request.path, "/file")) {
		exchange_answer(x, status, headers, headers_n, STR("body"));
		return;
	}
	told = 0;
	before = biggest = 0;
	file.fd = fcntl(*(int *)file.arg, F_DUPFD_CLOEXEC, 0);
	exchange_answer_file(x, 206, headers, headers_n, &file);
}

static struct str ask(const char *method, const char *path)
{
	char text[128];
	int n = snprintf(text, sizeof text, "%s %s HTTP/1.1\r\nHost: a\r\n\r\n", method, path);
	return bed_ask((struct str){text, (size_t)n});
}

static void heads(void)
{
	status = 200;
	headers[0] = (struct http_header){STR("X-A"), STR("b\r\nX-Evil: c")};
	headers_n = 1;
	ok(str_is(ask("GET", "/"), "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:38 GMT\r\n"
				   "Content-Length: 4\r\nX-A: b??X-Evil: c\r\n\r\nbody"),
		"an answer, byte by byte; no value ends its line");
	ok(str_ends(ask("HEAD", "/"), STR("X-Evil: c\r\n\r\n")), "HEAD has the head alone");
	ok(bed_has((struct str){bed.got, bed.got_n}, "Content-Length: 4\r\n"),
		"with the same length");
	status = 204;
	ok(!bed_has(ask("GET", "/"), "Content-Length"), "204 has no length");
	status = 304;
	ok(str_ends(ask("GET", "/"), STR("\r\n\r\n")), "304 has no body");
	static char big[70000];
	memset(big, 'h', sizeof big);
	status = 200;
	headers[0].value = (struct str){big, sizeof big};
	ok(str_starts(ask("GET", "/"), STR("HTTP/1.1 503 ")), "a head beyond all measure is 503");
	ok(bed.closed, "and closed");
	headers_n = 0;
}

/* Reads to the end and counts; what came must be the pattern of the file from offset on. */
static uint64_t drain(int fd, uint64_t offset, uint64_t length, const char *tail)
{
	uint64_t n = 0, wrong = 0;
	size_t tail_at = 0;
	bool head = true;
	do {
		struct str got = bed_read(fd);
		size_t at = head ? str_find_str(got, STR("\r\n\r\n")) + 4 : 0;
		head = false;
		for (; at < got.n && n < length; at++, n++)
			wrong +=
				(unsigned char)got.p[at] != (unsigned char)((offset + n) * 31 >> 3);
		for (; at < got.n && tail_at < strlen(tail); at++)
			tail_at += got.p[at] == tail[tail_at];
	} while (bed.got_n > 0 && !bed.closed);
	ok(wrong == 0, "each byte is right");
	is_int(tail_at, strlen(tail), "the answer behind the file follows it");
	return n;
}

static void files(int fd, uint64_t size)
{
	file = (struct file_answer){
		.offset = 5, .length = size - 5, .more = may_go_on, .end = file_ended, .arg = &fd};
	stop_at = UINT64_MAX;
	int client = bed_connect();
	bed_send(client, STR("GET /file HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n"
			     "Connection: close\r\n\r\n"));
	uint64_t n = drain(client, 5, size - 5, "HTTP/1.1 200 OK");
	is_int(n, size - 5, "and none is missing");
	close(client);
	is_int(told, 1, "the end is told once");
	ok(told_sent == size - 5 && told_complete == 1, "with all bytes");
	ok(biggest > 0 && biggest <= LIMIT_STREAM_SLICE, "no slice is larger than the limit");
	status = 200;
	is_int(bed_count(ask("HEAD", "/file"), "Content-Length: "), 1, "HEAD of a file");
	ok(told == 1 && told_sent == 0, "sends none of it");
	stop_at = 100;
	client = bed_connect();
	bed_send(client, STR("GET /file HTTP/1.1\r\nHost: a\r\n\r\n"));
	while (bed_read(client).n > 0 && !bed.closed)
		;
	close(client);
	ok(bed.closed && told_sent > 0 && told_sent < size - 5 && told_complete == 0,
		"a refused slice breaks the connection");
	stop_at = UINT64_MAX;
	client = bed_connect();
	bed_send(client, STR("GET /file HTTP/1.1\r\nHost: a\r\n\r\n"));
	bed_turns(4);
	is_int(told, 0, "a client that reads nothing is waited for");
	close(client);
	bed_turns(8);
	ok(told == 1 && told_complete == 0, "until it goes");
	client = bed_connect();
	bed_send(client, STR("GET /file HTTP/1.1\r\nHost: a\r\n\r\n"));
	bed_pass(LIMIT_HTTP_WRITE_IDLE_MS + 1000);
	is_int(told, 1, "or until its time is over");
	close(client);
	file.length = size + 100;
	client = bed_connect();
	bed_send(client, STR("GET /file HTTP/1.1\r\nHost: a\r\n\r\n"));
	while (bed_read(client).n > 0 && !bed.closed)
		;
	ok(bed.closed && told_complete == 0, "a file that is shorter than promised breaks off");
	close(client);
	file.length = 0;
	ok(bed_has(ask("GET", "/file"), "Content-Length: 0\r\n"), "a file of nothing");
	ok(told == 1 && told_complete == 1, "is complete");
}

int main(void)
{
	char name[] = "/tmp/shugu-answer-XXXXXX";
	int fd = mkstemp(name);
	if (fd < 0)
		return 1;
	(void)unlink(name);
	static unsigned char bytes[9u << 20];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 31 >> 3);
	if (write(fd, bytes, sizeof bytes) != (ssize_t)sizeof bytes)
		return 1;
	struct server_handler h = {.request = answer};
	bed_open(&h);
	heads();
	files(fd, sizeof bytes);
	bed_close();
	close(fd);
	return done_testing();
}
