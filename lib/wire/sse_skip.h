/*
 * sse_skip.h: skips an event that is too large to be parsed (SSE_EVENT_MAX),
 * and keeps its beginning and end, so that a wire can recognize it. Part of
 * sse_parser.h.
 */

#ifndef WIRE_SSE_SKIP_H
#define WIRE_SSE_SKIP_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* How many bytes of its data are kept at each end. */
#define SSE_SKIP_KEPT 4096u

struct sse_skip {
	bool on;
	bool in_line; /* inside an incomplete line */
	/* of its data; *tail* has at most twice SSE_SKIP_KEPT bytes */
	struct buf head, tail;
};

/* Begins with *data*, with the incomplete line *line*, and with *more*, which
 * continues that line. False if that is not data. */
bool sse_skip_begin(struct sse_skip *skip, struct span data, struct span line,
	struct span more);

/* Skips the next bytes, to the end of the event at most, and clears *on* there.
 * *after_cr* says whether the last byte skipped was a CR. Returns where it
 * stopped. */
const char *sse_skip_feed(
	struct sse_skip *skip, const char *at, const char *end, bool *after_cr);

/* The last SSE_SKIP_KEPT bytes so far. */
struct span sse_skip_tail(const struct sse_skip *skip);

void sse_skip_free(struct sse_skip *skip);

#endif
