/*
 * choice.h: what a user has chosen for a chat, besides the model: a JSON object
 *
 *	{"temperature"?: 0 to 2, "maxTokens"?: 1 to 100000000,
 *	 "effort"?: "none"|"minimal"|"low"|"medium"|"high", "tools"?: boolean}
 *
 * A null member is not chosen. A choice overrides the model's settings and
 * options, but their maximum remains one: the smaller value is sent. What the
 * model is known not to accept (wire/takes.h) is still left out.
 */

#ifndef LLM_CHOICE_H
#define LLM_CHOICE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "wire/effort.h"
#include "wire/settings.h"
#include "wire/takes.h"

#include <stdbool.h>

#define LLM_CHOICE_MAX 1024 /* bytes */

struct llm_choice {
	/* JSON numbers; absent if not chosen */
	struct span temperature, max_tokens;
	enum llm_effort effort;
	bool without_tools, with_tools; /* at most one of them is true */
};

/* Why a choice is invalid. */
struct llm_choice_fault {
	const char *member; /* NULL: the choice as a whole */
	const char *sentence;
};

/* Reads *json*, valid JSON; absent or null is no choice. The result points into
 * *json*. ERR_INVALID with *fault*. */
MUST_USE enum err llm_choice_read(struct arena *arena, struct span json,
	struct llm_choice *out, struct llm_choice_fault *fault);

/* Writes the same object, at most LLM_CHOICE_MAX bytes; absent if nothing is
 * chosen. Allocates in *arena*. */
struct span
llm_choice_write(struct arena *arena, const struct llm_choice *choice);

/* Applies the choice to how a model is asked; allocates in *arena*.
 * ERR_INTERNAL. */
MUST_USE enum err
llm_choice_apply(struct arena *arena, const struct llm_choice *choice,
	struct llm_settings *settings, struct llm_takes *takes);

#endif
