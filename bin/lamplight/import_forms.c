/* The forms of exports other than ChatGPT's and Claude's, and functions for all
 * forms. */

#include "base/clock.h"
#include "base/date.h"
#include "lamplight/import.h"
#include "json/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_FIRST 64
#define FAR_MS INT64_C(253402300799999) /* the end of the year 9999 */
#define SKEW_MS INT64_C(86400000)

void
import_chat_free(struct import_chat *chat)
{
	free(chat->nodes);
	arena_reset(&chat->arena);
	*chat = (struct import_chat){ 0 };
}

struct import_node *
import_add(struct import_chat *chat)
{
	if (chat->n == chat->cap) {
		chat->cap = MAX(chat->cap * 2, (size_t)NODES_FIRST);
		chat->nodes =
			realloc(chat->nodes, chat->cap * sizeof(*chat->nodes));
		if (chat->nodes == NULL)
			abort();
	}
	chat->nodes[chat->n] = (struct import_node){ 0 };
	return &chat->nodes[chat->n++];
}

struct span
import_text(struct import_chat *chat, struct span raw)
{
	return json_raw_text(&chat->arena, raw);
}

/* ---- parts */

void
import_put_text(struct buf *parts, const char *type, struct span text)
{
	struct json_writer w = json_writer(parts);

	if (text.len == 0)
		return;
	w.comma = parts->len > 0;
	json_open(&w, '{');
	json_member_str(&w, "type", type);
	json_member_text(&w, "text", text);
	json_close(&w, '}');
}

void
import_put_code(struct buf *parts, struct span language, struct span text)
{
	struct buf fenced = BUF_INIT;

	if (text.len == 0)
		return;
	buf_puts(&fenced, "````");
	buf_put_span(&fenced, language);
	buf_putc(&fenced, '\n');
	buf_put_span(&fenced, text);
	buf_puts(&fenced, "\n````");
	import_put_text(parts, "text", buf_span(&fenced));
	buf_free(&fenced);
}

/* ---- times */

static int64_t
sound(double ms)
{
	return isfinite(ms) && ms >= 1000 && ms < (double)FAR_MS &&
			(int64_t)ms <= clock_wall_ms() + SKEW_MS
		? (int64_t)ms
		: 0;
}

/* "2024-01-31T12:00:00.123456Z"; it may end with "+00:00" or nothing
 * instead. */
static int64_t
iso_time(const char *text)
{
	int year, month, day, hour, minute;
	double second;

	if (sscanf(text, "%4d-%2d-%2d%*1[T ]%2d:%2d:%lf", &year, &month, &day,
		    &hour, &minute, &second) != 6 ||
		month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
		hour > 23 || minute < 0 || minute > 59 || second < 0 ||
		second >= 61)
		return 0;
	return sound((double)date_ms(year, month, day) +
		((hour * 60 + minute) * 60 + second) * 1000);
}

int64_t
import_time(struct span raw)
{
	char text[48];
	double number;

	if (raw.len == 0 || raw.len >= sizeof(text))
		return 0;
	memcpy(text, raw.data, raw.len);
	text[raw.len] = '\0';
	if (text[0] == '"')
		return iso_time(text + 1);
	if (json_raw_kind(raw) != JSON_INT && json_raw_kind(raw) != JSON_DOUBLE)
		return 0;
	number = strtod(text, NULL);
	if (number > 1e17) /* in ns, µs, ms or s */
		return sound(number / 1e6);
	if (number > 1e14)
		return sound(number / 1e3);
	return sound(number > 1e11 ? number : number * 1000);
}

/* ---- Open WebUI: {id, title, chat: {history: {messages: {id: {id, parentId,
 * role, content, timestamp, files}}, currentId}}, created_at, updated_at} */

