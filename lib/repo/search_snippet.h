/* search_snippet.h: the excerpt shown of a text that was found. */

#ifndef REPO_SEARCH_SNIPPET_H
#define REPO_SEARCH_SNIPPET_H

#include "base/arena.h"
#include "base/span.h"

/* About 160 characters of valid UTF-8 around the first match of *word*
 * (json/words.h), cut between words if possible, with an ellipsis where text is
 * left out. In *arena*. */
struct span
search_snippet(struct arena *arena, struct span text, struct span word);

#endif
