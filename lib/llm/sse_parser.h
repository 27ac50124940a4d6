/*
 * sse_parser.h: server-sent events, read as WHATWG HTML ("9.2.6 Interpreting
 * an event stream") says: lines end in CR, LF or CRLF, several data lines of
 * an event are joined by newlines, comments and unknown fields are skipped, a
 * byte-order mark at the start is dropped, an event that no blank line closes
 * is dropped. `event`, `id` and `retry` are not needed and skipped.
 *
 * How the input is cut into pieces never changes the events. Invalid UTF-8
 * becomes U+FFFD as TextDecoder does it. NUL is a byte like any other.
 */

#ifndef LLM_SSE_PARSER_H
#define LLM_SSE_PARSER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

/* Bytes of one event, and of one line of any kind. */
#define SSE_EVENT_MAX (4u << 20)

struct sse_parser {
	/* An event with at least one data line. *data* is valid during the
	 * call. Any result but OK ends sse_feed() with it. */
	enum err (*on_data)(void *arg, struct span data);
	void *arg;
	struct buf line; /* private: a line that is not whole yet */
	struct buf data; /* private: earlier data lines of the event */
	bool has_data, after_cr, begun;
};

/* Set on_data and arg, zero the rest. */
#define SSE_PARSER(fn, argument)                   \
	{                                          \
		.on_data = (fn), .arg = (argument) \
	}

/* OK, ERR_TOO_BIG past SSE_EVENT_MAX, or what on_data returned. After an
 * error the parser may only be freed. */
MUST_USE enum err
sse_feed(struct sse_parser *parser, const char *bytes, size_t len);
void sse_free(struct sse_parser *parser);

#endif