static void
openwebui_message(struct import_chat *chat, struct span key, struct span value)
{
	static const char *const keys[] = { "parentId", "role", "content",
		"timestamp", "files" };
	struct span got[LENGTH(keys)], file = { NULL, 0 };
	struct import_node *node = import_add(chat);
	struct buf parts = BUF_INIT;

	json_raw_pick(value, keys, LENGTH(keys), got);
	node->key = import_text(chat, key);
	node->parent = import_text(chat, got[0]);
	node->is_user = json_raw_is(got[1], "user");
	node->hidden = json_raw_is(got[1], "system");
	node->ms = import_time(got[3]);
	import_put_text(&parts, "text", import_text(chat, got[2]));
	while (json_raw_kind(got[4]) == JSON_ARRAY &&
		json_raw_next(got[4], &file))
		chat->left_out++;
	node->parts = arena_span(&chat->arena, buf_span(&parts));
	buf_free(&parts);
}

static enum err
import_openwebui(struct import_chat *chat, struct span value)
{
	struct span inner = json_raw_get(value, "chat");
	struct span history = json_raw_get(inner, "history");
	struct span messages = json_raw_get(history, "messages");
	struct span key = { NULL, 0 }, message = { NULL, 0 };

	if (json_raw_kind(messages) != JSON_OBJECT)
		return ERR_INVALID;
	chat->source = "openwebui";
	chat->key = import_text(chat, json_raw_get(value, "id"));
	chat->title = import_text(chat, json_raw_get(value, "title"));
	chat->create_ms = import_time(json_raw_get(value, "created_at"));
	chat->update_ms = import_time(json_raw_get(value, "updated_at"));
	chat->pinned = span_is(json_raw_get(value, "pinned"), "true");
	chat->archived = span_is(json_raw_get(value, "archived"), "true");
	chat->current = import_text(chat, json_raw_get(history, "currentId"));
	while (json_raw_member(messages, &key, &message))
		openwebui_message(chat, key, message);
	return OK;
}

/* ---- LibreChat: {conversationId, title, messages: [{messageId,
 * parentMessageId, isCreatedByUser, text, content, createdAt, children}]};
 * with "recursive" the children stand in their parent */

static void
librechat_content(
	struct import_chat *chat, struct span content, struct buf *parts)
{
	struct span item = { NULL, 0 }, text;

	while (json_raw_next(content, &item)) {
		struct span type = json_raw_get(item, "type");

		if (json_raw_is(type, "think")) {
			import_put_text(parts, "reasoning",
				import_text(chat, json_raw_get(item, "think")));
			continue;
		}
		text = json_raw_get(item, "text");
		if (json_raw_kind(text) == JSON_OBJECT)
			text = json_raw_get(text, "value");
		if (json_raw_is(type, "text") &&
			json_raw_kind(text) == JSON_TEXT)
			import_put_text(parts, "text", import_text(chat, text));
		else
			chat->left_out++;
	}
}

static void
librechat_messages(struct import_chat *chat, struct span list, unsigned depth)
{
	static const char *const keys[] = { "messageId", "parentMessageId",
		"isCreatedByUser", "text", "content", "createdAt", "children" };
	struct span got[LENGTH(keys)], value = { NULL, 0 };

	while (json_raw_kind(list) == JSON_ARRAY &&
		json_raw_next(list, &value)) {
		struct import_node *node = import_add(chat);
		struct buf parts = BUF_INIT;

		json_raw_pick(value, keys, LENGTH(keys), got);
		node->key = import_text(chat, got[0]);
		node->parent = import_text(chat, got[1]);
		node->is_user = span_is(got[2], "true");
		node->ms = import_time(got[5]);
		if (json_raw_kind(got[4]) == JSON_ARRAY)
			librechat_content(chat, got[4], &parts);
		if (parts.len == 0)
			import_put_text(
				&parts, "text", import_text(chat, got[3]));
		node->parts = arena_span(&chat->arena, buf_span(&parts));
		buf_free(&parts);
		if (depth < JSON_DEPTH_MAX)
			librechat_messages(chat, got[6], depth + 1);
	}
}

