#include "wire/tools.h"

#include "json/json.h"
#include "json/schema.h"
#include "json/write.h"

static const struct llm_tool *
find(const struct llm_settings *settings, struct span name)
{
	for (size_t i = 0; i < settings->n_tools; i++)
		if (span_equal(settings->tool_list[i].name, name))
			return &settings->tool_list[i];
	return NULL;
}

/* Clients reject a whole stream because of one such key. */
static bool
is_dangerous(const struct json *json)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	if (json_get(json, "__proto__") != NULL ||
		json_get(json_get(json, "constructor"), "prototype") != NULL)
		return true;
	while (json_next(json, &at, &key, &value))
		if (is_dangerous(value))
			return true;
	if (json_kind(json) != JSON_ARRAY)
		return false;
	for (size_t i = 0; i < json_length(json); i++)
		if (is_dangerous(json_at(json, i)))
			return true;
	return false;
}

static bool
is_blank(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(" \t\r\n", text.data[i]) == NULL ||
			text.data[i] == '\0')
			return false;
	return true;
}

/* Some servers begin with {} and then send the arguments. */
static struct span
without_empty(struct span text)
{
	size_t n = 2;

	if (text.len < 4 || memcmp(text.data, "{}", 2) != 0)
		return text;
	while (n < text.len && is_blank((struct span){ text.data + n, 1 }))
		n++;
	if (n == text.len || text.data[n] != '{')
		return text;
	return (struct span){ text.data + n, text.len - n };
}

static enum err
parse(struct arena *arena, struct span arguments, size_t tree_max,
	const struct json **out)
{
	arguments = without_empty(arguments);
	if (is_blank(arguments))
		arguments = span_of("{}");
	TRY(json_check(arguments, TOOL_DEPTH_MAX));
	return json_parse_within(arena, arguments, tree_max, out);
}

bool
llm_tool_is_known(const struct llm_settings *settings, struct span name)
{
	return find(settings, name) != NULL;
}

/* Parses an object that some gateways have encoded as a string. */
static const struct json *
unquoted(struct arena *arena, const struct json *input)
{
	const struct json *inner;

	if (json_kind(input) != JSON_TEXT ||
		parse(arena, json_text(input), JSON_TREE_SMALL, &inner) != OK ||
		json_kind(inner) != JSON_OBJECT)
		return input;
	return inner;
}

enum err
llm_tool_check(const struct llm_settings *settings, struct span name,
	struct span arguments, struct buf *out)
{
	const struct llm_tool *tool = find(settings, name);
	struct json_writer w = json_writer(out);
	struct arena arena = ARENA_INIT;
	struct buf why = BUF_INIT;
	const struct json *input;
	enum err err;

	if (tool == NULL) {
		buf_puts(out, "There is no tool of this name.");
		return ERR_NOT_FOUND;
	}
	err = parse(&arena, arguments, JSON_TREE_SMALL, &input);
	if (err == OK)
		input = unquoted(&arena, input);
	if (err == ERR_TOO_BIG) {
		buf_puts(out, "The arguments of this call are too large.");
	} else if (err != OK || is_dangerous(input)) {
		buf_puts(out, "The arguments of this call are not valid JSON.");
		err = ERR_INVALID;
	} else if (json_schema_check(tool->parameters, input, &why) != OK) {
		buf_puts(out, "The arguments of this call do not fit: ");
		buf_put_span(out, buf_span(&why));
		buf_putc(out, '.');
		err = ERR_INVALID;
	} else {
		json_put(&w, input);
	}
	buf_free(&why);
	arena_reset(&arena);
	return err;
}

enum err
llm_tool_output(struct span json, struct buf *out)
{
	struct json_writer w = json_writer(out);
	struct arena arena = ARENA_INIT;
	const struct json *output;
	enum err err = parse(&arena, json, JSON_TREE_MAX, &output);

	if (err == OK && is_dangerous(output))
		err = ERR_INVALID;
	if (err == OK)
		json_put(&w, output);
	arena_reset(&arena);
	return err;
}

bool
llm_tools_offered(const struct llm_ask *ask)
{
	const struct llm_settings *settings = ask->settings;

	return (settings->tools.data != NULL ||
		       json_get(settings->option_list, "tools") != NULL) &&
		ask->takes.way[TAKES_TOOLS] == WAY_ON &&
		(!ask->last || ask->takes.way[TAKES_TOOL_CHOICE] == WAY_ON);
}
