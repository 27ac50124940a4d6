#include "anthropic/request.h"

#include "anthropic/messages.h"
#include "base/attr.h"
#include "wire/tools.h"
#include "json/json.h"

#include <stdlib.h>

/* ---- max_tokens, a member that every request needs */

/* All models accept this value, including unknown ones. */
#define TOKENS_LEAST 4096

/* The longest answer of models with names like this. */
static int64_t
longest(const char *model)
{
	static const struct {
		const char *name;
		int64_t tokens;
	} models[] = {
		{ "claude-2", 4096 },
		{ "claude-instant", 4096 },
		{ "claude-3-5", 8192 },
		{ "claude-3-7", 64000 },
		{ "claude-3", 4096 },
		{ "claude-opus-4-20", 32000 },
		{ "claude-opus-4-0", 32000 },
		{ "claude-opus-4-1", 32000 },
		{ "claude", 64000 },
	};

	for (size_t i = 0; i < LENGTH(models); i++)
		if (strcasestr(model, models[i].name) != NULL)
			return models[i].tokens;
	return TOKENS_LEAST;
}

static int64_t
max_tokens(const struct llm_ask *ask)
{
	const struct llm_settings *settings = ask->settings;
	const struct json *option =
		json_get(settings->option_list, "max_tokens");
	int64_t tokens = longest(settings->model);

	if (settings->max_tokens.len > 0)
		tokens = strtoll(settings->max_tokens.data, NULL, 10);
	tokens = json_int(option, tokens);
	if (ask->takes.way[TAKES_MAX_TOKENS] != WAY_ON)
		tokens = MIN(tokens, (int64_t)TOKENS_LEAST);
	return tokens;
}

static void
put_max_tokens(const struct llm_ask *ask, struct json_writer *w, unsigned *had)
{
	int64_t tokens = max_tokens(ask);

	json_member_int(w, "max_tokens", tokens);
	if (tokens > TOKENS_LEAST)
		*had |= TAKES_BIT(TAKES_MAX_TOKENS);
}

/* ---- thoughts */

/* The smallest budget accepted. */
#define THOUGHTS_LEAST 1024

/* The number of thinking tokens; 0 if none are chosen, if there is no room for
 * them, or if llm.options decides. */
static int64_t
chosen_thoughts(const struct llm_ask *ask, bool thoughtless)
{
	const struct llm_settings *settings = ask->settings;
	int64_t tokens =
		MIN(llm_effort_tokens(settings->effort), max_tokens(ask) / 2);

	if (thoughtless || tokens < THOUGHTS_LEAST ||
		ask->takes.way[TAKES_EFFORT] == WAY_OFF ||
		json_get(settings->option_list, "thinking") != NULL)
		return 0;
	return tokens;
}

static void
put_thinking(int64_t tokens, struct json_writer *w, unsigned *had)
{
	if (tokens == 0)
		return;
	json_key(w, "thinking");
	json_open(w, '{');
	json_member_str(w, "type", "enabled");
	json_member_int(w, "budget_tokens", tokens);
	json_close(w, '}');
	*had |= TAKES_BIT(TAKES_EFFORT);
}

/* ---- tools */

/* Writes the JSON schema of the arguments, with the type "object". */
static void
put_schema(struct json_writer *w, struct span parameters)
{
	struct span key = { NULL, 0 }, value = { NULL, 0 };

	json_key(w, "input_schema");
	json_open(w, '{');
	json_member_str(w, "type", "object");
	while (parameters.len > 0 &&
		json_raw_member(parameters, &key, &value)) {
		if (json_raw_is(key, "type"))
			continue;
		json_key_raw(w, key);
		json_put_raw(w, value);
	}
	json_close(w, '}');
}

static void
put_tool(struct anthropic_messages *m, struct span tool, bool mark)
{
	struct span function = json_raw_get(tool, "function");
	struct span description = json_raw_get(function, "description");

	json_open(m->w, '{');
	json_member_raw(m->w, "name", json_raw_get(function, "name"));
	if (json_raw_kind(description) == JSON_TEXT)
		json_member_raw(m->w, "description", description);
	put_schema(m->w, json_raw_get(function, "parameters"));
	if (mark)
		anthropic_put_mark(m);
	json_close(m->w, '}');
}

/* Writes our tools, and the provider's own tools from llm.options. */
static void
put_tools(struct anthropic_messages *m, const struct llm_settings *settings)
{
	const struct json *more = json_get(settings->option_list, "tools");
	size_t n =
		settings->tools.len > 0 ? json_raw_length(settings->tools) : 0;
	struct span tool = { NULL, 0 };

	m->had |= TAKES_BIT(TAKES_TOOLS);
	json_key(m->w, "tools");
	json_open(m->w, '[');
	for (size_t i = 0; i < n && json_raw_next(settings->tools, &tool); i++)
		put_tool(m, tool, i + 1 == n);
	for (size_t i = 0; i < json_length(more); i++)
		json_put(m->w, json_at(more, i));
	json_close(m->w, ']');
}

