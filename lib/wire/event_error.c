#include "wire/event_error.h"

#include "base/attr.h"

static bool
is_zero(const struct json *code)
{
	static const char *const fine[] = { "0", "200", "ok", "success" };

	for (size_t i = 0; i < LENGTH(fine); i++)
		if (span_is(json_text(code), fine[i]))
			return true;
	return json_int(code, -1) == 0 || json_int(code, -1) == 200;
}

static bool
says(const struct json *json, int depth)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	switch (json_kind(json)) {
	case JSON_ABSENT:
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return json_boolean(json, false);
	case JSON_INT:
	case JSON_DOUBLE:
		return json_double(json, 0) != 0;
	case JSON_TEXT:
		return json_text(json).len > 0;
	case JSON_ARRAY:
		return json_length(json) > 0;
	case JSON_OBJECT:
		break;
	}
	if (is_zero(json_get(json, "code")))
		return false;
	while (depth < 4 && json_next(json, &at, &key, &value))
		if (says(value, depth + 1))
			return true;
	return false;
}

bool
event_error_is(const struct json *event)
{
	const struct json *status =
		json_get(json_get(event, "base_resp"), "status_code");

	return says(json_get(event, "error"), 0) ||
		says(json_get(json_at(json_get(event, "choices"), 0), "error"),
			0) ||
		span_is(json_text(json_get(event, "object")), "error") ||
		span_is(json_text(json_get(event, "type")), "error") ||
		(status != NULL && says(status, 0));
}

bool
event_error_may_be(const struct json *event)
{
	static const char *const keys[] = { "message", "detail", "error_msg",
		"errors", "msg" };

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (says(json_get(event, keys[i]), 0))
			return true;
	return false;
}
