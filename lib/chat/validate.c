#include "chat/validate.h"

#include "base/attr.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where we are: "messages[1]" or "messages[1].parts[0]". */
struct place {
	const char *path;
	struct validate_error *error;
};

enum must { OPTIONAL, REQUIRED, FORBIDDEN };

enum form {
	ANY,
	TEXT,
	FLAG,
	BLOCK_STATE, /* "streaming" or "done" */
	OBJECT, /* any object */
	METADATA, /* provider metadata: an object of objects */
	APPROVAL_ASKED, /* {id, approved and reason absent} */
	APPROVAL_GIVEN, /* {id, approved, reason?} */
	APPROVAL_YES, /* likewise, approved true */
	APPROVAL_NO, /* likewise, approved false */
};

struct rule {
	const char *key;
	enum must must;
	enum form form;
};

#define RULES_MAX 10

static PRINTF_LIKE(3, 4) enum err fail(
	const struct place *at, const char *member, const char *format, ...)
{
	va_list args;

	snprintf(at->error->field, sizeof(at->error->field), "%s%s%s", at->path,
		*member != '\0' ? "." : "", member);
	va_start(args, format);
	vsnprintf(at->error->detail, sizeof(at->error->detail), format, args);
	va_end(args);
	return ERR_INVALID;
}

/* ---- the forms of members */

static bool
is_block_state(const struct json *value)
{
	return span_is(json_text(value), "streaming") ||
		span_is(json_text(value), "done");
}

static bool
is_metadata(const struct json *value)
{
	const struct json *inner;
	struct span key;
	size_t at = 0;

	if (json_kind(value) != JSON_OBJECT)
		return false;
	while (json_next(value, &at, &key, &inner))
		if (json_kind(inner) != JSON_OBJECT)
			return false;
	return true;
}

static bool
is_text_or_absent(const struct json *value)
{
	return value == NULL || json_kind(value) == JSON_TEXT;
}

static bool
is_approval(const struct json *value, enum form form)
{
	const struct json *approved = json_get(value, "approved");
	bool given = json_kind(approved) == JSON_BOOL;
	bool yes = json_boolean(approved, false);

	if (json_kind(json_get(value, "id")) != JSON_TEXT ||
		!is_text_or_absent(json_get(value, "reason")) ||
		!is_text_or_absent(json_get(value, "signature")))
		return false;
	if (form == APPROVAL_ASKED)
		return approved == NULL && json_get(value, "reason") == NULL;
	return given && (form != APPROVAL_YES || yes) &&
		(form != APPROVAL_NO || !yes);
}

static const char *const form_words[] = {
	[ANY] = "must be there",
	[TEXT] = "must be a text",
	[FLAG] = "must be true or false",
	[BLOCK_STATE] = "must be \"streaming\" or \"done\"",
	[OBJECT] = "must be an object",
	[METADATA] = "must be an object of objects",
	[APPROVAL_ASKED] = "must be an approval that is not answered",
	[APPROVAL_GIVEN] = "must be an answered approval",
	[APPROVAL_YES] = "must be an approval that was given",
	[APPROVAL_NO] = "must be an approval that was refused",
};

static bool
has_form(const struct json *value, enum form form)
{
	switch (form) {
	case ANY:
		return true;
	case TEXT:
		return json_kind(value) == JSON_TEXT;
	case FLAG:
		return json_kind(value) == JSON_BOOL;
	case BLOCK_STATE:
		return is_block_state(value);
	case OBJECT:
		return json_kind(value) == JSON_OBJECT;
	case METADATA:
		return is_metadata(value);
	case APPROVAL_ASKED:
	case APPROVAL_GIVEN:
	case APPROVAL_YES:
	case APPROVAL_NO:
		return is_approval(value, form);
	}
	return false;
}

static enum err
check_rules(const struct place *at, const struct json *part,
	const struct rule *rules)
{
	for (size_t i = 0; i < RULES_MAX && rules[i].key != NULL; i++) {
		const struct rule *rule = &rules[i];
		const struct json *value = json_get(part, rule->key);

		if (value == NULL && rule->must != REQUIRED)
			continue;
		if (value == NULL)
			return fail(at, rule->key, "is missing");
		if (rule->must == FORBIDDEN)
			return fail(at, rule->key,
				"may not be there in this state");
		if (!has_form(value, rule->form))
			return fail(
				at, rule->key, "%s", form_words[rule->form]);
	}
	return OK;
}

/* ---- parts by type */

#define PROVIDER                                       \
	{                                              \
		"providerMetadata", OPTIONAL, METADATA \
	}

static const struct kind {
	const char *type; /* a prefix when it ends in - */
	bool from_user;
	struct rule rules[RULES_MAX];
} kinds[] = {
	{ "text", true,
		{ { "text", REQUIRED, TEXT },
			{ "state", OPTIONAL, BLOCK_STATE }, PROVIDER } },
	{ "file", true,
		{ { "mediaType", REQUIRED, TEXT }, { "url", REQUIRED, TEXT },
			{ "filename", OPTIONAL, TEXT }, PROVIDER } },
	{ "data-", true,
		{ { "id", OPTIONAL, TEXT }, { "data", REQUIRED, ANY } } },
	{ "step-start", false, { { NULL, OPTIONAL, ANY } } },
	{ "reasoning", false,
		{ { "id", OPTIONAL, TEXT }, { "text", REQUIRED, TEXT },
			{ "state", OPTIONAL, BLOCK_STATE }, PROVIDER } },
	{ "source-url", false,
		{ { "sourceId", REQUIRED, TEXT }, { "url", REQUIRED, TEXT },
			{ "title", OPTIONAL, TEXT }, PROVIDER } },
	{ "source-document", false,
		{ { "sourceId", REQUIRED, TEXT },
			{ "mediaType", REQUIRED, TEXT },
			{ "title", REQUIRED, TEXT },
			{ "filename", OPTIONAL, TEXT }, PROVIDER } },
};

