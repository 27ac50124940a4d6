/*
 * session.h: the table `session`: a user's conversations. Every query contains
 * the owner's id; another user's session and a missing one both yield
 * ERR_NOT_FOUND.
 */

#ifndef REPO_SESSION_H
#define REPO_SESSION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"
#include "repo/worker.h"

#include <stdbool.h>
#include <stdint.h>

#define SESSION_TITLE_MAX 255 /* characters */

/* The model of a session and its options, as chosen by the owner. */
struct session_chosen {
	uint64_t model_id; /* 0: the default */
	struct span options; /* JSON object (llm/choice.h); absent: none */
	/* The assistant with which it was started (assistant.h), for good; id
	 * 0: none. */
	uint64_t assistant_id;
	uint32_t assistant_version;
};

struct session {
	uint64_t id;
	const char *title;
	int64_t create_ms, update_ms;
	bool pinned, archived;
	bool temporary; /* in no list, and deleted early (retention.h) */
	bool branched; /* some messages have siblings */
	bool streaming; /* a reply is running */
	bool asking; /* its last reply waits for a person's approval */
	/* NULL in lists, which are read from an index without it. */
	const struct session_chosen *chosen;
	/* From the assistant's version; NULL in lists, and if there is no
	 * assistant. */
	const char *assistant_name, *assistant_icon;
};

/* A session that does not exist yet. */
struct session_draft {
	uint64_t id, user_id;
	const char *title;
	struct span chat_id; /* absent: no deduplication */
	/* Id of the first message; may be absent. */
	struct span first_client_id;
	int64_t now_ms;
	uint64_t bytes; /* total size of its first messages */
	bool temporary;
	struct session_chosen chosen;
};

/* The shelf on which a session is: the column `archived`, by which each list is
 * read. */
enum session_shelf { SESSION_LISTED, SESSION_ARCHIVED, SESSION_TEMPORARY };

/* What the last reply of a session does: the column `streaming`, whose name is
 * older than its third value. */
enum session_activity {
	SESSION_IDLE,
	SESSION_STREAMING, /* a reply may be running */
	SESSION_ASKING, /* the last reply asks a person something */
};

/* The sessions in a list; archived and other sessions are never in the same
 * list. */
enum session_pins { SESSION_ANY_PIN, SESSION_PINNED, SESSION_NOT_PINNED };
struct session_filter {
	uint64_t user_id;
	bool archived;
	enum session_pins pins;
};

/* The start of a page: after this session. The whole list starts after the year
 * 9999. */
struct session_place {
	int64_t update_ms;
	uint64_t id;
};
#define SESSION_LIST_START \
	((struct session_place){ INT64_C(253402300799999), UINT64_MAX })

MUST_USE enum err session_find(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, struct session *out);

struct session_page {
	struct session *list; /* latest update first */
	unsigned n;
	bool more; /* more sessions follow */
};

/* Up to *limit* sessions after *place*, in *arena*. */
MUST_USE enum err
session_list(struct db *db, struct arena *arena, struct session_filter filter,
	struct session_place place, unsigned limit, struct session_page *out);

/* Up to *limit* sessions, including archived and temporary ones, with ids above
 * *after*, ascending. */
MUST_USE enum err
session_after(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t after, unsigned limit, struct session_page *out);

/* Up to *max* sessions of a user, in any order. */
MUST_USE enum err session_ids(
	struct db *db, uint64_t user_id, uint64_t *ids, size_t max, size_t *n);

/* What a person may change about a session; NULL and 0 leave a member
 * unchanged. *archived*, true or false, makes a temporary session permanent. */
struct session_change {
	const char *title;
	const bool *pinned, *archived;
	uint64_t leaf_id; /* makes the shown path contain this message */
	const uint64_t *model_id; /* see session_chosen */
	const struct span *options;
};

/*
 * Makes all of the changes or none. The time of the last update stays: a new
 * title is not a new message. ERR_NOT_FOUND also for a leaf that does not
 * belong to the session; ERR_RUNNING: the path cannot change at the moment.
 */
MUST_USE enum err session_change(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, const struct session_change *change);

/*
 * Deletes all of the sessions or none, with their messages and texts, including
 * a running reply (which is asked to stop) and its journal. Of large sessions
 * it deletes some hundred rows, and notes the rest (erase.h). ERR_NOT_FOUND:
 * one of them does not belong to the user. Sorts *ids*, which may contain
 * duplicates.
 */
MUST_USE enum err session_delete(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t *ids, unsigned n);

/* ---- deleting, inside a transaction of the caller; *rows*: how many rows
 * of messages and notes may be deleted, and on return how many of these are
 * left */

/* Deletes a session that is locked. */
MUST_USE enum err session_drop(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, uint64_t *rows);

/* Deletes the remaining rows of a deleted session. *done*: none are left,
 * except in the search segments. */
MUST_USE enum err session_erase(struct db *db, uint64_t user_id, uint64_t id,
	uint64_t *rows, bool *done);

/* ---- inside the first transaction of a turn */

/* Locks the row until the end of the transaction, so that a session has one
 * turn at a time, and none while it is being deleted. */
MUST_USE enum err
session_lock(struct db *db, struct arena *arena, uint64_t user_id, uint64_t id);

/* Like session_lock(); also reads what is chosen in the session. */
MUST_USE enum err session_lock_chosen(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, struct session_chosen *out);

/* Stores another choice of model or options, in the caller's transaction. */
MUST_USE enum err
session_choose(struct db *db, uint64_t id, const struct session_chosen *chosen);

/* ERR_CONFLICT: this first message was sent before. */
MUST_USE enum err
session_insert(struct db *db, const struct session_draft *draft);

/* Like session_insert(), in a transaction that has checked nothing: ERR_INVALID
 * if *lease* is not held, or if the user does not exist (any more). Both
 * conditions hold until the commit. */
MUST_USE enum err session_insert_held(
	struct db *db, const struct session_draft *draft, struct lease lease);

/* Finds the newest session with a client's chat id. */
MUST_USE enum err session_find_chat(struct db *db, struct arena *arena,
	uint64_t user_id, struct span chat_id, uint64_t *id);

/* Records, in the caller's transaction, that a person has sent a message and a
 * reply begins; the messages grow by *grown* bytes, which may be negative. */
MUST_USE enum err
session_touch(struct db *db, uint64_t id, int64_t now_ms, int64_t grown);

/* ---- after the end of a reply or a change of the shown path */

/* Locks the row, whoever owns it, until the end of the transaction; a missing
 * row is not an error. session_try_hold() does not wait: ERR_NOT_FOUND means
 * that another transaction holds the row. */
MUST_USE enum err session_hold(struct db *db, uint64_t id);
MUST_USE enum err
session_try_hold(struct db *db, struct arena *arena, uint64_t id);

/* Updates the list's columns (a reply is running; the last reply asks
 * something) from the messages. *now_ms*: when something was said; 0: nothing
 * was. */
MUST_USE enum err
session_settle(struct db *db, uint64_t id, int64_t now_ms, int64_t grown);

/* The owner of a session, for actions that the user did not request. */
MUST_USE enum err session_owner(
	struct db *db, struct arena *arena, uint64_t id, uint64_t *user_id);

/* Notes that some messages have siblings from now on. */
MUST_USE enum err session_branch(struct db *db, uint64_t id);

#endif
