/*
 * settings.h: the [llm] section, prepared once at start: what goes into every
 * request, and the tools that the browser answers. It never changes afterwards,
 * so all threads may share it.
 */

#ifndef WIRE_SETTINGS_H
#define WIRE_SETTINGS_H

#include "base/span.h"
#include "wire/effort.h"
#include "wire/takes.h"
#include "json/json.h"

/* One function tool; *parameters* is its JSON schema, NULL if it has none. */
struct llm_tool {
	struct span name;
	const struct json *parameters;
};

/* Prices in millionths of a currency per million tokens. 0 is a valid price, so
 * *known* says whether those of input and output are set; without a price of
 * its own, *cached* is that of input. */
struct llm_prices {
	bool known;
	int64_t input, cached, output;
};

struct llm_settings {
	const char *id; /* the API's name for the model; NULL if it has none */
	uint64_t provider_id; /* 0 for the configuration's model */
	struct llm_prices prices;
	int64_t kind; /* enum conf_kind; see wire_of() */
	const char *base_url, *model, *system_prompt; /* "" if unset */
	struct span temperature, max_tokens; /* JSON numbers, absent if unset */
	enum llm_effort effort;
	struct span options; /* a JSON object, absent if unset */
	const struct json *option_list; /* the same, parsed; NULL if unset */
	struct span tools; /* a JSON array, absent if there are none */
	const struct llm_tool *tool_list;
	size_t n_tools;
	const char *takes_words; /* "" if unset */
	struct llm_takes takes; /* the same, parsed; without any lessons */
	int64_t context_tokens;
	size_t context_max; /* bytes of a conversation that are read */
	size_t reply_max; /* bytes */
};

#endif
