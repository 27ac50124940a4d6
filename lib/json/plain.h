/* plain.h: the parts of a message as one line of text. */

#ifndef JSON_PLAIN_H
#define JSON_PLAIN_H

#include "base/arena.h"
#include "base/span.h"

/*
 * Joins the member *key* of all parts of a type ("text" of "text", "filename"
 * of "file"); each run of blanks and control characters becomes one blank, and
 * none remain at the ends. The result is valid UTF-8 in *arena*, empty if there
 * is no such part. Reads about *max* bytes of these members. *parts* may be cut
 * off anywhere; what remains of its last part still counts.
 */
struct span plain_text(struct arena *arena, struct span parts, const char *type,
	const char *key, size_t max);

#endif
