/* search_snippet.h: what is shown of a text that was found. */

#ifndef REPO_SEARCH_SNIPPET_H
#define REPO_SEARCH_SNIPPET_H

#include "base/arena.h"
#include "base/span.h"

/* About 160 characters of valid UTF-8 around the first place of *word*
 * (json/words.h), cut between words if it can be helped, with an ellipsis
 * where something is left out. In *arena*. */
struct span
search_snippet(struct arena *arena, struct span text, struct span word);

#endif
