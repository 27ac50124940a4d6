/*
 * settings.h: the [llm] section made ready once, at start: what goes into
 * every request, and the tools that the browser's side answers. Read-only
 * afterwards, so all threads may share it.
 */

#ifndef LLM_SETTINGS_H
#define LLM_SETTINGS_H

#include "base/span.h"
#include "llm/effort.h"
#include "llm/takes.h"
#include "json/json.h"

/* One function tool; *parameters* is its JSON schema, NULL when it has none. */
struct llm_tool {
	struct span name;
	const struct json *parameters;
};

/* What it costs, in millionths of a currency for a million tokens; 0 may be the
 * price, so *known*: of what is read and written. */
struct llm_prices {
	bool known;
	int64_t input, cached, output;
};

struct llm_settings {
	const char *id; /* what the API calls the model; NULL: nothing */
	uint64_t provider_id; /* 0: the configuration's */
	struct llm_prices prices;
	int64_t kind; /* enum conf_kind: wire_of() */
	const char *base_url, *model, *system_prompt; /* "" when unset */
	struct span temperature,
		max_tokens; /* JSON numbers, absent when unset */
	enum llm_effort effort;
	struct span options; /* JSON object, absent when unset */
	const struct json *option_list; /* the same, parsed, or NULL */
	struct span tools; /* JSON array, absent when there is none */
	const struct llm_tool *tool_list;
	size_t n_tools;
	const char *takes_words; /* "" when unset */
	struct llm_takes takes; /* the same, read; nothing learned */
	int64_t context_tokens;
	size_t context_max; /* bytes that are read of a conversation */
	size_t reply_max; /* bytes */
};

#endif
