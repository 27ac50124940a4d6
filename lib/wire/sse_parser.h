/*
 * sse_parser.h: parses server-sent events as described in WHATWG HTML ("9.2.6
 * Interpreting an event stream"): lines end with CR, LF or CRLF, several data
 * lines of an event are joined by newlines, comments and unknown fields are
 * skipped, and a byte-order mark at the start is dropped. `id` and `retry` are
 * not needed and skipped. Two liberties help with sloppy servers: a line that
 * begins with { is data, and the end of the body also ends an event.
 *
 * The way in which the input is split into pieces never changes the events.
 * Invalid UTF-8 becomes U+FFFD as in TextDecoder, up to SSE_REPAIR_MAX bytes.
 * NUL is a byte like any other.
 */

#ifndef WIRE_SSE_PARSER_H
#define WIRE_SSE_PARSER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "wire/sse_skip.h"

#include <stdbool.h>

/*
 * The size of one event, including an incomplete line. A larger event is an
 * error, unless on_large knows what it repeats. Events are parsed in the event
 * loop: one of this size takes less than 5 ms, whatever it contains (json-c
 * takes 9 ns per byte of escapes). The longest replies of models fit in.
 */
#define SSE_EVENT_MAX (512u << 10)

/* Events up to this size are repaired if they are invalid (UTF-8 or JSON),
 * which takes ten times as long. A larger invalid event is ignored. */
#define SSE_REPAIR_MAX ((size_t)64 << 10)

struct sse_parser {
	/* Receives an event with at least one data line; *error* if that is its
	 * name. *data* is valid during the call. Any result but OK ends
	 * sse_feed() with it. */
	enum err (*on_data)(void *arg, struct span data, bool error);
	/* Receives an event that is too large, when it begins (*tail* is
	 * absent) and when it is over: the beginning and the end of its data.
	 * May be NULL. ERR_TOO_BIG if the event cannot be skipped. */
	enum err (*on_large)(void *arg, struct span head, struct span tail);
	void *arg;
	struct sse_skip *skip; /* private: NULL until an event is skipped */
	struct buf line; /* private: an incomplete line */
	struct buf data; /* private: earlier data lines of the event */
	bool has_data, error, after_cr, begun;
	/* the event's name, for on_data; "" if it has none, or a longer one */
	char name[48];
};

/* Sets on_data and arg, and the other members to zero. */
#define SSE_PARSER(fn, argument)                   \
	{                                          \
		.on_data = (fn), .arg = (argument) \
	}

/* OK, ERR_TOO_BIG beyond SSE_EVENT_MAX, or the result of on_data. After an
 * error the parser may only be freed. */
MUST_USE enum err
sse_feed(struct sse_parser *parser, const char *bytes, size_t len);

/* Passes on what is left when the body is over. */
MUST_USE enum err sse_end(struct sse_parser *parser);

void sse_free(struct sse_parser *parser);

#endif
