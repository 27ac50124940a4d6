/*
 * name.h: names that people choose for themselves, in any script, such that no
 * two can be confused.
 *
 * A name is a restricted PRECIS username (RFC 8265, UsernameCaseMapped): it has
 * letters, marks and decimal digits of the IdentifierClass, and no other signs
 * than . _ @ - . Wide and narrow forms count as the usual ones, the text is in
 * NFC, and right-to-left text obeys the Bidi rule (RFC 5893). In addition (UTS
 * 39), the letters belong to one script, or to scripts that are written
 * together (Japanese, Korean, Chinese, each with Latin); the digits are of one
 * kind; a name begins with no mark and has no three marks in a row.
 *
 * A name is kept as it was typed; its *key* decides whether two names are the
 * same: case is folded, and letters of other scripts that look like Latin ones
 * (or Katakana like Han) are replaced by those. The key of an ASCII name is its
 * lower case.
 */

#ifndef JSON_NAME_H
#define JSON_NAME_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

#define NAME_MIN 2 /* characters; 3 if the name is ASCII */
#define NAME_ASCII_MIN 3
#define NAME_MAX 64
#define NAME_BYTES_MAX ((size_t)4 * NAME_MAX) /* for the name and for its key */

/* Returns false if *text* is not a valid name. Both results are in *arena*; the
 * name is NUL-terminated. */
bool name_read(struct arena *arena, struct span text, struct span *name,
	struct span *key);

/* A rule that a name breaks, as a word for programs ("too_short") and as a
 * sentence for the user. */
struct name_fault {
	const char *rule, *sentence;
};

/* Like name_read(), but returns what is wrong with the name, or NULL. */
const struct name_fault *name_fault(struct arena *arena, struct span text,
	struct span *name, struct span *key);

#endif
