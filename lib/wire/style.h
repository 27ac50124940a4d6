/*
 * style.h: how an answer is requested again: shorter, longer, simpler. The wish
 * is a line after the operator's prompt, for that answer only, and the word
 * "style" in its metadata, so that later steps and a continuation have it, too.
 */

#ifndef WIRE_STYLE_H
#define WIRE_STYLE_H

#include "base/span.h"

#include <stdbool.h>

#define LLM_STYLE_MEMBER "style"

enum llm_style {
	LLM_STYLE_NONE,
	LLM_STYLE_SHORTER,
	LLM_STYLE_LONGER,
	LLM_STYLE_SIMPLER,
};

/* False if there is no such word. */
bool llm_style_read(struct span word, enum llm_style *out);

/* "shorter", ...; NULL if none */
const char *llm_style_word(enum llm_style style);

/* The line for the model; "" if none. */
const char *llm_style_line(enum llm_style style);

#endif
