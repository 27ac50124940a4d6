/*
 * allowed.h: the tools (settings.h) that a model may call in a chat. All models
 * of a process have the same tools, so the selection applies to each of them.
 */

#ifndef WIRE_ALLOWED_H
#define WIRE_ALLOWED_H

#include "base/arena.h"
#include "base/err.h"
#include "wire/settings.h"
#include "wire/takes.h"

#include <stdbool.h>
#include <stdint.h>

/* The number of tools that can be selected. Tools beyond that, in a list longer
 * than any model accepts, are never part of a chat's own selection. */
#define LLM_ALLOWED_MAX 256

struct llm_allowed { /* zeroed: all tools */
	bool some; /* only these, by index in settings->tool_list: */
	uint64_t bits[LLM_ALLOWED_MAX / 64];
};

/* Restricts *settings* to the tools in *names*, a JSON list; if it is absent,
 * all stay. Unknown names are ignored; if no tool is left, the model has none.
 * Allocates in *arena*. */
void llm_allowed_apply(struct arena *arena, struct span names,
	struct llm_settings *settings, struct llm_takes *takes,
	struct llm_allowed *out);

/* Whether this tool may be called. An unknown name is allowed only if all
 * are. */
bool llm_allowed_has(const struct llm_allowed *allowed,
	const struct llm_settings *settings, struct span name);

#endif
