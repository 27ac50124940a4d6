#include "llm/openai_request.h"

#include "base/log.h"
#include "llm/openai_part.h"
#include "json/json.h"
#include "json/write.h"

static enum err
put_message(struct json_writer *w, struct arena *arena,
	const struct llm_message *message)
{
	static void (*const put[])(
		struct json_writer *, const struct json *) = {
		[LLM_SYSTEM] = openai_put_system,
		[LLM_USER] = openai_put_user,
		[LLM_ASSISTANT] = openai_put_assistant,
	};
	const struct json *parts;

	if (json_parse_items(arena, message->parts, &parts) != OK) {
		log_error("stored_parts_broken", "len=%zu", message->parts.len);
		return ERR_INTERNAL;
	}
	put[message->role](w, parts);
	return OK;
}

/* The server's own prompt. */
static void
put_prompt(struct json_writer *w, const char *prompt)
{
	if (*prompt == '\0')
		return;
	json_open(w, '{');
	json_member_str(w, "role", "system");
	json_member_str(w, "content", prompt);
	json_close(w, '}');
}

size_t
llm_context_first(
	const struct llm_message *messages, size_t n, size_t context_max)
{
	size_t first = n, size = 0;

	for (size_t i = n; i-- > 0;) {
		size += messages[i].parts.len;
		if (size > context_max && first < n)
			return first;
		if (messages[i].role == LLM_USER)
			first = i;
	}
	return 0;
}

/* A setting, unless llm.options has that member. */
static void
put_setting(struct json_writer *w, const struct llm_settings *settings,
	const char *key, struct span raw)
{
	if (raw.data != NULL && json_get(settings->option_list, key) == NULL)
		json_member_raw(w, key, raw);
}

/* A member that is null is left out: so a default can be taken away. */
static void
put_options(struct json_writer *w, const struct llm_settings *settings)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(settings->option_list, &at, &key, &value)) {
		if (json_kind(value) == JSON_NULL)
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
}

static enum err
put_messages(struct json_writer *w, struct arena *arena,
	const struct llm_settings *settings, const struct llm_message *messages,
	size_t n)
{
	json_key(w, "messages");
	json_open(w, '[');
	put_prompt(w, settings->system_prompt);
	for (size_t i = llm_context_first(messages, n, settings->context_max);
		i < n; i++)
		TRY(put_message(w, arena, &messages[i]));
	json_close(w, ']');
	return OK;
}

enum err
openai_request(struct arena *arena, const struct llm_settings *settings,
	const struct llm_message *messages, size_t n, struct buf *body)
{
	struct json_writer w = json_writer(body);
	bool tools = settings->tools.data != NULL;

	json_open(&w, '{');
	if (json_get(settings->option_list, "model") == NULL)
		json_member_str(&w, "model", settings->model);
	put_setting(&w, settings, "max_tokens", settings->max_tokens);
	put_setting(&w, settings, "temperature", settings->temperature);
	put_options(&w, settings);
	TRY(put_messages(&w, arena, settings, messages, n));
	put_setting(&w, settings, "tools", settings->tools);
	if (tools)
		put_setting(&w, settings, "tool_choice", span_of("\"auto\""));
	json_member_raw(&w, "stream", span_of("true"));
	put_setting(&w, settings, "stream_options",
		span_of("{\"include_usage\":true}"));
	json_close(&w, '}');
	return OK;
}
