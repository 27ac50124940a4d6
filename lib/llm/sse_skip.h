/*
 * sse_skip.h: an event that is too large to be read (SSE_EVENT_MAX), and is
 * passed over: what it begins and ends with, so that a wire can tell what it
 * was. A part of sse_parser.h.
 */

#ifndef LLM_SSE_SKIP_H
#define LLM_SSE_SKIP_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Bytes of its data that are kept of both ends. */
#define SSE_SKIP_KEPT 4096u

struct sse_skip {
	bool on;
	bool in_line; /* of a line that is not over */
	struct buf head, tail; /* of its data; *tail* is twice that at most */
};

/* It begins with *data*, *line* of a line that is not over, and *more* of that.
 * False: that is no data. */
bool sse_skip_begin(struct sse_skip *skip, struct span data, struct span line,
	struct span more);

/* Passes over what comes next, *after_cr* of the last byte that was passed
 * over; at most to the event's end: then the skip is not *on* any more. Gives
 * where that is. */
const char *sse_skip_feed(
	struct sse_skip *skip, const char *at, const char *end, bool *after_cr);

/* The last SSE_SKIP_KEPT bytes so far. */
struct span sse_skip_tail(const struct sse_skip *skip);

void sse_skip_free(struct sse_skip *skip);

#endif
