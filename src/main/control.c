#include "main/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/limits.h"

#define PATIENCE_S 60
#define ANSWER_MAX (LIMIT_HTTP_BODY + LIMIT_HTTP_HEAD)

struct control {
	struct node *node; /* NULL: the node runs elsewhere */
	const char *socket;
};

/* Connects to the socket; false where nobody listens. */
static bool connect_to(const char *path, int *ret)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = PATIENCE_S};
	cleanup(fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || strlen(path) >= sizeof a.sun_path)
		return false;
	memcpy(a.sun_path, path, strlen(path));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
		return false;
	*ret = fd;
	fd = -1;
	return true;
}

err control_open(struct ctx *c, const char *directory, struct control **ret)
{
	struct control *k;
	cleanup(fd_closep) int fd = -1;
	NEW(c, k);
	TRY(node_path(c, directory, "control.sock", &k->socket));
	if (!connect_to(k->socket, &fd))
		TRY(node_open(c, &env_system, directory, &k->node));
	*ret = k;
	return OK;
}

bool control_is_running(const struct control *k)
{
	return k->node == NULL;
}

static err send_all(struct ctx *c, int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
		ENSURE(n > 0, c, ERR_IO, "the running node does not read: %s", strerror(errno));
		s = str_sub(s, (size_t)n, s.n);
	}
	return OK;
}

static err receive_all(struct ctx *c, int fd, struct str *ret)
{
	struct buf b;
	char bytes[16384];
	ssize_t n;
	buf_init(&b, c->arena, ANSWER_MAX);
	while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
		buf_add(&b, (struct str){bytes, (size_t)n});
	ENSURE(n == 0, c, ERR_IO, "the running node does not answer: %s", strerror(errno));
	return buf_done(c, &b, ret);
}

/* Status and body of an answer that ends with its connection; its length must be the one announced. */
static err read_answer(struct ctx *c, struct str answer, int *ret_status, struct str *ret_body)
{
	size_t head = str_find_str(answer, STR("\r\n\r\n"));
	struct str name = STR("\r\nContent-Length: "), body = str_sub(answer, head + 4, answer.n);
	size_t at = str_find_str(str_sub(answer, 0, head), name);
	struct str digits = str_sub(answer, at + name.n, answer.n), line;
	uint64_t status = 0, length = 0;
	bool has_length =
		at < head && str_cut(digits, '\r', &line, &digits) && str_u64(line, &length);
	ENSURE(head < answer.n && str_u64(str_sub(answer, 9, 3), &status) &&
			(!has_length || length == body.n) && (has_length || status == 204),
		c, ERR_IO, "the running node ended in the middle of its answer");
	*ret_status = (int)status;
	*ret_body = body;
	return OK;
}

static err call_running(struct ctx *c, struct control *k, struct str did, const char *method,
	struct str target, struct str body, int *ret_status, struct str *ret_body)
{
	cleanup(fd_closep) int fd = -1;
	struct str head, answer;
	ENSURE(connect_to(k->socket, &fd), c, ERR_IO, "the running node has ended");
	TRY(arena_fmt(c, &head,
		"%s %.*s HTTP/1.1\r\nHost: node\r\nConnection: close\r\n%s%.*s%s"
		"Content-Length: %zu\r\n\r\n",
		method, FMT(target), did.n > 0 ? "Shugu-As: " : "", FMT(did),
		did.n > 0 ? "\r\n" : "", body.n));
	TRY(send_all(c, fd, head));
	TRY(send_all(c, fd, body));
	TRY(receive_all(c, fd, &answer));
	return read_answer(c, answer, ret_status, ret_body);
}

/* The code whose slug the problem names. */
static err code_of(const struct json *problem)
{
	struct str type = json_text(json_get(problem, "type")), prefix = STR("urn:shugu:problem:");
	if (!str_starts(type, prefix))
		return ERR_PEER_REFUSED;
	for (err e = OK + 1; e < ERR_MAX_; e++) {
		if (str_is(str_sub(type, prefix.n, type.n), err_row(e)->slug))
			return e;
	}
	return ERR_PEER_REFUSED;
}

static err judge(struct ctx *c, int status, const struct json *answer)
{
	if (status < 400)
		return OK;
	struct str detail = json_text(json_get(answer, "detail"));
	return fail(c, code_of(answer), "%.*s", FMT(detail));
}

err control_call(struct ctx *c, struct control *k, const char *method, struct str target,
	const struct json *body, const struct json **ret)
{
	struct str text = {0}, answer;
	const struct json *j = NULL;
	int status = 0;
	if (body != NULL)
		TRY(json_write(c, body, false, LIMIT_HTTP_BODY, &text));
	if (k->node == NULL) {
		TRY(call_running(c, k, STR(""), method, target, text, &status, &answer));
	} else {
		const struct api_setup setup = node_setup(k->node);
		TRY(api_call(c, &setup, method, target, text, &status, &answer));
	}
	if (answer.n > 0)
		TRY(json_parse(c, answer, &j));
	TRY(judge(c, status, j));
	if (ret != NULL)
		*ret = j;
	return OK;
}

err control_message(struct ctx *c, struct control *k, struct str did, struct str target,
	struct str body, int *ret_status, struct str *ret_body)
{
	if (k->node == NULL)
		return call_running(c, k, did, "POST", target, body, ret_status, ret_body);
	const struct api_setup setup = node_setup(k->node);
	return api_call_as(c, &setup, did, "POST", target, body, ret_status, ret_body);
}

err control_segment(struct ctx *c, struct str text, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, 3 * text.n + 1); /* and the NUL of printf */
	for (size_t i = 0; i < text.n; i++) {
		char ch = text.p[i];
		bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
			     (ch >= '0' && ch <= '9') || ch == '-' || ch == '.' || ch == '_' ||
			     ch == ':';
		if (plain)
			buf_char(&b, ch);
		else
			buf_fmt(&b, "%%%02X", (unsigned)(unsigned char)ch);
	}
	return buf_done(c, &b, ret);
}

/* In memory of its own, so that the directory is free again for the command that follows. */
err control_clock(struct ctx *c, const char *directory, const char *at)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx inner = {.arena = a};
	struct control *k;
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	struct json *body = json_object(&inner);
	json_set_str(&inner, &body, "at", str_z(at));
	err e = control_open(&inner, directory, &k);
	if (e == OK)
		e = control_call(&inner, k, "POST", STR("/api/v1/clock"), body, NULL);
	if (e != OK)
		c->trouble = inner.trouble;
	return e;
}
