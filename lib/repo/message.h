/*
 * message.h: the table `message` as the turn, the journal and the reaper use it
 * (history.h reads pages of it for people). A session's messages form a tree by
 * parent_id; `active` marks the one path that is shown, on which ids rise.
 *
 * Who may touch a session's messages is decided by locking its row first
 * (session_lock()), which checks the owner.
 */

#ifndef REPO_MESSAGE_H
#define REPO_MESSAGE_H

#include "db/db.h"
#include "repo/worker.h"

#include <stdbool.h>

#define MESSAGE_CLIENT_ID_MAX 512 /* bytes */

/* The words of the columns. */
#define ROLE_USER "user"
#define ROLE_ASSISTANT "assistant"
#define STATUS_COMPLETE "complete"
#define STATUS_STREAMING "streaming"

struct message {
	uint64_t id;
	uint64_t parent_id; /* 0: the first */
	bool is_user;
	bool active;
	const char *status;
	struct span client_id; /* a reply has one only when it was posted */
	struct span parts; /* JSON, as stored */
	struct span metadata; /* JSON, absent when NULL */
	uint64_t worker_id, worker_epoch;
	int64_t create_ms, update_ms;
};

/*
 * One life of a reply, from the commit that lets it stream to the one that ends
 * it. A reply that is continued has the next one, perhaps under the same lease:
 * so what ends a life names it, and a commit that is repeated because its
 * answer was lost, or that arrives late, does not end the next.
 */
struct message_life {
	struct lease lease;
	int64_t began_ms; /* the row's update_time meanwhile */
};
struct message_life message_life(const struct message *message);
/* Whether it streams, and in this life. */
bool
message_lives(const struct message *message, const struct message_life *life);
/* When the next life of one begins: never in the same millisecond. */
int64_t message_next_ms(const struct message *message, int64_t now_ms);

/* Whether it is a reply that this server made. */
bool message_is_made(const struct message *message);

/* What is known of a message without its content. */
struct message_head {
	uint64_t id, parent_id;
	bool is_user, active;
};

/* By the client's id first, because an edited message keeps it; else by
 * Snowflake id. ERR_NOT_FOUND. */
MUST_USE enum err message_find(struct db *db, struct arena *arena,
	uint64_t session_id, struct span id, struct message *out);
MUST_USE enum err message_find_id(struct db *db, struct arena *arena,
	uint64_t session_id, uint64_t id, struct message *out);

/* How many of a list of ids (either kind, empty ones known by nobody) end with
 * the last one that the session knows; 0: none. Many are asked for at a time. */
MUST_USE enum err message_last_known(struct db *db, struct arena *arena,
	uint64_t session_id, const struct span *ids, size_t n, size_t *n_known);

/* The newest message of all branches: ids of new ones go above. {0} when empty. */
MUST_USE enum err
message_newest(struct db *db, uint64_t session_id, struct message_head *out);
/* The end of the shown path. ERR_NOT_FOUND. */
MUST_USE enum err
message_leaf(struct db *db, uint64_t session_id, struct message_head *out);

/* What a message begins with: its parts from the first text on, cut off behind
 * so many characters, anywhere (json/plain.h reads it). A message can have 16
 * MB; this is for who needs a line of it. */
#define MESSAGE_BEGINNING 16384
struct message_beginning {
	uint64_t id;
	struct span parts;
};
/* Of the beginning of the shown path, and of the newest reply to a user
 * message. ERR_NOT_FOUND. */
MUST_USE enum err message_begin_first(struct db *db, struct arena *arena,
	uint64_t session_id, struct message_beginning *out);
MUST_USE enum err message_begin_reply(struct db *db, struct arena *arena,
	uint64_t session_id, uint64_t parent_id, struct message_beginning *out);

/* The newest reply to a user message. ERR_NOT_FOUND. */
MUST_USE enum err message_reply(struct db *db, struct arena *arena,
	uint64_t session_id, uint64_t parent_id, struct message *out);
/* The running reply of a session. ERR_NOT_FOUND. */
MUST_USE enum err message_streaming(struct db *db, struct arena *arena,
	uint64_t session_id, struct message *out);
/* Its id and the lease that it runs under alone. */
MUST_USE enum err message_find_running(
	struct db *db, uint64_t session_id, uint64_t *id, struct lease *lease);

/* Inserts with status, role, parts and metadata given; a streaming one names
 * its lease. ERR_CONFLICT: the client id or the running reply exists already. */
MUST_USE enum err message_insert(
	struct db *db, uint64_t session_id, const struct message *message);

/* Takes the client's id away from an edited message, for its replacement. */
MUST_USE enum err
message_drop_client_id(struct db *db, uint64_t session_id, uint64_t id);

/* Lets a stored reply stream again in a new life, with these parts.
 * ERR_CONFLICT: a reply runs in the session. */
MUST_USE enum err message_reopen(struct db *db, uint64_t session_id,
	uint64_t id, const struct message_life *life, struct span parts);

/* Lets a running reply, which is locked, run on in another life, which is one by
 * its lease: it begins in the same moment. */
MUST_USE enum err message_take_over(struct db *db, uint64_t session_id,
	uint64_t id, const struct message_life *life, struct span metadata);

/*
 * Stores a reply's end: parts, metadata, terminal status. Changes nothing
 * unless the reply is still streaming in this life (a deleted session, a
 * repeated commit): then *done* is false.
 */
struct message_end {
	uint64_t session_id, id;
	struct message_life life;
	const char *status;
	struct span parts, metadata;
	bool asks; /* a call in it waits for a person's approval */
	int64_t now_ms;
};
MUST_USE enum err
message_finish(struct db *db, const struct message_end *end, bool *done);

/* A running reply whose worker is gone. */
struct message_orphan {
	uint64_t session_id, id;
};

/* Finds the next whose lease is over, by id above *after*, of any session, and
 * names its life; not of one's *own* lease, which may yet be renewed.
 * ERR_NOT_FOUND. */
MUST_USE enum err
message_find_orphan(struct db *db, struct arena *arena, struct lease own,
	uint64_t after, struct message_orphan *out, struct message_life *life);

/* The running replies of a lease. */
struct message_running {
	uint64_t session_id, id;
	int64_t began_ms; /* of its life */
};
MUST_USE enum err message_each_running(struct db *db, struct lease lease,
	void (*each)(const struct message_running *running, void *arg),
	void *arg);

/* Locks it while it is still streaming; ERR_NOT_FOUND also when somebody else
 * has it locked. */
MUST_USE enum err message_lock_streaming(struct db *db, struct arena *arena,
	const struct message_orphan *orphan, struct message *out);

#endif
