/*
 * delta.h: the short way (wire/short_way.h) through the commonest event of a
 * streamed Gemini answer: one candidate with a piece of a text or of a thought,
 * and the counts so far, which every event has.
 */

#ifndef GEMINI_DELTA_H
#define GEMINI_DELTA_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Tokens; -1 if not given. */
struct gemini_counts {
	int64_t prompt, words, thoughts, cached, total;
};
#define GEMINI_COUNTS_NONE         \
	{                          \
		-1, -1, -1, -1, -1 \
	}

struct gemini_delta {
	bool thought;
	struct span text;
	struct gemini_counts counts;
};

/* False if the event must go the long way. The text lies in *data*, or, if it
 * had escapes, in *unescaped*, which the caller owns and passes empty. */
bool gemini_delta_read(
	struct span data, struct buf *unescaped, struct gemini_delta *out);

#endif
