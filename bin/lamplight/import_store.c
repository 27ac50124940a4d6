#include "base/clock.h"
#include "chat/turn.h"
#include "lamplight/import.h"
#include "message/validate.h"
#include "repo/budget.h"
#include "repo/import.h"
#include "repo/message.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/user.h"
#include "wire/kept.h"
#include "json/line.h"
#include "json/utf8.h"
#include "json/write.h"

#include <stdio.h>
#include <string.h>

struct storing {
	const struct import_store *to;
	struct import_chat *chat;
	struct import_node *root;
	struct arena arena; /* freed after each attempt */
	uint64_t session_id, last_id;
	size_t n; /* number of messages */
	int64_t now_ms;
};

static struct span
parts_of(struct arena *arena, const struct import_node *node)
{
	char *text = arena_alloc(arena, node->parts.len + 2);

	text[0] = '[';
	memcpy(text + 1, node->parts.data, node->parts.len);
	text[node->parts.len + 1] = ']';
	return (struct span){ text, node->parts.len + 2 };
}

static int64_t
moment(const struct storing *s, const struct import_node *node)
{
	while (node != s->root && node->ms == 0)
		node = node->up;
	if (node->ms != 0)
		return node->ms;
	return s->chat->create_ms != 0 ? s->chat->create_ms : s->now_ms;
}

/* ---- the session */

static struct span
title_of(struct storing *s)
{
	struct span line = { NULL, 0 };

	if (utf8_valid(s->chat->title))
		line = line_seen(&s->arena, s->chat->title);
	if (line.len > 0)
		return line_cut(
			&s->arena, line, SESSION_TITLE_MAX, SESSION_TITLE_MAX);
	return turn_title(&s->arena, parts_of(&s->arena, s->root->first));
}

static void
measure(const struct storing *s, struct import_session *session)
{
	int64_t first_ms = s->now_ms, last_ms = 0;

	session->branched = s->root->first->next != NULL;
	for (struct import_node *node = s->root->first; node != NULL;
		node = import_walk(node, s->root)) {
		/* So its children need not search further up. */
		node->ms = moment(s, node);
		session->bytes += node->parts.len + 2 + BUDGET_ROW_BYTES;
		session->branched |=
			node->first != NULL && node->first->next != NULL;
		first_ms = MIN(first_ms, node->ms);
		last_ms = MAX(last_ms, node->ms);
	}
	session->create_ms =
		s->chat->create_ms != 0 ? s->chat->create_ms : first_ms;
	session->update_ms =
		s->chat->update_ms != 0 ? s->chat->update_ms : last_ms;
	session->update_ms = MAX(session->create_ms, session->update_ms);
}

static enum err
insert_session(struct storing *s, struct db *db)
{
	struct import_session session = { .user_id = s->to->user_id,
		.name = span_of(arena_printf(&s->arena, "import:%s:%.*s",
			s->chat->source, (int)s->chat->key.len,
			s->chat->key.data)),
		.title = title_of(s),
		.pinned = s->chat->pinned,
		.archived = s->chat->archived };

	TRY(snowflake_next(s->to->ids, 0, &session.id));
	s->session_id = s->last_id = session.id;
	measure(s, &session);
	TRY(import_session_insert(db, &session));
	return search_note(db, session.id, SEARCH_TITLE);
}

/* ---- its messages */

static struct span
metadata_of(struct arena *arena, int64_t ms, const char *source)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	struct span metadata;

	json_open(&w, '{');
	json_member_time(&w, "createTime", ms);
	json_member_str(&w, "importedFrom", source);
	json_close(&w, '}');
	metadata = arena_span(arena, buf_span(&text));
	buf_free(&text);
	return metadata;
}

/* Stores it with a client id: such a message is not ours, so no call in it is
 * ever run. */
static enum err
insert_message(struct storing *s, struct db *db, struct import_node *node)
{
	struct arena *arena = &s->arena;
	struct message message = {
		.parent_id = node->up == s->root ? 0 : node->up->id,
		.is_user = node->is_user,
		.active = node->active,
		.status = STATUS_COMPLETE,
		.client_id = span_of(arena_printf(arena, "import-%zu", s->n)),
		.parts = parts_of(arena, node),
		.create_ms = moment(s, node)
	};

	if (!node->is_user)
		message.metadata =
			metadata_of(arena, message.create_ms, s->chat->source);
	TRY(snowflake_next(s->to->ids, s->last_id, &node->id));
	message.id = s->last_id = node->id;
	s->n++;
	TRY(message_insert(db, s->session_id, &message));
	return search_note(db, s->session_id, message.id);
}

static enum err
store_all(struct storing *s, struct db *db)
{
	s->n = 0;
	s->session_id = 0;
	TRY(worker_fence(db, snowflake_lease(s->to->ids)));
	TRY(user_share(db, &s->arena, s->to->user_id));
	TRY(insert_session(s, db));
	for (struct import_node *node = s->root->first; node != NULL;
		node = import_walk(node, s->root))
		TRY(insert_message(s, db, node));
	return OK;
}

static enum err
store(struct db *db, void *arg)
{
	struct storing *s = arg;
	enum err err = store_all(s, db);

	arena_reset(&s->arena);
	/* The lease was lost, and will be replaced. */
	return err == ERR_CONFLICT && s->session_id == 0 ? ERR_BUSY : err;
}

/* Applies the same checks as to messages from a client. */
static enum err
check(struct import_chat *chat, struct import_node *root)
{
	struct validate_error error;

	for (struct import_node *node = root->first; node != NULL;
		node = import_walk(node, root)) {
		struct span parts = parts_of(&chat->arena, node);
		const struct validate_message message = {
			.role = span_of(
				node->is_user ? "\"user\"" : "\"assistant\""),
			.parts = parts
		};

		if (parts.len > IMPORT_PARTS_MAX)
			return ERR_TOO_BIG;
		TRY(validate_message(
			&chat->arena, &message, "message", &error));
		if (node->is_user)
			continue;
		parts = kept_leave_out(&chat->arena, parts);
		node->parts = (struct span){ parts.data + 1, parts.len - 2 };
	}
	return OK;
}

enum err
import_store(const struct import_store *to, struct import_chat *chat,
	struct import_node *root, size_t *messages)
{
	struct storing storing = {
		.to = to, .chat = chat, .root = root, .now_ms = clock_wall_ms()
	};
	uint64_t id;
	enum err err;
	const char *name = arena_printf(&chat->arena, "import:%s:%.*s",
		chat->source, (int)chat->key.len, chat->key.data);

	if (chat->key.len == 0 || strlen(name) > MESSAGE_CLIENT_ID_MAX)
		return ERR_INVALID;
	/* If it exists already, skip the transaction. */
	err = session_find_chat(
		to->db, &chat->arena, to->user_id, span_of(name), &id);
	if (err != ERR_NOT_FOUND)
		return err == OK ? ERR_CONFLICT : err;
	TRY(check(chat, root));
	err = db_transaction(to->db, store, &storing);
	*messages = storing.n;
	return err;
}
