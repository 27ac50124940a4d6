/* shape.h: the JSON form of rows in answers. */

#ifndef API_SHAPE_H
#define API_SHAPE_H

#include "base/arena.h"
#include "base/err.h"
#include "repo/history.h"
#include "repo/login.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/usage.h"
#include "repo/usage_model.h"
#include "repo/user.h"
#include "json/write.h"

/* {id, username}; for a user with site tokens, username is the subject. */
void shape_user(struct json_writer *w, const struct user *user);

/* The same without the braces. */
void shape_user_members(struct json_writer *w, const struct user *user);

/* {id, username, createTime, role}; role is "user" or "admin". */
void shape_account(struct json_writer *w, const struct user *user);

/* {id, createTime, lastTime, browser, system, agent, current} */
void shape_login(
	struct json_writer *w, const struct login *login, uint64_t current_id);

/* {id, title, createTime, updateTime, status, asking?, pinned, archived,
 * model?, options?, assistant?}; status is "idle" or "streaming"; asking true:
 * its last reply waits for an approval. Lists omit the last three; null means
 * the default model, no options, no assistant. assistant: {id, name, icon,
 * version}. */
void shape_session(struct json_writer *w, const struct session *session);

/* {date, messages, inputTokens, outputTokens} */
void shape_usage(struct json_writer *w, const struct usage *usage);

/* {date, modelId, name, replies, inputTokens, cachedTokens, outputTokens,
 * cost}; cost is in millionths, null if unknown. */
void
shape_usage_model(struct json_writer *w, const struct usage_model_day *usage);

/* {sessionId, title, messageId, snippet, updateTime}; messageId is null if the
 * title matched. */
void shape_hit(struct json_writer *w, const struct search_hit *hit);

/* Whether only the server may set this member of metadata, given by its quoted
 * key: a client's value for it is ignored. */
bool shape_is_own_metadata(struct span key);

/*
 * A UIMessage {id, role, parts, metadata}. parts and the members of metadata
 * are the stored text, spliced; a user message's metadata comes from the
 * client, except createTime and the names reserved for us. A reply has at least
 * createTime and a known status. If there are other branches, metadata has
 * their ids as `siblings`; if the reader has rated a reply, `rating` ("up" or
 * "down") and `ratingComment`.
 */
void
shape_message(struct json_writer *w, const struct history_message *message);

#endif
