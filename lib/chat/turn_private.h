/*
 * turn_private.h: the inside of turn.h, for its own files: what a posted list
 * asks for (turn_meet.c), where it goes (turn.c), and what is written of it
 * (turn_store.c).
 */

#ifndef CHAT_TURN_PRIVATE_H
#define CHAT_TURN_PRIVATE_H

#include "chat/turn.h"
#include "repo/session.h"

/* What a posted list asks for, seen beside what is stored. */
enum placing_kind {
	APPEND, /* new user messages below the known ones */
	EDIT, /* another text in place of the last, known one */
	REGENERATE, /* another reply to the last, known one */
	REPEAT, /* a send that is stored already */
	CONTINUE, /* the last, known message is a reply to be continued */
	KINDS
};

/* What the transaction works on. */
struct placing {
	struct snowflake *ids;
	struct arena *arena;
	const struct turn_post *post;
	struct turn *turn;
	bool new_session;
	struct session_chosen chosen; /* in the session, from this turn on: */
	bool chooses; /* others than before */
	bool held; /* nothing was looked at: the fence goes with the session */
	size_t n_known; /* how many of the list precede what is new */
	struct message known; /* the last of these */
	enum placing_kind kind;
	struct message_head parent; /* of what will be inserted; id 0: none */
	uint64_t last_id; /* new ids go above */
	int64_t now_ms;
};

/* Says why not, with *err*. */
enum err turn_refuse(
	struct placing *p, enum err err, const char *code, const char *detail);
const struct turn_message *turn_last(const struct placing *p);
struct message_head turn_head(const struct message *message);

/* Finds and locks the session of the list, and what it knows of it. */
MUST_USE enum err turn_find_session(struct db *db, struct placing *p);
/* Sets the kind. ERR_INVALID, ERR_CONFLICT: the list says what cannot be. */
MUST_USE enum err turn_classify(struct placing *p);
/* Decides what happens when a reply runs, or when the send is known. *done*
 * when nothing is left to insert. */
MUST_USE enum err
turn_meet_running(struct db *db, struct placing *p, bool *done);

/* Sets turn->model, and what its session shall have. ERR_NO_MODEL. ERR_BUSY: it
 * cannot be used. ERR_NOT_FOUND: there is no such assistant. */
MUST_USE enum err turn_choose(struct db *db, struct placing *p);

/* ERR_CONFLICT: the session was begun with another assistant. */
MUST_USE enum err turn_check_assistant(struct placing *p);

/* Counts what the turn uses up against the user's budget. */
MUST_USE enum err turn_spend(struct db *db, struct placing *p);

/* In this order, in the turn's transaction; or the reply that goes on. */
MUST_USE enum err turn_open_session(struct db *db, struct placing *p);
MUST_USE enum err turn_insert_new(struct db *db, struct placing *p);
MUST_USE enum err turn_insert_reply(struct db *db, struct placing *p);
MUST_USE enum err turn_continue_reply(struct db *db, struct placing *p);

#endif
