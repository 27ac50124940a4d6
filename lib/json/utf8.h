/*
 * utf8.h: the UTF-8 rules used around JSON (Unicode 15, table 3-7).
 */

#ifndef JSON_UTF8_H
#define JSON_UTF8_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Whether all of it is valid UTF-8 (no surrogates). */
bool utf8_valid(struct span text);

/*
 * The length of the character at *text*, or 0 when the bytes there are no
 * character; *bad* then is how many bytes one U+FFFD stands for (the maximal
 * subpart, as TextDecoder does).
 */
size_t utf8_char(struct span text, size_t *bad);

/* Appends *text* with every broken sequence replaced by U+FFFD. */
void utf8_repair(struct buf *buf, struct span text);

/* The first *max* grapheme clusters (UAX 29, by libunistring) of valid text. */
struct span utf8_prefix(struct span text, size_t max);

/* How many code points there are in valid text. */
size_t utf8_length(struct span text);

#endif
