/*
 * shape.h: how far JSON that arrives in pieces has come, seen without parsing
 * it: whether it is one whole object or array. (What is no JSON at all may
 * have a shape too.)
 */

#ifndef LLM_SHAPE_H
#define LLM_SHAPE_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum shape_state {
	SHAPE_UNKNOWN, /* only blanks so far */
	SHAPE_OPEN,
	SHAPE_WHOLE, /* and stays so whatever follows */
	SHAPE_OTHER, /* no object or array, or deeper than 64 levels */
};

/* Begins all zero. */
struct shape {
	enum shape_state state;
	bool quoted, escaped;
	unsigned depth;
	uint64_t brackets; /* bit i: level i is an array */
};

/* The next piece. */
void shape_follow(struct shape *shape, struct span text);

/* Whether *text* begins an object or array. */
bool shape_begins(struct span text);

#endif
