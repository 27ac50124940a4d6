/*
 * set.h: the tools that run in the server, and which of them the configuration
 * turns on. The set does not change once loaded.
 */

#ifndef TOOL_SET_H
#define TOOL_SET_H

#include "tool/tool.h"
#include "wire/settings.h"

struct tool_set {
	const struct tool *list;
	size_t n;
	bool alone; /* there are no tools that the browser answers */
};

/*
 * Reads the [tools] section and adds its tools to *settings*, so they are
 * offered to the model. The set lives as long as *arena*. ERR_INVALID after
 * logging a sentence that names the key.
 */
MUST_USE enum err tool_set_load(struct arena *arena, const struct conf *conf,
	struct llm_settings *settings, struct tool_set *out);

/* NULL if no tool of that name runs here. */
const struct tool *tool_find(const struct tool_set *set, struct span name);

/* Whether the server answers calls with that name. If the browser answers none
 * (*alone*), it also answers those with an unknown name, with an error. */
bool tool_is_ours(const struct tool_set *set, struct span name);

/* Returns checked JSON `parts` without calls of our tools, because a client's
 * claim about them is not believed. A copy in *arena*, or unchanged. */
struct span tool_set_without_ours(
	struct arena *arena, const struct tool_set *set, struct span parts);

#endif
