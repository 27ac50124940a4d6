/*
 * html.h: extracts roughly what a person would read of an HTML page: text
 * without tags, scripts and styles, with blocks on lines of their own and
 * entities decoded. Any input is accepted; broken markup costs words, nothing
 * else.
 */

#ifndef TOOL_HTML_H
#define TOOL_HTML_H

#include "base/buf.h"
#include "base/span.h"

/* Appends the page's title and text. *html* must be valid UTF-8, and so are the
 * results. */
void tool_html_text(struct span html, struct buf *title, struct buf *text);

#endif
