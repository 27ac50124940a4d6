/*
 * words.h: the words of a text, for a search, in ASCII: folded, so that case,
 * accents and width do not matter. Where words are not set apart by blanks
 * (Chinese, Japanese, Thai, ...) and for emoji, a "word" is two neighbouring
 * characters, so that any stretch of such a text can be found.
 *
 * A word begins with another's letters exactly when the text does: who looks
 * for what begins with a word may compare the beginnings.
 */

#ifndef JSON_WORDS_H
#define JSON_WORDS_H

#include "base/span.h"

#include <stdbool.h>

#define WORD_MAX 78 /* bytes; a longer word is known by its beginning */

/*
 * Calls each(word, arg) for the words of valid UTF-8 in order; a word is only
 * good until the next one. [0-9a-z_]. For a text that is looked for, *asked*
 * leaves out the last character of such a stretch: it is the end of a word
 * already. A text that folding makes more than three times as long (a few
 * Arabic ligatures do) is cut into words up to there.
 */
void words_each(struct span text, bool asked,
	void (*each)(struct span word, void *arg), void *arg);

/* The bytes of a word's first character; *dense*: of a text without blanks. */
size_t word_char(struct span word, bool *dense);

/* Where in valid UTF-8 a word begins that begins with *word*, which is one as
 * words_each() gives it; text.len: nowhere. */
size_t words_find(struct span text, struct span word);

/* The same in the middle of words, too. */
size_t words_find_inside(struct span text, struct span part);

/* Whether a word, as words_each() gives it, has *part* behind its beginning. */
bool words_hold(struct span word, struct span part);

#endif
