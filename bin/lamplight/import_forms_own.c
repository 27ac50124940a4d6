/* ChatGPT's and Claude's exports, and our own. */

#include "lamplight/import.h"

#include <string.h>

/* ---- ChatGPT: {title, create_time, update_time, conversation_id,
 * current_node, mapping: {id: {id, parent, message}}}; a message has author,
 * content, create_time, metadata. Times are seconds with a fraction. */

static struct span
path(struct span object, const char *first, const char *second)
{
	return json_raw_get(json_raw_get(object, first), second);
}

/* Reads the items of content.parts: texts, and pictures and voice, which are in
 * separate files; for voice, the words are included. */
static void
chatgpt_items(struct import_chat *chat, struct span items, struct buf *parts)
{
	struct span item = { NULL, 0 }, text;

	while (json_raw_kind(items) == JSON_ARRAY &&
		json_raw_next(items, &item)) {
		text = json_raw_kind(item) == JSON_OBJECT
			? json_raw_get(item, "text")
			: item;
		if (json_raw_kind(text) == JSON_TEXT)
			import_put_text(parts, "text", import_text(chat, text));
		else
			chat->left_out++;
	}
}

static void
chatgpt_thoughts(struct import_chat *chat, struct span list, struct buf *parts)
{
	struct span item = { NULL, 0 };

	while (json_raw_kind(list) == JSON_ARRAY && json_raw_next(list, &item))
		import_put_text(parts, "reasoning",
			import_text(chat, json_raw_get(item, "content")));
}

/* Returns false for a kind of content that people do not see. */
static bool
chatgpt_content(
	struct import_chat *chat, struct span content, struct buf *parts)
{
	struct span type = json_raw_get(content, "content_type");
	struct span text = json_raw_get(content, "text");

	if (json_raw_is(type, "text") || json_raw_is(type, "multimodal_text"))
		chatgpt_items(chat, json_raw_get(content, "parts"), parts);
	else if (json_raw_is(type, "code"))
		import_put_code(parts,
			import_text(chat, json_raw_get(content, "language")),
			import_text(chat, text));
	else if (json_raw_is(type, "execution_output"))
		import_put_code(parts, span_of(""), import_text(chat, text));
	else if (json_raw_is(type, "thoughts"))
		chatgpt_thoughts(
			chat, json_raw_get(content, "thoughts"), parts);
	else
		return false;
	return true;
}

static void
chatgpt_message(
	struct import_chat *chat, struct import_node *node, struct span message)
{
	static const char *const keys[] = { "author", "content", "create_time",
		"metadata" };
	struct span got[LENGTH(keys)], role;
	struct buf parts = BUF_INIT;
	bool known;

	json_raw_pick(message, keys, LENGTH(keys), got);
	role = json_raw_get(got[0], "role");
	node->is_user = json_raw_is(role, "user");
	node->ms = import_time(got[2]);
	node->hidden = json_raw_is(role, "system") ||
		span_is(json_raw_get(
				got[3], "is_visually_hidden_from_conversation"),
			"true");
	known = chatgpt_content(chat, got[1], &parts);
	/* Skip results of tools, except the output of code. */
	if (json_raw_is(role, "tool") &&
		!json_raw_is(json_raw_get(got[1], "content_type"),
			"execution_output"))
		known = false;
	if (!known && !node->hidden)
		chat->left_out++;
	node->hidden |= !known;
	node->parts = arena_span(&chat->arena, buf_span(&parts));
	buf_free(&parts);
}

enum err
import_chatgpt(struct import_chat *chat, struct span value)
{
	struct span mapping = json_raw_get(value, "mapping");
	struct span key = { NULL, 0 }, entry = { NULL, 0 }, message;

	if (json_raw_kind(mapping) != JSON_OBJECT)
		return ERR_INVALID;
	chat->source = "chatgpt";
	chat->key = import_text(chat, json_raw_get(value, "conversation_id"));
	if (chat->key.len == 0)
		chat->key = import_text(chat, json_raw_get(value, "id"));
	chat->title = import_text(chat, json_raw_get(value, "title"));
	chat->create_ms = import_time(json_raw_get(value, "create_time"));
	chat->update_ms = import_time(json_raw_get(value, "update_time"));
	chat->archived = span_is(json_raw_get(value, "is_archived"), "true");
	chat->current = import_text(chat, json_raw_get(value, "current_node"));
	while (json_raw_member(mapping, &key, &entry)) {
		struct import_node *node = import_add(chat);

		node->key = import_text(chat, key);
		node->parent = import_text(chat, json_raw_get(entry, "parent"));
		message = json_raw_get(entry, "message");
		node->hidden = true; /* a node without a message */
		if (json_raw_kind(message) == JSON_OBJECT)
			chatgpt_message(chat, node, message);
	}
	return OK;
}

/* ---- Claude: {uuid, name, created_at, updated_at, chat_messages: [{uuid,
 * sender, text, content, created_at, attachments, files,
 * parent_message_uuid}]}; without parents, messages follow each other */

