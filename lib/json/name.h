/*
 * name.h: names that people choose for themselves, in any script, of which no
 * two are taken for one another.
 *
 * A name is a PRECIS username (RFC 8265, UsernameCaseMapped), and less: the
 * letters, marks and decimal digits of the IdentifierClass, and of all signs
 * only . _ @ - . Wide and narrow forms count as the usual ones, the text is in
 * NFC, and what is written from right to left keeps the Bidi rule (RFC 5893).
 * In addition (UTS 39): the letters are of one script, or of those that are
 * written together (Japanese, Korean, Chinese, each with Latin); the digits
 * are of one kind; a name begins with no mark and has no three in a row.
 *
 * A name is kept as it was typed; its *key* says whether two are the same:
 * case is folded, and letters of other scripts that look like Latin ones (or
 * Katakana like Han) are those. The key of an ASCII name is its lower case.
 */

#ifndef JSON_NAME_H
#define JSON_NAME_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

#define NAME_MIN 2 /* characters; 3 in ASCII, */
#define NAME_ASCII_MIN 3
#define NAME_MAX 64
#define NAME_BYTES_MAX ((size_t)4 * NAME_MAX) /* of the name, and of its key */

/* False: it is no name. Both in *arena*; the name ends with a NUL. */
bool name_read(struct arena *arena, struct span text, struct span *name,
	struct span *key);

/* The same. What is wrong with it, in a sentence for whoever has typed it; NULL:
 * nothing. */
const char *name_fault(struct arena *arena, struct span text, struct span *name,
	struct span *key);

#endif
