#include "llm/settings.h"

#include "base/file.h"
#include "base/log.h"

#include <stdlib.h>

#define TOOLS_FILE_MAX ((size_t)1 << 20)

/* Members of llm.options that would change what the answer is read as. */
static const char *const reserved[] = { "messages", "stream", "n" };

static enum err
refuse(const char *key, const char *takes)
{
	log_error("config_invalid", "key=%s takes=\"%s\"", key, takes);
	return ERR_INVALID;
}

/* The [llm] numbers have been checked by conf.c; unset is absent. */
static struct span
number(const char *text)
{
	return *text != '\0' ? span_of(text) : (struct span){ NULL, 0 };
}

static enum err
load_options(struct arena *arena, const char *text, struct llm_settings *out)
{
	const struct json *json;

	if (*text == '\0')
		return OK;
	out->options = span_of(text);
	if (json_parse(arena, out->options, &json) != OK ||
		json_kind(json) != JSON_OBJECT)
		return refuse("llm.options", "a JSON object");
	for (size_t i = 0; i < LENGTH(reserved); i++)
		if (json_get(json, reserved[i]) != NULL)
			return refuse("llm.options",
				"no member messages, stream or n");
	out->option_list = json;
	return OK;
}

static enum err
load_tool(const struct json *json, struct llm_tool *out)
{
	const struct json *function = json_get(json, "function");

	out->name = json_text(json_get(function, "name"));
	out->parameters = json_get(function, "parameters");
	if (!span_is(json_text(json_get(json, "type")), "function") ||
		out->name.len == 0 ||
		(out->parameters != NULL &&
			json_kind(out->parameters) != JSON_OBJECT))
		return refuse("llm.tools_file",
			"an array of {type: function, function: {name, "
			"description, parameters}}");
	return OK;
}

static enum err
load_tools(struct arena *arena, const char *path, struct llm_settings *out)
{
	const struct json *json;
	struct llm_tool *list;
	struct span text;

	if (*path == '\0')
		return OK;
	if (file_read(arena, path, TOOLS_FILE_MAX, &text) != OK)
		return refuse("llm.tools_file", "a file that can be read");
	if (json_parse(arena, text, &json) != OK ||
		json_kind(json) != JSON_ARRAY)
		return refuse("llm.tools_file", "a file with a JSON array");
	out->n_tools = json_length(json);
	list = arena_alloc(arena, out->n_tools * sizeof(*list));
	for (size_t i = 0; i < out->n_tools; i++)
		TRY(load_tool(json_at(json, i), &list[i]));
	out->tool_list = list;
	if (out->n_tools > 0)
		out->tools = text;
	return OK;
}

enum err
llm_settings_load(struct arena *arena, const struct llm_conf *conf,
	struct llm_settings *out)
{
	*out = (struct llm_settings){
		.model = conf->model,
		.system_prompt = conf->system_prompt,
		.temperature = number(conf->temperature),
		.max_tokens = number(conf->max_tokens),
		.context_max = (size_t)conf->context_max,
		.reply_max = (size_t)conf->reply_max,
	};
	TRY(load_options(arena, conf->options, out));
	return load_tools(arena, conf->tools_file, out);
}
