/* answers.h: the answers of the demo model. */

#ifndef DEMO_LLM_ANSWERS_H
#define DEMO_LLM_ANSWERS_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

struct answer {
	struct span reasoning, text;
};

/*
 * Prepared text for the first topic whose word is in *question*; otherwise an
 * answer that quotes it. The *first* answer of a conversation begins by
 * explaining what this model is and how to set up a real one. For the *prompt*
 * that requests a title (llm/title.h) the answer is the question's first words.
 * Lives in *arena*.
 */
struct answer answer_compose(struct arena *arena, struct span prompt,
	struct span question, bool first);

/* Whether *text* is not from a person, but requests the rest of an answer that
 * was cut off. */
bool answer_is_asked_on(struct span text);

/* The largest number of bytes up to *len* that does not split a character of
 * *text*. */
size_t utf8_floor(struct span text, size_t len);

#endif
