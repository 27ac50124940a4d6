#include "api/chat_body.h"

#include "api/app.h"
#include "api/chat_message.h"
#include "api/session_change.h"
#include "json/json.h"

#include <stdio.h>

enum member {
	MESSAGES,
	MESSAGE,
	SESSION_ID,
	ID,
	TRIGGER,
	MESSAGE_ID,
	STYLE,
	MODEL,
	OPTIONS,
	ASSISTANT,
	TEMPORARY,
	N
};

static const char *const keys[N] = {
	[MESSAGES] = "messages",
	[MESSAGE] = "message",
	[SESSION_ID] = "sessionId",
	[ID] = "id",
	[TRIGGER] = "trigger",
	[MESSAGE_ID] = "messageId",
	[STYLE] = "style",
	[MODEL] = "model",
	[OPTIONS] = "options",
	[ASSISTANT] = "assistant",
	[TEMPORARY] = "temporary",
};

/* Clients send null or "" for members without a value. */
static bool
is_empty(struct span raw)
{
	return raw.data == NULL || json_raw_kind(raw) == JSON_NULL ||
		json_raw_is(raw, "");
}

/* Reads an optional text of at most CHAT_ID_MAX characters; absent if empty. */
static enum err
read_id(struct request *rq, enum member member, struct span raw,
	struct span *out)
{
	*out = (struct span){ NULL, 0 };
	if (is_empty(raw))
		return OK;
	*out = json_raw_text(rq->arena, raw);
	if (!chat_id_fits(*out))
		return request_invalid(rq, keys[member],
			"\"%s\" must be a string of at most %d characters.",
			keys[member], CHAT_ID_MAX);
	return OK;
}

static enum err
read_session_id(struct request *rq, struct span raw, uint64_t *out)
{
	*out = 0;
	if (is_empty(raw))
		return OK;
	if (id_parse(json_raw_text(rq->arena, raw), out) != OK)
		return request_invalid(rq, "sessionId",
			"\"sessionId\" is a session's id: a decimal number in "
			"quotes.");
	return OK;
}

/* Clients have used other words; all but one of them send a new message. */
static enum err
read_trigger(struct request *rq, struct span raw, bool *regenerate)
{
	*regenerate = json_raw_is(raw, "regenerate-message") ||
		json_raw_is(raw, "regenerate-assistant-message");
	if (is_empty(raw) || json_raw_kind(raw) == JSON_TEXT)
		return OK;
	return request_invalid(rq, "trigger",
		"\"trigger\" is \"submit-message\" or \"regenerate-message\".");
}

static enum err
read_style(struct request *rq, struct span raw, struct turn_post *post)
{
	if (is_empty(raw))
		return OK;
	if (json_raw_kind(raw) != JSON_TEXT ||
		!llm_style_read(json_raw_text(rq->arena, raw), &post->style))
		return request_invalid(rq, "style",
			"\"style\" is \"shorter\", \"longer\" or "
			"\"simpler\".");
	if (!post->regenerate)
		return request_invalid(rq, "style",
			"\"style\" goes with the trigger "
			"\"regenerate-message\".");
	return OK;
}

/* An id that is malformed matches no model. */
static enum err
read_model(struct request *rq, struct span raw, struct turn_post *post)
{
	if (is_empty(raw))
		return OK;
	if (json_raw_kind(raw) != JSON_TEXT)
		return request_invalid(rq, "model",
			"\"model\" is the id of a model, as a text.");
	post->asks = true;
	post->model_id = models_id(json_raw_text(rq->arena, raw));
	return OK;
}

static enum err
read_options(struct request *rq, struct span raw, struct turn_post *post)
{
	if (is_empty(raw))
		return OK;
	post->chooses = true;
	return session_options_read(rq, raw, &post->options);
}

