#include "gemini/functions.h"

#include "base/attr.h"
#include "gemini/schema.h"

static bool
has_reference(const struct json *json)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	for (size_t i = 0;
		json_kind(json) == JSON_ARRAY && i < json_length(json); i++)
		if (has_reference(json_at(json, i)))
			return true;
	while (json_kind(json) == JSON_OBJECT &&
		json_next(json, &at, &key, &value))
		if (span_is(key, "$ref") || has_reference(value))
			return true;
	return false;
}

/* Whether the function's parameters are described at all. */
static bool
says_something(const struct json *schema)
{
	static const char *const keys[] = { "allOf", "anyOf", "oneOf",
		"properties" };

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (json_length(json_get(schema, keys[i])) > 0)
			return true;
	return false;
}

static void
put_parameters(struct json_writer *w, const struct json *schema)
{
	if (has_reference(schema)) {
		json_key(w, "parametersJsonSchema");
		json_put(w, schema);
	} else if (says_something(schema)) {
		json_key(w, "parameters");
		gemini_put_schema(w, schema);
	}
}

void
gemini_put_functions(struct json_writer *w, const struct json *tools)
{
	json_open(w, '[');
	for (size_t i = 0; i < json_length(tools); i++) {
		const struct json *function =
			json_get(json_at(tools, i), "function");
		struct span description =
			json_text(json_get(function, "description"));

		json_open(w, '{');
		json_member_text(
			w, "name", json_text(json_get(function, "name")));
		if (description.len > 0)
			json_member_text(w, "description", description);
		put_parameters(w, json_get(function, "parameters"));
		json_close(w, '}');
	}
	json_close(w, ']');
}
