/* wires.h: finds a wire (wire/wire.h) by llm.kind. */

#ifndef LLM_WIRES_H
#define LLM_WIRES_H

#include "wire/wire.h"

/* *kind* is an enum conf_kind. Never NULL. */
const struct wire *wire_of(int64_t kind);

/* The words of all wires, for a sentence: "openai, gemini or responses". */
const char *wire_words(struct arena *arena);

/* The kind of a word ("gemini"); false if there is none. */
bool wire_find(struct span word, int64_t *kind);

#endif
