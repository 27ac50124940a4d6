/* plain.h: the parts of a message as one line of text. */

#ifndef JSON_PLAIN_H
#define JSON_PLAIN_H

#include "base/arena.h"
#include "base/span.h"

/*
 * The member *key* of all parts of a type ("text" of "text", "filename" of
 * "file"), with every run of blanks and control characters as one blank and
 * none at the ends: valid UTF-8, empty when there is no such part. In *arena*.
 * Of what is written there about *max* bytes are read; *parts* may be cut off
 * anywhere, and what is there of its last part counts.
 */
struct span plain_text(struct arena *arena, struct span parts, const char *type,
	const char *key, size_t max);

#endif