/* An id that is malformed matches no assistant. */
static enum err
read_assistant(struct request *rq, struct span raw, struct turn_post *post)
{
	if (is_empty(raw))
		return OK;
	if (json_raw_kind(raw) != JSON_TEXT)
		return request_invalid(rq, "assistant",
			"\"assistant\" is the id of an assistant, as a text.");
	if (id_parse(json_raw_text(rq->arena, raw), &post->assistant_id) != OK)
		post->assistant_id = UINT64_MAX;
	return OK;
}

/* Applies to a new chat; an existing one keeps its state. */
static enum err
read_temporary(struct request *rq, struct span raw, struct turn_post *post)
{
	if (is_empty(raw))
		return OK;
	if (json_raw_kind(raw) != JSON_BOOL)
		return request_invalid(
			rq, "temporary", "\"temporary\" is true or false.");
	post->temporary = raw.data[0] == 't';
	if (post->temporary && rq->app->conf.chat.temporary_hours == 0)
		return request_invalid(rq, "temporary",
			"Temporary chats are turned off on this server.");
	return OK;
}

/* Without a chat id, the key becomes the last message's id; without a key it
 * has none. */
static enum err
use_idempotency_key(
	struct request *rq, struct turn_message *last, struct turn_post *post)
{
	const char *key = request_header(rq, "Idempotency-Key");
	struct span id = span_of(key);

	if (post->chat_id.len > 0 || post->regenerate ||
		post->message_id.len > 0 || !last->is_user)
		return OK;
	if (id.len > 0 && !chat_id_fits(id))
		return request_invalid(rq, "Idempotency-Key",
			"An Idempotency-Key can have at most %d characters.",
			CHAT_ID_MAX);
	last->id = id;
	post->chat_id = id;
	return OK;
}

static enum err
read_list(struct request *rq, struct span list, struct turn_post *post)
{
	struct span item = { NULL, 0 };
	struct turn_message *messages;
	char path[32];

	post->n = json_raw_length(list);
	if (json_raw_kind(list) != JSON_ARRAY || post->n == 0 ||
		post->n > CHAT_MESSAGES_MAX)
		return request_invalid(rq, "messages",
			"\"messages\" is a list of 1 to %d messages.",
			CHAT_MESSAGES_MAX);
	messages = arena_alloc(rq->arena, post->n * sizeof(*messages));
	for (size_t i = 0; json_raw_next(list, &item); i++) {
		snprintf(path, sizeof(path), "messages[%zu]", i);
		TRY(chat_message_read(rq, item, path, &messages[i]));
	}
	post->messages = messages;
	return use_idempotency_key(rq, &messages[post->n - 1], post);
}

/* Some clients send only the new message: {message} for {messages:
 * [message]}. */
static enum err
read_messages(struct request *rq, const struct span members[N],
	struct turn_post *post)
{
	struct turn_message *message;

	if (!is_empty(members[MESSAGES]) ||
		json_raw_kind(members[MESSAGE]) != JSON_OBJECT)
		return read_list(rq, members[MESSAGES], post);
	message = arena_alloc(rq->arena, sizeof(*message));
	TRY(chat_message_read(rq, members[MESSAGE], "message", message));
	post->messages = message;
	post->n = 1;
	return use_idempotency_key(rq, message, post);
}

enum err
chat_body_read(struct request *rq, struct turn_post *out)
{
	struct span body, members[N];

	*out = (struct turn_post){ .user_id = rq->user_id };
	TRY(request_raw_json(rq, &body));
	json_raw_pick(body, keys, N, members);
	TRY(read_session_id(rq, members[SESSION_ID], &out->session_id));
	TRY(read_id(rq, ID, members[ID], &out->chat_id));
	TRY(read_trigger(rq, members[TRIGGER], &out->regenerate));
	TRY(read_style(rq, members[STYLE], out));
	TRY(read_id(rq, MESSAGE_ID, members[MESSAGE_ID], &out->message_id));
	TRY(read_model(rq, members[MODEL], out));
	TRY(read_options(rq, members[OPTIONS], out));
	TRY(read_assistant(rq, members[ASSISTANT], out));
	TRY(read_temporary(rq, members[TEMPORARY], out));
	return read_messages(rq, members, out);
}
