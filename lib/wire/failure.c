#include "wire/failure.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "wire/google_error.h"
#include "json/json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* How deeply nested a message may be. */
#define DEPTH_MAX 8

/* ---- words */

static void
copy(char *out, size_t size, struct span text)
{
	size_t len = MIN(text.len, size - 1);

	if (len > 0)
		memcpy(out, text.data, len);
	for (size_t i = 0; i < len; i++)
		if (out[i] == '\0')
			out[i] = ' ';
	out[len] = '\0';
}

static bool
is_word(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isalnum((unsigned char)text.data[i]) &&
			strchr("_.-", text.data[i]) == NULL)
			return false;
	return text.len > 0 && text.len < FAILURE_CODE_LEN;
}

/* Takes a word or a whole number; the first one found is kept. */
static void
take_word(char out[FAILURE_CODE_LEN], const struct json *json)
{
	if (*out != '\0')
		return;
	if (json_kind(json) == JSON_INT)
		snprintf(out, FAILURE_CODE_LEN, "%lld",
			(long long)json_int(json, 0));
	else if (is_word(json_text(json)))
		copy(out, FAILURE_CODE_LEN, json_text(json));
}

/* ---- the message */

static void find(struct failure *out, struct arena *arena,
	const struct json *json, int depth);

/* Gateways pass on the upstream's error as JSON inside a message. */
static void
take_text(struct failure *out, struct arena *arena, struct span text, int depth)
{
	const char *brace =
		text.len > 0 ? memchr(text.data, '{', text.len) : NULL;
	const struct json *inner;
	struct span rest;

	if (brace != NULL) {
		rest = (struct span){ brace,
			text.len - (size_t)(brace - text.data) };
		if (json_parse_loose(arena, rest, &inner) == OK)
			find(out, arena, inner, depth + 1);
	}
	if (*out->message == '\0')
		copy(out->message, sizeof(out->message), text);
}

/* Converts FastAPI's location of an error, ["body","messages",2,"content"], to
 * a param: "messages.2.content". */
static void
take_place(struct failure *out, const struct json *loc)
{
	struct buf place = BUF_INIT;

	for (size_t i = 0; i < json_length(loc); i++) {
		const struct json *item = json_at(loc, i);

		if (i == 0 && span_is(json_text(item), "body"))
			continue;
		if (place.len > 0)
			buf_putc(&place, '.');
		if (json_kind(item) == JSON_INT)
			buf_printf(
				&place, "%lld", (long long)json_int(item, 0));
		else
			buf_put_span(&place, json_text(item));
	}
	if (*out->param == '\0' && place.len < sizeof(out->param))
		memcpy(out->param, buf_str(&place), place.len + 1);
	buf_free(&place);
}

/* A deeper message is closer to the cause. */
static void
find(struct failure *out, struct arena *arena, const struct json *json,
	int depth)
{
	static const char *const keys[] = { "metadata", "raw", "error",
		"errors", "base_resp", "message", "detail", "details", "msg",
		"error_msg", "error_message", "status_msg", "Message",
		"error_description", "reason", "title", "choices" };

	if (depth > DEPTH_MAX || *out->message != '\0')
		return;
	if (json_kind(json) == JSON_TEXT) {
		take_text(out, arena, json_text(json), depth);
		return;
	}
	if (json_kind(json) == JSON_ARRAY) {
		find(out, arena, json_at(json, 0), depth + 1);
		return;
	}
	if (json_kind(json) != JSON_OBJECT)
		return;
	for (size_t i = 0; i < LENGTH(keys); i++)
		find(out, arena, json_get(json, keys[i]), depth + 1);
	take_word(out->code, json_get(json, "code"));
	take_word(out->code, json_get(json, "error_code"));
	take_word(out->code, json_get(json, "status_code"));
	take_word(out->type, json_get(json, "type"));
	take_word(out->type, json_get(json, "status"));
	take_word(out->param, json_get(json, "param"));
	take_place(out, json_get(json, "loc"));
}

/* The text between *open* and *close*, anywhere in the body; absent without
 * *open*. */
