/* Writes the body of a request in the format of JSON.stringify. */

#include "openai/request.h"

#include "base/attr.h"
#include "openai/messages.h"
#include "wire/tools.h"
#include "json/json.h"

/* ---- members for settings */

/* How to send the members that not every model accepts. */
struct members {
	struct json_writer *w;
	const struct json *options;
	const struct llm_takes *takes;
	bool tools, last;
	unsigned had;
};

/* The name under which to send a member: another name, the same one, or NULL if
 * this model does not accept it. */
static const char *
name_of(const struct members *m, const char *key)
{
	static const struct {
		const char *key;
		enum llm_ability ability;
	} refused[] = {
		{ "stream_options", TAKES_STREAM_OPTIONS },
		{ "temperature", TAKES_TEMPERATURE },
		{ "tool_choice", TAKES_TOOL_CHOICE },
		{ "reasoning_effort", TAKES_EFFORT },
	};
	static const char *const for_tools[] = { "tools", "tool_choice",
		"parallel_tool_calls" };

	for (size_t i = 0; i < LENGTH(refused); i++)
		if (strcmp(key, refused[i].key) == 0 &&
			m->takes->way[refused[i].ability] == WAY_OFF)
			return NULL;
	for (size_t i = 0; i < LENGTH(for_tools); i++)
		if (strcmp(key, for_tools[i]) == 0 && !m->tools)
			return NULL;
	if (strcmp(key, "max_tokens") != 0 ||
		m->takes->way[TAKES_MAX_TOKENS] == WAY_ON)
		return key;
	return m->takes->way[TAKES_MAX_TOKENS] == WAY_COMPLETION
		? "max_completion_tokens"
		: NULL;
}

static void
note_member(struct members *m, const char *key)
{
	static const struct {
		const char *key;
		enum llm_ability ability;
	} known[] = {
		{ "stream_options", TAKES_STREAM_OPTIONS },
		{ "tools", TAKES_TOOLS },
		{ "tool_choice", TAKES_TOOL_CHOICE },
		{ "max_tokens", TAKES_MAX_TOKENS },
		{ "max_completion_tokens", TAKES_MAX_TOKENS },
		{ "temperature", TAKES_TEMPERATURE },
		{ "reasoning_effort", TAKES_EFFORT },
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(key, known[i].key) == 0)
			m->had |= TAKES_BIT(known[i].ability);
}

static bool
begin_member(struct members *m, const char *key)
{
	const char *name = name_of(m, key);

	if (name == NULL)
		return false;
	json_key_span(m->w, span_of(name));
	note_member(m, name);
	return true;
}

/* Writes a setting, unless llm.options has that member. */
static void
put_setting(struct members *m, const char *key, struct span raw)
{
	if (raw.data != NULL && json_get(m->options, key) == NULL &&
		begin_member(m, key))
		json_put_raw(m->w, raw);
}

static void
put_effort(struct members *m, enum llm_effort effort)
{
	static const char key[] = "reasoning_effort";

	if (effort != LLM_EFFORT_UNSET && json_get(m->options, key) == NULL &&
		begin_member(m, key))
		json_put_str(m->w, llm_effort_word(effort));
}

/* A null member is left out, which removes a default. */
static void
put_options(struct arena *arena, struct members *m)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(m->options, &at, &key, &value))
		if (json_kind(value) != JSON_NULL &&
			!(m->last && span_is(key, "tool_choice")) &&
			begin_member(m, arena_str(arena, key.data, key.len)))
			json_put(m->w, value);
}

static void
put_tools(struct members *m, const struct llm_settings *settings)
{
	put_setting(m, "tools", settings->tools);
	if (m->last && begin_member(m, "tool_choice"))
		json_put_str(m->w, "none");
	else if (!m->last && m->tools)
		put_setting(m, "tool_choice", span_of("\"auto\""));
}

/* ---- the body */

static void
put_messages(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	const struct members *members, struct llm_asked *asked)
{
	const struct llm_takes *takes = &ask->takes;
	bool said = takes->way[TAKES_SYSTEM] == WAY_USER;
	bool calls = takes->way[TAKES_TOOLS] == WAY_ON &&
		(members->tools || !ask->last);
	struct openai_messages m = { .w = w,
		.takes = takes,
		.owner = kept_owner_of("openai", ask->settings),
		.ids = { .arena = arena,
			.marks = "_-.:",
			.shorts = takes->way[TAKES_CALL_IDS] == WAY_SHORT } };
	struct turns turns;

	turns_read(&turns, arena, ask, told, calls, said);
	if (turns.prompted)
		m.had |= TAKES_BIT(TAKES_SYSTEM);
	openai_put_messages(&m, &turns);
	turns_free(&turns);
	asked->had |= m.had;
}

void
openai_write(struct arena *arena, const struct llm_ask *ask,
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
	put_setting(&members, "max_tokens", settings->max_tokens);
	put_setting(&members, "temperature", settings->temperature);
	put_effort(&members, settings->effort);
	put_options(arena, &members);
	put_messages(arena, ask, told, w, &members, asked);
	put_tools(&members, settings);
	json_member_raw(w, "stream", span_of("true"));
	put_setting(&members, "stream_options",
		span_of("{\"include_usage\":true}"));
	json_close(w, '}');
	asked->had |= members.had;
}
