/*
 * sse_parser.h: server-sent events, read as WHATWG HTML ("9.2.6 Interpreting
 * an event stream") says: lines end in CR, LF or CRLF, several data lines of
 * an event are joined by newlines, comments and unknown fields are skipped, a
 * byte-order mark at the start is dropped. `id` and `retry` are not needed and skipped. Two liberties, for servers that write only half of it: a
 * line that begins with { is data, and an event is closed by the end of the
 * body, too.
 *
 * How the input is cut into pieces never changes the events. Invalid UTF-8
 * becomes U+FFFD as TextDecoder does it, up to SSE_REPAIR_MAX. NUL is a byte like any other.
 */

#ifndef LLM_SSE_PARSER_H
#define LLM_SSE_PARSER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "llm/sse_skip.h"

#include <stdbool.h>

/* Bytes of one event, with the line that is not whole yet; what is larger is an
 * error, unless somebody knows what it repeats (on_large). It is read in the
 * event loop: this much takes less than 5 ms, whatever is in it (json-c takes
 * 9 ns a byte of escapes). The longest replies of models fit in. */
#define SSE_EVENT_MAX (512u << 10)

/* So much is read in spite of what is wrong with it (no UTF-8, no JSON), which
 * takes ten times as long. Of more, what is wrong is no event. */
#define SSE_REPAIR_MAX ((size_t)64 << 10)

struct sse_parser {
	/* An event with at least one data line; *error* when that is its
	 * name. *data* is valid during the call. Any result but OK ends
	 * sse_feed() with it. */
	enum err (*on_data)(void *arg, struct span data, bool error);
	/* An event that is too large, when it begins (*tail* absent) and when it
	 * is over: what its data begins and ends with. Or NULL. ERR_TOO_BIG: it
	 * cannot be passed over. */
	enum err (*on_large)(void *arg, struct span head, struct span tail);
	void *arg;
	struct sse_skip *skip; /* private: NULL until there was one */
	struct buf line; /* private: a line that is not whole yet */
	struct buf data; /* private: earlier data lines of the event */
	bool has_data, error, after_cr, begun;
	char name
		[48]; /* the event's, in on_data; "" for none, or a longer one */
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

/* The body is over: gives what is still there. */
MUST_USE enum err sse_end(struct sse_parser *parser);

void sse_free(struct sse_parser *parser);

#endif
