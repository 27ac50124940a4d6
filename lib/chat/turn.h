/*
 * turn.h: one question and its answer, until the model is asked. A posted list
 * of messages is placed into the stored tree, and one transaction inserts the
 * new user messages and an empty, streaming reply. Nothing is sent upstream or
 * acknowledged before its commit.
 *
 * The list only says where, it is not believed: a known message (by the
 * client's id or by Snowflake id) keeps its stored text; the last known message
 * of the list is the parent, and the unknown user messages after it are new. A
 * parent that is not the end of the shown path starts a branch; nothing is
 * deleted.
 *
 * A new session stores the list as it is, replies included. Calls of the
 * server's own tools in it are left out, and no tool ever runs for a reply that
 * a client has posted: such a reply has a client's id, which replies made here
 * do not have.
 */

#ifndef CHAT_TURN_H
#define CHAT_TURN_H

#include "base/arena.h"
#include "base/err.h"
#include "chat/models.h"
#include "db/db.h"
#include "repo/budget.h"
#include "repo/message.h"
#include "repo/snowflake.h"
#include "wire/style.h"

#include <stdbool.h>

struct tool_set;

#define TURN_TITLE_GRAPHEMES 50

/* A message of the posted list, with validated parts. */
struct turn_message {
	/* empty: the message has no id, and is never deduplicated */
	struct span id;
	bool is_user;
	struct span parts; /* JSON as sent */
	struct span metadata; /* a JSON object as sent, or absent */
};

struct turn_post {
	uint64_t user_id;
	uint64_t session_id; /* 0 if not given */
	struct span chat_id; /* absent if not given */
	bool regenerate; /* the trigger */
	enum llm_style style; /* of the new reply */
	/* the message edited or regenerated, or absent */
	struct span message_id;
	const struct turn_message *messages;
	size_t n;
	struct models *models;
	bool asks; /* the post names a model, for this session from now on: */
	uint64_t model_id; /* from models_id(); an unknown id is an error */
	bool chooses; /* the post has options, from now on: */
	struct span options; /* session_chosen */
	/* The assistant that the session begins, or has begun, with. 0 if none
	 * is named; an unknown id is an error. */
	uint64_t assistant_id;
	bool temporary; /* the new session is temporary */
	struct budget budget; /* the user's limits */
	/* the tools that run in the server; NULL if there are none */
	const struct tool_set *tools;
};

enum turn_outcome {
	TURN_NEW, /* committed; ask the model now */
	/* this send was stored before; reply_id is the reply to it */
	TURN_REPEATED,
	TURN_RUNNING, /* reply_id is running and must be stopped first */
};

struct turn {
	enum turn_outcome outcome;
	enum llm_style style;
	uint64_t session_id;
	uint64_t reply_id;
	struct llm_model *model; /* the model to ask; held in the arena */
	int64_t create_ms; /* of the reply */
	struct lease lease; /* the lease that the reply runs under */
	int64_t began_ms; /* when this life of the reply began (message_life) */
	bool continued; /* the reply existed before and is continued, */
	bool made; /* and it was made here, not posted by a client */
	struct span parts; /* stored parts of the continued reply */
	struct span metadata;
	/* the parts of the session's only message, if known */
	struct span question;
	const uint64_t *user_ids; /* of the posted user messages, in order */
	size_t n_user_ids;

	/* The reason, as a code and a static sentence, with ERR_INVALID,
	 * ERR_CONFLICT, ERR_THROTTLED and ERR_FORBIDDEN, and for errors of
	 * model and assistant. */
	const char *code, *detail;
	enum budget_kind spent; /* set with ERR_THROTTLED and ERR_FORBIDDEN */
};

/*
 * Places *post* and commits. ERR_NOT_FOUND if the user has no such session.
 * ERR_INVALID if the list cannot be placed. ERR_CONFLICT if the same id has
 * other content. ERR_RUNNING if a reply runs that this client does not know.
 * ERR_BUSY. ERR_THROTTLED and ERR_FORBIDDEN if the user's budget is used up.
 * ERR_NO_MODEL. ERR_BUSY with a code if the model cannot be used. ERR_NOT_FOUND
 * and ERR_CONFLICT with a code if there is no such assistant, or the session
 * has begun with another one.
 */
MUST_USE enum err turn_open(struct db *db, struct snowflake *ids,
	struct arena *arena, const struct turn_post *post, struct turn *out);

/* The title of a session that begins with this message. */
struct span turn_title(struct arena *arena, struct span parts);

#endif
