/*
 * shape.h: finds out, without parsing, whether JSON that arrives in pieces is
 * one whole object or array. (Invalid JSON may have such a shape, too.)
 */

#ifndef WIRE_SHAPE_H
#define WIRE_SHAPE_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum shape_state {
	SHAPE_UNKNOWN, /* only white space so far */
	SHAPE_OPEN,
	SHAPE_WHOLE, /* complete, whatever follows */
	SHAPE_OTHER, /* not an object or array, or deeper than 64 levels */
};

/* Initialize it with zeros. */
struct shape {
	enum shape_state state;
	bool quoted, escaped;
	unsigned depth;
	uint64_t brackets; /* bit i is set if level i is an array */
};

/* Follows the next piece. */
void shape_follow(struct shape *shape, struct span text);

/* Whether *text* is the beginning of an object or array: { or [ is the first
 * character that is not blank. */
bool shape_begins(struct span text);

#endif