static void
claude_content(struct import_chat *chat, struct span content, struct buf *parts)
{
	struct span item = { NULL, 0 };

	while (json_raw_kind(content) == JSON_ARRAY &&
		json_raw_next(content, &item)) {
		struct span type = json_raw_get(item, "type");

		if (json_raw_is(type, "text"))
			import_put_text(parts, "text",
				import_text(chat, json_raw_get(item, "text")));
		else if (json_raw_is(type, "thinking"))
			import_put_text(parts, "reasoning",
				import_text(
					chat, json_raw_get(item, "thinking")));
		else if (json_raw_is(type, "tool_use") &&
			json_raw_kind(path(item, "input", "content")) ==
				JSON_TEXT) /* an artifact */
			import_put_code(parts, span_of(""),
				import_text(
					chat, path(item, "input", "content")));
		else
			chat->left_out++;
	}
}

/* The text of an attached file is included. */
static void
claude_attachments(
	struct import_chat *chat, struct span list, struct buf *parts)
{
	struct span item = { NULL, 0 };

	while (json_raw_kind(list) == JSON_ARRAY &&
		json_raw_next(list, &item)) {
		struct span text = import_text(
			chat, json_raw_get(item, "extracted_content"));

		import_put_code(parts, span_of(""), text);
		chat->left_out += text.len == 0;
	}
}

static void
claude_message(struct import_chat *chat, struct span value, struct span before)
{
	static const char *const keys[] = { "uuid", "parent_message_uuid",
		"sender", "text", "content", "created_at", "attachments",
		"files" };
	struct span got[LENGTH(keys)], file = { NULL, 0 };
	struct import_node *node = import_add(chat);
	struct buf parts = BUF_INIT;

	json_raw_pick(value, keys, LENGTH(keys), got);
	node->key = import_text(chat, got[0]);
	node->parent = json_raw_kind(got[1]) == JSON_TEXT
		? import_text(chat, got[1])
		: before;
	node->is_user = json_raw_is(got[2], "human");
	node->ms = import_time(got[5]);
	claude_content(chat, got[4], &parts);
	if (parts.len == 0)
		import_put_text(&parts, "text", import_text(chat, got[3]));
	claude_attachments(chat, got[6], &parts);
	while (json_raw_kind(got[7]) == JSON_ARRAY &&
		json_raw_next(got[7], &file))
		chat->left_out++;
	node->parts = arena_span(&chat->arena, buf_span(&parts));
	buf_free(&parts);
}

enum err
import_claude(struct import_chat *chat, struct span value)
{
	struct span messages = json_raw_get(value, "chat_messages");
	struct span item = { NULL, 0 }, before = { NULL, 0 };

	if (json_raw_kind(messages) != JSON_ARRAY)
		return ERR_INVALID;
	chat->source = "claude";
	chat->key = import_text(chat, json_raw_get(value, "uuid"));
	chat->title = import_text(chat, json_raw_get(value, "name"));
	chat->create_ms = import_time(json_raw_get(value, "created_at"));
	chat->update_ms = import_time(json_raw_get(value, "updated_at"));
	chat->current = import_text(
		chat, json_raw_get(value, "current_leaf_message_uuid"));
	while (json_raw_next(messages, &item)) {
		claude_message(chat, item, before);
		before = chat->nodes[chat->n - 1].key;
	}
	return OK;
}

/* ---- our own form: a line for the chat, then one for each message */

/* Copies the text, because the next line overwrites this one. */
static struct span
keep(struct import_chat *chat, struct span raw)
{
	return arena_span(&chat->arena, import_text(chat, raw));
}

bool
import_is_line(struct span value, const char *type)
{
	return json_raw_is(json_raw_get(value, "type"), type);
}

enum err
import_own_session(struct import_chat *chat, struct span line)
{
	struct span session = json_raw_get(line, "session");

	if (json_raw_kind(session) != JSON_OBJECT)
		return ERR_INVALID;
	chat->source = "lamplight";
	chat->key = keep(chat, json_raw_get(session, "id"));
	chat->title = keep(chat, json_raw_get(session, "title"));
	chat->create_ms = import_time(json_raw_get(session, "createTime"));
	chat->update_ms = import_time(json_raw_get(session, "updateTime"));
	chat->pinned = span_is(json_raw_get(session, "pinned"), "true");
	chat->archived = span_is(json_raw_get(session, "archived"), "true");
	return OK;
}

/* Parts are kept unchanged. */
enum err
import_own_message(struct import_chat *chat, struct span line)
{
	struct span message = json_raw_get(line, "message"), parts;
	struct import_node *node;

	parts = json_raw_get(message, "parts");
	if (json_raw_kind(parts) != JSON_ARRAY)
		return ERR_INVALID;
	node = import_add(chat);
	node->key = keep(chat, json_raw_get(message, "id"));
	node->parent = keep(chat, json_raw_get(line, "parentId"));
	node->is_user = json_raw_is(json_raw_get(message, "role"), "user");
	node->ms = import_time(path(message, "metadata", "createTime"));
	if (node->ms == 0)
		node->ms = import_time(json_raw_get(message, "createTime"));
	node->parts = arena_span(
		&chat->arena, (struct span){ parts.data + 1, parts.len - 2 });
	if (json_raw_length(parts) == 0)
		node->parts.len = 0;
	if (span_is(json_raw_get(line, "shown"), "true"))
		chat->current = node->key;
	return OK;
}
