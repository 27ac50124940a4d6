/* utf8.h: the UTF-8 rules used with JSON (Unicode 15, table 3-7). */

#ifndef JSON_UTF8_H
#define JSON_UTF8_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Whether the whole text is valid UTF-8 (without surrogates). */
bool utf8_valid(struct span text);

/*
 * The length of the character at *text*, or 0 if the bytes are invalid; *bad*
 * is then the number of bytes to replace by one U+FFFD (the maximal subpart, as
 * in TextDecoder).
 */
size_t utf8_char(struct span text, size_t *bad);

/* Appends *text*, with every invalid sequence replaced by U+FFFD. */
void utf8_repair(struct buf *buf, struct span text);

/* The first *max* grapheme clusters (UAX 29, by libunistring) of valid text. */
struct span utf8_prefix(struct span text, size_t max);

/* The number of code points in valid text. */
size_t utf8_length(struct span text);

#endif