static void
put_choice(struct anthropic_messages *m, const struct llm_ask *ask)
{
	const struct json *option =
		json_get(ask->settings->option_list, "tool_choice");

	if (ask->takes.way[TAKES_TOOL_CHOICE] != WAY_ON ||
		(!ask->last && json_kind(option) != JSON_OBJECT))
		return;
	m->had |= TAKES_BIT(TAKES_TOOL_CHOICE);
	json_key(m->w, "tool_choice");
	if (!ask->last) {
		json_put(m->w, option);
		return;
	}
	json_open(m->w, '{');
	json_member_str(m->w, "type", "none");
	json_close(m->w, '}');
}

/* ---- other members */

static void
put_temperature(const struct llm_ask *ask, struct json_writer *w, unsigned *had)
{
	const struct llm_settings *settings = ask->settings;

	if (settings->temperature.len == 0 ||
		ask->takes.way[TAKES_TEMPERATURE] != WAY_ON ||
		json_get(settings->option_list, "temperature") != NULL)
		return;
	json_member_raw(w, "temperature", settings->temperature);
	*had |= TAKES_BIT(TAKES_TEMPERATURE);
}

/* A thinking budget is refused if the earlier thought cannot be sent back. */
static bool
is_budget(const struct json *value)
{
	return span_is(json_text(json_get(value, "type")), "enabled");
}

static void
put_options(const struct llm_ask *ask, bool thoughtless, struct json_writer *w,
	unsigned *had)
{
	static const char *const elsewhere[] = { "max_tokens", "tools",
		"tool_choice" };
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(ask->settings->option_list, &at, &key, &value)) {
		bool skip = json_kind(value) == JSON_NULL;

		for (size_t i = 0; i < LENGTH(elsewhere); i++)
			skip = skip || span_is(key, elsewhere[i]);
		if (span_is(key, "temperature")) {
			*had |= TAKES_BIT(TAKES_TEMPERATURE);
			skip = skip ||
				ask->takes.way[TAKES_TEMPERATURE] != WAY_ON;
		}
		if (skip ||
			(span_is(key, "thinking") && thoughtless &&
				is_budget(value)))
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
}

static void
put_system(struct anthropic_messages *m, struct span prompt)
{
	if (prompt.len == 0)
		return;
	json_key(m->w, "system");
	json_open(m->w, '[');
	json_open(m->w, '{');
	json_member_str(m->w, "type", "text");
	json_member_text(m->w, "text", prompt);
	anthropic_put_mark(m);
	json_close(m->w, '}');
	json_close(m->w, ']');
}

/* Images of any other type are always refused. */
static struct anthropic_messages
messages_of(
	struct arena *arena, const struct llm_ask *ask, struct json_writer *w)
{
	struct anthropic_messages m = { .w = w,
		.takes = ask->takes,
		.owner = kept_owner_of("anthropic", ask->settings),
		.ids = { .arena = arena,
			.marks = "_-",
			.shorts =
				ask->takes.way[TAKES_CALL_IDS] == WAY_SHORT } };

	m.takes.way[TAKES_RARE_IMAGES] = WAY_OFF;
	m.takes.way[TAKES_AUDIO] = WAY_OFF;
	return m;
}

void
anthropic_write(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	struct llm_asked *asked)
{
	struct anthropic_messages m = messages_of(arena, ask, w);
	bool tools = llm_tools_offered(ask);
	struct turns turns;
	bool thoughtless;
	int64_t thoughts;

	anthropic_read(&m, &turns, arena, ask, told, tools);
	thoughtless = anthropic_thoughtless(&m, &turns);
	thoughts = chosen_thoughts(ask, thoughtless);
	json_open(w, '{');
	if (json_get(ask->settings->option_list, "model") == NULL)
		json_member_str(w, "model", ask->settings->model);
	put_max_tokens(ask, w, &m.had);
	put_thinking(thoughts, w, &m.had);
	/* Requests with thinking accept no temperature. */
	if (thoughts == 0)
		put_temperature(ask, w, &m.had);
	put_options(ask, thoughtless, w, &m.had);
	if (tools) {
		put_tools(&m, ask->settings);
		put_choice(&m, ask);
	}
	put_system(&m, buf_span(&turns.prompt));
	anthropic_put_messages(&m, &turns);
	json_member_raw(w, "stream", span_of("true"));
	json_close(w, '}');
	turns_free(&turns);
	asked->had |= m.had;
}
