/*
 * sources.h: the pages that an answer names as its sources. Each is given
 * once, as LLM_SOURCE; http and https only.
 */

#ifndef LLM_SOURCES_H
#define LLM_SOURCES_H

#include "base/buf.h"
#include "llm/stream.h"

#include <stddef.h>

/* Of addresses, and bytes of each. */
#define SOURCES_MAX 64
#define ADDRESS_MAX 2048

/* Begins all zero. */
struct sources {
	struct buf addresses; /* each with a NUL */
	size_t n;
};

/* What is no address, or was named before, is left out; *title* may be
 * absent. */
void sources_take(struct sources *sources, struct llm_stream *stream,
	struct span url, struct span title);

void sources_free(struct sources *sources);

#endif
