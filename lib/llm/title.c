#include "llm/title.h"

#include "base/attr.h"
#include "llm/request.h"
#include "llm/wires.h"
#include "json/utf8.h"
#include "json/write.h"

#include <string.h>

/* Enough for a thought before the title; a longer answer is cut off. */
#define ANSWER_TOKENS "2048"

/* Copies an option, except that an effort is lowered: a title needs little, and
 * a model with this option accepts it. "reasoning" is its form in Responses and
 * at OpenRouter. */
static void
put_option(struct json_writer *w, struct span key, const struct json *value)
{
	static const char *const less[] = { "none", "minimal", "low" };
	bool whole = span_is(key, "reasoning") &&
		(json_get(value, "effort") != NULL ||
			json_get(value, "max_tokens") != NULL);
	struct span effort =
		whole ? json_text(json_get(value, "effort")) : json_text(value);
	bool is_low = !whole && !span_is(key, "reasoning_effort");

	for (size_t i = 0; i < LENGTH(less); i++)
		is_low = is_low || span_is(effort, less[i]);
	json_key_span(w, key);
	if (is_low)
		json_put(w, value);
	else
		json_put_raw(
			w, span_of(whole ? "{\"effort\":\"low\"}" : "\"low\""));
}

enum err
llm_title_settings(struct arena *arena, const struct llm_settings *settings,
	struct llm_settings *out)
{
	const char *const *ours = wire_of(settings->kind)->not_for_titles;
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	const struct json *value;
	struct span key;
	size_t at = 0;
	enum err err;

	json_open(&w, '{');
	while (json_next(settings->option_list, &at, &key, &value)) {
		bool is_ours = false;

		for (size_t i = 0; ours[i] != NULL; i++)
			is_ours = is_ours || span_is(key, ours[i]);
		if (is_ours)
			continue;
		put_option(&w, key, value);
	}
	json_close(&w, '}');
	*out = *settings;
	out->system_prompt = LLM_TITLE_PROMPT;
	out->max_tokens = span_of(ANSWER_TOKENS);
	out->effort = MIN(settings->effort, LLM_EFFORT_LOW);
	out->tools = (struct span){ NULL, 0 };
	out->tool_list = NULL;
	out->n_tools = 0;
	out->options = arena_span(arena, buf_span(&text));
	err = json_parse_own(arena, out->options, &out->option_list);
	buf_free(&text);
	return err == OK ? OK : ERR_INTERNAL;
}

static struct span
parts_of(struct arena *arena, const struct llm_title_about *about)
{
	struct buf text = BUF_INIT, parts = BUF_INIT;
	struct json_writer w = json_writer(&parts);
	struct span copy;

	buf_puts(&text, LLM_TITLE_QUESTION);
	buf_put_span(&text, utf8_prefix(about->question, LLM_TITLE_TOLD));
	buf_puts(&text, "\nReply: ");
	buf_put_span(&text, utf8_prefix(about->reply, LLM_TITLE_TOLD));
	buf_puts(&text, "\nTitle:");
	json_open(&w, '[');
	json_open(&w, '{');
	json_member_str(&w, "type", "text");
	json_member_text(&w, "text", buf_span(&text));
	json_close(&w, '}');
	json_close(&w, ']');
	copy = arena_span(arena, buf_span(&parts));
	buf_free(&text);
	buf_free(&parts);
	return copy;
}

enum err
llm_title_request(struct arena *arena, const struct llm_settings *settings,
	const struct llm_takes *takes, const struct llm_title_about *about,
	struct buf *body, struct llm_asked *asked)
{
	const struct llm_ask ask = { .settings = settings, .takes = *takes };
	struct llm_message message = { .role = LLM_USER,
		.parts = parts_of(arena, about) };

	return llm_request(arena, &ask, &message, 1, body, asked);
}