static struct span
between(struct span body, const char *open, const char *close)
{
	const char *end = body.data + body.len, *from, *to;

	from = body.len > 0 ? memmem(body.data, body.len, open, strlen(open))
			    : NULL;
	if (from == NULL)
		return (struct span){ NULL, 0 };
	from += strlen(open);
	to = memmem(from, (size_t)(end - from), close, strlen(close));
	return (struct span){ from, (size_t)((to != NULL ? to : end) - from) };
}

/* The body is a page, truncated JSON, or plain text. */
static void
find_raw(struct failure *out, struct span body)
{
	struct span text = between(body, "<title>", "<");

	if (text.data == NULL)
		text = between(body, "\"message\":\"", "\"");
	if (text.data == NULL)
		text = between(body, "\"message\": \"", "\"");
	copy(out->message, sizeof(out->message),
		text.data != NULL ? text : body);
}

/* No error is longer than this; the body is parsed in the event loop. */
#define JSON_BODY_MAX ((size_t)64 << 10)

void
failure_read(struct failure *out, long status, struct span body)
{
	struct arena arena = ARENA_INIT;
	const struct json *json;
	long number;

	*out = (struct failure){ .status = status };
	if (body.len <= JSON_BODY_MAX &&
		json_parse_loose(&arena, body, &json) == OK) {
		find(out, &arena, json, 0);
		out->retry_ms = google_error_retry_ms(json);
	} else {
		find_raw(out, body);
	}
	arena_reset(&arena);
	number = strtol(out->code, NULL, 10);
	if (status == 0 && number >= 400 && number < 600)
		out->status = number;
}

/* ---- classification */

static bool
holds(const char *text, const char *words)
{
	return strcasestr(text, words) != NULL;
}

bool
failure_says(const struct failure *failure, const char *words)
{
	return holds(failure->message, words) || holds(failure->code, words) ||
		holds(failure->type, words) || holds(failure->param, words);
}

/* The first row applies whose words all occur. Providers use similar words, so
 * a few rows are enough. */
