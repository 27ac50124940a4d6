/* Writes the body of a request: settings and tools. */

#include "responses/request.h"

#include "base/attr.h"
#include "responses/input.h"
#include "wire/tools.h"
#include "json/json.h"

/* How to send the members that not every model accepts. */
struct members {
	struct json_writer *w;
	const struct json *options;
	const struct llm_takes *takes;
	bool tools, last;
	unsigned had;
};

/* Members that llm.options may have under their chat-completions names, and
 * members that a refusal may be about. */
static const struct known {
	const char *key, *name;
	enum llm_ability ability;
} known[] = {
	{ "max_output_tokens", "max_output_tokens", TAKES_MAX_TOKENS },
	{ "max_tokens", "max_output_tokens", TAKES_MAX_TOKENS },
	{ "max_completion_tokens", "max_output_tokens", TAKES_MAX_TOKENS },
	{ "temperature", "temperature", TAKES_TEMPERATURE },
	{ "stream_options", "stream_options", TAKES_STREAM_OPTIONS },
	{ "include", "include", TAKES_REASONING },
	{ "reasoning", "reasoning", TAKES_REASONING },
	{ "reasoning_effort", "reasoning", TAKES_REASONING },
	{ "tools", "tools", TAKES_TOOLS },
	{ "tool_choice", "tool_choice", TAKES_TOOL_CHOICE },
};

static const struct known *
known_of(struct span key)
{
	for (size_t i = 0; i < LENGTH(known); i++)
		if (span_is(key, known[i].key))
			return &known[i];
	return NULL;
}

static bool
is_for_tools(struct span key)
{
	return span_is(key, "tools") || span_is(key, "tool_choice") ||
		span_is(key, "parallel_tool_calls") ||
		span_is(key, "max_tool_calls");
}

/* False if this model does not accept the member. */
static bool
takes_member(const struct members *m, const struct known *member)
{
	unsigned way = m->takes->way[member->ability];

	return member->ability == TAKES_MAX_TOKENS ? way != WAY_LEFT_OUT
						   : way != WAY_OFF;
}

/* Writes the key of a member; false if it is not sent. */
static bool
begin_member(struct members *m, struct span key)
{
	const struct known *member = known_of(key);

	if ((is_for_tools(key) && !m->tools) ||
		(member != NULL && !takes_member(m, member)))
		return false;
	json_key_span(m->w, member != NULL ? span_of(member->name) : key);
	if (member != NULL)
		m->had |= TAKES_BIT(member->ability);
	return true;
}

static bool
is_option(const struct members *m, const char *name)
{
	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(known[i].name, name) == 0 &&
			json_get(m->options, known[i].key) != NULL)
			return true;
	return json_get(m->options, name) != NULL;
}

/* Writes a setting, unless llm.options has that member under any name. */
static void
put_setting(struct members *m, const char *key, struct span raw)
{
	if (raw.data != NULL && !is_option(m, key) &&
		begin_member(m, span_of(key)))
		json_put_raw(m->w, raw);
}

/* A request for reasoning also asks to show it. */
static void
put_effort(struct members *m, const struct json *effort)
{
	json_open(m->w, '{');
	json_key(m->w, "effort");
	json_put(m->w, effort);
	json_member_str(m->w, "summary", "auto");
	json_close(m->w, '}');
}

/* Writes the chosen effort, unless llm.options has one. */
static void
put_chosen_effort(struct members *m, enum llm_effort effort)
{
	if (effort == LLM_EFFORT_UNSET || is_option(m, "reasoning") ||
		m->takes->way[TAKES_EFFORT] == WAY_OFF ||
		!begin_member(m, span_of("reasoning")))
		return;
	m->had |= TAKES_BIT(TAKES_EFFORT);
	json_open(m->w, '{');
	json_member_str(m->w, "effort", llm_effort_word(effort));
	if (effort != LLM_EFFORT_NONE)
		json_member_str(m->w, "summary", "auto");
	json_close(m->w, '}');
}

/* If a member is given under both names, the one of this wire counts. */
static bool
is_said_better(const struct members *m, struct span key)
{
	const struct known *member = known_of(key);

	return member != NULL && !span_is(key, member->name) &&
		json_get(m->options, member->name) != NULL;
}

/* A null member is left out, which removes a default. */
static void
put_options(struct members *m)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(m->options, &at, &key, &value)) {
		if (json_kind(value) == JSON_NULL || is_said_better(m, key) ||
			span_is(key, "tools") ||
			(m->last && span_is(key, "tool_choice")) ||
			!begin_member(m, key))
			continue;
		if (span_is(key, "reasoning_effort"))
			put_effort(m, value);
		else
			json_put(m->w, value);
	}
}

