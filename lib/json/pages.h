/*
 * pages.h: texts of more than a line that people write: instructions, prompts.
 */

#ifndef JSON_PAGES_H
#define JSON_PAGES_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

/* Whether it is valid UTF-8 without controls but line ends and tabs. */
bool pages_are_text(struct span text);

/* Lines end as they do in the page; blanks around the text are none. In
 * *arena*. */
struct span pages_trimmed(struct arena *arena, struct span text);

#endif
