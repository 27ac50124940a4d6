/*
 * openai_sources.h: the pages that an answer names as its sources: OpenAI's
 * and OpenRouter's `annotations` of type url_citation, Perplexity's
 * `citations` and `search_results`, which come with every chunk again. Each
 * is given once, as LLM_SOURCE; http and https only.
 */

#ifndef LLM_OPENAI_SOURCES_H
#define LLM_OPENAI_SOURCES_H

#include "base/buf.h"
#include "llm/event.h"
#include "json/json.h"

#include <stddef.h>

/* Of addresses, and bytes of each. */
#define SOURCES_MAX 64
#define ADDRESS_MAX 2048

struct openai_sources {
	struct buf addresses; /* each with a NUL */
	size_t n;
};

/* Begins all zero. */
void openai_sources_take(struct openai_sources *sources,
	const struct json *chunk, const struct json *delta,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg);

void openai_sources_free(struct openai_sources *sources);

#endif
