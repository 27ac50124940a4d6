/*
 * words.h: the words of a text, for searching, in ASCII: folded, so that case,
 * accents and width do not matter. In scripts without blanks between words
 * (Chinese, Japanese, Thai, ...) and for emoji, a "word" is a pair of
 * neighbouring characters, so that any part of such a text can be found.
 *
 * One word is a prefix of another exactly if this holds for their texts, so a
 * search for words that begin with a text can compare prefixes.
 */

#ifndef JSON_WORDS_H
#define JSON_WORDS_H

#include "base/span.h"

#include <stdbool.h>

#define WORD_MAX 78 /* bytes; a longer word is cut off there */

/*
 * Calls each(word, arg) for the words of valid UTF-8 in order; a word is valid
 * only until the next call. It consists of [0-9a-z_]. *asked* is for a text to
 * search for: it leaves out the last character of a stretch without blanks,
 * which the last pair already contains. If folding makes a text more than three
 * times as long (a few Arabic ligatures do), the rest yields no words.
 */
void words_each(struct span text, bool asked,
	void (*each)(struct span word, void *arg), void *arg);

/* The length in bytes of a word's first character; *dense*: it belongs to a
 * script without blanks. */
size_t word_char(struct span word, bool *dense);

/* The offset in valid UTF-8 of a word that begins with *word*, which must come
 * from words_each(); text.len if there is none, or if that takes too long to
 * find out: in a text of many beginnings of the word. */
size_t words_find(struct span text, struct span word);

/* Like words_find(), but also finds *part* in the middle of words. */
size_t words_find_inside(struct span text, struct span part);

/* Whether a word from words_each() contains *part* after its beginning. */
bool words_hold(struct span word, struct span part);

#endif
