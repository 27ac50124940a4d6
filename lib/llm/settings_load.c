#include "llm/settings_load.h"

#include "base/file.h"
#include "llm/wires.h"
#include "json/write.h"

#include <stdlib.h>

#define TOOLS_FILE_MAX ((size_t)1 << 20)

/* conf.c has checked the [llm] numbers; an unset one is absent. */
static struct span
number(const char *text)
{
	return *text != '\0' ? span_of(text) : (struct span){ NULL, 0 };
}

/* Refuses members that the wire writes itself, or that would change the form of
 * the answer. */
static enum err
check_reserved(struct arena *arena, const struct json *options,
	const char *const *reserved)
{
	struct buf takes = BUF_INIT;
	bool found = false;

	buf_puts(&takes, "no member");
	for (size_t i = 0; reserved[i] != NULL; i++) {
		buf_puts(&takes,
			i == 0                            ? " "
				: reserved[i + 1] != NULL ? ", "
							  : " or ");
		buf_puts(&takes, reserved[i]);
		found = found || json_get(options, reserved[i]) != NULL;
	}
	if (found)
		(void)conf_refuse("llm.options",
			arena_str(arena, buf_str(&takes), takes.len));
	buf_free(&takes);
	return found ? ERR_INVALID : OK;
}

static enum err
load_options(struct arena *arena, const char *text, struct llm_settings *out)
{
	const struct json *json;

	if (*text == '\0')
		return OK;
	out->options = span_of(text);
	if (json_parse_own(arena, out->options, &json) != OK ||
		json_kind(json) != JSON_OBJECT)
		return conf_refuse("llm.options", "a JSON object");
	TRY(check_reserved(arena, json, wire_of(out->kind)->reserved));
	out->option_list = json;
	return OK;
}

static enum err
load_tool(const char *key, const struct json *json, struct llm_tool *out)
{
	const struct json *function = json_get(json, "function");

	out->name = json_text(json_get(function, "name"));
	out->parameters = json_get(function, "parameters");
	if (!span_is(json_text(json_get(json, "type")), "function") ||
		out->name.len == 0 ||
		(out->parameters != NULL &&
			json_kind(out->parameters) != JSON_OBJECT))
		return conf_refuse(key,
			"an array of {type: function, function: {name, "
			"description, parameters}}");
	return OK;
}

static bool
has_name(const struct llm_tool *list, size_t n, struct span name)
{
	for (size_t i = 0; i < n; i++)
		if (span_equal(list[i].name, name))
			return true;
	return false;
}

/* Joins two arrays. */
static struct span
joined(struct arena *arena, struct span first, struct span second)
{
	struct buf all = BUF_INIT;
	struct json_writer w = json_writer(&all);
	struct span item = { NULL, 0 }, copy;

	json_open(&w, '[');
	while (first.data != NULL && json_raw_next(first, &item))
		json_put_raw(&w, item);
	item = (struct span){ NULL, 0 };
	while (json_raw_next(second, &item))
		json_put_raw(&w, item);
	json_close(&w, ']');
	copy = arena_span(arena, buf_span(&all));
	buf_free(&all);
	return copy;
}

enum err
llm_settings_add_tools(struct arena *arena, const char *key, struct span tools,
	struct llm_settings *settings)
{
	const struct json *json;
	struct llm_tool *list;
	size_t n = settings->n_tools;

	if (json_parse_own(arena, tools, &json) != OK ||
		json_kind(json) != JSON_ARRAY)
		return conf_refuse(key, "a file with a JSON array");
	if (json_length(json) == 0)
		return OK;
	list = arena_alloc(arena, (n + json_length(json)) * sizeof(*list));
	if (n > 0)
		memcpy(list, settings->tool_list, n * sizeof(*list));
	for (size_t i = 0; i < json_length(json); i++, n++) {
		TRY(load_tool(key, json_at(json, i), &list[n]));
		if (has_name(list, n, list[n].name))
			return conf_refuse(key, "every name of a tool once");
	}
	settings->tool_list = list;
	settings->n_tools = n;
	settings->tools = joined(arena, settings->tools, tools);
	return OK;
}

static enum err
load_tools(struct arena *arena, const char *path, struct llm_settings *out)
{
	static const char key[] = "llm.tools_file";
	struct span text;

	if (*path == '\0')
		return OK;
	if (file_read(arena, path, TOOLS_FILE_MAX, &text) != OK)
		return conf_refuse(key, "a file that can be read");
	return llm_settings_add_tools(arena, key, text, out);
}

enum err
llm_settings_load(struct arena *arena, const struct llm_conf *conf,
	struct llm_settings *out)
{
	*out = (struct llm_settings){
		.kind = conf->kind,
		.base_url = conf->base_url,
		.model = conf->model,
		.system_prompt = conf->system_prompt,
		.temperature = number(conf->temperature),
		.max_tokens = number(conf->max_tokens),
		.takes_words = conf->takes,
		.context_tokens = conf->context_tokens,
		.context_max = (size_t)conf->context_max,
		.reply_max = (size_t)conf->reply_max,
	};
	if (llm_takes_read(&out->takes, span_of(conf->takes), true) != OK)
		return conf_refuse("llm.takes",
			"words like tools=off, as the comments of "
			"lamplight.conf list them");
	TRY(load_options(arena, conf->options, out));
	return load_tools(arena, conf->tools_file, out);
}
