/*
 * session.h: the table `session`: a user's conversations. Everything is asked
 * for with the owner's id; another user's session and none are the same
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

/* Who is asked in it, and how, as its owner has chosen. */
struct session_chosen {
	uint64_t model_id; /* 0: the default */
	struct span options; /* a JSON object (llm/choice.h); absent: none */
	/* What it was started with (assistant.h), for good; id 0: nothing. */
	uint64_t assistant_id;
	uint32_t assistant_version;
};

#define SESSION_OPTIONS_MAX 1024 /* characters */

struct session {
	uint64_t id;
	const char *title;
	int64_t create_ms, update_ms;
	bool pinned, archived;
	bool temporary; /* in no list, and not kept (retention.h) */
	bool branched; /* some message has siblings */
	bool streaming; /* a reply is running */
	bool asking; /* its last reply waits for a person's approval */
	/* NULL in lists, which are read from a key without it. */
	const struct session_chosen *chosen;
	/* As its version says; NULL likewise, and when there is none. */
	const char *assistant_name, *assistant_icon;
};

/* A session that is not there yet. */
struct session_draft {
	uint64_t id, user_id;
	const char *title;
	struct span chat_id; /* absent: nothing is deduplicated */
	struct span first_client_id; /* of the first message; may be absent */
	int64_t now_ms;
	uint64_t bytes; /* of its first messages */
	bool temporary;
	struct session_chosen chosen;
};

/* Which shelf a session is on: the column `archived`, which each list is read by. */
enum session_shelf { SESSION_LISTED, SESSION_ARCHIVED, SESSION_TEMPORARY };

/* Which sessions a list has: never archived ones together with the others. */
enum session_pins { SESSION_ANY_PIN, SESSION_PINNED, SESSION_NOT_PINNED };
struct session_filter {
	uint64_t user_id;
	bool archived;
	enum session_pins pins;
};

/* Where a page of the list begins: after this session. The list itself begins
 * after the year 9999. */
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
	bool more; /* there are others after them */
};

/* Up to *limit* sessions after *place*, in *arena*. */
MUST_USE enum err
session_list(struct db *db, struct arena *arena, struct session_filter filter,
	struct session_place place, unsigned limit, struct session_page *out);

/* Up to *limit* sessions, archived and temporary ones too, with ids above *after*, rising. */
MUST_USE enum err
session_after(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t after, unsigned limit, struct session_page *out);

/* Up to *max* of a user's, whichever. */
MUST_USE enum err session_ids(
	struct db *db, uint64_t user_id, uint64_t *ids, size_t max, size_t *n);

/* What a person changes of a session; NULL and 0 leave it as it is. *archived*,
 * true or false, keeps one that was temporary. */
struct session_change {
	const char *title;
	const bool *pinned, *archived;
	uint64_t leaf_id; /* the shown path goes through this message */
	const uint64_t *model_id; /* of session_chosen */
	const struct span *options;
};

/*
 * All of it or nothing. The moment of the last update stays: a new title is
 * not a new message. ERR_NOT_FOUND also for a leaf that is not the session's;
 * ERR_RUNNING: the path cannot change now.
 */
MUST_USE enum err session_change(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, const struct session_change *change);

/*
 * Deletes the sessions with their messages and texts, a running reply and its
 * journal included (which is asked to stop), all or none. Of large ones some
 * hundred rows, the rest is noted (erase.h). ERR_NOT_FOUND: one of them is not
 * the user's. Sorts *ids*, which may name one twice.
 */
MUST_USE enum err session_delete(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t *ids, unsigned n);

/* ---- deleting, in a transaction of the caller's; *rows*: how many rows of
 * messages and notes it may take, and how many are left of that */

/* One that is locked. */
MUST_USE enum err session_drop(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, uint64_t *rows);

/* What is left of one that is gone. *done*: nothing, but in the segments of
 * the search. */
MUST_USE enum err session_erase(struct db *db, uint64_t user_id, uint64_t id,
	uint64_t *rows, bool *done);

/* ---- inside the first transaction of a turn */

/* Holds the row until the end of the transaction: one turn of a session at a
 * time, and none while it is being deleted. */
MUST_USE enum err
session_lock(struct db *db, struct arena *arena, uint64_t user_id, uint64_t id);

/* The same, and what is chosen in it. */
MUST_USE enum err session_lock_chosen(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, struct session_chosen *out);

/* Another model or other options were chosen, in the caller's transaction. */
MUST_USE enum err
session_choose(struct db *db, uint64_t id, const struct session_chosen *chosen);

/* ERR_CONFLICT: this first message was sent before. */
MUST_USE enum err
session_insert(struct db *db, const struct session_draft *draft);

/* The same in a transaction that has looked at nothing: ERR_INVALID, when
 * *lease* is not held or the user is not there (any more). Both stay as they
 * are until the commit. */
MUST_USE enum err session_insert_held(
	struct db *db, const struct session_draft *draft, struct lease lease);

/* The newest session of a client's chat id. */
MUST_USE enum err session_find_chat(struct db *db, struct arena *arena,
	uint64_t user_id, struct span chat_id, uint64_t *id);

/* A person said something and a reply begins, in the caller's transaction; the
 * messages take *grown* bytes more, or less. */
MUST_USE enum err
session_touch(struct db *db, uint64_t id, int64_t now_ms, int64_t grown);

/* ---- when a reply has ended, or another path is shown */

/* Holds the row, whosever it is, as long as the transaction lasts; one that is
 * gone is no error. The second does not wait: ERR_NOT_FOUND, somebody else has
 * it. */
MUST_USE enum err session_hold(struct db *db, uint64_t id);
MUST_USE enum err
session_try_hold(struct db *db, struct arena *arena, uint64_t id);

/* What the list says of it (a reply runs; the last one asks something) is what
 * its messages are now. *now_ms*: something was said; 0: nothing was. */
MUST_USE enum err
session_settle(struct db *db, uint64_t id, int64_t now_ms, int64_t grown);

/* Whose session it is, for what happens without that user asking. */
MUST_USE enum err session_owner(
	struct db *db, struct arena *arena, uint64_t id, uint64_t *user_id);

/* Notes that some message has siblings from now on. */
MUST_USE enum err session_branch(struct db *db, uint64_t id);

#endif
