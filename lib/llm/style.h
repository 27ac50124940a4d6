/*
 * style.h: how an answer is asked for once more: shorter, longer, simpler. The
 * wish is a line after the operator's prompt, for that answer alone, and a
 * word, "style", in its metadata, by which it is asked for in its later steps
 * and when it goes on.
 */

#ifndef LLM_STYLE_H
#define LLM_STYLE_H

#include "base/span.h"

#include <stdbool.h>

#define LLM_STYLE_MEMBER "style"

enum llm_style {
	LLM_STYLE_NONE,
	LLM_STYLE_SHORTER,
	LLM_STYLE_LONGER,
	LLM_STYLE_SIMPLER,
};

/* False: there is no such word. */
bool llm_style_read(struct span word, enum llm_style *out);

/* "shorter", ...; NULL for none */
const char *llm_style_word(enum llm_style style);

/* What the model is told; "" for none. */
const char *llm_style_line(enum llm_style style);

#endif