static enum err
import_librechat(struct import_chat *chat, struct span value)
{
	struct span messages = json_raw_get(value, "messages");

	if (json_raw_kind(messages) != JSON_ARRAY)
		return ERR_INVALID;
	chat->source = "librechat";
	chat->key = import_text(chat, json_raw_get(value, "conversationId"));
	chat->title = import_text(chat, json_raw_get(value, "title"));
	librechat_messages(chat, messages, 0);
	return OK;
}

/* ---- AI SDK: {id?, title?, createdAt?, messages: [UIMessage]} */

bool
import_is_message(struct span value)
{
	struct span role = json_raw_get(value, "role");

	return json_raw_is(role, "user") || json_raw_is(role, "assistant") ||
		json_raw_is(role, "system");
}

static void
aisdk_parts(struct import_chat *chat, struct span list, struct buf *parts)
{
	struct span item = { NULL, 0 };

	while (json_raw_next(list, &item)) {
		struct span type = json_raw_get(item, "type");
		const char *kind = json_raw_is(type, "text") ? "text"
			: json_raw_is(type, "reasoning")     ? "reasoning"
							     : NULL;

		if (kind != NULL)
			import_put_text(parts, kind,
				import_text(chat, json_raw_get(item, "text")));
		else if (!json_raw_is(type, "step-start"))
			chat->left_out++;
	}
}

/* In older versions the content is a text. Messages follow each other without
 * ids of parents; their own ids may be missing or repeated. */
static void
aisdk_message(struct import_chat *chat, struct span value, struct span before)
{
	static const char *const keys[] = { "role", "parts", "content",
		"createdAt" };
	struct span got[LENGTH(keys)];
	struct import_node *node = import_add(chat);
	struct buf parts = BUF_INIT;

	json_raw_pick(value, keys, LENGTH(keys), got);
	node->key = span_of(arena_printf(&chat->arena, "%zu", chat->n));
	node->parent = before;
	node->is_user = json_raw_is(got[0], "user");
	node->hidden = json_raw_is(got[0], "system");
	node->ms = import_time(got[3]);
	if (json_raw_kind(got[1]) == JSON_ARRAY)
		aisdk_parts(chat, got[1], &parts);
	else if (json_raw_kind(got[2]) == JSON_ARRAY)
		aisdk_parts(chat, got[2], &parts);
	else
		import_put_text(&parts, "text", import_text(chat, got[2]));
	node->parts = arena_span(&chat->arena, buf_span(&parts));
	buf_free(&parts);
}

static enum err
import_aisdk(struct import_chat *chat, struct span value)
{
	bool bare = json_raw_kind(value) == JSON_ARRAY;
	struct span messages = bare ? value : json_raw_get(value, "messages");
	struct span item = { NULL, 0 }, before = { NULL, 0 };

	if (json_raw_kind(messages) != JSON_ARRAY)
		return ERR_INVALID;
	chat->source = "aisdk";
	if (!bare) {
		chat->key = import_text(chat, json_raw_get(value, "id"));
		chat->title = import_text(chat, json_raw_get(value, "title"));
		chat->create_ms = import_time(json_raw_get(value, "createdAt"));
	}
	while (json_raw_next(messages, &item)) {
		if (!import_is_message(item))
			return ERR_INVALID;
		aisdk_message(chat, item, before);
		before = chat->nodes[chat->n - 1].key;
	}
	return OK;
}

/* ---- recognising the form */

static bool
has(struct span value, const char *key)
{
	return json_raw_get(value, key).data != NULL;
}

enum err
import_read(struct import_chat *chat, struct span value)
{
	if (json_check(value, JSON_DEPTH_MAX) != OK)
		return ERR_INVALID;
	if (has(value, "mapping"))
		return import_chatgpt(chat, value);
	if (has(value, "chat_messages"))
		return import_claude(chat, value);
	if (has(value, "chat"))
		return import_openwebui(chat, value);
	if (has(value, "conversationId"))
		return import_librechat(chat, value);
	return import_aisdk(chat, value);
}
