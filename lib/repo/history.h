/*
 * history.h: a page of a session's messages as they are shown: the active
 * path in ascending order, without a reply that is still running. (What the
 * chat writes and reads of the table `message` is in message.h.)
 */

#ifndef REPO_HISTORY_H
#define REPO_HISTORY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"
#include "repo/message.h"

#include <stdbool.h>
#include <stdint.h>

/* A page ends early when its messages are larger than this together; it has
 * at least one message. */
#define HISTORY_BYTES_MAX ((size_t)8 << 20)

struct history_message {
	uint64_t id;
	bool from_user;
	const char *status; /* "complete", "stopped", "interrupted", "error" */
	struct span parts; /* JSON as stored */
	struct span metadata; /* likewise, or absent */
	int64_t create_ms;
	/* The messages with the same parent, itself included, ids rising; none
	 * when it is the only one. */
	const uint64_t *siblings;
	unsigned n_siblings;
};

struct history {
	struct history_message *list;
	unsigned n;
	bool more; /* there are older ones */
};

/* Fills in the siblings of a page's messages; only a session that is
 * `branched` has any. */
MUST_USE enum err history_siblings(struct db *db, struct arena *arena,
	uint64_t session_id, struct history *history);

/* The newest messages of the range, in *arena*; before 0 asks for the newest
 * of all. A session that is not the user's has none. */
MUST_USE enum err
history_page(struct db *db, struct arena *arena, uint64_t user_id,
	const struct message_range *range, struct history *out);

#endif
