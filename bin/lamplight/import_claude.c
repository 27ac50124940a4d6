/* Claude's exports: {uuid, name, created_at, updated_at, chat_messages: [{uuid,
 * sender, text, content, created_at, attachments, files,
 * parent_message_uuid}]}; without parents, messages follow each other. */

#include "lamplight/import.h"

static struct span
path(struct span object, const char *first, const char *second)
{
	return json_raw_get(json_raw_get(object, first), second);
}

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
