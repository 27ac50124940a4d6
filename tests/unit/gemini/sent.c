#include "sent.h"

#include "../unit.h"
#include "../wire/vector.h"
#include "conf/conf.h"
#include "json/raw_private.h"

struct llm_settings
gemini_settings(struct arena *arena, const char *options)
{
	struct llm_settings settings = { .kind = CONF_GEMINI,
		.model = MODEL,
		.system_prompt = "",
		.context_tokens = 1 << 30 };

	if (options != NULL)
		settings.option_list = vector_json(arena, span_of(options));
	return settings;
}

void
gemini_request(struct arena *arena, struct llm_ask *ask, const char *takes,
	const char *messages, struct buf *body, struct llm_asked *asked)
{
	struct span text = span_of(messages);
	const struct json *list = vector_json(arena, text);
	struct llm_message told[20];
	size_t n = json_length(list);

	assert_true(n <= LENGTH(told));
	assert_int_equal(
		llm_takes_read(&ask->takes, span_of(takes), false), OK);
	for (size_t i = 0; i < n; i++) {
		const struct json *message = json_at(list, i);
		struct span role = json_text(json_get(message, "role"));

		told[i] = (struct llm_message){ .role = span_is(role, "user")
				? LLM_USER
				: span_is(role, "system") ? LLM_SYSTEM
							  : LLM_ASSISTANT,
			.parts = json_raw_get(json_raw_at(text, i), "parts"),
			.own = json_get(message, "other") == NULL };
	}
	assert_int_equal(llm_request(arena, ask, told, n, body, asked), OK);
}
