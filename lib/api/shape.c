#include "api/shape.h"

#define CREATE_TIME "createTime"

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
	json_close(w, '}');
}

/* A reply that a crash cut off before it had metadata still has a status. */
static void
put_reply_metadata(struct json_writer *w, const struct history_message *message)
{
	if (message->metadata.data != NULL) {
		json_put_raw(w, message->metadata);
		return;
	}
	json_open(w, '{');
	json_member_time(w, CREATE_TIME, message->create_ms);
	json_member_str(w, "status", message->status);
	json_close(w, '}');
}

/* A createTime of the client's would be there twice; ours is the true one. */
static void
put_members(struct json_writer *w, const struct json *own)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(own, &at, &key, &value)) {
		if (span_is(key, CREATE_TIME))
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
}

static enum err
put_user_metadata(struct json_writer *w, struct arena *arena,
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
	put_members(w, own);
	json_member_time(w, CREATE_TIME, message->create_ms);
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
	if (message->from_user)
		TRY(put_user_metadata(w, arena, message));
	else
		put_reply_metadata(w, message);
	json_close(w, '}');
	return OK;
}
