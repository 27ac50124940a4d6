/* Exports of lamplight: a line for the chat, then one for each message. */

#include "lamplight/import.h"

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
import_lamplight_session(struct import_chat *chat, struct span line)
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
import_lamplight_message(struct import_chat *chat, struct span line)
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
	node->ms = import_time(
		json_raw_get(json_raw_get(message, "metadata"), "createTime"));
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
