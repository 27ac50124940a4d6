/* pages.h: texts of several lines that people write: instructions, prompts. */

#ifndef JSON_PAGES_H
#define JSON_PAGES_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

/* Whether *text* is valid UTF-8 without control characters other than line ends
 * and tabs. */
bool pages_are_text(struct span text);

/* Normalises line ends as the page does and removes blanks around the text. In
 * *arena*. */
struct span pages_trimmed(struct arena *arena, struct span text);

#endif
