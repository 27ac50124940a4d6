/*
 * effort.h: how much a model shall think before it answers. Wires have their own
 * words for it: chat completions and Responses take the word, Claude and Gemini
 * tokens.
 */

#ifndef LLM_EFFORT_H
#define LLM_EFFORT_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum llm_effort {
	LLM_EFFORT_UNSET, /* as the provider does by itself */
	LLM_EFFORT_NONE,
	LLM_EFFORT_MINIMAL,
	LLM_EFFORT_LOW,
	LLM_EFFORT_MEDIUM,
	LLM_EFFORT_HIGH,
	LLM_EFFORT_N,
};

/* False: there is no such word. */
bool llm_effort_read(struct span word, enum llm_effort *out);

/* "none", ...; NULL for unset */
const char *llm_effort_word(enum llm_effort effort);

/* Tokens of thinking; 0 for none and unset. */
int64_t llm_effort_tokens(enum llm_effort effort);

#endif
