#include "message/validate.h"

#include "base/attr.h"
#include "message/form.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The path of the value: "messages[1]" or "messages[1].parts[0]". */
struct place {
	const char *path;
	struct validate_error *error;
	struct arena *arena;
};

enum must { OPTIONAL, REQUIRED, FORBIDDEN };

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

static enum err
check_rule(const struct place *at, const struct rule *rule, struct span value)
{
	if (value.data == NULL && rule->must == REQUIRED)
		return fail(at, rule->key, "is missing");
	if (rule->must != REQUIRED && form_absent(value))
		return OK;
	if (rule->must == FORBIDDEN)
		return fail(at, rule->key, "is not allowed in this state");
	if (!form_holds(rule->form, value))
		return fail(at, rule->key, "%s", form_sentence(rule->form));
	return OK;
}

static enum err
check_rules(const struct place *at, struct span part, const struct rule *rules)
{
	const char *keys[RULES_MAX];
	struct span values[RULES_MAX];
	size_t n = 0;

	for (; n < RULES_MAX && rules[n].key != NULL; n++)
		keys[n] = rules[n].key;
	json_raw_pick(part, keys, n, values);
	for (size_t i = 0; i < n; i++)
		TRY(check_rule(at, &rules[i], values[i]));
	return OK;
}

/* ---- parts by type */

#define PROVIDER                                            \
	{                                                   \
		"providerMetadata", OPTIONAL, FORM_METADATA \
	}

static const struct kind {
	const char *type; /* a prefix if it ends with - */
	bool from_user;
	struct rule rules[RULES_MAX];
} kinds[] = {
	{ "text", true,
		{ { "text", REQUIRED, FORM_TEXT },
			{ "state", OPTIONAL, FORM_BLOCK_STATE }, PROVIDER } },
	{ "file", true,
		{ { "mediaType", REQUIRED, FORM_TEXT },
			{ "url", REQUIRED, FORM_FILE_URL },
			{ "filename", OPTIONAL, FORM_TEXT }, PROVIDER } },
	{ "data-", true,
		{ { "id", OPTIONAL, FORM_TEXT },
			{ "data", REQUIRED, FORM_ANY } } },
	{ "step-start", false, { { NULL, OPTIONAL, FORM_ANY } } },
	{ "reasoning", false,
		{ { "id", OPTIONAL, FORM_TEXT },
			{ "text", REQUIRED, FORM_TEXT },
			{ "state", OPTIONAL, FORM_BLOCK_STATE }, PROVIDER } },
	{ "source-url", false,
		{ { "sourceId", REQUIRED, FORM_TEXT },
			{ "url", REQUIRED, FORM_TEXT },
			{ "title", OPTIONAL, FORM_TEXT }, PROVIDER } },
	{ "source-document", false,
		{ { "sourceId", REQUIRED, FORM_TEXT },
			{ "mediaType", REQUIRED, FORM_TEXT },
			{ "title", REQUIRED, FORM_TEXT },
			{ "filename", OPTIONAL, FORM_TEXT }, PROVIDER } },
};

/* ---- tool parts by state, with the members that not all of them have */

static const struct rule tool_rules[RULES_MAX] = {
	{ "toolCallId", REQUIRED, FORM_TEXT },
	{ "title", OPTIONAL, FORM_TEXT },
	{ "providerExecuted", OPTIONAL, FORM_FLAG },
	{ "callProviderMetadata", OPTIONAL, FORM_METADATA },
	{ "toolMetadata", OPTIONAL, FORM_OBJECT },
};

#define NO_OUTPUT                             \
	{                                     \
		"output", FORBIDDEN, FORM_ANY \
	}
#define NO_ERROR                                 \
	{                                        \
		"errorText", FORBIDDEN, FORM_ANY \
	}
#define NO_APPROVAL                             \
	{                                       \
		"approval", FORBIDDEN, FORM_ANY \
	}
#define INPUT                               \
	{                                   \
		"input", REQUIRED, FORM_ANY \
	}
#define RESULT_METADATA                                           \
	{                                                         \
		"resultProviderMetadata", OPTIONAL, FORM_METADATA \
	}

