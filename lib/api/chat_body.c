#include "api/chat_body.h"

#include "chat/validate.h"
#include "json/utf8.h"

#include <stdio.h>

/* An optional text of at most CHAT_ID_MAX characters. A null is no text. */
static enum err
read_id(struct request *rq, const char *key, const struct json *value,
	struct span *out)
{
	*out = json_text(value);
	if (value == NULL)
		return OK;
	if (out->data == NULL || !utf8_valid(*out) ||
		utf8_length(*out) > CHAT_ID_MAX)
		return request_invalid(rq, key,
			"\"%s\" is a text of at most %d characters.", key,
			CHAT_ID_MAX);
	return OK;
}

static enum err
read_session_id(struct request *rq, const struct json *body, uint64_t *out)
{
	const struct json *value = json_get(body, "sessionId");

	*out = 0;
	if (value == NULL || json_kind(value) == JSON_NULL)
		return OK;
	if (id_parse(json_text(value), out) != OK)
		return request_invalid(rq, "sessionId",
			"\"sessionId\" is a session's id: a decimal number in "
			"quotes.");
	return OK;
}

static enum err
read_trigger(struct request *rq, const struct json *body, bool *regenerate)
{
	const struct json *value = json_get(body, "trigger");
	struct span word = json_text(value);

	*regenerate = span_is(word, "regenerate-message");
	if (value == NULL || *regenerate || span_is(word, "submit-message"))
		return OK;
	return request_invalid(rq, "trigger",
		"\"trigger\" is \"submit-message\" or \"regenerate-message\".");
}

static enum err
read_message(struct request *rq, const struct json *json, struct span raw,
	size_t index, struct turn_message *out)
{
	struct validate_error error;
	char path[32];

	snprintf(path, sizeof(path), "messages[%zu]", index);
	if (validate_message(json, path, &error) != OK)
		return request_invalid(
			rq, error.field, "%s: %s", error.field, error.detail);
	out->id = json_text(json_get(json, "id"));
	if (!utf8_valid(out->id) || utf8_length(out->id) > CHAT_ID_MAX)
		return request_invalid(rq, path,
			"%s.id has at most %d characters.", path, CHAT_ID_MAX);
	out->is_user = span_is(json_text(json_get(json, "role")), ROLE_USER);
	/* Stored is what was sent, byte for byte. */
	out->parts = json_raw_get(raw, "parts");
	if (json_kind(json_get(json, "metadata")) == JSON_OBJECT)
		out->metadata = json_raw_get(raw, "metadata");
	if (out->parts.data == NULL)
		return request_invalid(
			rq, path, "%s: write its keys without escapes.", path);
	if (out->parts.len + out->metadata.len > CHAT_PARTS_MAX)
		return request_fail(rq, ERR_TOO_BIG, "message_too_large",
			"One message holds at most 12 MB. Send fewer or "
			"smaller files at once.");
	return OK;
}

/* Without a chat id the last message goes by the key, or by none. */
static enum err
use_idempotency_key(
	struct request *rq, struct turn_message *last, struct turn_post *post)
{
	const char *key = request_header(rq, "Idempotency-Key");
	struct span id = span_of(key);

	if (post->chat_id.len > 0 || post->regenerate ||
		post->message_id.len > 0 || !last->is_user)
		return OK;
	if (id.len > CHAT_ID_MAX || !utf8_valid(id))
		return request_invalid(rq, "Idempotency-Key",
			"An Idempotency-Key has at most %d characters.",
			CHAT_ID_MAX);
	last->id = id;
	post->chat_id = id;
	return OK;
}

static enum err
read_messages(
	struct request *rq, const struct json *body, struct turn_post *post)
{
	const struct json *list = json_get(body, "messages");
	struct span raw = json_raw_get(rq->body, "messages");
	struct turn_message *messages;
	struct span item = { NULL, 0 };

	post->n = json_length(list);
	if (json_kind(list) != JSON_ARRAY || post->n == 0 || raw.data == NULL ||
		post->n > CHAT_MESSAGES_MAX)
		return request_invalid(rq, "messages",
			"\"messages\" is a list of 1 to %d messages.",
			CHAT_MESSAGES_MAX);
	messages = arena_alloc(rq->arena, post->n * sizeof(*messages));
	for (size_t i = 0; i < post->n && json_raw_next(raw, &item); i++)
		TRY(read_message(rq, json_at(list, i), item, i, &messages[i]));
	post->messages = messages;
	return use_idempotency_key(rq, &messages[post->n - 1], post);
}

enum err
chat_body_read(struct request *rq, struct turn_post *out)
{
	const struct json *body;

	*out = (struct turn_post){ .user_id = rq->user_id };
	TRY(request_json(rq, &body));
	TRY(read_session_id(rq, body, &out->session_id));
	TRY(read_id(rq, "id", json_get(body, "id"), &out->chat_id));
	TRY(read_trigger(rq, body, &out->regenerate));
	TRY(read_id(rq, "messageId", json_get(body, "messageId"),
		&out->message_id));
	return read_messages(rq, body, out);
}
