/* answers.h: what the demo model says. */

#ifndef DEMO_LLM_ANSWERS_H
#define DEMO_LLM_ANSWERS_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

struct answer {
	struct span reasoning, text;
};

/*
 * Prepared text for the first topic whose word is in *question*, else an
 * answer that quotes it. The *first* answer of a conversation begins with
 * what this model is and how to set a real one. Lives in *arena*.
 */
struct answer
answer_compose(struct arena *arena, struct span question, bool first);

/* Whether a first message asks for a title (llm/title.h). */
bool answer_asks_title(struct span prompt);

/* The first words of the question in *asked*: what the demo model
 * calls a conversation. */
struct answer answer_title(struct arena *arena, struct span asked);

/* The largest number of bytes up to *len* that cuts no character of *text*. */
size_t utf8_floor(struct span text, size_t len);

#endif
