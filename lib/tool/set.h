/*
 * set.h: the tools that run in the server: which there are, which of
 * them the configuration turns on. Read-only once loaded.
 */

#ifndef TOOL_SET_H
#define TOOL_SET_H

#include "llm/settings.h"
#include "tool/tool.h"

struct tool_set {
	const struct tool *list;
	size_t n;
	bool alone; /* the browser's side answers none beside them */
};

/*
 * Reads the [tools] section, and offers the tools to the model: they are added
 * to *settings*. Lives as long as *arena*. ERR_INVALID after a logged sentence
 * that names the key.
 */
MUST_USE enum err tool_set_load(struct arena *arena, const struct conf *conf,
	struct llm_settings *settings, struct tool_set *out);

/* NULL when none of that name runs here. */
const struct tool *tool_find(const struct tool_set *set, struct span name);

/* Whether the server answers calls of that name, be it that there is no such
 * tool: it is nobody else's. */
bool tool_is_ours(const struct tool_set *set, struct span name);

/* Checked JSON `parts` without calls of ours: what a client says that we did
 * is not believed. In *arena*, or as they are. */
struct span tool_set_without_ours(
	struct arena *arena, const struct tool_set *set, struct span parts);

#endif
