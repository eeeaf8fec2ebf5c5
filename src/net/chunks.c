#include "net/chunks.h"

#include "base/limits.h"
#include "net/http1.h"

void chunks_init(struct chunks *k)
{
	*k = (struct chunks){.state = CHUNKS_SIZE};
}

bool chunks_done(const struct chunks *k)
{
	return k->state == CHUNKS_DONE;
}

static bool is_text(char ch)
{
	return ch == '\t' || ((unsigned char)ch >= ' ' && ch != 0x7f);
}

static bool size_byte(struct chunks *k, char ch)
{
	int value = str_hex_digit(ch);
	if (value >= 0) {
		k->left = k->left * 16 + (unsigned)value;
		return ++k->digits <= 8;
	}
	if (k->digits == 0)
		return false;
	if (ch == '\r') {
		k->state = CHUNKS_SIZE_LF;
		return true;
	}
	k->state = CHUNKS_EXTENSION;
	return ch == ';' || ch == ' ' || ch == '\t';
}

/* A byte that must be LF; what follows depends on where it ends. */
static bool line_feed(struct chunks *k, char ch)
{
	if (k->state == CHUNKS_SIZE_LF) {
		k->state = k->left > 0 ? CHUNKS_DATA : CHUNKS_TRAILER_START;
	} else if (k->state == CHUNKS_DATA_LF) {
		*k = (struct chunks){.state = CHUNKS_SIZE, .extras = k->extras};
	} else if (k->state == CHUNKS_TRAILER_LF) {
		k->state = CHUNKS_TRAILER_START;
	} else {
		k->state = CHUNKS_DONE;
	}
	return ch == '\n';
}

static bool extra_byte(struct chunks *k, char ch)
{
	k->extras++;
	bool token = http_is_token((struct str){&ch, 1});
	if (k->state == CHUNKS_EXTENSION) {
		k->state = ch == '\r' ? CHUNKS_SIZE_LF : CHUNKS_EXTENSION;
		return ch == '\r' || is_text(ch);
	}
	if (k->state == CHUNKS_TRAILER_START) {
		k->state = ch == '\r' ? CHUNKS_END_LF : CHUNKS_TRAILER_NAME;
		return ch == '\r' || token;
	}
	if (k->state == CHUNKS_TRAILER_NAME) {
		k->state = ch == ':' ? CHUNKS_TRAILER_VALUE : CHUNKS_TRAILER_NAME;
		return ch == ':' || token;
	}
	k->state = ch == '\r' ? CHUNKS_TRAILER_LF : CHUNKS_TRAILER_VALUE;
	return ch == '\r' || is_text(ch);
}

static bool one_byte(struct chunks *k, char ch)
{
	switch (k->state) {
	case CHUNKS_SIZE:
		return size_byte(k, ch);
	case CHUNKS_EXTENSION:
	case CHUNKS_TRAILER_START:
	case CHUNKS_TRAILER_NAME:
	case CHUNKS_TRAILER_VALUE:
		return extra_byte(k, ch);
	case CHUNKS_DATA_CR:
		k->state = CHUNKS_DATA_LF;
		return ch == '\r';
	case CHUNKS_SIZE_LF:
	case CHUNKS_DATA_LF:
	case CHUNKS_TRAILER_LF:
	case CHUNKS_END_LF:
		return line_feed(k, ch);
	case CHUNKS_DATA:
	case CHUNKS_DONE:
		return false;
	}
	__builtin_unreachable();
}

err chunks_feed(
	struct ctx *c, struct chunks *k, struct str in, size_t *ret_used, struct str *ret_data)
{
	size_t at = 0;
	*ret_data = (struct str){0};
	while (at < in.n && k->state != CHUNKS_DONE) {
		if (k->state == CHUNKS_DATA) {
			*ret_data = str_sub(in, at, (size_t)k->left);
			at += ret_data->n;
			k->left -= ret_data->n;
			if (k->left == 0)
				k->state = CHUNKS_DATA_CR;
			break;
		}
		ENSURE(one_byte(k, in.p[at]), c, ERR_MALFORMED,
			"the chunked body is not well-formed");
		ENSURE(k->extras <= LIMIT_HTTP_CHUNK_EXTRAS, c, ERR_TOO_LARGE,
			"too many chunk extensions or trailer fields");
		at++;
	}
	*ret_used = at;
	return OK;
}