/* ---- tool parts by state, besides what all of them have */

static const struct rule tool_rules[RULES_MAX] = {
	{ "toolCallId", REQUIRED, TEXT },
	{ "title", OPTIONAL, TEXT },
	{ "providerExecuted", OPTIONAL, FLAG },
	{ "callProviderMetadata", OPTIONAL, METADATA },
	{ "toolMetadata", OPTIONAL, OBJECT },
};

#define NO_OUTPUT                        \
	{                                \
		"output", FORBIDDEN, ANY \
	}
#define NO_ERROR                            \
	{                                   \
		"errorText", FORBIDDEN, ANY \
	}
#define NO_APPROVAL                        \
	{                                  \
		"approval", FORBIDDEN, ANY \
	}
#define INPUT                          \
	{                              \
		"input", REQUIRED, ANY \
	}
#define RESULT_METADATA                                      \
	{                                                    \
		"resultProviderMetadata", OPTIONAL, METADATA \
	}

static const struct kind tool_states[] = {
	{ "input-streaming", false,
		{ { "rawInput", OPTIONAL, TEXT }, NO_OUTPUT, NO_ERROR,
			NO_APPROVAL } },
	{ "input-available", false,
		{ INPUT, NO_OUTPUT, NO_ERROR, NO_APPROVAL } },
	{ "approval-requested", false,
		{ INPUT, NO_OUTPUT, NO_ERROR,
			{ "approval", REQUIRED, APPROVAL_ASKED } } },
	{ "approval-responded", false,
		{ INPUT, NO_OUTPUT, NO_ERROR,
			{ "approval", REQUIRED, APPROVAL_GIVEN } } },
	{ "output-available", false,
		{ INPUT, { "output", REQUIRED, ANY }, NO_ERROR,
			{ "preliminary", OPTIONAL, FLAG }, RESULT_METADATA,
			{ "approval", OPTIONAL, APPROVAL_YES } } },
	{ "output-error", false,
		{ { "errorText", REQUIRED, TEXT }, NO_OUTPUT, RESULT_METADATA,
			{ "approval", OPTIONAL, APPROVAL_YES } } },
	{ "output-denied", false,
		{ INPUT, NO_OUTPUT, NO_ERROR,
			{ "approval", REQUIRED, APPROVAL_NO } } },
};

static const struct kind *
find(const struct kind *list, size_t n, struct span word)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(list[i].type);
		bool prefix = list[i].type[len - 1] == '-';

		if (span_is(word, list[i].type) ||
			(prefix && word.len >= len &&
				memcmp(word.data, list[i].type, len) == 0))
			return &list[i];
	}
	return NULL;
}

static bool
is_tool(struct span type)
{
	return span_is(type, "dynamic-tool") ||
		(type.len >= 5 && memcmp(type.data, "tool-", 5) == 0);
}

static enum err
check_tool(const struct place *at, const struct json *part, struct span type)
{
	static const struct rule dynamic[RULES_MAX] = {
		{ "toolName", REQUIRED, TEXT },
	};
	const struct kind *state = find(tool_states, LENGTH(tool_states),
		json_text(json_get(part, "state")));

	if (span_is(type, "dynamic-tool"))
		TRY(check_rules(at, part, dynamic));
	TRY(check_rules(at, part, tool_rules));
	if (state == NULL)
		return fail(at, "state", "must be a state of a tool call");
	return check_rules(at, part, state->rules);
}

static enum err
check_part(const struct place *at, const struct json *part, bool from_user)
{
	struct span type = json_text(json_get(part, "type"));
	const struct kind *kind;

	if (json_kind(part) != JSON_OBJECT)
		return fail(at, "", "must be an object");
	if (type.data == NULL)
		return fail(at, "type", "must be a text");
	if (is_tool(type) && !from_user)
		return check_tool(at, part, type);
	kind = find(kinds, LENGTH(kinds), type);
	if (kind == NULL || (from_user && !kind->from_user))
		return fail(at, "type", "is not a known type of part%s",
			from_user ? " of a user's message" : "");
	return check_rules(at, part, kind->rules);
}

/* ---- messages */

static enum err
check_parts(const struct place *at, const struct json *parts, bool from_user)
{
	struct place inner = *at;
	char path[96];

	if (json_kind(parts) != JSON_ARRAY)
		return fail(at, "parts", "must be an array");
	if (from_user && json_length(parts) == 0)
		return fail(at, "parts", "must have at least one part");
	if (json_length(parts) > VALIDATE_PARTS_MAX)
		return fail(at, "parts", "has more than %d parts",
			VALIDATE_PARTS_MAX);
	inner.path = path;
	for (size_t i = 0; i < json_length(parts); i++) {
		snprintf(path, sizeof(path), "%.64s.parts[%zu]", at->path, i);
		TRY(check_part(&inner, json_at(parts, i), from_user));
	}
	return OK;
}

enum err
validate_message(const struct json *message, const char *path,
	struct validate_error *error)
{
	struct place at = { path, error };
	struct span role = json_text(json_get(message, "role"));
	bool from_user = span_is(role, "user");

	if (json_kind(message) != JSON_OBJECT)
		return fail(&at, "", "must be an object");
	if (json_kind(json_get(message, "id")) != JSON_TEXT)
		return fail(&at, "id", "must be a text");
	if (!from_user && !span_is(role, "assistant"))
		return fail(&at, "role", "must be \"user\" or \"assistant\"");
	return check_parts(&at, json_get(message, "parts"), from_user);
}