/* ---- tools */

/* An absent value is left out. */
static void
put_raw_member(struct json_writer *w, const char *key, struct span raw)
{
	if (raw.data != NULL)
		json_member_raw(w, key, raw);
}

/* The schema must have the type "object". */
static void
put_parameters(struct json_writer *w, struct span schema)
{
	struct span key = { NULL, 0 }, value = { NULL, 0 };

	json_key(w, "parameters");
	if (json_raw_get(schema, "type").data != NULL) {
		json_put_raw(w, schema);
		return;
	}
	json_open(w, '{');
	json_member_str(w, "type", "object");
	if (json_raw_get(schema, "properties").data == NULL)
		json_member_raw(w, "properties", span_of("{}"));
	while (json_raw_member(schema, &key, &value)) {
		json_key_raw(w, key);
		json_put_raw(w, value);
	}
	json_close(w, '}');
}

/* Our tools are stored in the form of chat completions. */
static void
put_tool(struct json_writer *w, struct span function)
{
	struct span parameters = json_raw_get(function, "parameters");
	struct span strict = json_raw_get(function, "strict");

	json_open(w, '{');
	json_member_str(w, "type", "function");
	put_raw_member(w, "name", json_raw_get(function, "name"));
	put_raw_member(w, "description", json_raw_get(function, "description"));
	put_parameters(w, parameters.data != NULL ? parameters : span_of("{}"));
	put_raw_member(
		w, "strict", strict.data != NULL ? strict : span_of("false"));
	json_close(w, '}');
}

/* Writes the tools of llm.options, mostly the provider's own, and ours. */
static void
put_tool_list(struct members *m, struct span tools)
{
	const struct json *others = json_get(m->options, "tools");
	struct span item = { NULL, 0 };

	if ((tools.data == NULL && json_length(others) == 0) ||
		!begin_member(m, span_of("tools")))
		return;
	json_open(m->w, '[');
	for (size_t i = 0; i < json_length(others); i++)
		json_put(m->w, json_at(others, i));
	while (tools.data != NULL && json_raw_next(tools, &item))
		put_tool(m->w, json_raw_get(item, "function"));
	json_close(m->w, ']');
}

static void
put_tools(struct members *m, const struct llm_settings *settings)
{
	put_tool_list(m, settings->tools);
	if (m->last && begin_member(m, span_of("tool_choice")))
		json_put_str(m->w, "none");
	else if (!m->last)
		put_setting(m, "tool_choice", span_of("\"auto\""));
}

/* ---- the body */

static void
put_input(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct members *members)
{
	const struct llm_takes *takes = &ask->takes;
	struct responses_input in = { .w = members->w,
		.takes = takes,
		.owner = kept_owner_of(RESPONSES_WORD, ask->settings),
		.ids = { .arena = arena,
			.marks = "_-",
			.shorts = takes->way[TAKES_CALL_IDS] == WAY_SHORT } };
	struct turns turns;

	in.calls = takes->way[TAKES_TOOLS] == WAY_ON &&
		(members->tools || !ask->last);
	turns_read(&turns, arena, ask, told, in.calls,
		takes->way[TAKES_SYSTEM] == WAY_USER);
	if (turns.prompted)
		in.had |= TAKES_BIT(TAKES_SYSTEM);
	responses_put_input(&in, &turns);
	turns_free(&turns);
	members->had |= in.had;
}

void
responses_write(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	struct llm_asked *asked)
{
	const struct llm_settings *settings = ask->settings;
	struct members members = { .w = w,
		.options = settings->option_list,
		.takes = &ask->takes,
		.tools = llm_tools_offered(ask),
		.last = ask->last };

	json_open(w, '{');
	if (json_get(settings->option_list, "model") == NULL)
		json_member_str(w, "model", settings->model);
	put_setting(&members, "max_output_tokens", settings->max_tokens);
	put_setting(&members, "temperature", settings->temperature);
	put_chosen_effort(&members, settings->effort);
	put_options(&members);
	put_input(arena, ask, told, &members);
	put_tools(&members, settings);
	json_member_raw(w, "stream", span_of("true"));
	put_setting(&members, "store", span_of("false"));
	put_setting(&members, "include",
		span_of("[\"reasoning.encrypted_content\"]"));
	json_close(w, '}');
	asked->had |= members.had;
}