static const struct {
	enum llm_fault fault;
	const char *words[2];
} meanings[] = {
	{ LLM_TOO_LARGE, { "context_length" } },
	{ LLM_TOO_LARGE, { "context length" } },
	{ LLM_TOO_LARGE, { "context window" } },
	{ LLM_TOO_LARGE, { "context size" } },
	{ LLM_TOO_LARGE, { "prompt is too long" } },
	{ LLM_TOO_LARGE, { "too many tokens" } },
	{ LLM_TOO_LARGE, { "input token count", "exceed" } },
	{ LLM_TOO_LARGE, { "input length", "exceed" } },
	{ LLM_TOO_LARGE, { "maximum prompt length" } },
	{ LLM_TOO_LARGE, { "request_too_large" } },
	{ LLM_TOO_LARGE, { "string_above_max_length" } },
	{ LLM_TOO_LARGE, { "reduce the length" } },
	{ LLM_FILTERED, { "content_filter" } },
	{ LLM_FILTERED, { "content filter" } },
	{ LLM_FILTERED, { "content_policy" } },
	{ LLM_FILTERED, { "content management policy" } },
	{ LLM_FILTERED, { "DataInspection" } },
	{ LLM_FILTERED, { "data_inspection" } },
	{ LLM_FILTERED, { "inappropriate content" } },
	{ LLM_FILTERED, { "flagged", "moderation" } },
	{ LLM_FILTERED, { "safety system" } },
	{ LLM_FILTERED, { "invalid_prompt" } },
	{ LLM_FILTERED, { "Content Exists Risk" } },
	{ LLM_FILTERED, { "sensitive", "content" } },
	{ LLM_QUOTA, { "insufficient_quota" } },
	{ LLM_QUOTA, { "insufficient balance" } },
	{ LLM_QUOTA, { "insufficient_balance" } },
	{ LLM_QUOTA, { "insufficient credit" } },
	{ LLM_QUOTA, { "exceeded your current quota" } },
	{ LLM_QUOTA, { "credit balance" } },
	{ LLM_QUOTA, { "billing" } },
	{ LLM_QUOTA, { "Arrearage" } },
	{ LLM_QUOTA, { "spending limit" } },
	{ LLM_KEY, { "invalid_api_key" } },
	{ LLM_KEY, { "invalid api key" } },
	{ LLM_KEY, { "incorrect api key" } },
	{ LLM_KEY, { "api key not valid" } },
	{ LLM_KEY, { "authentication" } },
	{ LLM_NO_TOOLS, { "tool", "not support" } },
	{ LLM_NO_TOOLS, { "tool", "unsupported" } },
	{ LLM_NO_TOOLS, { "enable-auto-tool-choice" } },
	{ LLM_NO_TOOLS, { "tool-call-parser" } },
	{ LLM_NO_TOOLS, { "tool use", "no endpoints" } },
	{ LLM_NO_TOOLS, { "function call", "not support" } },
	{ LLM_NO_IMAGES, { "image", "not support" } },
	{ LLM_NO_IMAGES, { "image", "no endpoints" } },
	{ LLM_NO_IMAGES, { "image", "unsupported" } },
	{ LLM_NO_IMAGES, { "image", "not a multimodal" } },
	{ LLM_NO_IMAGES, { "vision", "not support" } },
	{ LLM_NO_IMAGES, { "multimodal", "not support" } },
	{ LLM_NO_IMAGES, { "mmproj" } },
	{ LLM_NO_IMAGES, { "image_url", "unknown variant" } },
	{ LLM_NO_IMAGES, { "image_url", "expected `text`" } },
	{ LLM_NO_FILES, { "file", "not support" } },
	{ LLM_NO_FILES, { "file", "unsupported" } },
	{ LLM_NO_FILES, { "audio", "not support" } },
	{ LLM_NO_FILES, { "pdf", "not support" } },
	{ LLM_NOT_FOUND, { "model_not_found" } },
	{ LLM_NOT_FOUND, { "model", "does not exist" } },
	{ LLM_NOT_FOUND, { "model", "not found" } },
	{ LLM_NOT_FOUND, { "not a valid model" } },
	{ LLM_NOT_FOUND, { "model", "decommissioned" } },
	{ LLM_NOT_FOUND, { "invalid model" } },
	{ LLM_OVERLOADED, { "overloaded" } },
	{ LLM_OVERLOADED, { "at capacity" } },
	{ LLM_OVERLOADED, { "no available worker" } },
	{ LLM_OVERLOADED, { "high demand" } },
	{ LLM_THROTTLED, { "rate_limit" } },
	{ LLM_THROTTLED, { "rate limit" } },
	{ LLM_THROTTLED, { "too many requests" } },
	{ LLM_THROTTLED, { "resource_exhausted" } },
};

static enum llm_fault
fault_of_words(const struct failure *failure)
{
	for (size_t i = 0; i < LENGTH(meanings); i++) {
		const char *const *words = meanings[i].words;

		if (failure_says(failure, words[0]) &&
			(words[1] == NULL || failure_says(failure, words[1])))
			return meanings[i].fault;
	}
	return LLM_OK;
}

static enum llm_fault
fault_of_status(long status, enum llm_fault otherwise)
{
	if (status == 0)
		return otherwise;
	if (status == 413)
		return LLM_TOO_LARGE;
	if (status == 401 || status == 403)
		return LLM_KEY;
	if (status == 407) /* sent by a proxy */
		return LLM_UNREACHABLE;
	if (status == 402)
		return LLM_QUOTA;
	if (status == 429)
		return LLM_THROTTLED;
	if (status == 529)
		return LLM_OVERLOADED;
	if (status == 408 || status == 409 || status >= 500)
		return LLM_FAILED;
	if (status == 404 || status == 405 || status < 400)
		return LLM_NOT_FOUND;
	return LLM_REJECTED;
}

/* The status alone identifies a refused key, whatever the words. For a server's
 * failure the words count only if they are known. */
enum llm_fault
failure_fault(const struct failure *failure, enum llm_fault otherwise)
{
	enum llm_fault fault =
		failure->status == 401 ? LLM_KEY : fault_of_words(failure);

	/* A quota that refills is not exhausted. */
	if (fault == LLM_QUOTA && failure->retry_ms > 0)
		return LLM_THROTTLED;
	return fault != LLM_OK ? fault
			       : fault_of_status(failure->status, otherwise);
}

bool
failure_may_pass(long status)
{
	return status == 408 || status == 409 || status == 429 || status >= 500;
}
