/*
 * allowed.h: which of a model's tools (settings.h) it may call in a chat. The
 * models of a process have the same tools, so this holds for each of them.
 */

#ifndef LLM_ALLOWED_H
#define LLM_ALLOWED_H

#include "base/arena.h"
#include "base/err.h"
#include "llm/settings.h"
#include "llm/takes.h"

#include <stdbool.h>
#include <stdint.h>

/* Tools that can be named; those behind them, in a list as long as no model
 * takes it, are never among a chat's own. */
#define LLM_ALLOWED_MAX 256

struct llm_allowed { /* zeroed: all of them */
	bool some; /* only these, by their place in settings->tool_list: */
	uint64_t bits[LLM_ALLOWED_MAX / 64];
};

/* Leaves the tools of *settings* whose names are in *names*, a JSON list; absent:
 * all. Names that are no tool's are passed over; where none is left the model
 * has no tools at all. In *arena*. */
void llm_allowed_apply(struct arena *arena, struct span names,
	struct llm_settings *settings, struct llm_takes *takes,
	struct llm_allowed *out);

/* Whether a tool of this name may be called; one that is none may not, but for
 * all of them. */
bool llm_allowed_has(const struct llm_allowed *allowed,
	const struct llm_settings *settings, struct span name);

#endif
