/*
 * html.h: what a person would read of an HTML page, roughly: text
 * without tags, scripts and styles, blocks on lines of their own, entities
 * decoded. It reads any input; broken markup costs words, nothing else.
 */

#ifndef TOOL_HTML_H
#define TOOL_HTML_H

#include "base/buf.h"
#include "base/span.h"

/* Appends the page's title and text. *html* is valid UTF-8, and so is what
 * comes out. */
void tool_html_text(struct span html, struct buf *title, struct buf *text);

#endif
