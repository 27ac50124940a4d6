/*
 * effort.h: how much a model should think before it answers. Each wire has its
 * own form for it: chat completions and Responses take the word, Claude and
 * Gemini a number of tokens.
 */

#ifndef WIRE_EFFORT_H
#define WIRE_EFFORT_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum llm_effort {
	LLM_EFFORT_UNSET, /* the provider's default */
	LLM_EFFORT_NONE,
	LLM_EFFORT_MINIMAL,
	LLM_EFFORT_LOW,
	LLM_EFFORT_MEDIUM,
	LLM_EFFORT_HIGH,
	LLM_EFFORT_N,
};

/* False if there is no such word. */
bool llm_effort_read(struct span word, enum llm_effort *out);

/* "none", ...; NULL if unset */
const char *llm_effort_word(enum llm_effort effort);

/* The number of thinking tokens; 0 for none and unset. */
int64_t llm_effort_tokens(enum llm_effort effort);

#endif
