#include "codec/html.h"

#include <string.h>

static const char *escape(unsigned char ch)
{
	switch (ch) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return (ch < 0x20 && ch != '\n' && ch != '\t') || ch == 0x7f ? "\xef\xbf\xbd"
									     : NULL;
	}
}

void html_text(struct buf *b, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		const char *as = escape((unsigned char)s.p[i]);
		if (as == NULL)
			continue;
		buf_add(b, str_sub(s, from, i - from));
		buf_z(b, as);
		from = i + 1;
	}
	buf_add(b, str_sub(s, from, s.n));
}

void html_element(struct buf *b, const char *tag, struct str text)
{
	buf_char(b, '<');
	buf_z(b, tag);
	buf_char(b, '>');
	html_text(b, text);
	buf_z(b, "</");
	buf_add(b, (struct str){tag, strcspn(tag, " ")});
	buf_char(b, '>');
}

void html_row(struct buf *b, const char *head, struct str text)
{
	if (text.n == 0)
		return;
	buf_z(b, "<tr>");
	html_element(b, "th scope=\"row\"", str_z(head));
	html_element(b, "td", text);
	buf_z(b, "</tr>");
}
