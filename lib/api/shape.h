/*
 * shape.h: how rows look as JSON in answers.
 */

#ifndef API_SHAPE_H
#define API_SHAPE_H

#include "base/arena.h"
#include "base/err.h"
#include "repo/history.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/usage.h"
#include "repo/user.h"
#include "json/write.h"

/* {id, username}; a site's own user goes by its subject. */
void shape_user(struct json_writer *w, const struct user *user);

/* {id, title, createTime, updateTime, status, pinned, archived}; status is
 * "idle" or "streaming". */
void shape_session(struct json_writer *w, const struct session *session);

/* {date, messages, inputTokens, outputTokens} */
void shape_usage(struct json_writer *w, const struct usage *usage);

/* {sessionId, title, messageId, snippet, updateTime}; messageId is null when
 * the title is the hit. */
void shape_hit(struct json_writer *w, const struct search_hit *hit);

/*
 * A UIMessage {id, role, parts, metadata}. parts, and a reply's metadata, are
 * the stored text; a user's metadata are the client's own and createTime.
 * Where there are other branches, metadata has `siblings`, their ids.
 */
MUST_USE enum err shape_message(struct json_writer *w, struct arena *arena,
	const struct history_message *message);

#endif
