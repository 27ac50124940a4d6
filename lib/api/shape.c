#include "api/shape.h"

#define CREATE_TIME "createTime"
#define SIBLINGS "siblings"

void
shape_user(struct json_writer *w, const struct user *user)
{
	json_open(w, '{');
	json_member_id(w, "id", user->id);
	json_member_str(w, "username",
		user->username != NULL ? user->username : user->subject);
	json_close(w, '}');
}

void
shape_session(struct json_writer *w, const struct session *session)
{
	json_open(w, '{');
	json_member_id(w, "id", session->id);
	json_member_str(w, "title", session->title);
	json_member_time(w, "createTime", session->create_ms);
	json_member_time(w, "updateTime", session->update_ms);
	json_member_str(w, "status", session->streaming ? "streaming" : "idle");
	json_key(w, "pinned");
	json_put_bool(w, session->pinned);
	json_key(w, "archived");
	json_put_bool(w, session->archived);
	json_close(w, '}');
}

void
shape_usage(struct json_writer *w, const struct usage *usage)
{
	json_open(w, '{');
	json_member_str(w, "date", usage->day);
	json_member_int(w, "messages", (int64_t)usage->messages);
	json_member_int(w, "inputTokens", (int64_t)usage->input_tokens);
	json_member_int(w, "outputTokens", (int64_t)usage->output_tokens);
	json_close(w, '}');
}

void
shape_hit(struct json_writer *w, const struct search_hit *hit)
{
	json_open(w, '{');
	json_member_id(w, "sessionId", hit->session_id);
	json_member_str(w, "title", hit->title);
	json_key(w, "messageId");
	if (hit->message_id == SEARCH_TITLE)
		json_put_null(w);
	else
		json_put_id(w, hit->message_id);
	json_member_text(w, "snippet", hit->snippet);
	json_member_time(w, "updateTime", hit->update_ms);
	json_close(w, '}');
}

static void
put_siblings(struct json_writer *w, const struct history_message *message)
{
	if (message->n_siblings == 0)
		return;
	json_key(w, SIBLINGS);
	json_open(w, '[');
	for (unsigned i = 0; i < message->n_siblings; i++)
		json_put_id(w, message->siblings[i]);
	json_close(w, ']');
}

/* The stored members but those that are written beside them: a client may
 * have sent some of these names, and ours are the true ones. */
static void
put_members(struct json_writer *w, const struct json *own, bool from_user)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(own, &at, &key, &value)) {
		if (span_is(key, SIBLINGS) ||
			(from_user && span_is(key, CREATE_TIME)))
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
}

static enum err
put_metadata(struct json_writer *w, struct arena *arena,
	const struct history_message *message)
{
	const struct json *own = NULL;

	if (message->metadata.data != NULL)
		TRY(json_parse(arena, message->metadata, &own));
	if (own != NULL && json_kind(own) != JSON_OBJECT) {
		json_put(w, own);
		return OK;
	}
	json_open(w, '{');
	put_members(w, own, message->from_user);
	if (message->from_user || own == NULL)
		json_member_time(w, CREATE_TIME, message->create_ms);
	/* A crash can cut a reply off before it has metadata. */
	if (!message->from_user && own == NULL)
		json_member_str(w, "status", message->status);
	put_siblings(w, message);
	json_close(w, '}');
	return OK;
}

enum err
shape_message(struct json_writer *w, struct arena *arena,
	const struct history_message *message)
{
	json_open(w, '{');
	json_member_id(w, "id", message->id);
	json_member_str(w, "role", message->from_user ? "user" : "assistant");
	json_member_raw(w, "parts", message->parts);
	json_key(w, "metadata");
	if (message->from_user || message->metadata.data == NULL ||
		message->n_siblings > 0)
		TRY(put_metadata(w, arena, message));
	else
		json_put_raw(w, message->metadata);
	json_close(w, '}');
	return OK;
}
