/* ChatGPT's exports: {title, create_time, update_time, conversation_id,
 * current_node, mapping: {id: {id, parent, message}}}; a message has author,
 * content, create_time, metadata. Times are seconds with a fraction. */

#include "lamplight/import.h"

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
