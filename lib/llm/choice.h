/*
 * choice.h: what somebody has chosen for a chat, beside the model: a JSON object
 *
 *	{"temperature"?: 0 to 2, "maxTokens"?: 1 to 100000000,
 *	 "effort"?: "none"|"minimal"|"low"|"medium"|"high", "tools"?: boolean}
 *
 * A member that is null is not chosen. It goes before the model's settings and
 * options, but a maximum of theirs stays one: of both the smaller is sent. What
 * the model is known not to take (takes.h) is left out all the same.
 */

#ifndef LLM_CHOICE_H
#define LLM_CHOICE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "llm/effort.h"
#include "llm/settings.h"
#include "llm/takes.h"

#include <stdbool.h>

#define LLM_CHOICE_MAX 1024 /* bytes */

struct llm_choice {
	struct span temperature, max_tokens; /* JSON numbers; absent: none */
	enum llm_effort effort;
	bool without_tools, with_tools; /* one of them, or none */
};

/* *json*: a checked text; absent or null is no choice. What is given is *json*'s.
 * ERR_INVALID with a sentence in *why*. */
MUST_USE enum err llm_choice_read(struct arena *arena, struct span json,
	struct llm_choice *out, const char **why);

/* That object again, at most LLM_CHOICE_MAX bytes; absent when nothing is
 * chosen. In *arena*. */
struct span
llm_choice_write(struct arena *arena, const struct llm_choice *choice);

/* Changes how a model is asked; in *arena*. ERR_INTERNAL. */
MUST_USE enum err
llm_choice_apply(struct arena *arena, const struct llm_choice *choice,
	struct llm_settings *settings, struct llm_takes *takes);

#endif
