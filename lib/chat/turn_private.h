/*
 * turn_private.h: shared by turn_meet.c (what a posted list asks for),
 * turn_choose.c (which model is asked), turn.c (where the list goes) and
 * turn_store.c (what is written).
 */

#ifndef CHAT_TURN_PRIVATE_H
#define CHAT_TURN_PRIVATE_H

#include "chat/turn.h"
#include "repo/session.h"

/* What a posted list asks for, compared with what is stored. */
enum placing_kind {
	APPEND, /* new user messages below the known ones */
	EDIT, /* a new text in place of the last known message */
	REGENERATE, /* another reply to the last known message */
	REPEAT, /* a send that is already stored */
	CONTINUE, /* continue the reply that is the last known message */
	KINDS
};

/* The state of the transaction. */
struct placing {
	struct snowflake *ids;
	struct arena *arena;
	const struct turn_post *post;
	struct turn *turn;
	bool new_session;
	/* the session's choice from this turn on */
	struct session_chosen chosen;
	bool chooses; /* the post makes a choice, which must be stored */
	/* True if nothing was read first; the fence is then sent with the
	 * session statement. */
	bool held;
	size_t n_known; /* how many messages of the list precede the new ones */
	struct message known; /* the last of these */
	enum placing_kind kind;
	/* parent of the next message inserted; id 0 if none */
	struct message_head parent;
	uint64_t last_id; /* new ids are greater than this */
	int64_t now_ms;
};

/* Sets the reason and returns *err*. */
enum err turn_refuse(
	struct placing *p, enum err err, const char *code, const char *detail);
const struct turn_message *turn_last(const struct placing *p);
struct message_head turn_head(const struct message *message);

/* Finds and locks the session of the list, and the list's last known
 * message. */
MUST_USE enum err turn_find_session(struct db *db, struct placing *p);
/* Sets the kind. ERR_INVALID, ERR_CONFLICT if the list contradicts itself or
 * what is stored. */
MUST_USE enum err turn_classify(struct placing *p);
/* Decides what to do if a reply runs or the send is known. Sets *done* if
 * nothing is left to insert. */
MUST_USE enum err
turn_meet_running(struct db *db, struct placing *p, bool *done);

/* Sets turn->model and the session's new choice. ERR_NO_MODEL. ERR_BUSY if the
 * model cannot be used. ERR_NOT_FOUND if there is no such assistant. */
MUST_USE enum err turn_choose(struct db *db, struct placing *p);

/* ERR_CONFLICT if the session was begun with another assistant. */
MUST_USE enum err turn_check_assistant(struct placing *p);

/* Counts the turn against the user's budget, in the turn's transaction. */
MUST_USE enum err turn_spend(struct db *db, struct placing *p);
/* ERR_INVALID if the turn must be counted, because it might be one too
 * many. */
MUST_USE enum err turn_has_ample_budget(struct db *db, struct placing *p);

/* The first three are called in this order in the turn's transaction; for a
 * continued reply, only the last one is. */
MUST_USE enum err turn_open_session(struct db *db, struct placing *p);
MUST_USE enum err turn_insert_new(struct db *db, struct placing *p);
MUST_USE enum err turn_insert_reply(struct db *db, struct placing *p);
MUST_USE enum err turn_continue_reply(struct db *db, struct placing *p);

#endif
