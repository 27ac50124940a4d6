/*
 * turn.h: one question and its answer, up to the moment the model is asked.
 * A posted list of messages is placed into the stored tree, and in one
 * transaction the new user messages and an empty, streaming reply are
 * inserted. Nothing is sent upstream or acknowledged before its commit.
 *
 * The list places, it is not believed: what is known (by the client's id or
 * by Snowflake id) keeps its stored text; the parent is the last listed
 * message that is known, the unknown user messages after it are new. A parent
 * that is not the end of the shown path starts a branch; nothing is deleted.
 *
 * A new session stores the list as it is, replies included; but calls of the
 * server's own tools in it are left out, and no tool ever runs for a reply
 * that a client has posted: it has a client's id, which replies made here do
 * not have.
 */

#ifndef CHAT_TURN_H
#define CHAT_TURN_H

#include "base/arena.h"
#include "base/err.h"
#include "chat/models.h"
#include "db/db.h"
#include "llm/style.h"
#include "repo/budget.h"
#include "repo/message.h"
#include "repo/snowflake.h"

#include <stdbool.h>

struct tool_set;

#define TURN_TITLE_GRAPHEMES 50

/* A message of the posted list. Its parts have been validated. */
struct turn_message {
	struct span id; /* empty: not known by an id, and never deduplicated */
	bool is_user;
	struct span parts; /* JSON as sent */
	struct span metadata; /* JSON object as sent, or absent */
};

struct turn_post {
	uint64_t user_id;
	uint64_t session_id; /* 0: not given */
	struct span chat_id; /* absent when not given */
	bool regenerate; /* the trigger */
	enum llm_style style; /* of the reply that is made */
	struct span message_id; /* edited or regenerated, or absent */
	const struct turn_message *messages;
	size_t n;
	struct models *models;
	bool asks; /* one of them, for this session from now on: */
	uint64_t model_id; /* models_id(); one that is none is not known */
	bool chooses; /* something else than before: */
	struct span options; /* session_chosen */
	/* The assistant that its session begins with, or has begun with; 0: none
	 * is named; one that is none is not known. */
	uint64_t assistant_id;
	bool temporary; /* the session that begins */
	struct budget budget; /* what the user may use up */
	const struct tool_set *tools; /* that run in the server, or NULL */
};

enum turn_outcome {
	TURN_NEW, /* committed; ask the model now */
	TURN_REPEATED, /* this send was stored before: reply_id is its reply */
	TURN_RUNNING, /* reply_id runs and must be stopped first */
};

struct turn {
	enum turn_outcome outcome;
	enum llm_style style;
	uint64_t session_id;
	uint64_t reply_id;
	struct llm_model *model; /* that is asked; held in the arena */
	int64_t create_ms; /* of the reply */
	struct lease lease; /* that the reply runs under */
	int64_t began_ms; /* of this life of it (message_life) */
	bool continued; /* the reply existed before: its parts go on, */
	bool made; /* and it was made here: a client has not posted it */
	struct span parts; /* stored parts of a continued reply */
	struct span metadata;
	struct span question; /* the parts of all that was said, if known */
	const uint64_t *user_ids; /* of the posted user messages, in order */
	size_t n_user_ids;

	/* Why not, in words (static), with ERR_INVALID, ERR_CONFLICT,
	 * ERR_THROTTLED, ERR_FORBIDDEN, and of model and assistant. */
	const char *code, *detail;
	enum budget_kind spent; /* with the last two */
};

/*
 * Places *post* and commits. ERR_NOT_FOUND: no such session of this user.
 * ERR_INVALID: the list cannot be placed. ERR_CONFLICT: the same id with
 * other content. ERR_RUNNING: a reply that this client does not know. ERR_BUSY.
 * ERR_THROTTLED, ERR_FORBIDDEN: its user's budget. ERR_NO_MODEL. ERR_BUSY with a
 * code: the model cannot be used. ERR_NOT_FOUND and ERR_CONFLICT with one: no such
 * assistant, or another than the session has begun with.
 */
MUST_USE enum err turn_open(struct db *db, struct snowflake *ids,
	struct arena *arena, const struct turn_post *post, struct turn *out);

/* The title of a session that begins with this message. */
struct span turn_title(struct arena *arena, struct span parts);

#endif
