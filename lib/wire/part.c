#include "wire/part.h"

struct span
llm_part_text(const struct json *part, const char *key)
{
	return json_text(json_get(part, key));
}

bool
llm_part_is(const struct json *part, const char *type)
{
	return span_is(llm_part_text(part, "type"), type);
}

bool
llm_part_in_state(const struct json *part, const char *state)
{
	return span_is(llm_part_text(part, "state"), state);
}

bool
llm_is_blank(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0' ||
			strchr(" \t\r\n\v\f", text.data[i]) == NULL)
			return false;
	return true;
}
