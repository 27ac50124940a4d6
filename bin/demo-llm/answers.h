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
 * what this model is and how to set a real one. After the *prompt* that asks for
 * a title (llm/title.h) it is one: the question's first words. Lives in
 * *arena*.
 */
struct answer answer_compose(struct arena *arena, struct span prompt,
	struct span question, bool first);

/* Whether *text* is not a person's: it asks for more of an answer that was cut
 * off. */
bool answer_is_asked_on(struct span text);

/* The largest number of bytes up to *len* that cuts no character of *text*. */
size_t utf8_floor(struct span text, size_t len);

#endif
