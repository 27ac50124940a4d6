#include "llm/openai_request.h"

#include "base/log.h"
#include "llm/context.h"
#include "llm/openai_part.h"
#include "json/json.h"
#include "json/write.h"

#define MISSING "[Earlier messages of this conversation are left out here.]"

enum err
llm_message_read(struct arena *arena, const struct llm_takes *takes,
	struct llm_message *message)
{
	if (message->json != NULL)
		return OK;
	if (json_parse_items(arena, message->parts, &message->json) != OK) {
		log_error("stored_parts_broken", "len=%zu", message->parts.len);
		return ERR_INTERNAL;
	}
	message->size = context_size(takes, message->json);
	return OK;
}

/* ---- the prompt */

static void
add_system(struct buf *prompt, struct span text)
{
	if (openai_is_blank(text))
		return;
	if (prompt->len > 0)
		buf_puts(prompt, "\n\n");
	buf_put_span(prompt, text);
}

/* All that is said as the system, wherever it is: one text. */
static void
gather_prompt(const struct llm_ask *ask, const struct llm_message *messages,
	size_t first, size_t n, struct buf *prompt)
{
	const struct json *part;

	add_system(prompt, span_of(ask->settings->system_prompt));
	add_system(prompt, span_of(llm_style_line(ask->style)));
	for (size_t i = first; i < n; i++) {
		if (messages[i].role != LLM_SYSTEM)
			continue;
		for (size_t j = 0; j < json_length(messages[i].json); j++) {
			part = json_at(messages[i].json, j);
			if (openai_part_is(part, "text"))
				add_system(
					prompt, openai_part_text(part, "text"));
		}
	}
}

static void
put_prompt(struct openai_messages *m, struct span prompt)
{
	unsigned way = m->takes->way[TAKES_SYSTEM];

	if (prompt.len == 0)
		return;
	m->had |= TAKES_BIT(TAKES_SYSTEM);
	if (way == WAY_USER) {
		openai_say(m, &(struct openai_said){ .note = prompt });
		return;
	}
	json_open(m->w, '{');
	json_member_str(
		m->w, "role", way == WAY_DEVELOPER ? "developer" : "system");
	json_member_text(m->w, "content", prompt);
	json_close(m->w, '}');
}

/* ---- the messages */

static void
add_user(struct openai_messages *m, const struct llm_message *message)
{
	for (size_t i = 0; i < json_length(message->json); i++) {
		struct openai_said said = { .part = json_at(message->json, i),
			.left_out = message->without_files };

		if (openai_is_said(said.part))
			openai_say(m, &said);
	}
}

static void
put_messages(struct openai_messages *m, const struct llm_ask *ask,
	const struct llm_message *messages, size_t first, size_t n)
{
	struct buf prompt = BUF_INIT;

	json_key(m->w, "messages");
	json_open(m->w, '[');
	gather_prompt(ask, messages, first, n, &prompt);
	put_prompt(m, buf_span(&prompt));
	if (first + ask->n_older > 0)
		openai_say_note(m, MISSING);
	for (size_t i = first; i < n; i++) {
		if (messages[i].role == LLM_USER)
			add_user(m, &messages[i]);
		else if (messages[i].role == LLM_ASSISTANT)
			openai_add_reply(m, messages[i].json, messages[i].own);
	}
	if (n > 0 && messages[n - 1].role == LLM_USER)
		openai_say_something(m);
	openai_end_messages(m);
	json_close(m->w, ']');
	buf_free(&prompt);
}

/* ---- the other members */

/* How members are sent that not every model takes. */
struct members {
	struct json_writer *w;
	const struct json *options;
	const struct llm_takes *takes;
	bool tools, last;
	unsigned had;
};

/* What becomes of a member of this name: another name, the same, or NULL when
 * this model does not take it. */
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

/* A setting, unless llm.options has that member. */
static void
put_setting(struct members *m, const char *key, struct span raw)
{
	if (raw.data != NULL && json_get(m->options, key) == NULL &&
		begin_member(m, key))
		json_put_raw(m->w, raw);
}

/* A member that is null is left out: so a default can be taken away. */
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

/* A model that shall say something and cannot be told to call nothing is not
 * offered anything. */
static bool
offers_tools(const struct llm_ask *ask)
{
	const struct llm_settings *settings = ask->settings;

	return (settings->tools.data != NULL ||
		       json_get(settings->option_list, "tools") != NULL) &&
		ask->takes.way[TAKES_TOOLS] == WAY_ON &&
		(!ask->last || ask->takes.way[TAKES_TOOL_CHOICE] == WAY_ON);
}

static void
put_body(struct arena *arena, const struct llm_ask *ask,
	const struct llm_message *messages, size_t first, size_t n,
	struct json_writer *w, struct llm_asked *asked)
{
	const struct llm_settings *settings = ask->settings;
	struct members members = { .w = w,
		.options = settings->option_list,
		.takes = &ask->takes,
		.tools = offers_tools(ask),
		.last = ask->last };
	struct openai_messages m = { .w = w,
		.arena = arena,
		.takes = &ask->takes,
		.model = settings->model };

	m.calls = ask->takes.way[TAKES_TOOLS] == WAY_ON &&
		(members.tools || !ask->last);
	json_open(w, '{');
	if (json_get(settings->option_list, "model") == NULL)
		json_member_str(w, "model", settings->model);
	put_setting(&members, "max_tokens", settings->max_tokens);
	put_setting(&members, "temperature", settings->temperature);
	put_options(arena, &members);
	put_messages(&m, ask, messages, first, n);
	put_tools(&members, settings);
	json_member_raw(w, "stream", span_of("true"));
	put_setting(&members, "stream_options",
		span_of("{\"include_usage\":true}"));
	json_close(w, '}');
	asked->had = members.had | m.had;
}

enum err
openai_request(struct arena *arena, const struct llm_ask *ask,
	struct llm_message *messages, size_t n, struct buf *body,
	struct llm_asked *asked)
{
	struct json_writer w = json_writer(body);
	size_t first;

	*asked = (struct llm_asked){ .takes = ask->takes, .last = ask->last };
	for (size_t i = 0; i < n; i++)
		TRY(llm_message_read(arena, &ask->takes, &messages[i]));
	first = context_choose(ask, messages, n, asked);
	put_body(arena, ask, messages, first, n, &w, asked);
	return OK;
}
