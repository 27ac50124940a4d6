/*
 * plain_body.h: reads the body of an answer that is JSON although an event
 * stream was requested: one whole value, or a value per line. It decides by the
 * beginning of the body, and leaves an event stream alone from its first line
 * on.
 */

#ifndef WIRE_PLAIN_BODY_H
#define WIRE_PLAIN_BODY_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/shape.h"

#include <stdbool.h>

struct plain_body {
	/* Receives a JSON value, like on_data of sse_parser.h. */
	enum err (*on_data)(void *arg, struct span data, bool error);
	void *arg;
	struct buf text; /* private: the lines of an incomplete value */
	struct shape shape; /* private: the shape of *text* */
	bool events; /* the body is an event stream */
};

#define PLAIN_BODY(fn, argument)                   \
	{                                          \
		.on_data = (fn), .arg = (argument) \
	}

/* Takes its bytes from the front of *bytes*: all of them, or none if the body
 * is an event stream. ERR_TOO_BIG beyond SSE_EVENT_MAX, or the result of
 * on_data. */
MUST_USE enum err plain_feed(struct plain_body *body, struct span *bytes);

/* Takes the last line when the body is over. */
MUST_USE enum err plain_end(struct plain_body *body);

void plain_free(struct plain_body *body);

#endif