static const struct kind tool_states[] = {
	{ "input-streaming", false,
		{ { "rawInput", OPTIONAL, FORM_TEXT }, NO_OUTPUT, NO_ERROR,
			NO_APPROVAL } },
	{ "input-available", false,
		{ INPUT, NO_OUTPUT, NO_ERROR, NO_APPROVAL } },
	{ "approval-requested", false,
		{ INPUT, NO_OUTPUT, NO_ERROR,
			{ "approval", REQUIRED, FORM_APPROVAL_ASKED } } },
	{ "approval-responded", false,
		{ INPUT, NO_OUTPUT, NO_ERROR,
			{ "approval", REQUIRED, FORM_APPROVAL_GIVEN } } },
	{ "output-available", false,
		{ INPUT, { "output", REQUIRED, FORM_ANY }, NO_ERROR,
			{ "preliminary", OPTIONAL, FORM_FLAG }, RESULT_METADATA,
			{ "approval", OPTIONAL, FORM_APPROVAL_YES } } },
	{ "output-error", false,
		{ { "errorText", REQUIRED, FORM_TEXT }, NO_OUTPUT,
			RESULT_METADATA,
			{ "approval", OPTIONAL, FORM_APPROVAL_YES } } },
	{ "output-denied", false,
		{ INPUT, NO_OUTPUT, NO_ERROR,
			{ "approval", REQUIRED, FORM_APPROVAL_NO } } },
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
	return span_is(type, "dynamic-tool") || span_begins(type, "tool-");
}

static enum err
check_tool(const struct place *at, struct span part, struct span type)
{
	static const struct rule dynamic[RULES_MAX] = {
		{ "toolName", REQUIRED, FORM_TEXT },
	};
	struct span word =
		json_raw_text(at->arena, json_raw_get(part, "state"));
	const struct kind *state = find(tool_states, LENGTH(tool_states), word);

	if (span_is(type, "dynamic-tool"))
		TRY(check_rules(at, part, dynamic));
	TRY(check_rules(at, part, tool_rules));
	if (state == NULL)
		return fail(at, "state", "must be a state of a tool call");
	return check_rules(at, part, state->rules);
}

/* An unknown part of an assistant is a client's own: it is stored and shown
 * unchanged, and never sent to a model. */
static enum err
check_part(const struct place *at, struct span part, bool from_user)
{
	struct span type = json_raw_text(at->arena, json_raw_get(part, "type"));
	const struct kind *kind;

	if (json_raw_kind(part) != JSON_OBJECT)
		return fail(at, "", "must be an object");
	if (type.data == NULL)
		return fail(at, "type", "must be a string");
	if (is_tool(type) && !from_user)
		return check_tool(at, part, type);
	kind = find(kinds, LENGTH(kinds), type);
	if (from_user && (kind == NULL || !kind->from_user))
		return fail(at, "type",
			"is not a known type of part of a user's message");
	return kind != NULL ? check_rules(at, part, kind->rules) : OK;
}

/* ---- messages */

static enum err
check_parts(const struct place *at, struct span parts, bool from_user)
{
	struct place inner = *at;
	struct span part = { NULL, 0 };
	size_t n = json_raw_length(parts);
	char path[96];

	if (json_raw_kind(parts) != JSON_ARRAY)
		return fail(at, "parts", "must be an array");
	if (n > VALIDATE_PARTS_MAX)
		return fail(at, "parts", "has more than %d parts",
			VALIDATE_PARTS_MAX);
	if (from_user && n == 0)
		return fail(at, "parts", "must have at least one part");
	inner.path = path;
	for (size_t i = 0; json_raw_next(parts, &part); i++) {
		snprintf(path, sizeof(path), "%.64s.parts[%zu]", at->path, i);
		TRY(check_part(&inner, part, from_user));
	}
	return OK;
}

enum err
validate_message(struct arena *arena, const struct validate_message *message,
	const char *path, struct validate_error *error)
{
	struct place at = { path, error, arena };
	bool from_user = json_raw_is(message->role, "user");

	if (!form_absent(message->id) && !form_holds(FORM_TEXT, message->id))
		return fail(&at, "id", "must be a string");
	if (!from_user && !json_raw_is(message->role, "assistant"))
		return fail(&at, "role", "must be \"user\" or \"assistant\"");
	return check_parts(&at, message->parts, from_user);
}
