/*
 * adapt_words.h: what the words of refusals point at, in the field's own
 * words: OpenAI, Azure, Mistral, Groq, Cerebras, DeepSeek, Moonshot, Google,
 * Anthropic, OpenRouter, vLLM, llama.cpp, Ollama, LM Studio. Inside of adapt.c.
 */

#ifndef LLM_ADAPT_WORDS_H
#define LLM_ADAPT_WORDS_H

#include "llm/failure.h"
#include "llm/takes.h"

#include <stdbool.h>
#include <stddef.h>

#define ADAPT_WORDS_MAX 3

/* All of *words* must be there. The first that fits, and was in the request in
 * that way, is it. */
struct adapt_sign {
	enum llm_ability ability;
	unsigned char way; /* that it is changed to */
	const char *words[ADAPT_WORDS_MAX];
};

/* One after another from *i* 0; NULL at the end. */
const struct adapt_sign *adapt_sign(size_t i);
bool
adapt_is_shown(const struct failure *failure, const struct adapt_sign *sign);

enum adapt_topic {
	/* The content is a list of parts, which this model does not read:
	 * without files it is a text. */
	ADAPT_ONLY_TEXT,
	/* It may be this one file that is refused, not all of its kind. */
	ADAPT_ONE_FILE,
	/* The same of a thought: those of another chat may be in order. */
	ADAPT_ONE_THOUGHT,
	ADAPT_TOO_LONG,
	/* Refusals that no other form helps against. */
	ADAPT_FOR_GOOD,
};

bool adapt_says(const struct failure *failure, enum adapt_topic topic);

#endif
