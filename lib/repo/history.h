/*
 * history.h: a page of a session's messages as people see them: the active path
 * in ascending order, without a reply that is still running. (message.h is the
 * chat's access to the table `message`.)
 */

#ifndef REPO_HISTORY_H
#define REPO_HISTORY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* A page ends before its messages exceed this total size; it has at least one
 * message, which may be larger. */
#define HISTORY_BYTES_MAX ((size_t)8 << 20)

struct history_message {
	uint64_t id;
	bool from_user;
	const char *status; /* "complete", "stopped", "interrupted", "error" */
	struct span parts; /* JSON, as stored */
	struct span metadata; /* JSON, as stored; may be absent */
	int64_t create_ms, update_ms;
	const char *rating, *rating_comment; /* see rating.h; NULL: none */
	/* The messages with the same parent, including this one, by ascending
	 * id; empty if it is the only one. */
	const uint64_t *siblings;
	unsigned n_siblings;
};

struct history {
	struct history_message *list;
	unsigned n;
	bool older, newer; /* there are more in that direction, if known */
	bool branched; /* the session has siblings */
};

struct history_range {
	uint64_t user_id, session_id;
	uint64_t id; /* the page is before, after or around this message */
	unsigned limit;
};

/* Fills in the siblings of a page's messages; only a session that is `branched`
 * has any. */
MUST_USE enum err history_siblings(struct db *db, struct arena *arena,
	uint64_t session_id, struct history *history);

/*
 * Reads the texts that the functions below leave out because of their size;
 * those are {NULL, length} at first. Only a few pages may be completed at the
 * same time, because a page can be as large as the largest message. ERR_BUSY:
 * too many at the moment, or a message has changed since.
 */
MUST_USE enum err history_complete(struct db *db, struct arena *arena,
	uint64_t session_id, struct history *history);

/* The newest messages below *id*, or of all if it is 0; in *arena*. A session
 * of another user yields none. */
MUST_USE enum err history_before(struct db *db, struct arena *arena,
	const struct history_range *range, struct history *out);

/* The oldest messages above *id*. */
MUST_USE enum err history_after(struct db *db, struct arena *arena,
	const struct history_range *range, struct history *out);

/* A message with its neighbours on both sides. ERR_NOT_FOUND: it is not
 * shown. */
MUST_USE enum err history_around(struct db *db, struct arena *arena,
	const struct history_range *range, struct history *out);

/*
 * The shown path below a message, newest first, for the model. A message whose
 * parts are longer than *len_max* bytes comes without them.
 */
struct history_entry {
	uint64_t id;
	bool from_user;
	bool posted; /* a reply posted by the client */
	size_t len; /* length of its parts in bytes */
	struct span parts; /* absent: longer than *len_max* */
	struct span metadata; /* absent if there is none */
};

struct history_page {
	uint64_t session_id, before;
	unsigned limit;
	size_t len_max;
	struct history_entry *list; /* out: in the arena */
	unsigned n;
};

MUST_USE enum err
history_page(struct db *db, struct arena *arena, struct history_page *page);

/* The parts of one message. ERR_NOT_FOUND. */
MUST_USE enum err history_parts(struct db *db, struct arena *arena,
	uint64_t session_id, uint64_t id, struct span *out);

/* Counts the messages of the shown path below *before*, up to *max*. */
MUST_USE enum err history_count(struct db *db, uint64_t session_id,
	uint64_t before, unsigned max, unsigned *out);

#endif
