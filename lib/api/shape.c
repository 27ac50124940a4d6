#include "api/shape.h"

#include "api/admin_shape.h"
#include "api/browser.h"
#include "base/attr.h"

#define CREATE_TIME "createTime"
#define SIBLINGS "siblings"
#define STATUS "status"
#define RATING "rating"
#define RATING_COMMENT "ratingComment"

void
shape_user_members(struct json_writer *w, const struct user *user)
{
	json_member_id(w, "id", user->id);
	json_member_str(w, "username",
		user->username != NULL ? user->username : user->subject);
}

void
shape_user(struct json_writer *w, const struct user *user)
{
	json_open(w, '{');
	shape_user_members(w, user);
	json_close(w, '}');
}

void
shape_account(struct json_writer *w, const struct user *user)
{
	json_open(w, '{');
	shape_user_members(w, user);
	json_member_time(w, CREATE_TIME, user->create_ms);
	json_member_str(w, "role", user->is_admin ? "admin" : "user");
	json_close(w, '}');
}

static void
member_or_null(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	if (text != NULL)
		json_put_str(w, text);
	else
		json_put_null(w);
}

void
shape_login(
	struct json_writer *w, const struct login *login, uint64_t current_id)
{
	json_open(w, '{');
	json_member_id(w, "id", login->id);
	json_member_time(w, "createTime", login->create_ms);
	json_member_time(w, "lastTime", login->rotate_ms);
	member_or_null(w, "browser", browser_name(login->agent));
	member_or_null(w, "system", browser_system(login->agent));
	json_member_str(w, "agent", login->agent);
	json_member_bool(w, "current", login->id == current_id);
	json_close(w, '}');
}

static void
put_chosen(struct json_writer *w, const struct session_chosen *chosen)
{
	json_key(w, "model");
	if (chosen->model_id != 0)
		json_put_id(w, chosen->model_id);
	else
		json_put_null(w);
	json_member_raw(w, "options",
		chosen->options.data != NULL ? chosen->options
					     : span_of("null"));
}

/* Writes the session's assistant, unless it was deleted with its owner. */
static void
put_begun_with(struct json_writer *w, const struct session *session)
{
	json_key(w, "assistant");
	if (session->assistant_name == NULL) {
		json_put_null(w);
		return;
	}
	json_open(w, '{');
	json_member_id(w, "id", session->chosen->assistant_id);
	json_member_str(w, "name", session->assistant_name);
	json_member_str(w, "icon", session->assistant_icon);
	json_member_int(w, "version", session->chosen->assistant_version);
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
	if (session->asking) {
		json_member_bool(w, "asking", true);
	}
	json_member_bool(w, "pinned", session->pinned);
	json_member_bool(w, "archived", session->archived);
	if (session->temporary) {
		json_member_bool(w, "temporary", true);
	}
	if (session->chosen != NULL) {
		put_chosen(w, session->chosen);
		put_begun_with(w, session);
	}
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
shape_usage_model(struct json_writer *w, const struct usage_model_day *usage)
{
	const struct usage_model *used = &usage->used;

	json_open(w, '{');
	json_member_str(w, "date", usage->day);
	if (used->model_id == 0)
		json_member_str(w, "modelId", ADMIN_CONFIGURED);
	else
		json_member_id(w, "modelId", used->model_id);
	json_member_text(w, "name", used->name);
	json_member_int(w, "replies", (int64_t)used->replies);
	json_member_int(w, "inputTokens", (int64_t)used->input_tokens);
	json_member_int(w, "cachedTokens", (int64_t)used->cached_tokens);
	json_member_int(w, "outputTokens", (int64_t)used->output_tokens);
	json_key(w, "cost");
	if (used->cost != USAGE_COST_UNKNOWN)
		json_put_int(w, used->cost);
	else
		json_put_null(w);
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

bool
shape_is_own_metadata(struct span key)
{
	static const char *const own[] = { CREATE_TIME, SIBLINGS, STATUS,
		"model", "modelId", "fallbackFor", "usage", "cost",
		"finishReason", "error", "context" };

	for (size_t i = 0; i < LENGTH(own); i++)
		if (json_raw_is(key, own[i]))
			return true;
	return false;
}

static bool
is_status(struct span raw)
{
	static const char *const words[] = { "complete", "stopped",
		"interrupted", "error" };

	for (size_t i = 0; i < LENGTH(words); i++)
		if (json_raw_is(raw, words[i]))
			return true;
	return false;
}

/* Whether the stored metadata contains the members that a reply must have. */
struct stored {
	bool create_time, status;
};

/* Whether a member of a reply's metadata is written separately, and a stored
 * one ignored. */
static bool
is_told_beside(struct span key)
{
	return json_raw_is(key, SIBLINGS) || json_raw_is(key, RATING) ||
		json_raw_is(key, RATING_COMMENT);
}

/* Whether a stored member is written unchanged; records which one it is. */
static bool
is_kept(struct span key, struct span value, bool from_user,
	struct stored *stored)
{
	if (from_user ? shape_is_own_metadata(key) : is_told_beside(key))
		return false;
	if (json_raw_is(key, STATUS)) {
		stored->status = is_status(value);
		return stored->status;
	}
	stored->create_time =
		stored->create_time || json_raw_is(key, CREATE_TIME);
	return true;
}

static void
put_run(struct json_writer *w, const char *from, const char *to)
{
	if (from != NULL)
		json_put_raw(w, (struct span){ from, (size_t)(to - from) });
}

/* Writes the stored members, except those written separately, unchanged and in
 * runs as long as possible. A page could not handle an unknown status. */
static struct stored
put_members(struct json_writer *w, struct span own, bool from_user)
{
	struct stored stored = { 0 };
	struct span key, value = { NULL, 0 };
	const char *from = NULL, *to = NULL;

	while (json_raw_member(own, &key, &value)) {
		if (!is_kept(key, value, from_user, &stored)) {
			put_run(w, from, to);
			from = NULL;
			continue;
		}
		from = from != NULL ? from : key.data;
		to = value.data + value.len;
	}
	put_run(w, from, to);
	return stored;
}

static void
put_rating(struct json_writer *w, const struct history_message *message)
{
	if (message->rating != NULL)
		json_member_str(w, RATING, message->rating);
	if (message->rating_comment != NULL)
		json_member_str(w, RATING_COMMENT, message->rating_comment);
}

static void
put_metadata(struct json_writer *w, const struct history_message *message)
{
	bool reply = !message->from_user;
	struct stored stored;

	json_open(w, '{');
	stored = put_members(w, message->metadata, message->from_user);
	if (!stored.create_time)
		json_member_time(w, CREATE_TIME, message->create_ms);
	/* A crash may interrupt a reply before its metadata is stored. */
	if (reply && !stored.status)
		json_member_str(w, STATUS, message->status);
	put_rating(w, message);
	put_siblings(w, message);
	json_close(w, '}');
}

void
shape_message(struct json_writer *w, const struct history_message *message)
{
	json_open(w, '{');
	json_member_id(w, "id", message->id);
	json_member_str(w, "role", message->from_user ? "user" : "assistant");
	json_member_raw(w, "parts", message->parts);
	json_key(w, "metadata");
	put_metadata(w, message);
	json_close(w, '}');
}
