/*
 * adapt_words.h: the words by which refusals name what they refuse, as used by
 * OpenAI, Azure, Mistral, Groq, Cerebras, DeepSeek, Moonshot, Google,
 * Anthropic, OpenRouter, vLLM, llama.cpp, Ollama and LM Studio. Private to
 * adapt.c.
 */

#ifndef WIRE_ADAPT_WORDS_H
#define WIRE_ADAPT_WORDS_H

#include "wire/failure.h"
#include "wire/takes.h"

#include <stdbool.h>
#include <stddef.h>

#define ADAPT_WORDS_MAX 3

/* A sign matches if the refusal contains all of *words*. The first match that
 * was in the request in that way counts. */
struct adapt_sign {
	enum llm_ability ability;
	unsigned char way; /* the new way to ask */
	const char *words[ADAPT_WORDS_MAX];
};

/* Returns the signs one after another from *i* 0; NULL at the end. */
const struct adapt_sign *adapt_sign(size_t i);
bool
adapt_is_shown(const struct failure *failure, const struct adapt_sign *sign);

enum adapt_topic {
	/* The model does not accept content as a list of parts; without files
	 * it is sent as a string. */
	ADAPT_ONLY_TEXT,
	/* This one file may be refused, and not every file of its kind. */
	ADAPT_ONE_FILE,
	/* This one thought may be refused; thoughts in other chats may be
	 * fine. */
	ADAPT_ONE_THOUGHT,
	ADAPT_TOO_LONG,
	/* No other form of the request helps. */
	ADAPT_FOR_GOOD,
};

bool adapt_says(const struct failure *failure, enum adapt_topic topic);

#endif
