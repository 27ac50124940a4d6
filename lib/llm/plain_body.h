/*
 * plain_body.h: the body of an answer that is no event stream, though one was
 * asked for: JSON, whole or a value a line. It looks at what a body begins
 * with; an event stream is left alone from its first line on.
 */

#ifndef LLM_PLAIN_BODY_H
#define LLM_PLAIN_BODY_H

#include "base/buf.h"
#include "base/err.h"
#include "llm/shape.h"

#include <stdbool.h>

struct plain_body {
	/* A JSON value, as SSE_PARSER's on_data. */
	enum err (*on_data)(void *arg, struct span data, bool error);
	void *arg;
	struct buf text; /* private: the lines of a value that is not whole */
	struct shape shape; /* of it */
	bool events; /* it is an event stream */
};

#define PLAIN_BODY(fn, argument)                   \
	{                                          \
		.on_data = (fn), .arg = (argument) \
	}

/* Takes what belongs to it off the front of *bytes*, all or nothing of a
 * stream's. ERR_TOO_BIG past SSE_EVENT_MAX, or what on_data returned. */
MUST_USE enum err plain_feed(struct plain_body *body, struct span *bytes);

/* The body is over: the last line. */
MUST_USE enum err plain_end(struct plain_body *body);

void plain_free(struct plain_body *body);

#endif
