/*
 * sources.h: collects the pages that an answer names as its sources. Each one
 * is reported once, as LLM_SOURCE; only http and https.
 */

#ifndef WIRE_SOURCES_H
#define WIRE_SOURCES_H

#include "base/buf.h"
#include "wire/stream.h"

#include <stddef.h>

/* The number of addresses, and the bytes of each. */
#define SOURCES_MAX 64
#define ADDRESS_MAX 2048

/* Initialize it with zeros. */
struct sources {
	struct buf addresses; /* each followed by a NUL */
	size_t n;
};

/* Ignores what is not an address, or was named before; *title* may be
 * absent. */
void sources_take(struct sources *sources, struct llm_stream *stream,
	struct span url, struct span title);

void sources_free(struct sources *sources);

#endif
