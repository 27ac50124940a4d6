#include "gemini/request.h"

#include "base/attr.h"
#include "gemini/contents.h"
#include "gemini/functions.h"
#include "gemini/kept.h"
#include "wire/tools.h"
#include "json/json.h"

/* ---- llm.options, whose members may be spelled in two ways */

struct members {
	struct json_writer *w;
	const struct json *options;
	const struct llm_ask *ask;
	bool tools;
	unsigned had;
};

static const struct json *
option(const struct json *object, const char *camel, const char *snake)
{
	const struct json *value = json_get(object, camel);

	return value != NULL ? value : json_get(object, snake);
}

static bool
is_one_of(struct span key, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(key, list[i]))
			return true;
	return false;
}

/* Writes the members of an object, except some and those that are null. */
static void
put_members(struct json_writer *w, const struct json *object,
	const char *const *but, size_t n)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(object, &at, &key, &value)) {
		if (json_kind(value) == JSON_NULL || is_one_of(key, but, n))
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
}

/* ---- generationConfig */

/* Thoughts are shown, so they are requested, unless the model was asked not to
 * think. */
static void
put_thinking(struct members *m, const struct json *config)
{
	static const char *const ours[] = { "includeThoughts",
		"include_thoughts", "thinkingBudget", "thinking_budget",
		"thinkingLevel", "thinking_level" };
	enum llm_effort effort = m->ask->settings->effort;
	bool chosen = effort != LLM_EFFORT_UNSET &&
		m->ask->takes.way[TAKES_EFFORT] != WAY_OFF;
	const struct json *thinking =
		option(config, "thinkingConfig", "thinking_config");
	const struct json *shown =
		option(thinking, "includeThoughts", "include_thoughts");
	const struct json *budget =
		option(thinking, "thinkingBudget", "thinking_budget");
	bool on = m->ask->takes.way[TAKES_REASONING] != WAY_OFF &&
		json_boolean(shown, true) &&
		(chosen ? effort != LLM_EFFORT_NONE
			: json_int(budget, -1) != 0);

	if (!on && !chosen && json_length(thinking) == 0)
		return;
	json_key(m->w, "thinkingConfig");
	json_open(m->w, '{');
	if (on) {
		json_member_bool(m->w, "includeThoughts", true);
		m->had |= TAKES_BIT(TAKES_REASONING);
	}
	if (chosen) {
		json_member_int(
			m->w, "thinkingBudget", llm_effort_tokens(effort));
		m->had |= TAKES_BIT(TAKES_EFFORT);
	}
	put_members(m->w, thinking, ours, chosen ? LENGTH(ours) : 2);
	json_close(m->w, '}');
}

static void
put_config(struct members *m)
{
	const struct llm_settings *settings = m->ask->settings;
	const struct json *config =
		option(m->options, "generationConfig", "generation_config");
	const char *ours[6] = { "thinkingConfig", "thinking_config" };
	size_t n = 2;

	json_key(m->w, "generationConfig");
	json_open(m->w, '{');
	if (settings->max_tokens.data != NULL) {
		json_member_raw(m->w, "maxOutputTokens", settings->max_tokens);
		ours[n++] = "maxOutputTokens";
		ours[n++] = "max_output_tokens";
	}
	if (m->ask->takes.way[TAKES_TEMPERATURE] == WAY_OFF) {
		ours[n++] = "temperature";
	} else if (settings->temperature.data != NULL) {
		json_member_raw(m->w, "temperature", settings->temperature);
		ours[n++] = "temperature";
	}
	if (m->ask->takes.way[TAKES_TEMPERATURE] != WAY_OFF &&
		(settings->temperature.data != NULL ||
			json_get(config, "temperature") != NULL))
		m->had |= TAKES_BIT(TAKES_TEMPERATURE);
	put_members(m->w, config, ours, n);
	put_thinking(m, config);
	json_close(m->w, '}');
}

/* ---- tools */

static void
put_tool_list(struct arena *arena, struct members *m)
{
	const struct llm_settings *settings = m->ask->settings;
	const struct json *theirs = json_get(m->options, "tools"), *ours;

	json_key(m->w, "tools");
	json_open(m->w, '[');
	if (settings->tools.data != NULL &&
		json_parse_own(arena, settings->tools, &ours) == OK) {
		json_open(m->w, '{');
		json_key(m->w, "functionDeclarations");
		gemini_put_functions(m->w, ours);
		json_close(m->w, '}');
	}
	for (size_t i = 0; i < json_length(theirs); i++)
		json_put(m->w, json_at(theirs, i));
	json_close(m->w, ']');
	m->had |= TAKES_BIT(TAKES_TOOLS);
}

static void
put_tools(struct arena *arena, struct members *m)
{
	const struct json *config =
		option(m->options, "toolConfig", "tool_config");

	if (!m->tools)
		return;
	put_tool_list(arena, m);
	if (m->ask->takes.way[TAKES_TOOL_CHOICE] == WAY_OFF ||
		(!m->ask->last && json_kind(config) != JSON_OBJECT))
		return;
	json_key(m->w, "toolConfig");
	m->had |= TAKES_BIT(TAKES_TOOL_CHOICE);
	if (!m->ask->last) {
		json_put(m->w, config);
		return;
	}
	json_open(m->w, '{');
	json_key(m->w, "functionCallingConfig");
	json_open(m->w, '{');
	json_member_str(m->w, "mode", "NONE");
	json_close(m->w, '}');
	json_close(m->w, '}');
}

/* ---- the body */

static void
put_prompt(struct json_writer *w, struct span prompt)
{
	if (prompt.len == 0)
		return;
	json_key(w, "systemInstruction");
	json_open(w, '{');
	json_key(w, "parts");
	json_open(w, '[');
	json_open(w, '{');
	json_member_text(w, "text", prompt);
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
}

static void
put_told(struct arena *arena, struct members *m,
	const struct wire_messages *told)
{
	const struct llm_takes *takes = &m->ask->takes;
	bool said = takes->way[TAKES_SYSTEM] == WAY_USER;
	bool calls = takes->way[TAKES_TOOLS] == WAY_ON &&
		(m->tools || !m->ask->last);
	struct gemini_contents contents = { .w = m->w,
		.takes = takes,
		.owner = kept_owner_of(GEMINI_KIND, m->ask->settings) };
	struct turns turns;

	turns_read(&turns, arena, m->ask, told, calls, said);
	if (turns.prompted)
		m->had |= TAKES_BIT(TAKES_SYSTEM);
	put_prompt(m->w, buf_span(&turns.prompt));
	gemini_put_contents(&contents, &turns);
	turns_free(&turns);
	m->had |= contents.had;
}

void
gemini_write(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	struct llm_asked *asked)
{
	static const char *const ours[] = { "generationConfig",
		"generation_config", "tools", "toolConfig", "tool_config" };
	struct members members = { .w = w,
		.options = ask->settings->option_list,
		.ask = ask,
		.tools = llm_tools_offered(ask) };

	json_open(w, '{');
	put_told(arena, &members, told);
	put_tools(arena, &members);
	put_config(&members);
	put_members(w, members.options, ours, LENGTH(ours));
	json_close(w, '}');
	asked->had |= members.had;
}
