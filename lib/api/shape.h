/*
 * shape.h: how rows look as JSON in answers.
 */

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

/* {id, username}; a site's own user goes by its subject. */
void shape_user(struct json_writer *w, const struct user *user);

/* {id, username, createTime, role}; role is "user" or "admin". */
void shape_account(struct json_writer *w, const struct user *user);

/* {id, createTime, lastTime, browser, system, agent, current} */
void shape_login(
	struct json_writer *w, const struct login *login, uint64_t current_id);

/* {id, title, createTime, updateTime, status, asking?, pinned, archived, model?,
 * options?, assistant?}; status is "idle" or "streaming", asking is true: its last
 * reply waits for an approval. In lists the last three are left out; null: the
 * default, none, none. assistant: {id, name, icon, version}. */
void shape_session(struct json_writer *w, const struct session *session);

/* {date, messages, inputTokens, outputTokens} */
void shape_usage(struct json_writer *w, const struct usage *usage);

/* {date, modelId, name, replies, inputTokens, cachedTokens, outputTokens, cost};
 * cost in millionths, null: not known. */
void
shape_usage_model(struct json_writer *w, const struct usage_model_day *usage);

/* {sessionId, title, messageId, snippet, updateTime}; messageId is null when
 * the title is the hit. */
void shape_hit(struct json_writer *w, const struct search_hit *hit);

/* Whether a member of metadata, by its quoted key, is the server's to say:
 * what a client sends under that name is not believed. */
bool shape_is_own_metadata(struct span key);

/*
 * A UIMessage {id, role, parts, metadata}. parts, and the members of metadata,
 * are the stored text, spliced; a user's metadata are the client's own, but
 * for the names that are ours, and createTime. A reply has at least createTime
 * and a known status. Where there are other branches, metadata has `siblings`,
 * their ids; where its reader has rated a reply, `rating` ("up" or "down") and
 * `ratingComment`.
 */
void
shape_message(struct json_writer *w, const struct history_message *message);

#endif
