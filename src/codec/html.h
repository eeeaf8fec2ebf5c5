/* Text as HTML: everything that is not ours goes through html_text, which leaves no character that a browser could read as
 * markup, in text as in a quoted attribute. Control characters become U+FFFD. */
#pragma once

#include "base/buf.h"

/* Escapes & < > " ' (HTML, 13.1.2); s is UTF-8. */
void html_text(struct buf *b, struct str s);
/* <tag>text</tag>; tag is ours, and may bear attributes. */
void html_element(struct buf *b, const char *tag, struct str text);
/* A row of a table: a head and a text. Nothing where the text is empty. */
void html_row(struct buf *b, const char *head, struct str text);
